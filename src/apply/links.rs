//! Links and pins, and what the markers say about those that are not known to be made.

use anyhow::{Context, Error, Result};

use super::{Progress, Run, is_item};
use crate::diff::{Change, Field, IssueRef, Op, Subject};
use crate::model::snapshot::IssueNumber;
use crate::repository::{Link, Linked, Writer};

impl<'d, W: Writer, P: Progress> Run<'d, '_, W, P> {
    /// Makes the links and pins, all of one kind together, then what their issues' markers say of them.
    pub(super) async fn links(&mut self) {
        if self.has_stopped() {
            let links: Vec<&Change> = self.diff.changes.iter().filter(|change| !is_item(change)).collect();
            links.into_iter().for_each(|change| self.skip_link(change));
            return;
        }
        let mut links = Vec::new();
        for change in &self.diff.changes {
            if is_item(change) {
                // What is closed because it left the plan gives its pin to others.
                if change.op == Op::Close && change.field(Field::Pinned).is_some() {
                    links.extend(change.number().map(|number| (None, Link::Unpin(IssueNumber(number)))));
                }
                continue;
            }
            self.progress.begin(change);
            match self.resolve(change) {
                Ok(link) => links.push((Some(change), link)),
                Err(error) => self.fail_link(change, error),
            }
        }
        // Pins that go make room for those that come.
        links.sort_by_key(|(_, link)| phase(*link));
        for batch in links.chunk_by(|(_, a), (_, b)| phase(*a) == phase(*b)) {
            if self.is_asked_to_stop() {
                batch.iter().filter_map(|(change, _)| *change).for_each(|change| self.skip_link(change));
                continue;
            }
            let calls: Vec<Link> = batch.iter().map(|(_, link)| *link).collect();
            let results = self.writer.link(&calls).await;
            for ((change, link), result) in batch.iter().zip(results) {
                if let (Link::Unpin(number), Err(_)) = (link, &result) {
                    self.still_pinned.insert(*number);
                }
                let Some(change) = change else { continue };
                match result {
                    Ok(Linked::Done) => {
                        self.report.done.push(change);
                        self.owe_text(change);
                    }
                    // The server knows no such links.
                    Ok(Linked::LeftOut) => self.not_made(change),
                    Err(_) if self.is_asked_to_stop() => self.skip_link(change),
                    Err(error) => self.fail_link(change, error),
                }
            }
        }
    }

    fn number(&self, issue: &IssueRef) -> Result<IssueNumber> {
        let number = issue.number.or_else(|| self.numbers.get(&issue.key).copied());
        number.with_context(|| format!("issue `{}` could not be created", issue.key))
    }

    fn resolve(&self, change: &Change) -> Result<Link> {
        let adds = matches!(change.op, Op::Link | Op::Pin);
        Ok(match &change.subject {
            Subject::Dependency { blocked, blocker } => {
                let (blocked, blocker) = (self.number(blocked)?, self.number(blocker)?);
                if adds {
                    Link::AddDependency { blocked, blocker }
                } else {
                    Link::RemoveDependency { blocked, blocker }
                }
            }
            Subject::SubIssue { child, parent } => {
                let (child, parent) = (self.number(child)?, self.number(parent)?);
                if adds { Link::AddSubIssue { child, parent } } else { Link::RemoveSubIssue { child, parent } }
            }
            Subject::Pin(issue) if adds => Link::Pin(self.number(issue)?),
            Subject::Pin(issue) => Link::Unpin(self.number(issue)?),
            Subject::Label(_) | Subject::Milestone(..) | Subject::Issue(_) => {
                anyhow::bail!("`{}` is no link", change.key())
            }
        })
    }

    /// The issue whose marker tells of a link or pin.
    fn holder(change: &Change) -> Option<&IssueRef> {
        match &change.subject {
            Subject::Dependency { blocked: issue, .. } | Subject::SubIssue { child: issue, .. } => Some(issue),
            Subject::Pin(issue) => Some(issue),
            Subject::Label(_) | Subject::Milestone(..) | Subject::Issue(_) => None,
        }
    }

    /// An issue that existed gets its text after its links; one that was created has it already.
    fn owe_text(&mut self, change: &Change) {
        let Some(issue) = Self::holder(change) else { return };
        let number = issue.number.filter(|number| !self.diff.duplicates.contains_key(number));
        self.owed.extend(number.map(|number| (issue.key.clone(), number)));
    }

    /// Leaves a link to the next run.
    fn skip_link(&mut self, change: &'d Change) {
        self.report.not_tried += 1;
        self.not_made(change);
    }

    /// Reports a link that could not be made.
    fn fail_link(&mut self, change: &'d Change, error: Error) {
        self.report.failed.push((change, error));
        self.not_made(change);
    }

    /// Takes a link that is not known to be made out of what its issue's marker lists as applied. The marker of a new
    /// issue stays as it is: the issue is not recorded as finished, and the next run finishes it.
    fn not_made(&mut self, change: &Change) {
        let Some(issue) = Self::holder(change) else { return };
        if issue.number.is_none() {
            self.unfinished.insert(issue.key.clone());
            return;
        }
        let Some(text) = self.texts.get_mut(&issue.key) else { return };
        let base = &mut text.marker.base;
        let is_there = matches!(change.op, Op::Unlink | Op::Unpin);
        match &change.subject {
            Subject::Dependency { blocker, .. } if is_there => _ = base.depends_on.insert(blocker.key.clone()),
            Subject::Dependency { blocker, .. } => _ = base.depends_on.remove(&blocker.key),
            Subject::SubIssue { parent, .. } if is_there => base.parent = Some(parent.key.clone()),
            // The old parent may be there still.
            Subject::SubIssue { parent, .. } => base.parent = base.parent.take().filter(|key| *key != parent.key),
            Subject::Pin(IssueRef { number: Some(number), .. }) if self.diff.duplicates.contains_key(number) => {}
            Subject::Pin(_) => base.pinned = is_there,
            Subject::Label(_) | Subject::Milestone(..) | Subject::Issue(_) => {}
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
