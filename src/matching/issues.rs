//! Matches the issues of a repository to the planned issues.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::evidence::{Evidence, Place, Stage, written_key, written_key_of_marker};
use super::matched::{How, Matched, MatchedIssue, Matches};
use super::notice::Notice;
use super::pairing::{self, Ties};
use super::similarity::{self, Work};
use super::sorted::{Marked, SortedIssues};
use super::{lookalikes, strangers};
use crate::model::marker::{IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot, StateReason};
use crate::plan::settings::Adopt;
use crate::plan::{Plan, PlanId, PlanKey, PlannedIssue};

/// Strong evidence. It identifies an item even if the item was moved or renamed.
const STRONG: [(Stage, How); 3] =
    [(Stage::Exact, How::Key), (Stage::KeyAndMilestone, How::Key), (Stage::KeyAndTitle, How::Key)];
/// Weak evidence, used for items and issues that strong evidence leaves unmatched.
const WEAK: [(Stage, How); 4] = [
    (Stage::Key, How::Key),
    (Stage::TitleAndMilestone, How::Renamed),
    (Stage::WholeTitle, How::Renamed),
    (Stage::Title, How::Renamed),
];
/// The evidence that a plan was moved to another path, for markers of a plan that no longer exists.
const MOVED: [Stage; 7] = [
    Stage::Exact,
    Stage::KeyAndTitle,
    Stage::KeyAndMilestone,
    Stage::Key,
    Stage::TitleAndMilestone,
    Stage::WholeTitle,
    Stage::Title,
];

/// Matches the issues of a plan.
pub(crate) fn match_all<'s>(
    plan: &Plan,
    snapshot: &'s Snapshot,
    deleted_plans: &BTreeSet<PlanId>,
    matches: &mut Matches<'s>,
    work: &mut Work,
) {
    let mut sorted = SortedIssues::new(plan, snapshot, deleted_plans);
    matches.notices.extend(sorted.newer.iter().map(|number| Notice::Newer(format!("issue {number}"))));
    matches.notices.extend(sorted.copied(plan));
    let ours = without_duplicates(std::mem::take(&mut sorted.ours), matches);
    // An issue whose item left the plan earlier is only matched if no issue that is still managed matches.
    let (mut gone, mut left): (Vec<Marked<'s>>, Vec<Marked<'s>>) =
        ours.into_iter().partition(|(_, marker)| marker.base.removed);
    let repeated = repeated(plan, &left, &gone);
    let mut search = IssueSearch::new(plan, matches);
    for candidates in [&mut left, &mut gone] {
        STRONG.iter().for_each(|(stage, how)| search.by_evidence(*stage, how, candidates, &repeated));
    }
    search.damaged(&mut sorted.damaged);
    // Issues that no plan owns can be adopted by title.
    sorted.unmarked.extend(sorted.damaged.drain(..).map(|(issue, _)| issue));
    for candidates in [&mut left, &mut gone] {
        WEAK.iter().for_each(|(stage, how)| search.by_evidence(*stage, how, candidates, &repeated));
    }
    let not_compared = search.reworded(&mut left, work);
    search.moved(&mut sorted.moved, &repeated);
    let (mut trusted, strangers): (Vec<&'s Issue>, Vec<&'s Issue>) =
        sorted.unmarked.iter().copied().partition(|issue| snapshot.trusts(issue));
    if plan.settings.adopt == Adopt::Title {
        trusted = search.adopted(trusted);
    }
    let IssueSearch { missing, matches } = search;
    left.extend(gone);
    matches.removed_issues = left
        .into_iter()
        .map(|(observed, marker)| MatchedIssue { observed, marker: Some(marker), how: How::Key })
        .collect();
    matches.notices.extend((not_compared > 0).then_some(Notice::NotCompared(not_compared)));
    let keys: BTreeMap<IssueNumber, &PlanKey> =
        matches.issues.iter().map(|(key, matched)| (matched.observed.number, key)).collect();
    let damaged = sorted.unreadable.iter().map(|number| Notice::Damaged(*number, keys.get(number).copied().cloned()));
    let mut notices: Vec<Notice> = damaged.collect();
    notices.extend(strangers::other_account(&missing, &sorted.distrusted, matches));
    notices.extend(strangers::distrusted(plan, &missing, &sorted.distrusted, &strangers));
    notices.extend(lookalikes::notices(snapshot, &missing, &trusted, &matches.issues, work));
    matches.notices.extend(notices);
}

