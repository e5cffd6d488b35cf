//! From a [`Draft`] to a [`Plan`]: looks up what items name, applies the front matter, and gives every label a colour.

mod labels;
mod links;
mod names;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use self::labels::{Spellings, declared_labels};
use self::names::{Names, NotFound};
use super::diagnostic::{Diagnostics, Severity};
use super::draft::{Draft, DraftIssue, DraftMilestone, Due, Spanned};
use super::settings::Settings;
use super::source::Source;
use super::spans::{self, MilestoneSpans, Placement};
use super::{Plan, PlanId, PlanKey, PlannedIssue, PlannedMilestone, date, graph};
use crate::model::limits;
use crate::model::text::{printable, without_controls};

/// The most milestones and issues that one plan may hold. Creating so many takes GitHub's limit of 500 an hour most
/// of a day.
pub const MAX_ITEMS: usize = 10_000;

/// The most keys that a message lists.
const MOST_LISTED: usize = 12;

/// Makes the plan. Nothing comes back when the draft is empty or has too many items.
pub fn plan(
    source: &Arc<Source>,
    path_id: PlanId,
    settings: Settings,
    draft: Draft,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let items = draft.milestones.len() + draft.issues.len();
    if items == 0 {
        let help = "write at least one milestone or issue into it";
        diagnostics.error("no-plan", 0..0, "no plan was found in this text", help);
        return None;
    }
    if is_too_much(items, diagnostics) {
        return None;
    }
    let designators: Vec<Option<String>> = draft.milestones.iter().map(|it| it.designator.clone()).collect();
    let mut milestones: Vec<PlannedMilestone> = draft
        .milestones
        .into_iter()
        .map(|milestone| planned_milestone(milestone, source, &settings, diagnostics))
        .collect();
    let milestone_names = Names::of_milestones(&milestones, &designators);
    let groups: Vec<Option<PlanKey>> = draft
        .issues
        .iter()
        .map(|issue| {
            let named = issue.milestone.as_ref().map(|name| milestone_names.find(&name.text, None).ok());
            named.unwrap_or_else(|| Some(milestones.get(issue.place?)?.key.clone()))
        })
        .collect();
    let keys = issue_keys(&draft.issues, &groups);
    let issue_names = Names::of_issues(&draft.issues, &keys, &groups);
    let declared = declared_labels(&draft.labels, &settings, diagnostics);
    let spellings = Spellings::new(&draft.issues, &settings, declared);
    let gates: BTreeSet<PlanKey> = draft
        .gates
        .iter()
        .chain(&settings.gates)
        .filter_map(|gate| {
            let found = issue_names.find(&gate.text, None).ok();
            if found.is_none() {
                let help = "write the key or title of an issue, or remove it";
                let message = format!("the release gate `{}` is not an issue in this plan", gate.text);
                diagnostics.warning("unknown-gate", gate.span.clone(), message, help);
            }
            found
        })
        .collect();
    let mut resolver = Resolver { source, milestones: &milestone_names, issues: &issue_names, spellings, diagnostics };
    let mut apart: Vec<(PlanKey, PlanKey, Range<usize>)> = Vec::new();
    for ((issue, key), group) in draft.issues.iter().zip(&keys).zip(&groups) {
        let blocked = issue.blocks.iter().filter_map(|name| {
            let blocked = resolver.link(key, name, group.as_ref(), &links::DEPENDENCY)?;
            Some((key.clone(), blocked, name.span.clone()))
        });
        apart.extend(blocked);
    }
    for (blocker, blocked) in &draft.links {
        let span = blocker.span.clone();
        if let (Ok(blocker), Ok(blocked)) =
            (issue_names.find(&blocker.text, None), issue_names.find(&blocked.text, None))
        {
            apart.push((blocker, blocked, span));
        }
    }
    let mut issues: Vec<PlannedIssue> = draft
        .issues
        .into_iter()
        .zip(keys)
        .zip(groups)
        .map(|((issue, key), group)| {
            let is_gate = gates.contains(&key);
            resolver.issue(issue, key, group.as_ref(), &settings, is_gate)
        })
        .collect();
    let at: HashMap<PlanKey, usize> = issues.iter().enumerate().map(|(at, issue)| (issue.key.clone(), at)).collect();
    for (blocker, blocked, span) in apart {
        if let Some(at) = at.get(&blocked).filter(|_| blocker != blocked) {
            issues[*at].spans.depends_on.each.entry(blocker.clone()).or_insert(span);
            issues[*at].depends_on.insert(blocker);
        }
    }
    let labels = resolver.spellings.labels();
    for milestone in &mut milestones {
        let mut inside = issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key)).peekable();
        milestone.closed = inside.peek().is_some() && inside.all(|issue| issue.closed);
    }
    // A dependency that could not be read is missing from the lists; the graph would be blamed for it.
    if let Some(edges) = draft.graph.filter(|_| !diagnostics.has_errors()) {
        graph::compare(&edges, &issues, diagnostics);
    }
    let id = settings.plan.clone().map_or(path_id, PlanId::new);
    let source = Arc::clone(source);
    Some(Plan {
        id,
        source,
        location: None,
        dialect: draft.dialect,
        why: draft.why,
        ignored: draft.ignored,
        outline: draft.outline,
        title: draft.title,
        settings,
        labels,
        milestones,
        issues,
    })
}

