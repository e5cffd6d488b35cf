//! A preview: a plan, its diff and its diagnostics.

use crate::diff::Diff;
use crate::plan::{Diagnostic, Plan};

/// A plan, its diff and its diagnostics.
#[derive(Debug, Clone, Copy)]
pub struct Preview<'a> {
    pub plan: &'a Plan,
    pub diff: &'a Diff,
    pub diagnostics: &'a [Diagnostic],
}
