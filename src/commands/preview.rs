//! `preview`: what would change. It is handed nothing that it could write to.

use anyhow::Result;

use super::target::github_observer;
use super::{Outcome, output, plans};
use crate::apply::{Progress, apply};
use crate::cli::{PreviewArgs, PreviewFormat};
use crate::diff::{Change, Diff, diff};
use crate::plan::Diagnostic;
use crate::render;
use crate::render::markdown::Preview;
use crate::snapshot::Snapshot;
use crate::target::Observer;
use crate::target::offline::{OfflineObserver, OfflineWriter};

/// Shows what an apply would do.
pub async fn run(args: &PreviewArgs) -> Result<Outcome> {
    let plans = plans::read(&args.plans)?;
    if plans::has_errors(&plans) {
        return Ok(Outcome::Failed);
    }
    let mut snapshot = match (&args.target.offline, &args.target.repo) {
        (Some(path), _) => OfflineObserver::new(path).observe().await?,
        (None, Some(name)) => github_observer(name).await?.observe().await?,
        (None, None) => Snapshot::default(),
    };
    let mut diffs: Vec<(Diff, &[Diagnostic])> = Vec::new();
    for (at, located) in plans.iter().enumerate() {
        let Some(plan) = &located.reading.plan else { continue };
        let diff = diff(plan, &snapshot, &located.vanished(plan, &snapshot));
        if at + 1 < plans.len() {
            snapshot = after(&diff, &snapshot).await;
        }
        diffs.push((diff, located.diagnostics()));
    }
    let previews = plans.iter().filter_map(|located| located.reading.plan.as_ref()).zip(&diffs);
    let markdown = || {
        let previews = previews.map(|(plan, (diff, diagnostics))| Preview { plan, diff, diagnostics });
        previews.map(|preview| render::markdown::render(&preview)).collect::<Vec<_>>().join("\n")
    };
    let each = |render: fn(&Diff) -> String| diffs.iter().map(|(diff, _)| render(diff)).collect::<Vec<_>>().join("\n");
    match args.format {
        PreviewFormat::Text => output::styled(&each(render::text::render))?,
        PreviewFormat::Markdown => output::bytes(markdown().as_bytes())?,
        PreviewFormat::Json => output::bytes(render::json::diffs(&diffs)?.as_bytes())?,
    }
    let refused =
        diffs.iter().any(|(diff, _)| diff.notices.iter().any(super::super::identity::matching::Notice::is_error));
    let pending = diffs.iter().any(|(diff, _)| !diff.is_empty());
    Ok(match (refused, pending && args.exit_code) {
        (true, _) => Outcome::Failed,
        (_, true) => Outcome::Pending,
        _ => Outcome::Done,
    })
}

/// What a repository would be after a diff: the next plan is compared with that.
async fn after(diff: &Diff, snapshot: &Snapshot) -> Snapshot {
    let mut writer = OfflineWriter::in_memory(snapshot);
    apply(diff, &mut writer, &mut Silent).await;
    Snapshot { lacks: snapshot.lacks, ..writer.snapshot() }
}

/// Tells nobody.
struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}
