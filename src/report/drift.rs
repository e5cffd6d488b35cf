//! Drift: the edits by people that differ from the plan.

use crate::diff::Diff;

/// The number of edits by people that differ from the plan, whether they stay or conflict with a change of the plan.
pub(crate) fn edits(diff: &Diff) -> usize {
    let counts = diff.summary();
    counts.drift + counts.conflict
}
