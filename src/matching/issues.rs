//! Issues. Anyone can open one with any text, so a marker or title counts only where the author may write.

mod notices;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::similarity::{ALIKE, similarity};
use super::{How, Matched, MatchedIssue, Matches, Notice, by_key, take, take_alike};
use crate::matching::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot, StateReason};
use crate::plan::settings::Adopt;
use crate::plan::{Plan, PlanId, PlanKey, PlannedIssue};

type Marked<'s> = (&'s Issue, Marker<IssueBase>);

/// The issues of a repository by what their markers say.
#[derive(Default)]
struct Sorted<'s> {
    ours: Vec<Marked<'s>>,
    moved: Vec<Marked<'s>>,
    foreign: Vec<Marked<'s>>,
    /// Markers of this plan that cannot be read but for the key.
    damaged: Vec<(&'s Issue, PlanKey)>,
    /// Markers of this plan by authors who may not write.
    distrusted: Vec<Marked<'s>>,
    unmarked: Vec<&'s Issue>,
    /// All whose markers cannot be read.
    unreadable: Vec<IssueNumber>,
}

/// Matches the issues of a plan.
pub fn match_all<'s>(plan: &Plan, snapshot: &'s Snapshot, vanished: &BTreeSet<PlanId>, matches: &mut Matches<'s>) {
    let mut sorted = sort(plan, snapshot, vanished, matches);
    copied(plan, &sorted, matches);
    let mut ours = without_duplicates(std::mem::take(&mut sorted.ours), matches);
    let found = &mut matches.issues;
    let mut insert = |planned: &PlannedIssue, observed, marker, how| {
        found.insert(planned.key.clone(), Matched { observed, marker, how });
    };
    let mut missing: Vec<&PlannedIssue> = Vec::new();
    for planned in by_key(plan.issues.iter(), |issue| &issue.key) {
        match ours.remove(&planned.key) {
            Some((observed, marker)) => insert(planned, observed, Some(marker), How::Key),
            None => missing.push(planned),
        }
    }
    take(
        &mut missing,
        &mut sorted.damaged,
        |planned, damaged| only(damaged, |(_, key)| *key == planned.key),
        |planned, (observed, _)| insert(planned, observed, None, How::Adopted),
    );
    // What nobody owns can be adopted by its title.
    sorted.unmarked.extend(sorted.damaged.drain(..).map(|(issue, _)| issue));
    // An item that left the plan before is meant only where none that leaves it now can be.
    let (mut gone, mut left): (Vec<Marked<'s>>, Vec<Marked<'s>>) =
        ours.into_values().partition(|(_, marker)| marker.base.removed);
    // A milestone that has another key by now is the same milestone.
    let numbers = &matches.milestone_numbers;
    let place = |key: &Option<PlanKey>| key.as_ref().map(|key| numbers.get(key).ok_or_else(|| key.clone()));
    let same_place =
        |planned: &PlannedIssue, marker: &Marker<IssueBase>| place(&planned.milestone) == place(&marker.base.milestone);
    let same_title = |planned: &PlannedIssue, marker: &Marker<IssueBase>| {
        without_key(&planned.title, &planned.key) == without_key(&marker.base.title, &marker.key)
    };
    for candidates in [&mut left, &mut gone] {
        for anywhere in [false, true] {
            let fits = |planned: &PlannedIssue, marker: &Marker<IssueBase>| {
                same_title(planned, marker) && (anywhere || same_place(planned, marker))
            };
            take(
                &mut missing,
                candidates,
                |planned, candidates| only(candidates, |(_, marker)| fits(planned, marker)),
                |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Renamed),
            );
        }
    }
    take_alike(
        &mut missing,
        &mut left,
        |planned, (_, marker)| {
            let derived = planned.key.is_derived() && marker.key.is_derived();
            let may_be = derived && same_place(planned, marker);
            if may_be { similarity(&planned.title, &marker.base.title) } else { 0.0 }
        },
        |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Renamed),
    );
    left.extend(gone);
    take(
        &mut missing,
        &mut sorted.moved,
        |planned, moved| {
            only(moved, |(_, marker)| {
                marker.key == planned.key && similarity(&marker.base.title, &planned.title) >= ALIKE
            })
            .or_else(|| only(moved, |(_, marker)| marker.base.title == planned.title))
        },
        |planned, (observed, marker)| insert(planned, observed, Some(marker), How::Moved),
    );
    let (mut trusted, strangers): (Vec<&'s Issue>, Vec<&'s Issue>) =
        sorted.unmarked.iter().copied().partition(|issue| snapshot.trusts(issue));
    if plan.settings.adopt == Adopt::Title {
        // An open issue is meant before a closed one, and an older one before a newer one.
        trusted.sort_by_key(|issue| (issue.closed, issue.number));
        take(
            &mut missing,
            &mut trusted,
            |planned, trusted| trusted.iter().position(|issue| issue.title.trim() == planned.title),
            |planned, observed| insert(planned, observed, None, How::Adopted),
        );
    }
    let key = |number: IssueNumber| {
        let found = matches.issues.iter().find(|(_, matched)| matched.observed.number == number);
        found.map(|(key, _)| key.clone())
    };
    let notices = &mut matches.notices;
    notices.extend(sorted.unreadable.iter().map(|number| Notice::Damaged(*number, key(*number))));
    notices.extend(notices::other_account(plan, &missing, &sorted.distrusted));
    notices.extend(notices::distrusted(plan, &sorted.distrusted, &strangers));
    notices.extend(notices::alike(snapshot, &missing, &trusted, &matches.issues));
    matches.removed_issues = left
        .into_iter()
        .map(|(observed, marker)| MatchedIssue { observed, marker: Some(marker), how: How::Key })
        .collect();
}

