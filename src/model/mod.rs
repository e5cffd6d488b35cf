//! Ids, names, limits and the snapshot: what every module may use, and that uses none of them.

pub mod block;
pub mod key;
pub mod limits;
pub mod marker;
pub mod secret;
pub mod snapshot;
pub mod text;

pub use self::key::{PlanId, PlanKey};
