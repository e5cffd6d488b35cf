//! GitHub Actions: the event and the inputs of a workflow come in, use cases run, and their outcomes go out as annotations,
//! outputs, comments and the job's summary.

pub mod event;
pub(crate) mod inputs;
pub(crate) mod outputs;
mod run;

pub use self::run::run;
