//! Matches the milestones of a repository to the planned milestones. Only people with write access can create
//! milestones, so every marker is believed.

use std::collections::BTreeSet;

use super::matched::{How, MatchedMilestone, Matches};
use super::notice::Notice;
use super::pairing::{self, Ties};
use super::search::{self, Search};
use super::similarity::Work;
use crate::model::marker::{Found, Marker, MilestoneBase};
use crate::model::snapshot::{Milestone, Snapshot};
use crate::plan::{Plan, PlanId, PlanKey, PlannedMilestone};

type Marked<'s> = search::Marked<'s, Milestone, MilestoneBase>;

/// The milestones of a repository, sorted by their markers.
#[derive(Default)]
struct SortedMilestones<'s> {
    ours: Vec<Marked<'s>>,
    moved: Vec<Marked<'s>>,
    others: Vec<&'s Milestone>,
    unmarked: Vec<&'s Milestone>,
    newer: Vec<&'s Milestone>,
}

impl<'s> SortedMilestones<'s> {
    fn new(plan: &Plan, snapshot: &'s Snapshot, deleted_plans: &BTreeSet<PlanId>) -> Self {
        let mut sorted = Self::default();
        for milestone in &snapshot.milestones {
            match Marker::<MilestoneBase>::find(&milestone.description) {
                Found::Marker(marker, _) if marker.plan == plan.id => sorted.ours.push((milestone, *marker)),
                Found::Marker(marker, _) if deleted_plans.contains(&marker.plan) => {
                    sorted.moved.push((milestone, *marker));
                }
                Found::Marker(..) => sorted.others.push(milestone),
                Found::Newer(_) => sorted.newer.push(milestone),
                Found::Damaged(_) | Found::Nothing => sorted.unmarked.push(milestone),
            }
        }
        sorted
    }
}

/// Matches the milestones of a plan.
pub(crate) fn match_all<'s>(
    plan: &Plan,
    snapshot: &'s Snapshot,
    deleted_plans: &BTreeSet<PlanId>,
    matches: &mut Matches<'s>,
    work: &mut Work,
) {
    let SortedMilestones { mut ours, mut moved, mut others, mut unmarked, newer } =
        SortedMilestones::new(plan, snapshot, deleted_plans);
    let newer = newer.into_iter().map(|it| Notice::Newer(format!("the milestone `{}`", it.title)));
    matches.notices.extend(newer);
    let mut search = MilestoneSearch::new(&plan.milestones);
    let written = |planned: &PlannedMilestone| Some(&planned.key).filter(|key| !key.is_derived()).cloned();
    let written_before = |marker: &Marker<MilestoneBase>| Some(&marker.key).filter(|key| !key.is_derived()).cloned();
    // Without a written key, the title serves as the key.
    let keyless = |planned: &PlannedMilestone| written(planned).is_none().then(|| planned.title.clone());
    let keyless_before =
        |marker: &Marker<MilestoneBase>| written_before(marker).is_none().then(|| marker.base.title.clone());
    search.marked(&mut ours, &How::Key, written, |(_, marker)| written_before(marker));
    search.marked(&mut ours, &How::Key, keyless, |(_, marker)| keyless_before(marker));
    search.marked(&mut ours, &How::Key, |it| Some(it.key.clone()), |(_, marker)| Some(marker.key.clone()));
    // Milestone titles are unique on GitHub, so an equal title is the same milestone, whatever its key.
    search.marked(&mut ours, &How::Renamed, title, |(observed, _)| Some(observed.title.clone()));
    let keyless = |key: &PlanKey| key.is_derived().then_some(());
    let not_compared = search.reworded(&mut ours, |it| keyless(&it.key), |marker| keyless(&marker.key), work);
    search.marked(&mut moved, &How::Moved, title, |(observed, _)| Some(observed.title.clone()));
    search.moved(&mut moved);
    search.titled(&mut others, &How::Shared);
    search.titled(&mut unmarked, &How::Adopted);
    matches.milestones = search.found;
    matches.removed_milestones = ours
        .into_iter()
        .map(|(observed, marker)| MatchedMilestone { observed, marker: Some(marker), how: How::Key })
        .collect();
    matches.notices.extend((not_compared > 0).then_some(Notice::NotCompared(not_compared)));
}

fn title(planned: &PlannedMilestone) -> Option<String> {
    Some(planned.title.clone())
}

/// The search for milestones of planned items that are still unmatched.
type MilestoneSearch<'p, 's> = Search<'p, 's, PlannedMilestone, Milestone, MilestoneBase>;

impl<'s> MilestoneSearch<'_, 's> {
    fn marked<K: Eq + std::hash::Hash>(
        &mut self,
        candidates: &mut Vec<Marked<'s>>,
        how: &How,
        planned: impl Fn(&PlannedMilestone) -> Option<K>,
        marked: impl Fn(&Marked<'s>) -> Option<K>,
    ) {
        let items = self.missing.iter().map(|it| planned(it));
        let pairs = pairing::equal(items, candidates.iter().map(marked), Ties::InOrder);
        self.take_marked(candidates, &pairs, how);
    }

    fn titled(&mut self, candidates: &mut Vec<&'s Milestone>, how: &How) {
        let items = self.missing.iter().map(|it| Some(it.title.as_str()));
        let pairs = pairing::equal(items, candidates.iter().map(|it| Some(it.title.as_str())), Ties::InOrder);
        self.take(candidates, &pairs, how, |observed| (observed, None));
    }

    /// Finds the milestones of a plan that was moved to another path: equal keys and similar titles.
    fn moved(&mut self, moved: &mut Vec<Marked<'s>>) {
        let keys = self.missing.iter().map(|it| Some(it.key.clone()));
        let pairs = pairing::equal(keys, moved.iter().map(|(_, it)| Some(it.key.clone())), Ties::InOrder);
        let pairs = self.alike(moved, pairs);
        self.take_marked(moved, &pairs, &How::Moved);
    }
}
