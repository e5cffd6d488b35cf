//! The file format of an offline repository.
//!
//! ```json
//! {
//!   "format": "plan-action repository",
//!   "version": 1,
//!   "viewer": "plan-action",
//!   "last_issue": 2,
//!   "last_milestone": 1,
//!   "labels": [{ "name": "optics", "color": "c2e0c6", "description": "" }],
//!   "milestones": [{ "number": 1, "title": "M1 First light", "description": "", "due_on": "2026-03-10",
//!                    "state": "open" }],
//!   "issues": [{ "number": 2, "title": "I2 Grind the mirror", "body": "", "state": "closed",
//!                "state_reason": "completed", "labels": ["optics"], "assignees": ["ada"], "milestone": 1,
//!                "author": "ada", "author_association": "OWNER", "blocked_by": [1], "parent": null }],
//!   "pinned": [2]
//! }
//! ```
//!
//! Only `format`, `version`, and the numbers and titles of things are required. Missing values default to empty, open,
//! or the viewer. Unknown keys are rejected: they come from another version or a typo. People may edit the file too, to
//! simulate what GitHub's users do.

mod convert;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::snapshot::{
    AuthorAssociation, Issue, IssueNumber, Label, Lacks, Milestone, MilestoneNumber, Snapshot, StateReason, Unknown,
    fold,
};

const FORMAT: &str = "plan-action repository";
/// The version of the file format that this program reads and writes.
pub const VERSION: u32 = 1;

/// The whole file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repository {
    format: String,
    version: u32,
    /// The account that plan-action runs as.
    #[serde(default = "default_viewer")]
    pub viewer: String,
    /// The highest issue number ever used. Numbers are not reused.
    #[serde(default)]
    pub last_issue: u64,
    /// The highest milestone number ever used.
    #[serde(default)]
    pub last_milestone: u64,
    /// The labels; the program keeps them sorted by name.
    #[serde(default)]
    pub labels: Vec<StoredLabel>,
    /// The milestones.
    #[serde(default)]
    pub milestones: Vec<StoredMilestone>,
    /// The issues.
    #[serde(default)]
    pub issues: Vec<StoredIssue>,
    /// The numbers of pinned issues.
    #[serde(default)]
    pub pinned: BTreeSet<IssueNumber>,
}

fn default_viewer() -> String {
    "plan-action".into()
}

/// A label of an offline repository.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct StoredLabel {
    pub name: String,
    #[serde(default = "default_color")]
    pub color: String,
    #[serde(default)]
    pub description: String,
}

/// The colour that GitHub gives to a label created without one.
pub fn default_color() -> String {
    "ededed".into()
}

/// The state of an issue or milestone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "GitHub's own words")]
pub enum StoredState {
    #[default]
    Open,
    Closed,
}

/// A milestone of an offline repository.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct StoredMilestone {
    pub number: MilestoneNumber,
    pub title: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub due_on: Option<Date>,
    #[serde(default)]
    pub state: StoredState,
}

/// An issue of an offline repository.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct StoredIssue {
    pub number: IssueNumber,
    pub title: String,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub state: StoredState,
    #[serde(default)]
    pub state_reason: Option<StateReason>,
    #[serde(default)]
    pub labels: BTreeSet<String>,
    #[serde(default)]
    pub assignees: BTreeSet<String>,
    #[serde(default)]
    pub milestone: Option<MilestoneNumber>,
    #[serde(default = "default_viewer")]
    pub author: String,
    #[serde(default = "default_association")]
    pub author_association: AuthorAssociation,
    #[serde(default)]
    pub blocked_by: BTreeSet<IssueNumber>,
    #[serde(default)]
    pub parent: Option<IssueNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
}

fn default_association() -> AuthorAssociation {
    AuthorAssociation::Owner
}

impl Default for Repository {
    fn default() -> Self {
        Self {
            format: FORMAT.into(),
            version: VERSION,
            viewer: default_viewer(),
            last_issue: 0,
            last_milestone: 0,
            labels: Vec::new(),
            milestones: Vec::new(),
            issues: Vec::new(),
            pinned: BTreeSet::new(),
        }
    }
}

/// The fields that every version of the file format has.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

impl Repository {
    /// Parses and validates the text of a file.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, not an offline repository, of a later version, or inconsistent.
    pub fn parse(text: &str) -> Result<Self> {
        let head: Result<Head, _> = serde_json::from_str(text);
        let head = match head {
            Ok(head) => head,
            Err(error) if error.is_data() => {
                bail!("it has no `\"format\": \"{FORMAT}\"` and `\"version\"`; name another file")
            }
            Err(error) => {
                return Err(error).context("it is damaged: not JSON; repair it, or remove it to begin anew");
            }
        };
        ensure!(head.format == FORMAT, "its format is `{}`, not `{FORMAT}`; name another file", head.format);
        ensure!(
            head.version == VERSION,
            "it is of version {}, and this program reads version {VERSION}; use the plan-action that wrote it",
            head.version
        );
        let mut repository: Self =
            serde_json::from_str(text).context("it is damaged; repair it, or remove it to begin anew")?;
        repository.check().context("it contradicts itself; repair it, or remove it to begin anew")?;
        let highest = repository.issues.iter().map(|issue| issue.number.0).max();
        repository.last_issue = repository.last_issue.max(highest.unwrap_or(0));
        let highest = repository.milestones.iter().map(|milestone| milestone.number.0).max();
        repository.last_milestone = repository.last_milestone.max(highest.unwrap_or(0));
        Ok(repository)
    }

