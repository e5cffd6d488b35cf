//! Sorts the issues of a repository by the owner that their markers name.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::notice::Notice;
use super::search;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot};
use crate::plan::{Plan, PlanId, PlanKey};

/// An issue with its marker.
pub(crate) type Marked<'s> = search::Marked<'s, Issue, IssueBase>;

/// The issues of a repository, sorted by their markers. Anyone can open an issue with any text, so a marker only counts
/// if its author may write to the repository.
#[derive(Default)]
pub(crate) struct SortedIssues<'s> {
    /// Issues of this plan.
    pub ours: Vec<Marked<'s>>,
    /// Issues of plans that no longer exist.
    pub moved: Vec<Marked<'s>>,
    /// Issues of other existing plans.
    pub foreign: Vec<Marked<'s>>,
    /// Issues of this plan with damaged markers, and the keys that can still be read.
    pub damaged: Vec<(&'s Issue, PlanKey)>,
    /// Issues with a marker of this plan whose authors may not write.
    pub distrusted: Vec<Marked<'s>>,
    /// Issues without a marker.
    pub unmarked: Vec<&'s Issue>,
    /// All issues whose markers cannot be read.
    pub unreadable: Vec<IssueNumber>,
    /// Issues with markers of later versions.
    pub newer: Vec<IssueNumber>,
}

impl<'s> SortedIssues<'s> {
    /// Sorts the issues of a repository.
    pub(super) fn new(plan: &Plan, snapshot: &'s Snapshot, deleted_plans: &BTreeSet<PlanId>) -> Self {
        let mut sorted = Self::default();
        for issue in &snapshot.issues {
            if snapshot.trusts(issue) {
                sorted.take(issue, plan, deleted_plans);
            } else {
                sorted.take_of_stranger(issue, plan);
            }
        }
        sorted
    }

    fn take(&mut self, issue: &'s Issue, plan: &Plan, deleted_plans: &BTreeSet<PlanId>) {
        match Marker::<IssueBase>::find(&issue.body) {
            Found::Nothing => self.unmarked.push(issue),
            Found::Marker(marker, _) if marker.plan == plan.id => self.ours.push((issue, *marker)),
            Found::Marker(marker, _) if deleted_plans.contains(&marker.plan) => self.moved.push((issue, *marker)),
            Found::Marker(marker, _) => self.foreign.push((issue, *marker)),
            Found::Newer(_) => self.newer.push(issue.number),
            Found::Damaged(damaged) => match damaged.owner {
                Some((owner, key)) if owner == plan.id => {
                    self.unreadable.push(issue.number);
                    self.damaged.push((issue, key));
                }
                // The issue belongs to another plan.
                Some((owner, _)) if !deleted_plans.contains(&owner) => {}
                _ => {
                    self.unreadable.push(issue.number);
                    self.unmarked.push(issue);
                }
            },
        }
    }

    fn take_of_stranger(&mut self, issue: &'s Issue, plan: &Plan) {
        match Marker::<IssueBase>::find(&issue.body) {
            Found::Nothing | Found::Damaged(_) => self.unmarked.push(issue),
            Found::Marker(marker, _) if marker.plan == plan.id => self.distrusted.push((issue, *marker)),
            Found::Marker(..) | Found::Newer(_) => {}
        }
    }

    /// Detects a copied plan file, which would create every issue twice. If the repository does not know this plan, and
    /// more than half of its items exist in another plan with equal keys and titles, the user has to decide.
    pub(crate) fn copied(&self, plan: &Plan) -> Option<Notice> {
        if !self.ours.is_empty() {
            return None;
        }
        let titles: HashSet<(Option<&str>, &str)> =
            plan.issues.iter().map(|issue| (issue.written_key.as_deref(), issue.title.as_str())).collect();
        let mut same: BTreeMap<&PlanId, usize> = BTreeMap::new();
        for (_, marker) in &self.foreign {
            if titles.contains(&(marker.written_key(), marker.base.title.as_str())) {
                *same.entry(&marker.plan).or_default() += 1;
            }
        }
        let copy = same.into_iter().find(|(_, count)| count * 2 > plan.issues.len());
        copy.map(|(other, _)| Notice::Copied(other.clone()))
    }
}
