//! The result of matching: the issue and the milestone of each plan item, and what is left over.

use std::collections::{BTreeMap, BTreeSet};

use super::notice::Notice;
use crate::model::marker::{IssueBase, Marker, MilestoneBase};
use crate::model::snapshot::{Issue, IssueNumber, Milestone, MilestoneNumber};
use crate::plan::{Plan, PlanKey};

/// How an item was matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// By its marker: the written key, or the same title in the same milestone.
    Key,
    /// By its title or a similar one; its written key or its milestone has changed.
    Renamed,
    /// By the marker of a plan that no longer exists.
    Moved,
    /// By its title alone; it had no marker.
    Adopted,
    /// By its title, although it belongs to another plan. Only milestones are shared between plans.
    Shared,
}

/// An issue or milestone of the repository that was matched to a plan item.
#[derive(Debug, Clone)]
pub struct Matched<'s, Item, Base> {
    /// The issue or milestone as observed.
    pub observed: &'s Item,
    /// The marker, if there is a valid one.
    pub marker: Option<Marker<Base>>,
    /// How the match was found.
    pub how: How,
}

/// A matched issue.
pub type MatchedIssue<'s> = Matched<'s, Issue, IssueBase>;
/// A matched milestone.
pub type MatchedMilestone<'s> = Matched<'s, Milestone, MilestoneBase>;

/// A plan matched with a repository.
#[derive(Debug, Default)]
pub struct Matches<'s> {
    /// The planned issues that exist, by key.
    pub issues: BTreeMap<PlanKey, MatchedIssue<'s>>,
    /// The planned milestones that exist, by key.
    pub milestones: BTreeMap<PlanKey, MatchedMilestone<'s>>,
    /// Issues of this plan whose items left it. The keys in their markers differ from every key of the plan.
    pub removed_issues: Vec<MatchedIssue<'s>>,
    /// Milestones of this plan whose items left it.
    pub removed_milestones: Vec<MatchedMilestone<'s>>,
    /// Issues, open or closed, with the marker of an item for which another issue is kept; the last value is that
    /// issue's number.
    pub duplicates: Vec<(&'s Issue, PlanKey, IssueNumber)>,
    /// What people should know about the matches.
    pub notices: Vec<Notice>,
    issue_numbers: BTreeMap<PlanKey, IssueNumber>,
    issue_keys: BTreeMap<IssueNumber, PlanKey>,
    removed_keys: BTreeMap<IssueNumber, PlanKey>,
    milestone_numbers: BTreeMap<PlanKey, MilestoneNumber>,
    milestone_keys: BTreeMap<MilestoneNumber, PlanKey>,
}

impl Matches<'_> {
    /// The issue that a key in a marker refers to. Keys in markers take precedence over keys of the plan, because the
    /// plan may use the same key for another item now.
    pub fn issue_number(&self, key: &PlanKey) -> Option<IssueNumber> {
        self.issue_numbers.get(key).copied()
    }

    /// The current key of a planned issue.
    pub fn key(&self, number: IssueNumber) -> Option<&PlanKey> {
        self.issue_keys.get(&number)
    }

    /// The current key of the issue that a key in a marker refers to, also for items that left the plan.
    pub fn current_key(&self, key: &PlanKey) -> Option<&PlanKey> {
        let number = self.issue_number(key)?;
        self.issue_keys.get(&number).or_else(|| self.removed_keys.get(&number))
    }

    /// Whether a key in a marker is outdated. A later run could not look it up.
    pub fn is_stale_issue_key(&self, key: &PlanKey) -> bool {
        self.current_key(key).is_some_and(|now| now != key)
    }

    /// The milestone that a key refers to, in the plan or in markers. Keys of the plan take precedence.
    pub fn milestone_number(&self, key: &PlanKey) -> Option<MilestoneNumber> {
        self.milestone_numbers.get(key).copied()
    }

    /// The current key of the milestone that a key refers to.
    pub fn milestone_key(&self, key: &PlanKey) -> Option<&PlanKey> {
        self.milestone_keys.get(&self.milestone_number(key)?)
    }

    /// Whether a milestone key in a marker is outdated.
    pub fn is_stale_milestone_key(&self, key: &PlanKey) -> bool {
        self.milestone_key(key).is_some_and(|now| now != key)
    }

    /// Builds the milestone lookups. Matching issues needs them.
    pub(super) fn index_milestones(&mut self) {
        let marked = self.removed_milestones.iter().chain(self.milestones.values());
        let marked = marked.filter_map(|it| Some((it.marker.as_ref()?.key.clone(), it.observed.number)));
        self.milestone_numbers = marked.collect();
        let planned = self.milestones.iter().map(|(key, it)| (key.clone(), it.observed.number));
        self.milestone_numbers.extend(planned);
        self.milestone_keys = self.milestones.iter().map(|(key, it)| (it.observed.number, key.clone())).collect();
    }

    /// Builds the issue lookups, and gives items that left the plan keys that the plan does not use.
    pub(super) fn index_issues(&mut self, plan: &Plan) {
        let marked = |it: &MatchedIssue<'_>| Some((it.marker.as_ref()?.key.clone(), it.observed.number));
        let removed: Vec<_> = self.removed_issues.iter().filter_map(marked).collect();
        let mut used: BTreeSet<PlanKey> = plan.issues.iter().map(|issue| issue.key.clone()).collect();
        for matched in &mut self.removed_issues {
            let Some(marker) = &mut matched.marker else { continue };
            let key = free_key(marker, matched.observed.number, &used);
            if key != marker.key {
                marker.base.written_key = marker.written_key().map(str::to_owned);
                marker.key = key;
            }
            used.insert(marker.key.clone());
            self.removed_keys.insert(matched.observed.number, marker.key.clone());
        }
        self.issue_keys = self.issues.iter().map(|(key, it)| (it.observed.number, key.clone())).collect();
        // Later entries override earlier ones.
        self.issue_numbers = self.issues.iter().map(|(key, it)| (key.clone(), it.observed.number)).collect();
        self.issue_numbers.extend(self.removed_issues.iter().filter_map(marked));
        self.issue_numbers.extend(removed);
        self.issue_numbers.extend(self.issues.values().filter_map(marked));
    }
}

/// The key of an item that left the plan. It is qualified if another item uses the same key now: a plan may restart its
/// keys in each milestone, and a diff must not mix up the two.
fn free_key(marker: &Marker<IssueBase>, number: IssueNumber, used: &BTreeSet<PlanKey>) -> PlanKey {
    if !used.contains(&marker.key) {
        return marker.key.clone();
    }
    let milestone = marker.base.milestone.as_ref().map_or("", PlanKey::as_str);
    let name = marker.written_key().unwrap_or(&marker.base.title);
    let qualified = PlanKey::qualified(milestone, name);
    if used.contains(&qualified) { PlanKey::qualified(milestone, &format!("{name}-{}", number.0)) } else { qualified }
}
