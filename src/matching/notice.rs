//! What people should know about the matches between issues and plan items.

use jiff::civil::Date;

use crate::model::snapshot::IssueNumber;
use crate::plan::{PlanId, PlanKey};

/// Something that people should know, mostly about identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An issue has a marker of this plan, but its author does not have write access to the repository.
    Distrusted(IssueNumber, PlanKey),
    /// An issue has the title of a plan item, but its author does not have write access to the repository.
    DistrustedTitle(IssueNumber, PlanKey),
    /// An issue without a marker may belong to an unmatched plan item.
    Alike(IssueNumber, PlanKey),
    /// A marker cannot be read. The key is that of the item, if the issue could be matched in another way.
    Damaged(IssueNumber, Option<PlanKey>),
    /// A marker was written by a later version of plan-action, so nothing may be written.
    Newer(String),
    /// Most items already belong to another plan that still exists, so nothing may be written.
    Copied(PlanId),
    /// Unmatched items have issues that this plan created under another account, so nothing may be written. Holds the
    /// first of those issues, their count, and the account.
    OtherAccount(IssueNumber, usize, String),
    /// The number of reworded items without a written key that could not be compared with all issues that left the
    /// plan.
    NotCompared(usize),
    /// GitHub did not return the blockers or the parent of these issues.
    UnknownLinks(Vec<IssueNumber>),
    /// GitHub did not return the pinned issues.
    UnknownPins,
    /// The server kept the due date of a milestone although it was removed. Holds the title and the date.
    DateKept(String, Date),
    /// A label exists under both its previous and its new name.
    NotRenamed {
        /// The previous name, as given in the plan.
        old: String,
        /// The new name.
        new: String,
    },
}

impl Notice {
    /// Whether the notice prevents an apply, because it would do something that cannot be undone.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Newer(_) | Self::Copied(_) | Self::OtherAccount(..))
    }
}
