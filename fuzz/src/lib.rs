//! The properties that hold for any input, however hostile, with one function for each fuzz target. Each takes bytes
//! and panics if a property is violated.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic is how a broken promise shows")]

mod answers;
mod events;
mod markers;
mod merging;
mod plans;

pub use answers::answers;
pub use events::events;
pub use markers::markers;
pub use merging::merging;
pub use plans::{front_matter, plan};

/// Runs a future that never waits for real time.
fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
