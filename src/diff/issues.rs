//! Issues: title, milestone, labels, assignees, state, and the block in their text; with each issue its links and pin,
//! because what was last applied of them stands in its marker.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, some};
use super::merge::{self, Verdict};
use super::pins::Pins;
use super::{Builder, Change, Field, FieldChange, IssueRef, IssueText, Op, Subject, Why, links, text};
use crate::identity::block::neutral;
use crate::identity::marker::{Batch, Found, IssueBase, Marker};
use crate::identity::matching::{How, MatchedIssue, is_lost};
use crate::plan::settings::Removed;
use crate::plan::{PlanKey, PlannedIssue, order};
use crate::snapshot::{IssueNumber, StateReason, fold, state_name};

/// Compares the issues of the plan with the repository's.
pub fn compare(builder: &mut Builder<'_>, pins: &Pins) {
    for planned in order::blockers_first(builder.plan) {
        match builder.matches.issues.get(&planned.key).cloned() {
            None => create(builder, planned, pins),
            Some(matched) => update(builder, planned, &matched, pins),
        }
    }
    for matched in std::mem::take(&mut builder.matches.removed_issues) {
        builder.diff.closing.managed += 1;
        remove(builder, &matched, pins);
    }
    for (issue, key, first) in std::mem::take(&mut builder.matches.duplicates) {
        let number = Some(issue.number);
        let fields = vec![
            FieldChange::plan(Field::State, Some(state_name(false)), Some(state_name(true))),
            FieldChange::plan(Field::StateReason, None, Some(StateReason::Duplicate.as_str())),
        ];
        builder.diff.changes.push(Change {
            op: Op::Close,
            subject: Subject::Issue(IssueRef { key, number }),
            title: format!("{} (the same as {first})", issue.title),
            milestone: None,
            other: None,
            fields,
        });
    }
}

/// What the plan's text is inside of a block.
fn inside(body: &str) -> String {
    neutral(&text::normal(body))
}

