//! `gate`: whether a release may go out.

use anyhow::Result;

use super::args::{GateArgs, ReleaseArgs};
use super::exit::Exit;
use super::findings::report_findings;
use super::{output, repository};
use crate::app::gate::judge_all;
use crate::app::plans;
use crate::plan::settings::Overrides;
use crate::render;
use crate::report::gate::Asked;

/// Checks the gate of a release; the exit code says whether it is open.
pub(super) async fn run(args: &GateArgs) -> Result<Exit> {
    // Only to refuse at once where none is named.
    repository::named(&args.target)?;
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::default())?)?;
    if plans::has_errors(&plans) {
        return Ok(Exit::Failed);
    }
    let snapshot = repository::observe(&args.target, &args.trust).await?;
    let ReleaseArgs { milestone, tag } = &args.release;
    let asked = match (milestone, tag) {
        (Some(milestone), _) => Asked::Milestone(milestone),
        (None, tag) => Asked::Tag(tag.as_deref().unwrap_or_default()),
    };
    let judged = judge_all(&plans, &snapshot, asked).await?;
    for (_, verdict) in &judged {
        output::styled(&render::gate::text(asked, verdict))?;
    }
    Ok(if judged.iter().all(|(_, verdict)| verdict.is_open()) { Exit::Done } else { Exit::Failed })
}