/// Whether there are more items than a plan may have, which is said.
fn is_too_much(items: usize, diagnostics: &mut Diagnostics) -> bool {
    if items > MAX_ITEMS {
        let message = format!("the plan has {items} milestones and issues; the limit is {MAX_ITEMS}");
        diagnostics.error("too-many-items", 0..0, message, "split it into several plans");
    }
    items > MAX_ITEMS
}

fn planned_milestone(
    draft: DraftMilestone,
    source: &Source,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> PlannedMilestone {
    let DraftMilestone { key, title, due, description, issues: _, done: _, designator: _, span, spans } = draft;
    PlannedMilestone {
        spans: MilestoneSpans { title: spans::of_title(source, &span, &title), ..spans },
        key: key.map_or_else(|| PlanKey::derived("", &title), |key| PlanKey::written(&key)),
        title: printable(&title),
        due_on: due.and_then(|due| due_on(due, settings.start, diagnostics)),
        closed: false,
        description: without_controls(&description),
        span,
    }
}

fn due_on(due: Due, start: Option<Date>, diagnostics: &mut Diagnostics) -> Option<Date> {
    match (due, start) {
        (Due::On(day), _) => Some(day),
        (Due::Week(week, _), Some(start)) => date::last_day_of_week(start, week),
        (Due::Week(_, span), None) => {
            diagnostics.once(
                Severity::Note,
                "no-start",
                span,
                "weeks have no dates, because the plan does not say when week 1 starts",
                "add `start: 2026-01-05` to the front matter",
            );
            None
        }
    }
}

/// The key of every issue, from the issue and its milestone alone. A written key that stands in several milestones is
/// qualified with its milestone; of several issues with the same title in a milestone, the later ones are numbered.
fn issue_keys(issues: &[DraftIssue], groups: &[Option<PlanKey>]) -> Vec<PlanKey> {
    let mut first: HashMap<&str, &Option<PlanKey>> = HashMap::new();
    let mut repeated: BTreeSet<&str> = BTreeSet::new();
    for (issue, group) in issues.iter().zip(groups) {
        let Some(key) = &issue.key else { continue };
        if *first.entry(key.as_str()).or_insert(group) != group {
            repeated.insert(key);
        }
    }
    let mut titles: HashMap<PlanKey, usize> = HashMap::new();
    let mut used: HashSet<PlanKey> = HashSet::new();
    let mut key = |(issue, group): (&DraftIssue, &Option<PlanKey>)| {
        let milestone = group.as_ref().map_or("", PlanKey::as_str);
        match &issue.key {
            Some(key) if repeated.contains(key.as_str()) => PlanKey::qualified(milestone, key),
            Some(key) => PlanKey::written(key),
            None => {
                let derived = PlanKey::derived(milestone, &issue.title);
                let count = titles.entry(derived.clone()).or_default();
                let mut key = derived;
                // `Saw`, `Saw` and `Saw 2` are three items.
                loop {
                    *count += 1;
                    if *count > 1 {
                        key = PlanKey::derived(milestone, &format!("{} {count}", issue.title));
                    }
                    if used.insert(key.clone()) {
                        break key;
                    }
                }
            }
        }
    };
    issues.iter().zip(groups).map(&mut key).collect()
}

struct Resolver<'r> {
    source: &'r Source,
    milestones: &'r Names,
    issues: &'r Names,
    spellings: Spellings,
    diagnostics: &'r mut Diagnostics,
}

