//! Why a diff is not applied, and which changes were not reviewed, in sentences.

use super::{applied, notices};
use crate::diff::Change;
use crate::report::refusal::{Refusal, Unreviewed};

/// Why a diff is not applied.
pub fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Notice(notice) => notices::sentence(notice),
        Refusal::MassClose(closing) => notices::mass_close(closing),
        Refusal::Unreviewed(changes) => format!(
            "{} `reviewed: require` stops here. Merge the changes with a pull request whose preview shows them, or run once \
             with `reviewed: warn`.",
            unreviewed(changes)
        ),
    }
}

/// The changes that were not reviewed.
pub fn unreviewed(Unreviewed { changes, unknown }: &Unreviewed) -> String {
    let changes: Vec<&Change> = changes.iter().collect();
    let sentence = format!("{}.", applied::unseen(&changes));
    match unknown {
        Some(unknown) => format!("{sentence} {unknown}"),
        None => sentence,
    }
}
