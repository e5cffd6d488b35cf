//! The orders in which the items of a plan are shown, created and chosen.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Plan, PlanKey, PlannedIssue, PlannedMilestone};
use crate::model::key::natural;

/// The earlier milestone first: by its due date, those without one last, then by title.
pub fn by_due(a: &PlannedMilestone, b: &PlannedMilestone) -> Ordering {
    let due = |milestone: &PlannedMilestone| (milestone.due_on.is_none(), milestone.due_on);
    due(a).cmp(&due(b)).then_with(|| natural(&a.title, &b.title))
}

/// The milestones of a plan, the earliest first.
pub fn milestones_by_due(plan: &Plan) -> Vec<&PlannedMilestone> {
    let mut milestones: Vec<&PlannedMilestone> = plan.milestones.iter().collect();
    milestones.sort_by(|a, b| by_due(a, b));
    milestones
}

/// The release gates of a plan, those of the earliest milestone first, then by key; those without a milestone last.
/// The order does not depend on how the document is arranged, and so neither do the gates that are pinned.
pub fn gates_by_due(plan: &Plan) -> Vec<&PlannedIssue> {
    let ranks: HashMap<&PlanKey, usize> =
        milestones_by_due(plan).into_iter().enumerate().map(|(rank, milestone)| (&milestone.key, rank)).collect();
    let rank =
        |issue: &PlannedIssue| issue.milestone.as_ref().and_then(|key| ranks.get(key)).copied().unwrap_or(usize::MAX);
    let mut gates: Vec<&PlannedIssue> = plan.issues.iter().filter(|issue| issue.gate).collect();
    gates.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key)));
    gates
}

/// The issues of a plan in the order of the document, but each after those that block it and after its parent. In a
/// cycle, which [`super::check`] rejects, the rest follows in the order of the document.
pub fn blockers_first(plan: &Plan) -> Vec<&PlannedIssue> {
    let ordered: Vec<&PlannedIssue> = plan.issues.iter().collect();
    let rank: HashMap<&PlanKey, usize> = ordered.iter().enumerate().map(|(rank, issue)| (&issue.key, rank)).collect();
    let mut waits_for: Vec<usize> = vec![0; ordered.len()];
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, issue) in ordered.iter().enumerate() {
        for before in issue.depends_on.iter().chain(&issue.parent).filter_map(|key| rank.get(key)) {
            waits_for[at] += 1;
            blocks.entry(*before).or_default().push(at);
        }
    }
    let mut ready: BTreeSet<usize> = (0..ordered.len()).filter(|at| waits_for[*at] == 0).collect();
    let mut sorted = Vec::with_capacity(ordered.len());
    while let Some(at) = ready.pop_first() {
        sorted.push(ordered[at]);
        for next in blocks.remove(&at).unwrap_or_default() {
            waits_for[next] -= 1;
            if waits_for[next] == 0 {
                ready.insert(next);
            }
        }
    }
    sorted.extend(ordered.iter().enumerate().filter(|(at, _)| waits_for[*at] > 0).map(|(_, issue)| *issue));
    sorted
}
