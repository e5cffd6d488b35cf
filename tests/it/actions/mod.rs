//! `run`: the program in workflows, with events as GitHub sends them, against the GitHub double.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that fails here has failed")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../double/mod.rs"]
mod double;

mod events;
mod hostile;
mod landed;
mod pull_request;
mod workflow;
