//! The order in which changes are shown and applied.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::change::{Change, Kind, Op};
use crate::plan::{Plan, order};

/// Sorts changes into the order in which they are applied: labels, milestones, issues with blockers first, links, pins,
/// and finally closings. Removals come before the additions that replace them. Otherwise document order applies.
pub(crate) fn sort(plan: &Plan, changes: &mut [Change]) {
    let ranks: HashMap<&str, usize> = plan
        .milestones
        .iter()
        .map(|milestone| milestone.key.as_str())
        .chain(order::blockers_first(plan).into_iter().map(|issue| issue.key.as_str()))
        .enumerate()
        .map(|(rank, key)| (key, rank))
        .collect();
    let rank = |change: &Change| ranks.get(change.key()).copied().unwrap_or(usize::MAX);
    changes.sort_by(|a, b| phase(a).cmp(&phase(b)).then_with(|| rank(a).cmp(&rank(b))).then_with(|| by_name(a, b)));
}

fn phase(change: &Change) -> u8 {
    match (change.kind(), change.op()) {
        (Kind::Label, _) => 0,
        (Kind::Milestone, Op::Close) => 9,
        (Kind::Milestone, _) => 1,
        (Kind::Issue, Op::Close) => 8,
        (Kind::Issue, _) => 2,
        (Kind::Dependency, Op::Unlink) => 3,
        (Kind::Dependency, _) => 4,
        (Kind::SubIssue, Op::Unlink) => 3,
        (Kind::SubIssue, _) => 5,
        (Kind::Pin, Op::Unpin) => 6,
        (Kind::Pin, _) => 7,
    }
}

fn by_name(a: &Change, b: &Change) -> Ordering {
    (a.key(), a.number(), a.op()).cmp(&(b.key(), b.number(), b.op())).then_with(|| a.fields().cmp(&b.fields()))
}
