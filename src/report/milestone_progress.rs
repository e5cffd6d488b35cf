//! The progress of a plan's milestones.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::matching;
use crate::model::snapshot::Snapshot;
use crate::plan::{Plan, PlanId};

/// The progress of one milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneProgress {
    /// The planned title.
    pub title: String,
    /// The number of finished issues: closed on GitHub, or marked as done in the plan if they do not exist yet.
    pub done: usize,
    /// The number of all issues, including those that people added.
    pub all: usize,
    /// The due date on GitHub, or the planned one if the milestone does not exist yet.
    pub due_on: Option<Date>,
    /// The number of days that the milestone is late; 0 if it is on time or finished.
    pub late: i32,
}

/// The progress of each milestone as of `today`, in document order.
pub(crate) fn milestone_progress(
    plan: &Plan,
    snapshot: &Snapshot,
    deleted_plans: &BTreeSet<PlanId>,
    today: Date,
) -> Vec<MilestoneProgress> {
    let matches = matching::matches(plan, snapshot, deleted_plans);
    let progress = |milestone: &crate::plan::PlannedMilestone| {
        let there = matches.milestones.get(&milestone.key).map(|matched| matched.observed);
        let number = there.map(|there| there.number);
        let on_github = snapshot.issues.iter().filter(|issue| number.is_some() && issue.milestone == number);
        let states: Vec<bool> = on_github.map(|issue| issue.closed).collect();
        let new = plan.issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key));
        let new = new.filter(|issue| !matches.issues.contains_key(&issue.key)).map(|issue| issue.closed);
        let states: Vec<bool> = states.into_iter().chain(new).collect();
        let done = states.iter().filter(|closed| **closed).count();
        let due_on = there.map_or(milestone.due_on, |there| there.due_on);
        let all = states.len();
        let late = due_on.filter(|_| done < all).and_then(|due| today.since(due).ok());
        let late = late.map_or(0, |span| span.get_days().max(0));
        MilestoneProgress { title: milestone.title.clone(), done, all, due_on, late }
    };
    plan.milestones.iter().map(progress).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::source::Source;

    #[test]
    fn a_milestone_is_late_until_all_its_issues_are_done() {
        let text = |status: &str| {
            format!(
                "# Plan\n\n## Milestones\n\n- `M1` One\n  - Due: 2026-01-31\n- `M2` Two\n\n## Issues\n\n### `I1` A\n\n- \
                 Milestone: M1\n- Status: {status}\n\n### `I2` B\n\n- Milestone: M2\n"
            )
        };
        let plan = |status| crate::plan::read(&Source::new("p.md", text(status)), PlanId::new("p.md")).plan.unwrap();
        let at = |day| milestone_progress(&plan("Todo"), &Snapshot::default(), &BTreeSet::new(), day);
        let late = |day| at(day).into_iter().map(|it| it.late).collect::<Vec<_>>();
        assert_eq!(late(date(2026, 1, 31)), [0, 0]);
        assert_eq!(late(date(2026, 3, 2)), [30, 0]);
        let done = milestone_progress(&plan("Done"), &Snapshot::default(), &BTreeSet::new(), date(2026, 3, 2));
        assert_eq!((done[0].done, done[0].late), (1, 0));
        assert_eq!(
            at(date(2026, 1, 1))[0],
            MilestoneProgress { title: "M1 One".into(), done: 0, all: 1, due_on: Some(date(2026, 1, 31)), late: 0 }
        );
    }
}
