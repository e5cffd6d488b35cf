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

/// Observes what is needed to compare these plans, like [`observe_as`]. If every planned item already has its issue,
/// that is less than the whole repository.
///
/// # Errors
///
/// If the repository cannot be read.
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

/// Whether a snapshot without unmarked issues is enough to compare the plans.
pub(crate) fn suffices(plans: &[LoadedPlan<'_>], snapshot: &Snapshot) -> bool {
    let mut plans = plans.iter().filter_map(|loaded| loaded.reading.plan.as_ref());
    plans.all(|plan| matching::needs_no_unmarked(plan, snapshot))
}
