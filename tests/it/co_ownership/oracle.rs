//! The expected result of an apply, derived only from the contract's table and this module's own record of what was
//! last applied. It shares no merging code with the program.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use plan_action::model::block;
use plan_action::model::marker::{Found, IssueBase, Marker, MilestoneBase};
use plan_action::model::snapshot::{Issue, IssueNumber, Label, MilestoneNumber, Snapshot, fold};
use plan_action::plan::settings::Drift;
use plan_action::plan::{Plan, PlanKey, PlannedIssue};

/// What was last applied to an issue.
#[derive(Debug, Clone)]
struct Applied {
    /// Whether the item has left the plan since.
    left: bool,
    key: PlanKey,
    title: String,
    milestone: Option<MilestoneNumber>,
    closed: bool,
    labels: BTreeSet<String>,
    assignees: BTreeSet<String>,
    depends_on: BTreeSet<IssueNumber>,
    parent: Option<IssueNumber>,
    text: String,
}

/// What was last applied to a milestone.
#[derive(Debug, Clone)]
struct AppliedMilestone {
    title: String,
    due_on: Option<Date>,
    closed: bool,
    text: String,
}

/// Everything applied so far.
#[derive(Debug, Default)]
pub(super) struct Oracle {
    issues: BTreeMap<IssueNumber, Applied>,
    milestones: BTreeMap<MilestoneNumber, AppliedMilestone>,
    /// Issues that any apply pinned.
    pins: BTreeSet<IssueNumber>,
}

/// A description of a broken promise.
pub(super) type Broken = String;

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), Broken> {
    if found == expected { Ok(()) } else { Err(format!("{what} is {found:?}, not {expected:?}")) }
}

/// Merges one value by the table.
fn value<T: PartialEq + Clone>(planned: &T, base: &T, observed: &T, restore: bool) -> T {
    match planned == base {
        true if restore => planned.clone(),
        true => observed.clone(),
        false => planned.clone(),
    }
}

/// Merges the members of a set by the table, each separately.
fn members<T: Ord + Clone>(
    planned: &BTreeSet<T>,
    base: &BTreeSet<T>,
    observed: &BTreeSet<T>,
    restore: bool,
) -> BTreeSet<T> {
    let all: BTreeSet<&T> = planned.iter().chain(base).chain(observed).collect();
    let stays = |it: &&T| {
        let (planned, base, observed) = (planned.contains(*it), base.contains(*it), observed.contains(*it));
        // Members that the plan never had belong to people.
        if planned || base { value(&planned, &base, &observed, restore) } else { observed }
    };
    all.into_iter().filter(stays).cloned().collect()
}

fn folded(names: &BTreeSet<String>) -> BTreeSet<String> {
    names.iter().map(|name| fold(name)).collect()
}

/// A text with every box unticked.
fn blank(text: &str) -> String {
    let line = |line: &str| match line.trim_start().split_at_checked(6) {
        Some(("- [x] " | "- [X] ", _)) => line.replacen("[x]", "[ ]", 1).replacen("[X]", "[ ]", 1),
        _ => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The boxes of a text, by the text after the box. Lines that occur twice are left out.
fn boxes(text: &str) -> BTreeMap<&str, bool> {
    let mut boxes: BTreeMap<&str, Option<bool>> = BTreeMap::new();
    for line in text.lines().map(str::trim_start) {
        let Some((tick, rest)) = line.split_at_checked(6).filter(|(tick, _)| tick.starts_with("- [")) else { continue };
        boxes.entry(rest).and_modify(|it| *it = None).or_insert(Some(tick.contains(['x', 'X'])));
    }
    boxes.into_iter().filter_map(|(line, ticked)| Some((line, ticked?))).collect()
}

/// The text inside a block.
pub(super) fn inside(text: &str) -> Option<String> {
    let inside = block::all(text).next()?.inside?.replace("\r\n", "\n");
    // GitHub treats `[X]` and `[x]` the same.
    Some(inside.trim_matches(['\n', ' ']).replace("- [X] ", "- [x] "))
}

/// A text without lines that look like the line of blockers; links are checked separately.
pub(super) fn unblocked(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("Blocked by "));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// The plan's text in the form in which it is written into a block.
fn planned_text(text: &str) -> String {
    block::neutral(&text.replace("\r\n", "\n")).trim_matches(['\n', '\r', ' ']).to_owned()
}

/// The text outside of the block, which belongs to people.
fn outside(text: &str) -> (String, String) {
    block::all(text)
        .next()
        .map_or_else(|| (text.to_owned(), String::new()), |it| (it.before.to_owned(), it.after.to_owned()))
}

/// The key in an issue's marker, if the author has write access.
fn marked(issue: &Issue) -> Option<PlanKey> {
    match Marker::<IssueBase>::find(&issue.body) {
        Found::Marker(marker, _) if issue.author_association.may_write() => Some(marker.key),
        _ => None,
    }
}

/// A title without its key.
fn words<'t>(title: &'t str, key: &PlanKey) -> &'t str {
    title.strip_prefix(key.as_str()).unwrap_or(title).trim()
}

