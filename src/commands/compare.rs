//! From plans and what is there to what would change.

use anyhow::Result;

use super::plans::Located;
use crate::apply::{Progress, RunContext, apply};
use crate::diff::{Change, Diff, diff};
use crate::matching::Notice;
use crate::model::snapshot::Snapshot;
use crate::plan::{Diagnostic, Plan};
use crate::render::markdown::Preview;
use crate::repository::file::FileWriter;

/// A plan with what it would change.
pub struct Compared<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// The findings in its text.
    pub diagnostics: &'p [Diagnostic],
    /// What it would change.
    pub diff: Diff,
}

impl Compared<'_> {
    /// Whether the diff is one that must not be applied.
    pub fn is_refused(&self) -> bool {
        self.diff.notices.iter().any(Notice::is_error)
    }

    /// What markdown is made of.
    pub fn preview(&self) -> Preview<'_> {
        Preview { plan: self.plan, diff: &self.diff, diagnostics: self.diagnostics }
    }
}

/// Compares plans with a repository, each with what the ones before it would have made of it.
///
/// # Errors
///
/// When it cannot be found out which other plans exist.
pub async fn compare<'p>(plans: &'p [Located<'_>], snapshot: &Snapshot) -> Result<Vec<Compared<'p>>> {
    let mut snapshot = snapshot.clone();
    let mut all = Vec::new();
    for (at, located) in plans.iter().enumerate() {
        let Some(plan) = &located.reading.plan else { continue };
        let diff = diff(plan, &snapshot, &located.vanished(plan, &snapshot).await?);
        if at + 1 < plans.len() {
            snapshot = after(&diff, &snapshot).await;
        }
        all.push(Compared { plan, diagnostics: located.diagnostics(), diff });
    }
    Ok(all)
}

/// What a repository would be after a diff.
async fn after(diff: &Diff, snapshot: &Snapshot) -> Snapshot {
    let mut writer = FileWriter::in_memory(snapshot);
    apply(diff, &mut writer, &mut Silent, &RunContext::new("preview")).await;
    Snapshot {
        lacks: snapshot.lacks,
        unknown: snapshot.unknown.clone(),
        trusted: snapshot.trusted.clone(),
        parents_elsewhere: snapshot.parents_elsewhere.clone(),
        ..writer.snapshot()
    }
}

/// Tells nobody.
struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}
