//! `tracker`: a heading for each item with `Title`, `Status`, `Priority` and `Labels`, its description in a fence.
//!
//! ```markdown
//! ### Item 1
//! **Title:** Tune the piano
//! **Status:** Done
//! **Priority:** High
//! **Labels:** music, upkeep
//! **Description:**
//! (a fence with the text)
//! ```

use super::Dialect;
use crate::plan::structure::Carrier;
use crate::plan::structure::survey::Survey;

/// The reader.
pub struct Tracker;

impl Dialect for Tracker {
    fn name(&self) -> &'static str {
        "tracker"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Headings]
    }

    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize {
        if carrier == Carrier::Headings && survey.titled * 2 > survey.headings.len() { survey.tracked * 2 } else { 0 }
    }

    fn shape(&self) -> &'static str {
        "give each item a heading, and below it the fields `Title`, `Status`, `Priority`, `Labels` and `Description`"
    }
}
