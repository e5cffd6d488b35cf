//! Imports a repository: a snapshot comes in, the text of a plan for it goes out.

use std::path::Path;

use anyhow::Result;

use super::plans::folder_of_plans;
use crate::import::{self, Imported, Selection};
use crate::matching;
use crate::model::PlanId;
use crate::model::snapshot::Snapshot;

/// Creates a plan from a repository. Issues that belong to an existing plan in the current folder are left to that
/// plan.
///
/// # Errors
///
/// If no plan can represent the selection, or the selection is empty.
pub(crate) fn import(snapshot: &Snapshot, selection: &Selection) -> Result<Imported> {
    let root = folder_of_plans(Path::new("."))?;
    let others = matching::other_plans(snapshot, &PlanId::new(""));
    let deleted = others.into_iter().filter(|plan| plan.is_path() && !root.join(plan.as_str()).exists()).collect();
    import::import(snapshot, selection, &deleted)
}
