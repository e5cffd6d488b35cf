//! Where in the source the values of an item stand, so that a diagnostic can point at one, and an edit can change it and
//! nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use super::PlanKey;
use super::source::Source;

/// The places of an issue's values. A value that comes from somewhere else, such as a default of the front matter or the
/// heading that encloses the issue, has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueSpans {
    /// The title, where the source has it word for word.
    pub title: Option<Range<usize>>,
    /// The milestone that the issue names.
    pub milestone: Option<Range<usize>>,
    /// Each label, by its name in the plan.
    pub labels: BTreeMap<String, Range<usize>>,
    /// Each assignee, by login.
    pub assignees: BTreeMap<String, Range<usize>>,
    /// Each dependency, by the key of the issue that blocks. It may stand at the other issue, or in a list of its own.
    pub depends_on: BTreeMap<PlanKey, Range<usize>>,
    /// The parent that the issue names.
    pub parent: Option<Range<usize>>,
}

/// The places of a milestone's values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestoneSpans {
    /// The title, where the source has it word for word.
    pub title: Option<Range<usize>>,
    /// The week that it is due in.
    pub due_on: Option<Range<usize>>,
}

/// Where a title stands within its item, whatever emphasis and backticks stand in it. A title that is not there word for
/// word, or several times, has no place.
pub fn of_title(source: &Source, item: &Range<usize>, title: &str) -> Option<Range<usize>> {
    let is_markup = |it: char| matches!(it, '`' | '*');
    let plain = title.replace(is_markup, "");
    let text = source.text.get(item.clone()).filter(|_| !plain.trim().is_empty())?;
    let (mut bare, mut at) = (String::new(), Vec::new());
    for (offset, letter) in text.char_indices().filter(|(_, letter)| !is_markup(*letter)) {
        bare.push(letter);
        at.extend((0..letter.len_utf8()).map(|byte| offset + byte));
    }
    let mut found = bare.match_indices(&plain).map(|(at, _)| at);
    let (Some(found), None) = (found.next(), found.next()) else { return None };
    let (mut start, end) = (*at.get(found)?, *at.get(found + plain.len() - 1)? + 1);
    // The backtick that opens a key belongs to the one that closes it.
    let is_open = text.get(start..end)?.matches('`').count() % 2 == 1;
    start -= usize::from(is_open && text.get(..start)?.ends_with('`'));
    Some(item.start + start..item.start + end)
}
