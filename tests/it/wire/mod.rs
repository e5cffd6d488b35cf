//! GitHub's limits, quirks and failures: each has a test that fails without its handling. Time is played, so that
//! nothing waits.

#![allow(clippy::unwrap_used, reason = "a test that fails here has failed")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../double/mod.rs"]
mod double;
#[path = "../generated/mod.rs"]
mod generated;
mod gone;
mod limits;
mod lost;
mod quirks;
mod run;
mod same;
mod servers;
