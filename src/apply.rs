//! Makes a diff true: its changes, in its order, as calls on a [`Writer`].
//!
//! A change that fails is reported, and the others are made where possible. Nothing is written down as applied before it
//! is known to be: the marker of an issue that changes is written after its links and pins, and new issues are recorded
//! as finished at the very end. Whatever is cut off, refused or left without an answer is finished by the next run.

mod endings;
mod links;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Error, Result};

use crate::diff::{Change, Diff, Field, IssueRef, IssueText, Op, Subject};
use crate::matching::marker::Batch;
use crate::model::snapshot::{IssueNumber, Label, MilestoneNumber, StateReason};
use crate::plan::PlanKey;
use crate::repository::{Hopeless, IssuePatch, LabelPatch, MilestonePatch, NewIssue, NewMilestone, State, Writer};
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
        texts: diff.issue_texts.clone(),
        owed: diff.refreshed.clone(),
        linked: diff.changes.iter().filter(|change| !is_item(change)).map(|change| change.key().to_owned()).collect(),
        unfinished: BTreeSet::new(),
        unwritten: BTreeSet::new(),
        still_pinned: BTreeSet::new(),
        silent: 0,
        report: Report::default(),
    };
    for key in &diff.unfinished {
        if let Some(text) = run.texts.get_mut(key) {
            text.marker.base.batch = Some(Batch { id: context.id.clone(), finished: Vec::new() });
        }
    }
    let closes = |change: &&Change| change.op == Op::Close;
    for change in diff.changes.iter().filter(|change| is_item(change) && !closes(change)) {
        run.item(change).await;
    }
    run.links().await;
    for change in diff.changes.iter().filter(closes) {
        run.item(change).await;
    }
    run.close_created().await;
    run.owed_texts().await;
    run.record_finished().await;
    run.report
}

