//! What people and programs read: plans, diffs and diagnostics as text, markdown, JSON and pictures.
//!
//! Sentences for people live here and in the diagnostics. Data comes in, and one string goes out.

pub mod applied;
mod by_milestone;
pub mod comment;
pub mod diagnostics;
pub mod drift;
pub mod escape;
pub mod fit;
pub mod gate;
pub mod issue_links;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod notices;
pub mod outline_text;
pub mod plan_text;
pub(crate) mod pull;
pub mod refusal;
pub mod sarif;
pub mod summary;
pub mod text;
mod unified;
pub mod workflow_command;
pub mod wrap;
