//! `pull`: what people changed on GitHub, written into the plan.

use std::path::Path;

use anyhow::Result;

use super::args::{PullArgs, PullFormat};
use super::exit::Exit;
use super::findings::report_findings;
use super::{output, repository};
use crate::app::plans;
use crate::app::pull::{Also, pull, replace};
use crate::plan::settings::Overrides;
use crate::render;
use crate::report::pull::PullReport;

/// Writes what people changed into the plans' files. It is handed nothing that it could write to on GitHub.
pub(super) async fn run(args: &PullArgs) -> Result<Exit> {
    repository::named(&args.target)?;
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::default())?)?;
    if plans::stop_apply(&plans) {
        output::error("nothing was pulled, because the plan is not read as it is meant");
        return Ok(Exit::Failed);
    }
    let snapshot = repository::observe(&args.target, &args.trust).await?;
    let reports = pull(&plans, &snapshot, Also { new: args.new, keys: args.keys }).await?;
    let writes = !args.check && args.format == PullFormat::Text;
    for report in &reports {
        present(args, report, writes)?;
    }
    let is_pending = args.check && reports.iter().any(PullReport::is_changed);
    Ok(if is_pending { Exit::Pending } else { Exit::Done })
}

fn present(args: &PullArgs, report: &PullReport<'_>, writes: bool) -> Result<()> {
    let name = report.plan.source.name.as_str();
    let is_stdin = name == "-";
    if writes && !is_stdin && report.is_changed() {
        replace(Path::new(name), &report.text)?;
    }
    let text = render::pull::text(report, writes);
    match args.format {
        PullFormat::Diff => {
            output::plain(&render::pull::patch(report))?;
            output::say(&text);
        }
        // The text of a plan that came in on standard input goes out on standard output.
        PullFormat::Text if is_stdin && writes => {
            output::plain(&report.text)?;
            output::say(&text);
        }
        PullFormat::Text => output::styled(&text)?,
    }
    Ok(())
}
