//! Compares milestones: title, due date, state, and the block in the description.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::builder::Builder;
use super::change::{Change, IssueChange, MilestoneChange, MilestoneEdits, Op};
use super::edit::{Edit, Why};
use super::fields::{Sides, identity, some};
use super::issue_ref::IssueRef;
use super::merge::{self, MergeOutcome};
use super::merged_text::{BaseText, ExistingText, MergedText, merge};
use super::written::MilestoneText;
use super::{boxes, text};
use crate::matching::{How, MatchedMilestone, Notice};
use crate::model::block::neutral;
use crate::model::marker::{Found, Marker, MilestoneBase};
use crate::model::snapshot::{IssueNumber, IssueState, MilestoneNumber};
use crate::plan::settings::{Drift, Removed};
use crate::plan::{PlanId, PlannedMilestone};

/// Compares the milestones of the plan with the repository's.
pub(crate) fn compare(builder: &mut Builder<'_>) {
    for planned in &builder.plan.milestones {
        match builder.matches.milestones.get(&planned.key) {
            None => create(builder, planned),
            Some(matched) if matched.how == How::Shared => builder.diff.unchanged += 1,
            Some(matched) => update(builder, planned, &matched.clone()),
        }
    }
}

fn marker(plan: &PlanId, planned: &PlannedMilestone) -> Marker<MilestoneBase> {
    let PlannedMilestone { key, title, due_on, closed, description, span: _, spans: _ } = planned;
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

/// The plan's description in the form in which it is written into the block.
fn inside(description: &str) -> String {
    neutral(&text::normal(description))
}

fn create(builder: &mut Builder<'_>, planned: &PlannedMilestone) {
    let inside = inside(&planned.description);
    let edits = MilestoneEdits {
        title: Some(Edit::created(planned.title.clone())),
        description: some(&inside).map(Edit::created),
        due_on: planned.due_on.map(Edit::created),
        closed: planned.closed.then(|| Edit::created(true)),
        ..MilestoneEdits::default()
    };
    let text = MilestoneText {
        before: String::new(),
        after: String::new(),
        inside: Some(inside),
        marker: marker(&builder.plan.id, planned),
    };
    builder.diff.changes.push(change(Op::Create, planned, None, edits, Some(text)));
}

fn change(
    op: Op,
    planned: &PlannedMilestone,
    number: Option<MilestoneNumber>,
    edits: MilestoneEdits,
    text: Option<MilestoneText>,
) -> Change {
    let (key, title) = (planned.key.clone(), planned.title.clone());
    Change::Milestone(Box::new(MilestoneChange { op, key, number, title, edits, text }))
}

fn update(builder: &mut Builder<'_>, planned: &PlannedMilestone, matched: &MatchedMilestone<'_>) {
    let drift = builder.plan.settings.drift;
    let observed = matched.observed;
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    let mut sides: Sides<MilestoneEdits> = Sides::default();
    let old = matched.marker.as_ref().filter(|_| matched.how != How::Key);
    sides.written.identity = identity(old, &builder.plan.id, &planned.key);
    let verdict = merge::value(&planned.title, base.map(|base| &base.title), &observed.title, drift);
    let titles = (Some(observed.title.clone()), Some(planned.title.clone()));
    sides.take(verdict, |edits| &mut edits.title, titles.0, titles.1);
    let mut text = description(builder, planned, &observed.description, &mut sides);
    text.marker.base.removed_due_on = due_on(builder, planned, matched, &mut sides);
    let verdict = match merge::closed(planned.closed, base.map(|base| base.closed), observed.closed, drift) {
        // People closed the milestone when nothing was left to do in it; now there is open work again.
        MergeOutcome::Same if observed.closed && !planned.closed && gains_open_issue(builder, planned) => {
            MergeOutcome::Write(Why::Plan)
        }
        verdict => verdict,
    };
    sides.take(verdict, |edits| &mut edits.closed, Some(observed.closed), Some(planned.closed));

    let Sides { written, kept, agreed } = sides;
    let number = Some(observed.number);
    if kept != MilestoneEdits::default() {
        builder.diff.drift.push(change(Op::Update, planned, number, kept, None));
    }
    let is_written = written != MilestoneEdits::default();
    let op = match &matched.how {
        How::Adopted | How::Moved => Op::Adopt,
        How::Renamed => Op::Rename,
        How::Key | How::Shared if written.closed.is_some() && planned.closed => Op::Close,
        How::Key | How::Shared if written.closed.is_some() => Op::Reopen,
        How::Key | How::Shared if is_written => Op::Update,
        How::Key | How::Shared if agreed != MilestoneEdits::default() => Op::Adopt,
        How::Key | How::Shared => {
            builder.diff.unchanged += 1;
            return;
        }
    };
    let edits = if is_written { written } else { agreed };
    builder.diff.changes.push(change(op, planned, number, edits, Some(text)));
}

/// Merges the due date. Returns a date that is being removed now or was removed before, for the marker.
fn due_on(
    builder: &mut Builder<'_>,
    planned: &PlannedMilestone,
    matched: &MatchedMilestone<'_>,
    sides: &mut Sides<MilestoneEdits>,
) -> Option<Date> {
    let (drift, observed) = (builder.plan.settings.drift, matched.observed.due_on);
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    // If the plan gives no date, a date that people set before the milestone was adopted stays.
    if planned.due_on.is_none() && base.is_none() && drift == Drift::Keep {
        return None;
    }
    // The server kept a date that was removed. People did not set it, and asking again would not help.
    let kept = base.and_then(|base| base.removed_due_on).filter(|day| observed == Some(*day));
    if let Some(day) = kept.filter(|_| planned.due_on.is_none()) {
        builder.diff.notices.push(Notice::DateKept(planned.title.clone(), day));
        return kept;
    }
    let base = if kept.is_some() { Some(&observed) } else { base.map(|base| &base.due_on) };
    let verdict = merge::value(&planned.due_on, base, &observed, drift);
    sides.take(verdict, |edits| &mut edits.due_on, observed, planned.due_on);
    observed.filter(|_| planned.due_on.is_none() && matches!(verdict, MergeOutcome::Write(_)))
}

/// Merges the description and returns the text to write.
fn description(
    builder: &Builder<'_>,
    planned: &PlannedMilestone,
    observed: &str,
    sides: &mut Sides<MilestoneEdits>,
) -> MilestoneText {
    let wanted = inside(&planned.description);
    let marker = marker(&builder.plan.id, planned);
    let Some(there) = ExistingText::<MilestoneBase>::new(observed, &wanted) else {
        sides.take(MergeOutcome::Write(Why::Plan), |edits| &mut edits.description, None, some(&wanted));
        return MilestoneText { before: text::above(observed), after: String::new(), inside: Some(wanted), marker };
    };
    let inside = there.inside.map(|inside| {
        let observed = boxes::canonical(&text::normal(inside));
        let base = there.base.as_ref().map(|base| BaseText { text: &base.text, ticked: &base.ticked });
        let MergedText { text, verdict, drift } = merge(&wanted, base, &observed, builder.plan.settings.drift);
        if let Some(goal) = &drift {
            sides.take(MergeOutcome::Kept, |edits| &mut edits.description, some(&observed), some(goal));
        }
        sides.take(verdict, |edits| &mut edits.description, some(&observed), some(&text));
        text
    });
    MilestoneText { before: there.before.to_owned(), after: there.after.to_owned(), inside, marker }
}

/// Whether the diff opens an issue in a milestone: it creates or reopens one, or moves an open one there.
fn gains_open_issue(builder: &Builder<'_>, planned: &PlannedMilestone) -> bool {
    let is_open = |issue: &IssueRef| issue.number.is_some_and(|number| builder.snapshot.is_open(number));
    let opens = |change: &IssueChange| match (&change.edits.state, change.op) {
        (state, Op::Create) => state.is_none(),
        (Some(state), _) => state.to == Some(IssueState::Open),
        (None, _) => change.edits.milestone.is_some() && is_open(&change.issue),
    };
    let issues = builder.diff.changes.iter().filter_map(Change::as_issue);
    issues.filter(|change| change.milestone.as_deref() == Some(&planned.title)).any(opens)
}

/// Closes milestones that left the plan and will have no open issue once the diff is applied.
pub(crate) fn close_removed(builder: &mut Builder<'_>) {
    if builder.plan.settings.removed == Removed::Keep {
        return;
    }
    let closes = |change: &IssueChange| {
        change.edits.state.as_ref().is_some_and(|state| matches!(state.to, Some(IssueState::Closed(_))))
    };
    let issues = builder.diff.changes.iter().filter_map(Change::as_issue);
    let leaving = issues.filter(|change| closes(change) || change.edits.milestone.is_some());
    let leaving: BTreeSet<IssueNumber> = leaving.filter_map(|change| change.issue.number).collect();
    for matched in std::mem::take(&mut builder.matches.removed_milestones) {
        let Some(old) = &matched.marker else { continue };
        let milestone = matched.observed;
        let is_used = builder.snapshot.issues.iter().any(|issue| {
            issue.milestone == Some(milestone.number) && !issue.closed && !leaving.contains(&issue.number)
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
        let closed = Some(Edit::plan(Some(false), Some(true)));
        builder.diff.changes.push(Change::Milestone(Box::new(MilestoneChange {
            op: Op::Close,
            key: old.key.clone(),
            number: Some(milestone.number),
            title: milestone.title.clone(),
            edits: MilestoneEdits { closed, ..MilestoneEdits::default() },
            text: Some(text),
        })));
    }
}
