//! Milestones: title, due date, state, and the block in their description.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::fields::{Fields, some};
use super::merge::{self, Verdict};
use super::merged_text::{Base, Merged, There, merge};
use super::{Builder, Change, Field, FieldChange, Kind, MilestoneText, Op, Subject, Why, boxes, text};
use crate::matching::block::neutral;
use crate::matching::marker::{Found, Marker, MilestoneBase};
use crate::matching::{How, MatchedMilestone, Notice};
use crate::model::snapshot::{IssueNumber, state_name};
use crate::plan::settings::{Drift, Removed};
use crate::plan::{PlanId, PlannedMilestone};

/// Compares the milestones of the plan with the repository's.
pub fn compare(builder: &mut Builder<'_>) {
    for planned in &builder.plan.milestones {
        match builder.matches.milestones.get(&planned.key) {
            None => create(builder, planned),
            Some(matched) if matched.how == How::Shared => builder.diff.unchanged += 1,
            Some(matched) => update(builder, planned, &matched.clone()),
        }
    }
}

fn marker(plan: &PlanId, planned: &PlannedMilestone) -> Marker<MilestoneBase> {
    let PlannedMilestone { key, title, due_on, closed, description, span: _ } = planned;
    let inside = inside(description);
    let base = MilestoneBase {
        title: title.clone(),
        due_on: *due_on,
        removed_due_on: None,
        closed: *closed,
        removed: false,
        text: text::digest(&inside),
        ticked: boxes::ticked(&inside),
    };
    Marker { plan: plan.clone(), key: key.clone(), base }
}

/// What the plan's description is inside of a block.
fn inside(description: &str) -> String {
    neutral(&text::normal(description))
}

fn create(builder: &mut Builder<'_>, planned: &PlannedMilestone) {
    let inside = inside(&planned.description);
    let mut fields = vec![FieldChange::plan(Field::Title, None, Some(&planned.title))];
    if !inside.is_empty() {
        fields.push(FieldChange::plan(Field::Description, None, Some(&inside)));
    }
    if let Some(due) = planned.due_on {
        fields.push(FieldChange::plan(Field::DueOn, None, Some(&due.to_string())));
    }
    if planned.closed {
        fields.push(FieldChange::plan(Field::State, None, Some(state_name(true))));
    }
    let text = MilestoneText {
        before: String::new(),
        after: String::new(),
        inside: Some(inside),
        marker: marker(&builder.plan.id, planned),
    };
    push(builder, Op::Create, planned, None, fields, text);
}

fn push(
    builder: &mut Builder<'_>,
    op: Op,
    planned: &PlannedMilestone,
    matched: Option<&MatchedMilestone<'_>>,
    fields: Vec<FieldChange>,
    text: MilestoneText,
) {
    let subject = Subject::Milestone(planned.key.clone(), matched.map(|matched| matched.observed.number));
    let title = planned.title.clone();
    builder.diff.milestone_texts.insert(planned.key.clone(), text);
    builder.diff.changes.push(Change { op, subject, milestone: Some(title.clone()), other: None, title, fields });
}

fn update(builder: &mut Builder<'_>, planned: &PlannedMilestone, matched: &MatchedMilestone<'_>) {
    let drift = builder.plan.settings.drift;
    let observed = matched.observed;
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    let mut fields = Fields::default();
    let old = matched.marker.as_ref().filter(|_| matched.how != How::Key);
    fields.take_identity(old, &builder.plan.id, &planned.key);
    let verdict = merge::value(&planned.title, base.map(|base| &base.title), &observed.title, drift);
    fields.take(verdict, Field::Title, Some(&observed.title), Some(&planned.title));
    let mut text = description(builder, planned, &observed.description, &mut fields);
    text.marker.base.removed_due_on = due_on(builder, planned, matched, &mut fields);
    let verdict = match merge::closed(planned.closed, base.map(|base| base.closed), observed.closed, drift) {
        // People closed it, and there was nothing more to do in it then.
        Verdict::Same if observed.closed && !planned.closed && something_opens(builder, planned) => {
            Verdict::Write(Why::Plan)
        }
        verdict => verdict,
    };
    fields.take(verdict, Field::State, Some(state_name(observed.closed)), Some(state_name(planned.closed)));

    let number = Some(observed.number);
    let subject = Subject::Milestone(planned.key.clone(), number);
    let title = planned.title.clone();
    if !fields.kept.is_empty() {
        let milestone = Some(title.clone());
        let change = Change { op: Op::Update, subject, title, milestone, other: None, fields: fields.kept };
        builder.diff.kept.push(change);
    }
    let op = match (&matched.how, fields.written.iter().find(|field| field.field == Field::State)) {
        (How::Adopted | How::Moved, _) => Op::Adopt,
        (How::Renamed, _) => Op::Rename,
        (_, Some(_)) if planned.closed => Op::Close,
        (_, Some(_)) => Op::Reopen,
        _ if !fields.written.is_empty() => Op::Update,
        _ if !fields.agreed.is_empty() => Op::Adopt,
        _ => {
            builder.diff.unchanged += 1;
            return;
        }
    };
    let all = if fields.written.is_empty() { fields.agreed } else { fields.written };
    push(builder, op, planned, Some(matched), all, text);
}

