//! Pairs items with candidates whose evidence is equal, without comparing every pair.

use std::collections::HashMap;
use std::hash::Hash;

/// What to do if several items or candidates have the same evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ties {
    /// Pair none of them, because they cannot be told apart.
    Leave,
    /// Pair them in their order.
    InOrder,
}

/// The positions of items and candidates with equal evidence, in the order of the items. `None` pairs with nothing.
pub(crate) fn equal<K: Eq + Hash>(
    items: impl Iterator<Item = Option<K>>,
    candidates: impl Iterator<Item = Option<K>>,
    ties: Ties,
) -> Vec<(usize, usize)> {
    let mut by_evidence: HashMap<K, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (at, evidence) in candidates.enumerate() {
        if let Some(evidence) = evidence {
            by_evidence.entry(evidence).or_default().1.push(at);
        }
    }
    for (at, evidence) in items.enumerate() {
        if let Some((items, _)) = evidence.and_then(|evidence| by_evidence.get_mut(&evidence)) {
            items.push(at);
        }
    }
    let is_clear = |(items, candidates): &&(Vec<usize>, Vec<usize>)| {
        ties == Ties::InOrder || items.len() == 1 && candidates.len() == 1
    };
    let clear = by_evidence.values().filter(is_clear);
    let mut pairs: Vec<(usize, usize)> =
        clear.flat_map(|(items, candidates)| items.iter().copied().zip(candidates.iter().copied())).collect();
    pairs.sort_unstable();
    pairs
}

/// Removes pairs from two lists and passes them to `found`. The rest stays in order. An item or candidate is used once
/// at most.
pub(crate) fn take<Item, Candidate>(
    items: &mut Vec<Item>,
    candidates: &mut Vec<Candidate>,
    pairs: &[(usize, usize)],
    mut found: impl FnMut(Item, Candidate),
) {
    if pairs.is_empty() {
        return;
    }
    let mut left_items: Vec<Option<Item>> = std::mem::take(items).into_iter().map(Some).collect();
    let mut left_candidates: Vec<Option<Candidate>> = std::mem::take(candidates).into_iter().map(Some).collect();
    for (item, candidate) in pairs {
        if let (Some(item), Some(candidate)) = (left_items[*item].take(), left_candidates[*candidate].take()) {
            found(item, candidate);
        }
    }
    items.extend(left_items.into_iter().flatten());
    candidates.extend(left_candidates.into_iter().flatten());
}
