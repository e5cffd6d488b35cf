//! Edits of a text, and where they leave what they do not touch.

use std::ops::Range;

/// A change of the bytes in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) at: Range<usize>,
    pub(crate) text: String,
    /// Where the text comes from, if it is moved: its first byte, and how far into the new text it begins.
    pub(crate) moved: Option<(Range<usize>, usize)>,
}

impl Edit {
    pub(crate) fn replace(at: Range<usize>, text: impl Into<String>) -> Self {
        Self { at, text: text.into(), moved: None }
    }

    pub(crate) fn insert(at: usize, text: impl Into<String>) -> Self {
        Self::replace(at..at, text)
    }
}

/// Whether no two edits touch the same bytes.
pub(crate) fn are_apart(edits: &[Edit]) -> bool {
    let mut places: Vec<&Range<usize>> = edits.iter().map(|edit| &edit.at).collect();
    places.sort_by_key(|place| (place.start, place.end));
    places.windows(2).all(|pair| pair[0].end <= pair[1].start && pair[0] != pair[1])
}

/// The text with all edits made, which are apart from each other.
pub(crate) fn applied(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.at.start, edit.at.end));
    let mut edited = String::with_capacity(text.len());
    let mut from = 0;
    for edit in sorted {
        edited.push_str(text.get(from..edit.at.start).unwrap_or_default());
        edited.push_str(&edit.text);
        from = edit.at.end;
    }
    edited.push_str(text.get(from..).unwrap_or_default());
    edited
}

/// Where a byte of the text is once all edits are made.
pub(crate) fn place(edits: &[Edit], at: usize) -> usize {
    let shifted = |at: usize| {
        let before = edits.iter().filter(|edit| edit.at.end <= at && edit.at.start < at.max(1));
        before.fold(at, |place, edit| (place + edit.text.len()).saturating_sub(edit.at.len()))
    };
    let moved = edits.iter().find_map(|edit| {
        let (from, offset) = edit.moved.as_ref()?;
        from.contains(&at).then(|| shifted(edit.at.start) + offset + at - from.start)
    });
    moved.unwrap_or_else(|| shifted(at))
}

/// Edits of cells with as many blanks behind the new text as keep the columns of the table where they are.
pub(crate) fn aligned(text: &str, edits: Vec<Edit>) -> Vec<Edit> {
    let pads: Vec<Edit> = edits.iter().filter_map(|edit| pad(text, edit)).collect();
    let mut all = edits.clone();
    all.extend(pads);
    if are_apart(&all) { all } else { edits }
}

fn pad(text: &str, edit: &Edit) -> Option<Edit> {
    let start = text[..edit.at.start].rfind('\n').map_or(0, |at| at + 1);
    if edit.moved.is_some() || edit.text.contains('\n') || !text[start..].trim_start_matches(' ').starts_with('|') {
        return None;
    }
    let line_end = text[edit.at.end..].find('\n').map_or(text.len(), |at| edit.at.end + at);
    let rest = &text[edit.at.end..line_end];
    let bar = rest.match_indices('|').map(|(at, _)| at).find(|at| !rest[..*at].ends_with('\\'))?;
    let blanks = rest[..bar].len() - rest[..bar].trim_end_matches(' ').len();
    let bar = edit.at.end + bar;
    let (old, new) = (text[edit.at.clone()].chars().count(), edit.text.chars().count());
    if new < old {
        return Some(Edit::insert(bar, " ".repeat(old - new)));
    }
    let less = (new - old).min(blanks.saturating_sub(1));
    (less > 0).then(|| Edit::replace(bar - less..bar, ""))
}
