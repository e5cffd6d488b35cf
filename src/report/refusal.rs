//! Why a diff is not applied.

use crate::diff::{Change, Closing, Diff};
use crate::matching::Notice;

/// Changes that no reviewed preview showed.
#[derive(Debug, Clone)]
pub struct Unreviewed {
    pub changes: Vec<Change>,
    /// Why nobody knows what reviewers were shown, in a sentence, if something could not be looked up.
    pub unknown: Option<String>,
}

/// Why a diff is not applied.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// A notice that is an error, such as a copied plan.
    Notice(Notice),
    /// It would close too many issues whose items left the plan.
    MassClose(Closing),
    /// Changes were not reviewed, and a review is required.
    Unreviewed(Unreviewed),
}

impl Refusal {
    /// Why a diff must not be applied, whoever reviewed it, if there is a reason.
    pub fn of(diff: &Diff, allow_mass_close: bool) -> Option<Self> {
        let error = diff.notices.iter().find(|notice| notice.is_error());
        let mass_close = diff.closing.is_mass() && !allow_mass_close;
        error.cloned().map(Self::Notice).or_else(|| mass_close.then(|| Self::MassClose(diff.closing.clone())))
    }
}
