//! What people and programs read: plans, diffs and diagnostics as text, markdown, JSON and pictures.
//!
//! All sentences for people live here and in the diagnostics. Everything comes in as data and goes out as one string.

pub mod applied;
pub mod comment;
pub mod diagnostics;
pub mod drift;
pub mod escape;
pub mod fit;
pub mod gate;
pub mod json;
pub mod markdown;
pub mod mermaid;
pub mod notices;
pub mod plan_text;
pub mod progress;
pub mod summary;
pub mod text;
mod unified;

use std::collections::BTreeMap;

use crate::diff::{Change, Diff};

/// Changes under the titles of their milestones in the order of the document, those without one last.
fn by_milestone<'d>(diff: &'d Diff, changes: impl IntoIterator<Item = &'d Change>) -> Vec<(&'d str, Vec<&'d Change>)> {
    let mut groups: BTreeMap<(usize, &str), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let title = change.milestone().unwrap_or("No milestone");
        let rank = diff.milestone_order.iter().position(|other| *other == title).unwrap_or(usize::MAX);
        groups.entry((rank, title)).or_default().push(change);
    }
    groups.into_iter().map(|((_, title), changes)| (title, changes)).collect()
}
