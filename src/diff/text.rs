//! The text inside a block: its digest, the line that lists the blockers of an issue, and the footer that names the
//! plan's file.

use std::collections::BTreeSet;
use std::ops::Range;

use super::boxes;
use super::short_digest::short;
use crate::model::plan_location::is_footer;
use crate::model::snapshot::IssueNumber;

/// The start of the line that lists the blockers.
const BLOCKED_BY: &str = "Blocked by ";

/// Normalises a text for comparison: line endings become `
/// `; spaces and line breaks at both ends are removed.
pub fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_matches(['\n', ' ']).to_owned()
}

/// The text to put before a new block that goes below existing text.
pub fn above(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{text}\n\n") }
}

/// A short digest of a text, ignoring whether its boxes are ticked.
pub fn digest(text: &str) -> String {
    short(&boxes::blank(text))
}

/// Finds a text in another one as a run of whole lines, and returns its byte range. Boxes and trailing white space may
/// differ.
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

/// Splits the text of a block into the plan's text and the issues in the line of blockers. The last such line counts,
/// wherever it is, because people may have written below it.
pub fn split_blockers(text: &str) -> (String, BTreeSet<IssueNumber>) {
    let (text, numbers) = without_last(text, blockers);
    (text, numbers.unwrap_or_default())
}

/// Removes the footer that names the plan's file from the text of a block.
pub fn without_footer(text: &str) -> String {
    without_last(text, |line| is_footer(line).then_some(())).0
}

/// Appends the footer that names the plan's file.
pub fn with_footer(text: &str, footer: Option<&str>) -> String {
    match footer {
        None => text.to_owned(),
        Some(footer) if text.is_empty() => footer.to_owned(),
        Some(footer) => format!("{text}\n\n{footer}"),
    }
}

/// Removes the last line for which `find` returns a value, and returns that value. It need not be the last line of the
/// text, because people may have written below it.
fn without_last<T>(text: &str, find: impl Fn(&str) -> Option<T>) -> (String, Option<T>) {
    let lines: Vec<&str> = text.lines().collect();
    let found = lines.iter().enumerate().rev().find_map(|(at, line)| Some((at, find(line)?)));
    let Some((at, found)) = found else { return (text.to_owned(), None) };
    let (before, after) = (lines[..at].join("\n"), lines[at + 1..].join("\n"));
    // Text that people wrote below the line stays a separate paragraph if the line was one.
    let is_apart = before.ends_with('\n') || after.starts_with('\n');
    let gap = if is_apart { "\n\n" } else { "\n" };
    let kept = format!("{}{gap}{}", before.trim_end(), after.trim_matches('\n'));
    (kept.trim_matches('\n').to_owned(), Some(found))
}

/// The issues listed in a line of blockers; `None` for any other line.
fn blockers(line: &str) -> Option<BTreeSet<IssueNumber>> {
    let list = line.strip_prefix(BLOCKED_BY)?.trim_end();
    list.split(", ").map(|name| name.strip_prefix('#')?.parse().ok().map(IssueNumber)).collect()
}

/// Appends the line of blockers. `names` are issue numbers, or display names in a body that is only shown.
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
    fn normalising_is_idempotent() {
        assert_eq!(normal(" \ra\r\r\nb\rc\r\n\r "), "a\n\nb\nc");
        assert_eq!(normal("a\n\nb\nc"), "a\n\nb\nc");
    }

    #[test]
    fn text_is_found_despite_different_boxes_and_line_endings() {
        let text = "before\r\n- [x] a \r\n\r\nb\r\nafter";
        let found = find(text, "- [ ] a\n\nb").unwrap();
        assert_eq!(&text[found], "- [x] a \r\n\r\nb");
        assert_eq!(find(text, "- [ ] a\nb"), None);
        assert_eq!(find("", "a"), None);
    }

    #[test]
    fn the_digest_ignores_boxes() {
        assert_eq!(digest("x\n- [ ] a"), digest("x\n- [X] a"));
        assert_ne!(digest("- [ ] a"), digest("- [ ] b"));
    }

    #[test]
    fn a_footer_is_read_back_as_written() {
        let footer = Some("<sub>From `plan.md`</sub>");
        for text in ["text", "", "text\n\nBlocked by #3"] {
            assert_eq!(without_footer(&with_footer(text, footer)), text);
            assert_eq!(without_footer(&with_footer(text, None)), text);
        }
        assert_eq!(without_footer("text\n\n<sub>From `plan.md`</sub>\npeople's"), "text\n\npeople's");
    }

    #[test]
    fn the_line_of_blockers_is_parsed_as_written() {
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
