//! What people should know before an item gets an issue of its own: it may have one that is not believed or not found.

use std::collections::{BTreeMap, BTreeSet};

use super::super::similarity::{ALIKE, similarity};
use super::{Marked, Notice, without_key};
use crate::plan::{Plan, PlanKey, PlannedIssue};
use crate::snapshot::{Issue, Snapshot, is_account};

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

/// Issues without a marker that may be items all the same: the same words, or, where this account made them and so
/// somebody took the marker away, nearly the same.
pub fn alike(snapshot: &Snapshot, missing: &[&PlannedIssue], unmarked: &[&Issue]) -> Vec<Notice> {
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
        let issue = same.copied().or_else(nearest)?;
        Some(Notice::Alike(issue.number, planned.key.clone()))
    };
    missing.iter().filter_map(alike).collect()
}

/// The words of a title, whatever stands between them.
fn words(title: &str) -> String {
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
