//! What is there: a repository's milestones, labels, issues, links and pins at one moment, in our own types.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The number of an issue, as in `#12`. Not its id, which is another number on GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssueNumber(pub u64);

/// The number of a milestone; milestones are counted apart from issues.
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
    /// What was observed, as people name it; nothing for the empty repository that a preview without a target takes.
    pub target: Option<String>,
    /// The account that plan-action runs as.
    pub viewer: Option<String>,
    /// Other accounts whose markers are believed, because whoever runs this says so.
    pub trusted: BTreeSet<String>,
    /// All labels.
    pub labels: Vec<Label>,
    /// All milestones, open and closed.
    pub milestones: Vec<Milestone>,
    /// All issues, open and closed, by number; no pull requests.
    pub issues: Vec<Issue>,
    /// Blocked issue and blocking issue, as far as is known. [`Snapshot::blockers`] is for comparing.
    pub dependencies: BTreeSet<(IssueNumber, IssueNumber)>,
    /// Sub-issue to parent, as far as is known. [`Snapshot::parent`] is for comparing.
    pub parents: BTreeMap<IssueNumber, IssueNumber>,
    /// Sub-issues whose parents are issues of other repositories.
    pub parents_elsewhere: BTreeSet<IssueNumber>,
    /// Pinned issues, as far as is known. [`Snapshot::pinned`] is for comparing.
    pub pins: BTreeSet<IssueNumber>,
    /// What the repository's server does not have.
    pub lacks: Lacks,
    /// What GitHub did not say when it was asked.
    pub unknown: Unknown,
}

/// What was found out about something. Only what is known can be compared: of the rest nobody may say that it is there,
/// or that people took it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed<T> {
    /// It is like this.
    Known(T),
    /// GitHub did not say, or only a part of it.
    Unknown,
    /// The server cannot hold it.
    Unsupported,
}

impl<T> Observed<T> {
    /// The same about something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Observed<U> {
        match self {
            Self::Known(value) => Observed::Known(change(value)),
            Self::Unknown => Observed::Unknown,
            Self::Unsupported => Observed::Unsupported,
        }
    }
}

/// What GitHub did not say. The sets of a [`Snapshot`] lack it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Issues of which it is not known what blocks them.
    pub blockers: BTreeSet<IssueNumber>,
    /// Issues of which it is not known what they are a part of.
    pub parents: BTreeSet<IssueNumber>,
    /// Whether the pinned issues are unknown.
    pub pins: bool,
}

/// What a server does not have; nothing of it is compared or written then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lacks {
    /// Dependencies between issues.
    pub dependencies: bool,
    /// Sub-issues.
    pub sub_issues: bool,
    /// Pinned issues.
    pub pins: bool,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its name; GitHub ignores the case.
    pub name: String,
    /// Six hexadecimal digits in lower case, without `#`.
    pub color: String,
    /// Its description, empty for none.
    pub description: String,
}

/// A milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Its number.
    pub number: MilestoneNumber,
    /// Its title.
    pub title: String,
    /// Its description with whatever stands in it, empty for none.
    pub description: String,
    /// The day it is due.
    pub due_on: Option<Date>,
    /// Whether it is closed.
    pub closed: bool,
}

/// An issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its number.
    pub number: IssueNumber,
    /// Its title.
    pub title: String,
    /// Its text with whatever stands in it, empty for none.
    pub body: String,
    /// Whether it is closed.
    pub closed: bool,
    /// Why it is closed, where GitHub says so.
    pub state_reason: Option<StateReason>,
    /// Label names.
    pub labels: BTreeSet<String>,
    /// Logins.
    pub assignees: BTreeSet<String>,
    /// Its milestone.
    pub milestone: Option<MilestoneNumber>,
    /// Who opened it.
    pub author: String,
    /// What its author is to the repository.
    pub author_association: AuthorAssociation,
}

/// What the author of an issue is to the repository, in GitHub's words.
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
    /// Whether such a person may write to the repository.
    pub fn may_write(self) -> bool {
        matches!(self, Self::Owner | Self::Member | Self::Collaborator)
    }
}

/// Why an issue is closed, in GitHub's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StateReason {
    /// It is done.
    Completed,
    /// It will not be done.
    NotPlanned,
    /// Another issue is about the same.
    Duplicate,
}

impl StateReason {
    /// The reason that GitHub calls by a name; `reopened` is none to be closed.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Completed, Self::NotPlanned, Self::Duplicate].into_iter().find(|reason| reason.as_str() == name)
    }

    /// GitHub's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::NotPlanned => "not_planned",
            Self::Duplicate => "duplicate",
        }
    }
}

/// Whether an issue is open or closed, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssueState {
    /// It is open.
    Open,
    /// It is closed, for a reason.
    Closed(StateReason),
}

impl IssueState {
    /// GitHub's word.
    pub fn as_str(self) -> &'static str {
        state_name(matches!(self, Self::Closed(_)))
    }
}

/// GitHub's word for the state of an issue or milestone.
pub fn state_name(closed: bool) -> &'static str {
    if closed { "closed" } else { "open" }
}

/// The form of a name in which GitHub compares labels and logins.
pub fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// Whether an author's login is that of an account. GraphQL may name the account of a workflow's token without the
/// suffix that REST gives it. For any other name the two are two accounts: an app `ada[bot]` is not the person `ada`.
pub fn is_account(account: &str, login: &str) -> bool {
    let (account, login) = (fold(account), fold(login));
    account == login || (account == "github-actions" && login == "github-actions[bot]")
}

impl Snapshot {
    /// The issue with a number.
    pub fn issue(&self, number: IssueNumber) -> Option<&Issue> {
        self.issues.iter().find(|issue| issue.number == number)
    }

    /// Whether the issue with a number is there and open.
    pub fn is_open(&self, number: IssueNumber) -> bool {
        self.issue(number).is_some_and(|issue| !issue.closed)
    }

    /// The milestone with a number.
    pub fn milestone(&self, number: MilestoneNumber) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.number == number)
    }

    /// What blocks an issue. One that is not there yet is blocked by nothing.
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

    /// The parent of an issue in this repository. One that is not there yet has none.
    pub fn parent(&self, number: Option<IssueNumber>) -> Observed<Option<IssueNumber>> {
        match number {
            _ if self.lacks.sub_issues => Observed::Unsupported,
            Some(number) if self.unknown.parents.contains(&number) => Observed::Unknown,
            _ => Observed::Known(number.and_then(|number| self.parents.get(&number).copied())),
        }
    }

    /// The pinned issues.
    pub fn pinned(&self) -> Observed<&BTreeSet<IssueNumber>> {
        match () {
            () if self.lacks.pins => Observed::Unsupported,
            () if self.unknown.pins => Observed::Unknown,
            () => Observed::Known(&self.pins),
        }
    }

    /// Whether what stands in an issue may be believed to come from somebody who may write to the repository.
    pub fn trusts(&self, issue: &Issue) -> bool {
        let mut accounts = self.viewer.iter().chain(&self.trusted);
        issue.author_association.may_write() || accounts.any(|account| is_account(account, &issue.author))
    }
}
