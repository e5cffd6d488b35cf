//! `preview`: what would change. It is handed nothing that it could write to.

use anyhow::Result;

use super::compare::{Compared, compare};
use super::{Outcome, output, plans, target};
use crate::cli::{PreviewArgs, PreviewFormat};
use crate::diff::Diff;
use crate::plan::Diagnostic;
use crate::plan::settings::Overrides;
use crate::render;

/// Shows what an apply would do.
pub async fn run(args: &PreviewArgs) -> Result<Outcome> {
    let plans = plans::read(&args.plans, &Overrides::from(&args.settings))?;
    if plans::has_errors(&plans) {
        return Ok(Outcome::Failed);
    }
    let snapshot = target::observe(&args.target, &args.trust).await?;
    let compared = compare(&plans, &snapshot).await?;
    let each = |render: fn(&Compared<'_>) -> String| compared.iter().map(render).collect::<Vec<_>>().join("\n");
    match args.format {
        PreviewFormat::Text => output::styled(&each(|it| render::text::render(&it.diff)))?,
        PreviewFormat::Markdown => output::plain(&each(|it| render::markdown::render(&it.preview())))?,
        PreviewFormat::Json => output::plain(&json(&compared)?)?,
    }
    let refused = compared.iter().any(Compared::is_refused);
    let pending = compared.iter().any(|compared| !compared.diff.is_empty());
    Ok(match (refused, pending && args.exit_code) {
        (true, _) => Outcome::Failed,
        (_, true) => Outcome::Pending,
        _ => Outcome::Done,
    })
}

/// Everything that would change, for programs.
pub fn json(compared: &[Compared<'_>]) -> Result<String> {
    let diffs: Vec<(&Diff, &[Diagnostic])> = compared.iter().map(|it| (&it.diff, it.diagnostics)).collect();
    render::json::diffs(&diffs)
}
