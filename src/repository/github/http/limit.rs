//! Detects GitHub's rate limits, and computes how long to wait.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::failure::RefusedRequest;

/// The wait for a limit that does not state its end.
const UNKNOWN_LIMIT: Duration = Duration::from_secs(60);

/// The wait that a rate limit asks for, and the reason; `None` if the response is not a rate limit. `now` is in seconds
/// since 1970.
pub(super) fn find(refusal: &RefusedRequest, headers: &HeaderMap, now: u64) -> Option<(Option<Duration>, String)> {
    // GraphQL reports rate limits with status 200.
    if !matches!(refusal.status.as_u16(), 200 | 403 | 429) {
        return None;
    }
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let message = refusal.message.to_lowercase();
    if let Some(seconds) = number("retry-after") {
        return Some((Some(Duration::from_secs(seconds)), "GitHub asks for a pause (secondary rate limit)".into()));
    }
    if number("x-ratelimit-remaining") == Some(0) {
        // One second extra, because both clocks count whole seconds.
        let left = number("x-ratelimit-reset").map(|end| end.saturating_sub(now).saturating_add(1));
        let why = "GitHub says that the token's requests of this hour are used up";
        return Some((left.map(Duration::from_secs), why.into()));
    }
    let is_limit = refusal.status == StatusCode::TOO_MANY_REQUESTS
        || message.contains("rate limit")
        || message.contains("abuse detection");
    is_limit.then(|| (None, "GitHub asks for a pause and does not say how long (secondary rate limit)".into()))
}

/// The time to wait for a limit to end: as long as GitHub asks, but longer each time, because a server may state no
/// wait at all, or a time in the past.
pub(super) fn pause(asked: Option<Duration>, limits: u32) -> Duration {
    let earlier = limits.saturating_sub(1);
    let least = if earlier == 0 { Duration::ZERO } else { Duration::from_secs(1) * 2u32.saturating_pow(earlier - 1) };
    asked.map_or(UNKNOWN_LIMIT * 2u32.saturating_pow(earlier), |asked| asked.max(least))
}
