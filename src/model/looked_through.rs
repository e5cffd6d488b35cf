//! A hint that spares looks at a whole repository: up to which moment somebody looked through it, and which issues of
//! other accounts carried markers then.
//!
//! It stands in markers of issues that plan-action's account opened. Whatever changed since that moment is asked for, so
//! an old hint costs requests and nothing else. A hint that is missing, damaged, of another repository or of another
//! account is not used: everything is listed then.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::marker::ranges;
use super::snapshot::{IssueNumber, fold};

/// How much earlier than the newest change that was seen the look is said to end: a list can lag.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);
/// The most ranges of issues that a hint lists. With more of them, it would cost too much room in a text.
const MOST_RANGES: usize = 500;
/// The most issues that are believed to be in a hint.
const MOST_ISSUES: u64 = 20_000;

/// How far a repository was looked through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedThrough {
    /// The id of the repository, which a renamed one keeps.
    repository: u64,
    /// The account whose own issues need not be listed, because they can be asked for.
    account: String,
    /// Changes before this moment were seen.
    until: Timestamp,
    /// The issues of other accounts with markers: the first and the last number of each range.
    others: Vec<(u64, u64)>,
    /// A digest of the rest, so that a slip in somebody's edit is noticed.
    check: String,
}

impl LookedThrough {
    /// The hint of somebody who saw all of a repository. `latest` is when something changed last, by GitHub's clock.
    /// There is none where it would be too long.
    pub fn new(repository: u64, account: &str, latest: Timestamp, others: &BTreeSet<IssueNumber>) -> Option<Self> {
        let until = latest.checked_sub(MARGIN).ok()?;
        let others = ranges(others);
        let mut hint = Self { repository, account: fold(account), until, others, check: String::new() };
        hint.check = hint.digest();
        (hint.others.len() <= MOST_RANGES).then_some(hint)
    }

    fn digest(&self) -> String {
        let Self { repository, account, until, others, check: _ } = self;
        let digest = Sha256::digest(format!("{repository} {account} {until} {others:?}"));
        digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether this can be used in a repository by an account. `latest` is as in [`LookedThrough::new`].
    pub fn is_of(&self, repository: u64, account: &str, latest: Timestamp) -> bool {
        let count = self.others.iter().map(|(first, last)| last.saturating_sub(*first).saturating_add(1));
        self.repository == repository
            && self.account == fold(account)
            && self.until <= latest
            && self.check == self.digest()
            && self.others.len() <= MOST_RANGES
            && count.fold(0, u64::saturating_add) <= MOST_ISSUES
    }

    /// The moment from which on changes have to be asked for.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The issues of other accounts with markers.
    pub fn others(&self) -> impl Iterator<Item = IssueNumber> {
        self.others.iter().flat_map(|(first, last)| (*first..=*last).map(IssueNumber))
    }
}

/// Reads a hint, or nothing where there is something else: a hint must not cost the marker that it stands in.
pub(super) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<LookedThrough>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_hint_is_used_only_where_and_by_whom_it_was_made() {
        let latest = moment("2026-03-01T12:00:00Z");
        let others = BTreeSet::from([3, 4, 5, 9].map(IssueNumber));
        let hint = LookedThrough::new(7, "Ada", latest, &others).unwrap();
        assert_eq!(hint.until(), moment("2026-03-01T11:50:00Z"));
        assert_eq!(hint.others().collect::<BTreeSet<_>>(), others);
        assert!(hint.is_of(7, "ada", latest));
        assert!(!hint.is_of(8, "ada", latest), "it is another repository's");
        assert!(!hint.is_of(7, "grace", latest), "it is another account's");
        assert!(!hint.is_of(7, "ada", moment("2026-03-01T11:00:00Z")), "it is of the future");
        let damaged = LookedThrough { others: vec![(3, 5)], ..hint.clone() };
        assert!(!damaged.is_of(7, "ada", latest), "an issue is missing");
        let mut endless = LookedThrough { others: vec![(0, u64::MAX), (0, u64::MAX)], ..hint };
        endless.check = endless.digest();
        assert!(!endless.is_of(7, "ada", latest));
    }

    #[test]
    fn a_long_list_is_no_hint() {
        let scattered = (0..2_000).step_by(2).map(IssueNumber).collect();
        assert_eq!(LookedThrough::new(7, "ada", moment("2026-03-01T12:00:00Z"), &scattered), None);
    }
}