    fn check(&self) -> Result<()> {
        let mut labels = BTreeSet::new();
        for label in &self.labels {
            ensure!(labels.insert(fold(&label.name)), "there are two labels `{}`", label.name);
        }
        let mut milestones = BTreeSet::new();
        let mut titles = BTreeSet::new();
        for milestone in &self.milestones {
            ensure!(milestones.insert(milestone.number), "there are two milestones {}", milestone.number.0);
            ensure!(titles.insert(&milestone.title), "there are two milestones `{}`", milestone.title);
        }
        let mut issues = BTreeSet::new();
        for issue in &self.issues {
            ensure!(issues.insert(issue.number), "there are two issues {}", issue.number);
        }
        for issue in &self.issues {
            let number = issue.number;
            if let Some(milestone) = issue.milestone {
                ensure!(
                    milestones.contains(&milestone),
                    "issue {number} names milestone {}, which is not there",
                    milestone.0
                );
            }
            for label in &issue.labels {
                ensure!(labels.contains(&fold(label)), "issue {number} has the label `{label}`, which is not there");
            }
            for other in issue.blocked_by.iter().chain(&issue.parent) {
                ensure!(issues.contains(other), "issue {number} names issue {other}, which is not there");
            }
        }
        for pin in &self.pinned {
            ensure!(issues.contains(pin), "issue {pin} is pinned, but is not there");
        }
        ensure!(self.pinned.len() <= crate::model::limits::PINS, "{} issues are pinned", self.pinned.len());
        Ok(())
    }

    /// The text of the file: JSON in a stable order.
    ///
    /// # Errors
    ///
    /// Never for this kind of data.
    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// The snapshot that plans are compared with.
    pub fn snapshot(&self) -> Snapshot {
        let Self {
            format: _,
            version: _,
            viewer,
            last_issue: _,
            last_milestone: _,
            labels,
            milestones,
            issues,
            pinned,
        } = self;
        let blocked_by = |issue: &StoredIssue| {
            let number = issue.number;
            issue.blocked_by.iter().map(move |blocker| (number, *blocker)).collect::<Vec<_>>()
        };
        Snapshot {
            target: None,
            viewer: Some(viewer.clone()),
            trusted: BTreeSet::new(),
            labels: labels.iter().cloned().map(Label::from).collect(),
            milestones: milestones.iter().cloned().map(Milestone::from).collect(),
            issues: issues.iter().cloned().map(Issue::from).collect(),
            dependencies: issues.iter().flat_map(blocked_by).collect(),
            parents: issues.iter().filter_map(|issue| Some((issue.number, issue.parent?))).collect(),
            parents_elsewhere: BTreeSet::new(),
            pins: pinned.clone(),
            updated: issues.iter().filter_map(|issue| Some((issue.number, issue.updated_at?))).collect(),
            lacks: Lacks::default(),
            unknown: Unknown::default(),
            looked_through: None,
        }
    }

    /// A repository with the contents of a snapshot.
    pub fn from_snapshot(snapshot: &Snapshot) -> Self {
        let Snapshot {
            target: _,
            viewer,
            trusted: _,
            labels,
            milestones,
            issues,
            dependencies,
            parents,
            parents_elsewhere: _,
            pins,
            updated,
            lacks: _,
            unknown: _,
            looked_through: _,
        } = snapshot;
        let mut blocked_by: BTreeMap<IssueNumber, BTreeSet<IssueNumber>> = BTreeMap::new();
        for (blocked, blocker) in dependencies {
            blocked_by.entry(*blocked).or_default().insert(*blocker);
        }
        let stored = |issue: &Issue| {
            let Issue {
                number,
                title,
                body,
                closed,
                state_reason,
                labels,
                assignees,
                milestone,
                author,
                author_association,
            } = issue.clone();
            StoredIssue {
                blocked_by: blocked_by.get(&number).cloned().unwrap_or_default(),
                parent: parents.get(&number).copied(),
                number,
                title,
                body,
                state: StoredState::of(closed),
                state_reason,
                labels,
                assignees,
                milestone,
                author,
                author_association,
                updated_at: updated.get(&number).copied(),
                comments: Vec::new(),
            }
        };
        Self {
            viewer: viewer.clone().unwrap_or_else(default_viewer),
            last_issue: issues.iter().map(|issue| issue.number.0).max().unwrap_or(0),
            last_milestone: milestones.iter().map(|milestone| milestone.number.0).max().unwrap_or(0),
            labels: labels.iter().cloned().map(StoredLabel::from).collect(),
            milestones: milestones.iter().cloned().map(StoredMilestone::from).collect(),
            issues: issues.iter().map(stored).collect(),
            pinned: pins.clone(),
            ..Self::default()
        }
    }
}

impl StoredState {
    /// Converts from a flag.
    pub fn of(closed: bool) -> Self {
        if closed { Self::Closed } else { Self::Open }
    }
}
