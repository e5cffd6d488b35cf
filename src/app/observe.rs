//! Observes a repository once, before anything is decided.

use anyhow::Result;

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
