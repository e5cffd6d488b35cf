//! What people changed that the plan says otherwise, and how far the milestones are.

use std::fmt::Write;

use super::escape::title;
use super::fit::{Document, Section};
use super::markdown::{self, Preview};
use super::summary::{self, some};
use crate::diff::{Change, Diff};
use crate::model::text::printable;
use crate::standing::Standing;

/// The report in one sentence.
pub fn sentence(diff: &Diff) -> String {
    let found = diff.summary();
    let edits = found.drift + found.conflict;
    let drift = if edits == 0 {
        "no drift".to_owned()
    } else {
        format!("{} by people differ from the plan", some(edits, "edit"))
    };
    let pending = if diff.is_empty() { String::new() } else { format!("; an apply has {}", summary::of(diff)) };
    format!("{drift}{pending}")
}

/// How far the milestones are, for the terminal.
pub fn standings(standings: &[Standing]) -> String {
    let mut text = String::new();
    for standing in standings {
        _ = writeln!(text, "  {}: {}", printable(&standing.title), far(standing));
    }
    text
}

/// The report as a job's summary.
pub fn document(preview: &Preview<'_>, standings: &[Standing]) -> Document {
    let mut document = Document::default();
    document.always(format!("{}: {}.\n\n", markdown::name_of(preview), title(&sentence(preview.diff))));
    let row = |standing: &Standing| {
        let due = standing.due_on.map(|day| day.to_string()).unwrap_or_default();
        let late = if standing.late > 0 { format!("{} late", some(days(standing), "day")) } else { String::new() };
        format!("| {} | {}/{} | {due} | {late} |\n", title(&standing.title), standing.done, standing.all)
    };
    if !standings.is_empty() {
        document.push(Section {
            open: "| Milestone | Done | Due | |\n| --- | --- | --- | --- |\n".into(),
            rows: standings.iter().map(row).collect(),
            close: "\n".into(),
            ..Section::default()
        });
    }
    let all: Vec<&Change> = preview.diff.changes.iter().collect();
    markdown::body(preview, &all, &mut document);
    document
}

fn days(standing: &Standing) -> usize {
    usize::try_from(standing.late).unwrap_or_default()
}

fn far(standing: &Standing) -> String {
    let due = standing.due_on.map(|day| format!(", due {day}")).unwrap_or_default();
    let late = if standing.late > 0 { format!(", {} late", some(days(standing), "day")) } else { String::new() };
    format!("{}/{} done{due}{late}", standing.done, standing.all)
}
