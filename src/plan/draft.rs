//! What a dialect reader hands over: items as they were found, their references not yet looked up.

use std::ops::Range;

use jiff::civil::Date;

/// A word or phrase with its place in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned {
    /// The text without backticks.
    pub text: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A whole document, unresolved.
#[derive(Debug, Default)]
pub struct Draft {
    /// The document's own title.
    pub title: String,
    /// Milestones in the order of the document.
    pub milestones: Vec<DraftMilestone>,
    /// Issues in the order of the document.
    pub issues: Vec<DraftIssue>,
    /// Issues that the document calls release gates, outside of their own text.
    pub gates: Vec<Spanned>,
    /// The edges of the document's dependency graph; `None` where it has none.
    pub graph: Option<Vec<GraphEdge>>,
}

/// When a milestone is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// On a day.
    On(Date),
    /// On the last day of a week of the plan, counted from `start:`.
    Week(u32, Range<usize>),
}

/// A milestone as it was found.
#[derive(Debug)]
pub struct DraftMilestone {
    /// The key as written; derived from the title otherwise.
    pub key: Option<String>,
    /// The title, cleaned.
    pub title: String,
    /// When it is due.
    pub due: Option<Due>,
    /// Its description, markdown.
    pub description: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// An issue as it was found.
#[derive(Debug)]
pub struct DraftIssue {
    /// The key as written; derived from milestone and title otherwise.
    pub key: Option<String>,
    /// The title, cleaned.
    pub title: String,
    /// Its milestone, by key or title.
    pub milestone: Option<Spanned>,
    /// Label names.
    pub labels: Vec<Spanned>,
    /// Logins.
    pub assignees: Vec<Spanned>,
    /// What blocks it, by key or title.
    pub depends_on: Vec<Spanned>,
    /// What it is a sub-issue of, by key or title.
    pub parent: Option<Spanned>,
    /// Whether it is done.
    pub closed: bool,
    /// Its text, markdown.
    pub body: String,
    /// Where it stands: its heading or line.
    pub span: Range<usize>,
}

/// An arrow in the document's own graph: `blocker --> blocked`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphEdge {
    /// The node that the arrow starts from.
    pub blocker: String,
    /// The node that it points to.
    pub blocked: String,
    /// Where the arrow stands.
    pub span: Range<usize>,
}
