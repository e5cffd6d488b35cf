//! Faults at a chosen request, and runs that take turns.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::Fault;
use crate::wire::run::PlayedClock;

/// A fault at one request, and what happens to the requests after it.
pub(crate) struct Disaster {
    /// The number of requests that succeed first.
    after: usize,
    /// The fault, until it has happened.
    fault: Option<Fault>,
    /// What happens to later requests.
    then: Then,
}

/// What happens to the requests after the fault.
pub(crate) enum Then {
    /// All succeed.
    Well,
    /// They are answered with 502 until this time has passed on the test clock.
    Outage(PlayedClock, Duration),
    /// None arrives.
    Dead,
}

impl Disaster {
    pub(crate) fn new(after: usize, fault: Fault, then: Then) -> Self {
        Self { after, fault: Some(fault), then }
    }

    /// The fault for the next request, if any.
    pub(super) fn fault(&mut self) -> Option<Fault> {
        if self.after > 0 {
            self.after -= 1;
            return None;
        }
        if let Some(fault) = self.fault.take() {
            if let Then::Outage(clock, time) = &mut self.then {
                *time += clock.time();
            }
            return Some(fault);
        }
        match &self.then {
            Then::Outage(clock, end) if clock.time() < *end => Some(Fault::message(502, "Bad Gateway")),
            Then::Well | Then::Outage(..) => None,
            Then::Dead => Some(Fault::ResetBefore),
        }
    }
}

/// Reproducible random numbers.
pub(crate) struct Random(pub u64);

impl Random {
    /// A number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap()
    }
}

/// Lets concurrent runs take turns, request by request, in an order determined by a seed.
#[derive(Default)]
pub(crate) struct Turns {
    state: Mutex<Option<State>>,
    changed: Condvar,
}

struct State {
    /// The tokens of the runs still in progress.
    runs: Vec<&'static str>,
    /// The token of the run whose turn it is.
    turn: &'static str,
    random: Random,
}

impl Turns {
    /// Makes the runs with these tokens take turns from now on.
    pub(crate) fn begin(&self, runs: &[&'static str], seed: u64) {
        let mut random = Random(seed);
        let turn = runs[random.below(runs.len())];
        *self.state.lock().unwrap() = Some(State { runs: runs.to_vec(), turn, random });
    }

    /// Removes a finished run from the turns.
    pub(crate) fn end(&self, run: &'static str) {
        self.change(|state| {
            state.runs.retain(|other| *other != run);
            state.next();
        });
    }

    /// Waits until it is the run's turn.
    pub(super) fn wait(&self, run: Option<&'static str>) {
        let Some(run) = run else { return };
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let must_wait = |state: &mut Option<State>| {
            state.as_ref().is_some_and(|state| state.runs.contains(&run) && state.turn != run)
        };
        drop(self.changed.wait_while(state, must_wait).unwrap_or_else(PoisonError::into_inner));
    }

    /// Ends the run's turn.
    pub(super) fn pass(&self, run: Option<&'static str>) {
        self.change(|state| {
            if Some(state.turn) == run {
                state.next();
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        if let Some(state) = self.state.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            change(state);
        }
        self.changed.notify_all();
    }
}

impl State {
    fn next(&mut self) {
        if !self.runs.is_empty() {
            self.turn = self.runs[self.random.below(self.runs.len())];
        }
    }
}
