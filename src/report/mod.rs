//! Reports as values: previews, refusals, release gates, milestone progress, drift. Plans, snapshots and diffs come in;
//! `render` turns the reports into text.

pub(crate) mod drift;
pub mod gate;
pub(crate) mod milestone_progress;
pub(crate) mod preview;
pub(crate) mod pull;
pub(crate) mod refusal;
