//! A reference to an issue that may not exist yet.

use crate::model::PlanKey;
use crate::model::snapshot::IssueNumber;

/// An issue that may not exist yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueRef {
    /// The key of the issue in the plan.
    pub key: PlanKey,
    /// The number; `None` until the issue exists.
    pub number: Option<IssueNumber>,
}
