//! Matches the issues of a repository to the planned issues.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::evidence::{Evidence, Place, Stage};
use super::matched::{How, MatchedIssue, Matches};
use super::notice::Notice;
use super::pairing::{self, Ties};
use super::search::Search;
use super::similarity::Work;
use super::sorted::{Marked, SortedIssues};
use super::{lookalikes, strangers};
use crate::model::marker::IssueBase;
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
    let mut search = IssueSearch { search: Search::new(&plan.issues), matches: &*matches };
    for candidates in [&mut left, &mut gone] {
        STRONG.iter().for_each(|(stage, how)| search.by_evidence(*stage, how, candidates, &repeated));
    }
    search.damaged(&mut sorted.damaged);
    // Issues that no plan owns can be adopted by title.
    sorted.unmarked.extend(sorted.damaged.drain(..).map(|(issue, _)| issue));
    for candidates in [&mut left, &mut gone] {
        WEAK.iter().for_each(|(stage, how)| search.by_evidence(*stage, how, candidates, &repeated));
    }
    // A new title that plan and issue share is better evidence than similarity to the old one.
    search.retitled(&mut left);
    let not_compared = search.reworded(&mut left, work);
    search.moved(&mut sorted.moved, &repeated);
    let (mut trusted, strangers): (Vec<&'s Issue>, Vec<&'s Issue>) =
        sorted.unmarked.iter().copied().partition(|issue| snapshot.trusts(issue));
    if plan.settings.adopt == Adopt::Title {
        trusted = search.adopted(trusted);
    }
    let Search { missing, found } = search.search;
    matches.issues = found;
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
        let written = marker.written_key();
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
    let planned = plan.issues.iter().filter_map(|planned| planned.written_key.as_deref());
    let marked = |marked: &[Marked<'_>]| -> Vec<String> {
        marked.iter().filter_map(|(_, marker)| marker.written_key()).map(str::to_owned).collect()
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
    search: Search<'p, 's, PlannedIssue, Issue, IssueBase>,
    /// Where the milestones are.
    matches: &'m Matches<'s>,
}

impl<'p, 's> IssueSearch<'p, '_, 's> {
    /// The pairs of items and candidates that are equal at a stage.
    fn pairs(&self, stage: Stage, candidates: &[Marked<'s>], repeated: &HashSet<String>) -> Vec<(usize, usize)> {
        let missing = &self.search.missing;
        let planned = missing.iter().map(|it| stage.parts(&Evidence::of_planned(it, self.matches), repeated));
        let marked = candidates.iter().map(|(_, it)| stage.parts(&Evidence::of_marker(it, self.matches), repeated));
        let ties = if stage == Stage::Exact { Ties::InOrder } else { Ties::Leave };
        pairing::equal(planned, marked, ties)
    }

    fn by_evidence(&mut self, stage: Stage, how: &How, candidates: &mut Vec<Marked<'s>>, repeated: &HashSet<String>) {
        let pairs = self.pairs(stage, candidates, repeated);
        self.search.take_marked(candidates, &pairs, how);
    }

    /// Finds issues with damaged markers by the key that can still be read.
    fn damaged(&mut self, candidates: &mut Vec<(&'s Issue, PlanKey)>) {
        for key in [|planned: &PlannedIssue| planned.key.clone(), bare_key] {
            let planned = self.search.missing.iter().map(|it| Some(key(it)));
            let pairs = pairing::equal(planned, candidates.iter().map(|(_, key)| Some(key.clone())), Ties::Leave);
            self.search.take(candidates, &pairs, &How::Adopted, |(issue, _)| (issue, None));
        }
    }

    /// Finds items without a written key that were given the same new title in the plan and on GitHub, in the issue's
    /// milestone.
    fn retitled(&mut self, left: &mut Vec<Marked<'s>>) {
        let planned = self.search.missing.iter().map(|it| {
            let evidence = Evidence::of_planned(it, self.matches);
            evidence.key.is_none().then_some((it.title.as_str(), evidence.place))
        });
        let marked = left.iter().map(|(issue, marker)| {
            let place = issue.milestone.map_or(Place::Nowhere, Place::There);
            marker.written_key().is_none().then_some((issue.title.trim(), place))
        });
        let pairs = pairing::equal(planned, marked, Ties::Leave);
        self.search.take_marked(left, &pairs, &How::Renamed);
    }

    /// Finds items without a written key that were reworded, as [`Search::reworded`].
    fn reworded(&mut self, left: &mut Vec<Marked<'s>>, work: &mut Work) -> usize {
        let matches = self.matches;
        let place = |evidence: Evidence<'_>| evidence.key.is_none().then(|| evidence.place.to_owned());
        self.search.reworded(
            left,
            |planned| place(Evidence::of_planned(planned, matches)),
            |marker| place(Evidence::of_marker(marker, matches)),
            work,
        )
    }

    /// Finds the issues of a plan that was moved to another path. A key only counts if the titles are similar.
    fn moved(&mut self, candidates: &mut Vec<Marked<'s>>, repeated: &HashSet<String>) {
        for stage in MOVED {
            let mut pairs = self.pairs(stage, candidates, repeated);
            if matches!(stage, Stage::Key | Stage::KeyAndMilestone) {
                pairs = self.search.alike(candidates, pairs);
            }
            self.search.take_marked(candidates, &pairs, &How::Moved);
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
                let matches = self.matches;
                let planned = self.search.missing.iter().map(|it| {
                    let place = Evidence::of_planned(it, matches).place;
                    Some((it.title.as_str(), (!anywhere).then_some(place)))
                });
                let titled = candidates.iter().map(|it| {
                    let place = it.milestone.map_or(Place::Nowhere, Place::There);
                    Some((it.title.trim(), (!anywhere).then_some(place)))
                });
                let pairs = pairing::equal(planned, titled, Ties::InOrder);
                self.search.take(&mut candidates, &pairs, &How::Adopted, |issue| (issue, None));
            }
            left.extend(candidates);
        }
        left
    }
}

/// The written key without any qualification, as a [`PlanKey`].
fn bare_key(planned: &PlannedIssue) -> PlanKey {
    planned.written_key.as_deref().map_or_else(|| planned.key.clone(), PlanKey::written)
}
