//! `breakdown`: an issue for each heading with a key or fields, a list of milestones, a graph, a setup checklist that may
//! name issues to pin. Tables with a row for each issue are read by it too.
//!
//! ```markdown
//! ## Milestones
//! 1. `M1` Observe the sky
//!    - Target date: 2026-03-10
//!    - Purpose: know where to look
//!
//! ## Issues
//! ### `I1` Mount the telescope
//! - `depends_on: []`
//! - Milestone: `M1`
//! - Labels: `hardware`
//! - Acceptance criteria:
//!   - It points where it is told to.
//!
//! ## Setup checklist
//! - [ ] Pin `I1` as a release gate.
//! ```

use super::Dialect;
use crate::plan::structure::Carrier;
use crate::plan::structure::survey::Survey;

/// The reader.
pub struct Breakdown;

impl Dialect for Breakdown {
    fn name(&self) -> &'static str {
        "breakdown"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Headings, Carrier::Rows]
    }

    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize {
        match carrier {
            Carrier::Headings => survey.headings.len().saturating_sub(survey.numbered.max(survey.titled)).max(1),
            Carrier::Rows => survey.rows,
            _ => 0,
        }
    }

    fn shape(&self) -> &'static str {
        "list the milestones under a heading `Milestones` (`1. M1 Title`, below it `- Target date: 2026-03-10`), and \
         give each issue a heading (`### I1 Title`, below it `- Milestone: M1` and `- Depends on: I2`)"
    }
}
