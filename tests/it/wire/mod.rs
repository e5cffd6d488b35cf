//! GitHub's limits, quirks and failures: each has a test that fails without its handling. Time is played, so that
//! nothing waits.

mod faults;
mod gone;
mod interleaved;
mod limits;
mod lost;
mod partial;
mod quirks;
pub(crate) mod run;
pub(crate) mod same;
mod servers;
