//! The difference: from what is there to what is wanted, as a list of typed changes.
//!
//! A [`Plan`] and a [`Snapshot`] come in, a [`Diff`] goes out. Nothing here waits, prints or writes: rendering and
//! applying take the same diff, so what was shown is what is done.

mod batch;
mod boxes;
pub mod change;
mod digest;
mod edit;
mod field;
mod fields;
mod issues;
mod labels;
mod links;
pub mod merge;
mod merged_text;
mod milestones;
mod order;
mod pins;
pub mod text;
mod twins;
pub mod written;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use self::change::{
    Change, IdentityEdits, IssueChange, IssueEdits, IssueRef, Kind, LabelChange, LabelEdits, LinkChange, LinkEdit,
    MarkerUpdate, MilestoneChange, MilestoneEdits, Op, ParentName,
};
pub use self::digest::ChangeDigest;
pub use self::edit::{Edit, MemberEdit, Why};
pub use self::field::{Field, FieldChange};
pub use self::written::{IssueText, MilestoneText};

use crate::matching::{self, Matches, Notice};
use crate::model::marker::{IssueBase, Marker};
use crate::model::snapshot::{IssueNumber, MilestoneNumber, Snapshot, Unknown};
use crate::plan::settings::PinGates;
use crate::plan::{Plan, PlanId, PlanKey};

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
    pub kept: Vec<Change>,
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
        for field in self.changes.iter().chain(&self.kept).filter(counts).flat_map(Change::fields) {
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

/// What the parts of a diff are made from, and what they add to.
struct Builder<'a> {
    plan: &'a Plan,
    snapshot: &'a Snapshot,
    matches: Matches<'a>,
    records: batch::Records,
    twins: twins::Twins<'a>,
    renamed_labels: labels::Renames,
    /// The titles of issues whose keys nobody wrote, by key.
    titles: BTreeMap<&'a str, &'a str>,
    diff: Diff,
}

impl Builder<'_> {
    /// What people call an issue of the plan: a written key, else the title.
    fn called(&self, key: &PlanKey) -> String {
        self.titles.get(key.as_str()).copied().unwrap_or(key.as_str()).to_owned()
    }

    /// Whether a link, pin or closing that an issue's marker lists was ever made. For an unfinished issue that is only
    /// known where it is there.
    fn was_made(&self, number: IssueNumber, marker: &Marker<IssueBase>, is_there: bool) -> bool {
        is_there || self.records.is_finished(number, marker)
    }
}

fn milestone_numbers(plan: &Plan, snapshot: &Snapshot, matches: &Matches<'_>) -> BTreeMap<String, MilestoneNumber> {
    let there = snapshot.milestones.iter().map(|it| (it.title.clone(), it.number));
    let planned = plan.milestones.iter().filter_map(|it| {
        let matched = matches.milestones.get(&it.key)?;
        Some((it.title.clone(), matched.observed.number))
    });
    there.chain(planned).collect()
}

/// What GitHub did not say of the issues of the plan, which is neither drift nor change.
fn unknown(builder: &Builder<'_>) -> Vec<Notice> {
    let Unknown { blockers, parents, pins } = &builder.snapshot.unknown;
    let is_ours = |number: &&IssueNumber| builder.matches.key(**number).is_some();
    let links: Vec<IssueNumber> = blockers.union(parents).filter(is_ours).copied().collect();
    let pins = *pins && builder.plan.settings.pin_gates != PinGates::Leave;
    let links = Some(Notice::UnknownLinks(links)).filter(|notice| *notice != Notice::UnknownLinks(Vec::new()));
    links.into_iter().chain(pins.then_some(Notice::UnknownPins)).collect()
}

/// The difference between a plan and a repository. `vanished` are the plans that markers name and that exist no more.
pub fn diff(plan: &Plan, snapshot: &Snapshot, vanished: &BTreeSet<PlanId>) -> Diff {
    let mut matches = matching::matches(plan, snapshot, vanished);
    let diff = Diff {
        plan: plan.id.clone(),
        target: snapshot.target.clone(),
        changes: Vec::new(),
        kept: Vec::new(),
        unchanged: 0,
        waiting_gates: Vec::new(),
        milestone_order: plan.milestones.iter().map(|milestone| milestone.title.clone()).collect(),
        notices: matches.notices.clone(),
        closing: Closing::default(),
        milestone_numbers: milestone_numbers(plan, snapshot, &matches),
        unfinished: BTreeSet::new(),
        duplicates: BTreeMap::new(),
        marker_updates: Vec::new(),
    };
    let records = batch::Records::collect(snapshot);
    let twins = twins::Twins::take(&mut matches);
    let derived = plan.issues.iter().filter(|issue| issue.key.is_derived());
    let titles = derived.map(|issue| (issue.key.as_str(), issue.title.as_str())).collect();
    let renamed_labels = labels::Renames::new(plan, snapshot);
    let mut builder = Builder { plan, snapshot, matches, records, twins, renamed_labels, titles, diff };
    let pins = pins::choose(&mut builder);
    labels::compare(&mut builder);
    issues::compare(&mut builder, &pins);
    // What becomes of the issues can open a milestone again, and let one that left the plan be closed.
    milestones::compare(&mut builder);
    milestones::close_removed(&mut builder);
    let unknown = unknown(&builder);
    let mut diff = builder.diff;
    diff.notices.extend(unknown);
    order::sort(plan, &mut diff.changes);
    order::sort(plan, &mut diff.kept);
    diff.unfinished = batch::unfinished(&diff);
    diff
}
