//! Short digests of lines and texts, for use in markers.

use sha2::{Digest, Sha256};

/// The first 8 bytes of the SHA-256 digest, in hexadecimal.
pub(super) fn short(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
