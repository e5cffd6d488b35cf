//! Which issue and which milestone is which plan item.
//!
//! The evidence, from the strongest to the weakest: the marker's key, a title that moved to another key, a similar title
//! where the key comes from the title, the markers of a plan file that is gone, and the title alone.

pub mod block;
mod issues;
pub mod marker;
mod milestones;
mod similarity;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use self::marker::{Found, IssueBase, Marker, MilestoneBase};
use crate::model::snapshot::{Issue, IssueNumber, Milestone, MilestoneNumber, Snapshot};
use crate::plan::{Plan, PlanId, PlanKey};

/// How an item was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// By its marker.
    Key,
    /// By its title, or a similar one: the marker has another key.
    Renamed,
    /// By the marker of a plan that is gone.
    Moved,
    /// By its title alone; it had no marker.
    Adopted,
    /// By its title, but it is another plan's; only milestones are shared between plans.
    Shared,
}

/// An issue or milestone of the repository that is a plan item.
#[derive(Debug, Clone)]
pub struct Matched<'s, Item, Base> {
    /// What is there.
    pub observed: &'s Item,
    /// Its marker, if it has one that counts.
    pub marker: Option<Marker<Base>>,
    /// How it was recognised.
    pub how: How,
}

/// An issue as a match.
pub type MatchedIssue<'s> = Matched<'s, Issue, IssueBase>;
/// A milestone as a match.
pub type MatchedMilestone<'s> = Matched<'s, Milestone, MilestoneBase>;

/// Something about identity that people should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An issue carries a marker of this plan, but its author may not write to the repository.
    Distrusted(IssueNumber, PlanKey),
    /// An issue has the title of a plan item, but its author may not write to the repository.
    DistrustedTitle(IssueNumber, PlanKey),
    /// An issue without a marker may be a plan item that has no issue.
    Alike(IssueNumber, PlanKey),
    /// A marker cannot be read; and the item that the issue is all the same, if it was found.
    Damaged(IssueNumber, Option<PlanKey>),
    /// A marker was written by a later version of plan-action: nothing may be written.
    Newer(String),
    /// Most items stand in another plan that still exists: nothing may be written.
    Copied(PlanId),
    /// Items that have no issue otherwise stand in issues that another account made, which perhaps was this program:
    /// nothing may be written. The first of them, how many there are, and the account.
    OtherAccount(IssueNumber, usize, String),
    /// The server keeps the due date of a milestone, although it was taken away: its title, and the date.
    DateKept(String, Date),
    /// A label is there under its old name and under its new one.
    NotRenamed {
        /// The name that the plan says it had.
        old: String,
        /// The name that the plan gives it.
        new: String,
    },
}

impl Notice {
    /// Whether applying would make what cannot be unmade.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Newer(_) | Self::Copied(_) | Self::OtherAccount(..))
    }
}

/// A plan matched with a repository.
#[derive(Debug, Default)]
pub struct Matches<'s> {
    /// The planned issues that exist.
    pub issues: BTreeMap<PlanKey, MatchedIssue<'s>>,
    /// The planned milestones that exist.
    pub milestones: BTreeMap<PlanKey, MatchedMilestone<'s>>,
    /// Issues of this plan that it has no more.
    pub removed_issues: Vec<MatchedIssue<'s>>,
    /// Milestones of this plan that it has no more.
    pub removed_milestones: Vec<MatchedMilestone<'s>>,
    /// Issues, open or closed, with the marker of an item that another issue already is, and that issue's number.
    pub duplicates: Vec<(&'s Issue, PlanKey, IssueNumber)>,
    /// What people should know.
    pub notices: Vec<Notice>,
    issue_numbers: BTreeMap<PlanKey, IssueNumber>,
    milestone_numbers: BTreeMap<PlanKey, MilestoneNumber>,
    keys: BTreeMap<IssueNumber, PlanKey>,
}

impl Matches<'_> {
    /// The issue that a key means, in the plan or in markers, also where the item has another key by now.
    pub fn issue_number(&self, key: &PlanKey) -> Option<IssueNumber> {
        self.issue_numbers.get(key).copied()
    }

    /// The key that the plan has for an issue.
    pub fn key(&self, number: IssueNumber) -> Option<&PlanKey> {
        self.keys.get(&number)
    }

    /// The key that the plan has for the milestone that a key means.
    pub fn milestone_key(&self, key: &PlanKey) -> Option<&PlanKey> {
        let number = self.milestone_number(key)?;
        self.milestones.iter().find(|(_, matched)| matched.observed.number == number).map(|(key, _)| key)
    }

    /// The milestone that a key means, as [`Matches::issue_number`].
    pub fn milestone_number(&self, key: &PlanKey) -> Option<MilestoneNumber> {
        self.milestone_numbers.get(key).copied()
    }
}

