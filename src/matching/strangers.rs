//! Issues that have a marker or a title of the plan but whose authors may not write to the repository.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::evidence::{Evidence, Parts, Place, Stage};
use super::matched::Matches;
use super::notice::Notice;
use super::sorted::Marked;
use crate::model::snapshot::Issue;
use crate::plan::{Plan, PlanKey, PlannedIssue};

/// The suffix of app logins. Personal logins consist of letters, digits and hyphens and cannot contain it.
const BOT: &str = "[bot]";

/// The evidence by which a marker claims to belong to an item.
const CLAIMS: [Stage; 3] = [Stage::Exact, Stage::KeyAndMilestone, Stage::Key];

/// Detects that plan-action used to run as another account. Without this check, every item would get a second issue, so
/// the apply has to stop. A stranger must not be able to cause that by opening issues with copied markers, so a marker
/// by somebody without write access does not count by itself. It counts only together with something that a stranger
/// cannot do:
///
/// - The issue is in the milestone of its item. GitHub silently ignores a milestone that a stranger sets, and before
///   the first apply the plan has no milestones that an issue could be put into. This covers people who lost their
///   access, and apps.
/// - The issue and its item have no milestone, and an app opened the issue. GitHub reports the association of every app
///   as `NONE`, whatever its permissions; but an app can only open issues in repositories where an administrator
///   installed it with permission to write issues.
///
/// Two cases remain: somebody with access moves a stranger's issue into the milestone, or an app opens issues with text
/// written by strangers, for an item without a milestone.
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

/// Notices about open issues by authors without write access that look like the plan's. A marker can contain any key,
/// so only keys of the plan cause a notice. A title alone causes one only if the item has no issue yet.
pub(crate) fn distrusted(
    plan: &Plan,
    missing: &[&PlannedIssue],
    distrusted: &[Marked<'_>],
    strangers: &[&Issue],
) -> Vec<Notice> {
    let titles: BTreeMap<&str, &PlanKey> = missing.iter().map(|it| (it.title.as_str(), &it.key)).collect();
    let keys: HashMap<&PlanKey, &PlannedIssue> = plan.issues.iter().map(|it| (&it.key, it)).collect();
    let markers = distrusted.iter().filter(|(issue, marker)| !issue.closed && keys.contains_key(&marker.key));
    let markers = markers.map(|(issue, marker)| Notice::Distrusted(issue.number, marker.key.clone()));
    let titled = strangers.iter().filter(|issue| !issue.closed).filter_map(|issue| {
        let key = titles.get(issue.title.trim())?;
        Some(Notice::DistrustedTitle(issue.number, (*key).clone()))
    });
    markers.chain(titled).collect()
}