/// Keeps one issue for each item: the one with the lowest number. An issue closed as a duplicate or as not planned is
/// kept only if there is no other, so that an item keeps its open issue when people close another one as a duplicate.
///
/// Two issues belong to the same item if written key and milestone are equal, or, without a written key, the key.
fn without_duplicates<'s>(mut ours: Vec<Marked<'s>>, matches: &mut Matches<'s>) -> Vec<Marked<'s>> {
    ours.sort_by_key(|(issue, marker)| {
        let rank = match issue.state_reason.filter(|_| issue.closed) {
            Some(StateReason::Duplicate) => 2,
            Some(StateReason::NotPlanned) => 1,
            Some(StateReason::Completed) | None => 0,
        };
        (rank, marker.base.removed, issue.number)
    });
    let mut first: BTreeMap<(Option<Place<'_>>, &str), IssueNumber> = BTreeMap::new();
    let mut twins: Vec<Option<IssueNumber>> = Vec::new();
    for (issue, marker) in &ours {
        let written = written_key_of_marker(marker);
        let place = written.map(|_| Evidence::of_marker(marker, matches).place);
        let number = *first.entry((place, written.unwrap_or(marker.key.as_str()))).or_insert(issue.number);
        twins.push((number != issue.number).then_some(number));
    }
    let mut kept = Vec::new();
    for ((issue, marker), first) in ours.into_iter().zip(twins) {
        match first {
            None => kept.push((issue, marker)),
            Some(first) => matches.duplicates.push((issue, marker.key, first)),
        }
    }
    kept.sort_by_key(|(issue, _)| issue.number);
    kept
}

/// The written keys used by more than one item, in the plan or in the markers.
fn repeated(plan: &Plan, left: &[Marked<'_>], gone: &[Marked<'_>]) -> HashSet<String> {
    let planned = plan.issues.iter().filter_map(written_key);
    let marked = |marked: &[Marked<'_>]| -> Vec<String> {
        marked.iter().filter_map(|(_, marker)| written_key_of_marker(marker)).map(str::to_owned).collect()
    };
    let twice = |keys: &mut dyn Iterator<Item = String>| -> Vec<String> {
        let mut seen = HashSet::new();
        keys.filter(|key| !seen.insert(key.clone())).collect()
    };
    let mut all = twice(&mut planned.map(str::to_owned));
    all.extend(twice(&mut marked(left).into_iter()));
    all.extend(twice(&mut marked(gone).into_iter()));
    all.into_iter().collect()
}

/// The search for issues of planned items that are still unmatched.
struct IssueSearch<'p, 'm, 's> {
    /// Sorted by key: which of two equal matches wins must not depend on document order.
    missing: Vec<&'p PlannedIssue>,
    matches: &'m mut Matches<'s>,
}

impl<'p, 'm, 's> IssueSearch<'p, 'm, 's> {
    fn new(plan: &'p Plan, matches: &'m mut Matches<'s>) -> Self {
        let mut missing: Vec<&PlannedIssue> = plan.issues.iter().collect();
        missing.sort_by_key(|issue| &issue.key);
        Self { missing, matches }
    }

