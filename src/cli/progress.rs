//! The progress of an apply: a bar on a terminal, a line every few seconds in a log.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::apply::Progress;
use crate::diff::Change;
use crate::render::text::{op_word, subject};

/// The shortest time between two lines in a log.
const INTERVAL: Duration = Duration::from_secs(3);

thread_local! {
    /// The bar on the terminal.
    static SHOWN: RefCell<Option<ProgressBar>> = const { RefCell::new(None) };
}

/// Writes to the terminal without damaging the bar, if there is one.
pub(super) fn aside(write: impl FnOnce()) {
    match SHOWN.with_borrow(Clone::clone) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Shows the progress of an apply on standard error.
#[derive(Debug)]
pub enum Reporter {
    /// To a person.
    Bar(ProgressBar),
    /// To nobody.
    Quiet,
    /// To a log.
    Lines {
        /// How many changes there are.
        total: usize,
        /// How many have begun.
        begun: usize,
        /// When the last line was written.
        last: Instant,
        /// The shortest time between two lines.
        interval: Duration,
        /// Writes a line.
        say: fn(&str),
    },
}

impl Reporter {
    /// A bar for a number of changes.
    pub fn bar(total: usize) -> Self {
        let bar = ProgressBar::new(total as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:30.green} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        SHOWN.set(Some(bar.clone()));
        Self::Bar(bar)
    }

    /// A reporter that writes to a log now and then; `say` writes a line.
    pub fn lines(total: usize, say: fn(&str)) -> Self {
        Self::Lines { total, begun: 0, last: Instant::now(), interval: INTERVAL, say }
    }

    /// A reporter that writes each change to a log; `say` writes a line.
    pub fn each(total: usize, say: fn(&str)) -> Self {
        Self::Lines { total, begun: 0, last: Instant::now(), interval: Duration::ZERO, say }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
            SHOWN.set(None);
        }
    }
}

impl Progress for Reporter {
    fn begin(&mut self, change: &Change) {
        let what = format!("{} {}", op_word(change.op()), subject(change));
        match self {
            Self::Bar(bar) => {
                bar.set_message(what);
                bar.inc(1);
            }
            Self::Quiet => {}
            Self::Lines { total, begun, last, interval, say } => {
                *begun += 1;
                if last.elapsed() >= *interval {
                    *last = Instant::now();
                    say(&format!("{begun} of {total}: {what}\n"));
                }
            }
        }
    }
}
