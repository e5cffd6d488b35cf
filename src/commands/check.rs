//! `check`: read and cross-check.

use anyhow::Result;

use super::{Outcome, output, plans};
use crate::cli::PlanArgs;
use crate::render;

/// Reads plans, prints what is wrong with them, and a line for each.
pub fn run(args: &PlanArgs) -> Result<Outcome> {
    let plans = plans::read(args)?;
    for located in &plans {
        let problems = render::diagnostics::count(located.diagnostics());
        let problems = if problems.is_empty() { "no problems".to_owned() } else { problems };
        if let Some(plan) = &located.reading.plan {
            let counts = render::plan_text::counts(plan);
            output::styled(&format!("{}: {counts}: {problems}\n", plan.source.name))?;
        }
    }
    Ok(if plans::has_errors(&plans) { Outcome::Failed } else { Outcome::Done })
}
