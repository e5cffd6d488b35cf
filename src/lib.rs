//! The plan in the repository is the plan on GitHub.
//!
//! Data moves one way: a [`plan`] is read and checked, a [`snapshot`](model::snapshot) of a [`repository`] is observed, their
//! [`diff`] is [`render`]ed or [`apply`]-ed. Nothing earlier in the line knows of anything later; only [`commands`] sees all.

pub mod actions;
pub mod apply;
pub mod cli;
pub mod commands;
#[deny(unreachable_pub)]
pub mod diff;
pub mod gate;
#[deny(unreachable_pub)]
pub mod matching;
#[deny(unreachable_pub)]
pub mod model;
pub mod plan;
pub mod render;
#[deny(unreachable_pub)]
pub mod repository;
#[deny(unreachable_pub)]
pub mod review;
pub mod standing;
pub mod stop;
