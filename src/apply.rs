//! Applies a diff: makes its changes, in order, as calls on a [`Writer`].
//!
//! If a change fails, the failure is reported and the other changes are still made where possible. Nothing is recorded
//! as applied before it is known to be: the marker of a changed issue is written after its links and pins, and new
//! issues are recorded as finished at the very end. The next run finishes whatever was interrupted, rejected or left
//! without an answer.

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

/// Values that differ from run to run.
#[derive(Debug, Clone)]
pub struct RunContext {
    /// The id of the run. It must be unique.
    pub id: String,
    /// The graceful shutdown that the run obeys.
    pub stop: Stop,
}

impl RunContext {
    /// A run that nothing stops.
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), stop: Stop::default() }
    }
}

/// Receives notifications while changes are made.
pub trait Progress {
    /// Called before each change.
    fn begin(&mut self, change: &Change);
}

/// The result of applying a diff.
#[derive(Debug, Default)]
pub struct Report<'d> {
    /// The changes that were made.
    pub done: Vec<&'d Change>,
    /// The numbers of the created issues.
    pub created: BTreeMap<PlanKey, IssueNumber>,
    /// The changes that failed, with their errors.
    pub failed: Vec<(&'d Change, Error)>,
    /// The number of changes that were not tried, because the run stopped early.
    pub not_tried: usize,
    /// Parts of changes that the repository silently ignored, with an explanation.
    pub incomplete: Vec<(&'d Change, String)>,
    /// Issues without other changes whose markers could not be updated.
    pub unrecorded: Vec<(IssueNumber, Error)>,
    /// Whether the run was asked to stop before it was done.
    pub stopped: bool,
}

impl Report<'_> {
    /// Whether all changes were made and recorded. Parts that the repository ignored do not count.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried == 0 && self.unrecorded.is_empty() && !self.stopped
    }
}

/// The number of consecutive changes without an answer after which no further change is tried.
const MOST_UNANSWERED: usize = 3;

/// Applies every change of a diff. Failures of single changes are in the report. The caller has to call
/// [`Writer::finish`].
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
        unanswered: 0,
        report: Report::default(),
    };
    note_look(diff, &mut run.texts);
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
    Report { created: run.numbers, ..run.report }
}

/// The link change, if this is one.
fn as_link(change: &Change) -> Option<&LinkChange> {
    match change {
        Change::Link(link) => Some(link),
        Change::Label(_) | Change::Milestone(_) | Change::Issue(_) => None,
    }
}

/// The bodies of all issues that a diff writes.
fn texts(diff: &Diff) -> BTreeMap<IssueRef, IssueText> {
    let issues = diff.changes.iter().filter_map(Change::as_issue);
    let changed = issues.filter_map(|change| Some((change.issue.clone(), change.text.clone()?)));
    let updated = diff.marker_updates.iter().map(|update| (update.issue.clone(), update.text.clone()));
    changed.chain(updated).collect()
}

/// The number of issue bodies that receive the hint. More than one, because people may edit or close some of them.
const HINTS: usize = 3;
/// The longest body that receives the hint, in bytes, because bodies are limited in size.
const SHORT: usize = 20_000;

/// Adds the hint for the next run to some of the bodies that are written anyway.
fn note_look(diff: &Diff, texts: &mut BTreeMap<IssueRef, IssueText>) {
    let is_short = |text: &&mut IssueText| {
        text.before.len() + text.after.len() + text.inside.as_ref().map_or(0, String::len) < SHORT
    };
    // Hints are only looked for in issues that plan-action's account opened.
    let is_own = |issue: &IssueRef| issue.number.is_none_or(|number| diff.own_issues.contains(&number));
    let own = texts.iter_mut().filter(|(issue, _)| is_own(issue)).map(|(_, text)| text);
    for text in own.filter(is_short).take(HINTS) {
        text.marker.base.looked_through.clone_from(&diff.looked_through);
    }
}

struct Run<'d, 'w, W, P> {
    context: &'w RunContext,
    diff: &'d Diff,
    writer: &'w mut W,
    progress: &'w mut P,
    /// The numbers of the issues created so far.
    numbers: BTreeMap<PlanKey, IssueNumber>,
    milestones: BTreeMap<String, MilestoneNumber>,
    /// The bodies to write. Their markers are corrected when links fail.
    texts: BTreeMap<IssueRef, IssueText>,
    /// Issues whose body still has to be written, or written again.
    owed: BTreeSet<IssueRef>,
    /// Issues whose links or pins change.
    linked: BTreeSet<IssueRef>,
    /// New issues for which a step failed, or has an unknown result.
    unfinished: BTreeSet<PlanKey>,
    /// Existing issues whose own change was not made. Their new markers must not be written, because they would list
    /// things that do not exist.
    unwritten: BTreeSet<IssueRef>,
    /// Issues whose pins could not be removed.
    still_pinned: BTreeSet<IssueNumber>,
    /// The number of consecutive changes without an answer.
    unanswered: usize,
    report: Report<'d>,
}

impl<'d, W: Writer, P: Progress> Run<'d, '_, W, P> {
    async fn item(&mut self, change: &'d Change) {
        // If the repository answers immediately, as a file does, this is where the runtime gets to see signals.
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
                self.unanswered = 0;
                self.report.done.push(change);
            }
            Err(_) if self.is_asked_to_stop() => self.skip(change),
            Err(error) => {
                self.leave_unwritten(change);
                match error.downcast_ref() {
                    Some(StopReason::NotAllowed(_)) => self.unanswered = MOST_UNANSWERED,
                    Some(StopReason::NoAnswer(_)) => self.unanswered += 1,
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

    /// Records in the report that the run was asked to stop, if it was.
    fn is_asked_to_stop(&mut self) -> bool {
        self.report.stopped |= self.context.stop.is_requested();
        self.report.stopped
    }

    fn has_stopped(&mut self) -> bool {
        self.is_asked_to_stop() || self.unanswered >= MOST_UNANSWERED
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
            // GitHub creates every issue open. Finished ones are closed later, after links and pins.
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
            anyhow::bail!("it was not closed, because its pin could not be removed");
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

    /// The edits that a single request can make. The body is composed separately; links and pins need requests of their
    /// own.
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
