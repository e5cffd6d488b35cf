//! `show`: plans as they are understood.

use anyhow::Result;

use super::args::{ShowArgs, ShowFormat};
use super::exit::Exit;
use super::findings::report_findings;
use super::output;
use crate::app::plans;
use crate::plan::settings::Overrides;
use crate::plan::{Plan, Reading};
use crate::render;

/// Shows plans, including those with errors: the output helps to find out why.
pub(super) fn run(args: &ShowArgs) -> Result<Exit> {
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::default())?)?;
    let outcome = if plans::has_errors(&plans) { Exit::Failed } else { Exit::Done };
    let readings: Vec<Reading> = plans.into_iter().map(|loaded| loaded.reading).collect();
    let each = |render: fn(&Plan) -> String| {
        readings.iter().filter_map(|reading| reading.plan.as_ref()).map(render).collect::<Vec<_>>().join("\n")
    };
    match args.format {
        ShowFormat::Json => output::plain(&render::json::plans(&readings)?)?,
        ShowFormat::Text => output::styled(&each(render::plan_text::render))?,
        ShowFormat::Mermaid => output::plain(&each(render::mermaid::graph))?,
        ShowFormat::Gantt => {
            for plan in readings.iter().filter_map(|reading| reading.plan.as_ref()) {
                if plan.milestones.iter().all(|milestone| milestone.due_on.is_none()) {
                    output::say(&format!("{}: no milestone has a due date, so the chart is empty\n", plan.source.name));
                }
            }
            output::plain(&each(render::mermaid::gantt))?;
        }
    }
    Ok(outcome)
}
