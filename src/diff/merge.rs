//! One field, three ways: what is planned, what was last applied (the base), and what is observed.

use super::Why;
use crate::plan::settings::Drift;

/// What becomes of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Plan and GitHub agree, and the base knows it; or it is none of the plan's business.
    Same,
    /// Plan and GitHub agree, and the base does not know it yet. Unless it is noted, a later edit by people would look
    /// like a conflict with a change of the plan that was never made.
    Agreed,
    /// The plan's value is written.
    Write(Why),
    /// GitHub's value stays, because only people changed it.
    Kept,
}

/// Merges a value. Without a base the item was not the plan's before, and the plan's value counts as changed.
pub fn value<T: PartialEq>(planned: &T, base: Option<&T>, observed: &T, drift: Drift) -> Verdict {
    if planned == observed {
        return if base == Some(planned) { Verdict::Same } else { Verdict::Agreed };
    }
    match base {
        None => Verdict::Write(Why::Plan),
        Some(base) if base == observed => Verdict::Write(Why::Plan),
        Some(base) if base == planned => kept(drift),
        Some(_) => Verdict::Write(Why::Conflict),
    }
}

/// Merges the membership of one thing in a set: a label, an assignee, a dependency. What the plan never had is never
/// touched.
pub fn member(planned: bool, base: bool, observed: bool, drift: Drift) -> Verdict {
    match (planned, base, observed) {
        (false, false, _) | (true, true, true) => Verdict::Same,
        (true, false, true) | (false, true, false) => Verdict::Agreed,
        (true, false, false) | (false, true, true) => Verdict::Write(Why::Plan),
        (true, true, false) => kept(drift),
    }
}

/// Merges whether an item is closed. Closing an issue is how work gets done, so that people closed it is neither
/// undone nor called drift; that they opened it again is drift.
pub fn closed(planned: bool, base: Option<bool>, observed: bool, drift: Drift) -> Verdict {
    match (planned, base, observed) {
        (false, Some(false) | None, true) => Verdict::Same,
        _ => value(&planned, base.as_ref(), &observed, drift),
    }
}

fn kept(drift: Drift) -> Verdict {
    match drift {
        Drift::Keep => Verdict::Kept,
        Drift::Restore => Verdict::Write(Why::Drift),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_table_holds() {
        let plan = Verdict::Write(Why::Plan);
        for (planned, base, observed, expected) in [
            ("a", Some("a"), "a", Verdict::Same),
            ("b", Some("a"), "a", plan),
            ("a", Some("a"), "c", Verdict::Kept),
            ("b", Some("a"), "c", Verdict::Write(Why::Conflict)),
            ("b", Some("a"), "b", Verdict::Agreed),
            ("b", None, "c", plan),
        ] {
            assert_eq!(value(&planned, base.as_ref(), &observed, Drift::Keep), expected);
        }
        assert_eq!(value(&"a", Some(&"a"), &"c", Drift::Restore), Verdict::Write(Why::Drift));
    }

    #[test]
    fn members_that_the_plan_never_had_are_left_alone() {
        assert_eq!(member(false, false, true, Drift::Restore), Verdict::Same);
        assert_eq!(member(true, true, false, Drift::Keep), Verdict::Kept);
        assert_eq!(member(true, true, false, Drift::Restore), Verdict::Write(Why::Drift));
        assert_eq!(member(false, true, true, Drift::Keep), Verdict::Write(Why::Plan));
        assert_eq!(member(true, false, true, Drift::Keep), Verdict::Agreed);
    }

    #[test]
    fn what_people_closed_stays_closed_and_what_they_reopened_stays_open() {
        for drift in [Drift::Keep, Drift::Restore] {
            assert_eq!(closed(false, Some(false), true, drift), Verdict::Same);
            assert_eq!(closed(false, None, true, drift), Verdict::Same);
        }
        assert_eq!(closed(true, Some(true), false, Drift::Keep), Verdict::Kept);
        assert_eq!(closed(true, Some(false), false, Drift::Keep), Verdict::Write(Why::Plan));
        assert_eq!(closed(false, Some(true), true, Drift::Keep), Verdict::Write(Why::Plan));
    }
}
