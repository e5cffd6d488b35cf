//! The gate of a release, whose tag was pushed.

use anyhow::Result;

use super::action_run::ActionRun;
use crate::app::gate::judge_all;
use crate::app::plans::LoadedPlan;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::model::snapshot::Snapshot;
use crate::plan::Severity;
use crate::render::{comment, gate};
use crate::report::gate::Asked;

impl ActionRun {
    /// Judges the release of a tag.
    pub(super) async fn gate(&mut self, plans: &[LoadedPlan<'_>], snapshot: &Snapshot, tag: &str) -> Result<Exit> {
        let asked = Asked::Tag(tag);
        let judged = judge_all(plans, snapshot, asked).await?;
        let is_open = judged.iter().all(|(_, verdict)| verdict.is_open());
        self.runner.output("gate", if is_open { "open" } else { "shut" })?;
        for (plan, verdict) in &judged {
            output::styled(&gate::text(asked, verdict))?;
            let document = gate::document(&plan.id, asked, verdict, &self.summary_links());
            self.runner.summarise(&comment::cut("", &document, "", self.runner.room(), None))?;
            if !verdict.is_open() {
                self.annotate(Severity::Error, &format!("{}.", gate::sentence(asked, verdict)))?;
            }
        }
        Ok(if is_open { Exit::Done } else { Exit::Failed })
    }
}
