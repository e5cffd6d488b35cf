//! GitHub's rules: how it changes a repository, and which requests it rejects.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};

use super::format::{Repository, StoredIssue, StoredLabel, StoredMilestone, StoredState, default_color};
use crate::model::limits;
use crate::model::snapshot::{AuthorAssociation, IssueNumber, IssueState, Label, MilestoneNumber, fold};
use crate::repository::{IssuePatch, LabelPatch, Link, MilestonePatch, NewIssue, NewMilestone};

impl Repository {
    /// Creates a label.
    pub fn create_label(&mut self, label: &Label) -> Result<()> {
        check_label_name(&label.name)?;
        ensure!(self.label(&label.name).is_none(), "the label `{}` exists already", label.name);
        check_label(Some(&label.color), Some(&label.description))?;
        self.labels.push(StoredLabel::from(label.clone()));
        self.labels.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(())
    }

    /// Changes a label.
    pub fn update_label(&mut self, name: &str, patch: &LabelPatch) -> Result<()> {
        let LabelPatch { name: new, color, description } = patch;
        check_label(color.as_deref(), description.as_deref())?;
        if let Some(new) = new.as_deref().filter(|new| fold(new) != fold(name)) {
            check_label_name(new)?;
            ensure!(self.label(new).is_none(), "the label `{new}` exists already");
        }
        let label = self.label(name).with_context(|| format!("there is no label `{name}`"))?;
        if let Some(color) = color {
            label.color.clone_from(color);
        }
        if let Some(description) = description {
            label.description.clone_from(description);
        }
        if let Some(new) = new {
            label.name.clone_from(new);
            for labels in self.issues.iter_mut().map(|issue| &mut issue.labels) {
                if labels.iter().any(|other| fold(other) == fold(name)) {
                    labels.retain(|other| fold(other) != fold(name));
                    labels.insert(new.clone());
                }
            }
            self.labels.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(())
    }

    fn label(&mut self, name: &str) -> Option<&mut StoredLabel> {
        self.labels.iter_mut().find(|label| fold(&label.name) == fold(name))
    }

    /// Creates a milestone.
    pub fn create_milestone(&mut self, milestone: &NewMilestone) -> Result<MilestoneNumber> {
        let NewMilestone { closed, title, description, due_on } = milestone.clone();
        self.check_milestone_title(&title, None)?;
        self.last_milestone += 1;
        let number = MilestoneNumber(self.last_milestone);
        self.milestones.push(StoredMilestone { number, title, description, due_on, state: StoredState::of(closed) });
        Ok(number)
    }

    /// Changes a milestone.
    pub fn update_milestone(&mut self, number: MilestoneNumber, patch: &MilestonePatch) -> Result<()> {
        let MilestonePatch { title, description, due_on, closed } = patch;
        if let Some(title) = title {
            self.check_milestone_title(title, Some(number))?;
        }
        let milestone = self.milestones.iter_mut().find(|milestone| milestone.number == number);
        let milestone = milestone.with_context(|| format!("there is no milestone {}", number.0))?;
        if let Some(title) = title {
            milestone.title.clone_from(title);
        }
        if let Some(description) = description {
            milestone.description.clone_from(description);
        }
        if let Some(due_on) = due_on {
            milestone.due_on = *due_on;
        }
        if let Some(closed) = closed {
            milestone.state = StoredState::of(*closed);
        }
        Ok(())
    }

    fn check_milestone_title(&self, title: &str, own: Option<MilestoneNumber>) -> Result<()> {
        check_title(title)?;
        let taken = self.milestones.iter().any(|other| Some(other.number) != own && other.title == title);
        ensure!(!taken, "a milestone `{title}` exists already");
        Ok(())
    }

    /// Creates an issue. Like GitHub, creates unknown labels and silently drops assignees over the limit.
    pub fn create_issue(&mut self, issue: &NewIssue) -> Result<IssueNumber> {
        let NewIssue { title, body, labels, assignees, milestone } = issue.clone();
        check_title(&title)?;
        check_body(&body)?;
        self.check_milestone(milestone)?;
        let labels = self.labels_for_issue(&labels)?;
        ensure!(labels.len() <= limits::LABELS_OF_ISSUE, "an issue has {} labels at most", limits::LABELS_OF_ISSUE);
        self.last_issue += 1;
        let number = IssueNumber(self.last_issue);
        self.issues.push(StoredIssue {
            number,
            title,
            body,
            state: StoredState::Open,
            state_reason: None,
            labels,
            assignees: assignees.into_iter().take(limits::ASSIGNEES).collect(),
            milestone,
            author: self.viewer.clone(),
            author_association: AuthorAssociation::Owner,
            blocked_by: BTreeSet::new(),
            parent: None,
            updated_at: None,
            comments: Vec::new(),
        });
        Ok(number)
    }

    /// Changes an issue.
    pub fn update_issue(&mut self, number: IssueNumber, patch: &IssuePatch) -> Result<()> {
        let IssuePatch { title, body, state, milestone, add_labels, remove_labels, add_assignees, remove_assignees } =
            patch;
        title.as_deref().map_or(Ok(()), check_title)?;
        body.as_deref().map_or(Ok(()), check_body)?;
        self.check_milestone(milestone.flatten())?;
        let added = self.labels_for_issue(add_labels)?;
        let issue = self.issue(number)?;
        let is_in = |names: &[String], name: &str| names.iter().any(|other| fold(other) == fold(name));
        let mut labels: BTreeSet<String> = issue.labels.clone();
        labels.retain(|name| !is_in(remove_labels, name));
        labels.extend(added);
        ensure!(labels.len() <= limits::LABELS_OF_ISSUE, "an issue has {} labels at most", limits::LABELS_OF_ISSUE);
        issue.labels = labels;
        issue.assignees.retain(|login| !is_in(remove_assignees, login));
        let room = limits::ASSIGNEES.saturating_sub(issue.assignees.len());
        issue.assignees.extend(add_assignees.iter().take(room).cloned());
        if let Some(title) = title {
            issue.title.clone_from(title);
        }
        if let Some(body) = body {
            issue.body.clone_from(body);
        }
        if let Some(milestone) = milestone {
            issue.milestone = *milestone;
        }
        match state {
            Some(IssueState::Open) => (issue.state, issue.state_reason) = (StoredState::Open, None),
            Some(IssueState::Closed(reason)) => {
                (issue.state, issue.state_reason) = (StoredState::Closed, Some(*reason));
            }
            None => {}
        }
        Ok(())
    }

    fn issue(&mut self, number: IssueNumber) -> Result<&mut StoredIssue> {
        let issue = self.issues.iter_mut().find(|issue| issue.number == number);
        issue.with_context(|| format!("there is no issue {number}"))
    }

    fn check_milestone(&self, number: Option<MilestoneNumber>) -> Result<()> {
        let Some(number) = number else { return Ok(()) };
        let exists = self.milestones.iter().any(|milestone| milestone.number == number);
        ensure!(exists, "there is no milestone {}", number.0);
        Ok(())
    }

    /// The labels in the repository's spelling. Like GitHub, creates missing labels in grey.
    fn labels_for_issue(&mut self, names: &[String]) -> Result<BTreeSet<String>> {
        let mut spelled = BTreeSet::new();
        for name in names {
            if self.label(name).is_none() {
                let (name, color, description) = (name.clone(), default_color(), String::new());
                self.create_label(&Label { name, color, description })?;
            }
            spelled.extend(self.label(name).map(|label| label.name.clone()));
        }
        Ok(spelled)
    }

    /// Comments on an issue, unless it already has the same comment.
    pub fn comment(&mut self, number: IssueNumber, body: &str) -> Result<()> {
        let comments = &mut self.issue(number)?.comments;
        if !comments.iter().any(|there| there == body) {
            comments.push(body.to_owned());
        }
        Ok(())
    }

    /// Adds or removes a link or pin.
    pub fn link(&mut self, link: Link) -> Result<()> {
        match link {
            Link::AddDependency { blocked, blocker } => {
                self.issue(blocker)?;
                ensure!(blocked != blocker, "issue {blocked} cannot block itself");
                let blocked_by = &mut self.issue(blocked)?.blocked_by;
                ensure!(blocked_by.len() < limits::BLOCKERS, "{} issues block {blocked} already", limits::BLOCKERS);
                ensure!(blocked_by.insert(blocker), "issue {blocked} is blocked by {blocker} already");
            }
            Link::RemoveDependency { blocked, blocker } => {
                let removed = self.issue(blocked)?.blocked_by.remove(&blocker);
                ensure!(removed, "issue {blocked} is not blocked by {blocker}");
            }
            Link::AddSubIssue { child, parent } => self.add_sub_issue(child, parent)?,
            Link::RemoveSubIssue { child, parent } => {
                let issue = self.issue(child)?;
                ensure!(issue.parent == Some(parent), "issue {child} is not a sub-issue of {parent}");
                issue.parent = None;
            }
            Link::Pin(number) => {
                self.issue(number)?;
                ensure!(self.pinned.len() < limits::PINS, "{} issues are pinned already", limits::PINS);
                ensure!(self.pinned.insert(number), "issue {number} is pinned already");
            }
            Link::Unpin(number) => ensure!(self.pinned.remove(&number), "issue {number} is not pinned"),
        }
        Ok(())
    }

    fn add_sub_issue(&mut self, child: IssueNumber, parent: IssueNumber) -> Result<()> {
        if let Some(other) = self.issue(child)?.parent {
            bail!("issue {child} is a sub-issue of {other} already");
        }
        let siblings = self.issues.iter().filter(|issue| issue.parent == Some(parent)).count();
        ensure!(siblings < limits::SUB_ISSUES, "{parent} has {} sub-issues already", limits::SUB_ISSUES);
        let mut above = Some(parent);
        for _ in 0..limits::SUB_ISSUE_LEVELS {
            let Some(number) = above else { break };
            ensure!(number != child, "issue {child} cannot be a part of itself");
            above = self.issue(number)?.parent;
        }
        ensure!(above.is_none(), "{parent} lies {} levels deep already", limits::SUB_ISSUE_LEVELS);
        self.issue(child)?.parent = Some(parent);
        Ok(())
    }
}

fn check_title(title: &str) -> Result<()> {
    let length = title.chars().count();
    ensure!((1..=limits::TITLE).contains(&length), "a title has 1 to {} characters, not {length}", limits::TITLE);
    Ok(())
}

fn check_body(body: &str) -> Result<()> {
    let length = body.chars().count();
    ensure!(length <= limits::BODY, "body is too long (maximum is {} characters)", limits::BODY);
    Ok(())
}

fn check_label_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    ensure!((1..=limits::LABEL_NAME).contains(&length), "a label's name has 1 to {} characters", limits::LABEL_NAME);
    Ok(())
}

fn check_label(color: Option<&str>, description: Option<&str>) -> Result<()> {
    let is_color = |color: &str| color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit());
    ensure!(color.is_none_or(is_color), "a colour has six hexadecimal digits");
    let length = description.unwrap_or_default().chars().count();
    ensure!(length <= limits::LABEL_DESCRIPTION, "a description has {} characters at most", limits::LABEL_DESCRIPTION);
    Ok(())
}
