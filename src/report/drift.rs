//! Drift: the edits by people that differ from the plan.

use crate::diff::Diff;

/// How many edits by people differ from the plan, whether they are kept or conflict with a change of the plan.
pub(crate) fn edits(diff: &Diff) -> usize {
    let counts = diff.summary();
    counts.drift + counts.conflict
}
