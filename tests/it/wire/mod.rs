//! GitHub's limits, quirks and failures: each has a test that fails without its handling. Time is played, so that
//! nothing waits.

mod gone;
mod limits;
mod lost;
mod quirks;
pub mod run;
mod same;
mod servers;
