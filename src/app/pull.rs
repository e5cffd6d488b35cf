//! A pull: plans and a snapshot come in, the text of each plan with what people changed on GitHub goes out.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};

use super::plans::LoadedPlan;
use crate::diff::diff;
use crate::matching;
use crate::model::snapshot::Snapshot;
use crate::pull::{self, Pulled};
use crate::report::pull::PullReport;

/// What is pulled besides the values that people changed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Also {
    /// Issues that people opened in the plan's milestones.
    pub(crate) new: bool,
    /// Keys for items that have none.
    pub(crate) keys: bool,
}

/// Writes what people changed into the texts of plans; nothing is written to any file yet.
///
/// # Errors
///
/// When it cannot be found out which other plans exist, or a plan's text was repaired while it was read.
pub(crate) async fn pull<'p>(
    plans: &'p [LoadedPlan<'_>],
    snapshot: &Snapshot,
    also: Also,
) -> Result<Vec<PullReport<'p>>> {
    let mut reports = Vec::new();
    for loaded in plans {
        let Some(plan) = &loaded.reading.plan else { continue };
        if plan.source.text != loaded.source.text {
            bail!(
                "`{}` was decoded wrongly once; save it as it is meant before anything is pulled into it",
                loaded.path
            );
        }
        let deleted = loaded.deleted_plans(plan, snapshot).await?;
        let matches = matching::matches(plan, snapshot, &deleted);
        let diff = diff(plan, snapshot, &deleted);
        let mut changes = pull::accepted(plan, snapshot, &matches, &diff);
        if also.new {
            changes.accepted.extend(pull::opened(plan, snapshot, &matches));
        }
        if also.keys {
            changes.accepted.extend(pull::missing_keys(plan));
        }
        let Pulled { text, written, refused } = pull::write(plan, &loaded.path, changes.accepted);
        let refused = changes.unexpressible.into_iter().chain(refused).collect();
        reports.push(PullReport { path: &loaded.path, plan, text, written, refused });
    }
    Ok(reports)
}

/// A text as the file has it: with the byte order mark that the file begins with, if it does.
pub(crate) fn as_file(path: &Path, text: &str) -> String {
    let has_mark = std::fs::read(path).is_ok_and(|old| old.starts_with("\u{feff}".as_bytes()));
    if has_mark { format!("\u{feff}{text}") } else { text.to_owned() }
}

/// Puts a text in the place of a plan's file, whole. A byte order mark stays.
///
/// # Errors
///
/// When the file cannot be written; it is as it was then.
pub(crate) fn replace(path: &Path, text: &str) -> Result<()> {
    let context = || format!("cannot write `{}`; it stays as it was", path.display());
    // A link stays a link.
    let path = path.canonicalize().with_context(context)?;
    let folder = path.parent().with_context(context)?;
    let mut file = tempfile::Builder::new().prefix(".plan-action-").tempfile_in(folder).with_context(context)?;
    file.write_all(as_file(&path, text).as_bytes()).with_context(context)?;
    let permissions = path.metadata().with_context(context)?.permissions();
    file.as_file().set_permissions(permissions).with_context(context)?;
    file.persist(&path).with_context(context)?;
    Ok(())
}
