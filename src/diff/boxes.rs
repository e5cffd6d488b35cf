//! Checkbox-list checkboxes in a text: who ticked them, and how each one is merged.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::short_digest::short;
use crate::plan::settings::Drift;

/// Two lines at least this similar are two wordings of the same task (0 to 1, normalized Damerau-Levenshtein).
const REWORDED: f64 = 0.7;
/// The most pairs of lines to compare for similarity. Above this, no rewording is searched for.
const MOST_PAIRS: usize = 40_000;

/// A line, the number of equal lines before it, and whether its box is ticked.
type Line<'t> = ((&'t str, usize), bool);

/// A task-list line, split at its checkbox.
struct Checkbox<'l> {
    before: &'l str,
    ticked: bool,
    after: &'l str,
}

impl Checkbox<'_> {
    fn with(&self, ticked: bool) -> String {
        format!("{}{}{}", self.before, if ticked { 'x' } else { ' ' }, self.after)
    }
}

fn checkbox(line: &str) -> Option<Checkbox<'_>> {
    let text = line.trim_start();
    let rest = text.strip_prefix(['-', '*', '+'])?.trim_start().strip_prefix('[')?;
    let ticked = match rest.chars().next()? {
        ' ' => false,
        'x' | 'X' => true,
        _ => return None,
    };
    let after = rest.get(1..).filter(|after| after.starts_with("] "))?;
    Some(Checkbox { before: &line[..line.len() - rest.len()], ticked, after })
}

/// The task lines of a text, each with the number of equal lines before it.
fn tasks(text: &str) -> impl Iterator<Item = (Checkbox<'_>, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    text.lines().filter_map(checkbox).map(move |task| {
        let count = counts.entry(task.after).or_default();
        *count += 1;
        (task, *count - 1)
    })
}