fn sort<'s>(plan: &Plan, snapshot: &'s Snapshot, vanished: &BTreeSet<PlanId>, matches: &mut Matches<'s>) -> Sorted<'s> {
    let mut sorted = Sorted::default();
    for issue in &snapshot.issues {
        match Marker::<IssueBase>::find(&issue.body) {
            Found::Nothing => sorted.unmarked.push(issue),
            Found::Marker(marker, _) if !snapshot.trusts(issue) => {
                if marker.plan == plan.id {
                    sorted.distrusted.push((issue, *marker));
                }
            }
            Found::Marker(marker, _) if marker.plan == plan.id => sorted.ours.push((issue, *marker)),
            Found::Marker(marker, _) if vanished.contains(&marker.plan) => sorted.moved.push((issue, *marker)),
            Found::Marker(marker, _) => sorted.foreign.push((issue, *marker)),
            Found::Newer(_) if snapshot.trusts(issue) => {
                matches.notices.push(Notice::Newer(format!("issue {}", issue.number)));
            }
            Found::Damaged(_) if !snapshot.trusts(issue) => sorted.unmarked.push(issue),
            Found::Damaged(damaged) => match damaged.owner {
                Some((owner, key)) if owner == plan.id => {
                    sorted.unreadable.push(issue.number);
                    sorted.damaged.push((issue, key));
                }
                // It is another plan's.
                Some((owner, _)) if !vanished.contains(&owner) => {}
                _ => {
                    sorted.unreadable.push(issue.number);
                    sorted.unmarked.push(issue);
                }
            },
            Found::Newer(_) => {}
        }
    }
    sorted
}

/// Of several issues with the same key, the lowest number stays. One that is closed as a duplicate or as not planned stays
/// only where there is no other, so that no item is left without an open issue because people closed one of its issues
/// as a duplicate.
fn without_duplicates<'s>(mut ours: Vec<Marked<'s>>, matches: &mut Matches<'s>) -> BTreeMap<PlanKey, Marked<'s>> {
    ours.sort_by_key(|(issue, _)| {
        let rank = match issue.state_reason.filter(|_| issue.closed) {
            Some(StateReason::Duplicate) => 2,
            Some(StateReason::NotPlanned) => 1,
            Some(StateReason::Completed) | None => 0,
        };
        (rank, issue.number)
    });
    let mut kept: BTreeMap<PlanKey, Marked<'s>> = BTreeMap::new();
    for (issue, marker) in ours {
        match kept.get(&marker.key) {
            Some((first, _)) => matches.duplicates.push((issue, marker.key, first.number)),
            None => {
                kept.insert(marker.key.clone(), (issue, marker));
            }
        }
    }
    kept
}

/// A copied plan file would make every issue twice: where most of a plan that the repository does not know stands in
/// another one that exists, key for key and title for title, somebody has to say what is meant.
fn copied<'s>(plan: &Plan, sorted: &Sorted<'s>, matches: &mut Matches<'s>) {
    if !sorted.ours.is_empty() {
        return;
    }
    let titles: HashSet<(&PlanKey, &str)> =
        plan.issues.iter().map(|issue| (&issue.key, issue.title.as_str())).collect();
    let mut same: BTreeMap<&PlanId, usize> = BTreeMap::new();
    for (_, marker) in &sorted.foreign {
        if titles.contains(&(&marker.key, marker.base.title.as_str())) {
            *same.entry(&marker.plan).or_default() += 1;
        }
    }
    let copy = same.into_iter().find(|(_, count)| count * 2 > plan.issues.len());
    matches.notices.extend(copy.map(|(other, _)| Notice::Copied(other.clone())));
}

/// The place of the only candidate that fits: where there are two, nobody can tell.
fn only<Candidate>(candidates: &[Candidate], fits: impl Fn(&Candidate) -> bool) -> Option<usize> {
    let mut fitting = candidates.iter().enumerate().filter(|(_, candidate)| fits(candidate)).map(|(at, _)| at);
    let first = fitting.next();
    if fitting.next().is_some() { None } else { first }
}

/// A title without the key in front of it.
fn without_key<'t>(title: &'t str, key: &PlanKey) -> &'t str {
    title.strip_prefix(key.as_str()).unwrap_or(title).trim_start_matches([':', '-', '.', ']', ' '])
}
