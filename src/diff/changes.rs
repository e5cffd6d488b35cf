//! All changes between a repository and a plan, with what goes along with them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Change, Kind, MarkerUpdate, Op};
use super::digest;
use super::edit::Why;
use crate::matching::Notice;
use crate::model::snapshot::{IssueNumber, MilestoneNumber};
use crate::plan::{PlanId, PlanKey};

/// An apply that would close more issues of removed items than this, and more than one in [`MASS_CLOSE_SHARE`] of those
/// that it manages, stops before it writes anything.
pub const MASS_CLOSE: usize = 5;
/// The share that goes with [`MASS_CLOSE`]: one in so many.
pub const MASS_CLOSE_SHARE: usize = 5;
/// An apply that would close at least so many, and more than half of what it manages, stops as well: a handful empties a
/// small plan.
pub const MASS_CLOSE_SMALL: usize = 2;

/// Which issues of removed items would be closed, of how many that the plan manages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// Issues that would be closed because their items left the plan, with their titles.
    pub leaving: Vec<(IssueNumber, String)>,
    /// Issues that the plan manages.
    pub managed: usize,
}

impl Closing {
    /// Whether it is so much that somebody has to allow it.
    pub fn is_mass(&self) -> bool {
        let (leaving, managed) = (self.leaving.len(), self.managed);
        let is_much = leaving > MASS_CLOSE && leaving * MASS_CLOSE_SHARE > managed;
        is_much || leaving >= MASS_CLOSE_SMALL && leaving * 2 > managed
    }
}

/// Everything that has to change for a repository to be as a plan wants it.
#[derive(Debug, Clone)]
pub struct Diff {
    /// The plan.
    pub plan: PlanId,
    /// What it was compared with; nothing for the empty repository.
    pub target: Option<String>,
    /// The changes in the order in which they are made.
    pub changes: Vec<Change>,
    /// What people changed and what stays so: drift, in the shape of the changes that would undo it.
    pub drift: Vec<Change>,
    /// How many labels, milestones and issues are as they should be.
    pub unchanged: usize,
    /// The gates that find no place among the pinned issues.
    pub waiting_gates: Vec<String>,
    /// The titles of the plan's milestones in the order of the document.
    pub milestone_order: Vec<String>,
    /// What is known about whose issues they are.
    pub notices: Vec<Notice>,
    /// How much would be closed.
    pub closing: Closing,
    /// The numbers of the milestones that exist, by title, and those of the plan by the title it gives them.
    pub milestone_numbers: BTreeMap<String, MilestoneNumber>,
    /// The new issues that have links, a pin or a closing, so that the request that creates them does not finish them.
    pub unfinished: BTreeSet<PlanKey>,
    /// The issues whose items other issues already are, with those.
    pub duplicates: BTreeMap<IssueNumber, IssueNumber>,
    /// Issues whose marker is written although no change of their own says so.
    pub marker_updates: Vec<MarkerUpdate>,
}

/// How many changes of which sort a diff has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Labels, milestones and issues to create.
    pub create: usize,
    /// Labels, milestones and issues to update, rename or adopt.
    pub update: usize,
    /// Milestones and issues to close.
    pub close: usize,
    /// Milestones and issues to open again.
    pub reopen: usize,
    /// Labels, milestones and issues that are as they should be.
    pub unchanged: usize,
    /// Fields that people changed and that the plan did not.
    pub drift: usize,
    /// Fields that both changed.
    pub conflict: usize,
}

impl Diff {
    /// Whether nothing changes that people could see.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether an apply has nothing to write at all.
    pub fn writes_nothing(&self) -> bool {
        self.changes.is_empty() && self.marker_updates.is_empty()
    }

    /// Counts the changes.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { unchanged: self.unchanged, ..Summary::default() };
        for change in &self.changes {
            match change.op() {
                Op::Create => summary.create += 1,
                Op::Update | Op::Rename | Op::Adopt => summary.update += 1,
                Op::Close => summary.close += 1,
                Op::Reopen => summary.reopen += 1,
                Op::Link | Op::Unlink | Op::Pin | Op::Unpin => {}
            }
        }
        // A parent that people chose goes for the one that comes, and is one value with it.
        let counts = |change: &&Change| change.op() != Op::Unlink;
        for field in self.changes.iter().chain(&self.drift).filter(counts).flat_map(Change::fields) {
            match field.why {
                Why::Plan => {}
                Why::Drift => summary.drift += 1,
                Why::Conflict => summary.conflict += 1,
            }
        }
        summary
    }

    /// How many changes are of an op and kind.
    pub fn count(&self, op: Op, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.op() == op && change.kind() == kind).count()
    }

    /// What a reviewer approves: a digest of all changes as data, the same in whatever order a document has them.
    pub fn digest(&self) -> String {
        digest::of(&self.changes)
    }
}
