//! A pull: a plan with what people changed on GitHub.

use crate::plan::{Plan, PlanId};
use crate::pull::{Accepted, Unexpressible};

/// A plan with what people changed.
pub(crate) struct PullReport<'p> {
    pub(crate) path: &'p PlanId,
    pub(crate) plan: &'p Plan,
    /// The text as it should be.
    pub(crate) text: String,
    /// What is written into the text.
    pub(crate) written: Vec<Accepted>,
    /// What the plan cannot say.
    pub(crate) refused: Vec<Unexpressible>,
}

impl PullReport<'_> {
    /// Whether there is anything to write.
    pub(crate) fn is_changed(&self) -> bool {
        self.text != self.plan.source.text
    }
}
