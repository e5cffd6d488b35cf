//! The marker: a hidden comment that names the plan item of an issue or milestone and records what was last applied to
//! it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::block::{self, Block};
use super::key::{PlanId, PlanKey};
use super::looked_through::{self, LookedThrough};
use super::snapshot::IssueNumber;

/// The plan item of an issue or milestone, and what was last applied to it: the base of the three-way merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker<Base> {
    /// The plan that the item belongs to.
    pub plan: PlanId,
    /// The key of the item within the plan.
    pub key: PlanKey,
    /// The base of the three-way merge.
    pub base: Base,
}

/// What was last applied to an issue. A missing field means the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueBase {
    /// The title that was applied; matching also uses it as evidence.
    pub title: String,
    /// The key as written in the plan, if [`Marker::key`] is qualified because the plan repeats the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_key: Option<String>,
    /// The key of the planned milestone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone: Option<PlanKey>,
    /// Whether the plan marked the item as done, or plan-action closed the issue because the item left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Whether the item had left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub removed: bool,
    /// The labels that the plan assigned.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
    /// The assignees that the plan assigned.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub assignees: BTreeSet<String>,
    /// The keys of the planned blockers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<PlanKey>,
    /// The key of the planned parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<PlanKey>,
    /// Whether plan-action pinned the issue.
    #[serde(skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// The digest of the plan's text, ignoring whether its checkboxes are ticked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The digests of the checkbox lines that the plan itself had ticked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ticked: BTreeSet<String>,
    /// Whether the plan gives no milestone, and the issue had one before it was adopted.
    #[serde(skip_serializing_if = "is_false")]
    pub keeps_milestone: bool,
    /// Whether the body has no line of blockers, because the issue already had these blockers when it was adopted.
    #[serde(skip_serializing_if = "is_false")]
    pub unlisted: bool,
    /// The kinds of links that the base lists although the server did not support them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub not_held: BTreeSet<LinkKind>,
    /// The run that created the issue, as long as the issue's links, pin and state may still be incomplete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
    /// The hint for the next run. Only a few markers contain it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "looked_through::lenient")]
    pub looked_through: Option<LookedThrough>,
}

/// A kind of link between issues.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// The issues that block an issue.
    BlockedBy,
    /// The parent of a sub-issue.
    Parent,
}

/// A run that creates issues, then adds their links and pins, and closes those that are done.
///
/// The request that creates an issue already lists every planned link in the marker. At the end, the run records in one
/// of its issues which of them are finished, that is, which have everything that their markers list. An issue that no
/// record names may be unfinished because its run was interrupted or lost an answer. If such an issue lacks a listed
/// link, the link is added; it does not count as removed by people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Unique to the run, so that one run never vouches for the issues of another.
    pub id: String,
    /// The record: ranges of finished issue numbers, both ends inclusive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finished: Vec<(u64, u64)>,
}

impl Batch {
    /// The record that a run leaves behind.
    pub fn record(id: &str, finished: &BTreeSet<IssueNumber>) -> Self {
        Self { id: id.to_owned(), finished: ranges(finished) }
    }

    /// Whether the record names the issue as finished.
    pub fn has_finished(&self, IssueNumber(number): IssueNumber) -> bool {
        self.finished.iter().any(|(first, last)| (*first..=*last).contains(&number))
    }
}

/// The ranges of consecutive numbers, as their first and last numbers.
pub(super) fn ranges(numbers: &BTreeSet<IssueNumber>) -> Vec<(u64, u64)> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for IssueNumber(number) in numbers.iter().copied() {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => ranges.push((number, number)),
        }
    }
    ranges
}

/// What was last applied to a milestone. A missing field means the default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MilestoneBase {
    /// The title that was applied; matching also uses it as evidence.
    pub title: String,
    /// The due date that was applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The due date that was removed last. Some servers keep a due date that a request removes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_due_on: Option<Date>,
    /// Whether every planned issue of the milestone was done, or plan-action closed it because it left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Whether the milestone had left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub removed: bool,
    /// The digest of the plan's description, ignoring whether its checkboxes are ticked.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The digests of the checkbox lines that the plan itself had ticked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ticked: BTreeSet<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The result of looking for a marker in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'t, Base> {
    /// The text has no marker.
    Nothing,
    /// A marker that this version understands, and its block.
    Marker(Box<Marker<Base>>, Block<'t>),
    /// A marker of a later version.
    Newer(u32),
    /// A marker that cannot be read because somebody edited it.
    Damaged(Damaged<'t>),
}

/// What is left of a marker that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged<'t> {
    /// The plan and the key, if they can still be read.
    pub owner: Option<(PlanId, PlanKey)>,
    /// The block, if both of its comments exist.
    pub block: Option<Block<'t>>,
}

