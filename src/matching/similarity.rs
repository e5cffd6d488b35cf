//! Title similarity, and the search for the most similar titles.
//!
//! Titles are not compared pairwise. An index finds the few titles that share the most distinctive words and trigrams,
//! and only these are compared by edit distance. [`Work`] bounds the total cost.

use std::collections::HashMap;

/// Titles are similar if at least three fifths of their letters stay the same.
const ALIKE: (usize, usize) = (3, 5);
/// The number of characters of a title that are compared. GitHub's titles are not longer.
const MOST_LETTERS: usize = 256;
/// The most index entries to look at for one title.
const MOST_ENTRIES: usize = 1_000;
/// The most titles to compare by edit distance with one title.
const MOST_COMPARED: usize = 8;

/// The cost limit for comparisons, and the cost so far.
#[derive(Debug)]
pub struct Work {
    /// The most steps. A step is an index entry looked at, or a pair of letters compared.
    pub most_steps: usize,
    /// The steps used so far.
    pub steps: usize,
}

impl Default for Work {
    /// The limit corresponds to about half a second in a release build.
    fn default() -> Self {
        Self { most_steps: 150_000_000, steps: 0 }
    }
}

impl Work {
    fn is_exhausted(&self) -> bool {
        self.steps >= self.most_steps
    }
}

/// The edit distance of two titles, relative to the length of the longer one.
#[derive(Debug, Clone, Copy)]
struct Distance {
    edits: usize,
    letters: usize,
}

impl Distance {
    fn is_less_than(self, other: Self) -> bool {
        self.edits * other.letters < other.edits * self.letters
    }
}

/// The result of searching for a similar title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearest {
    /// The index of the most similar title.
    Alike(usize),
    /// No title is similar.
    Nothing,
    /// Not every possibly similar title could be compared.
    NotCompared,
}

/// Whether two titles count as wordings of the same thing.
pub fn is_alike(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    distance(&a, &b, most_edits(a.len().max(b.len())), &mut Work::default()).is_some()
}

/// The best mutual pairs: each title is the other's nearest. Ties are resolved by the order of the lists. Also returns
/// the number of titles in `left` that could not be compared with every possible match.
pub fn mutual(left: &[&str], right: &[&str], work: &mut Work) -> (Vec<(usize, usize)>, usize) {
    let to_right = nearest(left, right, work);
    let to_left = nearest(right, left, work);
    let pairs: Vec<(usize, usize)> = to_right
        .iter()
        .enumerate()
        .filter_map(|(at, nearest)| match nearest {
            Nearest::Alike(other) if to_left[*other] == Nearest::Alike(at) => Some((at, *other)),
            _ => None,
        })
        .collect();
    let is_open = |nearest: &&Nearest| match nearest {
        Nearest::Alike(other) => to_left[*other] == Nearest::NotCompared,
        Nearest::Nothing => false,
        Nearest::NotCompared => true,
    };
    let not_compared = to_right.iter().filter(is_open).count();
    (pairs, not_compared)
}

/// For each title in `left`, the most similar title in `right`.
pub fn nearest(left: &[&str], right: &[&str], work: &mut Work) -> Vec<Nearest> {
    if left.is_empty() || right.is_empty() {
        return vec![Nearest::Nothing; left.len()];
    }
    let right: Vec<Vec<char>> = right.iter().map(|title| letters(title)).collect();
    let mut index = Index::new(&right);
    left.iter().map(|title| index.nearest(&letters(title), &right, work)).collect()
}

/// A word, or a trigram of it; `None` marks the start or the end of the word.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Feature<'t> {
    Word(&'t [char]),
    Part([Option<char>; 3]),
}

/// The distinct features of a title.
fn features(title: &[char]) -> Vec<Feature<'_>> {
    let mut features = Vec::new();
    for word in title.split(|letter| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        features.push(Feature::Word(word));
        let at = |at: usize| at.checked_sub(1).and_then(|at| word.get(at).copied());
        features.extend((0..word.len()).map(|start| Feature::Part([at(start), at(start + 1), at(start + 2)])));
    }
    features.sort_unstable();
    features.dedup();
    features
}

/// An inverted index from features to titles.
struct Index<'t> {
    titles: HashMap<Feature<'t>, Vec<usize>>,
    /// A scratch buffer with one score for each title; all zero between lookups.
    shared: Vec<u32>,
}

impl<'t> Index<'t> {
    fn new(all: &'t [Vec<char>]) -> Self {
        let mut titles: HashMap<Feature<'t>, Vec<usize>> = HashMap::new();
        for (at, title) in all.iter().enumerate() {
            for feature in features(title) {
                titles.entry(feature).or_default().push(at);
            }
        }
        Self { titles, shared: vec![0; all.len()] }
    }

