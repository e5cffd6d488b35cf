//! The diff: all changes between a repository and a plan, and the related facts that previews and applies need.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::change::{Change, Kind, MarkerUpdate, Op};
use super::digest;
use super::edit::Why;
use crate::matching::Notice;
use crate::model::looked_through::LookedThrough;
use crate::model::snapshot::{IssueNumber, MilestoneNumber};
use crate::plan::{PlanId, PlanKey};

/// Mass-close guard: an apply stops before writing if it would close more than this many issues of removed items, and
/// more than one in [`MASS_CLOSE_SHARE`] of the issues that the plan manages.
pub const MASS_CLOSE: usize = 5;
/// The share for [`MASS_CLOSE`], as one in this many.
pub const MASS_CLOSE_SHARE: usize = 5;
/// Mass-close guard for small plans: an apply also stops if it would close at least this many issues, and more than
/// half of those that the plan manages.
pub const MASS_CLOSE_SMALL: usize = 2;

/// The issues that would be closed because their items left the plan, for the mass-close guard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closing {
    /// The issues of removed items, with their titles.
    pub leaving: Vec<(IssueNumber, String)>,
    /// The number of issues that the plan manages.
    pub managed: usize,
}

impl Closing {
    /// Whether the closing needs explicit permission.
    pub fn is_mass(&self) -> bool {
        let (leaving, managed) = (self.leaving.len(), self.managed);
        let is_much = leaving > MASS_CLOSE && leaving * MASS_CLOSE_SHARE > managed;
        is_much || leaving >= MASS_CLOSE_SMALL && leaving * 2 > managed
    }
}

/// Everything that has to change to make a repository match a plan.
#[derive(Debug, Clone)]
pub struct Diff {
    /// The plan that was compared.
    pub plan: PlanId,
    /// The display name of the repository; `None` for the empty repository.
    pub target: Option<String>,
    /// The changes, in the order in which they are applied.
    pub changes: Vec<Change>,
    /// Drift: values that people changed and that stay. Each is a change that would restore the plan's value.
    pub drift: Vec<Change>,
    /// The number of labels, milestones and issues that already match the plan.
    pub unchanged: usize,
    /// The titles of the gates that are not pinned because no pin is free.
    pub waiting_gates: Vec<String>,
    /// The titles of the plan's milestones, in document order.
    pub milestone_order: Vec<String>,
    /// What matching and observation found that people should know.
    pub notices: Vec<Notice>,
    /// The counts for the mass-close guard.
    pub closing: Closing,
    /// Milestone numbers by title: existing milestones by their current title, and matched ones also by their planned
    /// title.
    pub milestone_numbers: BTreeMap<String, MilestoneNumber>,
    /// New issues with links, a pin or a state to set. The request that creates them does not finish them.
    pub unfinished: BTreeSet<PlanKey>,
    /// Duplicate issues, each with the number of the issue that is kept.
    pub duplicates: BTreeMap<IssueNumber, IssueNumber>,
    /// Issues whose marker is written although the issue has no change of its own.
    pub marker_updates: Vec<MarkerUpdate>,
    /// The hint that saves the next run from listing all issues. It is written together with other changes.
    pub looked_through: Option<LookedThrough>,
    /// Issues of the plan that were opened by the account that plan-action runs as.
    pub own_issues: BTreeSet<IssueNumber>,
}

/// The number of changes of each sort.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Labels, milestones and issues to create.
    pub create: usize,
    /// Labels, milestones and issues to update, rename or adopt.
    pub update: usize,
    /// Milestones and issues to close.
    pub close: usize,
    /// Milestones and issues to reopen.
    pub reopen: usize,
    /// Labels, milestones and issues that already match the plan.
    pub unchanged: usize,
    /// Fields that people changed and the plan did not.
    pub drift: usize,
    /// Fields that both people and the plan changed, to different values.
    pub conflict: usize,
}

impl Diff {
    /// Whether the diff contains no visible change. Markers may still be written.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether an apply has nothing to write, not even a marker.
    pub fn writes_nothing(&self) -> bool {
        self.changes.is_empty() && self.marker_updates.is_empty()
    }

    /// Counts changes by operation, and their fields by reason.
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
        // Replacing a parent that people chose takes an unlink and a link, but is one value.
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

    /// The number of changes with this operation and kind.
    pub fn count(&self, op: Op, kind: Kind) -> usize {
        self.changes.iter().filter(|change| change.op() == op && change.kind() == kind).count()
    }

    /// The digest that a reviewer approves. It covers all changes as data and does not depend on document order.
    pub fn digest(&self) -> String {
        digest::of(&self.changes)
    }
}
