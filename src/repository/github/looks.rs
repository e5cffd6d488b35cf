//! How long to look for something that may have been made by a request without an answer.

use std::time::Duration;

/// How long to wait before each look for what may have been created: a list can lag by some seconds.
pub(super) const LOOKS: [Duration; 4] =
    [Duration::ZERO, Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];
