//! `preview`: what would change. It is handed nothing that it could write to.

use anyhow::Result;

use super::args::{PreviewArgs, PreviewFormat};
use super::exit::Exit;
use super::findings::report_findings;
use super::{output, repository};
use crate::app::plans;
use crate::app::preview::{Compared, compare};
use crate::plan::settings::Overrides;
use crate::render;
use crate::report::preview::Preview;

/// Shows what an apply would do.
pub(super) async fn run(args: &PreviewArgs) -> Result<Exit> {
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::from(&args.settings))?)?;
    if plans::has_errors(&plans) {
        return Ok(Exit::Failed);
    }
    let snapshot = repository::observe_for(&plans, &args.target, &args.trust).await?;
    let compared = compare(&plans, &snapshot).await?;
    let each = |render: fn(&Compared<'_>) -> String| compared.iter().map(render).collect::<Vec<_>>().join("\n");
    match args.format {
        PreviewFormat::Text => output::styled(&each(|it| render::text::render(&it.diff)))?,
        PreviewFormat::Markdown => output::plain(&each(|it| render::markdown::render(&it.preview())))?,
        PreviewFormat::Json => {
            let previews: Vec<Preview<'_>> = compared.iter().map(Compared::preview).collect();
            output::plain(&render::json::previews(&previews)?)?;
        }
    }
    let refused = compared.iter().any(Compared::is_refused);
    let pending = compared.iter().any(|compared| !compared.diff.is_empty());
    Ok(match (refused, pending && args.exit_code) {
        (true, _) => Exit::Failed,
        (_, true) => Exit::Pending,
        _ => Exit::Done,
    })
}
