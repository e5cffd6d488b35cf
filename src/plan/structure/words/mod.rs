//! The words that plans are made of, in the languages that plans were seen in. Everything is compared in lower case.

mod designator;
mod role;
mod state;
mod topic;

pub use self::designator::{is_epic, is_weak, milestone};
pub use self::role::{Role, is_other_document, is_plan, is_prose, role};
pub use self::state::{glyph, is_done, last_glyph};
pub use self::topic::{Topic, is_criteria, topic};
