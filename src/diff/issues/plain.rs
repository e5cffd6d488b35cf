//! Merges every field of an issue except its body and its links.

use std::collections::{BTreeMap, BTreeSet};

use super::marker::milestone_title;
use crate::diff::builder::Builder;
use crate::diff::change::IssueEdits;
use crate::diff::edit::MemberEdit;
use crate::diff::fields::{Sides, identity};
use crate::diff::merge;
use crate::matching::{How, MatchedIssue};
use crate::model::snapshot::{IssueState, MilestoneNumber, StateReason, fold};
use crate::plan::settings::Drift;
use crate::plan::{PlanKey, PlannedIssue};

/// Merges every field except the body and the links.
pub(crate) fn merged(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>) -> Sides<IssueEdits> {
    let drift = builder.plan.settings.drift;
    let observed = matched.observed;
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    let mut sides: Sides<IssueEdits> = Sides::default();
    // If only the qualification of a key changed, people do not need to see it.
    let old = matched.marker.as_ref().filter(|_| matched.how != How::Key);
    sides.written.identity = identity(old, &builder.plan.id, &planned.key);
    let verdict = merge::value(&planned.title, base.map(|base| &base.title), &observed.title, drift);
    let titles = (Some(observed.title.clone()), Some(planned.title.clone()));
    sides.take(verdict, |edits| &mut edits.title, titles.0, titles.1);

    let closed = matched.marker.as_ref();
    let closed = closed.map(|old| old.base.closed && builder.was_made(observed.number, old, observed.closed));
    let verdict = merge::closed(planned.closed, closed, observed.closed, drift);
    sides.take(verdict, |edits| &mut edits.state, Some(state(observed.closed)), Some(state(planned.closed)));
    milestone(builder, planned, matched, &mut sides);

    let renames = &builder.renamed_labels;
    let labels = (renames.in_base(base.map(|base| &base.labels)), renames.observed(&observed.labels));
    members(builder, |edits| &mut edits.labels, &planned.labels, labels, &mut sides);
    let assignees = (base.map(|base| base.assignees.clone()).unwrap_or_default(), observed.assignees.clone());
    members(builder, |edits| &mut edits.assignees, &planned.assignees, assignees, &mut sides);
    let (labels, assignees) = builder.twins.carried(observed);
    carry(labels, &mut sides.written.labels);
    carry(assignees, &mut sides.written.assignees);
    sides
}

/// The planned state. The plan closes finished issues as completed.
fn state(closed: bool) -> IssueState {
    if closed { IssueState::Closed(StateReason::Completed) } else { IssueState::Open }
}

/// Adds what people gave to a twin, unless the plan adds it already.
fn carry(names: BTreeSet<String>, edits: &mut Vec<MemberEdit<String>>) {
    let is_new = |name: &String| !edits.iter().any(|other| other.is_added() == Some(true) && other.member == *name);
    let new: Vec<String> = names.into_iter().filter(is_new).collect();
    edits.extend(new.into_iter().map(MemberEdit::created));
}

/// Merges each member of a set separately. GitHub ignores the case of the names.
fn members(
    builder: &Builder<'_>,
    slot: impl Fn(&mut IssueEdits) -> &mut Vec<MemberEdit<String>>,
    planned: &BTreeSet<String>,
    (base, observed): (BTreeSet<String>, BTreeSet<String>),
    sides: &mut Sides<IssueEdits>,
) {
    let by_fold = |names: &BTreeSet<String>| -> BTreeMap<String, String> {
        names.iter().map(|name| (fold(name), name.clone())).collect()
    };
    let (planned, base, observed) = (by_fold(planned), by_fold(&base), by_fold(&observed));
    let mut all: BTreeMap<&String, &String> = base.iter().collect();
    all.extend(planned.iter().chain(&observed));
    for (fold, name) in all {
        let is_planned = planned.contains_key(fold);
        let (was, is_there) = (base.contains_key(fold), observed.contains_key(fold));
        let verdict = merge::member(is_planned, was, is_there, builder.plan.settings.drift);
        sides.take_member(verdict, &slot, name.clone(), is_planned);
    }
}

/// Merges the milestone by identity, not by title.
fn milestone(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>, sides: &mut Sides<IssueEdits>) {
    /// An existing milestone, or one that the diff creates.
    #[derive(PartialEq)]
    enum MilestoneRef<'p> {
        Existing(MilestoneNumber),
        New(&'p PlanKey),
    }
    let place = |key| builder.matches.milestone_number(key).map_or(MilestoneRef::New(key), MilestoneRef::Existing);
    let wanted = planned.milestone.as_ref().map(place);
    let observed = matched.observed.milestone.map(MilestoneRef::Existing);
    // A base milestone that no longer exists was deleted; people did not remove this issue from it.
    let base = matched.marker.as_ref().map(|marker| {
        marker.base.milestone.as_ref().and_then(|key| builder.matches.milestone_number(key)).map(MilestoneRef::Existing)
    });
    let is_kept = matched.marker.as_ref().is_none_or(|marker| marker.base.keeps_milestone);
    if wanted.is_none() && is_kept && builder.plan.settings.drift == Drift::Keep {
        // If the plan gives no milestone, one that people set before the issue was adopted stays.
        return;
    }
    let verdict = merge::value(&wanted, base.as_ref(), &observed, builder.plan.settings.drift);
    let observed_title = matched.observed.milestone.and_then(|number| builder.snapshot.milestone(number));
    let from = observed_title.map(|milestone| milestone.title.clone());
    let to = milestone_title(builder, planned.milestone.as_ref());
    sides.take(verdict, |edits| &mut edits.milestone, from, to);
}
