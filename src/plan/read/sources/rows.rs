//! Issues in the rows of tables.

use std::ops::Range;

use super::super::content::{self, Context};
use super::super::field_line as field;
use super::super::item_line;
use super::super::markdown::inline;
use super::super::markdown::text::Passage;
use super::super::markdown::{Document, Id};
use super::super::references;
use super::super::tables::Column;
use super::super::tree::At;
use super::super::vocabulary::{self, FieldKind};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::spans::{self, ListManner, ListSpan, Placement, StateManner, StateSpan};

/// The issue of a row.
pub(crate) fn issue(context: &Context<'_>, at: At, diagnostics: &mut Diagnostics) -> Option<DraftIssue> {
    let document = context.document;
    let node = &context.tree.nodes[at];
    let table = context.tree.table(at)?;
    let title = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let mut issue = content::of_head(node.head.clone(), title, &node.span);
    (issue.spans.line, issue.spans.extent) = content::lines_around(context, at);
    let mut row = Row { document, issue, text: Vec::new(), diagnostics };
    for (cell, column) in document.block(node.block).children.iter().zip(&table.columns) {
        row.cell(*cell, column);
    }
    let Row { mut issue, text, .. } = row;
    let first = Passage::plain(std::mem::take(&mut issue.body), node.span.clone());
    issue.spans.body = text.iter().map(|passage| passage.span.clone()).collect();
    let rest = Passage::joined(text, "\n");
    let texts: Vec<String> = [first, rest].into_iter().map(|it| it.text).filter(|it| !it.is_empty()).collect();
    issue.body = texts.join("\n\n");
    Some(issue)
}

struct Row<'c> {
    document: &'c Document,
    issue: DraftIssue,
    /// What no field of an issue holds.
    text: Vec<Passage>,
    diagnostics: &'c mut Diagnostics,
}

impl Row<'_> {
    fn cell(&mut self, cell: Id, column: &Column) {
        let line = self.document.block(cell).lines.concat();
        let value = inline::joined(&line);
        let span = content::cell_content(self.document, cell);
        let list = ListSpan { manner: ListManner::Cell, span: span.clone() };
        let parts = || field::parts(&line);
        let issue = &mut self.issue;
        match column.field {
            Some(FieldKind::Title) => {}
            Some(FieldKind::Key) => key(issue, &value, &span),
            Some(FieldKind::Status) => status(issue, &value, &span),
            Some(FieldKind::DependsOn) => {
                issue.depends_on.extend(references::split_all(&parts()));
                issue.spans.depends_on.lists.push(list);
            }
            Some(FieldKind::Blocks) => issue.blocks.extend(references::split_all(&parts())),
            Some(FieldKind::Labels) => {
                issue.labels.extend(parts());
                issue.spans.labels.lists.push(list);
            }
            Some(FieldKind::Assignees) => {
                issue.spans.assignees.lists.push(list);
                self.people(&parts(), column, &value, span);
            }
            Some(FieldKind::Priority) => {
                let label = content::priority_label(&value);
                issue.labels.extend(label.map(|text| Spanned { text, span }));
            }
            Some(FieldKind::Milestone) if !field::is_none(&value) => {
                let text = content::unquoted(&value);
                let span = spans::of_word(&self.document.source, &span, &text).unwrap_or(span);
                issue.spans.milestone = Some(Placement::Cell(span.clone()));
                issue.milestone = Some(Spanned { text, span });
                issue.is_column = true;
            }
            Some(FieldKind::Parent) => issue.parent = references::split_all(&parts()).into_iter().next(),
            _ => self.other(column, &value, span),
        }
    }

    fn people(&mut self, people: &[Spanned], column: &Column, value: &str, span: Range<usize>) {
        let logins: Vec<Spanned> = people.iter().filter_map(content::login).collect();
        // `Ada, Grace` are names; one word, or a mention among others, is a login.
        if logins.is_empty() || value.contains(' ') && !value.contains('@') {
            content::no_login(people, self.diagnostics);
            self.keep(column, value, span);
        } else {
            self.issue.assignees.extend(logins);
        }
    }

    /// A cell that no field holds; a glyph in it may tell the state.
    fn other(&mut self, column: &Column, value: &str, span: Range<usize>) {
        let has_glyph = value.trim_start_matches(['*', ' ']).starts_with(['✅', '☑', '✔']);
        if has_glyph && !self.issue.has_state {
            self.issue.closed = vocabulary::is_done(value);
            self.issue.has_state = true;
            self.issue.spans.state = Some(StateSpan { manner: StateManner::Cell, span: span.clone() });
        }
        self.keep(column, value, span);
    }

    fn keep(&mut self, column: &Column, value: &str, span: Range<usize>) {
        if !field::is_none(value) {
            self.text.push(Passage::plain(format!("- {}: {value}", column.name), span));
        }
    }
}

/// A status may name a milestone too: `done in Sprint 2`.
fn status(issue: &mut DraftIssue, value: &str, span: &Range<usize>) {
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
fn key(issue: &mut DraftIssue, value: &str, span: &Range<usize>) {
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
