//! Where a plan lands: something that can be observed, and something that can be written. They are two traits, so that
//! a preview, which is handed only an [`Observer`], cannot write.

pub mod file;
pub mod github;

use anyhow::Result;
use jiff::civil::Date;

use crate::model::snapshot::{IssueNumber, IssueState, Label, MilestoneNumber, Snapshot};
use crate::stop::Stop;

/// Why there is little or no use in going on, as an error that whoever applies looks for.
#[derive(Debug)]
pub enum StopReason {
    /// Nothing else will be allowed either.
    NotAllowed(String),
    /// Nobody answers, or this was not allowed; perhaps the next will be.
    NoAnswer(String),
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::NotAllowed(text) | Self::NoAnswer(text)) = self;
        formatter.write_str(text)
    }
}

impl std::error::Error for StopReason {}

/// A repository that can be looked at.
#[expect(async_fn_in_trait, reason = "the program has one thread, and its futures need not be sent to another")]
pub trait Observer {
    /// Everything that is there, at one moment.
    ///
    /// # Errors
    ///
    /// When the repository cannot be read.
    async fn observe(&self) -> Result<Snapshot>;
}

/// A repository that can be written to. Each call is one thing done, or an error that says why it was not.
#[expect(async_fn_in_trait, reason = "as for `Observer`")]
pub trait Writer {
    /// Lets something stop whatever takes long: the request in flight ends, and no other begins.
    fn stop_on(&mut self, stop: &Stop);
    /// Whether anything can be written at all, as far as that is known before the first try.
    fn writable(&self) -> Result<()>;
    /// Creates a label.
    async fn create_label(&mut self, label: &Label) -> Result<()>;
    /// Changes the label with a name.
    async fn update_label(&mut self, name: &str, patch: &LabelPatch) -> Result<()>;
    /// Creates a milestone.
    async fn create_milestone(&mut self, milestone: &NewMilestone) -> Result<MilestoneNumber>;
    /// Changes a milestone.
    async fn update_milestone(&mut self, number: MilestoneNumber, patch: &MilestonePatch) -> Result<Done<()>>;
    /// Creates an open issue.
    async fn create_issue(&mut self, issue: &NewIssue) -> Result<Done<IssueNumber>>;
    /// Changes an issue.
    async fn update_issue(&mut self, number: IssueNumber, patch: &IssuePatch) -> Result<Done<()>>;
    /// Makes and removes links and pins, in this order; a result for each.
    async fn link(&mut self, links: &[Link]) -> Vec<Result<LinkOutcome>>;
    /// Writes the text of an issue that was just created, only to note what was done since.
    async fn confirm(&mut self, number: IssueNumber, body: &str) -> Result<()>;
    /// Comments on an issue, unless this account has left the same comment there before.
    async fn comment_once(&mut self, number: IssueNumber, body: &str) -> Result<()>;
    /// Makes sure that everything is kept.
    async fn finish(&mut self) -> Result<()>;
}

/// What was done, and what of it was left out without a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<T> {
    /// What came of it.
    pub value: T,
    /// What is not as it was asked for, and why, in words.
    pub missing: Vec<String>,
}

impl<T> Done<T> {
    /// Done to the last part.
    pub fn whole(value: T) -> Self {
        Self { value, missing: Vec::new() }
    }
}

/// What became of a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkOutcome {
    /// It is made or removed.
    Done,
    /// The target knows no such links; that was said once.
    LeftOut,
}

/// What changes in a label; nothing stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelPatch {
    /// The name; every issue keeps the label.
    pub name: Option<String>,
    /// The colour.
    pub color: Option<String>,
    /// The description.
    pub description: Option<String>,
}

/// A milestone to create.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMilestone {
    /// Whether it is closed from the beginning.
    pub closed: bool,
    /// The title.
    pub title: String,
    /// The description with its block.
    pub description: String,
    /// The day it is due.
    pub due_on: Option<Date>,
}

/// What changes in a milestone; nothing stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestonePatch {
    /// The title.
    pub title: Option<String>,
    /// The description with its block.
    pub description: Option<String>,
    /// The day it is due; `Some(None)` takes the date away.
    pub due_on: Option<Option<Date>>,
    /// Whether it is closed.
    pub closed: Option<bool>,
}

/// An issue to create.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewIssue {
    /// The title.
    pub title: String,
    /// The text with its block.
    pub body: String,
    /// Label names.
    pub labels: Vec<String>,
    /// Logins.
    pub assignees: Vec<String>,
    /// The milestone.
    pub milestone: Option<MilestoneNumber>,
}

/// What changes in an issue; nothing stays as it is. Labels and assignees come and go one by one, so that those which
/// people gave meanwhile are not lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssuePatch {
    /// The title.
    pub title: Option<String>,
    /// The text with its block.
    pub body: Option<String>,
    /// Closed for a reason, or open again.
    pub state: Option<IssueState>,
    /// The milestone; `Some(None)` takes it away.
    pub milestone: Option<Option<MilestoneNumber>>,
    /// Labels that come.
    pub add_labels: Vec<String>,
    /// Labels that go.
    pub remove_labels: Vec<String>,
    /// Assignees that come.
    pub add_assignees: Vec<String>,
    /// Assignees that go.
    pub remove_assignees: Vec<String>,
}

/// A link or pin that is made or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// `blocked` waits for `blocker`.
    AddDependency {
        /// The issue that waits.
        blocked: IssueNumber,
        /// What it waits for.
        blocker: IssueNumber,
    },
    /// `blocked` waits for `blocker` no more.
    RemoveDependency {
        /// The issue that waited.
        blocked: IssueNumber,
        /// What it waited for.
        blocker: IssueNumber,
    },
    /// `child` becomes a sub-issue of `parent`.
    AddSubIssue {
        /// The part.
        child: IssueNumber,
        /// The whole.
        parent: IssueNumber,
    },
    /// `child` is a sub-issue of `parent` no more.
    RemoveSubIssue {
        /// The part.
        child: IssueNumber,
        /// The whole.
        parent: IssueNumber,
    },
    /// An issue is pinned.
    Pin(IssueNumber),
    /// An issue is pinned no more.
    Unpin(IssueNumber),
}
