//! A change as data: the operation, the thing it applies to, and the old value, new value and reason of each field.
//!
//! Code that compares, renders or applies a change destructures its edits without `..`, so that a new field does not
//! compile until every such place handles it.

use jiff::civil::Date;
use serde::Serialize;

use super::edit::{Edit, MemberEdit};
use super::issue_ref::IssueRef;
use super::written::{IssueText, MilestoneText};
use crate::model::snapshot::{IssueState, MilestoneNumber};
use crate::model::{PlanId, PlanKey};

/// The operation of a change.
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

/// The kind of thing that a change applies to.
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
    /// Creates, updates or renames a label.
    Label(LabelChange),
    /// Creates or changes a milestone.
    Milestone(Box<MilestoneChange>),
    /// Creates or changes an issue.
    Issue(Box<IssueChange>),
    /// Adds or removes a dependency, a parent or a pin.
    Link(LinkChange),
}

/// A change to a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelChange {
    /// Create, update or rename.
    pub op: Op,
    /// The label's name after the change.
    pub name: String,
    /// The values that change.
    pub edits: LabelEdits,
}

/// The changed values of a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelEdits {
    /// Set when the label is created or renamed.
    pub name: Option<Edit<Option<String>>>,
    /// Six hexadecimal digits, without `#`.
    pub color: Option<Edit<Option<String>>>,
    /// Set if the plan gives a description that differs.
    pub description: Option<Edit<Option<String>>>,
}

/// Changes to the plan item that an issue or milestone belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityEdits {
    /// The id of the plan, if the item moved to another plan.
    pub plan: Option<Edit<PlanId>>,
    /// The key of the item, if it changed.
    pub key: Option<Edit<PlanKey>>,
}

/// A change to a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneChange {
    /// The operation.
    pub op: Op,
    /// The key of the milestone in the plan.
    pub key: PlanKey,
    /// The number; `None` until the milestone exists.
    pub number: Option<MilestoneNumber>,
    /// The title to show: the planned one, or the one on GitHub if the milestone left the plan.
    pub title: String,
    /// The values that change.
    pub edits: MilestoneEdits,
    /// The description to write; `None` if the change is only reported.
    pub text: Option<MilestoneText>,
}

/// The changed values of a milestone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestoneEdits {
    /// Set if the milestone becomes another plan item.
    pub identity: IdentityEdits,
    /// The title; `from` is `None` before the milestone exists.
    pub title: Option<Edit<Option<String>>>,
    /// The part of the description that the plan owns.
    pub description: Option<Edit<Option<String>>>,
    /// The due date; `None` for no date.
    pub due_on: Option<Edit<Option<Date>>>,
    /// Whether the milestone is closed; `from` is `None` before it exists.
    pub closed: Option<Edit<Option<bool>>>,
}

/// A change to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueChange {
    /// The operation.
    pub op: Op,
    /// The issue, which may not exist yet.
    pub issue: IssueRef,
    /// The title to show: the planned one, or the one on GitHub if the issue left the plan.
    pub title: String,
    /// The title of the issue's milestone.
    pub milestone: Option<String>,
    /// The values that change.
    pub edits: IssueEdits,
    /// The body to write; `None` for a duplicate, and if the change is only reported.
    pub text: Option<IssueText>,
}

/// The changed values of an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueEdits {
    /// Set if the issue becomes another plan item.
    pub identity: IdentityEdits,
    /// The title; `from` is `None` before the issue exists.
    pub title: Option<Edit<Option<String>>>,
    /// Open or closed; `from` is `None` before the issue exists.
    pub state: Option<Edit<Option<IssueState>>>,
    /// The title of the milestone; `None` for no milestone.
    pub milestone: Option<Edit<Option<String>>>,
    /// Label names added or removed.
    pub labels: Vec<MemberEdit<String>>,
    /// Logins added or removed.
    pub assignees: Vec<MemberEdit<String>>,
    /// Blockers on which plan and GitHub agree but which the marker does not list yet.
    pub blocked_by: Vec<MemberEdit<PlanKey>>,
    /// A parent on which plan and GitHub agree but which the marker does not name yet.
    pub parent: Option<Edit<Option<PlanKey>>>,
    /// Set if the issue loses its pin by being closed.
    pub pinned: Option<Edit<bool>>,
    /// The part of the body that the plan owns.
    pub body: Option<Edit<Option<String>>>,
}

/// A change to a dependency, a parent or a pin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkChange {
    /// Link, unlink, pin or unpin.
    pub op: Op,
    /// The link or pin, and its old and new value.
    pub link: LinkEdit,
    /// The title of the issue that has the link or pin.
    pub title: String,
    /// The title of that issue's milestone.
    pub milestone: Option<String>,
    /// The display name of the issue at the other end: its written key, or else its title.
    pub other: Option<String>,
}

