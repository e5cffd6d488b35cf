//! Compares issues: title, milestone, labels, assignees, state, and the block in the body. Links and pins are compared
//! with each issue, because its marker records what was last applied of them.

mod body;
mod duplicates;
mod marker;
mod plain;
mod removed;

use self::marker::{blockers, inside, is_stale, is_unfinished, marker, milestone_title, names};
use super::builder::Builder;
use super::change::{Change, IssueChange, IssueEdits, LinkChange, LinkEdit, MarkerUpdate, Op};
use super::edit::{Edit, MemberEdit, Why};
use super::fields::{Sides, some};
use super::issue_ref::IssueRef;
use super::pins::Pins;
use super::written::IssueText;
use super::{links, text};
use crate::matching::{How, MatchedIssue};
use crate::model::snapshot::{IssueNumber, IssueState, StateReason};
use crate::plan::{PlannedIssue, order};

/// Compares the issues of the plan with the repository's.
pub(crate) fn compare(builder: &mut Builder<'_>, pins: &Pins) {
    for planned in order::blockers_first(builder.plan) {
        match builder.matches.issues.get(&planned.key).cloned() {
            None => create(builder, planned, pins),
            Some(matched) => update(builder, planned, &matched, pins),
        }
    }
    for matched in std::mem::take(&mut builder.matches.removed_issues) {
        // An issue that left the plan earlier is no longer managed.
        builder.diff.closing.managed += usize::from(matched.marker.as_ref().is_some_and(|it| !it.base.removed));
        removed::close(builder, &matched, pins);
    }
    duplicates::close(builder);
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
        footer: builder.footer(planned),
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

/// Adds a change that pins or unpins a planned issue. Returns whether there is one.
fn pin(builder: &mut Builder<'_>, planned: &PlannedIssue, number: Option<IssueNumber>, pins: &Pins) -> bool {
    let change = |op, edit| {
        let link = LinkEdit::Pin { issue: IssueRef { key: planned.key.clone(), number }, edit };
        let milestone = milestone_title(builder, planned.milestone.as_ref());
        Change::Link(LinkChange { op, link, title: planned.title.clone(), milestone, other: None })
    };
    if pins.kept.contains(&planned.key) {
        let kept = change(Op::Pin, Edit::new(false, true, Why::Drift));
        builder.diff.drift.push(kept);
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
    let mut text = body::merged(builder, planned, matched, links.changed, &mut sides);
    let Sides { written, kept, agreed } = sides;

    let milestone = milestone_title(builder, planned.milestone.as_ref());
    let issue = IssueRef { key: planned.key.clone(), number };
    let change = |op, edits, text| {
        let (issue, title, milestone) = (issue.clone(), planned.title.clone(), milestone.clone());
        Change::Issue(Box::new(IssueChange { op, issue, title, milestone, edits, text }))
    };
    if kept != IssueEdits::default() {
        builder.diff.drift.push(change(Op::Update, kept, None));
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
    text.marker.base.pinned = ours;
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
