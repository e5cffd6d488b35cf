//! Release gates that a setup checklist names.

use super::item_line;
use super::markdown::inline::Piece;
use super::tree::{At, Tree};
use crate::plan::draft::Spanned;

/// The issues that a line of the setup checklist tells to pin: `Pin `I8` and `I10` as release gates`.
pub(super) fn pinned(tree: &Tree, section: At) -> Vec<Spanned> {
    let items = tree.nodes[section].children.iter().filter(|child| tree.nodes[**child].list.is_some());
    let lines = items.filter_map(|child| tree.nodes[*child].lines.first());
    lines.filter(|line| first_word(line).eq_ignore_ascii_case("pin")).flat_map(|line| keys_in(line)).collect()
}

/// The keys that a sentence names: its code spans, or else the words that look like keys.
fn keys_in(line: &[Piece]) -> Vec<Spanned> {
    let spans: Vec<Spanned> = line
        .iter()
        .filter(|piece| piece.code)
        .map(|piece| Spanned { text: piece.text.trim().to_owned(), span: piece.span.clone() })
        .collect();
    if !spans.is_empty() {
        return spans;
    }
    let words = line.iter().flat_map(|piece| {
        piece.text.split(|character: char| !(character.is_alphanumeric() || character == '-')).map(|word| {
            let at = piece.span.start + (word.as_ptr() as usize - piece.text.as_ptr() as usize);
            Spanned { text: word.to_owned(), span: at..at + word.len() }
        })
    });
    words.filter(|word| item_line::looks_like_key(&word.text)).collect()
}

fn first_word(line: &[Piece]) -> &str {
    line.iter().find_map(|piece| piece.text.split_whitespace().next()).unwrap_or_default()
}