/// A link or pin, with its old and new value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkEdit {
    /// `blocked` is blocked by `blocker`.
    Dependency {
        /// The issue that waits.
        blocked: IssueRef,
        /// The issue that it waits for.
        blocker: IssueRef,
        /// Whether the dependency exists.
        edit: Edit<bool>,
    },
    /// `child` is a sub-issue of `parent`.
    SubIssue {
        /// The sub-issue.
        child: IssueRef,
        /// The parent to add or remove.
        parent: IssueRef,
        /// The parent before and after the change.
        edit: Edit<Option<ParentName>>,
    },
    /// An issue is pinned.
    Pin {
        /// The issue to pin or unpin.
        issue: IssueRef,
        /// Whether the issue is pinned.
        edit: Edit<bool>,
    },
}

/// A parent as it is shown to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParentName {
    /// A planned issue, or another issue of the repository, named by its number.
    Issue(PlanKey),
    /// An issue of another repository.
    Elsewhere,
}

/// An issue whose marker is written although the issue has no change of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkerUpdate {
    /// The issue, which exists.
    pub issue: IssueRef,
    /// The body to write.
    pub text: IssueText,
    /// Whether the update only follows a change of the issue's links or pin.
    pub follows_links: bool,
}

impl Change {
    /// The operation.
    pub fn op(&self) -> Op {
        match self {
            Self::Label(change) => change.op,
            Self::Milestone(change) => change.op,
            Self::Issue(change) => change.op,
            Self::Link(change) => change.op,
        }
    }

    /// The kind of thing that the change applies to.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Label(_) => Kind::Label,
            Self::Milestone(_) => Kind::Milestone,
            Self::Issue(_) => Kind::Issue,
            Self::Link(change) => change.kind(),
        }
    }

    /// The key of the thing: the name of a label, or else the item's key. For a link, the key of the issue that has it.
    pub fn key(&self) -> &str {
        match self {
            Self::Label(change) => &change.name,
            Self::Milestone(change) => change.key.as_str(),
            Self::Issue(change) => change.issue.key.as_str(),
            Self::Link(change) => change.issue().key.as_str(),
        }
    }

    /// The title to show: the name of a label, the title of a milestone or issue.
    pub fn title(&self) -> &str {
        match self {
            Self::Label(change) => &change.name,
            Self::Milestone(change) => &change.title,
            Self::Issue(change) => &change.title,
            Self::Link(change) => &change.title,
        }
    }

    /// The title of the milestone that the thing belongs to.
    pub fn milestone(&self) -> Option<&str> {
        match self {
            Self::Label(_) => None,
            Self::Milestone(change) => Some(&change.title),
            Self::Issue(change) => change.milestone.as_deref(),
            Self::Link(change) => change.milestone.as_deref(),
        }
    }

    /// The display name of the issue that has a link: its written key, or else its title.
    pub fn name(&self) -> &str {
        if self.key().contains('/') { self.title() } else { self.key() }
    }

    /// The display name of the issue at the other end of a link: its written key, or else its title.
    pub fn other(&self) -> Option<&str> {
        match self {
            Self::Label(_) | Self::Milestone(_) | Self::Issue(_) => None,
            Self::Link(change) => change.other.as_deref(),
        }
    }

    /// The number of the milestone or issue; `None` for labels, and until it exists.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Label(_) => None,
            Self::Milestone(change) => change.number.map(|number| number.0),
            Self::Issue(change) => change.issue.number.map(|number| number.0),
            Self::Link(change) => change.issue().number.map(|number| number.0),
        }
    }

    /// The issue change, if this is one.
    pub fn as_issue(&self) -> Option<&IssueChange> {
        match self {
            Self::Issue(change) => Some(change),
            Self::Label(_) | Self::Milestone(_) | Self::Link(_) => None,
        }
    }
}

impl LinkChange {
    /// The kind of the link.
    pub fn kind(&self) -> Kind {
        match &self.link {
            LinkEdit::Dependency { .. } => Kind::Dependency,
            LinkEdit::SubIssue { .. } => Kind::SubIssue,
            LinkEdit::Pin { .. } => Kind::Pin,
        }
    }

    /// The issue whose marker records the link.
    pub fn issue(&self) -> &IssueRef {
        match &self.link {
            LinkEdit::Dependency { blocked: issue, .. }
            | LinkEdit::SubIssue { child: issue, .. }
            | LinkEdit::Pin { issue, .. } => issue,
        }
    }
}
