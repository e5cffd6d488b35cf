//! The digests of the changes that a comment shows, short enough to stand in it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::diff::ChangeDigest;

/// The most bytes that the digests may take in a comment of 65,536; the rest is for people.
const BUDGET: usize = 40_000;
/// How many bytes of each digest are kept: 6,000 changes fit into the budget, and a change that was not shown is taken
/// for one of them in one of about 180 million cases.
const KEPT: usize = 5;

/// Truncated digests, sorted, in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DigestSet(String);

impl DigestSet {
    /// Keeps the beginnings of some digests; `None` where they exceed the budget.
    pub fn new(digests: &BTreeSet<ChangeDigest>) -> Option<Self> {
        let bytes: Vec<u8> = digests.iter().flat_map(|digest| digest.beginning::<KEPT>()).collect();
        let set = STANDARD.encode(bytes);
        (set.len() <= BUDGET).then_some(Self(set))
    }

    /// The members of the set, ready to be looked up. A set that cannot be decoded has none.
    pub fn members(&self) -> Members {
        let is_ours = self.0.len() <= BUDGET;
        let bytes = STANDARD.decode(&self.0).ok().filter(|_| is_ours).unwrap_or_default();
        let (digests, _) = bytes.as_chunks();
        Members(digests.iter().copied().collect())
    }
}

/// The members of a [`DigestSet`].
#[derive(Debug)]
pub struct Members(BTreeSet<[u8; KEPT]>);

impl Members {
    /// Whether a digest is in the set.
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
    fn what_was_put_in_is_found_and_nothing_else() {
        for count in [0, 1, 2, 6_000] {
            let members = DigestSet::new(&digests(0..count)).unwrap().members();
            assert!(digests(0..count).iter().all(|digest| members.contains(*digest)), "{count}");
            assert!(!digests(20_000..21_000).iter().any(|digest| members.contains(*digest)), "{count}");
        }
    }

    #[test]
    fn more_changes_than_the_budget_holds_make_no_set() {
        assert_eq!(DigestSet::new(&digests(0..6_001)), None);
    }

    #[test]
    fn a_forged_set_has_no_members() {
        for set in ["not base64".to_owned(), "A".repeat(1 << 20), "AAAA".into()] {
            assert!(!DigestSet(set).members().contains(*digests(0..1).first().unwrap()));
        }
    }
}
