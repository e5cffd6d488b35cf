//! A change as data: what happens to which thing, and each of its values with old, new and why.
//!
//! Whoever compares, renders or applies a change takes its edits apart without `..`: a new field does not compile until
//! everybody has decided what it means.

use jiff::civil::Date;
use serde::Serialize;

use super::edit::{Edit, MemberEdit};
use super::issue_ref::IssueRef;
use super::written::{IssueText, MilestoneText};
use crate::model::snapshot::{IssueState, MilestoneNumber};
use crate::model::{PlanId, PlanKey};

/// What happens to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the contract's own words")]
pub enum Op {
    Create,
    Update,
    Rename,
    Adopt,
    Reopen,
    Link,
    Unlink,
    Pin,
    Unpin,
    Close,
}

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the contract's own words")]
pub enum Kind {
    Label,
    Milestone,
    Issue,
    Dependency,
    SubIssue,
    Pin,
}

/// One change to one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// To a label.
    Label(LabelChange),
    /// To a milestone.
    Milestone(Box<MilestoneChange>),
    /// To an issue.
    Issue(Box<IssueChange>),
    /// To a dependency, a parent or a pin.
    Link(LinkChange),
}

/// A change to a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelChange {
    /// What happens.
    pub op: Op,
    /// The label's name once the change is made.
    pub name: String,
    /// What changes.
    pub edits: LabelEdits,
}

/// What changes in a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelEdits {
    /// The name.
    pub name: Option<Edit<Option<String>>>,
    /// The colour, six hexadecimal digits.
    pub color: Option<Edit<Option<String>>>,
    /// The description.
    pub description: Option<Edit<Option<String>>>,
}

/// Which plan item a thing is, where that changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityEdits {
    /// The plan.
    pub plan: Option<Edit<PlanId>>,
    /// The item's key.
    pub key: Option<Edit<PlanKey>>,
}

/// A change to a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneChange {
    /// What happens.
    pub op: Op,
    /// Its key in the plan.
    pub key: PlanKey,
    /// Its number, once it has one.
    pub number: Option<MilestoneNumber>,
    /// The title that people know it by: the plan's, or that on GitHub where it left the plan.
    pub title: String,
    /// What changes.
    pub edits: MilestoneEdits,
    /// The description to write; none in a change that is only reported.
    pub text: Option<MilestoneText>,
}

/// What changes in a milestone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestoneEdits {
    /// Which item it is.
    pub identity: IdentityEdits,
    /// The title.
    pub title: Option<Edit<Option<String>>>,
    /// The text that the plan owns in the description.
    pub description: Option<Edit<Option<String>>>,
    /// The day it is due.
    pub due_on: Option<Edit<Option<Date>>>,
    /// Whether it is closed; `None` before it exists.
    pub closed: Option<Edit<Option<bool>>>,
}

/// A change to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueChange {
    /// What happens.
    pub op: Op,
    /// The issue.
    pub issue: IssueRef,
    /// The title that people know it by: the plan's, or that on GitHub where it left the plan.
    pub title: String,
    /// The title of its milestone.
    pub milestone: Option<String>,
    /// What changes.
    pub edits: IssueEdits,
    /// The text to write; none for a duplicate and in a change that is only reported.
    pub text: Option<IssueText>,
}

/// What changes in an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueEdits {
    /// Which item it is.
    pub identity: IdentityEdits,
    /// The title.
    pub title: Option<Edit<Option<String>>>,
    /// Whether it is open or closed; `None` before it exists.
    pub state: Option<Edit<Option<IssueState>>>,
    /// The title of the milestone.
    pub milestone: Option<Edit<Option<String>>>,
    /// Label names.
    pub labels: Vec<MemberEdit<String>>,
    /// Logins.
    pub assignees: Vec<MemberEdit<String>>,
    /// Blockers on which plan and GitHub agree, which the marker does not list yet.
    pub blocked_by: Vec<MemberEdit<PlanKey>>,
    /// A parent on which plan and GitHub agree, which the marker does not name yet.
    pub parent: Option<Edit<Option<PlanKey>>>,
    /// Whether it is pinned, where it loses its pin by being closed.
    pub pinned: Option<Edit<bool>>,
    /// The text that the plan owns in the body.
    pub body: Option<Edit<Option<String>>>,
}

