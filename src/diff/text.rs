//! The text inside a block: its digest, its boxes, and the line that names what blocks the issue.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::snapshot::IssueNumber;

/// What begins the line that names the blockers of an issue.
const BLOCKED_BY: &str = "Blocked by ";

/// A text as it is compared: `\n` at the ends of lines, none at its own ends.
pub fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim_matches(['\n', '\r', ' ']).to_owned()
}

/// A short digest of a text; how its boxes are ticked does not matter.
pub fn digest(text: &str) -> String {
    short(
        &text
            .lines()
            .map(|line| task(line).map_or(line.to_owned(), |task| task.with(' ')))
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

fn short(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// A line that is a box which can be ticked.
struct Task<'l> {
    before: &'l str,
    ticked: bool,
    after: &'l str,
}

impl Task<'_> {
    fn with(&self, tick: char) -> String {
        format!("{}{tick}{}", self.before, self.after)
    }
}

fn task(line: &str) -> Option<Task<'_>> {
    let text = line.trim_start();
    let rest = text.strip_prefix(['-', '*', '+'])?.trim_start().strip_prefix('[')?;
    let ticked = match rest.chars().next()? {
        ' ' => false,
        'x' | 'X' => true,
        _ => return None,
    };
    let after = rest.get(1..).filter(|after| after.starts_with("] "))?;
    Some(Task { before: &line[..line.len() - rest.len()], ticked, after })
}

/// The digests of the lines that are ticked in a text.
pub fn ticked(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(task).filter(|task| task.ticked).map(|task| short(task.after)).collect()
}

/// A text with every ticked box written `[x]`, as we write it; GitHub takes `[X]` for the same.
pub fn canonical(text: &str) -> String {
    let line = |line: &str| match task(line) {
        Some(task) => task.with(if task.ticked { 'x' } else { ' ' }),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The planned text with the boxes as the three-way merge has them: a box that people ticked stays ticked, also when
/// its line moved or was reworded a little; a box that the plan changed since is as the plan says.
pub fn with_ticks(planned: &str, base_ticked: &BTreeSet<String>, observed: &str) -> String {
    let mut there: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for task in observed.lines().rev().filter_map(task) {
        there.entry(task.after).or_default().push(task.ticked);
    }
    let planned_lines: BTreeSet<&str> = planned.lines().filter_map(task).map(|task| task.after).collect();
    // Lines that left the plan are the candidates for what a new line said before.
    let mut gone: Vec<(&str, bool)> = there
        .iter()
        .filter(|(text, _)| !planned_lines.contains(*text))
        .flat_map(|(text, ticks)| ticks.iter().map(|ticked| (*text, *ticked)))
        .collect();
    let line = |line: &str| {
        let Some(task) = task(line) else { return line.to_owned() };
        let same = there.get_mut(task.after).and_then(Vec::pop);
        let before = same.map(|ticked| (task.after.to_owned(), ticked)).or_else(|| reworded(task.after, &mut gone));
        let Some((before, observed)) = before else { return line.to_owned() };
        let base = base_ticked.contains(&short(&before));
        let merged = if task.ticked == base { observed } else { task.ticked };
        task.with(if merged { 'x' } else { ' ' })
    };
    planned.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// The line that a new one was reworded from, with its box.
fn reworded(text: &str, gone: &mut Vec<(&str, bool)>) -> Option<(String, bool)> {
    let scores = gone.iter().map(|(old, _)| strsim::normalized_damerau_levenshtein(old, text)).enumerate();
    let (at, score) = scores.max_by(|a, b| a.1.total_cmp(&b.1))?;
    if score < 0.7 {
        return None;
    }
    let (old, ticked) = gone.remove(at);
    Some((old.to_owned(), ticked))
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
    fn ticks_survive_moves_and_small_rewordings() {
        let observed = "- [x] Points where it is told\n- [ ] Weighs 3 kg\n- [x] gone for good\n";
        let planned = "- [ ] Weighs 3 kg\n- [ ] Points where it was told\n- [ ] brand new thing";
        let merged = with_ticks(planned, &BTreeSet::new(), observed);
        assert_eq!(merged, "- [ ] Weighs 3 kg\n- [x] Points where it was told\n- [ ] brand new thing");
    }

    #[test]
    fn a_box_that_the_plan_ticks_is_ticked_and_one_that_it_unticks_is_not() {
        let ticked_before = ticked("- [x] a");
        assert_eq!(with_ticks("- [x] a", &BTreeSet::new(), "- [ ] a"), "- [x] a");
        assert_eq!(with_ticks("- [ ] a", &ticked_before, "- [x] a"), "- [ ] a");
        assert_eq!(with_ticks("- [x] a", &ticked_before, "- [ ] a"), "- [ ] a");
    }

    #[test]
    fn equal_lines_keep_their_own_boxes() {
        assert_eq!(with_ticks("- [ ] a\n- [ ] a", &BTreeSet::new(), "- [x] a\n- [ ] a"), "- [x] a\n- [ ] a");
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