impl Resolver<'_> {
    fn issue(
        &mut self,
        draft: DraftIssue,
        key: PlanKey,
        group: Option<&PlanKey>,
        settings: &Settings,
        is_gate: bool,
    ) -> PlannedIssue {
        let DraftIssue {
            key: written_key,
            is_marked: _,
            has_id: _,
            number: _,
            title,
            milestone,
            is_column: _,
            hint: _,
            place: _,
            labels,
            assignees,
            depends_on,
            blocks: _,
            parent,
            closed,
            has_state: _,
            unknown_state: _,
            is_file,
            is_dropped: _,
            body,
            span,
            mut spans,
        } = draft;
        spans.title = spans.title.and_then(|within| spans::of_title(self.source, &within, &title));
        spans.milestone = match (spans.milestone, &milestone) {
            (Some(Placement::Field(_)), Some(name)) => Some(Placement::Field(self.narrowed(name))),
            (other, _) => other,
        };
        for label in &labels {
            let Some(name) = self.label(label) else { continue };
            spans.labels.each.entry(name).or_insert_with(|| self.narrowed(label));
        }
        let mut labels: BTreeSet<String> = spans.labels.each.keys().cloned().collect();
        labels.extend(settings.default_labels.iter().map(|name| self.spellings.spell(name)));
        let is_gate = is_gate || labels.iter().any(|label| label.eq_ignore_ascii_case("release-gate"));
        for login in assignees {
            let span = self.narrowed(&login);
            spans.assignees.each.entry(login.text).or_insert(span);
        }
        let own = spans.assignees.each.keys().cloned();
        let assignees = own.chain(settings.default_assignees.iter().cloned()).collect();
        let (dependency, parenthood) = if is_file {
            (&links::DEPENDENCY_OF_FILE, &links::PARENT_OF_FILE)
        } else {
            (&links::DEPENDENCY, &links::PARENT)
        };
        for name in &depends_on {
            let Some(blocker) = self.link(&key, name, group, dependency) else { continue };
            spans.depends_on.each.entry(blocker).or_insert_with(|| self.narrowed(name));
        }
        let parent = parent.and_then(|name| Some((self.link(&key, &name, group, parenthood)?, self.narrowed(&name))));
        spans.parent = parent.as_ref().map(|(_, span)| span.clone());
        let milestone = group.cloned().or_else(|| milestone.and_then(|name| self.milestone(&name)));
        spans.milestone = spans.milestone.filter(|_| milestone.is_some());
        PlannedIssue {
            milestone,
            labels,
            assignees,
            depends_on: spans.depends_on.each.keys().cloned().collect(),
            parent: parent.map(|(key, _)| key),
            closed,
            gate: is_gate,
            // GitHub stores what it is given, and shows it to everybody.
            body: without_controls(&body),
            span,
            spans,
            title: printable(&title),
            // As keys and markers have it.
            written_key: written_key.map(|key| PlanKey::written(&key).as_str().to_owned()),
            key,
        }
    }

    /// The place of a value itself, where more than that is known only as a whole.
    fn narrowed(&self, value: &Spanned) -> Range<usize> {
        spans::of_word(self.source, &value.span, &value.text).unwrap_or_else(|| value.span.clone())
    }

    fn label(&mut self, label: &Spanned) -> Option<String> {
        let name = self.spellings.spell(&label.text);
        let length = name.chars().count();
        if length > limits::LABEL_NAME {
            self.diagnostics.error(
                "label-too-long",
                label.span.clone(),
                format!("the label has {length} characters; GitHub allows {}", limits::LABEL_NAME),
                "shorten it; labels are separated by commas",
            );
            return None;
        }
        Some(name).filter(|name| !name.is_empty())
    }

    fn milestone(&mut self, name: &Spanned) -> Option<PlanKey> {
        let found = self.milestones.find(&name.text, None);
        // That two are called the same is an error of its own.
        if found == Err(NotFound::Unknown) {
            self.unknown("unknown-milestone", "milestone", name, self.milestones);
        }
        found.ok()
    }

    fn unknown(&mut self, code: &'static str, what: &str, name: &Spanned, known: &Names) {
        let message = format!("there is no {what} `{}` in this plan", name.text);
        let help = match (known.nearest(&name.text), known.keys().count()) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, 1..=MOST_LISTED) => {
                let keys: Vec<&str> = known.keys().collect();
                format!("known {what}s: {}", keys.join(", "))
            }
            (None, _) => format!("write the key or title of one of the plan's {what}s"),
        };
        self.diagnostics.error(code, name.span.clone(), message, help);
    }
}
