//! Issues in the rows of tables.

use super::super::content::{self, Context};
use super::super::field_line as field;
use super::super::item_line;
use super::super::markdown::inline;
use super::super::markdown::text::Passage;
use super::super::references;
use super::super::tree::At;
use super::super::vocabulary::{self, FieldKind};
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::spans::{self, ListManner, ListSpan, Placement, StateManner, StateSpan};

/// The issue of a row.
pub(crate) fn issue(context: &Context<'_>, at: At) -> Option<DraftIssue> {
    let document = context.document;
    let node = &context.tree.nodes[at];
    let table = context.tree.table(at)?;
    let title = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let mut issue = content::of_head(node.head.clone(), title, &node.span);
    (issue.spans.line, issue.spans.extent) = content::lines_around(context, at);
    let row = node.block;
    let mut text: Vec<Passage> = Vec::new();
    for (cell, column) in document.block(row).children.iter().zip(&table.columns) {
        let line = document.block(*cell).lines.concat();
        let value = inline::joined(&line);
        let span = content::cell_content(document, *cell);
        let list = || ListSpan { manner: ListManner::Cell, span: span.clone() };
        let rest = || Passage::plain(format!("- {}: {value}", column.name), span.clone());
        let parts = || field::parts(&line);
        match column.field {
            Some(FieldKind::Title) => {}
            Some(FieldKind::Key) => key(&mut issue, &value, &span),
            Some(FieldKind::Status) => status(&mut issue, &value, &span),
            Some(FieldKind::DependsOn) => {
                issue.depends_on.extend(references::split_all(&parts()));
                issue.spans.depends_on.lists.push(list());
            }
            Some(FieldKind::Blocks) => issue.blocks.extend(references::split_all(&parts())),
            Some(FieldKind::Labels) => {
                issue.labels.extend(parts());
                issue.spans.labels.lists.push(list());
            }
            Some(FieldKind::Assignees) => {
                let logins: Vec<Spanned> = parts().iter().filter_map(content::login).collect();
                if logins.is_empty() && !field::is_none(&value) {
                    text.push(rest());
                }
                issue.spans.assignees.lists.push(list());
                let written = value.contains('@');
                issue.assignees.extend(logins.into_iter().filter(|_| written || !value.contains(' ')));
            }
            Some(FieldKind::Priority) => {
                let label = content::priority_label(&value);
                issue.labels.extend(label.map(|text| Spanned { text, span: span.clone() }));
            }
            Some(FieldKind::Milestone) if !field::is_none(&value) => {
                let text = content::unquoted(&value);
                let span = spans::of_word(&document.source, &span, &text).unwrap_or(span);
                issue.spans.milestone = Some(Placement::Cell(span.clone()));
                issue.milestone = Some(Spanned { text, span });
                issue.is_column = true;
            }
            Some(FieldKind::Parent) => issue.parent = references::split_all(&parts()).into_iter().next(),
            _ if !field::is_none(&value) => {
                let is_done = value.trim_start_matches(['*', ' ']).starts_with(['✅', '☑', '✔']);
                if is_done && !issue.has_state {
                    issue.closed = vocabulary::is_done(&value);
                    issue.has_state = true;
                    issue.spans.state = Some(StateSpan { manner: StateManner::Cell, span: span.clone() });
                }
                text.push(rest());
            }
            _ => {}
        }
    }
    let first = Passage::plain(std::mem::take(&mut issue.body), node.span.clone());
    issue.spans.body = text.iter().map(|passage| passage.span.clone()).collect();
    let rest = Passage::joined(text, "\n");
    issue.body =
        [first, rest].into_iter().map(|it| it.text).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n");
    Some(issue)
}

/// A status may name a milestone too: `done in Sprint 2`.
fn status(issue: &mut DraftIssue, value: &str, span: &std::ops::Range<usize>) {
    let is_done = vocabulary::is_done(value);
    if is_done || !issue.closed {
        issue.spans.state = Some(StateSpan { manner: StateManner::Cell, span: span.clone() });
    }
    issue.closed |= is_done;
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
fn key(issue: &mut DraftIssue, value: &str, span: &std::ops::Range<usize>) {
    let (done, value) = vocabulary::glyph(value).map_or((None, value), |(done, rest)| (Some(done), rest));
    if done == Some(true) {
        issue.closed = true;
        issue.spans.state = Some(StateSpan { manner: StateManner::Glyph, span: span.clone() });
    }
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