/// Whether a change is about a thing of its own, not about a link or pin.
fn is_item(change: &Change) -> bool {
    matches!(change.subject, Subject::Label(_) | Subject::Milestone(..) | Subject::Issue(_))
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
    texts: BTreeMap<PlanKey, IssueText>,
    /// The existing issues whose text is still to be written.
    owed: BTreeSet<(PlanKey, IssueNumber)>,
    /// The keys of the issues that have links or pins to be made.
    linked: BTreeSet<String>,
    /// The new issues of which something could not be made, or nobody knows whether it was.
    unfinished: BTreeSet<PlanKey>,
    /// The existing issues whose own change was not made: what their new markers would list is not there.
    unwritten: BTreeSet<PlanKey>,
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
        let result = match &change.subject {
            Subject::Label(name) => self.label(change, name).await,
            Subject::Milestone(key, number) => self.milestone(change, key, *number).await,
            Subject::Issue(IssueRef { key, number: Some(number) }) => self.update_issue(change, key, *number).await,
            Subject::Issue(IssueRef { key, number: None }) => self.create_issue(change, key).await,
            Subject::Dependency { .. } | Subject::SubIssue { .. } | Subject::Pin(_) => Ok(()),
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
                    Some(Hopeless::NotAllowed(_)) => self.silent = PATIENCE,
                    Some(Hopeless::NoAnswer(_)) => self.silent += 1,
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
        if let Subject::Issue(IssueRef { key, number: Some(_) }) = &change.subject {
            self.unwritten.insert(key.clone());
        }
    }

    /// Notes that the run was asked to stop, if it was.
    fn is_asked_to_stop(&mut self) -> bool {
        self.report.stopped |= self.context.stop.is_requested();
        self.report.stopped
    }

    fn has_stopped(&mut self) -> bool {
        self.is_asked_to_stop() || self.silent >= PATIENCE
    }

    async fn label(&mut self, change: &Change, name: &str) -> Result<()> {
        let to = |field| change.field(field).and_then(|field| field.to.clone());
        if change.op == Op::Create {
            let color = to(Field::Color).context("a new label has a colour")?;
            let label = Label { name: name.to_owned(), color, description: to(Field::Description).unwrap_or_default() };
            return self.writer.create_label(&label).await;
        }
        let patch = LabelPatch { name: to(Field::Name), color: to(Field::Color), description: to(Field::Description) };
        let old = change.field(Field::Name).and_then(|name| name.from.as_deref());
        self.writer.update_label(old.unwrap_or(name), &patch).await
    }

    async fn milestone(&mut self, change: &'d Change, key: &PlanKey, number: Option<MilestoneNumber>) -> Result<()> {
        let text = self.diff.milestone_texts.get(key).context("a milestone that changes has a description")?;
        let mut patch = MilestonePatch { description: Some(text.compose()), ..MilestonePatch::default() };
        for field in &change.fields {
            match field.field {
                Field::Title => patch.title.clone_from(&field.to),
                Field::DueOn => patch.due_on = Some(field.to.as_deref().map(str::parse).transpose()?),
                Field::State => patch.closed = Some(field.to.as_deref() == Some("closed")),
                _ => {}
            }
        }
        if let Some(number) = number {
            let updated = self.writer.update_milestone(number, &patch).await?;
            self.report.incomplete.extend(updated.missing.into_iter().map(|missing| (change, missing)));
            self.milestones.insert(change.title.clone(), number);
            return Ok(());
        }
        let MilestonePatch { title, description, due_on, closed } = patch;
        let milestone = NewMilestone {
            closed: closed == Some(true),
            title: title.unwrap_or_else(|| change.title.clone()),
            description: description.unwrap_or_default(),
            due_on: due_on.flatten(),
        };
        let number = self.writer.create_milestone(&milestone).await?;
        self.milestones.insert(change.title.clone(), number);
        Ok(())
    }

    fn milestone_number(&self, title: &str) -> Result<MilestoneNumber> {
        let number = self.milestones.get(title).copied();
        number.with_context(|| format!("its milestone `{title}` could not be created"))
    }

    fn compose(&self, key: &PlanKey) -> Option<String> {
        let text = self.texts.get(key)?;
        Some(text.compose(|key| self.numbers.get(key).copied()))
    }

    async fn create_issue(&mut self, change: &'d Change, key: &PlanKey) -> Result<()> {
        let mut issue = NewIssue { title: change.title.clone(), ..NewIssue::default() };
        for field in &change.fields {
            match (field.field, &field.to) {
                (Field::Label, Some(name)) => issue.labels.push(name.clone()),
                (Field::Assignee, Some(login)) => issue.assignees.push(login.clone()),
                (Field::Milestone, Some(title)) => issue.milestone = Some(self.milestone_number(title)?),
                _ => {}
            }
        }
        issue.body = self.compose(key).unwrap_or_default();
        let created = self.writer.create_issue(&issue).await?;
        self.numbers.insert(key.clone(), created.value);
        self.report.incomplete.extend(created.missing.into_iter().map(|missing| (change, missing)));
        Ok(())
    }

    async fn update_issue(&mut self, change: &'d Change, key: &PlanKey, number: IssueNumber) -> Result<()> {
        let mut patch = IssuePatch::default();
        let reason = match change.field(Field::StateReason).and_then(|reason| reason.to.as_deref()) {
            Some("not_planned") => StateReason::NotPlanned,
            Some("duplicate") => StateReason::Duplicate,
            _ => StateReason::Completed,
        };
        if self.still_pinned.contains(&number) {
            anyhow::bail!("its pin could not be removed, and it is closed together with its pin");
        }
        for field in &change.fields {
            match (field.field, &field.from, &field.to) {
                (Field::Title, _, Some(title)) => patch.title = Some(title.clone()),
                (Field::State, _, Some(state)) => {
                    patch.state = Some(if state == "closed" { State::Closed(reason) } else { State::Open });
                }
                (Field::Milestone, _, Some(title)) => patch.milestone = Some(Some(self.milestone_number(title)?)),
                (Field::Milestone, _, None) => patch.milestone = Some(None),
                // A field of which both sides say the same is only noted in the marker.
                (Field::Label, None, Some(name)) => patch.add_labels.push(name.clone()),
                (Field::Label, Some(name), None) => patch.remove_labels.push(name.clone()),
                (Field::Assignee, None, Some(login)) => patch.add_assignees.push(login.clone()),
                (Field::Assignee, Some(login), None) => patch.remove_assignees.push(login.clone()),
                _ => {}
            }
        }
        if let Some(kept) = self.diff.duplicates.get(&number).filter(|_| reason == StateReason::Duplicate) {
            self.writer.comment_once(number, &endings::duplicate_comment(*kept)).await?;
        }
        // A duplicate keeps its text: its marker is the other issue's too.
        if reason != StateReason::Duplicate {
            if self.linked.contains(key.as_str()) {
                self.owed.insert((key.clone(), number));
            } else {
                patch.body = self.compose(key);
            }
        }
        if patch != IssuePatch::default() {
            let updated = self.writer.update_issue(number, &patch).await?;
            self.report.incomplete.extend(updated.missing.into_iter().map(|missing| (change, missing)));
        }
        Ok(())
    }
}
