//! Answers that take as long as GitHub's do, and what a run has to wait for.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::server::Delivery;

/// The wire between a run and the double.
#[derive(Default)]
pub(crate) struct Wire(Mutex<Measured>);

#[derive(Default)]
struct Measured {
    latency: Duration,
    exchanges: Vec<(Instant, Instant)>,
    bytes: usize,
}

impl Wire {
    /// Lets every answer take so long from now on, and measures.
    pub(crate) fn slow_down(&self, latency: Duration) {
        *self.0.lock().unwrap() = Measured { latency, ..Measured::default() };
    }

    /// The number of requests since then, how many of them had to wait for one another, and the bytes of all answers.
    pub(crate) fn measured(&self) -> (usize, usize, usize) {
        let mut measured = self.0.lock().unwrap();
        measured.exchanges.sort_unstable();
        let mut depths: Vec<(Instant, usize)> = Vec::new();
        for (arrived, answered) in &measured.exchanges {
            let before = depths.iter().filter(|(end, _)| end <= arrived).map(|(_, depth)| *depth);
            depths.push((*answered, before.max().unwrap_or(0) + 1));
        }
        (depths.len(), depths.iter().map(|(_, depth)| *depth).max().unwrap_or(0), measured.bytes)
    }

    pub(super) fn end(&self, arrived: Instant, delivery: &Delivery) {
        let latency = self.0.lock().unwrap().latency;
        if latency.is_zero() {
            return;
        }
        std::thread::sleep(latency);
        let mut measured = self.0.lock().unwrap();
        measured.exchanges.push((arrived, Instant::now()));
        measured.bytes += match delivery {
            Delivery::Whole(answer) | Delivery::Held(answer, _) | Delivery::CutOff(answer) => answer.body.len(),
            Delivery::Nothing | Delivery::Silence => 0,
        };
    }
}
