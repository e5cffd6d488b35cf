//! Where the values of an item stand in the source, so that a diagnostic can point at one, and an edit can change it and
//! nothing else.

use std::collections::BTreeMap;
use std::ops::Range;

use super::PlanKey;
use super::source::Source;

/// The longest title that is looked for, in bytes. GitHub takes no longer one.
const MAX_TITLE: usize = 2_048;

/// The longest range that a word is looked for in, in bytes.
const MAX_SEARCHED: usize = 16_384;

/// How the state of an item is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateManner {
    /// What stands between the brackets of a checkbox: a blank or `x`.
    Box,
    /// The value of a status field.
    Field,
    /// A cell in a status column, or a cell with a glyph.
    Cell,
    /// A glyph in the item's own line: `✅`.
    Glyph,
    /// A word in the item's own line: `[Done]`, `(done)`, `**DONE**`.
    Word,
    /// The line of the section or milestone that the item stands in: the item itself says nothing.
    Section,
}

/// Where the state of an item is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSpan {
    /// How it is written.
    pub manner: StateManner,
    /// The bytes to change.
    pub span: Range<usize>,
}

/// What gives an issue its milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// The value of a field of the issue.
    Field(Range<usize>),
    /// A cell of the issue's row.
    Cell(Range<usize>),
    /// The issue stands below the milestone's line, which is this.
    Section(Range<usize>),
    /// The milestone lists the issue; this is the issue's name in that list.
    Listed(Range<usize>),
}

/// How a list of values is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListManner {
    /// Behind the colon of a field, with commas, in brackets or in code spans.
    Field,
    /// In a cell.
    Cell,
    /// As a list below its field or heading.
    Nested,
    /// At the end of the item's own line: `(depends on T1)`, `@ada`, `` `web` ``.
    Line,
    /// In the front matter of a file that is one issue.
    FrontMatter,
}

/// A place that holds values of one kind, such as all labels of an issue. It may hold none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSpan {
    /// How the values are written.
    pub manner: ListManner,
    /// All of them, with what stands between them.
    pub span: Range<usize>,
}

/// The places of values of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueSpans<K> {
    /// Each value. Several share a place where one text stands for all of them: `T010-T014`.
    pub each: BTreeMap<K, Range<usize>>,
    /// What holds them, in the order of the document.
    pub lists: Vec<ListSpan>,
}

impl<K> Default for ValueSpans<K> {
    fn default() -> Self {
        Self { each: BTreeMap::new(), lists: Vec::new() }
    }
}

/// A line of an issue's text that can be ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxSpan {
    /// What stands between its brackets; nothing where the plan has a plain item there.
    pub tick: Option<Range<usize>>,
    /// Its text.
    pub text: Range<usize>,
}

/// The places of an issue's values. A value that comes from somewhere else, such as a default of the front matter, has
/// none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IssueSpans {
    /// The whole line that introduces the issue.
    pub line: Range<usize>,
    /// The lines of the issue with everything below it.
    pub extent: Range<usize>,
    /// The title, where the source has it word for word.
    pub title: Option<Range<usize>>,
    /// The state.
    pub state: Option<StateSpan>,
    /// The milestone.
    pub milestone: Option<Placement>,
    /// Each label, by its name in the plan.
    pub labels: ValueSpans<String>,
    /// Each assignee, by login.
    pub assignees: ValueSpans<String>,
    /// Each dependency, by the key of the issue that blocks. It may stand at the other issue, or in a list of its own.
    pub depends_on: ValueSpans<PlanKey>,
    /// The parent that the issue names.
    pub parent: Option<Range<usize>>,
    /// The passages that make its text, in order.
    pub body: Vec<Range<usize>>,
    /// The boxes of its text, in order.
    pub boxes: Vec<BoxSpan>,
}

/// How a due date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueManner {
    /// The value of a field.
    Field,
    /// A cell.
    Cell,
    /// In parentheses behind the title, with a word such as `due` in front or without.
    Parenthesis,
    /// Weeks of the plan, in the title or in a field: the day is counted from `start:`.
    Weeks,
}

/// Where a due date is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSpan {
    /// How it is written.
    pub manner: DueManner,
    /// The bytes to change.
    pub span: Range<usize>,
}

/// The places of a milestone's values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MilestoneSpans {
    /// The whole line that introduces the milestone.
    pub line: Range<usize>,
    /// The lines of its section.
    pub extent: Range<usize>,
    /// The title, where the source has it word for word.
    pub title: Option<Range<usize>>,
    /// When it is due.
    pub due_on: Option<DueSpan>,
    /// Its own state, where the plan gives one. Otherwise it is closed when all of its issues are.
    pub state: Option<StateSpan>,
    /// The passages that make its description, in order.
    pub description: Vec<Range<usize>>,
}

