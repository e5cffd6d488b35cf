//! Chooses which gates are pinned: the open gates of the earliest milestones, as many as GitHub's limit allows. Issues
//! pinned by people stay pinned and count towards the limit.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::edit::Why;
use super::merge::{self, MergeOutcome};
use crate::matching::MatchedIssue;
use crate::model::limits;
use crate::model::snapshot::{IssueNumber, Observed};
use crate::plan::settings::PinGates;
use crate::plan::{PlanKey, PlannedIssue, order};

/// The result of choosing pins.
#[derive(Debug, Default)]
pub(crate) struct Pins {
    /// Gates to pin, each with the reason: a plan change, or restoring a pin that people removed.
    pub pin: BTreeMap<PlanKey, Why>,
    /// Issues that plan-action pinned and now unpins.
    pub unpin: BTreeSet<IssueNumber>,
    /// Gates that people unpinned and that stay unpinned.
    pub kept: BTreeSet<PlanKey>,
    /// Issues that plan-action pinned and that stay pinned.
    pub stay: BTreeSet<IssueNumber>,
    /// Issues that plan-action pinned, people unpinned, and the plan no longer wants pinned. If people pin one again,
    /// that pin is theirs.
    pub forgotten: BTreeSet<IssueNumber>,
}

/// Chooses the gates to pin, and reports those for which no pin is free.
pub(crate) fn choose(builder: &mut Builder<'_>) -> Pins {
    let (plan, snapshot, matches) = (builder.plan, builder.snapshot, &builder.matches);
    let marked = || matches.issues.values().chain(&matches.removed_issues);
    let was_ours = marked().filter(|it| it.marker.as_ref().is_some_and(|marker| marker.base.pinned));
    let was_ours: BTreeSet<IssueNumber> = was_ours.map(|matched| matched.observed.number).collect();
    // The pins are still recorded as ours, for the time when they are known or managed again.
    let untouched = || Pins { stay: was_ours.clone(), ..Pins::default() };
    if plan.settings.pin_gates == PinGates::Leave {
        return untouched();
    }
    match snapshot.pinned() {
        Observed::Known(_) => {}
        Observed::Unknown => return untouched(),
        // The pins are created once the server supports them.
        Observed::Unsupported => return Pins { forgotten: was_ours, ..Pins::default() },
    }
    let is_ours = |matched: &MatchedIssue<'_>| {
        let is_there = snapshot.pins.contains(&matched.observed.number);
        let number = matched.observed.number;
        matched.marker.as_ref().is_some_and(|marker| marker.base.pinned && builder.was_made(number, marker, is_there))
    };
    let ours: BTreeSet<IssueNumber> = marked()
        .filter(|matched| is_ours(matched))
        .map(|matched| matched.observed.number)
        .filter(|number| snapshot.pins.contains(number))
        .collect();
    let mut places =
        limits::PINS.saturating_sub(snapshot.pins.len() - ours.len() - builder.twins.losing_pins(&snapshot.pins));
    let mut pins = Pins::default();
    let mut waiting = Vec::new();
    for gate in order::gates_by_due(plan) {
        let matched = matches.issues.get(&gate.key);
        if is_closed(builder, gate, matched) {
            continue;
        }
        let number = matched.map(|matched| matched.observed.number);
        let pinned = number.is_some_and(|number| snapshot.pins.contains(&number));
        if pinned && number.is_some_and(|number| !ours.contains(&number)) {
            continue;
        }
        let verdict = merge::member(true, matched.is_some_and(is_ours), pinned, plan.settings.drift);
        match verdict {
            MergeOutcome::Kept => {
                pins.kept.insert(gate.key.clone());
            }
            _ if places == 0 => waiting.push(gate.title.clone()),
            _ => {
                places -= 1;
                if let MergeOutcome::Write(why) = verdict {
                    pins.pin.insert(gate.key.clone(), why);
                }
                pins.stay.extend(number.filter(|_| pinned));
            }
        }
    }
    pins.unpin = ours.difference(&pins.stay).copied().collect();
    pins.forgotten = forgotten(builder, &pins, was_ours);
    builder.diff.waiting_gates = waiting;
    pins
}

/// Issues that plan-action pinned, people unpinned, and the plan no longer wants pinned.
fn forgotten(builder: &Builder<'_>, pins: &Pins, was_ours: BTreeSet<IssueNumber>) -> BTreeSet<IssueNumber> {
    let wanted = pins.pin.keys().chain(&pins.kept).filter_map(|key| builder.matches.issues.get(key));
    let wanted: BTreeSet<IssueNumber> = wanted.map(|matched| matched.observed.number).collect();
    let gone = was_ours.into_iter().filter(|number| !builder.snapshot.pins.contains(number));
    gone.filter(|number| !wanted.contains(number)).collect()
}

/// Whether a gate will be closed once the diff is applied.
fn is_closed(builder: &Builder<'_>, gate: &PlannedIssue, matched: Option<&MatchedIssue<'_>>) -> bool {
    let Some(matched) = matched else { return gate.closed };
    let observed = matched.observed.closed;
    let was_made = |marker| builder.was_made(matched.observed.number, marker, observed);
    let base = matched.marker.as_ref().map(|marker| marker.base.closed && was_made(marker));
    match merge::closed(gate.closed, base, observed, builder.plan.settings.drift) {
        MergeOutcome::Write(_) => gate.closed,
        MergeOutcome::Same | MergeOutcome::Agreed | MergeOutcome::Kept => observed,
    }
}
