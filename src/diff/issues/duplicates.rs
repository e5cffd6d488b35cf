//! Closes issues that duplicate the issue of a plan item.

use super::removed::closing;
use crate::diff::builder::Builder;
use crate::diff::change::{Change, IssueChange, LinkChange, LinkEdit, Op};
use crate::diff::edit::Edit;
use crate::diff::issue_ref::IssueRef;
use crate::model::snapshot::StateReason;

/// Closes open twins as duplicates. A twin that is already closed loses a pin that a run gave it.
pub(super) fn close(builder: &mut Builder<'_>) {
    let twins = std::mem::take(&mut builder.twins);
    builder.diff.duplicates = twins.kept();
    for (kept, twin) in twins.all() {
        let is_pinned = builder.snapshot.pins.contains(&twin.issue.number);
        let issue = IssueRef { key: twin.key.clone(), number: Some(twin.issue.number) };
        let title = format!("{} (the same as {kept})", twin.issue.title);
        if twin.issue.closed {
            if is_pinned && twin.base.pinned {
                let link = LinkEdit::Pin { issue, edit: Edit::plan(true, false) };
                let change = LinkChange { op: Op::Unpin, link, title, milestone: None, other: None };
                builder.diff.changes.push(Change::Link(change));
            }
            continue;
        }
        let edits = closing(StateReason::Duplicate, is_pinned);
        let change = IssueChange { op: Op::Close, issue, title, milestone: None, edits, text: None };
        builder.diff.changes.push(Change::Issue(Box::new(change)));
    }
    builder.twins = twins;
}
