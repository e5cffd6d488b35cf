//! Ids, names, limits and the snapshot: what every module may use, and that uses none of them.

pub mod key;
pub mod limits;
pub mod snapshot;

pub use self::key::{PlanId, PlanKey};