impl<'t> Damaged<'t> {
    fn new(text: &'t str, block: Option<Block<'t>>) -> Self {
        let owner = part(text, "plan").zip(part(text, "key"));
        Self { owner, block }
    }
}

/// The value of a field in truncated or invalid JSON.
fn part<T: DeserializeOwned>(json: &str, name: &str) -> Option<T> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
}

impl<Base: Serialize + DeserializeOwned> Marker<Base> {
    /// Finds the first readable marker of a text. Damaged markers are skipped: when an issue with a damaged marker was
    /// adopted again, the new marker counts.
    pub fn find(text: &str) -> Found<'_, Base> {
        let mut damaged = None;
        for block in block::all(text) {
            if block.version > block::VERSION {
                return Found::Newer(block.version);
            }
            match serde_json::from_str(block.json) {
                Ok(marker) => return Found::Marker(Box::new(marker), block),
                Err(_) => {
                    damaged = Some(Damaged::new(block.json, Some(block.clone()).filter(|it| it.inside.is_some())));
                }
            }
        }
        damaged
            .or_else(|| block::beginning(text).map(|rest| Damaged::new(rest, None)))
            .map_or(Found::Nothing, Found::Damaged)
    }

    /// The marker's JSON, as [`comment_json`] writes it.
    pub fn to_json(&self) -> String {
        comment_json(self)
    }
}

impl Marker<IssueBase> {
    /// The written key that the item had when the marker was written.
    pub fn written_key(&self) -> Option<&str> {
        let of_key = || Some(&self.key).filter(|key| !key.is_derived()).map(PlanKey::as_str);
        self.base.written_key.as_deref().or_else(of_key)
    }
}

/// Serializes data as JSON that is safe inside an HTML comment and contains no mentions or issue references.
pub fn comment_json(data: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "texts, lists and truth values always have a JSON form")]
    let json = serde_json::to_string(data).expect("what is marked is plain data");
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // Our JSON has none of these characters outside of strings.
            '<' | '>' | '@' | '#' | '&' => safe.push_str(&format!("\\u{:04x}", u32::from(character))),
            '-' if safe.ends_with('-') => safe.push_str("\\u002d"),
            _ => safe.push(character),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_title_stays_inside_its_marker() {
        let base = IssueBase { title: "--> @team #12 --- </details>\u{2028}".into(), ..IssueBase::default() };
        let marker = Marker { plan: PlanId::new("a--b.md"), key: PlanKey::written("I1"), base };
        let json = marker.to_json();
        assert!(!json.contains("--") && !json.contains(['<', '>', '@', '#']), "{json}");
        let text = block::compose("", &json, Some("inside"), "");
        let Found::Marker(found, _) = Marker::<IssueBase>::find(&text) else { panic!("not found in {text}") };
        assert_eq!(*found, marker);
    }

    #[test]
    fn a_record_stores_issue_numbers_as_ranges() {
        let record = Batch::record("run", &[3, 4, 5, 9].map(IssueNumber).into());
        assert_eq!(record.finished, [(3, 5), (9, 9)]);
        let named: Vec<u64> = (0..12).filter(|number| record.has_finished(IssueNumber(*number))).collect();
        assert_eq!(named, [3, 4, 5, 9]);
        assert!(!Batch::default().has_finished(IssueNumber(0)));
    }

    #[test]
    fn later_versions_differ_from_damaged_markers() {
        assert_eq!(Marker::<IssueBase>::find("<!-- plan-action:2 {} -->"), Found::Newer(2));
        let Found::Damaged(damaged) = Marker::<IssueBase>::find("<!-- plan-action:1 {oops -->") else { panic!() };
        assert_eq!(damaged, Damaged { owner: None, block: None });
        let half = "<!-- plan-action:1 {\"plan\":\"a \\u0026 b.md\",\"key\":\"I4\",\"base\":{\"ti";
        let Found::Damaged(damaged) = Marker::<IssueBase>::find(half) else { panic!() };
        assert_eq!(damaged.owner, Some((PlanId::new("a & b.md"), PlanKey::written("I4"))));
        assert_eq!(Marker::<IssueBase>::find("text"), Found::Nothing);
    }
}
