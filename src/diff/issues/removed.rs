//! Issues whose items left the plan.

use super::marker::with_current_names;
use crate::diff::builder::Builder;
use crate::diff::change::{Change, IssueChange, IssueEdits, LinkChange, LinkEdit, MarkerUpdate, Op};
use crate::diff::edit::Edit;
use crate::diff::issue_ref::IssueRef;
use crate::diff::pins::Pins;
use crate::diff::text;
use crate::diff::written::IssueText;
use crate::matching::MatchedIssue;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{IssueState, StateReason};
use crate::plan::settings::Removed;

/// The edits that close an issue and, if it is pinned, remove its pin.
pub(crate) fn closing(reason: StateReason, is_pinned: bool) -> IssueEdits {
    IssueEdits {
        state: Some(Edit::plan(Some(IssueState::Open), Some(IssueState::Closed(reason)))),
        pinned: is_pinned.then(|| Edit::plan(true, false)),
        ..IssueEdits::default()
    }
}

/// Closes an issue whose item left the plan, unless it is already closed or was closed for that reason before.
pub(crate) fn close(builder: &mut Builder<'_>, matched: &MatchedIssue<'_>, pins: &Pins) {
    let issue = matched.observed;
    let Found::Marker(written, block) = Marker::<IssueBase>::find(&issue.body) else { return };
    let Some(mut marker) = matched.marker.clone() else { return };
    let unpin = pins.unpin.contains(&issue.number);
    let close = !issue.closed && !marker.base.removed && builder.plan.settings.removed == Removed::Close;
    let mut base = with_current_names(builder, &marker.base);
    base.pinned &= !pins.forgotten.contains(&issue.number);
    // An issue that people had already closed is marked as removed, so that it never matches another item and stays
    // open if people reopen it.
    base.removed |= issue.closed && builder.plan.settings.removed == Removed::Close;
    marker.base = base;
    // If the item returns, the marker must still tell what was applied. It must not match the item that uses its key
    // now.
    if !unpin && !close && marker == *written {
        return;
    }
    marker.base.pinned &= !(close || unpin);
    if close {
        marker.base.closed = true;
        marker.base.removed = true;
        builder.diff.closing.leaving.push((issue.number, issue.title.clone()));
    }
    let reference = IssueRef { key: marker.key.clone(), number: Some(issue.number) };
    let text = IssueText {
        before: block.before.to_owned(),
        after: block.after.to_owned(),
        inside: block.inside.map(text::normal),
        blockers: Vec::new(),
        footer: None,
        marker,
    };
    let milestone = issue.milestone.and_then(|number| builder.snapshot.milestone(number)).map(|it| it.title.clone());
    let title = issue.title.clone();
    if close {
        // Closing removes the pin, so this is one change, not two.
        let edits = closing(StateReason::NotPlanned, unpin);
        let change = IssueChange { op: Op::Close, issue: reference, title, milestone, edits, text: Some(text) };
        builder.diff.changes.push(Change::Issue(Box::new(change)));
        return;
    }
    if unpin {
        let link = LinkEdit::Pin { issue: reference.clone(), edit: Edit::plan(true, false) };
        builder.diff.changes.push(Change::Link(LinkChange { op: Op::Unpin, link, title, milestone, other: None }));
    }
    builder.diff.marker_updates.push(MarkerUpdate { issue: reference, text, follows_links: unpin });
}
