//! Computes the difference between a plan and a repository: a [`Plan`] and a [`Snapshot`] come in, a [`Diff`] goes out.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::changes::{Closing, Diff};
use super::{batch, issues, labels, milestones, order, pins, renamed_labels, twins};
use crate::matching::{self, Matches, Notice};
use crate::model::snapshot::{Issue, IssueNumber, MilestoneNumber, Snapshot, Unknown, is_account};
use crate::plan::settings::PinGates;
use crate::plan::{Plan, PlanId};

fn milestone_numbers(plan: &Plan, snapshot: &Snapshot, matches: &Matches<'_>) -> BTreeMap<String, MilestoneNumber> {
    let there = snapshot.milestones.iter().map(|it| (it.title.clone(), it.number));
    let planned = plan.milestones.iter().filter_map(|it| {
        let matched = matches.milestones.get(&it.key)?;
        Some((it.title.clone(), matched.observed.number))
    });
    there.chain(planned).collect()
}

fn own_issues(snapshot: &Snapshot, matches: &Matches<'_>) -> BTreeSet<IssueNumber> {
    let is_own = |issue: &&Issue| snapshot.viewer.as_ref().is_some_and(|viewer| is_account(viewer, &issue.author));
    let matched = matches.issues.values().chain(&matches.removed_issues);
    matched.map(|matched| matched.observed).filter(is_own).map(|issue| issue.number).collect()
}

/// Notices about links and pins of planned issues that GitHub did not return. They count as neither drift nor change.
fn unknown(builder: &Builder<'_>) -> Vec<Notice> {
    let Unknown { blockers, parents, pins } = &builder.snapshot.unknown;
    let is_ours = |number: &&IssueNumber| builder.matches.key(**number).is_some();
    let links: Vec<IssueNumber> = blockers.union(parents).filter(is_ours).copied().collect();
    let pins = *pins && builder.plan.settings.pin_gates != PinGates::Leave;
    let links = Some(Notice::UnknownLinks(links)).filter(|notice| *notice != Notice::UnknownLinks(Vec::new()));
    links.into_iter().chain(pins.then_some(Notice::UnknownPins)).collect()
}

/// Compares a plan with a repository. `deleted_plans` are the plans that markers name and that no longer exist.
pub fn diff(plan: &Plan, snapshot: &Snapshot, deleted_plans: &BTreeSet<PlanId>) -> Diff {
    let mut matches = matching::matches(plan, snapshot, deleted_plans);
    let diff = Diff {
        plan: plan.id.clone(),
        target: snapshot.target.clone(),
        changes: Vec::new(),
        drift: Vec::new(),
        unchanged: 0,
        waiting_gates: Vec::new(),
        milestone_order: plan.milestones.iter().map(|milestone| milestone.title.clone()).collect(),
        notices: matches.notices.clone(),
        closing: Closing::default(),
        milestone_numbers: milestone_numbers(plan, snapshot, &matches),
        unfinished: BTreeSet::new(),
        duplicates: BTreeMap::new(),
        marker_updates: Vec::new(),
        looked_through: snapshot.looked_through.clone(),
        own_issues: own_issues(snapshot, &matches),
    };
    let records = batch::Records::collect(snapshot);
    let twins = twins::Twins::take(&mut matches);
    let keyless = plan.issues.iter().filter(|issue| issue.written_key.is_none());
    let titles = keyless.map(|issue| (issue.key.as_str(), issue.title.as_str())).collect();
    let renamed_labels = renamed_labels::Renames::new(plan, snapshot);
    let mut builder = Builder { plan, snapshot, matches, records, twins, renamed_labels, titles, diff };
    let pins = pins::choose(&mut builder);
    labels::compare(&mut builder);
    issues::compare(&mut builder, &pins);
    // Changes to issues can reopen a milestone, or let one that left the plan be closed.
    milestones::compare(&mut builder);
    milestones::close_removed(&mut builder);
    let unknown = unknown(&builder);
    let mut diff = builder.diff;
    diff.notices.extend(unknown);
    order::sort(plan, &mut diff.changes);
    order::sort(plan, &mut diff.drift);
    diff.unfinished = batch::unfinished(&diff);
    diff
}
