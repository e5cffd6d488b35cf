//! From GitHub back into a plan: a plan and what people changed come in, the plan's text with these values goes out.
//!
//! Each value is changed in its own place, and nothing else. After every edit the text is read again and compared with what
//! it should say: an edit that is read otherwise, or that changes any other item, is taken back and reported. So nothing that
//! people type on GitHub can change what the plan says of anything else.

mod accepted;
mod appended;
mod candidates;
mod dates;
mod edit;
mod expected;
mod keys;
mod lists;
mod moves;
mod states;
mod titles;
mod write;

pub(crate) use self::accepted::{Accepted, Item, Unexpressible, Value, accepted, opened};
pub(crate) use self::keys::missing as missing_keys;
pub(crate) use self::write::{Pulled, write};
