//! From a repository to a plan: a snapshot comes in, the text of a plan goes out, with what it cannot hold.
//!
//! The text is checked before anybody sees it: it is read again, and compared with the snapshot as an apply would. What is
//! read otherwise is written in a stricter form, and left out where no form holds it. Whatever is left out of the plan stays
//! as it is on GitHub.

mod document;
mod draft;
mod markdown;
mod selection;
mod verify;

use std::collections::BTreeSet;
use std::fmt;

use anyhow::{Result, bail};

pub(crate) use self::selection::Selection;
pub(crate) use self::selection::State;
use crate::model::PlanId;
use crate::model::snapshot::{IssueNumber, Snapshot};

/// A plan for a repository.
#[derive(Debug)]
pub(crate) struct Imported {
    /// The text of the plan.
    pub(crate) text: String,
    /// How many milestones and issues it has.
    pub(crate) milestones: usize,
    pub(crate) issues: usize,
    /// What it does not hold, each with a reason.
    pub(crate) left_out: BTreeSet<LeftOut>,
}

/// Something that the plan does not hold. It stays as it is on GitHub.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LeftOut {
    pub(crate) why: Reason,
    pub(crate) what: Subject,
}

/// What is not in the plan, or not whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Issue(IssueNumber),
    Milestone(String),
    Label(String),
}

/// Why something is not in the plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// An apply would not believe that the issue is the plan's.
    Stranger,
    OtherPlan(PlanId),
    Marker,
    Title,
    Ambiguous,
    Unreadable,
    Text,
    TextSize,
    Gate,
    NotPlanned,
    Label(String),
    Assignee(String),
    DependsOn(String),
    Parent(String),
    MilestoneTitle,
    MilestoneState,
    MilestoneText,
    LabelText,
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issue(number) => write!(formatter, "{number}"),
            Self::Milestone(title) | Self::Label(title) => write!(formatter, "`{title}`"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Stranger => {
                "not in the plan, because people opened them who cannot write to the repository; `--trust LOGIN` takes in \
                 those of an account, in `apply` too"
            }
            Self::OtherPlan(plan) => {
                return write!(formatter, "not in the plan, because they belong to the plan `{plan}`");
            }
            Self::Marker => "not in the plan, because their markers are damaged or of a newer version",
            Self::Title => {
                "not in the plan, because their titles hold characters that are not shown, or runs of blanks"
            }
            Self::Ambiguous => "not in the plan, because another issue has the same title",
            Self::Unreadable => "not in the plan, because no form of a plan reads them as they are",
            Self::Text => "in the plan without their text, which a plan would change",
            Self::TextSize => "in the plan without their text, because the plan would be too large",
            Self::Gate => "in the plan without the label `release-gate`, because a plan would pin or unpin them",
            Self::NotPlanned => "done in the plan, although they were closed as not planned or as duplicates",
            Self::Label(name) => return write!(formatter, "in the plan without the label `{name}`"),
            Self::Assignee(login) => return write!(formatter, "in the plan without the assignee `{login}`"),
            Self::DependsOn(other) => return write!(formatter, "in the plan without the dependency on {other}"),
            Self::Parent(other) => return write!(formatter, "in the plan without the parent {other}"),
            Self::MilestoneTitle => "not in the plan, because no form of a plan reads their titles as they are",
            Self::MilestoneState => {
                "not in the plan, because a plan would close or reopen them: a milestone is done when all of its issues are"
            }
            Self::MilestoneText => "in the plan without their descriptions, which a plan would change",
            Self::LabelText => "in the plan without their descriptions, which a plan would change",
        };
        formatter.write_str(text)
    }
}

/// Makes a plan of a repository. `deleted` are the plans that markers name and that no longer exist: their issues are taken
/// over.
///
/// # Errors
///
/// When the selection is larger than a plan can be, or holds nothing.
pub(crate) fn import(snapshot: &Snapshot, selection: &Selection, deleted: &BTreeSet<PlanId>) -> Result<Imported> {
    let mut left_out = BTreeSet::new();
    let mut draft = draft::Draft::new(snapshot, selection, deleted, &mut left_out)?;
    if draft.issues.is_empty() && draft.milestones.is_empty() {
        bail!("{} has no milestone or issue that a plan can take over", selection.of(snapshot));
    }
    let text = verify::verified(&mut draft, snapshot, deleted, &mut left_out)?;
    Ok(Imported { text, milestones: draft.milestones.len(), issues: draft.issues.len(), left_out })
}
