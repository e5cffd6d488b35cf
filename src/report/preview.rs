//! A preview: a plan with what it would change.

use crate::diff::Diff;
use crate::plan::{Diagnostic, Plan};

/// A plan, what it would change, and the findings in its text.
#[derive(Debug, Clone, Copy)]
pub struct Preview<'a> {
    pub plan: &'a Plan,
    pub diff: &'a Diff,
    pub diagnostics: &'a [Diagnostic],
}
