//! Issues that carry a marker or a title of the plan, by authors who may not write to the repository.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::evidence::{Evidence, Parts, Place, Stage};
use super::matched::Matches;
use super::notice::Notice;
use super::sorted::Marked;
use crate::model::snapshot::Issue;
use crate::plan::{Plan, PlanKey, PlannedIssue};

/// How the login of an app's account ends. No person's login can: it has letters, digits and hyphens only.
const BOT: &str = "[bot]";

/// The evidence by which a marker names an item.
const CLAIMS: [Stage; 3] = [Stage::Exact, Stage::KeyAndMilestone, Stage::Key];

/// Where plan-action ran as another account before, every item would get a second issue, so an apply has to stop. A
/// stranger must not be able to stop it by opening issues with copied markers, so a marker by somebody who may not write
/// does not count by itself. It counts only together with what a stranger cannot do:
///
/// - The issue is in the milestone of its item. GitHub silently ignores the milestone that a stranger gives to an issue,
///   and before the first apply the plan has no milestone that anyone could put an issue into. This holds for people who
///   have lost their access, and for apps.
/// - The issue has no milestone, as its item, and an app opened it. GitHub says `NONE` for what an app is to a
///   repository, whatever it may do; but an app can open issues only in repositories that it was installed on with the
///   permission to write issues, by somebody who administers them.
///
/// What is left to a stranger is a person with access who puts the stranger's issue into the milestone, or an app that
/// opens issues with texts of strangers, for an item without a milestone.
pub(crate) fn other_account(
    missing: &[&PlannedIssue],
    distrusted: &[Marked<'_>],
    matches: &Matches<'_>,
) -> Option<Notice> {
    let mut by_evidence: HashMap<Parts<'_>, &PlannedIssue> = HashMap::new();
    let repeated = HashSet::new();
    for planned in missing {
        let evidence = Evidence::of_planned(planned, matches);
        let parts = CLAIMS.iter().filter_map(|stage| stage.parts(&evidence, &repeated));
        by_evidence.extend(parts.map(|parts| (parts, *planned)));
    }
    let made_by_us = |(issue, marker): &&Marked<'_>| {
        let claimed = Evidence::of_marker(marker, matches);
        let claimed = CLAIMS.iter().filter_map(|stage| by_evidence.get(&stage.parts(&claimed, &repeated)?));
        let Some(planned) = claimed.into_iter().next() else { return false };
        match (Evidence::of_planned(planned, matches).place, issue.milestone) {
            (Place::There(wanted), Some(milestone)) => wanted == milestone,
            (Place::Nowhere, None) => issue.author.ends_with(BOT),
            _ => false,
        }
    };
    let made: Vec<&Marked<'_>> = distrusted.iter().filter(made_by_us).collect();
    let (first, _) = made.first()?;
    Some(Notice::OtherAccount(first.number, made.len(), first.author.clone()))
}

/// Open issues that look like the plan's, but for their authors. A marker may hold any key; only those of the plan are
/// worth a warning.
pub(crate) fn distrusted(plan: &Plan, distrusted: &[Marked<'_>], strangers: &[&Issue]) -> Vec<Notice> {
    let titles: BTreeMap<&str, &PlanKey> = plan.issues.iter().map(|it| (it.title.as_str(), &it.key)).collect();
    let keys: HashMap<&PlanKey, &PlannedIssue> = plan.issues.iter().map(|it| (&it.key, it)).collect();
    let markers = distrusted.iter().filter(|(issue, marker)| !issue.closed && keys.contains_key(&marker.key));
    let markers = markers.map(|(issue, marker)| Notice::Distrusted(issue.number, marker.key.clone()));
    let titled = strangers.iter().filter(|issue| !issue.closed).filter_map(|issue| {
        let key = titles.get(issue.title.trim())?;
        Some(Notice::DistrustedTitle(issue.number, (*key).clone()))
    });
    markers.chain(titled).collect()
}
