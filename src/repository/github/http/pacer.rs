//! Keeps requests under GitHub's secondary rate limits.
//!
//! The point limits always apply. The limits on creating content apply once GitHub has asked for a pause: GitHub does
//! not enforce them strictly, and most plans are created before it asks.

use std::collections::VecDeque;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// The rate-limit cost of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// A REST read: 1 point.
    Read,
    /// A REST write: 5 points.
    Write,
    /// A REST request that creates content with notifications, such as an issue: 5 points, and it counts towards 80 a
    /// minute and 500 an hour. GitHub does not say that labels and milestones count; they are [`Cost::Write`].
    Create,
    /// A GraphQL query: 1 point.
    Query,
    /// A GraphQL mutation: 5 points.
    Mutation,
}

/// A sliding window with a limit.
#[derive(Debug)]
struct Window {
    span: Duration,
    most: u32,
    used: u32,
    requests: VecDeque<(Duration, u32)>,
}

impl Window {
    fn new(span: Duration, most: u32) -> Self {
        Self { span, most, used: 0, requests: VecDeque::new() }
    }

    fn forget_before(&mut self, now: Duration) {
        while let Some((at, points)) = self.requests.front().copied() {
            if at + self.span > now {
                break;
            }
            self.requests.pop_front();
            self.used -= points;
        }
    }

    /// How long to wait until this many points fit.
    fn wait(&mut self, now: Duration, points: u32) -> Duration {
        self.forget_before(now);
        let mut used = self.used;
        for (at, old) in &self.requests {
            if used + points <= self.most {
                return Duration::ZERO;
            }
            used -= old;
            if used + points <= self.most {
                return (*at + self.span).saturating_sub(now);
            }
        }
        Duration::ZERO
    }

    fn take(&mut self, now: Duration, points: u32) {
        self.requests.push_back((now, points));
        self.used += points;
    }
}

/// Counts requests in the windows of GitHub's limits.
#[derive(Debug)]
pub(crate) struct Pacer {
    creating_a_minute: Window,
    creating_an_hour: Window,
    rest: Window,
    graphql: Window,
    /// Whether GitHub has asked for a pause.
    is_careful: bool,
}

impl Default for Pacer {
    fn default() -> Self {
        Self {
            creating_a_minute: Window::new(MINUTE, 80),
            creating_an_hour: Window::new(HOUR, 500),
            // One request below each limit, because GitHub's minute need not start when ours does.
            rest: Window::new(MINUTE, 895),
            graphql: Window::new(MINUTE, 1_995),
            is_careful: false,
        }
    }
}

impl Pacer {
    /// How long a request has to wait; zero if it fits.
    pub(crate) fn wait(&mut self, now: Duration, cost: Cost) -> Duration {
        let points = if cost == Cost::Create && !self.is_careful { Cost::Write } else { cost };
        self.windows(points).into_iter().map(|(window, points)| window.wait(now, points)).max().unwrap_or_default()
    }

    /// Applies every limit from now on, because GitHub has asked for a pause.
    pub(crate) fn be_careful(&mut self) {
        self.is_careful = true;
    }

    /// Counts a request that is about to be sent.
    pub(crate) fn take(&mut self, now: Duration, cost: Cost) {
        for (window, points) in self.windows(cost) {
            window.take(now, points);
        }
    }

    fn windows(&mut self, cost: Cost) -> Vec<(&mut Window, u32)> {
        match cost {
            Cost::Read => vec![(&mut self.rest, 1)],
            Cost::Write => vec![(&mut self.rest, 5)],
            Cost::Create => {
                vec![(&mut self.rest, 5), (&mut self.creating_a_minute, 1), (&mut self.creating_an_hour, 1)]
            }
            Cost::Query => vec![(&mut self.graphql, 1)],
            Cost::Mutation => vec![(&mut self.graphql, 5)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The times at which requests are sent when they go out as early as allowed.
    fn times(mut pacer: Pacer, cost: Cost, count: usize) -> Vec<Duration> {
        let mut now = Duration::ZERO;
        let mut times = Vec::new();
        for _ in 0..count {
            now += pacer.wait(now, cost);
            assert_eq!(pacer.wait(now, cost), Duration::ZERO, "it waits long enough at once");
            pacer.take(now, cost);
            times.push(now);
        }
        times
    }

    fn most_in(times: &[Duration], span: Duration) -> usize {
        let within = |at: &Duration| times.iter().filter(|other| **other >= *at && **other < *at + span).count();
        times.iter().map(within).max().unwrap()
    }

    #[test]
    fn creating_requests_stay_under_both_limits_once_github_has_asked_for_a_pause() {
        let pacer = Pacer { is_careful: true, ..Pacer::default() };
        let times = times(pacer, Cost::Create, 1_200);
        assert_eq!(times[79], Duration::ZERO);
        assert_eq!((most_in(&times, MINUTE), most_in(&times, HOUR)), (80, 500));
        assert_eq!(times[499], 6 * MINUTE, "500 take six minutes, not an hour");
    }

    #[test]
    fn creating_requests_do_not_wait_until_github_asks_for_a_pause() {
        assert_eq!(times(Pacer::default(), Cost::Create, 110)[109], Duration::ZERO);
    }

    #[test]
    fn content_created_before_github_asked_for_a_pause_counts_after_it() {
        let mut pacer = Pacer::default();
        (0..100).for_each(|_| pacer.take(Duration::ZERO, Cost::Create));
        pacer.be_careful();
        assert_eq!(pacer.wait(Duration::ZERO, Cost::Create), MINUTE);
    }

    #[test]
    fn requests_are_counted_by_their_cost() {
        assert!(most_in(&times(Pacer::default(), Cost::Read, 2_000), MINUTE) < 900);
        assert!(most_in(&times(Pacer::default(), Cost::Create, 500), MINUTE) * 5 < 900);
        assert!(most_in(&times(Pacer::default(), Cost::Mutation, 900), MINUTE) * 5 < 2_000);
    }
}
