//! plan-action keeps GitHub's milestones and issues in line with a plan written in markdown.
//!
//! Data moves in one direction: a [`plan`] is read and checked, a [`snapshot`](model::snapshot) of a [`repository`] is
//! observed, and their [`diff`] is [`render`]ed or [`apply`]-ed. No module uses a later one. The use cases in [`app`]
//! combine these stages; [`cli`] and [`actions`] present their outcomes.

#![warn(clippy::too_many_lines)]

pub mod actions;
pub mod app;
pub mod apply;
pub mod cli;
pub mod diff;
pub mod import;
pub mod matching;
pub mod model;
pub mod plan;
pub mod pull;
pub mod render;
pub mod report;
pub mod repository;
pub mod review;
pub mod stop;
