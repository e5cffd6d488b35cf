//! How far an apply is: a bar on a terminal, a line now and then in a log.

use std::cell::RefCell;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::text::{op_word, subject};
use crate::apply::Progress;
use crate::diff::Change;

/// How long a log is silent at the least.
const INTERVAL: Duration = Duration::from_secs(3);

thread_local! {
    /// The bar that is on the terminal.
    static SHOWN: RefCell<Option<ProgressBar>> = const { RefCell::new(None) };
}

/// Writes to the terminal beside a bar, if there is one.
pub fn aside(write: impl FnOnce()) {
    match SHOWN.with_borrow(Clone::clone) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Tells on standard error how far an apply is.
#[derive(Debug)]
pub enum Reporter {
    /// To a person.
    Bar(ProgressBar),
    /// To a log.
    Lines {
        /// How many changes there are.
        total: usize,
        /// How many have begun.
        begun: usize,
        /// When the last line was written.
        last: Instant,
    },
}

impl Reporter {
    /// A reporter for so many changes.
    pub fn new(total: usize) -> Self {
        if std::io::stderr().is_terminal() {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template("{bar:30.green} {pos}/{len} {wide_msg}") {
                bar.set_style(style);
            }
            SHOWN.set(Some(bar.clone()));
            Self::Bar(bar)
        } else {
            Self::Lines { total, begun: 0, last: Instant::now() }
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
            SHOWN.set(None);
        }
    }
}

impl Progress for Reporter {
    fn begin(&mut self, change: &Change) {
        let what = format!("{} {}", op_word(change.op), subject(change));
        match self {
            Self::Bar(bar) => {
                bar.set_message(what);
                bar.inc(1);
            }
            Self::Lines { total, begun, last } => {
                *begun += 1;
                if last.elapsed() >= INTERVAL {
                    *last = Instant::now();
                    // Nobody may be there to read it; that is no reason to stop half-way.
                    _ = writeln!(std::io::stderr(), "{begun} of {total}: {what}");
                }
            }
        }
    }
}
