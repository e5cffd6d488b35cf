//! Reports drift and milestone progress. Plans and a snapshot come in, a report for each plan goes out.

use anyhow::Result;
use jiff::civil::Date;

use super::plans::LoadedPlan;
use super::preview::{Compared, compare};
use crate::model::snapshot::Snapshot;
use crate::report::drift::edits;
use crate::report::milestone_progress::{MilestoneProgress, milestone_progress};

/// The drift of one plan, and the progress of its milestones.
pub(crate) struct DriftReport<'p> {
    pub(crate) compared: Compared<'p>,
    pub(crate) milestones: Vec<MilestoneProgress>,
    /// The number of edits by people that differ from the plan.
    pub(crate) edits: usize,
}

/// The date of a report, in UTC.
pub(crate) fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Reports the drift of plans, and the progress of their milestones as of `today`.
///
/// # Errors
///
/// If GitHub does not tell which other plans exist.
pub(crate) async fn drift<'p>(
    plans: &'p [LoadedPlan<'_>],
    snapshot: &Snapshot,
    today: Date,
) -> Result<Vec<DriftReport<'p>>> {
    let mut reports = Vec::new();
    for compared in compare(plans, snapshot).await? {
        let deleted_plans = compared.loaded.deleted_plans(compared.plan, snapshot).await?;
        let milestones = milestone_progress(compared.plan, snapshot, &deleted_plans, today);
        let edits = edits(&compared.diff);
        reports.push(DriftReport { compared, milestones, edits });
    }
    Ok(reports)
}
