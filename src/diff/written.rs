//! The texts that a diff writes: what stands around the block stays, what is inside comes from the plan.

use std::collections::BTreeSet;

use super::issue_ref::IssueRef;
use super::text;
use crate::model::block;
use crate::model::marker::{IssueBase, Marker, MilestoneBase};
use crate::model::snapshot::IssueNumber;
use crate::plan::PlanKey;

/// The text of an issue that will be written, but for the numbers that nobody knows yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueText {
    /// What stands before the block, to the byte.
    pub before: String,
    /// What stands after the block, to the byte.
    pub after: String,
    /// What stands inside, without the line of blockers; `None` where the block lacks its end and only the marker may
    /// be written.
    pub inside: Option<String>,
    /// What blocks the issue.
    pub blockers: Vec<IssueRef>,
    /// Whose it is, with the base as it will be.
    pub marker: Marker<IssueBase>,
}

impl IssueText {
    /// The whole text. `number` tells the numbers of issues that had none when the diff was made.
    pub fn compose(&self, number: impl Fn(&PlanKey) -> Option<IssueNumber>) -> String {
        let numbers: BTreeSet<IssueNumber> =
            self.blockers.iter().filter_map(|blocker| blocker.number.or_else(|| number(&blocker.key))).collect();
        let names: Vec<String> = numbers.iter().map(IssueNumber::to_string).collect();
        let inside = self.inside.as_ref().map(|inside| text::with_blockers(inside, &names));
        block::compose(&self.before, &self.marker.to_json(), inside.as_deref(), &self.after)
    }
}

/// The description of a milestone that will be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneText {
    /// What stands before the block, to the byte.
    pub before: String,
    /// What stands after the block, to the byte.
    pub after: String,
    /// What stands inside; `None` as in [`IssueText`].
    pub inside: Option<String>,
    /// Whose it is, with the base as it will be.
    pub marker: Marker<MilestoneBase>,
}

impl MilestoneText {
    /// The whole description.
    pub fn compose(&self) -> String {
        block::compose(&self.before, &self.marker.to_json(), self.inside.as_deref(), &self.after)
    }
}
