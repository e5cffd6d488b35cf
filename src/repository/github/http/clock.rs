//! Time, so that tests need not wait for it.

use std::time::Duration;

/// Where time comes from.
pub trait Clock {
    /// The time since some fixed moment.
    fn now(&self) -> Duration;
    /// The wall clock's time, in seconds since 1970, as GitHub gives the ends of its limits.
    fn unix(&self) -> u64;
    /// Waits.
    fn sleep(&self, time: Duration) -> impl Future<Output = ()>;
}

/// The machine's time.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    start: std::time::Instant,
}

impl SystemClock {
    /// A clock that begins now.
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
