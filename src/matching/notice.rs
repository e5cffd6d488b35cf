//! What people should know about which issue is which item.

use jiff::civil::Date;

use crate::model::snapshot::IssueNumber;
use crate::plan::{PlanId, PlanKey};

/// Something about identity that people should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// An issue carries a marker of this plan, but its author may not write to the repository.
    Distrusted(IssueNumber, PlanKey),
    /// An issue has the title of a plan item, but its author may not write to the repository.
    DistrustedTitle(IssueNumber, PlanKey),
    /// An issue without a marker may be a plan item that has no issue.
    Alike(IssueNumber, PlanKey),
    /// A marker cannot be read; with the item that the issue is all the same, if it was found.
    Damaged(IssueNumber, Option<PlanKey>),
    /// A marker was written by a later version of plan-action: nothing may be written.
    Newer(String),
    /// Most items stand in another plan that still exists: nothing may be written.
    Copied(PlanId),
    /// Items without an issue have one that this plan made as another account: nothing may be written. The first of
    /// those issues, how many there are, and the account.
    OtherAccount(IssueNumber, usize, String),
    /// So many items without a written key have new titles that these could not all be compared with the issues whose
    /// items left the plan. How many were not.
    NotCompared(usize),
    /// GitHub did not say what these issues of the plan are blocked by or a part of.
    UnknownLinks(Vec<IssueNumber>),
    /// GitHub did not say which issues are pinned.
    UnknownPins,
    /// The server keeps the due date of a milestone, although it was taken away: its title, and the date.
    DateKept(String, Date),
    /// A label is there under its old name and under its new one.
    NotRenamed {
        /// The name that the plan says it had.
        old: String,
        /// The name that the plan gives it.
        new: String,
    },
}

impl Notice {
    /// Whether applying would make what cannot be unmade.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Newer(_) | Self::Copied(_) | Self::OtherAccount(..))
    }
}
