//! What a text names: keys, numbers, ranges of them, or titles.

use super::field_line as field;
use super::item_line::{is_structural_word, looks_like_key};
use crate::plan::draft::Spanned;

/// The most issues that one range stands for.
const MOST: u32 = 500;

/// The single references of a list of parts.
pub fn split_all(parts: &[Spanned]) -> Vec<Spanned> {
    parts.iter().flat_map(split).collect()
}

/// The single references of a part: `#1 and #2`, `T010-T014` and `T1, T2` stand for several. What is none, a title or
/// a phrase, stays as it is; what says that there is nothing is left out.
pub fn split(part: &Spanned) -> Vec<Spanned> {
    let without_remark = part.text.split(" (").next().unwrap_or(&part.text);
    if field::is_none(&part.text) || field::is_none(without_remark) || part.text.starts_with("None ") {
        return Vec::new();
    }
    // A word of several has its own place, where the part is in the source as it is here.
    let place = |word: &str| {
        let start = part.span.start + (word.as_ptr() as usize - part.text.as_ptr() as usize);
        if part.span.len() == part.text.len() { start..start + word.len() } else { part.span.clone() }
    };
    let words: Vec<&str> = part
        .text
        .split([',', ' ', ';', '&', '+', '、'])
        .map(|word| word.trim_matches(['.', '`', '*', '(', ')', '[', ']']))
        .filter(|word| !word.is_empty() && !is_joint(word))
        .collect();
    let is_counted = part.text.split(' ').next().is_some_and(is_structural_word);
    let range = |word: &str| range(word).or_else(|| number_range(word).filter(|_| is_counted));
    let all: Option<Vec<Vec<String>>> = words.iter().map(|word| range(word).or_else(|| one(word))).collect();
    match all {
        Some(lists) if words.len() > 1 || lists.first().is_some_and(|list| list.len() > 1) => {
            let each = lists.into_iter().zip(&words).flat_map(|(list, word)| {
                let span = place(word);
                list.into_iter().map(move |text| Spanned { text, span: span.clone() })
            });
            each.collect()
        }
        _ => vec![part.clone()],
    }
}

/// Every reference in a text, in its order: words that look like keys, numbers with `#`, and ranges.
pub fn all_in(text: &str, known: impl Fn(&str) -> bool) -> Vec<String> {
    let ends = |it: char| !(it.is_alphanumeric() || "-_#.–".contains(it));
    let words = text.split(ends).map(|word| word.trim_matches(['.', '-', '–']));
    let words = words.flat_map(|word| range(word).unwrap_or_else(|| vec![word.to_owned()]));
    words.filter(|word| !word.is_empty() && known(word)).collect()
}

/// Whether a text can only be meant as a reference: a key or a number, with a structural word at the most.
pub fn is_reference(text: &str) -> bool {
    let bare = bare(text);
    let end = bare.find(|it: char| !(it.is_alphanumeric() || "-_.".contains(it))).unwrap_or(bare.len());
    let (word, rest) = bare.split_at(end);
    let word = word.trim_end_matches('.');
    !rest.contains([' ', '*']) && (looks_like_key(word) || word.starts_with(|it: char| it.is_ascii_digit()))
}

/// Whether a text names at least one issue by a key or number.
pub fn names_some(text: &str) -> bool {
    split(&Spanned { text: text.to_owned(), span: 0..0 }).iter().any(|part| is_reference(&part.text))
}

/// Whether a text names issues and says nothing else.
pub fn names_only(text: &str) -> bool {
    let parts = split(&Spanned { text: text.to_owned(), span: 0..0 });
    !parts.is_empty() && parts.iter().all(|part| is_reference(&part.text))
}

/// A reference without `#` and the word in front of it: `Issue #3` is `3`.
pub fn bare(text: &str) -> String {
    let text = text.trim().trim_matches('`');
    let last = match text.rsplit_once(' ') {
        Some((word, last)) if is_structural_word(word) => last,
        _ => text,
    };
    last.trim_start_matches('#').to_owned()
}

fn is_joint(word: &str) -> bool {
    is_structural_word(word)
        || ["and", "und", "y", "et", "e", "or", "&", "+", "와", "과", "と", "和", "и"]
            .contains(&word.to_lowercase().as_str())
}

fn one(word: &str) -> Option<Vec<String>> {
    let bare = word.trim_start_matches('#');
    let is_number = bare.starts_with(|it: char| it.is_ascii_digit());
    (looks_like_key(bare) || is_number).then(|| vec![word.to_owned()])
}

/// The keys from one to another: `T010-T014`, `#3–#5`, `T010..T014`.
fn range(word: &str) -> Option<Vec<String>> {
    let (from, to) = ["–", "..", "—"].iter().find_map(|dash| word.split_once(dash)).or_else(|| {
        // A hyphen may be part of a key; it is one of a range where the same letters begin on both sides.
        let letters = |key: &str| cut(key).map(|(letters, _)| letters.to_owned()).filter(|it| !it.is_empty());
        let mut halves = word.match_indices('-').map(|(at, _)| (&word[..at], &word[at + 1..]));
        halves.find(|(from, to)| letters(from).is_some() && letters(from) == letters(to))
    })?;
    let (letters, first) = cut(from)?;
    let (others, last) = cut(to)?;
    if letters != others && !others.is_empty() {
        return None;
    }
    let (start, end): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    if end < start || end - start > MOST {
        return None;
    }
    let width = first.len();
    Some((start..=end).map(|number| format!("{letters}{number:0width$}")).collect())
}

/// The numbers from one to another: `1-4`.
fn number_range(word: &str) -> Option<Vec<String>> {
    let (from, to) = word.split_once(['-', '–'])?;
    let (start, end): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
    (end >= start && end - start <= MOST).then(|| (start..=end).map(|number| number.to_string()).collect())
}

/// A key's letters and its digits.
fn cut(key: &str) -> Option<(&str, &str)> {
    let at = key.find(|it: char| it.is_ascii_digit())?;
    let (letters, digits) = key.split_at(at);
    let is_prefix = letters.chars().all(|it| it.is_ascii_alphabetic() || "#-".contains(it)) && letters.len() <= 6;
    (is_prefix && digits.bytes().all(|it| it.is_ascii_digit())).then_some((letters, digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        split(&Spanned { text: text.into(), span: 0..0 }).into_iter().map(|it| it.text).collect()
    }

    #[test]
    fn several_stand_for_several() {
        assert_eq!(texts("#1 and #2"), ["#1", "#2"]);
        assert_eq!(texts("T010-T012"), ["T010", "T011", "T012"]);
        assert_eq!(texts("T-001"), ["T-001"]);
        assert_eq!(texts("E2-S3"), ["E2-S3"]);
        assert_eq!(texts("Tasks 1.1, 1.2."), ["1.1", "1.2"]);
        assert_eq!(texts("M1 (Foundation)"), ["M1 (Foundation)"]);
        assert_eq!(texts("the design of the API"), ["the design of the API"]);
        assert_eq!(texts("#3–#5"), ["#3", "#4", "#5"]);
        assert!(texts("None").is_empty() && texts("(keine)").is_empty());
    }

    #[test]
    fn references_are_told_from_phrases() {
        assert!(is_reference("#12") && is_reference("Issue #3") && is_reference("T001.") && is_reference("1.2"));
        assert!(!is_reference("design sign-off") && !is_reference("Phase 1 complete") && !is_reference("M4-*"));
    }
}
