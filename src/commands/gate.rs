//! `gate`: whether a release may go out.

use std::collections::BTreeSet;

use anyhow::{Result, bail, ensure};

use super::plans::Located;
use super::{Outcome, output, plans, target};
use crate::cli::{GateArgs, ReleaseArgs};
use crate::gate::{Asked, Unknown, Verdict, judge};
use crate::model::snapshot::Snapshot;
use crate::plan::settings::Overrides;
use crate::plan::{Plan, PlanId};
use crate::render;

/// Judges a release, and fails where it may not go out.
pub async fn run(args: &GateArgs) -> Result<Outcome> {
    let plans = plans::read(&args.plans, &Overrides::default())?;
    if plans::has_errors(&plans) {
        return Ok(Outcome::Failed);
    }
    let snapshot = target::observe(&args.target, &args.trust).await?;
    let ReleaseArgs { milestone, tag } = &args.release;
    let asked = match (milestone, tag) {
        (Some(milestone), _) => Asked::Milestone(milestone),
        (None, tag) => Asked::Tag(tag.as_deref().unwrap_or_default()),
    };
    let judged = judge_all(&plans, &snapshot, asked).await?;
    for (_, verdict) in &judged {
        output::styled(&render::gate::text(asked, verdict))?;
    }
    Ok(if judged.iter().all(|(_, verdict)| verdict.is_open()) { Outcome::Done } else { Outcome::Failed })
}

/// What each plan that knows a release says of it.
///
/// # Errors
///
/// When none knows it.
pub async fn judge_all<'p>(
    plans: &'p [Located<'_>],
    snapshot: &Snapshot,
    asked: Asked<'_>,
) -> Result<Vec<(&'p Plan, Verdict)>> {
    let blockers: Vec<String> = snapshot.unknown.blockers.iter().map(ToString::to_string).collect();
    ensure!(
        blockers.is_empty(),
        "GitHub did not say what blocks {}, although it was asked again, so it is not known whether the gate is open; \
         run it again",
        blockers.join(", ")
    );
    let mut judged = Vec::new();
    let mut unknown: Vec<(&PlanId, Unknown)> = Vec::new();
    for located in plans {
        let Some(plan) = &located.reading.plan else { continue };
        let vanished: BTreeSet<PlanId> = located.vanished(plan, snapshot).await?;
        match judge(plan, snapshot, &vanished, asked) {
            Ok(verdict) => judged.push((plan, verdict)),
            Err(error) => unknown.push((&plan.id, error)),
        }
    }
    if judged.is_empty() {
        bail!("{}", render::gate::unknown(&unknown, asked));
    }
    Ok(judged)
}
