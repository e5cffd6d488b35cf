//! Issues that the plan does not have, or has twice: what becomes of them.

use crate::diff::pins::Pins;
use crate::diff::{Builder, Change, Field, FieldChange, IssueRef, IssueText, Op, Subject, text};
use crate::identity::marker::{Found, IssueBase, Marker};
use crate::identity::matching::MatchedIssue;
use crate::plan::PlanKey;
use crate::plan::settings::Removed;
use crate::snapshot::{Issue, IssueNumber, StateReason, state_name};

fn closing(reason: StateReason) -> Vec<FieldChange> {
    vec![
        FieldChange::plan(Field::State, Some(state_name(false)), Some(state_name(true))),
        FieldChange::plan(Field::StateReason, None, Some(reason.as_str())),
    ]
}

/// Closes an issue that says it is an item which `first` is already.
pub fn close_duplicate(builder: &mut Builder<'_>, issue: &Issue, key: PlanKey, first: IssueNumber) {
    builder.diff.changes.push(Change {
        op: Op::Close,
        subject: Subject::Issue(IssueRef { key, number: Some(issue.number) }),
        title: format!("{} (the same as {first})", issue.title),
        milestone: None,
        other: None,
        fields: closing(StateReason::Duplicate),
    });
}

/// Closes an issue whose item left the plan, unless it is closed already or was closed for that before.
pub fn close(builder: &mut Builder<'_>, matched: &MatchedIssue<'_>, pins: &Pins) {
    let issue = matched.observed;
    let Found::Marker(mut marker, block) = Marker::<IssueBase>::find(&issue.body) else { return };
    let unpin = pins.unpin.contains(&issue.number);
    let close = !issue.closed && !marker.base.removed && builder.plan.settings.removed == Removed::Close;
    if !unpin && !close {
        return;
    }
    let reference = IssueRef { key: marker.key.clone(), number: Some(issue.number) };
    let key = marker.key.clone();
    let pinned = FieldChange::plan(Field::Pinned, Some("pinned"), None);
    marker.base.pinned = false;
    let (op, subject, fields) = if close {
        marker.base.closed = true;
        marker.base.removed = true;
        builder.diff.closing.leaving.push((issue.number, issue.title.clone()));
        let mut fields = closing(StateReason::NotPlanned);
        // Its pin goes with it: one thing happens to the issue, not two.
        fields.extend(unpin.then_some(pinned));
        (Op::Close, Subject::Issue(reference), fields)
    } else {
        (Op::Unpin, Subject::Pin(reference), vec![pinned])
    };
    let text = IssueText {
        before: block.before.to_owned(),
        after: block.after.to_owned(),
        inside: block.inside.map(text::normal),
        blockers: Vec::new(),
        marker: *marker,
    };
    builder.diff.issue_texts.insert(key, text);
    let milestone = issue.milestone.and_then(|number| builder.snapshot.milestone(number)).map(|it| it.title.clone());
    builder.diff.changes.push(Change { op, subject, title: issue.title.clone(), milestone, other: None, fields });
}
