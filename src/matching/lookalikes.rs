//! Finds issues without a marker that may belong to unmatched plan items, so that people are warned before new issues
//! are created for the items.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{bare_title, words};
use super::matched::MatchedIssue;
use super::notice::Notice;
use super::similarity::{Nearest, Work, nearest};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot, is_account};
use crate::plan::{PlanKey, PlannedIssue};

/// Notices about issues without a marker that may belong to unmatched items. They have the same words in the title; or
/// they take the item's place in links with other items; or this account created them (so somebody removed the marker)
/// and the titles are similar.
pub(crate) fn notices(
    snapshot: &Snapshot,
    missing: &[&PlannedIssue],
    unmarked: &[&Issue],
    found: &BTreeMap<PlanKey, MatchedIssue<'_>>,
    work: &mut Work,
) -> Vec<Notice> {
    if missing.is_empty() {
        return Vec::new();
    }
    let viewer = snapshot.viewer.as_deref();
    let own: Vec<&Issue> =
        unmarked.iter().copied().filter(|issue| viewer.is_some_and(|it| is_account(it, &issue.author))).collect();
    let by_words: BTreeMap<String, IssueNumber> = unmarked
        .iter()
        .rev()
        .map(|issue| (words(&issue.title), issue.number))
        .filter(|(words, _)| !words.is_empty())
        .collect();
    let linked = LinkedStrangers::new(found, unmarked);
    let own_titles: Vec<&str> = own.iter().map(|issue| issue.title.as_str()).collect();
    let bare: Vec<&str> = missing.iter().map(|it| bare_title(&it.title, it.written_key.as_deref())).collect();
    let whole: Vec<&str> = missing.iter().map(|it| it.title.as_str()).collect();
    let nearest = [nearest(&bare, &own_titles, work), nearest(&whole, &own_titles, work)];
    let alike = |(at, planned): (usize, &&PlannedIssue)| {
        let same = by_words.get(&words(bare[at])).or_else(|| by_words.get(&words(whole[at])));
        let nearest = || {
            nearest.iter().find_map(|nearest| match nearest[at] {
                Nearest::Alike(other) => Some(own[other].number),
                Nearest::Nothing | Nearest::NotCompared => None,
            })
        };
        let number = same.copied().or_else(|| linked.find(snapshot, &planned.key)).or_else(nearest)?;
        Some(Notice::Alike(number, planned.key.clone()))
    };
    missing.iter().enumerate().filter_map(alike).collect()
}

/// Issues without a marker that are linked to matched issues in the way the markers describe for an unmatched item.
struct LinkedStrangers<'f> {
    /// For each key, the matched issues whose markers name it as a blocker or as the parent.
    naming: BTreeMap<&'f PlanKey, Vec<&'f MatchedIssue<'f>>>,
    unmarked: BTreeSet<IssueNumber>,
}

impl<'f> LinkedStrangers<'f> {
    fn new(found: &'f BTreeMap<PlanKey, MatchedIssue<'f>>, unmarked: &[&Issue]) -> Self {
        let mut naming: BTreeMap<&PlanKey, Vec<&MatchedIssue<'_>>> = BTreeMap::new();
        for matched in found.values() {
            let base = matched.marker.as_ref().map(|marker| &marker.base);
            for key in base.into_iter().flat_map(|base| base.depends_on.iter().chain(&base.parent)) {
                naming.entry(key).or_default().push(matched);
            }
        }
        Self { naming, unmarked: unmarked.iter().map(|issue| issue.number).collect() }
    }

    /// The issue without a marker that is the parent, or the only unmarked blocker, of an issue whose marker names
    /// `key`.
    fn find(&self, snapshot: &Snapshot, key: &PlanKey) -> Option<IssueNumber> {
        self.naming.get(key)?.iter().find_map(|matched| {
            let (number, base) = (matched.observed.number, &matched.marker.as_ref()?.base);
            if base.parent.as_ref() == Some(key) {
                return snapshot.parents.get(&number).copied().filter(|parent| self.unmarked.contains(parent));
            }
            let of_it = snapshot.dependencies.range((number, IssueNumber(0))..=(number, IssueNumber(u64::MAX)));
            let mut blockers = of_it.map(|(_, blocker)| *blocker).filter(|blocker| self.unmarked.contains(blocker));
            blockers.next().filter(|_| blockers.next().is_none())
        })
    }
}
