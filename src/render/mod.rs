//! What people and programs read: plans, diffs and diagnostics as text, markdown, JSON and pictures.
//!
//! All sentences for people live here and in the diagnostics. Everything comes in as data and goes out as one string.

pub mod diagnostics;
mod escape;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod notices;
pub mod plan_text;
pub mod progress;
pub mod summary;
pub mod text;
mod unified;
