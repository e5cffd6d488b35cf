//! What tells which issue an item is: the written key, the milestone and the title, each for itself.
//!
//! The key that the plan shows for an item (`T001`, `phase-2/T001`, `phase-2/paint-the-door`) is no evidence. It is
//! qualified where the plan repeats a key, so it may change when something else is added to the plan.

use std::borrow::Cow;
use std::collections::HashSet;

use super::matched::Matches;
use crate::model::marker::{IssueBase, Marker};
use crate::model::snapshot::MilestoneNumber;
use crate::plan::{PlanKey, PlannedIssue};

/// What a plan or a marker says of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Evidence<'a> {
    /// The key as it was written, if one was.
    pub key: Option<&'a str>,
    /// The milestone.
    pub place: Place<'a>,
    /// The title, with the key where the key begins it.
    pub title: &'a str,
}

/// The milestone of an item: by its number, which is the same under any title and key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place<'a> {
    /// In no milestone.
    Nowhere,
    /// In a milestone that the repository has.
    There(MilestoneNumber),
    /// In one that the repository does not have.
    Named(&'a PlanKey),
}

impl<'a> Place<'a> {
    fn new(key: Option<&'a PlanKey>, matches: &Matches<'_>) -> Self {
        let Some(key) = key else { return Self::Nowhere };
        matches.milestone_number(key).map_or(Self::Named(key), Self::There)
    }
}

/// The key of a planned issue as the document has it, without any qualification.
pub fn written_key(planned: &PlannedIssue) -> Option<&str> {
    planned.written_key.as_deref()
}

/// The key that the document had when a marker was written.
pub(crate) fn written_key_of_marker(marker: &Marker<IssueBase>) -> Option<&str> {
    let of_key = || Some(&marker.key).filter(|key| !key.is_derived()).map(PlanKey::as_str);
    marker.base.written_key.as_deref().or_else(of_key)
}

impl<'a> Evidence<'a> {
    /// What the plan says of an issue.
    pub(crate) fn of_planned(planned: &'a PlannedIssue, matches: &Matches<'_>) -> Self {
        let place = Place::new(planned.milestone.as_ref(), matches);
        Self { key: written_key(planned), place, title: &planned.title }
    }

    /// What a marker says of its issue.
    pub(crate) fn of_marker(marker: &'a Marker<IssueBase>, matches: &Matches<'_>) -> Self {
        let place = Place::new(marker.base.milestone.as_ref(), matches);
        Self { key: written_key_of_marker(marker), place, title: &marker.base.title }
    }

    /// The title without the key in front of it.
    pub(crate) fn bare_title(&self) -> &'a str {
        bare_title(self.title, self.key)
    }

    /// Whether the title begins with the key, so that whoever knows the title knows the key.
    fn shows_key(&self) -> bool {
        let rest = self.key.and_then(|key| self.title.strip_prefix(key));
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    }
}

/// One kind of evidence. The variants are in the order in which they count, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Key, milestone and title. Whether a word that begins the title is a key does not matter here: how a reader takes
    /// it may depend on the rest of the document.
    Exact,
    /// Key and milestone; of an item without a written key, the words of the title count as its key.
    KeyAndMilestone,
    /// Key and title, in another milestone.
    KeyAndTitle,
    /// A key that the plan has once, and the markers have once.
    Key,
    /// Title and milestone, under another key.
    TitleAndMilestone,
    /// The title with whatever begins it.
    WholeTitle,
    /// The title without the key.
    Title,
}

/// The parts of an item's evidence that count at one stage.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Parts<'a> {
    key: Option<&'a str>,
    place: Option<Place<'a>>,
    title: Option<Cow<'a, str>>,
}

impl Stage {
    /// What has to be equal at this stage; nothing where an item has no such evidence. A key in `repeated` is not unique.
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

/// A title without the key in front of it.
pub(crate) fn bare_title<'t>(title: &'t str, key: Option<&str>) -> &'t str {
    let rest = key.and_then(|key| title.strip_prefix(key));
    rest.unwrap_or(title).trim_start_matches([':', '-', '.', ']', ' '])
}

/// The words of a title in lower case, whatever stands between them.
pub(crate) fn words(title: &str) -> String {
    let words = title.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_lowercase()
}