    fn nearest(&mut self, title: &[char], all: &[Vec<char>], work: &mut Work) -> Nearest {
        if work.is_exhausted() {
            return Nearest::NotCompared;
        }
        let (candidates, is_whole) = self.candidates(title, work);
        let mut best: Option<(Distance, usize)> = None;
        for at in candidates {
            let other = &all[at];
            let letters = title.len().max(other.len());
            let most = best.map_or(usize::MAX, |(best, _)| best.edits * letters / best.letters.max(1));
            let edits = distance(title, other, most_edits(letters).min(most), work);
            let found = edits.map(|edits| (Distance { edits, letters }, at));
            let is_better = |(new, at): (Distance, usize)| {
                best.is_none_or(|(old, first)| new.is_less_than(old) || !old.is_less_than(new) && at < first)
            };
            if let Some(found) = found.filter(|found| is_better(*found)) {
                best = Some(found);
            }
        }
        match best {
            Some((_, at)) => Nearest::Alike(at),
            None if is_whole => Nearest::Nothing,
            None => Nearest::NotCompared,
        }
    }

    /// The titles that share the most features with `title`, weighted by rarity. The flag tells whether the rarest
    /// feature was looked at completely.
    fn candidates(&mut self, title: &[char], work: &mut Work) -> (Vec<usize>, bool) {
        let features = features(title);
        let mut lists: Vec<(&Feature<'_>, &Vec<usize>)> =
            features.iter().filter_map(|feature| Some((feature, self.titles.get(feature)?))).collect();
        lists.sort_unstable_by(|(a, left), (b, right)| left.len().cmp(&right.len()).then_with(|| a.cmp(b)));
        let is_whole = lists.first().is_none_or(|(_, list)| list.len() <= MOST_ENTRIES);
        let mut touched: Vec<usize> = Vec::new();
        let mut entries = 0;
        for (_, list) in lists {
            if entries > 0 && entries + list.len() > MOST_ENTRIES {
                break;
            }
            // A rare feature is stronger evidence than a common one.
            let weight = 1 + (self.shared.len() / list.len()).ilog2();
            for at in list.iter().take(MOST_ENTRIES) {
                if self.shared[*at] == 0 {
                    touched.push(*at);
                }
                self.shared[*at] += weight;
            }
            entries += list.len();
        }
        work.steps += entries.min(MOST_ENTRIES);
        let mut ranked: Vec<(u32, usize)> =
            touched.into_iter().map(|at| (std::mem::take(&mut self.shared[at]), at)).collect();
        ranked.sort_unstable_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.cmp(right)));
        (ranked.into_iter().take(MOST_COMPARED).map(|(_, at)| at).collect(), is_whole)
    }
}

/// The lower-case characters of a title, up to the limit.
fn letters(title: &str) -> Vec<char> {
    title.chars().flat_map(char::to_lowercase).take(MOST_LETTERS).collect()
}

/// The most edits between two similar titles.
fn most_edits(letters: usize) -> usize {
    letters * (ALIKE.1 - ALIKE.0) / ALIKE.1
}

