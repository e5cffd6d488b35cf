//! A report of what people changed.

use anyhow::Result;

use super::Work;
use crate::commands::compare::compare;
use crate::commands::plans::Located;
use crate::commands::{Outcome, output};
use crate::model::snapshot::Snapshot;
use crate::plan::Severity;
use crate::render::{comment, drift, markdown, text};
use crate::standing::standings;

impl Work {
    /// Reports what people changed, and how far the milestones are.
    pub(super) async fn drift(&mut self, plans: &[Located<'_>], snapshot: &Snapshot) -> Result<Outcome> {
        let compared = compare(plans, snapshot).await?;
        self.outputs(&compared)?;
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut has_drift = false;
        for (located, compared) in plans.iter().zip(&compared) {
            let vanished = located.vanished(compared.plan, snapshot).await?;
            let standings = standings(compared.plan, snapshot, &vanished, today);
            let counts = compared.diff.summary();
            let edits = counts.drift + counts.conflict;
            has_drift |= edits > 0;
            output::group(&format!("Drift of {}", located.path), &text::render(&compared.diff))?;
            let sentence = drift::sentence(&compared.diff);
            output::styled(&format!("{}: {sentence}.\n{}", located.path, drift::standings(&standings)))?;
            if edits > 0 {
                let severity = if self.inputs.fail_on_drift { Severity::Error } else { Severity::Warning };
                self.remark(severity, &format!("{}: {sentence}.", located.path))?;
            }
            let document = drift::document(&compared.preview(), &standings);
            self.runner.summarise(&comment::cut(
                "",
                &document,
                &markdown::footer(&compared.diff),
                self.runner.room(),
                None,
            ))?;
        }
        Ok(if has_drift && self.inputs.fail_on_drift { Outcome::Failed } else { Outcome::Done })
    }
}
