//! Matches issues and milestones of a repository to plan items.
//!
//! A plan and a snapshot come in, [`Matches`] go out. The evidence, from the strongest to the weakest: key, milestone
//! and title; key and milestone; key and title; a key that is unique on both sides; title and milestone; a unique
//! title; similarity within a milestone. After that, markers of a plan file that no longer exists, and titles of issues
//! without a marker. Each issue is matched to one item at most.

mod evidence;
mod issues;
mod lookalikes;
mod matched;
mod milestones;
mod notice;
mod pairing;
mod search;
pub mod similarity;
mod sorted;
mod strangers;

use std::collections::BTreeSet;

pub use self::matched::{How, Matched, MatchedIssue, MatchedMilestone, Matches};
pub use self::notice::Notice;
use self::similarity::Work;
use crate::model::marker::{Found, IssueBase, Marker, MilestoneBase};
use crate::model::snapshot::Snapshot;
use crate::plan::settings::Removed;
use crate::plan::{Plan, PlanId};

/// Matches a plan with a repository. `deleted_plans` are the plans that markers name and that no longer exist.
pub fn matches<'s>(plan: &Plan, snapshot: &'s Snapshot, deleted_plans: &BTreeSet<PlanId>) -> Matches<'s> {
    let mut work = Work::default();
    let mut matches = Matches::default();
    milestones::match_all(plan, snapshot, deleted_plans, &mut matches, &mut work);
    matches.index_milestones();
    issues::match_all(plan, snapshot, deleted_plans, &mut matches, &mut work);
    matches.index_issues(plan);
    matches
}

/// Whether issues without a marker cannot affect the result for a plan: every item has its issue, and no milestone has
/// to be checked for open issues before it is closed.
pub fn needs_no_unmarked(plan: &Plan, snapshot: &Snapshot) -> bool {
    let matches = matches(plan, snapshot, &BTreeSet::new());
    let has_issue = |key| matches.issues.get(key).is_some_and(|matched| matched.how != How::Adopted);
    let may_close = |milestone: &MatchedMilestone<'_>| {
        let was_removed = milestone.marker.as_ref().is_some_and(|marker| marker.base.removed);
        !milestone.observed.closed && !was_removed
    };
    plan.issues.iter().all(|issue| has_issue(&issue.key))
        && (plan.settings.removed == Removed::Keep || !matches.removed_milestones.iter().any(may_close))
}

/// The other plans that have markers in a repository. The caller checks which of them still exist.
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
