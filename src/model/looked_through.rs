//! A hint that saves the next run from listing all issues: the time up to which a run saw every change, and the issues
//! of other accounts that had markers by then.
//!
//! The hint is stored in markers of issues opened by plan-action's account. Changes after that time are requested
//! separately, so an old hint only costs requests. A hint that is missing, damaged, or from another repository or
//! account is ignored, and all issues are listed.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};

use super::marker::ranges;
use super::snapshot::{IssueNumber, fold};

/// The time subtracted from the newest observed change, because GitHub's lists can lag.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);
/// The most ranges in a hint. More would take up too much space in an issue body.
const MOST_RANGES: usize = 500;
/// The most issues that a hint may list to be accepted.
const MOST_ISSUES: u64 = 20_000;

/// The time up to which a repository was seen, and the issues to request by number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedThrough {
    /// The id of the repository, which stays the same when it is renamed.
    repository: u64,
    /// The account, whose own issues can be requested and need not be listed.
    account: String,
    /// Changes before this time were seen.
    until: Timestamp,
    /// The issues of other accounts with markers, as ranges that include both ends.
    others: Vec<(u64, u64)>,
    /// A digest of the other fields, to detect accidental edits.
    check: String,
}

impl LookedThrough {
    /// The hint after seeing the whole repository; `None` if it would be too long. `latest` is the time of the newest
    /// change, by GitHub's clock.
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

    /// Whether the hint is valid for this repository and account. `latest` is as in [`LookedThrough::new`].
    pub fn is_of(&self, repository: u64, account: &str, latest: Timestamp) -> bool {
        let count = self.others.iter().map(|(first, last)| last.saturating_sub(*first).saturating_add(1));
        self.repository == repository
            && self.account == fold(account)
            && self.until <= latest
            && self.check == self.digest()
            && self.others.len() <= MOST_RANGES
            && count.fold(0, u64::saturating_add) <= MOST_ISSUES
    }

    /// The time from which changes have to be requested.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The issues of other accounts with markers.
    pub fn others(&self) -> impl Iterator<Item = IssueNumber> {
        self.others.iter().flat_map(|(first, last)| (*first..=*last).map(IssueNumber))
    }
}

/// Deserializes a hint, or `None` if it is invalid, so that a damaged hint does not make the whole marker unreadable.
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
    fn a_hint_is_only_valid_for_its_repository_and_account() {
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
    fn too_many_scattered_issues_give_no_hint() {
        let scattered = (0..2_000).step_by(2).map(IssueNumber).collect();
        assert_eq!(LookedThrough::new(7, "ada", moment("2026-03-01T12:00:00Z"), &scattered), None);
    }
}
