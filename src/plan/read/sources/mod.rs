//! One file for each thing that can carry an issue.

pub(super) mod commands;
pub(super) mod lines;
pub(super) mod rows;