fn marker(builder: &Builder<'_>, planned: &PlannedIssue, pinned: bool) -> Marker<IssueBase> {
    let PlannedIssue { key, title, milestone, labels, assignees, depends_on, parent, closed, gate: _, body, span: _ } =
        planned;
    let inside = inside(body);
    let base = IssueBase {
        title: title.clone(),
        milestone: milestone.clone(),
        closed: *closed,
        removed: false,
        labels: labels.clone(),
        assignees: assignees.clone(),
        depends_on: depends_on.clone(),
        parent: parent.clone(),
        pinned,
        text: text::digest(&inside),
        ticked: text::ticked(&inside),
        // The text of an issue that was there is written after its links: they are made then.
        batch: builder.matches.issues.get(key).and_then(|matched| {
            let batch = matched.marker.as_ref()?.base.batch.clone()?;
            Some(Batch { done: true, ..batch })
        }),
    };
    Marker { plan: builder.plan.id.clone(), key: key.clone(), base }
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
    let mut fields = plain_fields(builder, planned, matched);
    fields.agreed.extend(links.agreed);
    let text = body(builder, planned, matched, links.changed, &mut fields);

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
    let refreshed = op.is_none() && !links.changed && !pinned && names_renamed(builder, matched);
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

/// Whether a marker names items by keys that they lose: the next run could not look them up any more.
fn names_renamed(builder: &Builder<'_>, matched: &MatchedIssue<'_>) -> bool {
    let Some(base) = matched.marker.as_ref().map(|marker| &marker.base) else { return false };
    base.depends_on.iter().chain(&base.parent).any(|key| is_lost(&builder.matches.issues, key))
        || base.milestone.as_ref().is_some_and(|key| is_lost(&builder.matches.milestones, key))
}

/// Merges every field but the text.
fn plain_fields(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>) -> Fields {
    let drift = builder.plan.settings.drift;
    let observed = matched.observed;
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    let mut fields = Fields::default();
    fields.take_identity(matched.marker.as_ref(), &builder.plan.id, &planned.key);
    let verdict = merge::value(&planned.title, base.map(|base| &base.title), &observed.title, drift);
    fields.take(verdict, Field::Title, Some(&observed.title), Some(&planned.title));

    let closed = matched.marker.as_ref().map(|old| old.base.closed && builder.was_made(old, observed.closed));
    let verdict = merge::closed(planned.closed, closed, observed.closed, drift);
    fields.take(verdict, Field::State, Some(state_name(observed.closed)), Some(state_name(planned.closed)));
    milestone(builder, planned, matched, &mut fields);

    let names = [
        (Field::Label, &planned.labels, base.map(|base| &base.labels), &observed.labels),
        (Field::Assignee, &planned.assignees, base.map(|base| &base.assignees), &observed.assignees),
    ];
    for (field, planned, base, observed) in names {
        let by_fold = |names: &BTreeSet<String>| -> BTreeMap<String, String> {
            names.iter().map(|name| (fold(name), name.clone())).collect()
        };
        let (planned, observed) = (by_fold(planned), by_fold(observed));
        let base = base.map(by_fold).unwrap_or_default();
        let mut all: BTreeMap<&String, &String> = base.iter().collect();
        all.extend(planned.iter().chain(&observed));
        for (fold, name) in all {
            let is_planned = planned.contains_key(fold);
            let verdict = merge::member(is_planned, base.contains_key(fold), observed.contains_key(fold), drift);
            fields.take_member(verdict, field, name, is_planned);
        }
    }
    fields
}

/// Merges the milestone by what it is, not by what it is called.
fn milestone(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>, fields: &mut Fields) {
    /// A milestone that is there, or that the diff creates.
    #[derive(PartialEq)]
    enum Place<'p> {
        There(crate::snapshot::MilestoneNumber),
        New(&'p PlanKey),
    }
    let place = |key| builder.matches.milestone_number(key).map_or(Place::New(key), Place::There);
    let wanted = planned.milestone.as_ref().map(place);
    let observed = matched.observed.milestone.map(Place::There);
    // A base that exists no more was taken away together with its milestone, not from this issue.
    let base = matched.marker.as_ref().map(|marker| {
        marker.base.milestone.as_ref().and_then(|key| builder.matches.milestone_number(key)).map(Place::There)
    });
    let verdict = merge::value(&wanted, base.as_ref(), &observed, builder.plan.settings.drift);
    let observed_title = matched.observed.milestone.and_then(|number| builder.snapshot.milestone(number));
    let from = observed_title.map(|milestone| milestone.title.as_str());
    let to = milestone_title(builder, planned.milestone.as_ref());
    fields.take(verdict, Field::Milestone, from, to.as_deref());
}

/// Merges the text; comes back with the text as it will be, its marker still the old one.
fn body(
    builder: &Builder<'_>,
    planned: &PlannedIssue,
    matched: &MatchedIssue<'_>,
    links_change: bool,
    fields: &mut Fields,
) -> IssueText {
    let wanted = inside(&planned.body);
    let observed = matched.observed;
    let blockers = blockers(builder, planned);
    let wanted_names = names(builder, &planned.depends_on);
    let Found::Marker(marker, block) = Marker::<IssueBase>::find(&observed.body) else {
        let goal = text::with_blockers(&wanted, &wanted_names);
        fields.take(Verdict::Write(Why::Plan), Field::Body, None, some(&goal));
        let gap = if observed.body.is_empty() { "" } else { "\n\n" };
        return IssueText {
            before: format!("{}{gap}", observed.body),
            after: String::new(),
            inside: Some(wanted),
            blockers,
            marker: marker(builder, planned, false),
        };
    };
    let inside = block.inside.map(|inside| {
        let there = text::normal(inside);
        let (there, there_blockers) = text::split_blockers(&there);
        let verdict = merge::value(
            &text::digest(&wanted),
            Some(&marker.base.text),
            &text::digest(there),
            builder.plan.settings.drift,
        );
        let merged = match verdict {
            Verdict::Kept => there.to_owned(),
            _ => text::with_ticks(&wanted, &marker.base.ticked, there),
        };
        let wanted_blockers: Option<BTreeSet<IssueNumber>> = blockers.iter().map(|blocker| blocker.number).collect();
        let blockers_change = !links_change && wanted_blockers.as_ref() != Some(&there_blockers);
        let from = text::with_blockers(there, &links::names(builder, &there_blockers));
        let verdict = match verdict {
            Verdict::Same | Verdict::Agreed if merged != text::canonical(there) || blockers_change => {
                Verdict::Write(Why::Plan)
            }
            Verdict::Kept => {
                fields.take(Verdict::Kept, Field::Body, some(there), some(&wanted));
                if blockers_change { Verdict::Write(Why::Plan) } else { Verdict::Same }
            }
            other => other,
        };
        let to = text::with_blockers(&merged, &wanted_names);
        fields.take(verdict, Field::Body, some(&from), some(&to));
        merged
    });
    IssueText { before: block.before.to_owned(), after: block.after.to_owned(), inside, blockers, marker: *marker }
}

/// Closes an issue whose item left the plan, unless it is closed already or was closed for that before.
fn remove(builder: &mut Builder<'_>, matched: &MatchedIssue<'_>, pins: &Pins) {
    let issue = matched.observed;
    let Found::Marker(mut marker, block) = Marker::<IssueBase>::find(&issue.body) else { return };
    let unpin = pins.unpin.contains(&issue.number);
    let close = !issue.closed && !marker.base.removed && builder.plan.settings.removed == Removed::Close;
    if !unpin && !close {
        return;
    }
    let reference = IssueRef { key: marker.key.clone(), number: Some(issue.number) };
    let key = marker.key.clone();
    let milestone = issue.milestone.and_then(|number| builder.snapshot.milestone(number)).map(|it| it.title.clone());
    let pinned = FieldChange::plan(Field::Pinned, Some("pinned"), None);
    marker.base.pinned = false;
    let change = if close {
        marker.base.closed = true;
        marker.base.removed = true;
        builder.diff.closing.closing += 1;
        let mut fields = vec![
            FieldChange::plan(Field::State, Some(state_name(false)), Some(state_name(true))),
            FieldChange::plan(Field::StateReason, None, Some(StateReason::NotPlanned.as_str())),
        ];
        // Its pin goes with it: one thing happens to the issue, not two.
        fields.extend(unpin.then_some(pinned));
        Change {
            op: Op::Close,
            subject: Subject::Issue(reference),
            title: issue.title.clone(),
            milestone,
            other: None,
            fields,
        }
    } else {
        let fields = vec![pinned];
        Change {
            op: Op::Unpin,
            subject: Subject::Pin(reference),
            title: issue.title.clone(),
            milestone,
            other: None,
            fields,
        }
    };
    let text = IssueText {
        before: block.before.to_owned(),
        after: block.after.to_owned(),
        inside: block.inside.map(text::normal),
        blockers: Vec::new(),
        marker: *marker,
    };
    builder.diff.issue_texts.insert(key, text);
    builder.diff.changes.push(change);
}
