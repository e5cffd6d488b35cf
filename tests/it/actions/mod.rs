//! `run`: the program in workflows, with events as GitHub sends them, against the GitHub double.

mod events;
mod hostile;
mod landed;
mod pull_request;
pub(crate) mod workflow;
