//! What is wrong with plans, printed to the person or the log that reads it.

use anyhow::Result;

use super::output;
use crate::app::plans::{Loaded, LoadedPlan};

/// Prints the problems of all plans, and gives the plans back, those with errors included.
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

/// Gives the plans back without printing their problems.
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
