//! Release gates that a setup checklist names.

use super::is_list;
use crate::plan::document::inline::{self, Piece};
use crate::plan::document::leading_key;
use crate::plan::document::{Document, Section};
use crate::plan::draft::Spanned;

/// The issues that a line of the setup checklist tells to pin: `Pin `I8` and `I10` as release gates`.
pub fn pinned(document: &Document<'_>, section: &Section<'_>) -> Vec<Spanned> {
    let items = section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children());
    items
        .filter_map(comrak::arena_tree::Node::first_child)
        .flat_map(|paragraph| inline::lines(document, paragraph))
        .filter(|line| first_word(line).eq_ignore_ascii_case("pin"))
        .flat_map(|line| keys_in(&line))
        .collect()
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
    words.filter(|word| leading_key::looks_like_key(&word.text)).collect()
}

fn first_word(line: &[Piece]) -> &str {
    line.first().and_then(|piece| piece.text.split_whitespace().next()).unwrap_or_default()
}
