//! The digest that a reviewer approves: made from the changes as data, sorted, never from rendered text.

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::change::{Change, Kind, Op};
use super::field::FieldChange;

/// A change without what may differ between preview and apply, such as the numbers that GitHub assigns.
#[derive(Serialize)]
struct Canonical<'c> {
    kind: Kind,
    op: Op,
    key: &'c str,
    fields: Vec<FieldChange<'c>>,
}

/// The digest of one change: equal if the same happens to the same thing for the same reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChangeDigest([u8; 32]);

impl ChangeDigest {
    /// The first `N` bytes, at most 32.
    pub fn beginning<const N: usize>(self) -> [u8; N] {
        const { assert!(N <= 32) };
        std::array::from_fn(|at| self.0[at])
    }
}

impl fmt::Display for ChangeDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Change {
    /// The digests that a reviewer approves: one for each part of the change that can come true on its own. Numbers
    /// that GitHub assigns are left out.
    pub fn digests(&self) -> Vec<ChangeDigest> {
        parts(self)
    }
}

/// The digest of a list of changes: `sha256:` and 64 hexadecimal digits.
pub(crate) fn of(changes: &[Change]) -> String {
    let mut digests: Vec<String> = changes.iter().map(|change| of_one(change).to_string()).collect();
    digests.sort();
    format!("sha256:{}", sha256(digests.join("\n").as_bytes()))
}

/// The digests of the parts of a change. Each changed field of an existing thing is a part, because some of them may
/// come true before the others. Any other change is a single part.
pub(crate) fn parts(change: &Change) -> Vec<ChangeDigest> {
    match change.op() {
        Op::Update | Op::Rename | Op::Adopt => {
            change.fields().into_iter().map(|field| part(change, vec![field])).collect()
        }
        Op::Create | Op::Reopen | Op::Close | Op::Link | Op::Unlink | Op::Pin | Op::Unpin => vec![of_one(change)],
    }
}

fn of_one(change: &Change) -> ChangeDigest {
    part(change, change.fields())
}

fn part(change: &Change, mut fields: Vec<FieldChange<'_>>) -> ChangeDigest {
    fields.sort();
    // Whether a change is called an update, a rename or an adoption depends on its other fields.
    let op = if matches!(change.op(), Op::Rename | Op::Adopt) { Op::Update } else { change.op() };
    let canonical = Canonical { kind: change.kind(), op, key: change.key(), fields };
    #[expect(clippy::expect_used, reason = "texts and lists always have a JSON form")]
    let json = serde_json::to_string(&canonical).expect("a change is plain data");
    sha256(json.as_bytes())
}

fn sha256(bytes: &[u8]) -> ChangeDigest {
    ChangeDigest(Sha256::digest(bytes).into())
}
