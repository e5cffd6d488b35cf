//! Makes a diff true: its changes, in its order, as calls on a [`Writer`].
//!
//! What fails is reported and the rest is done where it can be. The marker of an issue that changes is written after
//! its links and pins, so that a run which is cut off in between leaves a base that the next run finishes from.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Error, Result};

use crate::diff::{Change, Diff, Field, IssueRef, IssueText, Op, Subject};
use crate::model::snapshot::{IssueNumber, Label, MilestoneNumber, StateReason};
use crate::plan::PlanKey;
use crate::repository::{
    Hopeless, IssuePatch, LabelPatch, Link, Linked, MilestonePatch, NewIssue, NewMilestone, State, Writer,
};

/// What is told while changes are made.
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
    /// What of a change was left out without a word, and why.
    pub incomplete: Vec<(&'d Change, String)>,
}

/// How many changes in a row may have no answer before the others are not tried.
const PATIENCE: usize = 3;

/// Makes every change of a diff. What single changes run into is in the report; [`Writer::finish`] is the caller's.
pub async fn apply<'d, W: Writer>(diff: &'d Diff, writer: &mut W, progress: &mut impl Progress) -> Report<'d> {
    let mut run = Run {
        diff,
        writer,
        progress,
        numbers: BTreeMap::new(),
        milestones: diff.milestone_numbers.clone(),
        texts: diff.issue_texts.clone(),
        owed: diff.refreshed.clone(),
        linked: diff.changes.iter().filter(|change| !is_item(change)).map(|change| change.key().to_owned()).collect(),
        silent: 0,
        report: Report::default(),
    };
    let closes = |change: &&Change| change.op == Op::Close;
    for change in diff.changes.iter().filter(|change| is_item(change) && !closes(change)) {
        run.item(change).await;
    }
    run.links().await;
    for change in diff.changes.iter().filter(closes) {
        run.item(change).await;
    }
    if !run.has_stopped() {
        run.close_created().await;
        run.owed_texts().await;
        run.confirm().await;
    }
    run.report
}

/// Whether a change is about a thing of its own, not about a link or pin.
fn is_item(change: &Change) -> bool {
    matches!(change.subject, Subject::Label(_) | Subject::Milestone(..) | Subject::Issue(_))
}

struct Run<'d, 'w, W, P> {
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
    /// How many changes in a row had no answer.
    silent: usize,
    report: Report<'d>,
}

impl<'d, W: Writer, P: Progress> Run<'d, '_, W, P> {
    async fn item(&mut self, change: &'d Change) {
        if self.has_stopped() {
            self.report.not_tried += 1;
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
            Err(error) => {
                match error.downcast_ref() {
                    Some(Hopeless::NotAllowed(_)) => self.silent = PATIENCE,
                    Some(Hopeless::NoAnswer(_)) => self.silent += 1,
                    None => {}
                }
                self.report.failed.push((change, error));
            }
        }
    }

    fn has_stopped(&self) -> bool {
        self.silent >= PATIENCE
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

    /// Makes the links and pins, all of one kind together, then what their issues' markers say of them.
    async fn links(&mut self) {
        if self.has_stopped() {
            self.report.not_tried += self.diff.changes.iter().filter(|change| !is_item(change)).count();
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
            let calls: Vec<Link> = batch.iter().map(|(_, link)| *link).collect();
            let results = self.writer.link(&calls).await;
            for ((change, _), result) in batch.iter().zip(results) {
                let Some(change) = change else { continue };
                match result {
                    Ok(outcome) => {
                        if outcome == Linked::Done {
                            self.report.done.push(change);
                        }
                        self.owe_text(change);
                    }
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
        self.owed.extend(issue.number.map(|number| (issue.key.clone(), number)));
    }

    /// Reports a link that could not be made, and takes it out of what the marker says was applied.
    fn fail_link(&mut self, change: &'d Change, error: Error) {
        self.report.failed.push((change, error));
        let Some(issue) = Self::holder(change) else { return };
        let Some(text) = self.texts.get_mut(&issue.key) else { return };
        let base = &mut text.marker.base;
        let made = matches!(change.op, Op::Unlink | Op::Unpin);
        match &change.subject {
            Subject::Dependency { blocker, .. } if made => _ = base.depends_on.insert(blocker.key.clone()),
            Subject::Dependency { blocker, .. } => _ = base.depends_on.remove(&blocker.key),
            Subject::SubIssue { parent, .. } => base.parent = made.then(|| parent.key.clone()),
            Subject::Pin(_) => base.pinned = made,
            Subject::Label(_) | Subject::Milestone(..) | Subject::Issue(_) => {}
        }
        if let Ok(number) = self.number(issue) {
            self.owed.insert((issue.key.clone(), number));
        }
    }

    /// Closes the new issues that are done already: GitHub creates every issue open.
    async fn close_created(&mut self) {
        let created: Vec<&Change> = self.diff.changes.iter().filter(|change| change.op == Op::Create).collect();
        for change in created {
            let Subject::Issue(issue) = &change.subject else { continue };
            let Some(number) = self.numbers.get(&issue.key).copied() else { continue };
            if change.field(Field::State).is_some() {
                let state = Some(State::Closed(StateReason::Completed));
                let patch = IssuePatch { state, ..IssuePatch::default() };
                if let Err(error) = self.writer.update_issue(number, &patch).await {
                    self.report.failed.push((change, error.context("it was created, but not closed")));
                }
            }
        }
    }

    /// Says in the last new issue that all links of this apply are made.
    async fn confirm(&mut self) {
        let Some(key) = &self.diff.confirm else { return };
        let Some(number) = self.numbers.get(key).copied() else { return };
        let Some(batch) = self.texts.get_mut(key).and_then(|text| text.marker.base.batch.as_mut()) else { return };
        batch.done = true;
        let Some(body) = self.compose(key) else { return };
        if let Err(error) = self.writer.confirm(number, &body).await {
            let change = self.diff.changes.iter().find(|change| change.key() == key.as_str());
            self.report.failed.extend(change.map(|change| (change, error.context("its links could not be noted"))));
        }
    }

    async fn owed_texts(&mut self) {
        for (key, number) in std::mem::take(&mut self.owed) {
            let patch = IssuePatch { body: self.compose(&key), ..IssuePatch::default() };
            if let Err(error) = self.writer.update_issue(number, &patch).await {
                let change = self.diff.changes.iter().find(|change| change.key() == key.as_str());
                if let Some(change) = change {
                    self.report.failed.push((change, error.context("its text could not be written")));
                }
            }
        }
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