/// Where a title stands in a range of the source, whatever emphasis, backticks, links and escapes stand in it. The first
/// place counts. A title that is not there word for word has none.
pub fn of_title(source: &Source, within: &Range<usize>, title: &str) -> Option<Range<usize>> {
    let title = title.trim();
    if title.is_empty() || title.len() > MAX_TITLE {
        return None;
    }
    let text = source.text.get(within.clone())?;
    let end = text.floor_char_boundary(4 * MAX_TITLE);
    let text = &text[..end];
    let first = title.chars().next()?;
    let starts = text.char_indices().filter(|(_, it)| *it == first).map(|(at, _)| at);
    let (start, end) = starts.filter_map(|at| Some((at, at + matched(&text[at..], title)?))).next()?;
    let (start, end) = balanced(&source.text, within.start + start, within.start + end);
    Some(start..end)
}

/// Where a word or phrase stands in a range of the source, not as a part of a longer word. In a range that is very long
/// nobody looks: many words may be looked for in it.
pub fn of_word(source: &Source, within: &Range<usize>, word: &str) -> Option<Range<usize>> {
    let text = source.text.get(within.clone()).filter(|text| text.len() <= MAX_SEARCHED)?;
    let word = word.trim();
    let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let is_whole = |at: &usize| {
        let (before, after) = (text[..*at].chars().next_back(), text[*at + word.len()..].chars().next());
        !(is_part(before) && is_part(word.chars().next()) || is_part(after) && is_part(word.chars().next_back()))
    };
    let at = text.match_indices(word).map(|(at, _)| at).find(is_whole).filter(|_| !word.is_empty())?;
    Some(within.start + at..within.start + at + word.len())
}

/// How many bytes of markdown the words of a title take at the beginning of a text.
fn matched(text: &str, title: &str) -> Option<usize> {
    let mut at = 0;
    let mut wanted = title.chars().peekable();
    let mut was_blank = false;
    while let Some(letter) = wanted.peek().copied() {
        let rest = text.get(at..)?;
        let found = rest.chars().next()?;
        if letter.is_whitespace() && found.is_whitespace() {
            at += rest.len() - rest.trim_start().len();
            wanted.next();
            was_blank = true;
        } else if letter == found {
            at += found.len_utf8();
            wanted.next();
            was_blank = false;
        } else if was_blank && found.is_whitespace() {
            at += found.len_utf8();
        } else {
            at += markup(rest).filter(|width| *width > 0)?;
        }
    }
    Some(at)
}

/// How many bytes of markup a text begins with, that people do not see.
fn markup(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        '*' | '_' | '`' | '~' | '\\' | '[' => Some(1),
        ']' if text.starts_with("](") => text.find(')').map(|end| end + 1),
        ']' => Some(1),
        '<' => text.starts_with("<!--").then(|| text.find("-->").map(|end| end + 3))?,
        _ => None,
    }
}

/// A range with the markers that open or close within it on one side only.
fn balanced(text: &str, start: usize, end: usize) -> (usize, usize) {
    let (mut start, mut end) = (start, end);
    for marker in ['`', '~', '_', '*'] {
        let inside = &text[start..end];
        let runs = inside.split(|it| it != marker).filter(|run| !run.is_empty()).count();
        if runs % 2 == 0 {
            continue;
        }
        let before = text[..start].len() - text[..start].trim_end_matches(marker).len();
        let after = text[end..].len() - text[end..].trim_start_matches(marker).len();
        if before > 0 {
            start -= before;
        } else {
            end += after;
        }
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_among_its_markup() {
        for (line, title, place) in [
            ("`I4` Implement it", "I4 Implement it", "`I4` Implement it"),
            ("T1: **Bake** bread (P1)", "Bake bread", "**Bake** bread"),
            ("**Bake bread**: soon", "Bake bread", "Bake bread"),
            ("See [the oven](x.md) now", "See the oven now", "See [the oven](x.md) now"),
            ("snake\\_case and  more", "snake_case and more", "snake\\_case and  more"),
            ("Bake <!-- id: b --> bread", "Bake bread", "Bake <!-- id: b --> bread"),
            ("Saw and saw Saw", "Saw", "Saw"),
        ] {
            let source = Source::new("t", line);
            let found = of_title(&source, &(0..line.len()), title);
            assert_eq!(found.map(|it| &line[it]), Some(place), "{line}");
        }
        let source = Source::new("t", "Nothing here");
        assert_eq!(of_title(&source, &(0..12), "Bake"), None);
    }

    #[test]
    fn a_word_is_no_part_of_another() {
        let text = "T10, T1, (T100)";
        let source = Source::new("t", text);
        assert_eq!(of_word(&source, &(0..text.len()), "T1"), Some(5..7));
        assert_eq!(of_word(&source, &(0..text.len()), "T2"), None);
    }
}