/// Merges the due date; comes back with a date that is taken away, or was before.
fn due_on(
    builder: &mut Builder<'_>,
    planned: &PlannedMilestone,
    matched: &MatchedMilestone<'_>,
    fields: &mut Fields,
) -> Option<Date> {
    let (drift, observed) = (builder.plan.settings.drift, matched.observed.due_on);
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    // A date that people gave to a milestone before it was adopted stays, where the plan says nothing of it.
    if planned.due_on.is_none() && base.is_none() && drift == Drift::Keep {
        return None;
    }
    // The server kept a date that was taken away: people did not set it, and to ask again would not help.
    let kept = base.and_then(|base| base.removed_due_on).filter(|day| observed == Some(*day));
    if let Some(day) = kept.filter(|_| planned.due_on.is_none()) {
        builder.diff.notices.push(Notice::DateKept(planned.title.clone(), day));
        return kept;
    }
    let base = if kept.is_some() { Some(&observed) } else { base.map(|base| &base.due_on) };
    let verdict = merge::value(&planned.due_on, base, &observed, drift);
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    fields.take(verdict, Field::DueOn, day(observed).as_deref(), day(planned.due_on).as_deref());
    observed.filter(|_| planned.due_on.is_none() && matches!(verdict, Verdict::Write(_)))
}

/// Merges the description; comes back with the text as it will be.
fn description(
    builder: &Builder<'_>,
    planned: &PlannedMilestone,
    observed: &str,
    fields: &mut Fields,
) -> MilestoneText {
    let wanted = inside(&planned.description);
    let marker = marker(&builder.plan.id, planned);
    let Some(there) = There::<MilestoneBase>::new(observed, &wanted) else {
        fields.take(Verdict::Write(Why::Plan), Field::Description, None, some(&wanted));
        return MilestoneText { before: text::above(observed), after: String::new(), inside: Some(wanted), marker };
    };
    let inside = there.inside.map(|inside| {
        let observed = boxes::canonical(&text::normal(inside));
        let base = there.base.as_ref().map(|base| Base { text: &base.text, ticked: &base.ticked });
        let Merged { text, verdict, drift } = merge(&wanted, base, &observed, builder.plan.settings.drift);
        if let Some(goal) = &drift {
            fields.take(Verdict::Kept, Field::Description, some(&observed), some(goal));
        }
        fields.take(verdict, Field::Description, some(&observed), some(&text));
        text
    });
    MilestoneText { before: there.before.to_owned(), after: there.after.to_owned(), inside, marker }
}

/// Whether the diff opens an issue in a milestone: a new one, one that is reopened, or one that moves there.
fn something_opens(builder: &Builder<'_>, planned: &PlannedMilestone) -> bool {
    let opens = |change: &&Change| {
        let state = change.field(Field::State).and_then(|state| state.to.as_deref());
        let is_open = || change.number().is_some_and(|number| builder.snapshot.is_open(IssueNumber(number)));
        match (change.op, state) {
            (Op::Create, state) => state.is_none(),
            (_, Some(state)) => state == state_name(false),
            (_, None) => change.field(Field::Milestone).is_some() && is_open(),
        }
    };
    let issues = builder.diff.changes.iter().filter(|change| change.kind() == Kind::Issue);
    issues.filter(|change| change.milestone.as_deref() == Some(&planned.title)).any(|change| opens(&change))
}

/// Closes the milestones that left the plan and have no open issue, once what the diff closes is closed.
pub fn close_removed(builder: &mut Builder<'_>) {
    if builder.plan.settings.removed == Removed::Keep {
        return;
    }
    let leaving: BTreeSet<u64> = builder
        .diff
        .changes
        .iter()
        .filter(|change| matches!(change.subject, Subject::Issue(_)))
        .filter(|change| {
            let closes = change.field(Field::State).is_some_and(|state| state.to.as_deref() == Some("closed"));
            closes || change.field(Field::Milestone).is_some()
        })
        .filter_map(Change::number)
        .collect();
    for matched in std::mem::take(&mut builder.matches.removed_milestones) {
        let Some(old) = &matched.marker else { continue };
        let milestone = matched.observed;
        let is_used = builder.snapshot.issues.iter().any(|issue| {
            issue.milestone == Some(milestone.number) && !issue.closed && !leaving.contains(&issue.number.0)
        });
        if milestone.closed || old.base.removed || is_used {
            continue;
        }
        let Found::Marker(mut marker, block) = Marker::<MilestoneBase>::find(&milestone.description) else { continue };
        marker.base.closed = true;
        marker.base.removed = true;
        let text = MilestoneText {
            before: block.before.to_owned(),
            after: block.after.to_owned(),
            inside: block.inside.map(text::normal),
            marker: *marker,
        };
        builder.diff.milestone_texts.insert(old.key.clone(), text);
        builder.diff.changes.push(Change {
            op: Op::Close,
            subject: Subject::Milestone(old.key.clone(), Some(milestone.number)),
            title: milestone.title.clone(),
            milestone: Some(milestone.title.clone()),
            other: None,
            fields: vec![FieldChange::plan(Field::State, Some(state_name(false)), Some(state_name(true)))],
        });
    }
}
