//! A diff as markdown: what a comment on a pull request and a job's summary are made of. One line says it all, what
//! needs attention follows, then a table for each milestone, and the rest is folded.

pub(super) mod alerts;
mod rows;

use super::by_milestone::by_milestone;
use super::escape::{code, fenced, title};
use super::fit::{Document, Section};
use super::{mermaid, summary};
use crate::diff::{Change, Diff, Kind, Op};
use crate::report::preview::Preview;

/// Up to so many rows, tables are open to begin with.
const FEW_ROWS: usize = 20;

/// Renders a preview, whole.
pub fn render(preview: &Preview<'_>) -> String {
    let mut document = Document::default();
    document.always(format!("{}: {}.\n\n", name_of(preview), summary::of(preview.diff)));
    let all: Vec<&Change> = preview.diff.changes.iter().collect();
    body(preview, &all, &mut document);
    document.always(footer(preview.diff));
    document.whole()
}

/// The plan by name.
pub(super) fn name_of(preview: &Preview<'_>) -> String {
    format!("**Plan** {}", code(preview.diff.plan.as_str()))
}

/// Everything between the first line and the last: what needs attention, some of the changes, the picture.
pub(super) fn body(preview: &Preview<'_>, changes: &[&Change], document: &mut Document) {
    alerts::push(preview, document);
    sections(preview.diff, changes, document);
    graph(preview, document);
}

/// The version and the digest, in small print.
pub fn footer(diff: &Diff) -> String {
    let digest = diff.digest();
    let short = digest.get(..19).unwrap_or(&digest);
    format!("<sub>plan-action {} · {}</sub>\n", env!("CARGO_PKG_VERSION"), code(short))
}

/// A table for each milestone, and the labels.
pub(super) fn sections(diff: &Diff, changes: &[&Change], document: &mut Document) {
    let rows = changes.iter().filter(|change| matches!(change.kind(), Kind::Milestone | Kind::Issue)).count();
    let open = if rows <= FEW_ROWS { " open" } else { "" };
    let (labels, others): (Vec<&Change>, Vec<&Change>) =
        changes.iter().copied().partition(|change| change.kind() == Kind::Label);
    for (name, changes) in by_milestone(diff, others) {
        document.push(rows::milestone(name, &changes, open));
    }
    if !labels.is_empty() {
        document.push(label_section(&labels));
    }
}

fn label_section(labels: &[&Change]) -> Section {
    let (new, changed): (Vec<&Change>, Vec<&Change>) = labels.iter().partition(|change| change.op() == Op::Create);
    let mut rows: Vec<String> = new.iter().map(|change| format!("{} ", code(change.title()))).collect();
    if let Some(last) = rows.last_mut() {
        last.push('\n');
    }
    rows.extend(changed.iter().map(|change| {
        let fields: Vec<String> = change.fields().iter().map(rows::values).collect();
        format!("- {}: {}\n", code(change.title()), fields.join(", "))
    }));
    Section {
        open: format!("<details><summary><b>Labels</b>: {}</summary>\n\n", summary::of_changes(labels)),
        rows,
        close: "\n</details>\n\n".into(),
        ..Section::default()
    }
}

/// The dependency graph, what changes coloured.
fn graph(preview: &Preview<'_>, document: &mut Document) {
    let Some(picture) = mermaid::changes(preview.plan, preview.diff) else { return };
    let mut detail = String::from("<details><summary>Dependency graph</summary>\n\n");
    detail.push_str(&fenced("mermaid", &picture.text));
    detail.push_str(
        "\nGreen is new, orange changes, red closes; a thick border is a release gate, a dashed one is done.",
    );
    if let Some(sentence) = picture.left_out() {
        detail.push(' ');
        detail.push_str(&title(&sentence));
    }
    detail.push_str("\n\n</details>\n\n");
    document.push(Section { details: vec![detail], ..Section::default() });
}
