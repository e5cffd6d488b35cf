//! Issues: title, milestone, labels, assignees, state, and the block in their text; with each issue its links and pin,
//! because what was last applied of them stands in its marker.

mod body;
mod plain;
mod removed;

use std::collections::BTreeSet;

pub(crate) use self::removed::closing;
use super::fields::{Sides, some};
use super::pins::Pins;
use super::{
    Builder, Change, Edit, IssueChange, IssueEdits, IssueRef, IssueText, LinkChange, LinkEdit, MarkerUpdate,
    MemberEdit, Op, Why, boxes, links, text, twins,
};
use crate::matching::{How, MatchedIssue, written_key};
use crate::model::block::neutral;
use crate::model::marker::{Batch, IssueBase, Marker};
use crate::model::snapshot::{IssueNumber, IssueState, Observed, StateReason};
use crate::plan::{PlanKey, PlannedIssue, order};

/// Compares the issues of the plan with the repository's.
pub(crate) fn compare(builder: &mut Builder<'_>, pins: &Pins) {
    for planned in order::blockers_first(builder.plan) {
        match builder.matches.issues.get(&planned.key).cloned() {
            None => create(builder, planned, pins),
            Some(matched) => update(builder, planned, &matched, pins),
        }
    }
    for matched in std::mem::take(&mut builder.matches.removed_issues) {
        // One that left the plan before is no longer managed.
        builder.diff.closing.managed += usize::from(matched.marker.as_ref().is_some_and(|it| !it.base.removed));
        removed::close(builder, &matched, pins);
    }
    twins::close(builder);
}

/// What the plan's text is inside of a block.
fn inside(body: &str) -> String {
    neutral(&text::normal(body))
}

fn marker(builder: &Builder<'_>, planned: &PlannedIssue, pinned: bool) -> Marker<IssueBase> {
    let PlannedIssue { key, title, milestone, labels, assignees, depends_on, parent, closed, gate: _, body, span: _ } =
        planned;
    let inside = inside(body);
    let matched = builder.matches.issues.get(key);
    let old = matched.and_then(|matched| matched.marker.as_ref()).map(|marker| &marker.base);
    let old = old.map(|base| removed::names_of_now(builder, base)).unwrap_or_default();
    let number = matched.map(|matched| matched.observed.number);
    // Of links that are not known, nothing is done, so nothing new can be noted.
    let are_blockers_unknown = builder.snapshot.blockers(number) == Observed::Unknown;
    let is_parent_unknown = builder.snapshot.parent(number) == Observed::Unknown;
    let base = IssueBase {
        title: title.clone(),
        written_key: written_key(planned).filter(|written| *written != key.as_str()).map(str::to_owned),
        milestone: milestone.clone(),
        closed: *closed,
        removed: false,
        labels: labels.clone(),
        assignees: assignees.clone(),
        depends_on: if are_blockers_unknown { old.depends_on } else { depends_on.clone() },
        parent: if is_parent_unknown { old.parent } else { parent.clone() },
        not_held: links::not_held(builder, planned),
        pinned,
        text: text::digest(&inside),
        ticked: boxes::ticked(&inside),
        batch: matched.and_then(batch_after),
    };
    Marker { plan: builder.plan.id.clone(), key: key.clone(), base }
}

/// What the marker of an existing issue says about a run once it is written again. It is written after the issue's links
/// and lists only those that are known to be there, so the issue is finished then; a record about others stays.
fn batch_after(matched: &MatchedIssue<'_>) -> Option<Batch> {
    let batch = matched.marker.as_ref()?.base.batch.clone()?;
    (!batch.finished.is_empty()).then_some(batch)
}

/// Whether it is not known that everything was made that an issue's marker lists.
fn is_unfinished(builder: &Builder<'_>, matched: &MatchedIssue<'_>) -> bool {
    let number = matched.observed.number;
    matched.marker.as_ref().is_some_and(|marker| !builder.records.is_finished(number, marker))
}

fn milestone_title(builder: &Builder<'_>, key: Option<&PlanKey>) -> Option<String> {
    builder.plan.milestone(key?).map(|milestone| milestone.title.clone())
}

/// What a text says of its blockers before they have numbers: what people call them.
fn names(builder: &Builder<'_>, blockers: &BTreeSet<PlanKey>) -> Vec<String> {
    blockers.iter().map(|key| builder.called(key)).collect()
}

fn blockers(builder: &Builder<'_>, planned: &PlannedIssue) -> Vec<IssueRef> {
    planned.depends_on.iter().map(|key| links::reference(builder, key)).collect()
}

