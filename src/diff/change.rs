//! A change as data: what happens to which thing, and each of its fields with old and new.

use serde::Serialize;

use super::digest::ChangeDigest;
use crate::model::snapshot::{IssueNumber, MilestoneNumber};
use crate::plan::PlanKey;

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

/// Why a field is written, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The plan changed it.
    Plan,
    /// People changed it.
    Drift,
    /// Both did, each in another way.
    Conflict,
}

/// A field of a label, milestone or issue. Labels and assignees are fields of their own, each single one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "GitHub's own words, and the contract's")]
pub enum Field {
    Plan,
    Key,
    Title,
    Name,
    Color,
    Description,
    DueOn,
    State,
    StateReason,
    Milestone,
    Label,
    Assignee,
    Parent,
    BlockedBy,
    Pinned,
    Body,
}

impl Field {
    /// Whether its values are texts of many lines, which are shown against each other.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Body | Self::Description)
    }
}

/// One field from one value to another; no value is none at all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// What is there.
    pub from: Option<String>,
    /// What will be there.
    pub to: Option<String>,
    /// Why.
    pub why: Why,
}

impl FieldChange {
    /// A field that the plan changes.
    pub fn plan(field: Field, from: Option<&str>, to: Option<&str>) -> Self {
        Self::new(field, from, to, Why::Plan)
    }

    /// A field that changes for a reason.
    pub fn new(field: Field, from: Option<&str>, to: Option<&str>, why: Why) -> Self {
        Self { field, from: from.map(str::to_owned), to: to.map(str::to_owned), why }
    }
}

/// An issue that may not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueRef {
    /// Its key in the plan.
    pub key: PlanKey,
    /// Its number, once it has one.
    pub number: Option<IssueNumber>,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A label, by name.
    Label(String),
    /// A milestone.
    Milestone(PlanKey, Option<MilestoneNumber>),
    /// An issue.
    Issue(IssueRef),
    /// That `blocked` waits for `blocker`.
    Dependency {
        /// The issue that waits.
        blocked: IssueRef,
        /// What it waits for.
        blocker: IssueRef,
    },
    /// That `child` is a sub-issue of `parent`.
    SubIssue {
        /// The part.
        child: IssueRef,
        /// The whole.
        parent: IssueRef,
    },
    /// That an issue is pinned.
    Pin(IssueRef),
}

/// One change to one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What happens.
    pub op: Op,
    /// To what.
    pub subject: Subject,
    /// What people call it: a label's name, the title of a milestone or issue.
    pub title: String,
    /// The title of the milestone that it belongs to.
    pub milestone: Option<String>,
    /// Of a link, what people call its other end: a written key, else the title.
    pub other: Option<String>,
    /// The fields that change, in the order of [`Field`].
    pub fields: Vec<FieldChange>,
}

impl Change {
    /// The kind of its subject.
    pub fn kind(&self) -> Kind {
        match &self.subject {
            Subject::Label(_) => Kind::Label,
            Subject::Milestone(..) => Kind::Milestone,
            Subject::Issue(_) => Kind::Issue,
            Subject::Dependency { .. } => Kind::Dependency,
            Subject::SubIssue { .. } => Kind::SubIssue,
            Subject::Pin(_) => Kind::Pin,
        }
    }

    /// The key of its subject: the label's name, else the item's key; of a link, the key of the issue that has it.
    pub fn key(&self) -> &str {
        match &self.subject {
            Subject::Label(name) => name,
            Subject::Milestone(key, _) => key.as_str(),
            Subject::Issue(issue) | Subject::Pin(issue) => issue.key.as_str(),
            Subject::Dependency { blocked, .. } => blocked.key.as_str(),
            Subject::SubIssue { child, .. } => child.key.as_str(),
        }
    }

    /// What people call the issue that has a link: a written key, else the title.
    pub fn name(&self) -> &str {
        if self.key().contains('/') { &self.title } else { self.key() }
    }

    /// The number of the milestone or issue, once it has one.
    pub fn number(&self) -> Option<u64> {
        match &self.subject {
            Subject::Label(_) => None,
            Subject::Milestone(_, number) => number.map(|number| number.0),
            Subject::Issue(issue) | Subject::Pin(issue) => issue.number.map(|number| number.0),
            Subject::Dependency { blocked, .. } => blocked.number.map(|number| number.0),
            Subject::SubIssue { child, .. } => child.number.map(|number| number.0),
        }
    }

    /// What a reviewer approves of: the change as data, without the numbers that GitHub gives, in as many parts as can
    /// become true by themselves.
    pub fn digests(&self) -> Vec<ChangeDigest> {
        super::digest::parts(self)
    }

    /// Whether people will see something of it: that the plan and they agree is only noted.
    pub fn is_seen(&self) -> bool {
        self.fields.is_empty() || self.fields.iter().any(|field| field.from != field.to)
    }

    /// The first change of a field.
    pub fn field(&self, field: Field) -> Option<&FieldChange> {
        self.fields.iter().find(|change| change.field == field)
    }
}
