//! A set of digests, small enough for a comment: a Golomb-coded set, as Bitcoin's BIP 158 and browsers' lists of
//! revoked certificates use it. A digest that was never put in is taken for a member in one of 2^bits cases.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::diff::ChangeDigest;

/// The most bytes that a set may take in a comment of 65,536; the rest is for people.
const BUDGET: usize = 40_000;
/// How sure a member is, in bits; less only where the budget asks for it.
const SURE: u32 = 40;
/// How sure a member is at the least, in bits.
const LEAST: u32 = 16;

/// Digests, each as what is left of it when so few bits are kept that all of them fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestSet {
    count: u64,
    bits: u32,
    /// The distances between the sorted members, Rice-coded, in base64.
    set: String,
}

impl DigestSet {
    /// A set of some digests; none where they do not fit (about 13,000 do).
    pub fn new(digests: &BTreeSet<ChangeDigest>) -> Option<Self> {
        let count = digests.len() as u64;
        (LEAST..=SURE).rev().find_map(|bits| {
            let set = STANDARD.encode(encode(digests, count, bits));
            (set.len() <= BUDGET).then_some(Self { count, bits, set })
        })
    }

    /// The members, to ask for many of them. A set that this program cannot have made has none.
    pub fn members(&self) -> Members {
        let Self { count, bits, set } = self;
        let most = BUDGET as u64 * 8;
        let is_ours = (LEAST..=SURE).contains(bits) && set.len() <= BUDGET && *count <= most;
        let bytes = STANDARD.decode(set).ok().filter(|_| is_ours).unwrap_or_default();
        let mut reader = Bits { bytes: &bytes, at: 0 };
        let distances = (0..*count).map_while(|_| reader.distance(*bits));
        let sum = |sum: &mut u64, distance| {
            *sum += distance;
            Some(*sum)
        };
        Members { count: *count, bits: *bits, places: distances.scan(0, sum).collect() }
    }
}

/// The members of a set, ready to be asked for.
#[derive(Debug)]
pub struct Members {
    count: u64,
    bits: u32,
    /// Sorted.
    places: Vec<u64>,
}

impl Members {
    /// Whether a digest was put in.
    pub fn contains(&self, digest: ChangeDigest) -> bool {
        !self.places.is_empty() && self.places.binary_search(&place(digest, self.count, self.bits)).is_ok()
    }
}

/// Where a digest lies among `count << bits` places.
fn place(digest: ChangeDigest, count: u64, bits: u32) -> u64 {
    let places = u128::from(count) << bits;
    u64::try_from((u128::from(digest.prefix()) * places) >> 64).unwrap_or(u64::MAX)
}

fn encode(digests: &BTreeSet<ChangeDigest>, count: u64, bits: u32) -> Vec<u8> {
    let mut places: Vec<u64> = digests.iter().map(|digest| place(*digest, count, bits)).collect();
    places.sort_unstable();
    let mut writer = Writer::default();
    let mut before = 0;
    for place in places {
        let distance = place - before;
        (0..distance >> bits).for_each(|_| writer.push(true));
        writer.push(false);
        (0..bits).rev().for_each(|bit| writer.push(distance >> bit & 1 == 1));
        before = place;
    }
    writer.bytes
}

#[derive(Default)]
struct Writer {
    bytes: Vec<u8>,
    used: usize,
}

impl Writer {
    fn push(&mut self, bit: bool) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << (7 - self.used % 8);
        }
        self.used += 1;
    }
}

struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Bits<'_> {
    fn next(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1 == 1;
        self.at += 1;
        Some(bit)
    }

    fn distance(&mut self, bits: u32) -> Option<u64> {
        let mut distance = 0u64;
        while self.next()? {
            distance += 1;
        }
        for _ in 0..bits {
            distance = distance << 1 | u64::from(self.next()?);
        }
        Some(distance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Change, Op, Subject};

    fn digests(numbers: std::ops::Range<usize>) -> BTreeSet<ChangeDigest> {
        let change = |number: usize| Change {
            op: Op::Create,
            subject: Subject::Label(format!("label {number}")),
            title: String::new(),
            milestone: None,
            other: None,
            fields: Vec::new(),
        };
        numbers.map(|number| change(number).digests()[0]).collect()
    }

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        for count in [0, 1, 2, 1_000] {
            let set = DigestSet::new(&digests(0..count)).unwrap();
            let members = set.members();
            assert!(digests(0..count).iter().all(|digest| members.contains(*digest)), "{count}");
            assert!(!digests(20_000..21_000).iter().any(|digest| members.contains(*digest)), "{count}");
            assert_eq!(set.bits, SURE);
        }
    }

    #[test]
    fn many_fit_with_less_certainty_and_too_many_do_not() {
        let set = DigestSet::new(&digests(0..13_000)).unwrap();
        assert!(set.set.len() <= BUDGET && set.bits >= LEAST && set.bits < SURE);
        let members = set.members();
        assert!(digests(0..13_000).iter().all(|digest| members.contains(*digest)));
        let wrong = digests(20_000..21_000).iter().filter(|digest| members.contains(**digest)).count();
        assert!(wrong <= 1, "{wrong}");
        assert_eq!(DigestSet::new(&digests(0..15_000)), None);
    }

    #[test]
    fn a_forged_set_holds_nothing_and_ends() {
        for (count, bits, set) in [(u64::MAX, 16, "////"), (1, 200, "AAAA"), (3, 8, "not base64"), (9, 0, "AAAA")] {
            let forged = DigestSet { count, bits, set: set.into() };
            assert!(!forged.members().contains(*digests(0..1).first().unwrap()));
        }
    }
}
