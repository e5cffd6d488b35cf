//! A plan as a diagram in mermaid's language: its dependencies, grouped by milestone.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write;

use jiff::Span;

use super::escape::shown;
use super::summary::some;
use crate::diff::{Change, Diff, Kind, Op};
use crate::plan::{Plan, PlanKey, PlannedIssue, order};

/// The most issues in a picture of changes: with more, nobody can read it.
const MOST_ISSUES: usize = 40;
/// The most arrows in a picture of changes; GitHub's mermaid draws no more than 500.
const MOST_ARROWS: usize = 300;
/// The most issues that are drawn from left to right. GitHub shrinks a wide graph to the width of the page, where a long one
/// keeps its size.
const FEW_ISSUES: usize = 3;
/// The longest title of a milestone in a picture, in characters: its frame is as wide as its title.
const FRAME_TITLE: usize = 48;

/// A picture, and how much of the plan is in it.
#[derive(Debug)]
pub struct Picture {
    /// The diagram in mermaid's language.
    pub text: String,
    shown: usize,
    all: usize,
    /// Whether some of the changes are left out too.
    cut: bool,
}

impl Picture {
    /// A sentence about what the picture leaves out, if it does.
    pub fn left_out(&self) -> Option<String> {
        let Self { text: _, shown, all, cut } = self;
        let what = if *cut { "the first changes" } else { "the changes and their neighbours" };
        (shown < all).then(|| format!("The graph shows {what}: {shown} of {}.", some(*all, "issue")))
    }
}

/// The dependency graph of a plan: an arrow from each issue to those that it blocks. Release gates have a thick border, issues
/// that are done a dashed one.
pub fn graph(plan: &Plan) -> String {
    draw(plan, &plan.issues.iter().collect::<Vec<_>>(), &BTreeMap::new())
}

/// The dependency graph of a plan, changes in colour: the issues that block or are blocked. A large one is cut to what
/// changes and its neighbours. Nothing if none of these issues changes.
pub fn changes(plan: &Plan, diff: &Diff) -> Option<Picture> {
    let colours = colours(diff);
    let blockers: BTreeSet<&PlanKey> = plan.issues.iter().flat_map(|issue| &issue.depends_on).collect();
    let is_linked = |issue: &&PlannedIssue| !issue.depends_on.is_empty() || blockers.contains(&issue.key);
    let all: Vec<&PlannedIssue> = plan.issues.iter().filter(is_linked).collect();
    if !all.iter().any(|issue| colours.contains_key(issue.key.as_str())) {
        return None;
    }
    let arrows: usize = all.iter().map(|issue| issue.depends_on.len()).sum();
    if all.len() <= MOST_ISSUES && arrows <= MOST_ARROWS {
        return Some(Picture { text: draw(plan, &all, &colours), shown: all.len(), all: all.len(), cut: false });
    }
    let is_changed = |key: &PlanKey| colours.contains_key(key.as_str());
    let mut near: BTreeSet<&PlanKey> = BTreeSet::new();
    for issue in &all {
        for blocker in &issue.depends_on {
            if is_changed(&issue.key) || is_changed(blocker) {
                near.extend([&issue.key, blocker]);
            }
        }
    }
    let wanted: Vec<&PlannedIssue> =
        all.iter().copied().filter(|issue| is_changed(&issue.key) || near.contains(&issue.key)).collect();
    let (mut shown, mut arrows) = (Vec::new(), 0);
    for issue in &wanted {
        arrows += issue.depends_on.len();
        if shown.len() == MOST_ISSUES || arrows > MOST_ARROWS {
            break;
        }
        shown.push(*issue);
    }
    let cut = shown.len() < wanted.len();
    Some(Picture { text: draw(plan, &shown, &colours), shown: shown.len(), all: all.len(), cut })
}

/// The class of each issue that changes, by key.
fn colours(diff: &Diff) -> BTreeMap<&str, &'static str> {
    let mut colours = BTreeMap::new();
    for change in diff.changes.iter().filter(|change| !matches!(change.kind(), Kind::Label | Kind::Milestone)) {
        let class = match (change.kind(), change.op()) {
            (Kind::Issue, Op::Create | Op::Reopen) => "new",
            (Kind::Issue, Op::Close) => "closing",
            _ => "changing",
        };
        let known = colours.entry(Change::key(change)).or_insert(class);
        if change.kind() == Kind::Issue {
            *known = class;
        }
    }
    colours
}

/// Whether an issue has a class.
type Is<'f> = &'f dyn Fn(&PlannedIssue) -> bool;

