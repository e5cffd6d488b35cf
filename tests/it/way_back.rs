//! The way back: edits by people on GitHub are reported and written into the plan.

mod drift;
mod import;
mod init;
mod life;
mod pull;