impl Oracle {
    /// Checks the result of an apply, and records what was applied.
    pub(super) fn judge(&mut self, plan: &Plan, before: &Snapshot, after: &Snapshot) -> Result<(), Broken> {
        let there: BTreeMap<IssueNumber, &Issue> = after.issues.iter().map(|issue| (issue.number, issue)).collect();
        for old in &before.issues {
            let new = there.get(&old.number).ok_or_else(|| format!("{} is gone", old.number))?;
            let at = |broken: Broken| format!("{} `{}`: {broken}", old.number, old.title);
            if !before.trusts(old) {
                expect("a stranger's issue", *new, old).map_err(at)?;
            }
            let ((before, after), (new_before, new_after)) = (outside(&old.body), outside(&new.body));
            // An adopted issue gets its block below its text.
            let is_below = new_before.trim_end() == before.trim_end() && block::all(&old.body).next().is_none();
            expect("what stands around the block", &(is_below || (before, after) == (new_before, new_after)), &true)
                .map_err(at)?;
        }
        // No plan in this game declares a colour.
        for old in &before.labels {
            // A grey label that GitHub created because an issue named it gets the plan's colour.
            let is_implicit = old.color == "ededed" && old.description.is_empty();
            let is_kept = |new: &Label| new == old || (is_implicit && new.name == old.name);
            expect("a label", &after.labels.iter().any(is_kept), &true)
                .map_err(|broken| format!("{}: {broken}", old.name))?;
        }
        let numbers = self.unique(after)?;
        for planned in &plan.issues {
            let number = *numbers.get(&planned.key).ok_or_else(|| format!("`{}` has no issue", planned.key))?;
            let at = |broken: Broken| format!("{number} `{}`: {broken}", planned.key);
            if let Some(old) = self.identity(plan, planned, before) {
                expect("the issue", &number, &old).map_err(at)?;
            }
            if let (Some(base), Some(old)) = (self.issues.get(&number), before.issue(number)) {
                let wanted = self.applied(planned, &numbers, after);
                let restore = plan.settings.drift == Drift::Restore;
                field_by_field(&wanted, base, (old, before), (there[&number], after), restore).map_err(at)?;
            }
        }
        let lost: Vec<_> = before.pins.difference(&after.pins).filter(|pin| !self.pins.contains(pin)).collect();
        expect("the pins of people that are gone", &lost, &Vec::new())?;
        self.pins.extend(after.pins.difference(&before.pins));
        self.removed(plan, before, after)?;
        self.judge_milestones(plan, before, after)?;
        self.note(plan, &numbers, before, after);
        Ok(())
    }

    /// The issue of each key. Fails if a key has two.
    fn unique(&self, snapshot: &Snapshot) -> Result<BTreeMap<PlanKey, IssueNumber>, Broken> {
        let mut numbers = BTreeMap::new();
        for issue in &snapshot.issues {
            let Some(key) = marked(issue) else { continue };
            if let Some(other) = numbers.insert(key.clone(), issue.number) {
                return Err(format!("`{key}` has two issues, {other} and {}", issue.number));
            }
        }
        Ok(numbers)
    }

    /// The issue that an item had before, if its key or the words of its title tell.
    fn identity(&self, plan: &Plan, planned: &PlannedIssue, before: &Snapshot) -> Option<IssueNumber> {
        let is_taken = |key: &PlanKey| plan.issues.iter().any(|other| other.key == *key);
        let same = |applied: &Applied| {
            words(&applied.title, &applied.key) == words(&planned.title, &planned.key) && !is_taken(&applied.key)
        };
        let find = |left: bool| -> Vec<IssueNumber> {
            let found = self.issues.iter().filter(|(_, applied)| applied.left == left && same(applied));
            found.map(|(number, _)| *number).collect()
        };
        if let Some(keyed) = before.issues.iter().find(|issue| marked(issue).as_ref() == Some(&planned.key)) {
            // If an item gets the key of one that left the plan long ago, either issue may be chosen.
            let has_left = self.issues.get(&keyed.number).is_some_and(|applied| applied.left);
            return Some(keyed.number).filter(|_| !has_left || find(false).is_empty());
        }
        // An item that leaves the plan now is preferred to one that left earlier.
        let found = Some(find(false)).filter(|found| !found.is_empty()).unwrap_or_else(|| find(true));
        match found[..] {
            [only] => Some(only),
            _ => None,
        }
    }

