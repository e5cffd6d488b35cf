//! What an apply did: in a sentence for the terminal, and as markdown for a job's summary.

use super::escape::title;
use super::fit::Document;
use super::markdown;
use super::summary::{self, Tense};
use super::text::{op_word, subject};
use crate::apply::Report;
use crate::diff::{Change, Diff, Op};
use crate::model::text::printable;
use crate::report::preview::Preview;

/// What was done, in one sentence: `stars/observatory: 2 issues updated; 1 change not done.`
pub fn sentence(diff: &Diff, report: &Report<'_>) -> String {
    let count = |op: Op, kind| report.done.iter().filter(|change| change.op() == op && change.kind() == kind).count();
    let done = summary::changes(count, Tense::Past);
    let markers = diff.marker_updates.iter().filter(|update| !update.follows_links).count();
    let done = match (done.is_empty(), markers) {
        (true, 0) => "nothing was changed".to_owned(),
        (true, markers) => format!("nothing was changed but {}", summary::some(markers, "hidden marker")),
        (false, _) => done,
    };
    let target = printable(diff.target.as_deref().unwrap_or("the repository"));
    if report.stopped {
        let (made, all) = (report.done.len(), diff.changes.len());
        return format!("{target}: stopped: {made} of {all} changes made; run plan-action again to finish.");
    }
    let failed = match report.failed.len() + report.not_tried {
        0 => String::new(),
        failed if report.not_tried > 0 => {
            format!("; stopped, {} not done; run it again to go on from there", summary::some(failed, "change"))
        }
        failed => format!("; {} not done", summary::some(failed, "change")),
    };
    format!("{target}: {done}{failed}.")
}

/// What could not be done, each in a sentence.
pub fn failures(report: &Report<'_>) -> Vec<String> {
    let failed = report.failed.iter();
    let failed =
        failed.map(|(change, error)| format!("not done: {} {}: {error:#}", op_word(change.op()), subject(change)));
    let unrecorded = report.unrecorded.iter();
    failed
        .chain(unrecorded.map(|(number, error)| format!("the marker of {number} was not written: {error:#}")))
        .collect()
}

/// What was left out without a word, each in a sentence.
pub fn left_out(report: &Report<'_>) -> Vec<String> {
    let incomplete = report.incomplete.iter();
    incomplete.map(|(change, missing)| format!("not applied: {}: {missing}", subject(change))).collect()
}

/// Changes that nobody was shown, in a sentence.
pub fn unseen(changes: &[&Change]) -> String {
    let names: Vec<String> =
        changes.iter().take(10).map(|change| format!("{} {}", op_word(change.op()), subject(change))).collect();
    let more = changes.len().saturating_sub(names.len());
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    let count = summary::some(changes.len(), "change");
    let were = if changes.len() == 1 { "was" } else { "were" };
    format!("{count} {were} shown in no comment on a merged pull request: {}{more}", names.join("; "))
}

/// A job's summary of an apply; `remarks` are what people should know of it, each in a sentence.
pub fn document(preview: &Preview<'_>, report: &Report<'_>, remarks: Vec<String>) -> Document {
    let mut document = Document::default();
    let said = sentence(preview.diff, report);
    document.always(format!("{}: applied to {}\n\n", markdown::name_of(preview), title(&said)));
    let quoted = |sentences: Vec<String>| sentences.iter().map(|sentence| title(sentence)).collect::<Vec<_>>();
    markdown::alerts::alert(&mut document, "CAUTION", "This was not done:", quoted(failures(report)));
    let mut remarks = remarks;
    remarks.extend(left_out(report));
    markdown::alerts::alert(&mut document, "WARNING", "Worth knowing:", quoted(remarks));
    markdown::alerts::push(preview, &mut document);
    markdown::sections(preview.diff, &report.done, &mut document);
    document
}
