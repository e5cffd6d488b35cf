//! The repository that a plan is applied to, as two traits: one to observe it, one to write to it. A preview only gets
//! an [`Observer`], so it cannot write.

pub mod file;
pub mod github;

use anyhow::Result;
use jiff::civil::Date;

use crate::model::snapshot::{IssueNumber, IssueState, Label, MilestoneNumber, Snapshot, StateReason};
use crate::stop::Stop;

/// Why further requests make little sense. The error type lets an apply decide whether to go on.
#[derive(Debug)]
pub enum StopReason {
    /// Further requests will be rejected too.
    NotAllowed(String),
    /// There was no answer, or this one request was not allowed. The next may succeed.
    NoAnswer(String),
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::NotAllowed(text) | Self::NoAnswer(text)) = self;
        formatter.write_str(text)
    }
}

impl std::error::Error for StopReason {}

/// A repository that can be read.
#[expect(async_fn_in_trait, reason = "the program has one thread, and its futures need not be sent to another")]
pub trait Observer {
    /// The complete state of the repository.
    ///
    /// # Errors
    ///
    /// If the repository cannot be read.
    async fn observe(&self) -> Result<Snapshot>;

    /// Reads only the issues needed for certain plans if that is cheaper and `suffices` accepts the result, else
    /// everything. `suffices` receives a snapshot with every label, milestone and pin, and every issue with a marker,
    /// but not every other issue. It returns the snapshot if that is enough.
    ///
    /// # Errors
    ///
    /// If the repository cannot be read.
    async fn observe_plans(&self, suffices: &dyn Fn(Snapshot) -> Option<Snapshot>) -> Result<Snapshot> {
        _ = suffices;
        self.observe().await
    }
}

/// A repository that can be written to. Each call makes one change or returns an error that explains why not.
#[expect(async_fn_in_trait, reason = "as for `Observer`")]
pub trait Writer {
    /// Sets the shutdown signal. When it fires, waits end early and no further request is sent.
    fn stop_on(&mut self, stop: &Stop);
    /// Checks whether the repository is writable, as far as that is known in advance.
    fn writable(&self) -> Result<()>;
    /// Creates a label.
    async fn create_label(&mut self, label: &Label) -> Result<()>;
    /// Changes the label that currently has this name.
    async fn update_label(&mut self, name: &str, patch: &LabelPatch) -> Result<()>;
    /// Creates a milestone.
    async fn create_milestone(&mut self, milestone: &NewMilestone) -> Result<MilestoneNumber>;
    /// Changes a milestone.
    async fn update_milestone(&mut self, number: MilestoneNumber, patch: &MilestonePatch) -> Result<Done<()>>;
    /// Creates an open issue.
    async fn create_issue(&mut self, issue: &NewIssue) -> Result<Done<IssueNumber>>;
    /// Changes an issue.
    async fn update_issue(&mut self, number: IssueNumber, patch: &IssuePatch) -> Result<Done<()>>;
    /// Adds and removes links and pins, in this order. Returns one result for each.
    async fn link(&mut self, links: &[Link]) -> Vec<Result<LinkOutcome>>;
    /// Takes the last step for each of several issues, and returns one result for each. Taking a step again is harmless.
    async fn finish_issues(&mut self, steps: &[LastStep]) -> Vec<Result<()>> {
        let mut results = Vec::new();
        for step in steps {
            results.push(self.update_issue(step.issue(), &step.patch()).await.map(drop));
        }
        results
    }
    /// Updates the body of an issue that this run created, to record what was finished.
    async fn confirm(&mut self, number: IssueNumber, body: &str) -> Result<()>;
    /// Comments on an issue, unless this account has already left the same comment.
    async fn comment_once(&mut self, number: IssueNumber, body: &str) -> Result<()>;
    /// Saves everything that is still pending.
    async fn finish(&mut self) -> Result<()>;
}

/// The result of a change that may be incomplete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<T> {
    /// The value returned by the change.
    pub value: T,
    /// The parts that were silently ignored, and why, as text.
    pub missing: Vec<String>,
}

