//! The orders that do not depend on how a document is arranged.

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
pub fn milestones(plan: &Plan) -> Vec<&PlannedMilestone> {
    let mut milestones: Vec<&PlannedMilestone> = plan.milestones.iter().collect();
    milestones.sort_by(|a, b| by_due(a, b));
    milestones
}

/// The issues of a plan by milestone, the earliest first, then by key; those without a milestone last.
pub fn issues(plan: &Plan) -> Vec<&PlannedIssue> {
    let ranks: HashMap<&PlanKey, usize> =
        milestones(plan).into_iter().enumerate().map(|(rank, milestone)| (&milestone.key, rank)).collect();
    let rank =
        |issue: &PlannedIssue| issue.milestone.as_ref().and_then(|key| ranks.get(key)).copied().unwrap_or(usize::MAX);
    let mut issues: Vec<&PlannedIssue> = plan.issues.iter().collect();
    issues.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key)));
    issues
}

/// The issues of a plan so that each comes after those that block it and after its parent, else as [`issues`]. In a
/// cycle, which [`super::check`] refuses, the rest follows in that order.
pub fn blockers_first(plan: &Plan) -> Vec<&PlannedIssue> {
    let ordered = issues(plan);
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
