//! What is there, observed once before anything is decided.

use anyhow::Result;

use crate::model::snapshot::Snapshot;
use crate::repository::Observer;

/// Observes a repository, and trusts some accounts besides the people who may write to it.
///
/// # Errors
///
/// When the repository cannot be read.
pub(crate) async fn observe_as(repository: &impl Observer, trust: &[String]) -> Result<Snapshot> {
    let trusted = trust.iter().cloned().collect();
    Ok(Snapshot { trusted, ..repository.observe().await? })
}