/// Replaces the boxes of a text, in order. Boxes without a replacement keep their state.
fn with(text: &str, boxes: impl IntoIterator<Item = bool>) -> String {
    let mut boxes = boxes.into_iter();
    let line = |line: &str| match checkbox(line) {
        Some(task) => task.with(boxes.next().unwrap_or(task.ticked)),
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A text with every box unticked.
pub(crate) fn blank(text: &str) -> String {
    with(text, std::iter::repeat(false))
}

/// A text with every ticked box written as `[x]`. GitHub treats `[X]` the same.
pub(crate) fn canonical(text: &str) -> String {
    with(text, [])
}

/// Ticks the boxes of a text that are ticked in another text, except those that the plan itself had ticked there.
pub(crate) fn tick(text: &str, other: &str, base_ticked: &BTreeSet<String>) -> String {
    let ticked: BTreeSet<(&str, usize)> = tasks(other)
        .filter(|(task, before)| task.ticked && !base_ticked.contains(&mark(task.after, *before)))
        .map(|(task, before)| (task.after, before))
        .collect();
    if ticked.is_empty() {
        return text.to_owned();
    }
    let boxes: Vec<bool> =
        tasks(text).map(|(task, before)| task.ticked || ticked.contains(&(task.after, before))).collect();
    with(text, boxes)
}

/// The digest that stands for a box in a marker, made from the line and the number of equal lines before it.
fn mark(line: &str, before: usize) -> String {
    if before == 0 { short(line) } else { short(&format!("{line}\n{before}")) }
}

/// The digests of the ticked boxes of a text, as stored in a marker.
pub(crate) fn ticked(text: &str) -> BTreeSet<String> {
    tasks(text).filter(|(task, _)| task.ticked).map(|(task, before)| mark(task.after, before)).collect()
}

/// A text after its boxes were merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MergedBoxes {
    /// The text to write.
    pub text: String,
    /// If people unticked boxes that the plan ticks: the text as the plan wants it.
    pub drift: Option<String>,
}

/// Merges the boxes of the planned text. A box that people ticked stays ticked, even if its line moved or was slightly
/// reworded. A box that the plan has changed since gets the plan's state.
pub(crate) fn merge(planned: &str, base_ticked: &BTreeSet<String>, observed: &str, drift: Drift) -> MergedBoxes {
    let there: BTreeMap<(&str, usize), bool> =
        tasks(observed).map(|(task, before)| ((task.after, before), task.ticked)).collect();
    let lines: BTreeSet<(&str, usize)> = tasks(planned).map(|(task, before)| (task.after, before)).collect();
    // Lines that are no longer planned may be the earlier wording of a new line.
    let mut gone: Vec<Line<'_>> =
        there.iter().filter(|(line, _)| !lines.contains(*line)).map(|(line, ticked)| (*line, *ticked)).collect();
    let new = lines.iter().filter(|line| !there.contains_key(*line)).count();
    if gone.len().saturating_mul(new) > MOST_PAIRS {
        gone.clear();
    }
    let (mut merged, mut wanted) = (Vec::new(), Vec::new());
    for (task, before) in tasks(planned) {
        let line = (task.after, before);
        let old = there.get(&line).map(|ticked| (line, *ticked)).or_else(|| reworded(task.after, &mut gone));
        let (box_merged, box_wanted) = match old {
            None => (task.ticked, task.ticked),
            // People tick boxes as they work, so that is not drift. Unticking a box that the plan ticks is.
            Some((old, observed)) => match (task.ticked, base_ticked.contains(&mark(old.0, old.1)), observed) {
                (true, true, false) => (drift == Drift::Restore, true),
                (planned, base, observed) if planned == base => (observed, observed),
                (planned, ..) => (planned, planned),
            },
        };
        merged.push(box_merged);
        wanted.push(box_wanted);
    }
    let drift = (merged != wanted).then(|| with(planned, wanted));
    MergedBoxes { text: with(planned, merged), drift }
}

/// Applies the plan's box changes to a text that people edited, on the lines that still exist.
pub(crate) fn follow(observed: &str, base_ticked: &BTreeSet<String>, planned: &str) -> String {
    let planned: BTreeMap<String, bool> =
        tasks(planned).map(|(task, before)| (mark(task.after, before), task.ticked)).collect();
    let merged = tasks(observed).map(|(task, before)| {
        let mark = mark(task.after, before);
        match planned.get(&mark) {
            Some(ticked) if *ticked != base_ticked.contains(&mark) => *ticked,
            _ => task.ticked,
        }
    });
    with(observed, merged)
}

/// How people left the boxes of a planned text, one after the other: nothing where the plan has no box like that on GitHub,
/// or changed it since.
pub(crate) fn observed(planned: &str, base_ticked: &BTreeSet<String>, observed: &str) -> Vec<Option<bool>> {
    let there: BTreeMap<(&str, usize), bool> =
        tasks(observed).map(|(task, before)| ((task.after, before), task.ticked)).collect();
    let one = |(task, before): (Checkbox<'_>, usize)| {
        let is_changed = task.ticked != base_ticked.contains(&mark(task.after, before));
        there.get(&(task.after, before)).copied().filter(|_| !is_changed)
    };
    tasks(planned).map(one).collect()
}

/// Whether each box of a text is ticked.
pub(crate) fn states(text: &str) -> Vec<bool> {
    tasks(text).map(|(task, _)| task.ticked).collect()
}

/// A text with one of its boxes as it is given.
pub(crate) fn with_box(text: &str, at: usize, ticked: bool) -> String {
    let boxes: Vec<bool> =
        tasks(text).enumerate().map(|(number, (task, _))| if number == at { ticked } else { task.ticked }).collect();
    with(text, boxes)
}

/// Finds and removes the most similar candidate that a new line may have been reworded from.
fn reworded<'t>(text: &str, gone: &mut Vec<Line<'t>>) -> Option<Line<'t>> {
    let scores = gone.iter().map(|((old, _), _)| strsim::normalized_damerau_levenshtein(old, text)).enumerate();
    let (at, score) = scores.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (score >= REWORDED).then(|| gone.remove(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(planned: &str, base: &str, observed: &str) -> String {
        merge(planned, &ticked(base), observed, Drift::Keep).text
    }

    #[test]
    fn ticks_survive_moved_and_slightly_reworded_lines() {
        let observed = "- [x] Points where it is told\n- [ ] Weighs 3 kg\n- [x] gone for good\n";
        let planned = "- [ ] Weighs 3 kg\n- [ ] Points where it was told\n- [ ] brand new thing";
        assert_eq!(
            merged(planned, "", observed),
            "- [ ] Weighs 3 kg\n- [x] Points where it was told\n- [ ] brand new thing"
        );
    }

    #[test]
    fn boxes_that_the_plan_ticks_or_unticks_follow_the_plan() {
        assert_eq!(merged("- [x] a", "", "- [ ] a"), "- [x] a");
        assert_eq!(merged("- [ ] a", "- [x] a", "- [x] a"), "- [ ] a");
        assert_eq!(merged("- [x] a", "- [x] a", "- [ ] a"), "- [ ] a");
    }

    #[test]
    fn unticking_by_people_is_drift_and_ticking_is_not() {
        let merge = |planned, base, observed, drift| merge(planned, &ticked(base), observed, drift);
        let (planned, observed) = ("- [x] a\n- [ ] b", "- [ ] a\n- [x] b");
        let kept = merge(planned, planned, observed, Drift::Keep);
        assert_eq!((kept.text.as_str(), kept.drift.as_deref()), (observed, Some("- [x] a\n- [x] b")));
        let restored = merge(planned, planned, observed, Drift::Restore);
        assert_eq!((restored.text.as_str(), restored.drift), ("- [x] a\n- [x] b", None));
    }

    #[test]
    fn edited_text_follows_the_boxes_that_the_plan_changes() {
        let observed = "- [ ] a\n- [x] b\n- [ ] c, they say";
        assert_eq!(
            follow(observed, &BTreeSet::new(), "- [x] a\n- [ ] b\n- [x] c"),
            "- [x] a\n- [x] b\n- [ ] c, they say"
        );
    }

    #[test]
    fn equal_lines_keep_their_own_boxes() {
        assert_eq!(merged("- [ ] a\n- [ ] a", "", "- [x] a\n- [ ] a"), "- [x] a\n- [ ] a");
        let planned = "- [ ] a\n- [x] a";
        assert_eq!(merged(planned, planned, "- [x] a\n- [ ] a"), "- [x] a\n- [ ] a", "both are people's");
        assert_eq!(merged(planned, "- [ ] a\n- [ ] a", "- [ ] a\n- [ ] a"), planned, "the plan ticked the second");
    }
}
