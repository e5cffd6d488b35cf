//! The boxes in a text: who ticked them, and how they are merged, each by itself.

use std::collections::{BTreeMap, BTreeSet};

use super::text::short;
use crate::plan::settings::Drift;

/// From this on, two lines count as two wordings of the same.
const REWORDED: f64 = 0.7;

/// A line that is a box which can be ticked.
struct Task<'l> {
    before: &'l str,
    ticked: bool,
    after: &'l str,
}

impl Task<'_> {
    fn with(&self, ticked: bool) -> String {
        format!("{}{}{}", self.before, if ticked { 'x' } else { ' ' }, self.after)
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

/// A text with each box as a function of it says.
fn map(text: &str, mut ticked: impl FnMut(&Task<'_>) -> bool) -> String {
    let line = |line: &str| task(line).map_or_else(|| line.to_owned(), |task| task.with(ticked(&task)));
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// A text with no box ticked.
pub fn blank(text: &str) -> String {
    map(text, |_| false)
}

/// A text with every ticked box written `[x]`, as we write it; GitHub takes `[X]` for the same.
pub fn canonical(text: &str) -> String {
    map(text, |task| task.ticked)
}

/// The digests of the lines that are ticked in a text.
pub fn ticked(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(task).filter(|task| task.ticked).map(|task| short(task.after)).collect()
}

/// A text with its boxes merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The text.
    pub text: String,
    /// The boxes that people unticked although the plan has them ticked: the text as the plan would have it.
    pub drift: Option<String>,
}

/// The planned text with the boxes as the three-way merge has them: a box that people ticked stays ticked, also when
/// its line moved or was reworded a little; a box that the plan changed since is as the plan says.
pub fn merge(planned: &str, base_ticked: &BTreeSet<String>, observed: &str, drift: Drift) -> Merged {
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
    let mut wanted = Vec::new();
    let mut kept = false;
    let text = map(planned, |task| {
        let same = there.get_mut(task.after).and_then(Vec::pop);
        let before = same.map(|ticked| (task.after.to_owned(), ticked)).or_else(|| reworded(task.after, &mut gone));
        let (merged, would) = match before {
            None => (task.ticked, task.ticked),
            // To tick a box is how work gets done; to untick one that the plan has ticked is drift.
            Some((before, observed)) => match (task.ticked, base_ticked.contains(&short(&before)), observed) {
                (true, true, false) => (drift == Drift::Restore, true),
                (planned, base, observed) if planned == base => (observed, observed),
                (planned, ..) => (planned, planned),
            },
        };
        kept |= merged != would;
        wanted.push(would);
        merged
    });
    let mut wanted = wanted.into_iter();
    let drift = kept.then(|| map(planned, |task| wanted.next().unwrap_or(task.ticked)));
    Merged { text, drift }
}

/// A text that people changed, with the boxes that the plan changed since, where their lines are still there.
pub fn follow(observed: &str, base_ticked: &BTreeSet<String>, planned: &str) -> String {
    let planned: BTreeMap<&str, bool> =
        planned.lines().filter_map(task).map(|task| (task.after, task.ticked)).collect();
    map(observed, |task| match planned.get(task.after) {
        Some(ticked) if *ticked != base_ticked.contains(&short(task.after)) => *ticked,
        _ => task.ticked,
    })
}

/// The line that a new one was reworded from, with its box.
fn reworded(text: &str, gone: &mut Vec<(&str, bool)>) -> Option<(String, bool)> {
    let scores = gone.iter().map(|(old, _)| strsim::normalized_damerau_levenshtein(old, text)).enumerate();
    let (at, score) = scores.max_by(|a, b| a.1.total_cmp(&b.1))?;
    if score < REWORDED {
        return None;
    }
    let (old, ticked) = gone.remove(at);
    Some((old.to_owned(), ticked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(planned: &str, base: &str, observed: &str) -> String {
        merge(planned, &ticked(base), observed, Drift::Keep).text
    }

    #[test]
    fn ticks_survive_moves_and_small_rewordings() {
        let observed = "- [x] Points where it is told\n- [ ] Weighs 3 kg\n- [x] gone for good\n";
        let planned = "- [ ] Weighs 3 kg\n- [ ] Points where it was told\n- [ ] brand new thing";
        assert_eq!(
            merged(planned, "", observed),
            "- [ ] Weighs 3 kg\n- [x] Points where it was told\n- [ ] brand new thing"
        );
    }

    #[test]
    fn a_box_that_the_plan_ticks_is_ticked_and_one_that_it_unticks_is_not() {
        assert_eq!(merged("- [x] a", "", "- [ ] a"), "- [x] a");
        assert_eq!(merged("- [ ] a", "- [x] a", "- [x] a"), "- [ ] a");
        assert_eq!(merged("- [x] a", "- [x] a", "- [ ] a"), "- [ ] a");
    }

    #[test]
    fn a_box_that_people_unticked_is_drift_and_one_that_they_ticked_is_not() {
        let merge = |planned, base, observed, drift| merge(planned, &ticked(base), observed, drift);
        let (planned, observed) = ("- [x] a\n- [ ] b", "- [ ] a\n- [x] b");
        let kept = merge(planned, planned, observed, Drift::Keep);
        assert_eq!((kept.text.as_str(), kept.drift.as_deref()), (observed, Some("- [x] a\n- [x] b")));
        let restored = merge(planned, planned, observed, Drift::Restore);
        assert_eq!((restored.text.as_str(), restored.drift), ("- [x] a\n- [x] b", None));
    }

    #[test]
    fn a_text_that_people_changed_follows_the_boxes_that_the_plan_changes() {
        let observed = "- [ ] a\n- [x] b\n- [ ] c, they say";
        assert_eq!(
            follow(observed, &BTreeSet::new(), "- [x] a\n- [ ] b\n- [x] c"),
            "- [x] a\n- [x] b\n- [ ] c, they say"
        );
    }

    #[test]
    fn equal_lines_keep_their_own_boxes() {
        assert_eq!(merged("- [ ] a\n- [ ] a", "", "- [x] a\n- [ ] a"), "- [x] a\n- [ ] a");
    }
}
