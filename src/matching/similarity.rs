//! How alike two titles are, and which titles are most alike.
//!
//! Titles are not compared each with each. An index finds the few that share the most telling words and parts of words;
//! only these are compared letter by letter. What all of it may cost is bounded by [`Work`].

use std::collections::HashMap;

/// From three of five letters on, titles count as two wordings of the same.
const ALIKE: (usize, usize) = (3, 5);
/// How much of a title counts: GitHub's titles are no longer.
const MOST_LETTERS: usize = 256;
/// How many entries of the index are looked at for one title.
const MOST_ENTRIES: usize = 1_000;
/// How many titles are compared letter by letter with one title.
const MOST_COMPARED: usize = 8;

/// What comparing may cost, and did cost so far.
#[derive(Debug)]
pub struct Work {
    /// How many steps may be made: entries of the index that are looked at, and pairs of letters that are compared.
    pub most_steps: usize,
    /// How many were made.
    pub steps: usize,
}

impl Default for Work {
    /// About as much as a release build does in half a second.
    fn default() -> Self {
        Self { most_steps: 150_000_000, steps: 0 }
    }
}

impl Work {
    fn is_exhausted(&self) -> bool {
        self.steps >= self.most_steps
    }
}

/// How far apart two titles are, compared with the length of the longer one.
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

/// What was found for a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearest {
    /// The place of the title that is most alike.
    Alike(usize),
    /// None is alike.
    Nothing,
    /// Not every title that may be alike could be compared.
    NotCompared,
}

/// Whether two titles count as two wordings of the same.
pub fn is_alike(a: &str, b: &str) -> bool {
    let (a, b) = (letters(a), letters(b));
    distance(&a, &b, most_edits(a.len().max(b.len())), &mut Work::default()).is_some()
}

/// The best mutual pairs: each is the other's nearest. Which of two equally near titles wins is decided by the order of
/// the lists. With the pairs comes the number of titles on the left that were not compared with all that may be alike.
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

/// For each title on the left, the one on the right that is most alike.
pub fn nearest(left: &[&str], right: &[&str], work: &mut Work) -> Vec<Nearest> {
    if left.is_empty() || right.is_empty() {
        return vec![Nearest::Nothing; left.len()];
    }
    let right: Vec<Vec<char>> = right.iter().map(|title| letters(title)).collect();
    let mut index = Index::new(&right);
    left.iter().map(|title| index.nearest(&letters(title), &right, work)).collect()
}

/// A word, or three letters of it; `None` stands before and behind the word.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Feature<'t> {
    Word(&'t [char]),
    Part([Option<char>; 3]),
}

/// The features of a title, each once.
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

/// Which titles have which features.
struct Index<'t> {
    titles: HashMap<Feature<'t>, Vec<usize>>,
    /// How much each title has in common with the one that is looked up; all zero in between.
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

    /// The titles that share the most with one, the rarest features first; and whether even the rarest was looked at as
    /// a whole.
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
            // A feature that few titles have tells more than one that many have.
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

/// The letters of a title in lower case, as far as they count.
fn letters(title: &str) -> Vec<char> {
    title.chars().flat_map(char::to_lowercase).take(MOST_LETTERS).collect()
}

/// How many edits there may be between titles that are alike.
fn most_edits(letters: usize) -> usize {
    letters * (ALIKE.1 - ALIKE.0) / ALIKE.1
}

/// The number of letters that were added, left out, changed or swapped with their neighbour between two titles; nothing
/// where there are more than `most`. Only what can lie within `most` is computed (Ukkonen's band).
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
