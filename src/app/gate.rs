//! Decides whether a release may go out. Plans, a snapshot and a release come in; a verdict from each plan that knows
//! the release goes out.

use anyhow::{Result, bail, ensure};

use super::plans::LoadedPlan;
use crate::model::snapshot::Snapshot;
use crate::plan::{Plan, PlanId};
use crate::render;
use crate::report::gate::{Asked, UnknownRelease, Verdict, judge};

/// The verdict of each plan that knows the release.
///
/// # Errors
///
/// If no plan knows the release, or some blockers are unknown.
pub async fn judge_all<'p>(
    plans: &'p [LoadedPlan<'_>],
    snapshot: &Snapshot,
    asked: Asked<'_>,
) -> Result<Vec<(&'p Plan, Verdict)>> {
    let blockers: Vec<String> = snapshot.unknown.blockers.iter().map(ToString::to_string).collect();
    ensure!(
        blockers.is_empty(),
        "GitHub did not return the blockers of {}, even when asked again, so it is unknown whether the gate is open; \
         run the check again",
        blockers.join(", ")
    );
    let mut judged = Vec::new();
    let mut unknown: Vec<(&PlanId, UnknownRelease)> = Vec::new();
    for loaded in plans {
        let Some(plan) = &loaded.reading.plan else { continue };
        let deleted_plans = loaded.deleted_plans(plan, snapshot).await?;
        match judge(plan, snapshot, &deleted_plans, asked) {
            Ok(verdict) => judged.push((plan, verdict)),
            Err(error) => unknown.push((&plan.id, error)),
        }
    }
    if judged.is_empty() {
        bail!("{}", render::gate::unknown(&unknown, asked));
    }
    Ok(judged)
}
