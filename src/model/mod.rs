//! Ids, names, limits and the snapshot. Every module may use this one; it uses no other.

pub mod block;
pub mod key;
pub mod limits;
pub mod looked_through;
pub mod marker;
pub mod plan_location;
pub mod secret;
pub mod snapshot;
pub mod text;

pub use self::key::{PlanId, PlanKey};
