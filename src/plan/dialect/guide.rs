//! `guide`: an `Issue #1:` heading for each issue, its title and labels below, its text in a fence; a script of `gh` lines.
//!
//! ```markdown
//! ## Issue #1: M1 - Sow
//! **Title:** `M1: Sow`
//! **Labels:** `garden`, `P0`
//! **Body:**
//! (a fence with the text)
//! ```

use super::Dialect;
use crate::plan::structure::Carrier;
use crate::plan::structure::survey::Survey;

/// The reader.
pub struct Guide;

impl Dialect for Guide {
    fn name(&self) -> &'static str {
        "guide"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Headings]
    }

    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize {
        if carrier != Carrier::Headings {
            0
        } else if survey.headings.is_empty() {
            survey.commands
        } else {
            survey.numbered.max(survey.titled)
        }
    }

    fn shape(&self) -> &'static str {
        "give each issue a heading (`## Issue #1: Title`), and below it `Labels:`, `Depends on:` and its text"
    }
}
