//! `check`: read and cross-check.

use anyhow::Result;

use super::args::PlanArgs;
use super::exit::Exit;
use super::findings::report_findings;
use super::output;
use crate::app::plans::{self, LoadedPlan};
use crate::model::text::printable;
use crate::plan::Plan;
use crate::plan::settings::Overrides;
use crate::render;

/// Reads plans, prints what is wrong with them, and a line for each.
pub(super) fn run(args: &PlanArgs) -> Result<Exit> {
    let plans = report_findings(plans::load(&args.plans, &Overrides::default())?)?;
    for line in plans.iter().filter_map(line) {
        output::sentence(&line)?;
    }
    Ok(if plans::has_errors(&plans) { Exit::Failed } else { Exit::Done })
}

/// A plan in a line: what it holds, and how many problems it has. Nothing for a file that is no plan.
pub(crate) fn line(loaded: &LoadedPlan<'_>) -> Option<String> {
    let problems = render::diagnostics::count(loaded.diagnostics());
    let problems = if problems.is_empty() { "no problems".to_owned() } else { problems };
    let line = |plan: &Plan| {
        let (name, why) = (printable(&plan.source.name), printable(&plan.why));
        let counts = render::plan_text::counts(plan);
        format!("{name}: {counts}: {problems} (read as `{}`: {why})", plan.dialect)
    };
    loaded.reading.plan.as_ref().map(line)
}
