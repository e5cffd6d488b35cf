//! What people should know before an item gets an issue of its own: it may have one that is not believed or not found.

use std::collections::{BTreeMap, BTreeSet};

use super::super::similarity::{ALIKE, similarity};
use super::{Marked, MatchedIssue, Notice, without_key};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot, is_account};
use crate::plan::{Plan, PlanKey, PlannedIssue};

/// How the name of an app's account ends.
const BOT: &str = "[bot]";
/// How many pairs of titles are compared letter by letter.
const MOST_PAIRS: usize = 100_000;

/// Where this program ran as another account before, every item would get a second issue. A passer-by is no app, and
/// has no markers of most of a plan; what one does can only be ignored, so that nobody can stop an apply from outside.
pub fn other_account(plan: &Plan, missing: &[&PlannedIssue], distrusted: &[Marked<'_>]) -> Option<Notice> {
    let missing: BTreeSet<&PlanKey> = missing.iter().map(|planned| &planned.key).collect();
    let held: Vec<&Marked<'_>> = distrusted.iter().filter(|(_, marker)| missing.contains(&marker.key)).collect();
    let of_apps: Vec<&Marked<'_>> = held.iter().copied().filter(|(issue, _)| issue.author.ends_with(BOT)).collect();
    let keys: BTreeSet<&PlanKey> = held.iter().map(|(_, marker)| &marker.key).collect();
    let most = if keys.len() * 2 > plan.issues.len() { held } else { Vec::new() };
    let held = if of_apps.is_empty() { most } else { of_apps };
    let (first, _) = held.first()?;
    Some(Notice::OtherAccount(first.number, held.len(), first.author.clone()))
}

/// Open issues that look like the plan's, but for their authors.
pub fn distrusted(plan: &Plan, distrusted: &[Marked<'_>], strangers: &[&Issue]) -> Vec<Notice> {
    let markers = distrusted.iter().filter(|(issue, _)| !issue.closed);
    let markers = markers.map(|(issue, marker)| Notice::Distrusted(issue.number, marker.key.clone()));
    let titles: BTreeMap<&str, &PlanKey> = plan.issues.iter().map(|it| (it.title.as_str(), &it.key)).collect();
    let titled = strangers.iter().filter(|issue| !issue.closed).filter_map(|issue| {
        let key = titles.get(issue.title.trim())?;
        Some(Notice::DistrustedTitle(issue.number, (*key).clone()))
    });
    markers.chain(titled).collect()
}

/// Issues without a marker that may be items all the same: they have the same words, or stand where the item stood
/// among other items, or, where this account made them and so somebody took the marker away, nearly the same words.
pub fn alike(
    snapshot: &Snapshot,
    missing: &[&PlannedIssue],
    unmarked: &[&Issue],
    found: &BTreeMap<PlanKey, MatchedIssue<'_>>,
) -> Vec<Notice> {
    if missing.is_empty() {
        return Vec::new();
    }
    let viewer = snapshot.viewer.as_deref();
    let own: Vec<&Issue> =
        unmarked.iter().copied().filter(|issue| viewer.is_some_and(|it| is_account(it, &issue.author))).collect();
    let by_words: BTreeMap<String, &Issue> = unmarked
        .iter()
        .rev()
        .map(|issue| (words(&issue.title), *issue))
        .filter(|(words, _)| !words.is_empty())
        .collect();
    let linked = Linked::new(found, unmarked);
    let compare = missing.len().saturating_mul(own.len()) <= MOST_PAIRS;
    let alike = |planned: &&PlannedIssue| {
        let bare = without_key(&planned.title, &planned.key);
        let same = by_words.get(&words(bare)).or_else(|| by_words.get(&words(&planned.title)));
        let nearest = || {
            let score = |issue: &Issue| similarity(without_key(&issue.title, &planned.key), bare);
            let scores = own.iter().filter(|_| compare).map(|issue| (score(issue), *issue));
            let best = scores.max_by(|(a, _), (b, _)| a.total_cmp(b));
            best.filter(|(score, _)| *score >= ALIKE).map(|(_, issue)| issue)
        };
        let linked = || linked.find(snapshot, &planned.key);
        let number = same.map(|issue| issue.number).or_else(linked).or_else(|| nearest().map(|issue| issue.number))?;
        Some(Notice::Alike(number, planned.key.clone()))
    };
    missing.iter().filter_map(alike).collect()
}

/// The issues without markers that are linked with other items as items were, by what their markers say.
struct Linked<'f> {
    /// The items whose markers name a key.
    naming: BTreeMap<&'f PlanKey, Vec<&'f MatchedIssue<'f>>>,
    unmarked: BTreeSet<IssueNumber>,
}

impl<'f> Linked<'f> {
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

    /// The only issue without a marker that blocks an item which waited for this one, or is its parent.
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

/// The words of a title, whatever stands between them.
fn words(title: &str) -> String {
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
