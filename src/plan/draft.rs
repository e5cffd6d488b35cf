//! What a dialect reader hands over: items as they were found, their references not yet looked up.

use std::ops::Range;

use jiff::civil::Date;

use super::spans::{IssueSpans, MilestoneSpans};

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
    /// The preset that the form is nearest to.
    pub dialect: &'static str,
    /// What speaks for the form, in words.
    pub why: String,
    /// What the document has that could be items, in a sentence.
    pub seen: String,
    /// Milestones in the order of the document.
    pub milestones: Vec<DraftMilestone>,
    /// Issues in the order of the document.
    pub issues: Vec<DraftIssue>,
    /// Issues that the document calls release gates, outside of their own text.
    pub gates: Vec<Spanned>,
    /// The edges of the document's dependency graph; `None` where it has none.
    pub graph: Option<Vec<GraphEdge>>,
    /// Dependencies that stand apart from the issues: what blocks, and what it blocks.
    pub links: Vec<(Spanned, Spanned)>,
    /// Labels that the document declares: name, colour, description.
    pub labels: Vec<DraftLabel>,
    /// What was not read, and why.
    pub ignored: Vec<Ignored>,
    /// What each item line was read as.
    pub outline: Vec<super::read::outline::Line>,
}

/// A label that the document declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLabel {
    /// Its name.
    pub name: Spanned,
    /// Six hexadecimal digits in lower case, if the document gives them.
    pub color: Option<String>,
    /// What it is for, if the document says.
    pub description: Option<String>,
}

/// A part of the document that makes no issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// What people call it: the heading.
    pub name: String,
    /// Its first and last line, from 1.
    pub lines: (usize, usize),
    /// Why it is not read, in a few words.
    pub why: String,
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
#[derive(Debug, Clone, Default)]
pub struct DraftMilestone {
    /// The key as written; derived from the title otherwise.
    pub key: Option<String>,
    /// The title, cleaned.
    pub title: String,
    /// When it is due.
    pub due: Option<Due>,
    /// Its description, markdown.
    pub description: String,
    /// The issues that it lists, by key, number or title.
    pub issues: Vec<Spanned>,
    /// Whether the milestone itself says that it is done.
    pub done: Option<bool>,
    /// What it is called in short, in lower case: `phase 1`. One that is named twice is one.
    pub designator: Option<String>,
    /// Where it stands.
    pub span: Range<usize>,
    /// Where its values stand, as far as they are known.
    pub spans: MilestoneSpans,
}

impl DraftMilestone {
    /// By what others may name it: its key, else its title.
    pub fn name(&self) -> Spanned {
        Spanned { text: self.key.as_ref().unwrap_or(&self.title).clone(), span: self.span.clone() }
    }
}

/// An issue as it was found.
#[derive(Debug, Clone, Default)]
pub struct DraftIssue {
    /// The key as written; derived from milestone and title otherwise.
    pub key: Option<String>,
    /// Whether the key can be nothing else, such as the first word of the title.
    pub is_marked: bool,
    /// Whether a comment gives it an identity: it is an item whatever it is called, and says all about itself.
    pub has_id: bool,
    /// The number in front of it, by which others may name it. Numbers shift, so it is no key.
    pub number: Option<String>,
    /// The title, cleaned.
    pub title: String,
    /// Its milestone, by key or title, where the issue names it.
    pub milestone: Option<Spanned>,
    /// Whether a column of a table names it.
    pub is_column: bool,
    /// The milestone that its status mentions.
    pub hint: Option<Spanned>,
    /// The milestone that encloses it, as a number in the list of milestones.
    pub place: Option<usize>,
    /// Label names.
    pub labels: Vec<Spanned>,
    /// Logins.
    pub assignees: Vec<Spanned>,
    /// What blocks it, by key or title.
    pub depends_on: Vec<Spanned>,
    /// What it blocks, by key or title.
    pub blocks: Vec<Spanned>,
    /// What it is a sub-issue of, by key or title.
    pub parent: Option<Spanned>,
    /// Whether it is done.
    pub closed: bool,
    /// Whether its line or fields say whether it is.
    pub has_state: bool,
    /// Its status, where the word is not known.
    pub unknown_state: Option<Spanned>,
    /// Whether it is a file of its own, whose dependencies may be in others.
    pub is_file: bool,
    /// Whether it is struck through.
    pub is_dropped: bool,
    /// Its text, markdown.
    pub body: String,
    /// Where it stands: its heading or line.
    pub span: Range<usize>,
    /// Where its values stand, as far as they are known: what its references name is looked up later.
    pub spans: IssueSpans,
}

impl DraftIssue {
    /// By what others may name it: its key, else its title.
    pub fn name(&self) -> Spanned {
        Spanned { text: self.key.as_ref().unwrap_or(&self.title).clone(), span: self.span.clone() }
    }
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
