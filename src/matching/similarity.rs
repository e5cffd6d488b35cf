//! How alike two titles are, and the pairs that are most alike.

/// From this on, titles count as two wordings of the same.
pub const ALIKE: f64 = 0.6;

/// 0 for nothing in common, 1 for equal; case does not matter.
pub fn similarity(a: &str, b: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&a.to_lowercase(), &b.to_lowercase())
}

/// The best mutual pairs among `left` and `right`: each is the other's nearest, and they are [`ALIKE`].
pub fn mutual<A, B>(left: &[A], right: &[B], score: impl Fn(&A, &B) -> f64) -> Vec<(usize, usize)> {
    let best_right = |at: usize| best(right.iter().map(|other| score(&left[at], other)));
    let best_left = |at: usize| best(left.iter().map(|other| score(other, &right[at])));
    (0..left.len())
        .filter_map(|at| best_right(at).map(|other| (at, other)))
        .filter(|(at, other)| best_left(*other) == Some(*at))
        .collect()
}

/// The place of the highest score from [`ALIKE`] on; the first of equals.
fn best(scores: impl Iterator<Item = f64>) -> Option<usize> {
    let mut best: Option<(usize, f64)> = None;
    for (at, score) in scores.enumerate() {
        if score >= ALIKE && best.is_none_or(|(_, highest)| score > highest) {
            best = Some((at, score));
        }
    }
    best.map(|(at, _)| at)
}
