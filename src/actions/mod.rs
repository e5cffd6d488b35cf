//! GitHub Actions: the only door to the runner. It is a thin edge around the rest, not a layer in it: what an event
//! asks for and what a workflow says come in, outputs, annotations and the job's summary go out.

pub mod command;
pub mod event;
pub mod inputs;
pub mod report;
