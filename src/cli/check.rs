//! `check`: the problems of plans.

use anyhow::Result;

use super::args::{CheckArgs, CheckFormat};
use super::exit::Exit;
use super::findings::{accept, report_findings};
use super::output;
use crate::app::plans::{self, LoadedPlan};
use crate::model::text::printable;
use crate::plan::Plan;
use crate::plan::settings::Overrides;
use crate::render;

/// Reads plans and prints what is wrong with them: to a person with a line for each plan, to a program as the result.
pub(super) fn run(args: &CheckArgs) -> Result<Exit> {
    let loaded = plans::load(&args.plans.plans, &Overrides::default())?;
    let plans = match args.format {
        CheckFormat::Text => report_findings(loaded)?,
        CheckFormat::Json | CheckFormat::Sarif => accept(loaded)?,
    };
    let readings = plans.iter().map(|loaded| &loaded.reading);
    match args.format {
        CheckFormat::Text => {
            for line in plans.iter().filter_map(line) {
                output::sentence(&line)?;
            }
        }
        CheckFormat::Json => output::plain(&render::json::check(readings)?)?,
        CheckFormat::Sarif => {
            output::plain(&render::sarif::render(readings.flat_map(|reading| &reading.diagnostics))?)?;
        }
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
