//! What people changed that the plan says otherwise, and how far the milestones are.

use std::fmt::Write;

use super::escape::title;
use super::fit::{Document, Section};
use super::markdown;
use super::summary::{self, some};
use crate::diff::{Change, Diff};
use crate::model::text::printable;
use crate::report::drift::edits;
use crate::report::milestone_progress::MilestoneProgress;
use crate::report::preview::Preview;

/// The report in one sentence.
pub fn sentence(diff: &Diff) -> String {
    let edits = edits(diff);
    let drift = if edits == 0 {
        "no drift".to_owned()
    } else {
        format!("{} by people differ from the plan", some(edits, "edit"))
    };
    let pending = if diff.is_empty() { String::new() } else { format!("; an apply has {}", summary::of(diff)) };
    format!("{drift}{pending}")
}

/// How far the milestones are, for the terminal.
pub fn milestone_progress(milestone_progress: &[MilestoneProgress]) -> String {
    let mut text = String::new();
    for progress in milestone_progress {
        _ = writeln!(text, "  {}: {}", printable(&progress.title), far(progress));
    }
    text
}

/// The report as a job's summary.
pub fn document(preview: &Preview<'_>, milestone_progress: &[MilestoneProgress]) -> Document {
    let mut document = Document::default();
    document.always(format!("{}: {}.\n\n", markdown::name_of(preview), title(&sentence(preview.diff))));
    let row = |progress: &MilestoneProgress| {
        let due = progress.due_on.map(|day| day.to_string()).unwrap_or_default();
        let late = if progress.late > 0 { format!("{} late", some(days(progress), "day")) } else { String::new() };
        format!("| {} | {}/{} | {due} | {late} |\n", title(&progress.title), progress.done, progress.all)
    };
    if !milestone_progress.is_empty() {
        document.push(Section {
            open: "| Milestone | Done | Due | |\n| --- | --- | --- | --- |\n".into(),
            rows: milestone_progress.iter().map(row).collect(),
            close: "\n".into(),
            ..Section::default()
        });
    }
    let all: Vec<&Change> = preview.diff.changes.iter().collect();
    markdown::body(preview, &all, &mut document);
    document
}

fn days(progress: &MilestoneProgress) -> usize {
    usize::try_from(progress.late).unwrap_or_default()
}

fn far(progress: &MilestoneProgress) -> String {
    let due = progress.due_on.map(|day| format!(", due {day}")).unwrap_or_default();
    let late = if progress.late > 0 { format!(", {} late", some(days(progress), "day")) } else { String::new() };
    format!("{}/{} done{due}{late}", progress.done, progress.all)
}
