//! The reasons for not applying a diff.

use crate::diff::{Change, Closing, Diff};
use crate::matching::Notice;

/// Changes that no reviewed preview showed.
#[derive(Debug, Clone)]
pub struct Unreviewed {
    pub changes: Vec<Change>,
    /// A sentence that explains why reviews could not be looked up, if that is the case.
    pub unknown: Option<String>,
}

/// Why a diff is not applied.
#[derive(Debug, Clone)]
pub enum Refusal {
    /// A notice that prevents an apply, such as a copied plan.
    Notice(Notice),
    /// The diff would close too many issues whose items left the plan.
    MassClose(Closing),
    /// Changes were not reviewed, but a review is required.
    Unreviewed(Unreviewed),
}

impl Refusal {
    /// The reason why a diff must not be applied, regardless of reviews.
    pub fn of(diff: &Diff, allow_mass_close: bool) -> Option<Self> {
        let error = diff.notices.iter().find(|notice| notice.is_error());
        let mass_close = diff.closing.is_mass() && !allow_mass_close;
        error.cloned().map(Self::Notice).or_else(|| mass_close.then(|| Self::MassClose(diff.closing.clone())))
    }
}
