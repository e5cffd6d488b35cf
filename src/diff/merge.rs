//! Three-way merge of one field: planned, last applied (the base), and observed.

use super::edit::Why;
use crate::plan::settings::Drift;

/// The result of merging a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeOutcome {
    /// Plan and GitHub agree and the base records it, or the field does not concern the plan.
    Same,
    /// Plan and GitHub agree, but the base does not record it yet. It has to be recorded; otherwise a later edit by
    /// people would look like a conflict with a plan change that was never made.
    Agreed,
    /// The plan's value is written, for this reason.
    Write(Why),
    /// GitHub's value stays, because only people changed it.
    Kept,
}

/// Merges a value. Without a base, the item was not managed by the plan before, and the plan's value counts as changed.
pub fn value<T: PartialEq>(planned: &T, base: Option<&T>, observed: &T, drift: Drift) -> MergeOutcome {
    if planned == observed {
        return if base == Some(planned) { MergeOutcome::Same } else { MergeOutcome::Agreed };
    }
    match base {
        None => MergeOutcome::Write(Why::Plan),
        Some(base) if base == observed => MergeOutcome::Write(Why::Plan),
        Some(base) if base == planned => kept(drift),
        Some(_) => MergeOutcome::Write(Why::Conflict),
    }
}

/// Merges the membership of one element in a set, such as a label, an assignee or a dependency. An element that the
/// plan never had is left alone.
pub fn member(planned: bool, base: bool, observed: bool, drift: Drift) -> MergeOutcome {
    match (planned, base, observed) {
        (false, false, _) | (true, true, true) => MergeOutcome::Same,
        (true, false, true) | (false, true, false) => MergeOutcome::Agreed,
        (true, false, false) | (false, true, true) => MergeOutcome::Write(Why::Plan),
        (true, true, false) => kept(drift),
    }
}

/// Merges whether an item is closed. People close issues as they work, so a closing by people is neither undone nor
/// reported as drift. If they reopen an issue, that is drift.
pub fn closed(planned: bool, base: Option<bool>, observed: bool, drift: Drift) -> MergeOutcome {
    match (planned, base, observed) {
        (false, Some(false) | None, true) => MergeOutcome::Same,
        _ => value(&planned, base.as_ref(), &observed, drift),
    }
}

fn kept(drift: Drift) -> MergeOutcome {
    match drift {
        Drift::Keep => MergeOutcome::Kept,
        Drift::Restore => MergeOutcome::Write(Why::Drift),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_follows_the_documented_table() {
        let plan = MergeOutcome::Write(Why::Plan);
        for (planned, base, observed, expected) in [
            ("a", Some("a"), "a", MergeOutcome::Same),
            ("b", Some("a"), "a", plan),
            ("a", Some("a"), "c", MergeOutcome::Kept),
            ("b", Some("a"), "c", MergeOutcome::Write(Why::Conflict)),
            ("b", Some("a"), "b", MergeOutcome::Agreed),
            ("b", None, "c", plan),
        ] {
            assert_eq!(value(&planned, base.as_ref(), &observed, Drift::Keep), expected);
        }
        assert_eq!(value(&"a", Some(&"a"), &"c", Drift::Restore), MergeOutcome::Write(Why::Drift));
    }

    #[test]
    fn members_that_the_plan_never_had_are_left_alone() {
        assert_eq!(member(false, false, true, Drift::Restore), MergeOutcome::Same);
        assert_eq!(member(true, true, false, Drift::Keep), MergeOutcome::Kept);
        assert_eq!(member(true, true, false, Drift::Restore), MergeOutcome::Write(Why::Drift));
        assert_eq!(member(false, true, true, Drift::Keep), MergeOutcome::Write(Why::Plan));
        assert_eq!(member(true, false, true, Drift::Keep), MergeOutcome::Agreed);
    }

    #[test]
    fn issues_that_people_closed_stay_closed_and_reopened_ones_stay_open() {
        for drift in [Drift::Keep, Drift::Restore] {
            assert_eq!(closed(false, Some(false), true, drift), MergeOutcome::Same);
            assert_eq!(closed(false, None, true, drift), MergeOutcome::Same);
        }
        assert_eq!(closed(true, Some(true), false, Drift::Keep), MergeOutcome::Kept);
        assert_eq!(closed(true, Some(false), false, Drift::Keep), MergeOutcome::Write(Why::Plan));
        assert_eq!(closed(false, Some(true), true, Drift::Keep), MergeOutcome::Write(Why::Plan));
    }
}