fn draw(plan: &Plan, issues: &[&PlannedIssue], colours: &BTreeMap<&str, &'static str>) -> String {
    let direction = if issues.len() <= FEW_ISSUES { "LR" } else { "TD" };
    let mut text = format!("flowchart {direction}\n");
    // Names of our own: a key could be a word of mermaid's language.
    let names: HashMap<&PlanKey, String> =
        issues.iter().enumerate().map(|(at, issue)| (&issue.key, format!("i{at}"))).collect();
    let node = |issue: &PlannedIssue| format!("{}[\"{}\"]", names[&issue.key], quoted(&issue.title));
    let mut groups: BTreeMap<&PlanKey, Vec<&PlannedIssue>> = BTreeMap::new();
    for issue in issues {
        if let Some(milestone) = &issue.milestone {
            groups.entry(milestone).or_default().push(issue);
        }
    }
    for (at, milestone) in plan.milestones.iter().enumerate() {
        let members = groups.remove(&milestone.key).unwrap_or_default();
        if members.is_empty() && issues.len() < plan.issues.len() {
            continue;
        }
        _ = writeln!(text, "  subgraph m{at}[\"{}\"]", frame_title(&milestone.title));
        members.iter().for_each(|issue| _ = writeln!(text, "    {}", node(issue)));
        text.push_str("  end\n");
    }
    for issue in issues.iter().filter(|issue| issue.milestone.is_none()) {
        _ = writeln!(text, "  {}", node(issue));
    }
    for issue in issues {
        for blocker in issue.depends_on.iter().filter_map(|key| names.get(key)) {
            _ = writeln!(text, "  {blocker} --> {}", names[&issue.key]);
        }
    }
    let colour = |class: &'static str| {
        move |issue: &PlannedIssue| colours.get(issue.key.as_str()).is_some_and(|other| *other == class)
    };
    // Dark letters on light ground, in GitHub's light and dark theme alike.
    let classes: [(&str, &str, Is<'_>); 5] = [
        ("new", "fill:#dafbe1,stroke:#1a7f37,color:#1f2328", &colour("new")),
        ("changing", "fill:#ffd8b5,stroke:#bc4c00,color:#1f2328", &colour("changing")),
        ("closing", "fill:#ffebe9,stroke:#cf222e,color:#1f2328", &colour("closing")),
        ("gate", "stroke-width:4px", &|issue| issue.gate),
        ("done", "stroke-dasharray:4", &|issue| issue.closed),
    ];
    for (class, style, of) in classes {
        let members: Vec<&str> = issues.iter().filter(|issue| of(issue)).map(|it| names[&it.key].as_str()).collect();
        if !members.is_empty() {
            _ = writeln!(text, "  classDef {class} {style}\n  class {} {class}", members.join(","));
        }
    }
    text
}

/// The length in days of a milestone's bar whose start is unknown.
const FORTNIGHT: i64 = 14;

/// The milestones of a plan as bars that end on their due dates: each begins where the one before ends, the first at `start:`.
/// A milestone that is done is marked as done, and one with an open release gate as critical.
pub fn gantt(plan: &Plan) -> String {
    let mut text = String::from("gantt\n  dateFormat YYYY-MM-DD\n  axisFormat %Y-%m-%d\n");
    let mut before = plan.settings.start;
    let (dated, others): (Vec<_>, Vec<_>) =
        order::milestones_by_due(plan).into_iter().partition(|it| it.due_on.is_some());
    for (at, (milestone, due)) in dated.into_iter().filter_map(|it| Some((it, it.due_on?))).enumerate() {
        let start = before.filter(|day| *day < due).or_else(|| due.checked_sub(Span::new().days(FORTNIGHT)).ok());
        let has_gate =
            plan.issues.iter().any(|it| it.gate && !it.closed && it.milestone.as_ref() == Some(&milestone.key));
        let state = if milestone.closed {
            "done, "
        } else if has_gate {
            "crit, "
        } else {
            ""
        };
        _ = writeln!(text, "  {} :{state}m{at}, {}, {due}", named(&milestone.title), start.unwrap_or(due));
        before = Some(due);
    }
    for milestone in others {
        _ = writeln!(text, "  %% no due date: {}", named(&milestone.title));
    }
    text
}

/// A text in a quoted label. Letters, digits and blanks of every script are kept, everything else is written as mermaid's
/// entities (`#35;`), so that no text can end the label or be read as HTML or markdown.
fn quoted(text: &str) -> String {
    // A colon too: mermaid reads `fa:fa-car` as a picture, and mends what looks like `style x fill:#f00;`.
    encoded(text, " .,/+-")
}

/// The title of a frame. Mermaid breaks it at blanks and hides the second line behind the first issue, so that the blanks are
/// ones that do not break.
fn frame_title(title: &str) -> String {
    let mut shown: String = title.chars().take(FRAME_TITLE).collect();
    if shown.len() < title.len() {
        shown.truncate(shown.trim_end().len());
        shown.push('…');
    }
    quoted(&shown).replace(' ', "\u{a0}")
}

/// The name of a bar, which a colon or a comma would end.
fn named(text: &str) -> String {
    encoded(text, " .-")
}

fn encoded(text: &str, plain: &str) -> String {
    let mut quoted = String::new();
    for character in shown(text).chars() {
        if character.is_alphanumeric() || plain.contains(character) {
            quoted.push(character);
        } else {
            _ = write!(quoted, "#{};", u32::from(character));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_label() {
        assert_eq!(quoted("a \"b\" <c> #1; `d`"), "a #34;b#34; #60;c#62; #35;1#59; #96;d#96;");
        assert_eq!(quoted("fa:fa-car"), "fa#58;fa-car");
    }

    #[test]
    fn the_title_of_a_frame_is_one_short_line() {
        assert_eq!(frame_title("M1 Dome (v1)"), "M1\u{a0}Dome\u{a0}#40;v1#41;");
        let long = frame_title(&"word ".repeat(40));
        assert!(long.ends_with("#8230;") && long.matches("word").count() == 9, "{long}");
    }
}
