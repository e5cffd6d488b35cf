//! Texts against each other, line by line.

use similar::TextDiff;

/// A unified diff without file names: hunks of `@@`, then lines that begin with a blank, `+` or `-`.
pub(super) fn diff(from: &str, to: &str) -> String {
    let (from, to) = (ended(from), ended(to));
    let diff = TextDiff::from_lines(&from, &to);
    diff.unified_diff().context_radius(2).to_string()
}

/// The last line of a text ends like the others; else a diff says so, which nobody wants to read.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}
