//! Signals: a cancelled job, Ctrl-C.

use std::hash::{BuildHasher, RandomState};
use std::process;
use std::time::SystemTime;

use anyhow::Result;

use super::output;
use crate::apply::RunContext;
use crate::stop::Stop;

/// The exit code of a program that a signal ends, less the signal's number.
const ENDED_BY_SIGNAL: i32 = 128;

/// Begins a run that signals stop, with an id that no other run has: the first signal asks the run to stop after the
/// request in flight, the second one ends the program at once.
///
/// # Errors
///
/// When the system does not allow listening to signals.
pub(crate) fn begin() -> Result<RunContext> {
    let (stopper, stop) = Stop::new();
    let mut signals = Signals::new()?;
    tokio::spawn(async move {
        signals.next().await;
        stopper.stop();
        output::say("stopping after the request in progress; press Ctrl-C again to stop at once\n");
        let signal = signals.next().await;
        process::exit(ENDED_BY_SIGNAL + signal);
    });
    // The standard library seeds this from the system's source of randomness.
    let id = RandomState::new().hash_one((SystemTime::now(), process::id()));
    Ok(RunContext { id: format!("{id:016x}"), stop })
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the next signal, and gives its number.
    async fn next(&mut self) -> i32 {
        use tokio::signal::unix::SignalKind;
        tokio::select! {
            _ = self.interrupt.recv() => SignalKind::interrupt().as_raw_value(),
            _ = self.terminate.recv() => SignalKind::terminate().as_raw_value(),
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> Result<Self> {
        Ok(Self)
    }

    /// Waits for the next Ctrl-C, and gives the number of the signal that it stands for.
    async fn next(&mut self) -> i32 {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        2
    }
}
