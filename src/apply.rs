//! Makes a diff true: its changes, in its order, as calls on a [`Writer`].
//!
//! A change that fails is reported, and the others are made where possible. Nothing is written down as applied before it
//! is known to be: the marker of an issue that changes is written after its links and pins, and new issues are recorded
//! as finished at the very end. Whatever is cut off, refused or left without an answer is finished by the next run.

mod endings;
mod links;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Error, Result};

use crate::diff::{
    Change, Diff, Edit, IssueChange, IssueEdits, IssueRef, IssueText, LabelChange, LabelEdits, LinkChange, MemberEdit,
    MilestoneChange, MilestoneEdits, Op,
};
use crate::model::marker::Batch;
use crate::model::snapshot::{IssueNumber, IssueState, Label, MilestoneNumber, StateReason};
use crate::plan::PlanKey;
use crate::repository::{IssuePatch, LabelPatch, MilestonePatch, NewIssue, NewMilestone, StopReason, Writer};
use crate::stop::Stop;

/// What differs from run to run.
#[derive(Debug, Clone)]
pub struct RunContext {
    /// The id of the run, which no other run may have.
    pub id: String,
    /// Whether the run is asked to stop.
    pub stop: Stop,
}

impl RunContext {
    /// A run with an id, which nothing stops.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), stop: Stop::default() }
    }
}

/// Follows the changes while they are made.
pub trait Progress {
    /// A change begins.
    fn begin(&mut self, change: &Change);
}

/// What became of a diff.
#[derive(Debug, Default)]
pub struct Report<'d> {
    /// The changes that were made.
    pub done: Vec<&'d Change>,
    /// The changes that were not, and why.
    pub failed: Vec<(&'d Change, Error)>,
    /// How many changes were not tried, because there was no use in it any more.
    pub not_tried: usize,
    /// What the repository silently left out of a change, and why.
    pub incomplete: Vec<(&'d Change, String)>,
    /// The issues in whose markers nothing could be noted, although nothing else changes in them.
    pub unrecorded: Vec<(IssueNumber, Error)>,
    /// Whether the run was asked to stop before everything was done.
    pub stopped: bool,
}

impl Report<'_> {
    /// Whether all changes were made and noted.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried == 0 && self.unrecorded.is_empty() && !self.stopped
    }
}

/// How many changes in a row may have no answer before the others are not tried.
const PATIENCE: usize = 3;

/// Makes every change of a diff. What single changes run into is in the report; [`Writer::finish`] is the caller's.
pub async fn apply<'d, W: Writer>(
    diff: &'d Diff,
    writer: &mut W,
    progress: &mut impl Progress,
    context: &RunContext,
) -> Report<'d> {
    let mut run = Run {
        context,
        diff,
        writer,
        progress,
        numbers: BTreeMap::new(),
        milestones: diff.milestone_numbers.clone(),
        texts: texts(diff),
        owed: diff.marker_updates.iter().filter(|it| !it.follows_links).map(|it| it.issue.clone()).collect(),
        linked: diff.changes.iter().filter_map(as_link).map(|link| link.issue().clone()).collect(),
        unfinished: BTreeSet::new(),
        unwritten: BTreeSet::new(),
        still_pinned: BTreeSet::new(),
        silent: 0,
        report: Report::default(),
    };
    for key in &diff.unfinished {
        if let Some(text) = run.texts.get_mut(&IssueRef { key: key.clone(), number: None }) {
            text.marker.base.batch = Some(Batch { id: context.id.clone(), finished: Vec::new() });
        }
    }
    let items = || diff.changes.iter().filter(|change| as_link(change).is_none());
    for change in items().filter(|change| change.op() != Op::Close) {
        run.item(change).await;
    }
    run.links().await;
    for change in items().filter(|change| change.op() == Op::Close) {
        run.item(change).await;
    }
    run.close_created().await;
    run.owed_texts().await;
    run.record_finished().await;
    run.report
}

/// The change to a link or pin that a change is.
fn as_link(change: &Change) -> Option<&LinkChange> {
    match change {
        Change::Link(link) => Some(link),
        Change::Label(_) | Change::Milestone(_) | Change::Issue(_) => None,
    }
}

/// The texts of all issues that a diff writes.
fn texts(diff: &Diff) -> BTreeMap<IssueRef, IssueText> {
    let issues = diff.changes.iter().filter_map(Change::as_issue);
    let changed = issues.filter_map(|change| Some((change.issue.clone(), change.text.clone()?)));
    let updated = diff.marker_updates.iter().map(|update| (update.issue.clone(), update.text.clone()));
    changed.chain(updated).collect()
}

