//! `tasks`: spec-kit's `tasks.md`, boxes with keys under phases.
//!
//! ```markdown
//! ## Phase 1: Setup
//! - [ ] T001 Create the project
//! - [X] T002 [P] [US1] Write src/main.rs (depends on T001)
//!
//! ## Dependencies
//! - T001 blocks T003
//! ```

use super::Dialect;
use crate::plan::structure::Carrier;
use crate::plan::structure::survey::Survey;

/// The reader.
pub struct TaskList;

impl Dialect for TaskList {
    fn name(&self) -> &'static str {
        "tasks"
    }

    fn carriers(&self) -> &'static [Carrier] {
        &[Carrier::Boxes]
    }

    fn evidence(&self, survey: &Survey, carrier: Carrier) -> usize {
        if carrier == Carrier::Boxes { survey.keyed_boxes } else { 0 }
    }

    fn shape(&self) -> &'static str {
        "give each phase a heading (`## Phase 1: Setup`), and list its tasks below (`- [ ] T001 Title`)"
    }
}
