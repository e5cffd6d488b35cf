//! An import: a repository comes in, the text of a plan for it goes out.

use std::path::Path;

use anyhow::Result;

use super::plans::folder_of_plans;
use crate::import::{self, Imported, Selection};
use crate::matching;
use crate::model::PlanId;
use crate::model::snapshot::Snapshot;

/// Makes a plan of a repository. Issues of a plan that exists in the folder that the program runs in stay that plan's.
///
/// # Errors
///
/// When no plan can hold what is selected, or nothing is.
pub(crate) fn import(snapshot: &Snapshot, selection: &Selection) -> Result<Imported> {
    let root = folder_of_plans(Path::new("."))?;
    let others = matching::other_plans(snapshot, &PlanId::new(""));
    let deleted = others.into_iter().filter(|plan| plan.is_path() && !root.join(plan.as_str()).exists()).collect();
    import::import(snapshot, selection, &deleted)
}
