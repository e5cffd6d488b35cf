//! What is reported, as values: previews, refusals, the gate of a release, the progress of milestones, drift. Plans,
//! snapshots and diffs come in; `render` turns what goes out into text.

pub(crate) mod drift;
pub mod gate;
pub(crate) mod milestone_progress;
pub(crate) mod preview;
pub(crate) mod refusal;
