//! What single lines look like: whether they introduce something, and boxes that markdown does not see.

use std::ops::Range;

use crate::plan::read::field_line::Field;
use crate::plan::read::item_line;
use crate::plan::read::markdown::inline::Piece;
use crate::plan::read::vocabulary;

/// Whether a line introduces the list or table below it.
pub(super) fn introduces(line: &[Piece], is_alone: bool) -> bool {
    let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
    let text = text.trim_end();
    let fields = Field::all(line);
    if fields.iter().any(|field| vocabulary::field(&field.name).is_some() && !field.value.is_empty()) {
        return false;
    }
    text.ends_with([':', '：'])
        || is_alone && text.chars().count() <= 80 && !text.ends_with(['.', '!', '?', '。', ',', ';'])
}

/// A box that markdown does not take for one (`[~]`, `[-]`, `[ ]*`): whether it is ticked, what stands between its
/// brackets, and how long it is.
pub(super) fn typed_box(line: &[Piece]) -> Option<(bool, Range<usize>, usize)> {
    let first = line.first().filter(|piece| !piece.code)?;
    let (done, rest) = item_line::tick(&first.text)?;
    let (open, close) = (first.text.find('[')? + 1, first.text.find(']')?);
    Some((done, open..close, first.text.len() - rest.len()))
}

pub(super) fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut depth = 0usize;
    for character in html.chars() {
        match character {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            _ if depth == 0 => text.push(character),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
