//! A compact set of the digests of the changes that a comment shows.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::diff::ChangeDigest;

/// The most bytes that the digests may take up in a comment of 65,536 bytes. The rest is for visible text.
const BUDGET: usize = 40_000;
/// The number of bytes kept of each digest. 6,000 changes fit into the budget; with that many, about one in 180 million
/// changes that were not shown is mistaken for one that was.
const KEPT: usize = 5;

/// Truncated digests, sorted and base64-encoded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DigestSet(String);

impl DigestSet {
    /// Stores truncated digests; `None` if they exceed the budget.
    pub fn new(digests: &BTreeSet<ChangeDigest>) -> Option<Self> {
        let bytes: Vec<u8> = digests.iter().flat_map(|digest| digest.beginning::<KEPT>()).collect();
        let set = STANDARD.encode(bytes);
        (set.len() <= BUDGET).then_some(Self(set))
    }

    /// Decodes the set for lookups. A set that cannot be decoded is empty.
    pub fn members(&self) -> Members {
        let is_ours = self.0.len() <= BUDGET;
        let bytes = STANDARD.decode(&self.0).ok().filter(|_| is_ours).unwrap_or_default();
        let (digests, _) = bytes.as_chunks();
        Members(digests.iter().copied().collect())
    }
}

/// A decoded [`DigestSet`].
#[derive(Debug)]
pub struct Members(BTreeSet<[u8; KEPT]>);

impl Members {
    /// Whether the set contains the truncated digest.
    pub fn contains(&self, digest: ChangeDigest) -> bool {
        self.0.contains(&digest.beginning::<KEPT>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Change, LabelChange, LabelEdits, Op};

    fn digests(numbers: std::ops::Range<usize>) -> BTreeSet<ChangeDigest> {
        let change = |number: usize| {
            let (name, edits) = (format!("label {number}"), LabelEdits::default());
            Change::Label(LabelChange { op: Op::Create, name, edits })
        };
        numbers.map(|number| change(number).digests()[0]).collect()
    }

    #[test]
    fn a_set_contains_its_digests_and_no_others() {
        for count in [0, 1, 2, 6_000] {
            let members = DigestSet::new(&digests(0..count)).unwrap().members();
            assert!(digests(0..count).iter().all(|digest| members.contains(*digest)), "{count}");
            assert!(!digests(20_000..21_000).iter().any(|digest| members.contains(*digest)), "{count}");
        }
    }

    #[test]
    fn too_many_changes_for_the_budget_give_no_set() {
        assert_eq!(DigestSet::new(&digests(0..6_001)), None);
    }

    #[test]
    fn a_forged_set_is_empty() {
        for set in ["not base64".to_owned(), "A".repeat(1 << 20), "AAAA".into()] {
            assert!(!DigestSet(set).members().contains(*digests(0..1).first().unwrap()));
        }
    }
}
