//! Computes what plans would change. Plans and a snapshot come in, a diff for each plan goes out. No writer is
//! involved.

use anyhow::Result;

use super::plans::LoadedPlan;
use crate::apply::{Progress, RunContext, apply};
use crate::diff::{Change, Diff, diff};
use crate::matching::Notice;
use crate::model::snapshot::Snapshot;
use crate::plan::Plan;
use crate::report::preview::Preview;
use crate::repository::file::FileWriter;

/// A plan with its diff.
pub(crate) struct Compared<'p> {
    pub(crate) loaded: &'p LoadedPlan<'p>,
    pub(crate) plan: &'p Plan,
    pub(crate) diff: Diff,
}

impl Compared<'_> {
    /// Whether a notice prevents the diff from being applied.
    pub(crate) fn is_refused(&self) -> bool {
        self.diff.notices.iter().any(Notice::is_error)
    }

    /// The preview of this plan.
    pub(crate) fn preview(&self) -> Preview<'_> {
        Preview { plan: self.plan, diff: &self.diff, diagnostics: self.loaded.diagnostics() }
    }
}

/// Compares plans with a repository. Each plan is compared with the state that the plans before it would leave behind.
///
/// # Errors
///
/// If GitHub does not tell which other plans exist.
pub(crate) async fn compare<'p>(plans: &'p [LoadedPlan<'_>], snapshot: &Snapshot) -> Result<Vec<Compared<'p>>> {
    let mut snapshot = snapshot.clone();
    let mut all = Vec::new();
    for (at, loaded) in plans.iter().enumerate() {
        let Some(plan) = &loaded.reading.plan else { continue };
        let compared = compare_one(loaded, plan, &snapshot).await?;
        if at + 1 < plans.len() {
            snapshot = after(&compared.diff, &snapshot).await;
        }
        all.push(compared);
    }
    Ok(all)
}

/// Compares a single plan with a repository.
pub(super) async fn compare_one<'p>(
    loaded: &'p LoadedPlan<'_>,
    plan: &'p Plan,
    snapshot: &Snapshot,
) -> Result<Compared<'p>> {
    let diff = diff(plan, snapshot, &loaded.deleted_plans(plan, snapshot).await?);
    Ok(Compared { loaded, plan, diff })
}

/// Simulates an apply in memory and returns the resulting snapshot.
async fn after(diff: &Diff, snapshot: &Snapshot) -> Snapshot {
    let mut writer = FileWriter::in_memory(snapshot);
    apply(diff, &mut writer, &mut Silent, &RunContext::new("preview")).await;
    Snapshot {
        lacks: snapshot.lacks,
        unknown: snapshot.unknown.clone(),
        trusted: snapshot.trusted.clone(),
        parents_elsewhere: snapshot.parents_elsewhere.clone(),
        looked_through: snapshot.looked_through.clone(),
        ..writer.snapshot()
    }
}

/// Ignores progress notifications.
struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}
