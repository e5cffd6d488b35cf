//! Observes a repository once, before anything is decided.

use std::collections::BTreeSet;

use anyhow::Result;

use super::plans::LoadedPlan;
use crate::matching;
use crate::model::snapshot::Snapshot;
use crate::repository::Observer;

/// Observes a repository. The accounts in `trust` are believed in addition to people with write access.
///
/// # Errors
///
/// If the repository cannot be read.
pub(crate) async fn observe_as(repository: &impl Observer, trust: &[String]) -> Result<Snapshot> {
    let trusted = trust.iter().cloned().collect();
    Ok(Snapshot { trusted, ..repository.observe().await? })
}

/// Observes what comparing plans with a repository takes, as [`observe_as`]. That is less than everything where each item
/// of the plans has its issue.
///
/// # Errors
///
/// When the repository cannot be read.
pub(crate) async fn observe_for(
    plans: &[LoadedPlan<'_>],
    repository: &impl Observer,
    trust: &[String],
) -> Result<Snapshot> {
    let trusted: BTreeSet<String> = trust.iter().cloned().collect();
    let suffices = |snapshot| {
        let snapshot = Snapshot { trusted: trusted.clone(), ..snapshot };
        suffices(plans, &snapshot).then_some(snapshot)
    };
    let snapshot = repository.observe_plans(&suffices).await?;
    Ok(Snapshot { trusted, ..snapshot })
}

/// Whether a snapshot that lacks issues without markers shows all that comparing plans takes.
pub(crate) fn suffices(plans: &[LoadedPlan<'_>], snapshot: &Snapshot) -> bool {
    let mut plans = plans.iter().filter_map(|loaded| loaded.reading.plan.as_ref());
    plans.all(|plan| matching::needs_no_unmarked(plan, snapshot))
}
