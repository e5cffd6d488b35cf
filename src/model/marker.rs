//! The hidden comment that says whose an issue or milestone is, and what was last applied to it.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::block::{self, Block};
use super::key::{PlanId, PlanKey};
use super::snapshot::IssueNumber;

/// Whose an item is, with what was last applied to it: the base of the three-way merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker<Base> {
    /// The plan.
    pub plan: PlanId,
    /// The item within the plan.
    pub key: PlanKey,
    /// What was last applied.
    pub base: Base,
}

/// What was last applied to an issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct IssueBase {
    /// The title.
    pub title: String,
    /// The key as it was written, where [`Marker::key`] is qualified because the plan repeats it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_key: Option<String>,
    /// The milestone's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub milestone: Option<PlanKey>,
    /// Whether the plan called it done, or closed it because it left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Whether it had left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub removed: bool,
    /// The plan's labels.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<String>,
    /// The plan's assignees.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub assignees: BTreeSet<String>,
    /// The keys of the plan's blockers.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub depends_on: BTreeSet<PlanKey>,
    /// The parent's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<PlanKey>,
    /// Whether it was pinned by us.
    #[serde(skip_serializing_if = "is_false")]
    pub pinned: bool,
    /// The digest of the plan's text, boxes aside.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The digests of the lines that the plan itself had ticked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ticked: BTreeSet<String>,
    /// The kinds of links that the base names although the server could not hold them.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub not_held: BTreeSet<LinkKind>,
    /// The run that created the issue, as long as its links, pin and state may still have to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
}

/// A kind of link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// What blocks an issue.
    BlockedBy,
    /// What an issue is a part of.
    Parent,
}

/// A run that creates issues, then makes their links and pins, and closes those that are done.
///
/// The request that creates an issue already lists everything that will be linked. At the end, the run writes down in
/// one of its issues which of them are finished: everything that their markers list is known to be there. An issue that
/// no such record names may be unfinished, because its run was cut off or got no answer: a link that it lists and that
/// is missing is made, not taken for one that people removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// Unique to the run, so that one run never vouches for another.
    pub id: String,
    /// The record: the first and the last number of each range of finished issues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finished: Vec<(u64, u64)>,
}

impl Batch {
    /// The record of a run.
    pub fn record(id: &str, finished: &BTreeSet<IssueNumber>) -> Self {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for IssueNumber(number) in finished.iter().copied() {
            match ranges.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => ranges.push((number, number)),
            }
        }
        Self { id: id.to_owned(), finished: ranges }
    }

    /// Whether the record names an issue.
    pub fn has_finished(&self, IssueNumber(number): IssueNumber) -> bool {
        self.finished.iter().any(|(first, last)| (*first..=*last).contains(&number))
    }
}

/// What was last applied to a milestone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MilestoneBase {
    /// The title.
    pub title: String,
    /// The day it was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// The day that was taken away last. A server may keep it all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub removed_due_on: Option<Date>,
    /// Whether the plan had all of it done, or closed it because it left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Whether it had left the plan.
    #[serde(skip_serializing_if = "is_false")]
    pub removed: bool,
    /// The digest of the plan's description, boxes aside.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The digests of the lines that the plan itself had ticked.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub ticked: BTreeSet<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What a text says of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'t, Base> {
    /// Nothing: nobody's.
    Nothing,
    /// A marker that this version understands, and the block that it stands in.
    Marker(Box<Marker<Base>>, Block<'t>),
    /// A marker of a later version.
    Newer(u32),
    /// A marker that somebody damaged.
    Damaged(Damaged<'t>),
}

/// What is left of a marker that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged<'t> {
    /// The plan and the key, where at least they can be read.
    pub owner: Option<(PlanId, PlanKey)>,
    /// The block, where both of its ends are there.
    pub block: Option<Block<'t>>,
}

impl<'t> Damaged<'t> {
    fn new(text: &'t str, block: Option<Block<'t>>) -> Self {
        let owner = part(text, "plan").zip(part(text, "key"));
        Self { owner, block }
    }
}

/// The value behind a name in JSON that is not whole.
fn part<T: DeserializeOwned>(json: &str, name: &str) -> Option<T> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    serde_json::Deserializer::from_str(rest).into_iter().next()?.ok()
}

impl<Base: Serialize + DeserializeOwned> Marker<Base> {
    /// The marker of a text: the first that can be read. One that cannot is passed over, so that an issue which was
    /// adopted after somebody had damaged its marker is found by the new one.
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

    /// The marker as [`comment_json`].
    pub fn to_json(&self) -> String {
        comment_json(self)
    }
}

/// Plain data as JSON that is safe in an HTML comment, pings nobody and links nothing.
pub fn comment_json(data: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "texts, lists and truth values always have a JSON form")]
    let json = serde_json::to_string(data).expect("what is marked is plain data");
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // Outside of strings, JSON of ours has none of these.
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
    fn a_record_names_its_issues_in_ranges() {
        let record = Batch::record("run", &[3, 4, 5, 9].map(IssueNumber).into());
        assert_eq!(record.finished, [(3, 5), (9, 9)]);
        let named: Vec<u64> = (0..12).filter(|number| record.has_finished(IssueNumber(*number))).collect();
        assert_eq!(named, [3, 4, 5, 9]);
        assert!(!Batch::default().has_finished(IssueNumber(0)));
    }

    #[test]
    fn later_versions_and_damage_are_told_apart() {
        assert_eq!(Marker::<IssueBase>::find("<!-- plan-action:2 {} -->"), Found::Newer(2));
        let Found::Damaged(damaged) = Marker::<IssueBase>::find("<!-- plan-action:1 {oops -->") else { panic!() };
        assert_eq!(damaged, Damaged { owner: None, block: None });
        let half = "<!-- plan-action:1 {\"plan\":\"a \\u0026 b.md\",\"key\":\"I4\",\"base\":{\"ti";
        let Found::Damaged(damaged) = Marker::<IssueBase>::find(half) else { panic!() };
        assert_eq!(damaged.owner, Some((PlanId::new("a & b.md"), PlanKey::written("I4"))));
        assert_eq!(Marker::<IssueBase>::find("text"), Found::Nothing);
    }
}
