//! What needs attention, above the changes: notices, conflicts, errors and warnings of the plan, and edits by people that are
//! kept.

use super::View;
use crate::diff::{Change, Field, FieldChange, Why};
use crate::plan::{Diagnostic, Severity};
use crate::render::escape::{code, fenced, title};
use crate::render::fit::{Document, Section};
use crate::render::summary::Tense;
use crate::render::text::{field_name, kept_text, kept_values};
use crate::render::{notices, unified};
use crate::report::preview::Preview;

/// Adds everything that needs attention.
pub(crate) fn push(preview: &Preview<'_>, view: &View<'_>, document: &mut Document) {
    for sentence in notices::sentences(preview.diff) {
        document.push(Section {
            rows: vec![format!("> [!WARNING]\n> {}\n", title(&sentence))],
            close: "\n".into(),
            ..Section::default()
        });
    }
    conflicts(preview, view, document);
    let of = |severity| preview.diagnostics.iter().filter(move |it| it.severity == severity).map(finding).collect();
    alert(document, "CAUTION", "The plan has errors. Nothing is applied until they are fixed:", of(Severity::Error));
    alert(document, "WARNING", "The plan has warnings:", of(Severity::Warning));
    kept(&preview.diff.drift, view, document);
}

/// What people and the plan both changed.
fn conflicts(preview: &Preview<'_>, view: &View<'_>, document: &mut Document) {
    let written = match view.tense {
        Tense::Future => "will be written",
        Tense::Past => "was written",
    };
    let fields = fields(&preview.diff.changes).filter(|(_, field)| field.why == Why::Conflict);
    let conflicts = fields.map(|(change, field)| format!("{}: {}", view.name(change), both(&field)));
    let sentence =
        format!("People changed these on GitHub, and the plan changes them too. The plan's value {written}:");
    alert(document, "CAUTION", &sentence, conflicts.collect());
}

/// Both values of a conflict.
fn both(field: &FieldChange<'_>) -> String {
    let name = field_name(field.field);
    let value = |value: Option<&str>| value.map_or_else(|| "none".to_owned(), title);
    if field.field.is_text() {
        return name.to_owned();
    }
    format!("{name}: {} on GitHub, {} in the plan", value(field.from.as_deref()), value(field.to.as_deref()))
}

/// Edits by people that differ from the plan and stay: a line for each item.
fn kept(drift: &[Change], view: &View<'_>, document: &mut Document) {
    let lines = drift.iter().map(|change| {
        let fields = change.fields();
        let name = if fields.iter().any(|field| field.field == Field::Title) { view.number(change) } else { None };
        let name = name.unwrap_or_else(|| view.name(change));
        format!("{name}: {}", kept_values(&fields, title, code).join("; "))
    });
    alert(document, "NOTE", "People changed these on GitHub, and their edits are kept:", lines.collect());
    let texts: Vec<String> = fields(drift).filter_map(|(change, field)| kept_diff(change, &field, view)).collect();
    if !texts.is_empty() {
        document.push(Section {
            open: "<details><summary><b>Texts edited on GitHub</b> (− the plan, + GitHub)</summary>\n\n".into(),
            details: texts,
            close: "</details>\n\n".into(),
            ..Section::default()
        });
    }
}

fn kept_diff(change: &Change, field: &FieldChange<'_>, view: &View<'_>) -> Option<String> {
    let (planned, observed) = kept_text(field)?;
    Some(format!("<b>{}</b>\n\n{}\n", view.name(change), fenced("diff", &unified::diff(planned, observed))))
}

fn fields(changes: &[Change]) -> impl Iterator<Item = (&Change, FieldChange<'_>)> {
    changes.iter().flat_map(|change| change.fields().into_iter().map(move |field| (change, field)))
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
