//! One file for each thing that can carry an issue.

pub mod commands;
pub mod lines;
pub mod rows;
