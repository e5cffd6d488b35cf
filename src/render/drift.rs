//! What people changed that the plan has otherwise, and the progress of the milestones.

use std::fmt::Write;

use super::escape::title;
use super::fit::{Document, Section};
use super::issue_links::IssueLinks;
use super::markdown::{self, View};
use super::summary::{self, some};
use crate::diff::{Change, Diff};
use crate::model::text::printable;
use crate::report::drift::edits;
use crate::report::milestone_progress::MilestoneProgress;
use crate::report::preview::Preview;

/// The report in one sentence.
pub fn sentence(diff: &Diff) -> String {
    let pending = pending(diff).map(|pending| format!("; pending: {pending}")).unwrap_or_default();
    format!("{}{pending}", found(diff))
}

fn found(diff: &Diff) -> String {
    match edits(diff) {
        0 => "no drift".to_owned(),
        1 => "1 edit by people differs from the plan".to_owned(),
        count => format!("{count} edits by people differ from the plan"),
    }
}

/// What an apply would change.
fn pending(diff: &Diff) -> Option<String> {
    let all: Vec<&Change> = diff.changes.iter().collect();
    Some(summary::of_changes(&all)).filter(|pending| !pending.is_empty())
}

/// The progress of the milestones, for the terminal.
pub fn milestone_progress(milestone_progress: &[MilestoneProgress]) -> String {
    let mut text = String::new();
    for progress in milestone_progress {
        let due = progress.due_on.map(|day| format!(", due {day}")).unwrap_or_default();
        let late = late(progress).map(|late| format!(", {late}")).unwrap_or_default();
        let MilestoneProgress { title, done, all, due_on: _, late: _ } = progress;
        _ = writeln!(text, "  {}: {done}/{all} done{due}{late}", printable(title));
    }
    text
}

/// The report as a job's summary.
pub fn document(preview: &Preview<'_>, milestone_progress: &[MilestoneProgress], links: &IssueLinks) -> Document {
    let mut document = Document::default();
    document.always(markdown::heading(&preview.diff.plan, &found(preview.diff)));
    let has_dates = milestone_progress.iter().any(|progress| progress.due_on.is_some());
    if !milestone_progress.is_empty() {
        let (head, line) = if has_dates { (" Due |", " :-- |") } else { ("", "") };
        document.push(Section {
            open: format!("| Milestone | Done |{head}\n| :-- | :-- |{line}\n"),
            rows: milestone_progress.iter().map(|progress| row(progress, has_dates)).collect(),
            close: "\n".into(),
            ..Section::default()
        });
    }
    let view = View::of_preview(links);
    markdown::alerts::push(preview, &view, &mut document);
    if let Some(pending) = pending(preview.diff) {
        document.always(format!("**Pending:** the next apply has {pending}.\n\n"));
        let all: Vec<&Change> = preview.diff.changes.iter().collect();
        markdown::sections(preview.diff, &all, &view, &mut document);
    }
    document
}

/// The row of a milestone; `has_dates` is whether the table has a column for due dates.
fn row(progress: &MilestoneProgress, has_dates: bool) -> String {
    let due = [progress.due_on.map(|day| day.to_string()), late(progress).map(|late| format!("<b>{late}</b>"))];
    let due = due.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let due = if has_dates { format!(" {due} |") } else { String::new() };
    format!("| {} | {}/{} |{due}\n", title(&progress.title), progress.done, progress.all)
}

fn late(progress: &MilestoneProgress) -> Option<String> {
    let days = usize::try_from(progress.late).ok().filter(|days| *days > 0)?;
    Some(format!("{} late", some(days, "day")))
}
