//! Short digests of lines and texts, for markers.

use sha2::{Digest, Sha256};

/// A short digest of a line or text as it is.
pub(super) fn short(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
