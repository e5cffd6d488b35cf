//! `drift`: what people changed on GitHub, and how far the milestones are.

use anyhow::Result;

use super::args::{DriftArgs, PreviewFormat};
use super::exit::Exit;
use super::findings::report_findings;
use super::preview::links;
use super::{output, repository};
use crate::app::drift::{DriftReport, drift, today};
use crate::app::plans;
use crate::plan::settings::Overrides;
use crate::render;
use crate::render::issue_links::IssueLinks;
use crate::report::preview::Preview;

/// Reports drift. It is handed nothing that it could write to.
pub(super) async fn run(args: &DriftArgs) -> Result<Exit> {
    repository::named(&args.target)?;
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::default())?)?;
    if plans::has_errors(&plans) {
        return Ok(Exit::Failed);
    }
    let snapshot = repository::observe(&args.target, &args.trust).await?;
    let reports = drift(&plans, &snapshot, today()).await?;
    let links = links(args.target.repo.as_deref());
    match args.format {
        PreviewFormat::Text => output::styled(&reports.iter().map(text).collect::<Vec<_>>().join("\n"))?,
        PreviewFormat::Markdown => {
            let documents: Vec<String> = reports.iter().map(|report| markdown(report, &links)).collect();
            output::plain(&documents.join("\n"))?;
        }
        PreviewFormat::Json => {
            let previews: Vec<Preview<'_>> = reports.iter().map(|report| report.compared.preview()).collect();
            output::plain(&render::json::previews(&previews)?)?;
        }
    }
    let has_drift = reports.iter().any(|report| report.edits > 0);
    Ok(if has_drift && args.exit_code { Exit::Pending } else { Exit::Done })
}

fn text(report: &DriftReport<'_>) -> String {
    let DriftReport { compared, milestones, edits: _ } = report;
    let sentence = render::drift::sentence(&compared.diff);
    let progress = render::drift::milestone_progress(milestones);
    format!("{}\n{}: {sentence}.\n{progress}", render::text::render(&compared.diff), compared.loaded.path)
}

fn markdown(report: &DriftReport<'_>, links: &IssueLinks) -> String {
    let DriftReport { compared, milestones, edits: _ } = report;
    let document = render::drift::document(&compared.preview(), milestones, links);
    format!("{}{}", document.whole(), render::markdown::footer(&compared.diff))
}
