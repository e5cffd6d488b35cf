//! Which issue and which milestone is which plan item.

pub mod block;
pub mod marker;
pub mod matching;
