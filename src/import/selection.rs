//! Which of a repository's issues are imported.

use anyhow::{Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;

use crate::model::snapshot::{Issue, Milestone, Snapshot, fold};

/// The state of the issues that are imported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum State {
    /// Open issues.
    Open,
    /// Closed issues.
    Closed,
    /// Both.
    #[default]
    All,
}

/// Which issues are imported: those that fit everything that is asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    /// Titles of milestones; any of them.
    pub(crate) milestones: Vec<String>,
    /// Names of labels; all of them.
    pub(crate) labels: Vec<String>,
    pub(crate) state: State,
    /// Only what was changed since.
    pub(crate) since: Option<Timestamp>,
}

impl Selection {
    /// Whether everything is imported.
    pub(crate) fn is_all(&self) -> bool {
        let Self { milestones, labels, state, since } = self;
        milestones.is_empty() && labels.is_empty() && *state == State::All && since.is_none()
    }

    /// Makes sure that what is asked for is there.
    ///
    /// # Errors
    ///
    /// When there is no such milestone or label.
    pub(crate) fn check(&self, snapshot: &Snapshot) -> Result<()> {
        let known = |title: &String| snapshot.milestones.iter().any(|milestone| is_title(milestone, title));
        if let Some(title) = self.milestones.iter().find(|title| !known(title)) {
            bail!("{} has no milestone `{title}`", named(snapshot));
        }
        let known = |name: &String| snapshot.labels.iter().any(|label| fold(&label.name) == fold(name));
        if let Some(name) = self.labels.iter().find(|name| !known(name)) {
            bail!("{} has no label `{name}`", named(snapshot));
        }
        Ok(())
    }

    /// Whether a milestone is imported, with or without issues.
    pub(crate) fn has_milestone(&self, milestone: &Milestone) -> bool {
        self.milestones.iter().any(|title| is_title(milestone, title)) || self.is_all()
    }

    /// Whether an issue is imported.
    pub(crate) fn has(&self, issue: &Issue, snapshot: &Snapshot) -> bool {
        let Self { milestones, labels, state, since } = self;
        let milestone = issue.milestone.and_then(|number| snapshot.milestone(number));
        let in_milestone = milestones.is_empty()
            || milestone.is_some_and(|milestone| milestones.iter().any(|title| is_title(milestone, title)));
        let has_label = |name: &String| issue.labels.iter().any(|label| fold(label) == fold(name));
        let in_state = match state {
            State::Open => !issue.closed,
            State::Closed => issue.closed,
            State::All => true,
        };
        let updated = snapshot.updated.get(&issue.number);
        let is_new = since.is_none_or(|since| updated.is_some_and(|updated| *updated >= since));
        in_milestone && labels.iter().all(has_label) && in_state && is_new
    }

    /// What was looked through, in words.
    pub(crate) fn of(&self, snapshot: &Snapshot) -> String {
        let what = if self.is_all() { "" } else { "what was asked for in " };
        format!("{what}{}", named(snapshot))
    }
}

fn named(snapshot: &Snapshot) -> &str {
    snapshot.target.as_deref().unwrap_or("the repository")
}

fn is_title(milestone: &Milestone, title: &str) -> bool {
    milestone.title == title || milestone.title.trim().to_lowercase() == title.trim().to_lowercase()
}
