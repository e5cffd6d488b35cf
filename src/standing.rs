//! How far the milestones of a plan are.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::identity::matching;
use crate::plan::{Plan, PlanId, order};
use crate::snapshot::Snapshot;

/// How far one milestone is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its title.
    pub title: String,
    /// How many of its issues are closed.
    pub done: usize,
    /// How many issues it has, those of people included.
    pub all: usize,
    /// The day that it is due on GitHub, or in the plan where it is not there yet.
    pub due_on: Option<Date>,
    /// By how many days it is late; 0 when it is not, or all is done.
    pub late: i32,
}

/// How far each milestone is on a day, the earliest first.
pub fn standings(plan: &Plan, snapshot: &Snapshot, vanished: &BTreeSet<PlanId>, today: Date) -> Vec<Standing> {
    let matches = matching::matches(plan, snapshot, vanished);
    let standing = |milestone: &crate::plan::PlannedMilestone| {
        let there = matches.milestones.get(&milestone.key).map(|matched| matched.observed);
        let number = there.map(|there| there.number);
        let on_github = snapshot.issues.iter().filter(|issue| number.is_some() && issue.milestone == number);
        let states: Vec<bool> = on_github.map(|issue| issue.closed).collect();
        let new = plan.issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key));
        let new = new.filter(|issue| !matches.issues.contains_key(&issue.key)).count();
        let done = states.iter().filter(|closed| **closed).count();
        let due_on = there.map_or(milestone.due_on, |there| there.due_on);
        let all = states.len() + new;
        let late = due_on.filter(|_| done < all).and_then(|due| today.since(due).ok());
        let late = late.map_or(0, |span| span.get_days().max(0));
        Standing { title: milestone.title.clone(), done, all, due_on, late }
    };
    order::milestones(plan).into_iter().map(standing).collect()
}
