//! `check`: read and cross-check.

use anyhow::Result;

use super::plans::Located;
use super::{Outcome, output, plans};
use crate::cli::PlanArgs;
use crate::model::text::printable;
use crate::plan::Plan;
use crate::plan::settings::Overrides;
use crate::render;

/// Reads plans, prints what is wrong with them, and a line for each.
pub fn run(args: &PlanArgs) -> Result<Outcome> {
    let plans = plans::read(args, &Overrides::default())?;
    for located in &plans {
        output::styled(&line(located))?;
    }
    Ok(if plans::has_errors(&plans) { Outcome::Failed } else { Outcome::Done })
}

/// A plan in a line: what it holds, and how many problems it has.
pub fn line(located: &Located<'_>) -> String {
    let problems = render::diagnostics::count(located.diagnostics());
    let problems = if problems.is_empty() { "no problems".to_owned() } else { problems };
    let line = |plan: &Plan| {
        let (name, why) = (printable(&plan.source.name), printable(&plan.why));
        let counts = render::plan_text::counts(plan);
        format!("{name}: {counts}: {problems} (read as `{}`: {why})\n", plan.dialect)
    };
    located.reading.plan.as_ref().map(line).unwrap_or_default()
}