/// A change to a dependency, a parent or a pin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    /// What happens.
    pub op: Op,
    /// What is linked or pinned.
    pub link: LinkEdit,
    /// The title of the issue that has the link.
    pub title: String,
    /// The title of that issue's milestone.
    pub milestone: Option<String>,
    /// What people call the other end: a written key, else the title.
    pub other: Option<String>,
}

/// A link with what changes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEdit {
    /// That `blocked` waits for `blocker`.
    Dependency {
        /// The issue that waits.
        blocked: IssueRef,
        /// What it waits for.
        blocker: IssueRef,
        /// Whether it waits.
        edit: Edit<bool>,
    },
    /// That `child` is a sub-issue of `parent`.
    SubIssue {
        /// The sub-issue.
        child: IssueRef,
        /// The parent that is added or removed.
        parent: IssueRef,
        /// What it is a sub-issue of.
        edit: Edit<Option<ParentName>>,
    },
    /// That an issue is pinned.
    Pin {
        /// The issue.
        issue: IssueRef,
        /// Whether it is pinned.
        edit: Edit<bool>,
    },
}

/// A parent as people know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentName {
    /// An item of the plan, or an issue of the repository by its number.
    Issue(PlanKey),
    /// An issue of another repository.
    Elsewhere,
}

/// An issue whose marker is written although no change of its own says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkerUpdate {
    /// The issue, which exists.
    pub issue: IssueRef,
    /// The text to write.
    pub text: IssueText,
    /// Whether it follows a change of its links or pin. Nothing else changes in the issue otherwise.
    pub follows_links: bool,
}

impl Change {
    /// What happens.
    pub fn op(&self) -> Op {
        match self {
            Self::Label(change) => change.op,
            Self::Milestone(change) => change.op,
            Self::Issue(change) => change.op,
            Self::Link(change) => change.op,
        }
    }

    /// The kind of thing it is about.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Label(_) => Kind::Label,
            Self::Milestone(_) => Kind::Milestone,
            Self::Issue(_) => Kind::Issue,
            Self::Link(change) => change.kind(),
        }
    }

    /// The key of the thing: a label's name, else the item's key; of a link, the key of the issue that has it.
    pub fn key(&self) -> &str {
        match self {
            Self::Label(change) => &change.name,
            Self::Milestone(change) => change.key.as_str(),
            Self::Issue(change) => change.issue.key.as_str(),
            Self::Link(change) => change.issue().key.as_str(),
        }
    }

    /// What people call the thing: a label's name, the title of a milestone or issue.
    pub fn title(&self) -> &str {
        match self {
            Self::Label(change) => &change.name,
            Self::Milestone(change) => &change.title,
            Self::Issue(change) => &change.title,
            Self::Link(change) => &change.title,
        }
    }

    /// The title of the milestone that it belongs to.
    pub fn milestone(&self) -> Option<&str> {
        match self {
            Self::Label(_) => None,
            Self::Milestone(change) => Some(&change.title),
            Self::Issue(change) => change.milestone.as_deref(),
            Self::Link(change) => change.milestone.as_deref(),
        }
    }

    /// What people call the issue that has a link: a written key, else the title.
    pub fn name(&self) -> &str {
        if self.key().contains('/') { self.title() } else { self.key() }
    }

    /// Of a link, what people call its other end: a written key, else the title.
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Label(_) | Self::Milestone(_) | Self::Issue(_) => None,
            Self::Link(change) => change.other.as_deref(),
        }
    }

    /// The number of the milestone or issue, once it has one.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Label(_) => None,
            Self::Milestone(change) => change.number.map(|number| number.0),
            Self::Issue(change) => change.issue.number.map(|number| number.0),
            Self::Link(change) => change.issue().number.map(|number| number.0),
        }
    }

    /// The issue change that it is.
    pub fn as_issue(&self) -> Option<&IssueChange> {
        match self {
            Self::Issue(change) => Some(change),
            Self::Label(_) | Self::Milestone(_) | Self::Link(_) => None,
        }
    }
}

impl LinkChange {
    /// The kind of link.
    pub fn kind(&self) -> Kind {
        match &self.link {
            LinkEdit::Dependency { .. } => Kind::Dependency,
            LinkEdit::SubIssue { .. } => Kind::SubIssue,
            LinkEdit::Pin { .. } => Kind::Pin,
        }
    }

    /// The issue whose marker records it.
    pub fn issue(&self) -> &IssueRef {
        match &self.link {
            LinkEdit::Dependency { blocked: issue, .. }
            | LinkEdit::SubIssue { child: issue, .. }
            | LinkEdit::Pin { issue, .. } => issue,
        }
    }
}