    fn applied(&self, planned: &PlannedIssue, numbers: &BTreeMap<PlanKey, IssueNumber>, after: &Snapshot) -> Applied {
        let milestone = |key: &PlanKey| {
            let is_it = |description: &str| matches!(Marker::<MilestoneBase>::find(description), Found::Marker(marker, _) if marker.key == *key);
            after.milestones.iter().find(|it| is_it(&it.description)).map(|it| it.number)
        };
        Applied {
            left: false,
            key: planned.key.clone(),
            title: planned.title.clone(),
            milestone: planned.milestone.as_ref().and_then(milestone),
            closed: planned.closed,
            labels: folded(&planned.labels),
            assignees: folded(&planned.assignees),
            depends_on: planned.depends_on.iter().map(|key| numbers[key]).collect(),
            parent: planned.parent.as_ref().map(|key| numbers[key]),
            text: planned_text(&planned.body),
        }
    }

    /// Issues whose items left the plan are closed once, and not changed otherwise.
    fn removed(&self, plan: &Plan, before: &Snapshot, after: &Snapshot) -> Result<(), Broken> {
        for old in before.issues.iter().filter(|issue| self.issues.contains_key(&issue.number)) {
            let new = after.issue(old.number).ok_or("an issue is gone")?;
            let is_planned = marked(new).is_some_and(|key| plan.issues.iter().any(|planned| planned.key == key));
            if is_planned {
                continue;
            }
            let Issue {
                number: _,
                title,
                body: _,
                state_reason: _,
                closed,
                labels,
                assignees,
                milestone,
                author: _,
                author_association: _,
            } = new;
            let at = |broken: Broken| format!("{} `{}`, which left the plan: {broken}", old.number, old.title);
            expect("its title", title, &old.title).map_err(at)?;
            expect("its labels", labels, &old.labels).map_err(at)?;
            expect("its assignees", assignees, &old.assignees).map_err(at)?;
            expect("its milestone", milestone, &old.milestone).map_err(at)?;
            expect("whether it is closed", &(*closed || !old.closed), &true).map_err(at)?;
            if !self.issues[&old.number].left {
                expect("whether it is closed", closed, &true).map_err(at)?;
            } else {
                expect("whether it is closed again", closed, &old.closed).map_err(at)?;
            }
        }
        Ok(())
    }

    fn judge_milestones(&self, plan: &Plan, before: &Snapshot, after: &Snapshot) -> Result<(), Broken> {
        let restore = plan.settings.drift == Drift::Restore;
        for new in &after.milestones {
            let Some(old) = before.milestone(new.number) else { continue };
            let Found::Marker(marker, _) = Marker::<MilestoneBase>::find(&new.description) else { continue };
            let Some(planned) = plan.milestones.iter().find(|it| it.key == marker.key) else { continue };
            let Some(base) = self.milestones.get(&new.number) else { continue };
            let at = |broken: Broken| format!("the milestone `{}`: {broken}", planned.key);
            expect("the title", &new.title, &value(&planned.title, &base.title, &old.title, restore)).map_err(at)?;
            expect("the date", &new.due_on, &value(&planned.due_on, &base.due_on, &old.due_on, restore)).map_err(at)?;
            expect("what stands around the block", &outside(&new.description), &outside(&old.description))
                .map_err(at)?;
            let (Some(text), Some(old_text)) = (inside(&new.description), inside(&old.description)) else { continue };
            let wanted = planned_text(&planned.description);
            expect("the text", &text, &value(&wanted, &base.text, &old_text, restore)).map_err(at)?;
            // New work reopens a milestone that people had closed.
            let is_open_work = old.closed && !planned.closed;
            if !is_open_work {
                expect("the state", &new.closed, &state(planned.closed, base.closed, old.closed, restore))
                    .map_err(at)?;
            }
        }
        Ok(())
    }

