//! The use cases. Plans and a repository come in, typed outcomes go out. Nothing here prints: the presenters in `cli` and
//! `actions` do, so a rule that holds for one of them holds for the other.

pub(crate) mod apply;
pub(crate) mod drift;
pub mod gate;
pub(crate) mod observe;
pub mod plans;
pub(crate) mod preview;
pub mod reviewed;
