//! The text inside a block: its digest, and the line that names what blocks the issue.

use std::collections::BTreeSet;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::boxes;
use crate::snapshot::IssueNumber;

/// What begins the line that names the blockers of an issue.
const BLOCKED_BY: &str = "Blocked by ";

/// A text as it is compared: `\n` at the ends of lines, none at its own ends.
pub fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim_matches(['\n', '\r', ' ']).to_owned()
}

/// What stands above a block that is put below a text of people.
pub fn above(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\n\n") }
}

/// A short digest of a text; how its boxes are ticked does not matter.
pub fn digest(text: &str) -> String {
    short(&boxes::blank(text))
}

/// A short digest of a line or text as it is.
pub fn short(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Where a text stands in another one as whole lines, boxes and blanks at the ends of lines aside: in bytes.
pub fn find(text: &str, wanted: &str) -> Option<Range<usize>> {
    let same = |line: &str| boxes::blank(line.trim_end());
    let wanted: Vec<String> = wanted.lines().map(same).collect();
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push((start, line.trim_end().len(), same(line)));
        start += line.len();
    }
    let found = lines.windows(wanted.len().max(1)).find(|window| window.iter().map(|(.., line)| line).eq(&wanted))?;
    let (start, ..) = found.first()?;
    let (last, length, _) = found.last()?;
    Some(*start..last + length)
}

/// Cuts a text in a block into what the plan says and the issues that the line at its end names.
pub fn split_blockers(text: &str) -> (&str, BTreeSet<IssueNumber>) {
    let (rest, last) = text.rsplit_once('\n').unwrap_or(("", text));
    let Some(list) = last.strip_prefix(BLOCKED_BY) else { return (text, BTreeSet::new()) };
    let numbers: Option<BTreeSet<IssueNumber>> =
        list.trim_end().split(", ").map(|name| name.strip_prefix('#')?.parse().ok().map(IssueNumber)).collect();
    match numbers {
        Some(numbers) => (rest.trim_end(), numbers),
        None => (text, BTreeSet::new()),
    }
}

/// A text with the line that names the blockers, by number or, where they have none yet, by key.
pub fn with_blockers(text: &str, names: &[String]) -> String {
    if names.is_empty() {
        return text.to_owned();
    }
    let line = format!("{BLOCKED_BY}{}", names.join(", "));
    if text.is_empty() { line } else { format!("{text}\n\n{line}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_among_others_whatever_its_boxes_and_line_ends() {
        let text = "before\r\n- [x] a \r\n\r\nb\r\nafter";
        let found = find(text, "- [ ] a\n\nb").unwrap();
        assert_eq!(&text[found], "- [x] a \r\n\r\nb");
        assert_eq!(find(text, "- [ ] a\nb"), None);
        assert_eq!(find("", "a"), None);
    }

    #[test]
    fn the_digest_does_not_see_boxes() {
        assert_eq!(digest("x\n- [ ] a"), digest("x\n- [X] a"));
        assert_ne!(digest("- [ ] a"), digest("- [ ] b"));
    }

    #[test]
    fn blockers_are_read_back_as_written() {
        let text = with_blockers("text", &["#1".into(), "#12".into()]);
        assert_eq!(split_blockers(&text), ("text", BTreeSet::from([IssueNumber(1), IssueNumber(12)])));
        assert_eq!(split_blockers("Blocked by rain"), ("Blocked by rain", BTreeSet::new()));
        assert_eq!(split_blockers("Blocked by #3"), ("", BTreeSet::from([IssueNumber(3)])));
    }
}
