//! How a diff refers to an issue that may not exist yet.

use crate::model::PlanKey;
use crate::model::snapshot::IssueNumber;

/// An issue that may not exist yet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IssueRef {
    /// Its key in the plan.
    pub key: PlanKey,
    /// Its number, once it has one.
    pub number: Option<IssueNumber>,
}
