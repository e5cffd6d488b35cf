//! Issues that the plan does not have, or has twice: what becomes of them.

use crate::diff::pins::Pins;
use crate::diff::{Builder, Change, Field, FieldChange, IssueRef, IssueText, Op, Subject, text};
use crate::matching::MatchedIssue;
use crate::matching::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{StateReason, state_name};
use crate::plan::PlanKey;
use crate::plan::settings::Removed;

/// The fields of an issue that is closed for a reason.
pub fn closing(reason: StateReason) -> Vec<FieldChange> {
    vec![
        FieldChange::plan(Field::State, Some(state_name(false)), Some(state_name(true))),
        FieldChange::plan(Field::StateReason, None, Some(reason.as_str())),
    ]
}

/// An issue loses its pin.
pub fn pinned_field() -> FieldChange {
    FieldChange::plan(Field::Pinned, Some("pinned"), None)
}

/// Closes an issue whose item left the plan, unless it is closed already or was closed for that before.
pub fn close(builder: &mut Builder<'_>, matched: &MatchedIssue<'_>, pins: &Pins) {
    let issue = matched.observed;
    let Found::Marker(_, block) = Marker::<IssueBase>::find(&issue.body) else { return };
    let Some(mut marker) = matched.marker.clone() else { return };
    let unpin = pins.unpin.contains(&issue.number);
    let close = !issue.closed && !marker.base.removed && builder.plan.settings.removed == Removed::Close;
    let mut base = names_of_now(builder, &marker.base);
    base.pinned &= !pins.forgotten.contains(&issue.number);
    // One that people closed before is left now too: it is no other item later on, and is not closed when they open it.
    base.removed |= issue.closed && builder.plan.settings.removed == Removed::Close;
    if !unpin && !close {
        // The item may come back, and must be able to look up what it had.
        if base == marker.base {
            return;
        }
        builder.diff.refreshed.insert((marker.key.clone(), issue.number));
    }
    marker.base = base;
    let reference = IssueRef { key: marker.key.clone(), number: Some(issue.number) };
    let key = marker.key.clone();
    let pinned = pinned_field();
    marker.base.pinned &= !(close || unpin);
    let change = if close {
        marker.base.closed = true;
        marker.base.removed = true;
        builder.diff.closing.leaving.push((issue.number, issue.title.clone()));
        let mut fields = closing(StateReason::NotPlanned);
        // Its pin goes with it: one thing happens to the issue, not two.
        fields.extend(unpin.then_some(pinned));
        Some((Op::Close, Subject::Issue(reference), fields))
    } else {
        unpin.then(|| (Op::Unpin, Subject::Pin(reference), vec![pinned]))
    };
    let text = IssueText {
        before: block.before.to_owned(),
        after: block.after.to_owned(),
        inside: block.inside.map(text::normal),
        blockers: Vec::new(),
        marker,
    };
    builder.diff.issue_texts.insert(key, text);
    let Some((op, subject, fields)) = change else { return };
    let milestone = issue.milestone.and_then(|number| builder.snapshot.milestone(number)).map(|it| it.title.clone());
    builder.diff.changes.push(Change { op, subject, title: issue.title.clone(), milestone, other: None, fields });
}

/// What was last applied, by the keys and label names of now.
pub fn names_of_now(builder: &Builder<'_>, base: &IssueBase) -> IssueBase {
    let key = |key: &PlanKey| builder.matches.current_key(key).unwrap_or(key).clone();
    IssueBase {
        labels: builder.renamed_labels.in_base(Some(&base.labels)),
        depends_on: base.depends_on.iter().map(key).collect(),
        parent: base.parent.as_ref().map(key),
        milestone: base.milestone.as_ref().map(|key| builder.matches.milestone_key(key).unwrap_or(key).clone()),
        ..base.clone()
    }
}
