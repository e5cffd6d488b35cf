//! The diff: what it takes to get from the observed state to the planned one, as a list of typed changes.
//!
//! A plan and a snapshot come in, a [`Diff`] goes out. Nothing here awaits, prints or writes. Rendering and applying
//! use the same diff, so what was shown is what is done.

mod batch;
pub(crate) mod boxes;
mod builder;
pub mod change;
mod changes;
mod compare;
mod digest;
mod edit;
mod field;
mod fields;
mod issue_ref;
mod issues;
mod labels;
mod links;
pub mod merge;
mod merged_text;
mod milestones;
mod order;
mod pins;
mod renamed_labels;
mod short_digest;
pub mod text;
mod twins;
pub mod written;

pub use self::change::{
    Change, IdentityEdits, IssueChange, IssueEdits, Kind, LabelChange, LabelEdits, LinkChange, LinkEdit, MarkerUpdate,
    MilestoneChange, MilestoneEdits, Op, ParentName,
};
pub use self::changes::{Closing, Diff, MASS_CLOSE, MASS_CLOSE_SHARE, MASS_CLOSE_SMALL, Summary};
pub use self::compare::diff;
pub use self::digest::ChangeDigest;
pub use self::edit::{Edit, MemberEdit, Why};
pub use self::field::{Field, FieldChange};
pub use self::issue_ref::IssueRef;
pub use self::written::{IssueText, MilestoneText};