    /// Records what was applied.
    fn note(&mut self, plan: &Plan, numbers: &BTreeMap<PlanKey, IssueNumber>, before: &Snapshot, after: &Snapshot) {
        for (number, applied) in &mut self.issues {
            let was_open = before.issue(*number).is_some_and(|issue| !issue.closed);
            if !plan.issues.iter().any(|planned| numbers.get(&planned.key) == Some(number)) {
                // It was closed because it left the plan, and is not closed for that reason again.
                applied.closed |= was_open && !applied.left;
                applied.left = true;
            }
        }
        for planned in &plan.issues {
            let applied = self.applied(planned, numbers, after);
            self.issues.insert(numbers[&planned.key], applied);
        }
        for milestone in &after.milestones {
            let Found::Marker(marker, _) = Marker::<MilestoneBase>::find(&milestone.description) else { continue };
            let Some(planned) = plan.milestones.iter().find(|it| it.key == marker.key) else { continue };
            let applied = AppliedMilestone {
                title: planned.title.clone(),
                due_on: planned.due_on,
                closed: planned.closed,
                text: planned_text(&planned.description),
            };
            self.milestones.insert(milestone.number, applied);
        }
    }
}

/// The state. An issue that people closed counts as done and stays closed.
fn state(planned: bool, base: bool, observed: bool, restore: bool) -> bool {
    if !planned && !base && observed { true } else { value(&planned, &base, &observed, restore) }
}

fn field_by_field(
    wanted: &Applied,
    base: &Applied,
    (old, before): (&Issue, &Snapshot),
    (new, after): (&Issue, &Snapshot),
    restore: bool,
) -> Result<(), Broken> {
    expect("the title", &new.title, &value(&wanted.title, &base.title, &old.title, restore))?;
    expect("the milestone", &new.milestone, &value(&wanted.milestone, &base.milestone, &old.milestone, restore))?;
    expect("whether it is closed", &new.closed, &state(wanted.closed, base.closed, old.closed, restore))?;
    let labels = members(&wanted.labels, &base.labels, &folded(&old.labels), restore);
    expect("the labels", &folded(&new.labels), &labels)?;
    let assignees = members(&wanted.assignees, &base.assignees, &folded(&old.assignees), restore);
    expect("the assignees", &folded(&new.assignees), &assignees)?;
    let blockers = |snapshot: &Snapshot| -> BTreeSet<IssueNumber> {
        let of = snapshot.dependencies.iter().filter(|(blocked, _)| *blocked == old.number);
        of.map(|(_, blocker)| *blocker).collect()
    };
    let dependencies = members(&wanted.depends_on, &base.depends_on, &blockers(before), restore);
    expect("what blocks it", &blockers(after), &dependencies)?;
    let parent = |snapshot: &Snapshot| snapshot.parents.get(&old.number).copied();
    let expected = match wanted.parent {
        // A parent that the plan never had, or no longer has, belongs to people.
        None => parent(before).filter(|parent| base.parent != Some(*parent)),
        Some(_) => value(&wanted.parent, &base.parent, &parent(before), restore),
    };
    expect("its parent", &parent(after), &expected)?;
    texts(wanted, base, &old.body, &new.body, restore)
}

/// Checks the text as a whole, then each box that can be identified.
fn texts(wanted: &Applied, base: &Applied, old: &str, new: &str, restore: bool) -> Result<(), Broken> {
    let (Some(old), Some(new)) = (inside(old), inside(new)) else { return Ok(()) };
    let bare = |text: &str| blank(&unblocked(text));
    let text = value(&bare(&wanted.text), &bare(&base.text), &bare(&old), restore);
    expect("the text", &bare(&new), &text)?;
    let (planned, was, there) = (boxes(&wanted.text), boxes(&base.text), boxes(&old));
    for (line, ticked) in boxes(&new) {
        let Some(planned) = planned.get(line) else { continue };
        // A new line may be the rewording of a line that disappeared, if there is only one candidate.
        let mut gone = there.keys().filter(|old| !boxes(&wanted.text).contains_key(*old));
        let reworded = gone.next().filter(|old| gone.next().is_none() && format!("{old}s") == line && old.len() > 3);
        let old = if there.contains_key(line) { Some(line) } else { reworded.copied() };
        let Some((line, there)) = old.and_then(|old| Some((old, there.get(old)?))) else { continue };
        let was = was.get(line).copied().unwrap_or(false);
        let kept = value(planned, &was, there, false);
        // Unticking a box that the plan ticks is drift; ticking a box is work.
        let expected = if restore && *planned && was { true } else { kept };
        expect(&format!("the box `{line}`"), &ticked, &expected)?;
    }
    Ok(())
}
