//! Issues in the rows of tables.

use super::super::content::{self, Context};
use super::super::field_line as field;
use super::super::item_line;
use super::super::markdown::inline;
use super::super::references;
use super::super::tree::At;
use super::super::vocabulary::{self, FieldKind};
use crate::plan::draft::{DraftIssue, Spanned};

/// The issue of a row.
pub(crate) fn issue(context: &Context<'_>, at: At) -> Option<DraftIssue> {
    let document = context.document;
    let node = &context.tree.nodes[at];
    let table = context.tree.table(at)?;
    let mut issue = content::of_head(node.head.clone(), &node.span);
    let row = node.block;
    let mut text: Vec<String> = Vec::new();
    for (cell, column) in document.block(row).children.iter().zip(&table.columns) {
        let line = document.block(*cell).lines.concat();
        let value = inline::joined(&line);
        let span = document.block(*cell).span.clone();
        let parts = || field::parts(&line);
        match column.field {
            Some(FieldKind::Title) => {}
            Some(FieldKind::Key) => key(&mut issue, &value),
            Some(FieldKind::Status) => status(&mut issue, &value, &span),
            Some(FieldKind::DependsOn) => issue.depends_on.extend(references::split_all(&parts())),
            Some(FieldKind::Blocks) => issue.blocks.extend(references::split_all(&parts())),
            Some(FieldKind::Labels) => issue.labels.extend(parts()),
            Some(FieldKind::Assignees) => {
                let logins: Vec<Spanned> = parts().iter().filter_map(content::login).collect();
                if logins.is_empty() && !field::is_none(&value) {
                    text.push(format!("- {}: {value}", column.name));
                }
                let written = value.contains('@');
                issue.assignees.extend(logins.into_iter().filter(|_| written || !value.contains(' ')));
            }
            Some(FieldKind::Priority) => {
                let label = content::priority_label(&value);
                issue.labels.extend(label.map(|text| Spanned { text, span: span.clone() }));
            }
            Some(FieldKind::Milestone) if !field::is_none(&value) => {
                issue.milestone = Some(Spanned { text: content::unquoted(&value), span: span.clone() });
                issue.is_column = true;
            }
            Some(FieldKind::Parent) => issue.parent = references::split_all(&parts()).into_iter().next(),
            _ if !field::is_none(&value) => {
                let is_done = value.trim_start_matches(['*', ' ']).starts_with(['✅', '☑', '✔']);
                if is_done && !issue.has_state {
                    issue.closed = vocabulary::is_done(&value);
                    issue.has_state = true;
                }
                text.push(format!("- {}: {value}", column.name));
            }
            _ => {}
        }
    }
    let first = std::mem::take(&mut issue.body);
    issue.body = [first, text.join("\n")].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n");
    Some(issue)
}

/// A status may name a milestone too: `done in Sprint 2`.
fn status(issue: &mut DraftIssue, value: &str, span: &std::ops::Range<usize>) {
    issue.closed |= vocabulary::is_done(value);
    issue.has_state = true;
    if !vocabulary::is_known_state(value) {
        issue.unknown_state = Some(Spanned { text: value.to_owned(), span: span.clone() });
    }
    let words: Vec<&str> = value.split_whitespace().collect();
    for pair in words.windows(2) {
        let text = pair.join(" ");
        if vocabulary::designator(&text).is_some_and(|it| it.class >= vocabulary::Class::Phase) {
            issue.hint = Some(Spanned { text, span: span.clone() });
        }
    }
}

/// Takes a cell's text as the key, or as the number where it is one.
fn key(issue: &mut DraftIssue, value: &str) {
    let (done, value) = vocabulary::glyph(value).map_or((None, value), |(done, rest)| (Some(done), rest));
    issue.closed |= done.unwrap_or(false);
    let value = value.trim_matches(['`', '*', '[', ']', ':', '.', ' ', '~']);
    let bare = value.trim_start_matches('#');
    if bare.is_empty() || field::is_none(value) {
        return;
    }
    if bare.bytes().all(|it| it.is_ascii_digit() || b".-".contains(&it)) {
        issue.number = Some(bare.to_owned());
    } else if !bare.contains(' ') && (item_line::looks_like_key(bare) || bare.chars().count() <= 12) {
        issue.key = Some(bare.to_owned());
    }
}