struct Run<'d, 'w, W, P> {
    context: &'w RunContext,
    diff: &'d Diff,
    writer: &'w mut W,
    progress: &'w mut P,
    /// The numbers of the issues that were created.
    numbers: BTreeMap<PlanKey, IssueNumber>,
    milestones: BTreeMap<String, MilestoneNumber>,
    /// The texts, their markers corrected by what failed.
    texts: BTreeMap<IssueRef, IssueText>,
    /// The issues whose text is still to be written, or written once more.
    owed: BTreeSet<IssueRef>,
    /// The issues whose links or pins change.
    linked: BTreeSet<IssueRef>,
    /// The new issues of which something could not be made, or nobody knows whether it was.
    unfinished: BTreeSet<PlanKey>,
    /// The existing issues whose own change was not made: what their new markers would list is not there.
    unwritten: BTreeSet<IssueRef>,
    /// The issues whose pins could not be removed.
    still_pinned: BTreeSet<IssueNumber>,
    /// How many changes in a row had no answer.
    silent: usize,
    report: Report<'d>,
}

impl<'d, W: Writer, P: Progress> Run<'d, '_, W, P> {
    async fn item(&mut self, change: &'d Change) {
        // Where a repository answers at once, as one in a file does, this is when signals are noticed.
        tokio::task::yield_now().await;
        if self.has_stopped() {
            self.skip(change);
            return;
        }
        self.progress.begin(change);
        let result = match change {
            Change::Label(label) => self.label(label).await,
            Change::Milestone(milestone) => self.milestone(change, milestone).await,
            Change::Issue(issue) => match issue.issue.number {
                Some(number) => self.update_issue(change, issue, number).await,
                None => self.create_issue(change, issue).await,
            },
            Change::Link(_) => Ok(()),
        };
        self.record(change, result);
    }

    fn record(&mut self, change: &'d Change, result: Result<()>) {
        match result {
            Ok(()) => {
                self.silent = 0;
                self.report.done.push(change);
            }
            Err(_) if self.is_asked_to_stop() => self.skip(change),
            Err(error) => {
                self.leave_unwritten(change);
                match error.downcast_ref() {
                    Some(StopReason::NotAllowed(_)) => self.silent = PATIENCE,
                    Some(StopReason::NoAnswer(_)) => self.silent += 1,
                    None => {}
                }
                self.report.failed.push((change, error));
            }
        }
    }

    /// Leaves a change to the next run.
    fn skip(&mut self, change: &'d Change) {
        self.report.not_tried += 1;
        self.leave_unwritten(change);
    }

    fn leave_unwritten(&mut self, change: &Change) {
        let issue = change.as_issue().map(|change| &change.issue);
        self.unwritten.extend(issue.filter(|issue| issue.number.is_some()).cloned());
    }

    /// Notes that the run was asked to stop, if it was.
    fn is_asked_to_stop(&mut self) -> bool {
        self.report.stopped |= self.context.stop.is_requested();
        self.report.stopped
    }

    fn has_stopped(&mut self) -> bool {
        self.is_asked_to_stop() || self.silent >= PATIENCE
    }

    async fn label(&mut self, change: &LabelChange) -> Result<()> {
        let LabelChange { op, name, edits: LabelEdits { name: renamed, color, description } } = change;
        let to = |edit: &Option<Edit<Option<String>>>| edit.as_ref().and_then(|edit| edit.to.clone());
        if *op == Op::Create {
            let color = to(color).context("a new label has a colour")?;
            let label = Label { name: name.clone(), color, description: to(description).unwrap_or_default() };
            return self.writer.create_label(&label).await;
        }
        let patch = LabelPatch { name: to(renamed), color: to(color), description: to(description) };
        let old = renamed.as_ref().and_then(|renamed| renamed.from.as_deref());
        self.writer.update_label(old.unwrap_or(name), &patch).await
    }

    async fn milestone(&mut self, change: &'d Change, milestone: &MilestoneChange) -> Result<()> {
        let MilestoneChange { op: _, key: _, number, title: name, edits, text } = milestone;
        let MilestoneEdits { identity: _, title, description: _, due_on, closed } = edits;
        let text = text.as_ref().context("a milestone that changes has a description")?;
        let patch = MilestonePatch {
            title: title.as_ref().and_then(|title| title.new_value()?.clone()),
            description: Some(text.compose()),
            due_on: due_on.as_ref().and_then(|due_on| due_on.new_value().copied()),
            closed: closed.as_ref().and_then(|closed| *closed.new_value()?),
        };
        let number = match number {
            Some(number) => {
                let updated = self.writer.update_milestone(*number, &patch).await?;
                self.report.incomplete.extend(updated.missing.into_iter().map(|missing| (change, missing)));
                *number
            }
            None => {
                let MilestonePatch { title, description, due_on, closed } = patch;
                let milestone = NewMilestone {
                    closed: closed == Some(true),
                    title: title.unwrap_or_else(|| name.clone()),
                    description: description.unwrap_or_default(),
                    due_on: due_on.flatten(),
                };
                self.writer.create_milestone(&milestone).await?
            }
        };
        self.milestones.insert(name.clone(), number);
        Ok(())
    }

    fn milestone_number(&self, title: &str) -> Result<MilestoneNumber> {
        let number = self.milestones.get(title).copied();
        number.with_context(|| format!("its milestone `{title}` could not be created"))
    }

    fn compose(&self, issue: &IssueRef) -> Option<String> {
        let text = self.texts.get(issue)?;
        Some(text.compose(|key| self.numbers.get(key).copied()))
    }

    async fn create_issue(&mut self, change: &'d Change, new: &IssueChange) -> Result<()> {
        let IssueChange { op: _, issue, title: name, milestone: _, edits, text: _ } = new;
        let IssueEdits {
            identity: _,
            title: _,
            // GitHub creates every issue open; what is done is closed, linked and pinned afterwards.
            state: _,
            milestone,
            labels,
            assignees,
            blocked_by: _,
            parent: _,
            pinned: _,
            body: _,
        } = edits;
        let milestone = milestone.as_ref().and_then(|milestone| milestone.to.as_deref());
        let created = NewIssue {
            title: name.clone(),
            body: self.compose(issue).unwrap_or_default(),
            labels: members(labels, true),
            assignees: members(assignees, true),
            milestone: milestone.map(|title| self.milestone_number(title)).transpose()?,
        };
        let created = self.writer.create_issue(&created).await?;
        self.numbers.insert(issue.key.clone(), created.value);
        self.report.incomplete.extend(created.missing.into_iter().map(|missing| (change, missing)));
        Ok(())
    }

    async fn update_issue(&mut self, change: &'d Change, update: &IssueChange, number: IssueNumber) -> Result<()> {
        if self.still_pinned.contains(&number) {
            anyhow::bail!("its pin could not be removed, and it is closed together with its pin");
        }
        let IssueChange { op: _, issue, title: _, milestone: _, edits, text } = update;
        let mut patch = self.issue_patch(edits)?;
        let closes_duplicate = patch.state == Some(IssueState::Closed(StateReason::Duplicate));
        if let Some(kept) = self.diff.duplicates.get(&number).filter(|_| closes_duplicate) {
            self.writer.comment_once(number, &endings::duplicate_comment(*kept)).await?;
        }
        if text.is_some() {
            if self.linked.contains(issue) {
                self.owed.insert(issue.clone());
            } else {
                patch.body = self.compose(issue);
            }
        }
        if patch != IssuePatch::default() {
            let updated = self.writer.update_issue(number, &patch).await?;
            self.report.incomplete.extend(updated.missing.into_iter().map(|missing| (change, missing)));
        }
        Ok(())
    }

    /// What one request changes in an issue. Its text is composed apart, and its links and pin have requests of their own.
    fn issue_patch(&self, edits: &IssueEdits) -> Result<IssuePatch> {
        let IssueEdits {
            identity: _,
            title,
            state,
            milestone,
            labels,
            assignees,
            blocked_by: _,
            parent: _,
            pinned: _,
            body: _,
        } = edits;
        let milestone = milestone.as_ref().and_then(Edit::new_value);
        Ok(IssuePatch {
            title: title.as_ref().and_then(|title| title.new_value()?.clone()),
            body: None,
            state: state.as_ref().and_then(|state| *state.new_value()?),
            milestone: match milestone {
                Some(Some(title)) => Some(Some(self.milestone_number(title)?)),
                Some(None) => Some(None),
                None => None,
            },
            add_labels: members(labels, true),
            remove_labels: members(labels, false),
            add_assignees: members(assignees, true),
            remove_assignees: members(assignees, false),
        })
    }
}

/// The members that are added, or those that are removed.
fn members(edits: &[MemberEdit<String>], added: bool) -> Vec<String> {
    edits.iter().filter(|edit| edit.is_added() == Some(added)).map(|edit| edit.member.clone()).collect()
}