/// Matches a plan with a repository. `vanished` are the plans that markers name and that exist no more.
pub fn matches<'s>(plan: &Plan, snapshot: &'s Snapshot, vanished: &BTreeSet<PlanId>) -> Matches<'s> {
    let mut matches = Matches::default();
    milestones::match_all(plan, snapshot, vanished, &mut matches);
    matches.milestone_numbers = numbers(&matches.milestones, &matches.removed_milestones, |it| it.number);
    issues::match_all(plan, snapshot, vanished, &mut matches);
    matches.issue_numbers = numbers(&matches.issues, &matches.removed_issues, |issue| issue.number);
    matches.keys = matches.issues.iter().map(|(key, matched)| (matched.observed.number, key.clone())).collect();
    matches
}

/// What keys mean: those of markers, and over them those of the plan, because what it says now wins.
fn numbers<Item, Base, Number>(
    matched: &BTreeMap<PlanKey, Matched<'_, Item, Base>>,
    removed: &[Matched<'_, Item, Base>],
    number: impl Fn(&Item) -> Number,
) -> BTreeMap<PlanKey, Number> {
    let marked = removed.iter().chain(matched.values());
    let marked = marked.filter_map(|it| Some((it.marker.as_ref()?.key.clone(), number(it.observed))));
    let mut numbers: BTreeMap<PlanKey, Number> = marked.collect();
    numbers.extend(matched.iter().map(|(key, it)| (key.clone(), number(it.observed))));
    numbers
}

/// Whether a key is one that an item loses: a marker has it, and the plan calls the item something else.
pub fn is_lost<Item, Base>(matched: &BTreeMap<PlanKey, Matched<'_, Item, Base>>, key: &PlanKey) -> bool {
    let has_it = |it: &Matched<'_, Item, Base>| it.marker.as_ref().is_some_and(|marker| marker.key == *key);
    !matched.contains_key(key) && matched.values().any(has_it)
}

/// The other plans whose markers stand in a repository: the caller finds out which of them still exist.
pub fn other_plans(snapshot: &Snapshot, plan: &PlanId) -> BTreeSet<PlanId> {
    let issues =
        snapshot.issues.iter().filter(|issue| snapshot.trusts(issue)).filter_map(
            |issue| match Marker::<IssueBase>::find(&issue.body) {
                Found::Marker(marker, _) => Some(marker.plan),
                _ => None,
            },
        );
    let milestones = snapshot.milestones.iter().filter_map(|milestone| {
        match Marker::<MilestoneBase>::find(&milestone.description) {
            Found::Marker(marker, _) => Some(marker.plan),
            _ => None,
        }
    });
    issues.chain(milestones).filter(|other| other != plan).collect()
}

/// Items in the order of their keys: which of two equal matches wins must not depend on how a document is arranged.
fn by_key<'p, Item>(items: impl Iterator<Item = &'p Item>, key: impl Fn(&'p Item) -> &'p PlanKey) -> Vec<&'p Item> {
    let mut items: Vec<&Item> = items.collect();
    items.sort_by_key(|item| key(item));
    items
}

/// Takes the candidates that belong to items which are missing still: `choose` names the candidate for an item.
fn take<Candidate, Item>(
    missing: &mut Vec<&Item>,
    candidates: &mut Vec<Candidate>,
    choose: impl Fn(&Item, &[Candidate]) -> Option<usize>,
    mut found: impl FnMut(&Item, Candidate),
) {
    missing.retain(|item| match choose(item, candidates) {
        Some(at) => {
            found(item, candidates.remove(at));
            false
        }
        None => true,
    });
}

/// Takes the candidates that are alike: the best mutual pairs by a score.
fn take_alike<Candidate, Item>(
    missing: &mut Vec<&Item>,
    candidates: &mut Vec<Candidate>,
    score: impl Fn(&Item, &Candidate) -> f64,
    mut found: impl FnMut(&Item, Candidate),
) {
    let pairs = similarity::mutual(missing, candidates, |item, candidate| score(item, candidate));
    let mut left: Vec<Option<Candidate>> = std::mem::take(candidates).into_iter().map(Some).collect();
    for (item, candidate) in &pairs {
        if let Some(candidate) = left[*candidate].take() {
            found(missing[*item], candidate);
        }
    }
    candidates.extend(left.into_iter().flatten());
    let mut at = 0..;
    missing.retain(|_| {
        let at = at.next();
        pairs.iter().all(|(item, _)| Some(*item) != at)
    });
}
