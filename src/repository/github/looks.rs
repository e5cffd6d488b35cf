//! Delays between lookups of something that a request without an answer may have created.

use std::time::Duration;

/// The wait before each lookup. GitHub's lists can lag by some seconds.
pub(super) const LOOKS: [Duration; 4] =
    [Duration::ZERO, Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];
