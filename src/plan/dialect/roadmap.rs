//! `roadmap`: a heading for each milestone, below it bold items or bullets, labels in code spans behind them.
//!
//! ```markdown
//! ## v0.1 - Foundation (Weeks 1-2)
//! 1. **Epic: Lay the ground** `type: feature` `effort: xl`
//!    - Clear the site
//! 2. **Task: Pour the slab** `type: feature`
//!
//! **Key Decisions**: concrete or stone
//! ```

use super::Dialect;
use crate::plan::structure::Carrier;
use crate::plan::structure::survey::Survey;

/// The reader.
pub struct Roadmap;

impl Dialect for Roadmap {
    fn name(&self) -> &'static str {
        "roadmap"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Bold, Carrier::Bullets]
    }

    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize {
        match carrier {
            Carrier::Bold => survey.bold,
            Carrier::Bullets => survey.bullets,
            _ => 0,
        }
    }

    fn shape(&self) -> &'static str {
        "give each milestone a heading (`## Phase 1: Title`), and list its issues below (`1. **Task: Title** `label``)"
    }
}
