//! The evidence by which issues are matched to plan items: the written key, the milestone and the title, each on its
//! own.
//!
//! The key that a plan shows for an item (`T001`, `phase-2/T001`, `phase-2/paint-the-door`) is not evidence. It is
//! qualified if the plan repeats a key, so it can change when something else is added to the plan.

use std::borrow::Cow;
use std::collections::HashSet;

use super::matched::Matches;
use crate::model::marker::{IssueBase, Marker};
use crate::model::snapshot::MilestoneNumber;
use crate::plan::{PlanKey, PlannedIssue};

/// The evidence that a plan or a marker gives about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Evidence<'a> {
    /// The written key, if there is one.
    pub key: Option<&'a str>,
    /// The milestone.
    pub place: Place<'a>,
    /// The title, including the key if the title begins with it.
    pub title: &'a str,
}

/// The milestone of an item. An existing milestone is identified by number, which survives changes of its title and
/// key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place<'a> {
    /// In no milestone.
    Nowhere,
    /// In a milestone that exists in the repository.
    There(MilestoneNumber),
    /// In a milestone that does not exist in the repository.
    Named(&'a PlanKey),
}

impl<'a> Place<'a> {
    fn new(key: Option<&'a PlanKey>, matches: &Matches<'_>) -> Self {
        let Some(key) = key else { return Self::Nowhere };
        matches.milestone_number(key).map_or(Self::Named(key), Self::There)
    }

    /// The place as an owned value.
    pub(super) fn to_owned(self) -> Option<Result<MilestoneNumber, PlanKey>> {
        match self {
            Self::Nowhere => None,
            Self::There(number) => Some(Ok(number)),
            Self::Named(key) => Some(Err(key.clone())),
        }
    }
}

impl<'a> Evidence<'a> {
    /// The evidence of a planned issue.
    pub(crate) fn of_planned(planned: &'a PlannedIssue, matches: &Matches<'_>) -> Self {
        let place = Place::new(planned.milestone.as_ref(), matches);
        Self { key: planned.written_key.as_deref(), place, title: &planned.title }
    }

    /// The evidence in a marker.
    pub(crate) fn of_marker(marker: &'a Marker<IssueBase>, matches: &Matches<'_>) -> Self {
        let place = Place::new(marker.base.milestone.as_ref(), matches);
        Self { key: marker.written_key(), place, title: &marker.base.title }
    }

    /// The title without the leading key.
    pub(crate) fn bare_title(&self) -> &'a str {
        bare_title(self.title, self.key)
    }

    /// Whether the title begins with the key, so that the title implies the key.
    fn shows_key(&self) -> bool {
        let rest = self.key.and_then(|key| self.title.strip_prefix(key));
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }
}

/// One kind of evidence. The variants are ordered from the strongest to the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Key, milestone and title. If the title begins with the key, the key is not compared: whether that word is read
    /// as a key may depend on the rest of the document.
    Exact,
    /// Key and milestone. Without a written key, the words of the title serve as the key.
    KeyAndMilestone,
    /// Key and title; the milestone may differ.
    KeyAndTitle,
    /// A key that is unique both in the plan and in the markers.
    Key,
    /// Title and milestone; the key may differ.
    TitleAndMilestone,
    /// The whole title, including a leading key.
    WholeTitle,
    /// The title without a leading key.
    Title,
}

/// The parts of an item's evidence that are compared at one stage.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parts<'a> {
    key: Option<&'a str>,
    place: Option<Place<'a>>,
    title: Option<Cow<'a, str>>,
}

impl Stage {
    /// What has to be equal at this stage; `None` if the item lacks that evidence. Keys in `repeated` are not unique.
    pub(crate) fn parts<'a>(self, of: &Evidence<'a>, repeated: &HashSet<String>) -> Option<Parts<'a>> {
        let (place, bare) = (Some(of.place), Some(Cow::Borrowed(of.bare_title())));
        let whole = Some(Cow::Borrowed(of.title));
        Some(match (self, of.key) {
            (Self::Exact, key) => Parts { key: key.filter(|_| !of.shows_key()), place, title: whole },
            (Self::KeyAndMilestone, Some(key)) => Parts { key: Some(key), place, title: None },
            (Self::KeyAndMilestone, None) => Parts { key: None, place, title: Some(Cow::Owned(words(of.title))) },
            (Self::KeyAndTitle, Some(key)) => Parts { key: Some(key), place: None, title: bare },
            (Self::Key, Some(key)) if !repeated.contains(key) => Parts { key: Some(key), place: None, title: None },
            (Self::KeyAndTitle | Self::Key, _) => return None,
            (Self::TitleAndMilestone, _) => Parts { key: None, place, title: bare },
            (Self::WholeTitle, _) => Parts { key: None, place: None, title: whole },
            (Self::Title, _) => Parts { key: None, place: None, title: bare },
        })
    }
}

/// A title without the leading key.
pub(crate) fn bare_title<'t>(title: &'t str, key: Option<&str>) -> &'t str {
    let rest = key.and_then(|key| title.strip_prefix(key));
    rest.unwrap_or(title).trim_start_matches([':', '-', '.', ']', ' '])
}

/// The words of a title in lower case, separated by single spaces.
pub(crate) fn words(title: &str) -> String {
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
