//! The gate of a release, whose tag was pushed.

use anyhow::Result;

use super::Work;
use crate::commands::gate::judge_all;
use crate::commands::plans::Located;
use crate::commands::{Outcome, output};
use crate::gate::Asked;
use crate::model::snapshot::Snapshot;
use crate::plan::Severity;
use crate::render::{comment, gate};

impl Work {
    /// Judges the release of a tag.
    pub(super) async fn gate(&mut self, plans: &[Located<'_>], snapshot: &Snapshot, tag: &str) -> Result<Outcome> {
        let asked = Asked::Tag(tag);
        let judged = judge_all(plans, snapshot, asked).await?;
        let is_open = judged.iter().all(|(_, verdict)| verdict.is_open());
        self.runner.output("gate", if is_open { "open" } else { "shut" })?;
        for (plan, verdict) in &judged {
            output::styled(&gate::text(asked, verdict))?;
            let document = gate::document(&plan.id, asked, verdict);
            self.runner.summarise(&comment::cut("", &document, "", self.runner.room(), None))?;
            if !verdict.is_open() {
                self.remark(Severity::Error, &format!("{}.", gate::sentence(asked, verdict)))?;
            }
        }
        Ok(if is_open { Outcome::Done } else { Outcome::Failed })
    }
}