/// The Damerau-Levenshtein distance (optimal string alignment) between two titles; `None` if it exceeds `most`. Only
/// cells within that limit are computed (Ukkonen's band).
fn distance(a: &[char], b: &[char], most: usize, work: &mut Work) -> Option<usize> {
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let too_far = most + 1;
    let mut before_last = vec![too_far; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).map(|edits| edits.min(too_far)).collect();
    let mut row = vec![too_far; b.len() + 1];
    for (i, letter) in a.iter().enumerate() {
        let (from, to) = (i.saturating_sub(most), (i + most + 1).min(b.len()));
        row[from] = if from == 0 { (i + 1).min(too_far) } else { too_far };
        let mut least = row[from];
        for j in from..to {
            let other = b[j];
            let mut edits = (last[j] + usize::from(*letter != other)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == other {
                edits = edits.min(before_last[j - 1] + 1);
            }
            row[j + 1] = edits.min(too_far);
            least = least.min(row[j + 1]);
        }
        work.steps += to - from;
        if to < b.len() {
            row[to + 1] = too_far;
        }
        if least > most {
            return None;
        }
        std::mem::swap(&mut before_last, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    Some(last[b.len()]).filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distance by definition, without a band.
    fn plain_distance(a: &[char], b: &[char]) -> usize {
        let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                rows[i][j] = match (i, j) {
                    (0, _) | (_, 0) => i + j,
                    _ => {
                        let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let edits = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                        let is_swap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                        if is_swap { edits.min(rows[i - 2][j - 2] + 1) } else { edits }
                    }
                };
            }
        }
        rows[a.len()][b.len()]
    }

    /// Deterministic pseudo-random numbers.
    fn numbers() -> impl FnMut(usize) -> usize {
        let mut state: u64 = 0x2545_f491_4f6c_dd1d;
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        }
    }

    #[test]
    fn the_banded_distance_equals_the_plain_distance_within_the_limit() {
        let mut number = numbers();
        for _ in 0..5_000 {
            let mut word = || (0..number(9)).map(|_| ['a', 'b', 'c'][number(3)]).collect::<Vec<char>>();
            let (a, b) = (word(), word());
            let (plain, most) = (plain_distance(&a, &b), number(10));
            let found = distance(&a, &b, most, &mut Work::default());
            assert_eq!(found, Some(plain).filter(|edits| *edits <= most), "{a:?} {b:?} within {most}");
        }
    }

    #[test]
    fn reworded_titles_are_similar_and_unrelated_titles_are_not() {
        for (a, b) in [
            ("Write the manual for visitors", "Write a manual for our visitors"),
            ("Grind the mirror", "grind a Mirror"),
            ("望遠鏡の鏡を磨く", "望遠鏡の鏡を磨いた"),
        ] {
            assert!(is_alike(a, b), "{a} and {b}");
            assert_eq!(nearest(&[a], &["Order 40 telescopes", b], &mut Work::default()), [Nearest::Alike(1)]);
        }
        assert!(!is_alike("Paint the door", "Order 40 telescopes"));
        assert!(is_alike("", "") && !is_alike("a", ""));
    }

    /// A checklist, and the same checklist with every title reworded.
    fn reworded(items: usize) -> (Vec<String>, Vec<String>) {
        const THINGS: [&str; 7] = ["mirror", "dome", "shutter", "mount", "cable", "lens", "clock"];
        const PLACES: [&str; 5] = ["north hall", "workshop", "archive", "roof", "cellar"];
        let title = |verb: &str, at: usize, end: &str| {
            format!("{verb} the {} number {at} in the {}{end}", THINGS[at % 7], PLACES[at / 7 % 5])
        };
        let old = (0..items).map(|at| title("Check", at, "")).collect();
        (old, (0..items).map(|at| title("Inspect", at, " again")).collect())
    }

    fn as_str(titles: &[String]) -> Vec<&str> {
        titles.iter().map(String::as_str).collect()
    }

    #[test]
    fn the_cost_of_finding_reworded_titles_does_not_grow_quadratically() {
        let steps = |items: usize| {
            let (old, new) = reworded(items);
            let mut work = Work::default();
            let (pairs, not_compared) = mutual(&as_str(&new), &as_str(&old), &mut work);
            assert_eq!(pairs, (0..items).map(|at| (at, at)).collect::<Vec<_>>());
            assert_eq!(not_compared, 0);
            work.steps
        };
        let (some, many) = (steps(500), steps(2_000));
        assert!(many < 6 * some, "{some} steps for 500 titles, {many} for 2,000");
        let each = Work::default().most_steps / crate::plan::resolve::MAX_ITEMS;
        assert!(many / 2_000 < each, "{} steps for one title; the largest plan has {each}", many / 2_000);
    }

    #[test]
    fn skipped_comparisons_are_counted() {
        let (old, new) = reworded(200);
        let mut work = Work { most_steps: 100_000, steps: 0 };
        let (pairs, not_compared) = mutual(&as_str(&new), &as_str(&old), &mut work);
        assert_eq!(pairs.len() + not_compared, 200);
        assert!(not_compared > 100 && work.steps < 120_000, "{not_compared} not compared in {} steps", work.steps);
        let common: Vec<String> = (0..MOST_ENTRIES + 1).map(|at| format!("Valve {at}")).collect();
        let found = nearest(&["Valve and something else", "Nothing"], &as_str(&common), &mut Work::default());
        assert_eq!(found, [Nearest::NotCompared, Nearest::Nothing], "too many have the only word in common");
    }

    #[test]
    fn the_pairs_do_not_depend_on_the_order_of_distinct_titles() {
        let (old, new) = reworded(60);
        let named = |new: &[&str], old: &[&str]| {
            let (pairs, _) = mutual(new, old, &mut Work::default());
            let mut named: Vec<(String, String)> =
                pairs.into_iter().map(|(new_at, old_at)| (new[new_at].to_owned(), old[old_at].to_owned())).collect();
            named.sort();
            named
        };
        let (straight, reversed) = (as_str(&new), as_str(&new).into_iter().rev().collect::<Vec<_>>());
        assert_eq!(named(&straight, &as_str(&old)), named(&reversed, &as_str(&old)));
    }
}
