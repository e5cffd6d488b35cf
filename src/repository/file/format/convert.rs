//! Converts between what a file holds and our own types.

use super::{StoredIssue, StoredLabel, StoredMilestone, StoredState};
use crate::model::snapshot::{Issue, Label, Milestone};

impl From<StoredLabel> for Label {
    fn from(StoredLabel { name, color, description }: StoredLabel) -> Self {
        Self { name, color, description }
    }
}

impl From<Label> for StoredLabel {
    fn from(Label { name, color, description }: Label) -> Self {
        Self { name, color, description }
    }
}

impl From<StoredMilestone> for Milestone {
    fn from(StoredMilestone { number, title, description, due_on, state }: StoredMilestone) -> Self {
        Self { number, title, description, due_on, closed: state == StoredState::Closed }
    }
}

impl From<Milestone> for StoredMilestone {
    fn from(Milestone { number, title, description, due_on, closed }: Milestone) -> Self {
        Self { number, title, description, due_on, state: StoredState::of(closed) }
    }
}

impl From<StoredIssue> for Issue {
    fn from(issue: StoredIssue) -> Self {
        let StoredIssue {
            number,
            title,
            body,
            state,
            state_reason,
            labels,
            assignees,
            milestone,
            author,
            author_association,
            blocked_by: _,
            parent: _,
            updated_at: _,
            comments: _,
        } = issue;
        let closed = state == StoredState::Closed;
        Self { number, title, body, closed, state_reason, labels, assignees, milestone, author, author_association }
    }
}
