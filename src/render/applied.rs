//! What an apply did: in a sentence for the terminal, and as markdown for a job's summary.

use super::escape::title;
use super::fit::Document;
use super::issue_links::IssueLinks;
use super::markdown::{self, View};
use super::summary::{self, Tense};
use super::text::{op_word, subject};
use crate::apply::Report;
use crate::diff::{Change, Diff, Kind, Op};
use crate::model::text::printable;
use crate::report::preview::Preview;

/// The most changes that a sentence names.
const MOST_NAMES: usize = 5;

/// What was done, in one sentence: `stars/observatory: 2 issues updated; 1 change failed.`
pub fn sentence(diff: &Diff, report: &Report<'_>) -> String {
    let target = printable(diff.target.as_deref().unwrap_or("the repository"));
    format!("{target}: {}.", outcome(diff, report))
}

fn outcome(diff: &Diff, report: &Report<'_>) -> String {
    let count = |op: Op, kind| report.done.iter().filter(|change| change.op() == op && change.kind() == kind).count();
    let done = summary::changes(count, Tense::Past);
    let markers = diff.marker_updates.iter().filter(|update| !update.follows_links).count();
    let done = match (done.is_empty(), markers) {
        (true, 0) => "nothing changed".to_owned(),
        (true, markers) => format!("nothing changed except {}", summary::some(markers, "hidden marker")),
        (false, _) => done,
    };
    if report.stopped {
        let (made, all) = (report.done.len(), diff.changes.len());
        return format!("stopped after {made} of {all} changes; run plan-action again to finish");
    }
    let failed = summary::some(report.failed.len(), "change");
    match (report.failed.len(), report.not_tried) {
        (0, 0) => done,
        (_, 0) => format!("{done}; {failed} failed"),
        (_, skipped) => format!("{done}; {failed} failed, {skipped} skipped; run plan-action again to continue"),
    }
}

/// The changes that failed, each in a sentence.
pub fn failures(report: &Report<'_>) -> Vec<String> {
    let failed = report.failed.iter();
    let failed =
        failed.map(|(change, error)| format!("could not {} {}: {error:#}", op_word(change.op()), subject(change)));
    let unrecorded = report.unrecorded.iter();
    failed
        .chain(unrecorded.map(|(number, error)| format!("could not write the marker of {number}: {error:#}")))
        .collect()
}

/// What GitHub left out of a change, each in a sentence.
pub fn left_out(report: &Report<'_>) -> Vec<String> {
    let incomplete = report.incomplete.iter();
    incomplete.map(|(change, missing)| format!("only partly applied: {}: {missing}", subject(change))).collect()
}

/// Changes that no reviewer was shown, the most important ones by name.
pub fn unseen(changes: &[&Change]) -> String {
    let mut sorted = changes.to_vec();
    sorted.sort_by_key(|change| importance(change));
    let names: Vec<String> =
        sorted.iter().take(MOST_NAMES).map(|change| format!("{} {}", op_word(change.op()), subject(change))).collect();
    let more = changes.len().saturating_sub(names.len());
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let count = summary::some(changes.len(), "change");
    let were = if changes.len() == 1 { "was" } else { "were" };
    format!("{count} {were} not in any reviewed comment: {}{more}", names.join("; "))
}

/// Closings first, then issues, milestones, links, pins, and labels last.
fn importance(change: &Change) -> (bool, u8) {
    let kind = match change.kind() {
        Kind::Issue => 0,
        Kind::Milestone => 1,
        Kind::Dependency | Kind::SubIssue => 2,
        Kind::Pin => 3,
        Kind::Label => 4,
    };
    (change.op() != Op::Close, kind)
}

/// A job's summary of an apply. `remarks` are sentences that people should read.
pub fn document(preview: &Preview<'_>, report: &Report<'_>, mut remarks: Vec<String>, links: &IssueLinks) -> Document {
    let mut document = Document::default();
    document.always(headline(preview, report));
    let quoted = |sentences: Vec<String>| sentences.iter().map(|sentence| title(sentence)).collect::<Vec<_>>();
    markdown::alerts::alert(&mut document, "CAUTION", "These changes failed:", quoted(failures(report)));
    remarks.extend(left_out(report));
    markdown::alerts::alert(&mut document, "WARNING", "Please check:", quoted(remarks));
    let created = report.created.iter().map(|(key, number)| (key.as_str(), *number)).collect();
    let view = View { tense: Tense::Past, links, created };
    markdown::alerts::push(preview, &view, &mut document);
    markdown::sections(preview.diff, &report.done, &view, &mut document);
    document
}

/// The heading with what matters most, and a line with the rest and the repository.
fn headline(preview: &Preview<'_>, report: &Report<'_>) -> String {
    let diff = preview.diff;
    let applied = format!("Applied to {}.", title(diff.target.as_deref().unwrap_or("the repository")));
    if report.is_complete() {
        return markdown::headline(&diff.plan, &report.done, Tense::Past, &[applied]);
    }
    let counts = format!("{} of {} applied", report.done.len(), summary::some(diff.changes.len(), "change"));
    format!("{}{applied} Run it again to apply the rest.\n\n", markdown::heading(&diff.plan, &counts))
}
