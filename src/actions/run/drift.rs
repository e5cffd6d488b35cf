//! Presents a drift report to the workflow.

use anyhow::Result;

use super::action_run::ActionRun;
use crate::app::drift::{drift, today};
use crate::app::plans::LoadedPlan;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::model::snapshot::Snapshot;
use crate::plan::Severity;
use crate::render::{self, comment, markdown, text};

impl ActionRun {
    /// Reports what people changed, and how far the milestones are.
    pub(super) async fn drift(&mut self, plans: &[LoadedPlan<'_>], snapshot: &Snapshot) -> Result<Exit> {
        let reports = drift(plans, snapshot, today()).await?;
        self.outputs(&reports.iter().map(|report| report.compared.preview()).collect::<Vec<_>>())?;
        let fails = self.inputs.fail_on_drift;
        for report in &reports {
            let (path, diff) = (&report.compared.loaded.path, &report.compared.diff);
            output::group(&format!("Drift of {path}"), &text::render(diff))?;
            let sentence = render::drift::sentence(diff);
            let progress = render::drift::milestone_progress(&report.milestones);
            output::styled(&format!("{path}: {sentence}.\n{progress}"))?;
            if report.edits > 0 {
                let severity = if fails { Severity::Error } else { Severity::Warning };
                self.annotate(severity, &format!("{path}: {sentence}."))?;
            }
            let document =
                render::drift::document(&report.compared.preview(), &report.milestones, &self.summary_links());
            let foot = markdown::footer(diff);
            self.runner.summarise(&comment::cut("", &document, &foot, self.runner.room(), None))?;
        }
        let has_drift = reports.iter().any(|report| report.edits > 0);
        Ok(if has_drift && fails { Exit::Failed } else { Exit::Done })
    }
}
