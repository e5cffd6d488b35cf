//! The observed state of a repository at one moment: its milestones, labels, issues, links and pins, in our own types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::looked_through::LookedThrough;

/// The number of an issue, as in `#12`. GitHub's API also has ids, which are different numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssueNumber(pub u64);

/// The number of a milestone. Milestones and issues are numbered separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MilestoneNumber(pub u64);

impl fmt::Display for IssueNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}

/// A repository at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// The display name of the repository; `None` for the empty repository that a preview without a target compares
    /// with.
    pub target: Option<String>,
    /// The account that plan-action runs as.
    pub viewer: Option<String>,
    /// Other accounts whose markers are believed, as configured by the user.
    pub trusted: BTreeSet<String>,
    /// All labels of the repository.
    pub labels: Vec<Label>,
    /// All milestones, open and closed.
    pub milestones: Vec<Milestone>,
    /// The issues, open and closed, without pull requests. A snapshot observed for certain plans may lack issues
    /// without a marker.
    pub issues: Vec<Issue>,
    /// Pairs of blocked issue and blocking issue, as far as known. Use [`Snapshot::blockers`] to compare.
    pub dependencies: BTreeSet<(IssueNumber, IssueNumber)>,
    /// Sub-issue to parent, as far as known. Use [`Snapshot::parent`] to compare.
    pub parents: BTreeMap<IssueNumber, IssueNumber>,
    /// Sub-issues whose parent is in another repository.
    pub parents_elsewhere: BTreeSet<IssueNumber>,
    /// Pinned issues, as far as known. Use [`Snapshot::pinned`] to compare.
    pub pins: BTreeSet<IssueNumber>,
    /// When each issue was last changed, if known.
    pub updated: BTreeMap<IssueNumber, Timestamp>,
    /// Features that the server does not support.
    pub lacks: Lacks,
    /// What GitHub did not return when asked.
    pub unknown: Unknown,
    /// The hint that saves the next run from listing all issues, if there is one.
    pub looked_through: Option<LookedThrough>,
}

/// A value as observed. Only a known value can be compared. Nobody can say of an unknown one that it exists, or that
/// people removed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed<T> {
    /// The complete value.
    Known(T),
    /// GitHub returned nothing, or only a part.
    Unknown,
    /// The server does not support the feature.
    Unsupported,
}

impl<T> Observed<T> {
    /// Converts a known value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Observed<U> {
        match self {
            Self::Known(value) => Observed::Known(change(value)),
            Self::Unknown => Observed::Unknown,
            Self::Unsupported => Observed::Unsupported,
        }
    }
}

/// What GitHub did not return. The sets of a [`Snapshot`] do not contain it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Issues whose blockers are unknown.
    pub blockers: BTreeSet<IssueNumber>,
    /// Issues whose parent is unknown.
    pub parents: BTreeSet<IssueNumber>,
    /// Whether the pinned issues are unknown.
    pub pins: bool,
}

/// Features that a server does not support. They are neither compared nor written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lacks {
    /// Dependencies between issues.
    pub dependencies: bool,
    /// Sub-issues.
    pub sub_issues: bool,
    /// Pinned issues.
    pub pins: bool,
}

/// A label of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The name. GitHub ignores its case.
    pub name: String,
    /// Six hexadecimal digits in lower case, without `#`.
    pub color: String,
    /// The description; empty if there is none.
    pub description: String,
}

/// A milestone of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The number that GitHub assigned.
    pub number: MilestoneNumber,
    /// The title; unique within the repository.
    pub title: String,
    /// The whole description, including the plan-action block; empty if there is none.
    pub description: String,
    /// The due date, without a time.
    pub due_on: Option<Date>,
    /// Whether the milestone is closed.
    pub closed: bool,
}

/// An issue of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// The number that GitHub assigned.
    pub number: IssueNumber,
    /// The title; not necessarily unique.
    pub title: String,
    /// The whole body, including the plan-action block; empty if there is none.
    pub body: String,
    /// Whether the issue is closed.
    pub closed: bool,
    /// Why the issue is closed, if GitHub reports a reason.
    pub state_reason: Option<StateReason>,
    /// Label names.
    pub labels: BTreeSet<String>,
    /// Logins.
    pub assignees: BTreeSet<String>,
    /// The milestone that the issue belongs to.
    pub milestone: Option<MilestoneNumber>,
    /// The login of the person or app that opened the issue.
    pub author: String,
    /// The author's relation to the repository.
    pub author_association: AuthorAssociation,
}

