//! Creates and removes links and pins, and corrects the markers of issues for which that failed.

use anyhow::{Context, Error, Result};

use super::{Progress, Run, as_link};
use crate::diff::{Change, IssueRef, LinkChange, LinkEdit, Op};
use crate::model::marker::LinkKind;
use crate::model::snapshot::IssueNumber;
use crate::repository::{Link, LinkOutcome, Writer};

impl<'d, W: Writer, P: Progress> Run<'d, '_, W, P> {
    /// Makes the changes to links and pins, one kind after the other, and prepares the markers accordingly.
    pub(super) async fn links(&mut self) {
        if self.has_stopped() {
            let diff = self.diff;
            let links = diff.changes.iter().filter_map(|change| Some((change, as_link(change)?)));
            links.for_each(|(_, link)| self.skip_link(link));
            return;
        }
        let mut links: Vec<(Option<(&'d Change, &'d LinkChange)>, Link)> = Vec::new();
        for change in &self.diff.changes {
            match change {
                Change::Label(_) | Change::Milestone(_) => {}
                // Closing an issue that left the plan frees its pin.
                Change::Issue(issue) => {
                    let unpinned = issue.issue.number.filter(|_| issue.edits.pinned.is_some());
                    links.extend(unpinned.map(|number| (None, Link::Unpin(number))));
                }
                Change::Link(link) => {
                    self.progress.begin(change);
                    match self.resolve(link) {
                        Ok(call) => links.push((Some((change, link)), call)),
                        Err(error) => self.fail_link(change, link, error),
                    }
                }
            }
        }
        // Unpinning comes first, so that pins are free for new gates.
        links.sort_by_key(|(_, link)| phase(*link));
        for batch in links.chunk_by(|(_, a), (_, b)| phase(*a) == phase(*b)) {
            if self.is_asked_to_stop() {
                batch.iter().filter_map(|(change, _)| *change).for_each(|(_, link)| self.skip_link(link));
                continue;
            }
            let calls: Vec<Link> = batch.iter().map(|(_, link)| *link).collect();
            let results = self.writer.link(&calls).await;
            for ((change, call), result) in batch.iter().zip(results) {
                if let (Link::Unpin(number), Err(_)) = (call, &result) {
                    self.still_pinned.insert(*number);
                }
                let Some((change, link)) = *change else { continue };
                match result {
                    Ok(LinkOutcome::Done) => {
                        self.report.done.push(change);
                        self.owe_text(link);
                    }
                    Ok(LinkOutcome::LeftOut) => self.not_held(link),
                    Err(_) if self.is_asked_to_stop() => self.skip_link(link),
                    Err(error) => self.fail_link(change, link, error),
                }
            }
        }
    }

    fn number(&self, issue: &IssueRef) -> Result<IssueNumber> {
        let number = issue.number.or_else(|| self.numbers.get(&issue.key).copied());
        number.with_context(|| format!("issue `{}` could not be created", issue.key))
    }

    fn resolve(&self, change: &LinkChange) -> Result<Link> {
        let adds = matches!(change.op, Op::Link | Op::Pin);
        Ok(match &change.link {
            LinkEdit::Dependency { blocked, blocker, edit: _ } => {
                let (blocked, blocker) = (self.number(blocked)?, self.number(blocker)?);
                if adds {
                    Link::AddDependency { blocked, blocker }
                } else {
                    Link::RemoveDependency { blocked, blocker }
                }
            }
            LinkEdit::SubIssue { child, parent, edit: _ } => {
                let (child, parent) = (self.number(child)?, self.number(parent)?);
                if adds { Link::AddSubIssue { child, parent } } else { Link::RemoveSubIssue { child, parent } }
            }
            LinkEdit::Pin { issue, edit: _ } if adds => Link::Pin(self.number(issue)?),
            LinkEdit::Pin { issue, edit: _ } => Link::Unpin(self.number(issue)?),
        })
    }

    /// Schedules the body of an existing issue to be written after its links. A new issue already has its body.
    fn owe_text(&mut self, change: &LinkChange) {
        let issue = change.issue();
        let is_ours = issue.number.is_some_and(|number| !self.diff.duplicates.contains_key(&number));
        self.owed.extend(is_ours.then(|| issue.clone()));
    }

    /// Leaves a link to the next run.
    fn skip_link(&mut self, change: &LinkChange) {
        self.report.not_tried += 1;
        self.not_made(change);
    }

    /// Reports a link that failed.
    fn fail_link(&mut self, change: &'d Change, link: &LinkChange, error: Error) {
        self.report.failed.push((change, error));
        self.not_made(link);
    }

    /// Records in the issue's marker that the server does not support the link. The issue counts as finished, and a
    /// later run adds the link once the server supports it.
    fn not_held(&mut self, change: &LinkChange) {
        let issue = change.issue();
        if matches!(change.op, Op::Unlink | Op::Unpin) {
            self.not_made(change);
            return;
        }
        let Some(text) = self.texts.get_mut(issue) else { return };
        let base = &mut text.marker.base;
        match &change.link {
            LinkEdit::Dependency { .. } => _ = base.not_held.insert(LinkKind::BlockedBy),
            LinkEdit::SubIssue { .. } => _ = base.not_held.insert(LinkKind::Parent),
            LinkEdit::Pin { .. } => base.pinned = false,
        }
        self.owed.insert(issue.clone());
    }

    /// Removes a link that may not exist from what the issue's marker lists as applied. The marker of a new issue stays
    /// unchanged: the issue is not recorded as finished, so the next run completes it.
    fn not_made(&mut self, change: &LinkChange) {
        let issue = change.issue();
        if issue.number.is_none() {
            self.unfinished.insert(issue.key.clone());
            return;
        }
        let Some(text) = self.texts.get_mut(issue) else { return };
        let base = &mut text.marker.base;
        let is_there = matches!(change.op, Op::Unlink | Op::Unpin);
        match &change.link {
            LinkEdit::Dependency { blocked: _, blocker, edit: _ } if is_there => {
                base.depends_on.insert(blocker.key.clone());
            }
            LinkEdit::Dependency { blocked: _, blocker, edit: _ } => _ = base.depends_on.remove(&blocker.key),
            LinkEdit::SubIssue { child: _, parent, edit: _ } if is_there => base.parent = Some(parent.key.clone()),
            // The old parent may still be set.
            LinkEdit::SubIssue { child: _, parent, edit: _ } => {
                base.parent = base.parent.take().filter(|key| *key != parent.key);
            }
            LinkEdit::Pin { issue: _, edit: _ } => base.pinned = is_there,
        }
        self.owe_text(change);
    }
}

fn phase(link: Link) -> u8 {
    match link {
        Link::RemoveDependency { .. } => 0,
        Link::RemoveSubIssue { .. } => 1,
        Link::AddDependency { .. } => 2,
        Link::AddSubIssue { .. } => 3,
        Link::Unpin(_) => 4,
        Link::Pin(_) => 5,
    }
}
