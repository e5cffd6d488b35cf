//! Milestones. Only people who may write can make one, so every marker is believed.

use std::collections::BTreeSet;

use super::similarity::{ALIKE, similarity};
use super::{How, Matched, MatchedMilestone, Matches, Notice, by_key, take, take_alike};
use crate::matching::marker::{Found, Marker, MilestoneBase};
use crate::model::snapshot::{Milestone, Snapshot};
use crate::plan::{Plan, PlanId, PlannedMilestone};

/// Matches the milestones of a plan.
pub fn match_all<'s>(plan: &Plan, snapshot: &'s Snapshot, vanished: &BTreeSet<PlanId>, matches: &mut Matches<'s>) {
    let mut ours: Vec<(&'s Milestone, Marker<MilestoneBase>)> = Vec::new();
    let mut moved = Vec::new();
    let mut others = Vec::new();
    for milestone in &snapshot.milestones {
        match Marker::<MilestoneBase>::find(&milestone.description) {
            Found::Marker(marker, _) if marker.plan == plan.id => ours.push((milestone, *marker)),
            Found::Marker(marker, _) if vanished.contains(&marker.plan) => moved.push((milestone, *marker)),
            Found::Marker(..) => others.push((milestone, How::Shared)),
            Found::Newer(_) => matches.notices.push(Notice::Newer(format!("the milestone `{}`", milestone.title))),
            Found::Damaged(_) | Found::Nothing => others.push((milestone, How::Adopted)),
        }
    }
    let found = &mut matches.milestones;
    let mut insert = |planned: &PlannedMilestone, observed, marker, how| {
        found.insert(planned.key.clone(), Matched { observed, marker, how });
    };
    let mut missing: Vec<&PlannedMilestone> = by_key(plan.milestones.iter(), |it| &it.key);
    take(
        &mut missing,
        &mut ours,
        |planned, ours| ours.iter().position(|(_, marker)| marker.key == planned.key),
        |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Key),
    );
    // Titles are unique on GitHub, so the same title is the same milestone, whatever its key.
    take(
        &mut missing,
        &mut ours,
        |planned, ours| ours.iter().position(|(observed, _)| observed.title == planned.title),
        |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Renamed),
    );
    take_alike(
        &mut missing,
        &mut ours,
        |planned, (_, marker)| {
            let may_be = planned.key.is_derived() && marker.key.is_derived();
            if may_be { similarity(&planned.title, &marker.base.title) } else { 0.0 }
        },
        |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Renamed),
    );
    take(
        &mut missing,
        &mut moved,
        |planned, moved| {
            moved.iter().position(|(observed, marker)| {
                observed.title == planned.title
                    || marker.key == planned.key && similarity(&marker.base.title, &planned.title) >= ALIKE
            })
        },
        |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Moved),
    );
    take(
        &mut missing,
        &mut others,
        |planned, others| others.iter().position(|(observed, _)| observed.title == planned.title),
        |planned, (observed, how)| insert(planned, observed, None, how),
    );
    matches.removed_milestones = ours
        .into_iter()
        .map(|(observed, marker)| MatchedMilestone { observed, marker: Some(marker), how: How::Key })
        .collect();
}
