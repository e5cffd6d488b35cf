//! Finds the issues and milestones of planned items. Both searches work alike.

use std::collections::BTreeMap;

use super::matched::{How, Matched};
use super::pairing;
use super::similarity::{self, Work};
use crate::model::marker::{IssueBase, Marker, MilestoneBase};
use crate::plan::{PlanKey, PlannedIssue, PlannedMilestone};

/// An issue or milestone with its marker.
pub(super) type Marked<'s, Item, Base> = (&'s Item, Marker<Base>);

/// An item of a plan.
pub(super) trait Planned {
    fn key(&self) -> &PlanKey;
    fn title(&self) -> &str;
}

impl Planned for PlannedIssue {
    fn key(&self) -> &PlanKey {
        &self.key
    }

    fn title(&self) -> &str {
        &self.title
    }
}

impl Planned for PlannedMilestone {
    fn key(&self) -> &PlanKey {
        &self.key
    }

    fn title(&self) -> &str {
        &self.title
    }
}

/// What was last applied to an item.
pub(super) trait Applied {
    fn title(&self) -> &str;
}

impl Applied for IssueBase {
    fn title(&self) -> &str {
        &self.title
    }
}

impl Applied for MilestoneBase {
    fn title(&self) -> &str {
        &self.title
    }
}

/// The search for planned items that are still unmatched.
pub(super) struct Search<'p, 's, P, Item, Base> {
    /// Sorted by key: which of two equal matches wins must not depend on document order.
    pub(super) missing: Vec<&'p P>,
    pub(super) found: BTreeMap<PlanKey, Matched<'s, Item, Base>>,
}

impl<'p, 's, P: Planned, Item, Base: Applied> Search<'p, 's, P, Item, Base> {
    pub(super) fn new(planned: &'p [P]) -> Self {
        let mut missing: Vec<&P> = planned.iter().collect();
        missing.sort_by_key(|item| item.key());
        Self { missing, found: BTreeMap::new() }
    }

    /// Records matched pairs and how they were found.
    pub(super) fn take<Candidate>(
        &mut self,
        candidates: &mut Vec<Candidate>,
        pairs: &[(usize, usize)],
        how: &How,
        parts: impl Fn(Candidate) -> (&'s Item, Option<Marker<Base>>),
    ) {
        let found = &mut self.found;
        pairing::take(&mut self.missing, candidates, pairs, |planned, candidate| {
            let (observed, marker) = parts(candidate);
            found.insert(planned.key().clone(), Matched { observed, marker, how: how.clone() });
        });
    }

    /// Like [`Search::take`], for candidates with markers.
    pub(super) fn take_marked(
        &mut self,
        candidates: &mut Vec<Marked<'s, Item, Base>>,
        pairs: &[(usize, usize)],
        how: &How,
    ) {
        self.take(candidates, pairs, how, |(observed, marker)| (observed, Some(marker)));
    }

    /// The pairs whose titles are similar. Another plan may have used the same keys for different items.
    pub(super) fn alike(
        &self,
        candidates: &[Marked<'s, Item, Base>],
        pairs: Vec<(usize, usize)>,
    ) -> Vec<(usize, usize)> {
        let is_alike = |(item, candidate): &(usize, usize)| {
            similarity::is_alike(self.missing[*item].title(), candidates[*candidate].1.base.title())
        };
        pairs.into_iter().filter(is_alike).collect()
    }

    /// Finds items whose titles were reworded: the best mutual pairs within a place. Items without a place are skipped.
    /// Returns the number of items that could not be compared with every possible candidate.
    pub(super) fn reworded<Place: Ord>(
        &mut self,
        candidates: &mut Vec<Marked<'s, Item, Base>>,
        place_of_item: impl Fn(&'p P) -> Option<Place>,
        place_of_marker: impl for<'c> Fn(&'c Marker<Base>) -> Option<Place>,
        work: &mut Work,
    ) -> usize {
        let mut places: BTreeMap<Place, [Side<'_>; 2]> = BTreeMap::new();
        for (at, item) in self.missing.iter().enumerate() {
            if let Some(place) = place_of_item(item) {
                places.entry(place).or_default()[0].push(at, item.title());
            }
        }
        for (at, (_, marker)) in candidates.iter().enumerate() {
            if let Some(place) = place_of_marker(marker) {
                places.entry(place).or_default()[1].push(at, marker.base.title());
            }
        }
        let mut all = Vec::new();
        let mut not_compared = 0;
        for [items, old] in places.values() {
            let (pairs, open) = similarity::mutual(&items.titles, &old.titles, work);
            not_compared += open;
            all.extend(pairs.into_iter().map(|(item, candidate)| (items.at[item], old.at[candidate])));
        }
        drop(places);
        self.take_marked(candidates, &all, &How::Renamed);
        not_compared
    }
}

/// The items of a place, or the candidates for them: their positions in the full list, and their titles.
#[derive(Default)]
struct Side<'t> {
    at: Vec<usize>,
    titles: Vec<&'t str>,
}

impl<'t> Side<'t> {
    fn push(&mut self, at: usize, title: &'t str) {
        self.at.push(at);
        self.titles.push(title);
    }
}
