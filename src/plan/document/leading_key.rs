//! Keys at the beginning of a heading or an item: `` `I4` Implement … ``, `M2: …`, `**T-001** …`.

use super::inline::Piece;
use crate::plan::draft::Spanned;
use crate::plan::{PlanKey, title};

/// A title that begins with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// The key, where it stands.
    pub key: Spanned,
    /// The whole title: the key without backticks, then the rest as written.
    pub title: String,
}

/// Splits a line into its key and title, if it begins with a key. In a code span a key is any short word with a digit;
/// in plain text it must look like one (`I4`, `M1-2`, `T001`, `F-012b`).
pub fn read(line: &[Piece], ticked_titles: bool) -> Option<Keyed> {
    let at = line.iter().position(|piece| !piece.text.trim().is_empty())?;
    let first = &line[at];
    let rest: String =
        line[at + 1..].iter().map(|piece| if ticked_titles { piece.ticked() } else { piece.text.clone() }).collect();
    if first.code {
        let key = first.text.trim();
        let is_key = key.chars().any(|character| character.is_ascii_digit())
            && key.chars().all(|character| character.is_alphanumeric() || "-_.".contains(character))
            && key.chars().count() <= PlanKey::MAX_CHARS;
        return is_key.then(|| Keyed {
            key: Spanned { text: key.to_owned(), span: first.span.clone() },
            title: title::clean(&format!("{key}{rest}")),
        });
    }
    let text = first.text.trim_start();
    let text_at = first.span.start + (first.text.len() - text.len());
    let open = text.len() - text.trim_start_matches('[').len();
    let word = &text[open..];
    let end = word.find(|character: char| !(character.is_alphanumeric() || "-_".contains(character)));
    let key = word[..end.unwrap_or(word.len())].trim_end_matches(['-', '_']);
    looks_like_key(key).then(|| Keyed {
        key: Spanned { text: key.to_owned(), span: text_at + open..text_at + open + key.len() },
        title: title::clean(&format!("{text}{rest}")),
    })
}

/// One to five letters, then digits, with hyphenated further parts and a letter at the end allowed. A version such as
/// `v2` is no key.
pub fn looks_like_key(word: &str) -> bool {
    let letters = word.len() - word.trim_start_matches(|character: char| character.is_ascii_alphabetic()).len();
    let rest = word[letters..].trim_start_matches('-');
    (1..=5).contains(&letters)
        && !(letters == 1 && word.starts_with(['v', 'V']))
        && rest.starts_with(|character: char| character.is_ascii_digit())
        && rest.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_look_like_keys() {
        for key in ["I4", "T001", "T-001", "F-012b", "E2-S3", "M1-1"] {
            assert!(looks_like_key(key), "{key}");
        }
        for word in ["v2", "Release", "2026", "OAuth", "Kubernetes2", "I", ""] {
            assert!(!looks_like_key(word), "{word}");
        }
    }
}
