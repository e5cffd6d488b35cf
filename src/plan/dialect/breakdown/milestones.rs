//! The list of milestones.

use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::is_list;
use crate::plan::date::{self, Written};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::field::{self, Field};
use crate::plan::document::leading_key::{self, Keyed};
use crate::plan::document::{Document, Section, inline, markdown};
use crate::plan::draft::{Draft, DraftMilestone, Due};
use crate::plan::title;

/// How many milestones a section's lists and headings seem to hold.
pub fn count(document: &Document<'_>, section: &Section<'_>) -> usize {
    let items = section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children());
    items.filter(|item| is_milestone(document, item)).count()
        + section.children.iter().filter(|child| headed_key(document, child).is_some()).count()
}

/// Reads every milestone of a section.
pub fn read<'a>(document: &Document<'a>, section: &Section<'a>, draft: &mut Draft, diagnostics: &mut Diagnostics) {
    for item in section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children()) {
        let mut blocks = item.children();
        let Some(first) = blocks.next() else { continue };
        if is_milestone(document, item) {
            let blocks: Vec<Node<'_>> = blocks.collect();
            draft.milestones.push(milestone(document, first, &blocks, diagnostics));
        } else {
            diagnostics.warning(
                "unread-milestone",
                document.span(first),
                "this stands among the milestones, but has no key, date or purpose",
                "begin it with a key, such as `M1`, or move it out of the list",
            );
        }
    }
    for child in section.children.iter().filter(|child| headed_key(document, child).is_some()) {
        let Some(heading) = child.heading else { continue };
        draft.milestones.push(milestone(document, heading, &child.blocks, diagnostics));
    }
}

fn headed_key(document: &Document<'_>, section: &Section<'_>) -> Option<Keyed> {
    let line = inline::lines(document, section.heading?).concat();
    leading_key::read(&line, false).filter(|_| !super::issues::is_issue(document, section))
}

fn is_milestone(document: &Document<'_>, item: Node<'_>) -> bool {
    let mut blocks = item.children();
    let keyed = blocks.next().is_some_and(|first| {
        let lines = inline::lines(document, first);
        lines.first().is_some_and(|line| leading_key::read(line, false).is_some())
    });
    keyed
        || blocks.filter(is_list).flat_map(comrak::arena_tree::Node::children).any(|inner| {
            let field = inner.first_child().and_then(|first| field_of(document, first));
            field.is_some_and(|field| is_date(&field.name) || is_purpose(&field.name))
        })
}

fn field_of(document: &Document<'_>, paragraph: Node<'_>) -> Option<Field> {
    let lines = inline::lines(document, paragraph);
    Field::read(lines.first()?)
}

fn is_date(name: &str) -> bool {
    matches!(name, "target date" | "target" | "due" | "due date" | "due on" | "date" | "deadline" | "target completion")
}

fn is_purpose(name: &str) -> bool {
    matches!(name, "purpose" | "goal" | "objective" | "description")
}

fn milestone<'a>(
    document: &Document<'a>,
    headline: Node<'a>,
    blocks: &[Node<'a>],
    diagnostics: &mut Diagnostics,
) -> DraftMilestone {
    let mut lines = inline::lines(document, headline).into_iter();
    let first = lines.next().unwrap_or_default();
    let plain = title::clean(&first.iter().map(|piece| piece.text.as_str()).collect::<String>());
    let (key, title) = match leading_key::read(&first, false) {
        Some(keyed) => (Some(keyed.key.text), keyed.title),
        None => (inline::explicit_id_in(headline), plain),
    };
    let mut reader = Below { document, diagnostics, due: None, description: Vec::new() };
    for line in lines {
        reader.line(Field::read(&line), || line.iter().map(inline::Piece::ticked).collect());
    }
    for block in blocks {
        reader.block(block);
    }
    let Below { due, description, .. } = reader;
    let span = document.span(headline);
    DraftMilestone { key, title, due, description: description.join("\n\n"), span }
}

/// What stands below a milestone's title.
struct Below<'d, 'a> {
    document: &'d Document<'a>,
    diagnostics: &'d mut Diagnostics,
    due: Option<Due>,
    description: Vec<String>,
}

impl<'a> Below<'_, 'a> {
    fn block(&mut self, block: Node<'a>) {
        if !is_list(&block) {
            if !matches!(block.data().value, NodeValue::HtmlBlock(_) | NodeValue::ThematicBreak) {
                self.description.push(markdown::verbatim(self.document, block));
            }
            return;
        }
        for item in block.children() {
            let field = item.first_child().and_then(|first| field_of(self.document, first));
            let document = self.document;
            self.line(field, || markdown::verbatim(document, item));
        }
    }

    fn line(&mut self, field: Option<Field>, otherwise: impl FnOnce() -> String) {
        match field {
            Some(field) if is_date(&field.name) => self.date(&field),
            Some(field) if is_purpose(&field.name) => self.description.push(field.value),
            _ => self.description.push(otherwise()),
        }
    }

    fn date(&mut self, field: &Field) {
        let span: Range<usize> = field.span.clone();
        match date::parse(&field.value) {
            Written::Day(day) => self.due = Some(Due::On(day)),
            Written::Weeks(week) => self.due = Some(Due::Week(week, span)),
            Written::Impossible => self.diagnostics.error(
                "impossible-date",
                span,
                format!("there is no such day as `{}`", field.value),
                "write a day of the calendar, such as 2026-02-28",
            ),
            Written::No if field::is_none(&field.value) => {}
            Written::No => self.diagnostics.warning(
                "unread-date",
                span,
                format!("`{}` is not a date, so the milestone gets none", field.value),
                "write it as 2026-03-10, March 10, 2026, 10 March 2026, Q1 2026 or Weeks 3-4",
            ),
        }
    }
}