/// The relation of an issue's author to the repository, as GitHub names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs, reason = "GitHub's own words")]
pub enum AuthorAssociation {
    Owner,
    Member,
    Collaborator,
    Contributor,
    FirstTimer,
    FirstTimeContributor,
    Mannequin,
    None,
}

impl AuthorAssociation {
    /// Whether authors with this association can have write access to the repository.
    pub fn may_write(self) -> bool {
        matches!(self, Self::Owner | Self::Member | Self::Collaborator)
    }
}

/// Why an issue is closed, as GitHub names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateReason {
    /// The work is done.
    Completed,
    /// The work will not be done.
    NotPlanned,
    /// Another issue covers the same work.
    Duplicate,
}

impl StateReason {
    /// Parses GitHub's name. `reopened`, which is not a reason for closing, gives `None`.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Completed, Self::NotPlanned, Self::Duplicate].into_iter().find(|reason| reason.as_str() == name)
    }

    /// GitHub's name for the reason.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::NotPlanned => "not_planned",
            Self::Duplicate => "duplicate",
        }
    }
}

/// Whether an issue is open, or closed and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueState {
    /// The issue is open.
    Open,
    /// The issue is closed for the given reason.
    Closed(StateReason),
}

impl IssueState {
    /// GitHub's name for the state, without the reason.
    pub fn as_str(self) -> &'static str {
        state_name(matches!(self, Self::Closed(_)))
    }
}

/// GitHub's name for the state of an issue or milestone.
pub fn state_name(closed: bool) -> &'static str {
    if closed { "closed" } else { "open" }
}

/// Folds the case of a label name or login, which GitHub compares case-insensitively.
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// Whether an author's login belongs to an account. GraphQL may omit the `[bot]` suffix that REST adds to the account
/// of a workflow's token. For any other name, the suffix makes a different account: the app `ada[bot]` is not the
/// person `ada`.
pub fn is_account(account: &str, login: &str) -> bool {
    let (account, login) = (fold(account), fold(login));
    account == login || (account == "github-actions" && login == "github-actions[bot]")
}

impl Snapshot {
    /// Finds an issue by number.
    pub fn issue(&self, number: IssueNumber) -> Option<&Issue> {
        self.issues.iter().find(|issue| issue.number == number)
    }

    /// Whether an issue with this number exists and is open.
    pub fn is_open(&self, number: IssueNumber) -> bool {
        self.issue(number).is_some_and(|issue| !issue.closed)
    }

    /// Finds a milestone by number.
    pub fn milestone(&self, number: MilestoneNumber) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.number == number)
    }

    /// The issues that block an issue. `None` stands for an issue that does not exist yet and has no blockers.
    pub fn blockers(&self, number: Option<IssueNumber>) -> Observed<BTreeSet<IssueNumber>> {
        if self.lacks.dependencies {
            return Observed::Unsupported;
        }
        let Some(number) = number else { return Observed::Known(BTreeSet::new()) };
        if self.unknown.blockers.contains(&number) {
            return Observed::Unknown;
        }
        let of_it = self.dependencies.range((number, IssueNumber(0))..=(number, IssueNumber(u64::MAX)));
        Observed::Known(of_it.map(|(_, blocker)| *blocker).collect())
    }

    /// The parent of an issue within this repository. `None` stands for an issue that does not exist yet and has no
    /// parent.
    pub fn parent(&self, number: Option<IssueNumber>) -> Observed<Option<IssueNumber>> {
        match number {
            _ if self.lacks.sub_issues => Observed::Unsupported,
            Some(number) if self.unknown.parents.contains(&number) => Observed::Unknown,
            _ => Observed::Known(number.and_then(|number| self.parents.get(&number).copied())),
        }
    }

    /// The pinned issues, if known.
    pub fn pinned(&self) -> Observed<&BTreeSet<IssueNumber>> {
        match () {
            () if self.lacks.pins => Observed::Unsupported,
            () if self.unknown.pins => Observed::Unknown,
            () => Observed::Known(&self.pins),
        }
    }

    /// Whether the marker in an issue is believed: its author may write to the repository, is the account that
    /// plan-action runs as, or is explicitly trusted.
    pub fn trusts(&self, issue: &Issue) -> bool {
        let mut accounts = self.viewer.iter().chain(&self.trusted);
        issue.author_association.may_write() || accounts.any(|account| is_account(account, &issue.author))
    }
}
