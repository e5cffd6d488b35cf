//! The beginning of a line: keys, numbers, markers and structural words.

use super::{Head, Token, looks_like_key, looks_like_priority, place, structural};
use crate::plan::read::vocabulary;

/// What stands between a key and its title: written as it is, a lone hyphen or dash with its blanks.
pub(super) fn separator(text: &str) -> (&str, &str) {
    for separator in [":", " - ", " – ", " — ", "- ", "– ", "— ", "."] {
        if let Some(after) = text.strip_prefix(separator) {
            let kept = match separator {
                "- " => " - ",
                "– " => " – ",
                "— " => " — ",
                "." => ". ",
                other => other,
            };
            return (kept, after.trim_start());
        }
    }
    ("", text)
}

/// The key that a text begins with: as written, bare, and what follows.
pub(super) fn key(text: &str) -> Option<(&str, &str, &str)> {
    let (open, close) = match text.chars().next()? {
        '[' => ("[", "]"),
        '`' => ("`", "`"),
        _ => ("", ""),
    };
    let inner = &text[open.len()..];
    let is_part = |(at, it): (usize, char)| {
        it.is_alphanumeric()
            || "-_".contains(it)
            || it == '.' && inner[at + 1..].starts_with(|it: char| it.is_ascii_digit())
    };
    let end = inner.char_indices().find(|part| !is_part(*part)).map_or(inner.len(), |(at, _)| at);
    let key = inner[..end].trim_end_matches(['-', '_']);
    let after = &inner[key.len()..];
    let after_close = after.strip_prefix(close).filter(|_| !close.is_empty());
    let is_end =
        after_close.is_some() || after.is_empty() || after.starts_with([' ', ':', '.', ')', '-', '–', '—', '：']);
    // A code span says that `P1` is a key; whether it repeats, as a priority does, only the document can say.
    let looks_right = looks_like_key(key) || open == "`" && looks_like_priority(key);
    let is_key = looks_right && is_end && (open.is_empty() || after_close.is_some());
    // Of a code span only the word stays, as GitHub would show the backticks in a title.
    let whole = open.len() + key.len() + close.len();
    let written = if open == "[" { text.get(..whole)? } else { key };
    is_key.then(|| (written, key, after_close.unwrap_or(after)))
}

/// Takes markers such as `[P]`, `[US1]` and `[P1]` off the front.
pub(super) fn markers<'t>(mut text: &'t str, line: &str, head: &mut Head) -> &'t str {
    while let Some((marker, after)) = text.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        let at = || place(line, marker);
        let is_story =
            marker.strip_prefix("US").is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
        if let Some(priority) = priority(marker) {
            head.priority = head.priority.take().or(Some(Token { text: priority, at: at() }));
        } else if marker == "P" || is_story {
            head.markers.push(Token::new(line, marker));
        } else {
            break;
        }
        text = after.trim_start();
    }
    text
}

/// A priority, if a word is one: `P0` to `P4`, or high, medium and low.
pub(super) fn priority(word: &str) -> Option<String> {
    let word = word.trim().to_lowercase();
    let is_level = word.len() == 2 && word.starts_with('p') && word.ends_with(['0', '1', '2', '3', '4']);
    (is_level || matches!(word.as_str(), "critical" | "high" | "medium" | "low" | "urgent")).then_some(word)
}

/// The number that a text begins with, and what follows: `#3`, `Issue #3:`, `1.2`, `3)`, `01-01:`, `0b.`.
pub(super) fn number(text: &str) -> Option<(&str, &str)> {
    for word in structural() {
        let Some(rest) = vocabulary::after_word(text, word) else { continue };
        let rest = rest.trim_start();
        let digits = rest.trim_start_matches('#');
        let end = run(digits);
        let after = digits[end..].trim_start();
        let after = without_remark(after);
        let title = after.trim_start_matches([':', '.', ')', '-', '–', '—', '：']).trim_start();
        if end > 0 && (title.len() < after.len() || rest.starts_with('#')) && !title.is_empty() {
            return Some((digits[..end].trim_end_matches(['.', '-']), title));
        }
    }
    let digits = text.strip_prefix('#').unwrap_or(text);
    let end = run(digits);
    if end == 0 {
        return None;
    }
    let (number, after) = digits.split_at(end);
    let dotted = number.ends_with(['.', ')']);
    let number = number.trim_end_matches(['.', '-']);
    let closed = after.strip_prefix([':', ')', '.', '：']);
    let has_parts = number.contains(['.', '-']) && number.bytes().all(|it| it.is_ascii_digit() || b".-".contains(&it));
    let is_number = text.starts_with('#') || closed.is_some() || dotted || (has_parts && number.contains('.'));
    let title = closed.unwrap_or(after);
    let is_apart = title.starts_with(char::is_whitespace);
    let title = title.trim_start();
    let title = title.strip_prefix(['-', '–', '—']).filter(|it| it.starts_with(' ')).map_or(title, str::trim_start);
    (is_number && is_apart && !title.is_empty()).then_some((number, title))
}

/// A text without the remark in parentheses that it begins with, where a separator follows: `(MVP) – Bake`.
pub(super) fn without_remark(text: &str) -> &str {
    let rest = text.strip_prefix('(').and_then(|inner| inner.split_once(')')).map(|(_, rest)| rest.trim_start());
    rest.filter(|rest| rest.starts_with([':', '-', '–', '—'])).unwrap_or(text)
}

/// How long a number is: digits with dots and hyphens between them, and a letter at the end.
pub(super) fn run(text: &str) -> usize {
    if !text.starts_with(|it: char| it.is_ascii_digit()) {
        return 0;
    }
    let end = text.find(|it: char| !(it.is_ascii_digit() || ".-".contains(it))).unwrap_or(text.len());
    let letter = text[end..].starts_with(|it: char| it.is_ascii_lowercase())
        && text[end..].chars().nth(1).is_none_or(|it| !it.is_alphanumeric());
    end + usize::from(letter && text[..end].ends_with(|it: char| it.is_ascii_digit()))
}

/// What follows a word such as `Issue:` without a number.
pub(super) fn bare_word(text: &str) -> Option<&str> {
    let (word, after) = text.split_once(':')?;
    let is_it = |it: &str| vocabulary::after_word(word.trim(), it).is_some_and(str::is_empty);
    (structural().any(is_it) && after.starts_with(' ') && !after.trim().is_empty()).then(|| after.trim_start())
}
