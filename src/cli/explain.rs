//! `explain`: how each line of a plan was read.

use anyhow::Result;

use super::args::{ExplainArgs, ExplainFormat};
use super::exit::Exit;
use super::findings::report_findings;
use super::output;
use crate::app::plans;
use crate::plan::Reading;
use crate::plan::settings::Overrides;
use crate::render;

/// Shows documents line by line, including those with errors.
pub(super) fn run(args: &ExplainArgs) -> Result<Exit> {
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::default())?)?;
    let exit = if plans::has_errors(&plans) { Exit::Failed } else { Exit::Done };
    let readings: Vec<Reading> = plans.into_iter().map(|loaded| loaded.reading).collect();
    match args.format {
        ExplainFormat::Json => output::plain(&render::json::outlines(&readings)?)?,
        ExplainFormat::Text => {
            let texts: Vec<String> =
                readings.iter().filter_map(|reading| reading.plan.as_ref()).map(render::outline_text::render).collect();
            output::styled(&texts.join("\n"))?;
        }
    }
    Ok(exit)
}
