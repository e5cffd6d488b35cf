//! Issues: title, milestone, labels, assignees, state, and the block in their text; with each issue its links and pin,
//! because what was last applied of them stands in its marker.

mod body;
mod plain;
mod removed;

use std::collections::BTreeSet;

pub use self::removed::{closing, pinned_field};
use super::fields::some;
use super::pins::Pins;
use super::{Builder, Change, Field, FieldChange, IssueRef, IssueText, Op, Subject, Why, boxes, links, text, twins};
use crate::matching::block::neutral;
use crate::matching::marker::{Batch, IssueBase, Marker};
use crate::matching::{How, MatchedIssue, written_key};
use crate::model::snapshot::{IssueNumber, Observed, state_name};
use crate::plan::{PlanKey, PlannedIssue, order};

/// Compares the issues of the plan with the repository's.
pub fn compare(builder: &mut Builder<'_>, pins: &Pins) {
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
        batch: matched.and_then(|matched| batch_after(builder, matched)),
    };
    Marker { plan: builder.plan.id.clone(), key: key.clone(), base }
}

/// What the marker of an existing issue says about a run once it is written again. It is written after the issue's links
/// and lists only those that are known to be there, so the issue is finished then; a record about others stays.
fn batch_after(builder: &Builder<'_>, matched: &MatchedIssue<'_>) -> Option<Batch> {
    let batch = matched.marker.as_ref()?.base.batch.clone()?;
    let stays = !batch.finished.is_empty() || (builder.snapshot.lacks.any() && is_unfinished(builder, matched));
    stays.then_some(batch)
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
    let mut fields = vec![FieldChange::plan(Field::Title, None, Some(&planned.title))];
    if planned.closed {
        fields.push(FieldChange::plan(Field::State, None, Some(state_name(true))));
    }
    if let Some(milestone) = &milestone {
        fields.push(FieldChange::plan(Field::Milestone, None, Some(milestone)));
    }
    fields.extend(planned.labels.iter().map(|label| FieldChange::plan(Field::Label, None, Some(label))));
    fields.extend(planned.assignees.iter().map(|login| FieldChange::plan(Field::Assignee, None, Some(login))));
    let whole = text::with_blockers(&inside, &names(builder, &planned.depends_on));
    if let Some(whole) = some(&whole) {
        fields.push(FieldChange::plan(Field::Body, None, Some(whole)));
    }
    let text = IssueText {
        before: String::new(),
        after: String::new(),
        inside: Some(inside),
        blockers: blockers(builder, planned),
        marker: marker(builder, planned, pins.pin.contains_key(&planned.key)),
    };
    builder.diff.issue_texts.insert(planned.key.clone(), text);
    builder.diff.changes.push(Change {
        op: Op::Create,
        subject: Subject::Issue(IssueRef { key: planned.key.clone(), number: None }),
        title: planned.title.clone(),
        milestone,
        other: None,
        fields,
    });
    links::compare(builder, planned, None);
    pin(builder, planned, None, pins);
}

/// Lists the pinning or unpinning of a planned issue; whether there is any.
fn pin(builder: &mut Builder<'_>, planned: &PlannedIssue, number: Option<IssueNumber>, pins: &Pins) -> bool {
    let change = |op, from: Option<&str>, to: Option<&str>, why| Change {
        op,
        subject: Subject::Pin(IssueRef { key: planned.key.clone(), number }),
        title: planned.title.clone(),
        milestone: milestone_title(builder, planned.milestone.as_ref()),
        other: None,
        fields: vec![FieldChange::new(Field::Pinned, from, to, why)],
    };
    if pins.kept.contains(&planned.key) {
        let kept = change(Op::Pin, None, Some("pinned"), Why::Drift);
        builder.diff.kept.push(kept);
        return false;
    }
    let change = if let Some(why) = pins.pin.get(&planned.key) {
        change(Op::Pin, None, Some("pinned"), *why)
    } else if number.is_some_and(|number| pins.unpin.contains(&number)) {
        change(Op::Unpin, Some("pinned"), None, Why::Plan)
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
    let mut fields = plain::merged(builder, planned, matched);
    fields.agreed.extend(links.agreed);
    let text = body::merged(builder, planned, matched, links.changed, &mut fields);

    let milestone = milestone_title(builder, planned.milestone.as_ref());
    let subject = Subject::Issue(IssueRef { key: planned.key.clone(), number });
    let title = planned.title.clone();
    if !fields.kept.is_empty() {
        builder.diff.kept.push(Change {
            op: Op::Update,
            subject: subject.clone(),
            title: title.clone(),
            milestone: milestone.clone(),
            other: None,
            fields: fields.kept,
        });
    }
    let written_state = fields.written.iter().any(|field| field.field == Field::State);
    let op = match &matched.how {
        How::Adopted | How::Moved | How::Shared => Some(Op::Adopt),
        How::Renamed => Some(Op::Rename),
        How::Key if written_state => Some(if planned.closed { Op::Close } else { Op::Reopen }),
        How::Key if !fields.written.is_empty() => Some(Op::Update),
        How::Key if !fields.agreed.is_empty() => Some(Op::Adopt),
        How::Key => None,
    };
    // What a server cannot hold is never finished there.
    let is_finished_now = is_unfinished(builder, matched) && !builder.snapshot.lacks.any();
    let not_held = matched.marker.as_ref().map(|marker| &marker.base.not_held);
    let is_stale = is_stale(builder, planned, matched)
        || not_held.is_some_and(|not_held| *not_held != links::not_held(builder, planned))
        || pins.forgotten.contains(&observed.number)
        || is_finished_now;
    let refreshed = op.is_none() && !links.changed && !pinned && is_stale;
    if refreshed {
        builder.diff.refreshed.insert((planned.key.clone(), observed.number));
    }
    if op.is_some() || links.changed || pinned || refreshed {
        let ours = pins.pin.contains_key(&planned.key)
            || pins.kept.contains(&planned.key)
            || pins.stay.contains(&observed.number);
        let text = IssueText { marker: marker(builder, planned, ours), ..text };
        builder.diff.issue_texts.insert(planned.key.clone(), text);
    }
    let Some(op) = op else {
        builder.diff.unchanged += 1;
        return;
    };
    let fields = if fields.written.is_empty() { fields.agreed } else { fields.written };
    builder.diff.changes.push(Change { op, subject, title, milestone, other: None, fields });
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