    /// Records matched pairs and how they were found.
    fn take<Candidate>(
        &mut self,
        candidates: &mut Vec<Candidate>,
        pairs: &[(usize, usize)],
        how: &How,
        parts: impl Fn(Candidate) -> (&'s Issue, Option<Marker<IssueBase>>),
    ) {
        let found = &mut self.matches.issues;
        pairing::take(&mut self.missing, candidates, pairs, |planned, candidate| {
            let (observed, marker) = parts(candidate);
            found.insert(planned.key.clone(), Matched { observed, marker, how: how.clone() });
        });
    }

    /// The pairs of items and candidates whose evidence is equal at a stage.
    fn pairs(&self, stage: Stage, candidates: &[Marked<'s>], repeated: &HashSet<String>) -> Vec<(usize, usize)> {
        let matches = &*self.matches;
        let planned = self.missing.iter().map(|it| stage.parts(&Evidence::of_planned(it, matches), repeated));
        let marked = candidates.iter().map(|(_, it)| stage.parts(&Evidence::of_marker(it, matches), repeated));
        let ties = if stage == Stage::Exact { Ties::InOrder } else { Ties::Leave };
        pairing::equal(planned, marked, ties)
    }

    fn by_evidence(&mut self, stage: Stage, how: &How, candidates: &mut Vec<Marked<'s>>, repeated: &HashSet<String>) {
        let pairs = self.pairs(stage, candidates, repeated);
        self.take(candidates, &pairs, how, |(issue, marker)| (issue, Some(marker)));
    }

    /// Finds issues with damaged markers by the key that can still be read.
    fn damaged(&mut self, candidates: &mut Vec<(&'s Issue, PlanKey)>) {
        for key in [|planned: &PlannedIssue| planned.key.clone(), bare_key] {
            let planned = self.missing.iter().map(|it| Some(key(it)));
            let pairs = pairing::equal(planned, candidates.iter().map(|(_, key)| Some(key.clone())), Ties::Leave);
            self.take(candidates, &pairs, &How::Adopted, |(issue, _)| (issue, None));
        }
    }

    /// Finds items without a written key whose titles were reworded: the best mutual pairs within a milestone. Returns
    /// the number of items that could not be compared with every possible issue.
    fn reworded(&mut self, left: &mut Vec<Marked<'s>>, work: &mut Work) -> usize {
        let matches = &*self.matches;
        let mut places: BTreeMap<Place<'_>, [Side<'_>; 2]> = BTreeMap::new();
        let planned = self.missing.iter().map(|it| Evidence::of_planned(it, matches)).enumerate();
        let marked = left.iter().map(|(_, marker)| Evidence::of_marker(marker, matches)).enumerate();
        let both = planned.map(|it| (0, it)).chain(marked.map(|it| (1, it)));
        for (side, (at, evidence)) in both.filter(|(_, (_, evidence))| evidence.key.is_none()) {
            let side = &mut places.entry(evidence.place).or_default()[side];
            side.at.push(at);
            side.titles.push(evidence.title);
        }
        let mut all = Vec::new();
        let mut not_compared = 0;
        for [items, candidates] in places.values() {
            let (pairs, open) = similarity::mutual(&items.titles, &candidates.titles, work);
            not_compared += open;
            all.extend(pairs.into_iter().map(|(item, candidate)| (items.at[item], candidates.at[candidate])));
        }
        self.take(left, &all, &How::Renamed, |(issue, marker)| (issue, Some(marker)));
        not_compared
    }

    /// Finds the issues of a plan that was moved to another path. The keys may have belonged to different items of
    /// another plan, so a key only counts if the titles are similar.
    fn moved(&mut self, candidates: &mut Vec<Marked<'s>>, repeated: &HashSet<String>) {
        for stage in MOVED {
            let mut pairs = self.pairs(stage, candidates, repeated);
            if matches!(stage, Stage::Key | Stage::KeyAndMilestone) {
                pairs.retain(|(item, candidate)| {
                    similarity::is_alike(&self.missing[*item].title, &candidates[*candidate].1.base.title)
                });
            }
            self.take(candidates, &pairs, &How::Moved, |(issue, marker)| (issue, Some(marker)));
        }
    }

    /// Finds issues without markers by title, in the planned milestone first. Open issues are preferred to closed ones,
    /// and older issues to newer ones. Returns the issues that were not adopted.
    fn adopted(&mut self, trusted: Vec<&'s Issue>) -> Vec<&'s Issue> {
        let (closed, open): (Vec<&Issue>, Vec<&Issue>) = trusted.into_iter().partition(|issue| issue.closed);
        let mut left = Vec::new();
        for mut candidates in [open, closed] {
            candidates.sort_by_key(|issue| issue.number);
            for anywhere in [false, true] {
                let matches = &*self.matches;
                let planned = self.missing.iter().map(|it| {
                    let place = Evidence::of_planned(it, matches).place;
                    Some((it.title.as_str(), (!anywhere).then_some(place)))
                });
                let titled = candidates.iter().map(|it| {
                    let place = it.milestone.map_or(Place::Nowhere, Place::There);
                    Some((it.title.trim(), (!anywhere).then_some(place)))
                });
                let pairs = pairing::equal(planned, titled, Ties::InOrder);
                self.take(&mut candidates, &pairs, &How::Adopted, |issue| (issue, None));
            }
            left.extend(candidates);
        }
        left
    }
}

/// The items of a milestone, or the candidates for them: their positions in the full list, and their titles.
#[derive(Default)]
struct Side<'t> {
    at: Vec<usize>,
    titles: Vec<&'t str>,
}

/// The written key without any qualification, as a [`PlanKey`].
fn bare_key(planned: &PlannedIssue) -> PlanKey {
    written_key(planned).map_or_else(|| planned.key.clone(), PlanKey::written)
}
