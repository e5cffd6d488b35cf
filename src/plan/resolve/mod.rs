//! From a [`Draft`] to a [`Plan`]: looks up what items name, applies the front matter, and gives every label a colour.

mod issues;
mod labels;
mod links;
mod names;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use self::issues::Resolver;
use self::labels::{Spellings, declared_labels};
use self::names::Names;
use super::diagnostic::{Diagnostics, Severity};
use super::draft::{Draft, DraftIssue, DraftMilestone, Due};
use super::settings::Settings;
use super::source::Source;
use super::spans::{self, MilestoneSpans};
use super::{Plan, PlanId, PlanKey, PlannedIssue, PlannedMilestone, date, graph};
use crate::model::text::{printable, without_controls};

/// The most issues that one plan may hold, and the most milestones. Creating so many takes GitHub's limit of 500 an hour most
/// of a day.
pub const MAX_ITEMS: usize = 10_000;

/// Makes the plan. Nothing comes back when the draft is empty or has too many items.
pub fn plan(
    source: &Arc<Source>,
    path_id: PlanId,
    settings: Settings,
    mut draft: Draft,
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    if !has_fit_size(&draft, diagnostics) {
        return None;
    }
    let designators: Vec<Option<String>> = draft.milestones.iter().map(|it| it.designator.clone()).collect();
    let mut milestones: Vec<PlannedMilestone> = std::mem::take(&mut draft.milestones)
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
    let mut resolver = Resolver {
        source,
        milestones: &milestone_names,
        issues: &issue_names,
        spellings,
        settings: &settings,
        diagnostics,
        missing: Vec::new(),
    };
    let gates = resolver.gates(&draft);
    let apart = resolver.links_apart(&draft, &keys, &groups);
    let drafts = std::mem::take(&mut draft.issues).into_iter().zip(keys).zip(groups);
    let mut issues: Vec<PlannedIssue> = drafts
        .map(|((issue, key), group)| {
            let is_gate = gates.contains(&key);
            resolver.issue(issue, key, group.as_ref(), is_gate)
        })
        .collect();
    resolver.report_missing();
    let labels = resolver.spellings.labels();
    link(&mut issues, apart);
    close(&mut milestones, &issues);
    // A dependency that could not be read is missing from the lists; the graph would be blamed for it.
    if let Some(edges) = draft.graph.filter(|_| !diagnostics.has_errors()) {
        graph::compare(&edges, &issues, diagnostics);
    }
    Some(Plan {
        id: settings.plan.clone().map_or(path_id, PlanId::new),
        source: Arc::clone(source),
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

/// Whether there are items, and not more of them than a plan may have. Otherwise an error says so.
fn has_fit_size(draft: &Draft, diagnostics: &mut Diagnostics) -> bool {
    let (milestones, issues) = (draft.milestones.len(), draft.issues.len());
    if milestones + issues == 0 {
        let message = format!("no milestone or issue was found in this text: {}", draft.seen);
        let help = "write milestones as headings such as `## Phase 1: Base` and issues as checkboxes such as `- [ ] Dig`, \
                    or declare under `read:` in the front matter what they are";
        diagnostics.error("no-plan", 0..0, message, help);
    }
    for (count, what) in [(milestones, "milestones"), (issues, "issues")] {
        if count > MAX_ITEMS {
            let message = format!("the plan has {count} {what}; the limit is {MAX_ITEMS}");
            diagnostics.error("too-many-items", 0..0, message, "split it into several plans");
        }
    }
    (1..=2 * MAX_ITEMS).contains(&(milestones + issues)) && milestones.max(issues) <= MAX_ITEMS
}

/// Adds dependencies that are written elsewhere than at the issue that waits.
fn link(issues: &mut [PlannedIssue], apart: Vec<(PlanKey, PlanKey, Range<usize>)>) {
    if apart.is_empty() {
        return;
    }
    let at: HashMap<PlanKey, usize> = issues.iter().enumerate().map(|(at, issue)| (issue.key.clone(), at)).collect();
    for (blocker, blocked, span) in apart {
        if let Some(at) = at.get(&blocked).filter(|_| blocker != blocked) {
            issues[*at].spans.depends_on.each.entry(blocker.clone()).or_insert(span);
            issues[*at].depends_on.insert(blocker);
        }
    }
}

/// Closes the milestones whose issues are all done.
fn close(milestones: &mut [PlannedMilestone], issues: &[PlannedIssue]) {
    let mut all_done: HashMap<&PlanKey, bool> = HashMap::new();
    for issue in issues {
        if let Some(milestone) = &issue.milestone {
            *all_done.entry(milestone).or_insert(true) &= issue.closed;
        }
    }
    for milestone in milestones {
        milestone.closed = all_done.get(&milestone.key).copied().unwrap_or(false);
    }
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
