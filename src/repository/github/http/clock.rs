//! A clock that tests can replace, so that they do not have to wait.

use std::time::Duration;

/// A source of time.
pub trait Clock {
    /// The time since a fixed point.
    fn now(&self) -> Duration;
    /// The wall-clock time in seconds since 1970. GitHub states the end of its limits this way.
    fn unix(&self) -> u64;
    /// Waits for a duration.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()>;
}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// A clock that starts now.
    pub fn new() -> Self {
        Self { start: std::time::Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn unix(&self) -> u64 {
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    async fn sleep(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}
