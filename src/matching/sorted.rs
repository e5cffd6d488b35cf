//! The issues of a repository, sorted by whose their markers say they are.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::evidence::{written_key, written_key_of_marker};
use super::notice::Notice;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot};
use crate::plan::{Plan, PlanId, PlanKey};

/// An issue with its marker.
pub(crate) type Marked<'s> = (&'s Issue, Marker<IssueBase>);

/// The issues of a repository by what their markers say. Anyone can open an issue with any text, so a marker counts only
/// where the author may write.
#[derive(Default)]
pub(crate) struct SortedIssues<'s> {
    /// Those of the plan.
    pub ours: Vec<Marked<'s>>,
    /// Those of plans that no longer exist.
    pub moved: Vec<Marked<'s>>,
    /// Those of other plans.
    pub foreign: Vec<Marked<'s>>,
    /// Markers of this plan of which only the key can be read.
    pub damaged: Vec<(&'s Issue, PlanKey)>,
    /// Markers of this plan by authors who may not write.
    pub distrusted: Vec<Marked<'s>>,
    /// Those without a marker.
    pub unmarked: Vec<&'s Issue>,
    /// All whose markers cannot be read.
    pub unreadable: Vec<IssueNumber>,
    /// Issues that later versions wrote.
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
                // It is another plan's.
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

    /// A copied plan file would make every issue twice: where most of a plan that the repository does not know stands in
    /// another one that exists, key for key and title for title, somebody has to say what is meant.
    pub(crate) fn copied(&self, plan: &Plan) -> Option<Notice> {
        if !self.ours.is_empty() {
            return None;
        }
        let titles: HashSet<(Option<&str>, &str)> =
            plan.issues.iter().map(|issue| (written_key(issue), issue.title.as_str())).collect();
        let mut same: BTreeMap<&PlanId, usize> = BTreeMap::new();
        for (_, marker) in &self.foreign {
            if titles.contains(&(written_key_of_marker(marker), marker.base.title.as_str())) {
                *same.entry(&marker.plan).or_default() += 1;
            }
        }
        let copy = same.into_iter().find(|(_, count)| count * 2 > plan.issues.len());
        copy.map(|(other, _)| Notice::Copied(other.clone()))
    }
}
