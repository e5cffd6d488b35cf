//! Texts against each other, line by line.

use similar::{ChangeTag, TextDiff};

/// A unified diff without file names: hunks of `@@`, then lines that begin with a blank, `+` or `-`.
pub(super) fn diff(from: &str, to: &str) -> String {
    let (from, to) = (ended(from), ended(to));
    let diff = TextDiff::from_lines(&from, &to);
    diff.unified_diff().context_radius(2).to_string()
}

/// How much changes from one text to another: `+2 −1 lines`.
pub(super) fn counts(from: &str, to: &str) -> String {
    let (from, to) = (ended(from), ended(to));
    let diff = TextDiff::from_lines(&from, &to);
    let count = |tag: ChangeTag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
    let (added, removed) = (count(ChangeTag::Insert), count(ChangeTag::Delete));
    let lines = if added + removed == 1 { "line" } else { "lines" };
    match (added, removed) {
        (_, 0) => format!("+{added} {lines}"),
        (0, _) => format!("−{removed} {lines}"),
        _ => format!("+{added} −{removed} {lines}"),
    }
}

/// A text whose last line ends like the others; otherwise the diff would remark on it.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_lines_are_counted() {
        assert_eq!(counts("a\nb\nc", "a\nB\nc\nd"), "+2 −1 lines");
        assert_eq!(counts("a", "a\nb"), "+1 line");
        assert_eq!(counts("a\nb\nc", "a"), "−2 lines");
    }
}