impl<T> Done<T> {
    /// A complete result.
    pub fn whole(value: T) -> Self {
        Self { value, missing: Vec::new() }
    }
}

/// The result of adding or removing a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOutcome {
    /// The link was added or removed.
    Done,
    /// The server does not support this kind of link, which was reported once.
    LeftOut,
}

/// Changes to a label. `None` leaves a value unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelPatch {
    /// The new name. Issues keep the label.
    pub name: Option<String>,
    /// Six hexadecimal digits, without `#`.
    pub color: Option<String>,
    /// The description.
    pub description: Option<String>,
}

/// A milestone to create.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMilestone {
    /// Whether to create it closed.
    pub closed: bool,
    /// The title.
    pub title: String,
    /// The description, including its block.
    pub description: String,
    /// The due date; `None` for no date.
    pub due_on: Option<Date>,
}

/// Changes to a milestone. `None` leaves a value unchanged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestonePatch {
    /// The title.
    pub title: Option<String>,
    /// The description, including its block.
    pub description: Option<String>,
    /// The due date; `Some(None)` removes it.
    pub due_on: Option<Option<Date>>,
    /// Whether it is closed.
    pub closed: Option<bool>,
}

/// An issue to create. It is created open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewIssue {
    /// The title.
    pub title: String,
    /// The body, including its block.
    pub body: String,
    /// Label names.
    pub labels: Vec<String>,
    /// Logins.
    pub assignees: Vec<String>,
    /// The milestone to put it into; `None` for none.
    pub milestone: Option<MilestoneNumber>,
}

/// Changes to an issue. `None` leaves a value unchanged. Labels and assignees are added and removed individually, so
/// that changes made by people in the meantime are not lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuePatch {
    /// The title.
    pub title: Option<String>,
    /// The body, including its block.
    pub body: Option<String>,
    /// Reopen the issue, or close it for a reason.
    pub state: Option<IssueState>,
    /// The milestone; `Some(None)` removes it.
    pub milestone: Option<Option<MilestoneNumber>>,
    /// Labels to add.
    pub add_labels: Vec<String>,
    /// Labels to remove.
    pub remove_labels: Vec<String>,
    /// Assignees to add.
    pub add_assignees: Vec<String>,
    /// Assignees to remove.
    pub remove_assignees: Vec<String>,
}

/// A link or pin to add or remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// `blocked` is now blocked by `blocker`.
    AddDependency {
        /// The issue that waits.
        blocked: IssueNumber,
        /// The issue that it waits for.
        blocker: IssueNumber,
    },
    /// `blocked` is no longer blocked by `blocker`.
    RemoveDependency {
        /// The issue that waited.
        blocked: IssueNumber,
        /// The issue that it waited for.
        blocker: IssueNumber,
    },
    /// `child` becomes a sub-issue of `parent`.
    AddSubIssue {
        /// The sub-issue.
        child: IssueNumber,
        /// The parent.
        parent: IssueNumber,
    },
    /// `child` is no longer a sub-issue of `parent`.
    RemoveSubIssue {
        /// The sub-issue.
        child: IssueNumber,
        /// The parent.
        parent: IssueNumber,
    },
    /// Pins an issue.
    Pin(IssueNumber),
    /// Unpins an issue.
    Unpin(IssueNumber),
}

/// What remains to be done for an issue once its links and pins are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastStep {
    /// Closes the issue.
    Close(IssueNumber, StateReason),
    /// Writes the body.
    Write(IssueNumber, String),
}

impl LastStep {
    /// The issue.
    pub fn issue(&self) -> IssueNumber {
        let (Self::Close(number, _) | Self::Write(number, _)) = self;
        *number
    }

    /// The same as a change of the issue by itself.
    pub fn patch(&self) -> IssuePatch {
        match self {
            Self::Close(_, reason) => IssuePatch { state: Some(IssueState::Closed(*reason)), ..IssuePatch::default() },
            Self::Write(_, body) => IssuePatch { body: Some(body.clone()), ..IssuePatch::default() },
        }
    }
}
