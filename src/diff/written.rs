//! The texts that a diff writes. The text around the block is kept; the text inside comes from the merge.

use std::collections::BTreeSet;

use super::issue_ref::IssueRef;
use super::text;
use crate::model::block;
use crate::model::marker::{IssueBase, Marker, MilestoneBase};
use crate::model::snapshot::IssueNumber;
use crate::plan::PlanKey;

/// The body of an issue to be written. It is complete except for the numbers of blockers that do not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueText {
    /// The text before the block, byte for byte.
    pub before: String,
    /// The text after the block, byte for byte.
    pub after: String,
    /// The text inside the block, without the line of blockers and the footer. `None` if the block has no closing comment,
    /// so that only the marker may be written.
    pub inside: Option<String>,
    /// The issues that block this one, for the line of blockers.
    pub blockers: Vec<IssueRef>,
    /// The footer that names the plan's file, if the text inside is written. Text that is kept as is includes its
    /// footer.
    pub footer: Option<String>,
    /// The marker to write, with the new base.
    pub marker: Marker<IssueBase>,
}

impl IssueText {
    /// The whole body. `number` looks up issues that had no number when the diff was made.
    pub fn compose(&self, number: impl Fn(&PlanKey) -> Option<IssueNumber>) -> String {
        let numbers: BTreeSet<IssueNumber> =
            self.blockers.iter().filter_map(|blocker| blocker.number.or_else(|| number(&blocker.key))).collect();
        let names: Vec<String> = numbers.iter().map(IssueNumber::to_string).collect();
        let inside = self.inside.as_ref().map(|inside| text::with_blockers(inside, &names));
        let inside = inside.map(|inside| text::with_footer(&inside, self.footer.as_deref()));
        block::compose(&self.before, &self.marker.to_json(), inside.as_deref(), &self.after)
    }
}

/// The description of a milestone to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneText {
    /// The text before the block, byte for byte.
    pub before: String,
    /// The text after the block, byte for byte.
    pub after: String,
    /// The text inside the block; `None` as in [`IssueText`].
    pub inside: Option<String>,
    /// The marker to write, with the new base.
    pub marker: Marker<MilestoneBase>,
}

impl MilestoneText {
    /// The whole description.
    pub fn compose(&self) -> String {
        block::compose(&self.before, &self.marker.to_json(), self.inside.as_deref(), &self.after)
    }
}
