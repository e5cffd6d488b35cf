//! `checklist`: a heading for each milestone, its tasks below as checkboxes, its acceptance criteria too.
//!
//! ```markdown
//! # Milestone 1 — Walls
//! ## Tasks
//! - [ ] Lay the bricks
//!   - [ ] the north side
//! ## Acceptance Criteria
//! - [ ] It stands
//! ```

use super::Dialect;
use crate::plan::structure::Carrier;
use crate::plan::structure::survey::Survey;

/// The reader.
pub struct Checklist;

impl Dialect for Checklist {
    fn name(&self) -> &'static str {
        "checklist"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Boxes]
    }

    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize {
        if carrier == Carrier::Boxes { survey.boxes.saturating_sub(survey.keyed_boxes) } else { 0 }
    }

    fn shape(&self) -> &'static str {
        "give each milestone a heading (`# Milestone 1: Title`), and list its tasks below as boxes (`- [ ] Title`)"
    }
}
