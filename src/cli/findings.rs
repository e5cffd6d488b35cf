//! Prints the problems of plans.

use anyhow::Result;

use super::output;
use crate::app::plans::{Loaded, LoadedPlan};

/// Prints the problems of all plans, and returns the plans, including those with errors.
///
/// # Errors
///
/// When a plan could not be read at all, or two of them have the same identity.
pub(crate) fn report_findings(loaded: Loaded<'_>) -> Result<Vec<LoadedPlan<'_>>> {
    for findings in loaded.findings() {
        output::diagnostics(findings);
    }
    accept(loaded)
}

/// Returns the plans without printing their problems.
///
/// # Errors
///
/// When a plan could not be read at all, or two of them have the same identity.
pub(super) fn accept(loaded: Loaded<'_>) -> Result<Vec<LoadedPlan<'_>>> {
    for error in loaded.unread() {
        output::error(&format!("{error:#}"));
    }
    loaded.accept()
}
