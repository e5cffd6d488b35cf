//! What a reviewer approves: a digest of the changes as data, in one total order, never of prose.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Change, FieldChange, Kind, Op};

/// A change without what may differ between the preview and the apply: the numbers that GitHub gives.
#[derive(Serialize)]
struct Canonical<'c> {
    kind: Kind,
    op: Op,
    key: &'c str,
    fields: Vec<&'c FieldChange>,
}

/// The digest of a list of changes, `sha256:` and 64 hexadecimal digits.
pub fn of(changes: &[Change]) -> String {
    let mut digests: Vec<String> = changes.iter().map(of_one).collect();
    digests.sort();
    format!("sha256:{}", hex(digests.join("\n").as_bytes()))
}

fn of_one(change: &Change) -> String {
    let mut fields: Vec<&FieldChange> = change.fields.iter().collect();
    fields.sort();
    let canonical = Canonical { kind: change.kind(), op: change.op, key: change.key(), fields };
    #[expect(clippy::expect_used, reason = "texts and lists always have a JSON form")]
    let json = serde_json::to_string(&canonical).expect("a change is plain data");
    hex(json.as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