fn create(builder: &mut Builder<'_>, planned: &PlannedIssue, pins: &Pins) {
    let inside = inside(&planned.body);
    let milestone = milestone_title(builder, planned.milestone.as_ref());
    let whole = text::with_blockers(&inside, &names(builder, &planned.depends_on));
    let edits = IssueEdits {
        title: Some(Edit::created(planned.title.clone())),
        state: planned.closed.then(|| Edit::created(IssueState::Closed(StateReason::Completed))),
        milestone: milestone.clone().map(Edit::created),
        labels: planned.labels.iter().cloned().map(MemberEdit::created).collect(),
        assignees: planned.assignees.iter().cloned().map(MemberEdit::created).collect(),
        body: some(&whole).map(Edit::created),
        ..IssueEdits::default()
    };
    let text = IssueText {
        before: String::new(),
        after: String::new(),
        inside: Some(inside),
        blockers: blockers(builder, planned),
        marker: marker(builder, planned, pins.pin.contains_key(&planned.key)),
    };
    builder.diff.changes.push(Change::Issue(Box::new(IssueChange {
        op: Op::Create,
        issue: IssueRef { key: planned.key.clone(), number: None },
        title: planned.title.clone(),
        milestone,
        edits,
        text: Some(text),
    })));
    links::compare(builder, planned, None);
    pin(builder, planned, None, pins);
}

/// Lists the pinning or unpinning of a planned issue; whether there is any.
fn pin(builder: &mut Builder<'_>, planned: &PlannedIssue, number: Option<IssueNumber>, pins: &Pins) -> bool {
    let change = |op, edit| {
        let link = LinkEdit::Pin { issue: IssueRef { key: planned.key.clone(), number }, edit };
        let milestone = milestone_title(builder, planned.milestone.as_ref());
        Change::Link(LinkChange { op, link, title: planned.title.clone(), milestone, other: None })
    };
    if pins.kept.contains(&planned.key) {
        let kept = change(Op::Pin, Edit::new(false, true, Why::Drift));
        builder.diff.kept.push(kept);
        return false;
    }
    let change = if let Some(why) = pins.pin.get(&planned.key) {
        change(Op::Pin, Edit::new(false, true, *why))
    } else if number.is_some_and(|number| pins.unpin.contains(&number)) {
        change(Op::Unpin, Edit::plan(true, false))
    } else {
        return false;
    };
    builder.diff.changes.push(change);
    true
}

fn update(builder: &mut Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>, pins: &Pins) {
    let observed = matched.observed;
    let number = Some(observed.number);
    builder.diff.closing.managed += usize::from(matched.marker.is_some());
    let links = links::compare(builder, planned, Some(matched));
    let pinned = pin(builder, planned, number, pins);
    let mut sides = plain::merged(builder, planned, matched);
    (sides.agreed.blocked_by, sides.agreed.parent) = (links.agreed_blockers, links.agreed_parent);
    let text = body::merged(builder, planned, matched, links.changed, &mut sides);
    let Sides { written, kept, agreed } = sides;

    let milestone = milestone_title(builder, planned.milestone.as_ref());
    let issue = IssueRef { key: planned.key.clone(), number };
    let change = |op, edits, text| {
        let (issue, title, milestone) = (issue.clone(), planned.title.clone(), milestone.clone());
        Change::Issue(Box::new(IssueChange { op, issue, title, milestone, edits, text }))
    };
    if kept != IssueEdits::default() {
        builder.diff.kept.push(change(Op::Update, kept, None));
    }
    let is_written = written != IssueEdits::default();
    let op = match &matched.how {
        How::Adopted | How::Moved | How::Shared => Some(Op::Adopt),
        How::Renamed => Some(Op::Rename),
        How::Key if written.state.is_some() => Some(if planned.closed { Op::Close } else { Op::Reopen }),
        How::Key if is_written => Some(Op::Update),
        How::Key if agreed != IssueEdits::default() => Some(Op::Adopt),
        How::Key => None,
    };
    let not_held = matched.marker.as_ref().map(|marker| &marker.base.not_held);
    let is_stale = is_stale(builder, planned, matched)
        || not_held.is_some_and(|not_held| *not_held != links::not_held(builder, planned))
        || pins.forgotten.contains(&observed.number)
        || is_unfinished(builder, matched);
    let ours =
        pins.pin.contains_key(&planned.key) || pins.kept.contains(&planned.key) || pins.stay.contains(&observed.number);
    let text = IssueText { marker: marker(builder, planned, ours), ..text };
    if let Some(op) = op {
        let edits = if is_written { written } else { agreed };
        builder.diff.changes.push(change(op, edits, Some(text)));
        return;
    }
    builder.diff.unchanged += 1;
    let follows_links = links.changed || pinned;
    if follows_links || is_stale {
        builder.diff.marker_updates.push(MarkerUpdate { issue, text, follows_links });
    }
}

/// Whether a marker names its own item or others by keys, or labels by names, that they no longer have: a later run could
/// not look them up.
fn is_stale(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>) -> bool {
    let Some(marker) = &matched.marker else { return false };
    let (base, matches) = (&marker.base, &builder.matches);
    marker.key != planned.key
        || builder.renamed_labels.in_base(Some(&base.labels)) != base.labels
        || base.depends_on.iter().chain(&base.parent).any(|key| matches.is_stale_issue_key(key))
        || base.milestone.as_ref().is_some_and(|key| matches.is_stale_milestone_key(key))
}
