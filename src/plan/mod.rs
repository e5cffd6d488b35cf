//! What is wanted: the plan as it was read from markdown, in GitHub's terms.
//!
//! A [`source::Source`] comes in, a [`Plan`] with its [`Diagnostic`]s goes out. The modules under `read`
//! turn markdown into a [`draft::Draft`]; [`resolve`] turns that into the plan, and [`check`] finds what GitHub or common
//! sense would refuse.

pub mod check;
pub mod colour;
pub mod date;
pub mod diagnostic;
pub mod draft;
mod encoding;
pub mod front_matter;
pub mod graph;
pub mod order;
pub mod read;
pub mod resolve;
pub mod rules;
pub mod settings;
pub mod source;
pub mod spans;
pub mod title;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

pub use self::diagnostic::{Diagnostic, Severity};
use self::read::markdown;
pub(crate) use self::read::markdown::front_matter_of;
pub use self::settings::Settings;
use self::source::Source;
use self::spans::{IssueSpans, MilestoneSpans};
use crate::model::plan_location::PlanLocation;
pub use crate::model::{PlanId, PlanKey};

/// One plan as it was understood. Titles are trimmed and lists sorted: equal plans compare equal.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its identity, from `plan:` or its path.
    pub id: PlanId,
    /// The text it was read from.
    pub source: Arc<Source>,
    /// Where its file is, if people can find it.
    pub location: Option<PlanLocation>,
    /// The name of the dialect that read it.
    pub dialect: &'static str,
    /// What spoke for that dialect, in words.
    pub why: String,
    /// What was not read, and why.
    pub ignored: Vec<draft::Ignored>,
    /// What each item line was read as.
    pub outline: Vec<read::outline::Line>,
    /// The document's own title.
    pub title: String,
    /// What the front matter says.
    pub settings: Settings,
    /// Every label that is used or declared, by name.
    pub labels: Vec<PlannedLabel>,
    /// The milestones in the order of the document.
    pub milestones: Vec<PlannedMilestone>,
    /// The issues in the order of the document.
    pub issues: Vec<PlannedIssue>,
}

/// A label that must exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLabel {
    /// The name as the plan writes it first; GitHub ignores its case.
    pub name: String,
    /// Six hexadecimal digits in lower case, without `#`.
    pub color: String,
    /// What the plan says of it, if it does.
    pub description: Option<String>,
    /// Whether the plan gives the colour; a colour that it does not give is only used to create the label.
    pub color_declared: bool,
    /// What it was called before, if the plan says so.
    pub previously: Option<draft::Spanned>,
}

/// A milestone that must exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedMilestone {
    /// Its key, written or derived.
    pub key: PlanKey,
    /// Its title.
    pub title: String,
    /// The day it is due.
    pub due_on: Option<Date>,
    /// Whether all of its issues are done in the plan.
    pub closed: bool,
    /// Its description, markdown; empty for none.
    pub description: String,
    /// Where it stands in the source.
    pub span: Range<usize>,
    /// Where its values stand.
    pub spans: MilestoneSpans,
}

/// An issue that must exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedIssue {
    /// Its key: the written one, qualified with the milestone where the plan repeats it, or one derived from the title.
    pub key: PlanKey,
    /// The key that the document gives it, without any qualification.
    pub written_key: Option<String>,
    /// Its title.
    pub title: String,
    /// The key of its milestone.
    pub milestone: Option<PlanKey>,
    /// Label names as in [`Plan::labels`].
    pub labels: BTreeSet<String>,
    /// Logins without `@`.
    pub assignees: BTreeSet<String>,
    /// The keys of the issues that block it.
    pub depends_on: BTreeSet<PlanKey>,
    /// The key of the issue that it is a sub-issue of.
    pub parent: Option<PlanKey>,
    /// Whether the plan calls it done.
    pub closed: bool,
    /// Whether it is a release gate.
    pub gate: bool,
    /// Its text, markdown, without anything that names issue numbers.
    pub body: String,
    /// Where it stands in the source.
    pub span: Range<usize>,
    /// Where its values stand.
    pub spans: IssueSpans,
}

impl Plan {
    /// The milestone with a key.
    pub fn milestone(&self, key: &PlanKey) -> Option<&PlannedMilestone> {
        self.milestones.iter().find(|milestone| milestone.key == *key)
    }

    /// The line of a span's first character, from 1.
    pub fn line(&self, span: &Range<usize>) -> usize {
        self.source.position(span.start).0
    }
}

/// A text that was read: the plan, unless none could be made of it, and everything that was found wrong.
#[derive(Debug)]
pub struct Reading {
    /// The plan; missing where the text holds none.
    pub plan: Option<Plan>,
    /// All findings in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks one plan. `path_id` is its identity unless its front matter gives another.
pub fn read(source: &Arc<Source>, path_id: PlanId) -> Reading {
    read_as(source, path_id, true)
}

/// Reads a file that a wildcard found, as [`read()`]. A file that is no plan is not an error then, but a note.
pub fn read_found(source: &Arc<Source>, path_id: PlanId) -> Reading {
    read_as(source, path_id, false)
}

fn read_as(source: &Arc<Source>, path_id: PlanId, is_named: bool) -> Reading {
    let mut diagnostics = diagnostic::Diagnostics::new(Arc::clone(source));
    let asks = {
        let mut ignored = diagnostic::Diagnostics::new(Arc::clone(source));
        let head = Source::new("", front_matter_of(&source.text));
        markdown::parse(&head, &mut ignored).is_some_and(|head| front_matter::read(&head, &mut ignored).repair_encoding)
    };
    match encoding::repaired(source, asks, &mut diagnostics) {
        Some(repaired) => read_text(&repaired, path_id, is_named, diagnostic::Diagnostics::new(Arc::clone(&repaired))),
        None => read_text(source, path_id, is_named, diagnostics),
    }
}

fn read_text(
    source: &Arc<Source>,
    path_id: PlanId,
    is_named: bool,
    mut diagnostics: diagnostic::Diagnostics,
) -> Reading {
    let plan = markdown::parse(source, &mut diagnostics).and_then(|document| {
        let (settings, draft) = match read::one_issue::fields(&document) {
            Some(fields) => (Settings::default(), Some(read::one_issue::draft(&document, &fields))),
            None => {
                let settings = front_matter::read(&document, &mut diagnostics);
                let draft = read::read(&document, &settings, is_named, &mut diagnostics);
                (settings, draft)
            }
        };
        let Some(draft) = draft else {
            let message = "this file does not look like a plan, so it is skipped";
            diagnostics.note(
                "not-a-plan",
                source.lines(1, 1),
                message,
                "if it is a plan, name the file itself instead of using a wildcard",
            );
            return None;
        };
        let plan = resolve::plan(source, path_id, settings, draft, &mut diagnostics)?;
        check::check(&plan, &mut diagnostics);
        Some(plan)
    });
    Reading { plan, diagnostics: diagnostics.into_sorted() }
}
