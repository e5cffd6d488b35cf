//! Spaces requests so that a large plan does not hit GitHub's secondary rate limits.

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
    /// A REST request that creates visible content: 5 points, and it counts towards 80 a minute and 500 an hour.
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
}

impl Default for Pacer {
    fn default() -> Self {
        // Slightly below each limit, because GitHub's windows need not start when ours do.
        Self {
            creating_a_minute: Window::new(MINUTE, 79),
            creating_an_hour: Window::new(HOUR, 499),
            rest: Window::new(MINUTE, 895),
            graphql: Window::new(MINUTE, 1_995),
        }
    }
}

impl Pacer {
    /// How long a request has to wait; zero if it fits.
    pub(crate) fn wait(&mut self, now: Duration, cost: Cost) -> Duration {
        self.windows(cost).into_iter().map(|(window, points)| window.wait(now, points)).max().unwrap_or_default()
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
    fn times(cost: Cost, count: usize) -> Vec<Duration> {
        let mut pacer = Pacer::default();
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
    fn creating_requests_stay_under_both_limits_without_waiting_earlier_than_needed() {
        let times = times(Cost::Create, 1_200);
        assert_eq!(times[78], Duration::ZERO);
        assert!(most_in(&times, MINUTE) < 80);
        assert!(most_in(&times, HOUR) < 500);
    }

    #[test]
    fn requests_are_counted_by_their_cost() {
        assert!(most_in(&times(Cost::Read, 2_000), MINUTE) < 900);
        assert!(most_in(&times(Cost::Write, 500), MINUTE) * 5 < 900);
        assert!(most_in(&times(Cost::Mutation, 900), MINUTE) * 5 < 2_000);
    }
}
