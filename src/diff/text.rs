//! The text inside a block: its digest, and the line that names what blocks the issue.

use std::collections::BTreeSet;
use std::ops::Range;

use super::boxes;
use super::short_digest::short;
use crate::model::snapshot::IssueNumber;

/// What begins the line that names the blockers of an issue.
const BLOCKED_BY: &str = "Blocked by ";

/// A text as it is compared: `\n` at the ends of lines, none at its own ends.
pub fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_matches(['\n', ' ']).to_owned()
}

/// What stands above a block that is put below a text of people.
pub fn above(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\n\n") }
}

/// A short digest of a text; how its boxes are ticked does not matter.
pub fn digest(text: &str) -> String {
    short(&boxes::blank(text))
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

/// Cuts a text in a block into what the plan says and the issues that the line of blockers names, the last such line
/// wherever it stands: people may have written below it.
pub fn split_blockers(text: &str) -> (String, BTreeSet<IssueNumber>) {
    let lines: Vec<&str> = text.lines().collect();
    let found = lines.iter().enumerate().rev().find_map(|(at, line)| Some((at, blockers(line)?)));
    let Some((at, numbers)) = found else { return (text.to_owned(), BTreeSet::new()) };
    let (before, after) = (lines[..at].join("\n"), lines[at + 1..].join("\n"));
    // What people wrote below it stays a paragraph of its own, where the line was one.
    let is_apart = before.ends_with('\n') || after.starts_with('\n');
    let gap = if is_apart { "\n\n" } else { "\n" };
    let kept = format!("{}{gap}{}", before.trim_end(), after.trim_matches('\n'));
    (kept.trim_matches('\n').to_owned(), numbers)
}

/// The issues that a line of blockers names; `None` for any other line.
fn blockers(line: &str) -> Option<BTreeSet<IssueNumber>> {
    let list = line.strip_prefix(BLOCKED_BY)?.trim_end();
    list.split(", ").map(|name| name.strip_prefix('#')?.parse().ok().map(IssueNumber)).collect()
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
    fn a_text_in_its_normal_form_stays_so() {
        assert_eq!(normal(" \ra\r\r\nb\rc\r\n\r "), "a\n\nb\nc");
        assert_eq!(normal("a\n\nb\nc"), "a\n\nb\nc");
    }

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
        let split = |text: &str| {
            let (text, numbers) = split_blockers(text);
            (text, numbers.into_iter().map(|number| number.0).collect::<Vec<_>>())
        };
        assert_eq!(split(&text), ("text".into(), vec![1, 12]));
        assert_eq!(split("Blocked by rain"), ("Blocked by rain".into(), vec![]));
        assert_eq!(split("Blocked by #3"), (String::new(), vec![3]));
        for below in ["\n", "\n\n"] {
            let text = format!("text\n\nBlocked by #3{below}people's");
            assert_eq!(split(&text), ("text\n\npeople's".into(), vec![3]));
        }
    }
}
