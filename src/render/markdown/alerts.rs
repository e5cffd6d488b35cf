//! What needs attention, on top: errors and warnings of the plan, notices, conflicts, and what people changed.

use super::rows::{name, values};
use crate::diff::{Change, FieldChange, Why};
use crate::plan::{Diagnostic, Severity};
use crate::render::escape::{code, fenced, title};
use crate::render::fit::{Document, Section};
use crate::render::text::{field_name, kept_text, kept_value};
use crate::render::{notices, unified};
use crate::report::preview::Preview;

/// Adds everything that needs attention.
pub(crate) fn push(preview: &Preview<'_>, document: &mut Document) {
    for sentence in notices::sentences(preview.diff) {
        document.push(Section {
            rows: vec![format!("> [!WARNING]\n> {}\n", title(&sentence))],
            close: "\n".into(),
            ..Section::default()
        });
    }
    let conflicts: Vec<String> = preview
        .diff
        .changes
        .iter()
        .flat_map(|change| change.fields().into_iter().map(move |field| (change, field)))
        .filter(|(_, field)| field.why == Why::Conflict)
        .map(|(change, field)| format!("{}: {}", name(change), values(&field)))
        .collect();
    alert(
        document,
        "CAUTION",
        "People changed what the plan changes too; the plan's value will be written:",
        conflicts,
    );
    let of = |severity| preview.diagnostics.iter().filter(move |it| it.severity == severity);
    alert(
        document,
        "CAUTION",
        "The plan has errors; nothing is applied before they are gone:",
        of(Severity::Error).map(finding).collect(),
    );
    alert(
        document,
        "WARNING",
        "The plan can be applied, but perhaps not all of it is meant so:",
        of(Severity::Warning).map(finding).collect(),
    );
    let kept =
        preview.diff.drift.iter().flat_map(|change| change.fields().into_iter().map(move |field| kept(change, &field)));
    alert(document, "NOTE", "People changed these, and they stay so:", kept.collect());
    let texts =
        preview.diff.drift.iter().flat_map(|change| change.fields().into_iter().map(move |field| (change, field)));
    let folds: Vec<String> = texts.filter_map(|(change, field)| fold(change, &field)).collect();
    if !folds.is_empty() {
        document.push(Section { details: folds, ..Section::default() });
    }
}

/// A text that people changed, line by line: the plan's lines go, and theirs come.
fn fold(change: &Change, field: &FieldChange<'_>) -> Option<String> {
    let (planned, there) = kept_text(field)?;
    let (name, field) = (name(change), field_name(field.field));
    let block = fenced("diff", &unified::diff(planned, there));
    Some(format!("<details><summary>{name}: {field} as people wrote it</summary>\n\n{block}\n</details>\n\n"))
}

fn kept(change: &Change, field: &FieldChange<'_>) -> String {
    format!("{}: {}", name(change), kept_value(field, title))
}

/// A finding with its place and what to do.
pub(crate) fn finding(diagnostic: &Diagnostic) -> String {
    let (line, column) = diagnostic.position();
    let place = code(&format!("{}:{line}:{column}", diagnostic.source.name));
    let help = diagnostic.help.as_deref().map(|help| format!("; {}", title(help))).unwrap_or_default();
    format!("{place} {}{help}", title(&diagnostic.message))
}

/// One of GitHub's alerts with a list in it; nothing where the list is empty.
pub(crate) fn alert(document: &mut Document, kind: &str, sentence: &str, items: Vec<String>) {
    if items.is_empty() {
        return;
    }
    document.push(Section {
        open: format!("> [!{kind}]\n> {sentence}\n"),
        rows: items.into_iter().map(|item| format!("> - {item}\n")).collect(),
        close: "\n".into(),
        ..Section::default()
    });
}
