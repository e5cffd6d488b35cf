//! Builds the marker and the block text of a planned issue.

use std::collections::BTreeSet;

use crate::diff::builder::Builder;
use crate::diff::issue_ref::IssueRef;
use crate::diff::{boxes, links, text};
use crate::matching::MatchedIssue;
use crate::model::block::neutral;
use crate::model::marker::{Batch, IssueBase, Marker};
use crate::model::snapshot::Observed;
use crate::plan::{PlanKey, PlannedIssue};

/// The plan's text in the form in which it is written into the block.
pub(super) fn inside(body: &str) -> String {
    neutral(&text::normal(body))
}

pub(super) fn marker(builder: &Builder<'_>, planned: &PlannedIssue, pinned: bool) -> Marker<IssueBase> {
    let PlannedIssue {
        key,
        written_key,
        title,
        milestone,
        labels,
        assignees,
        depends_on,
        parent,
        closed,
        gate: _,
        body,
        span: _,
        spans: _,
    } = planned;
    let inside = inside(body);
    let matched = builder.matches.issues.get(key);
    let old = matched.and_then(|matched| matched.marker.as_ref()).map(|marker| &marker.base);
    let number = matched.map(|matched| matched.observed.number);
    // Unknown links are not changed, so the old base stays.
    let are_blockers_unknown = builder.snapshot.blockers(number) == Observed::Unknown;
    let is_parent_unknown = builder.snapshot.parent(number) == Observed::Unknown;
    let old_names = old.filter(|_| are_blockers_unknown || is_parent_unknown);
    let old_names = old_names.map(|base| with_current_names(builder, base)).unwrap_or_default();
    let is_adopted = matched.is_some_and(|it| it.marker.is_none() && it.observed.milestone.is_some());
    let base = IssueBase {
        title: title.clone(),
        written_key: written_key.clone().filter(|written| written != key.as_str()),
        milestone: milestone.clone(),
        closed: *closed,
        removed: false,
        labels: labels.clone(),
        assignees: assignees.clone(),
        depends_on: if are_blockers_unknown { old_names.depends_on } else { depends_on.clone() },
        parent: if is_parent_unknown { old_names.parent } else { parent.clone() },
        not_held: links::not_held(builder, planned),
        pinned,
        text: text::digest(&inside),
        ticked: boxes::ticked(&inside),
        keeps_milestone: milestone.is_none() && (is_adopted || old.is_some_and(|old| old.keeps_milestone)),
        unlisted: old.is_some_and(|old| old.unlisted),
        batch: matched.and_then(batch_after),
        looked_through: None,
    };
    Marker { plan: builder.plan.id.clone(), key: key.clone(), base }
}

/// The batch that the marker of an existing issue keeps when it is rewritten. It is rewritten after the issue's links
/// and lists only links known to exist, so the issue itself is finished. A record about other issues is kept.
fn batch_after(matched: &MatchedIssue<'_>) -> Option<Batch> {
    let batch = matched.marker.as_ref()?.base.batch.clone()?;
    (!batch.finished.is_empty()).then_some(batch)
}

/// Whether something that an issue's marker lists may not have been made.
pub(super) fn is_unfinished(builder: &Builder<'_>, matched: &MatchedIssue<'_>) -> bool {
    let number = matched.observed.number;
    matched.marker.as_ref().is_some_and(|marker| !builder.records.is_finished(number, marker))
}

pub(super) fn milestone_title(builder: &Builder<'_>, key: Option<&PlanKey>) -> Option<String> {
    builder.plan.milestone(key?).map(|milestone| milestone.title.clone())
}

/// The display names of blockers, for the body as a diff shows it. The body as written lists their numbers.
pub(super) fn names(builder: &Builder<'_>, blockers: &BTreeSet<PlanKey>) -> Vec<String> {
    blockers.iter().map(|key| builder.display_name(key)).collect()
}

pub(super) fn blockers(builder: &Builder<'_>, planned: &PlannedIssue) -> Vec<IssueRef> {
    planned.depends_on.iter().map(|key| links::reference(builder, key)).collect()
}

/// Whether a marker uses outdated keys (its own or those of other items) or outdated label names. A later run could not
/// look them up.
pub(super) fn is_stale(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>) -> bool {
    let Some(marker) = &matched.marker else { return false };
    let (base, matches) = (&marker.base, &builder.matches);
    marker.key != planned.key
        || builder.renamed_labels.in_base(Some(&base.labels)) != base.labels
        || base.depends_on.iter().chain(&base.parent).any(|key| matches.is_stale_issue_key(key))
        || base.milestone.as_ref().is_some_and(|key| matches.is_stale_milestone_key(key))
}

/// The base with current keys and label names.
pub(super) fn with_current_names(builder: &Builder<'_>, base: &IssueBase) -> IssueBase {
    let key = |key: &PlanKey| builder.matches.current_key(key).unwrap_or(key).clone();
    IssueBase {
        labels: builder.renamed_labels.in_base(Some(&base.labels)),
        depends_on: base.depends_on.iter().map(key).collect(),
        parent: base.parent.as_ref().map(key),
        milestone: base.milestone.as_ref().map(|key| builder.matches.milestone_key(key).unwrap_or(key).clone()),
        ..base.clone()
    }
}
