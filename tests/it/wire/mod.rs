//! GitHub's limits, quirks and failures, each with a test that fails if it is not handled. A test clock replaces all
//! waiting.

pub(crate) mod faults;
mod gone;
mod hinted;
mod interleaved;
mod limits;
mod lost;
mod partial;
mod quirks;
pub(crate) mod run;
pub(crate) mod same;
mod servers;
