//! The use cases. Plans and a repository come in, typed outcomes go out. Nothing here prints; `cli` and `actions`
//! present the outcomes, so every rule applies to both.

pub(crate) mod apply;
pub(crate) mod drift;
pub mod gate;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod observe;
pub mod plans;
pub(crate) mod preview;
pub(crate) mod pull;
pub mod reviewed;
