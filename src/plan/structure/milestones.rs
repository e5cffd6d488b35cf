//! Milestones: by their headings, and in lists.

use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::words::{self, Topic, topic};
use super::{is_list, references};
use crate::plan::date::{self, Written};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::field::{self, Field};
use crate::plan::document::leading_key;
use crate::plan::document::{Document, Section, inline, markdown};
use crate::plan::draft::{DraftMilestone, Due};
use crate::plan::title;

/// How many milestones a section's lists seem to hold.
pub fn count(document: &Document<'_>, section: &Section<'_>) -> usize {
    let items = section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children());
    items.filter(|item| is_milestone(document, item)).count()
}

/// Reads the lists of a section that is a list of milestones.
pub fn read_lists<'a>(
    document: &Document<'a>,
    section: &Section<'a>,
    diagnostics: &mut Diagnostics,
) -> Vec<DraftMilestone> {
    let mut milestones = Vec::new();
    if count(document, section) == 0 {
        return milestones;
    }
    for item in section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children()) {
        let mut blocks = item.children();
        let Some(first) = blocks.next() else { continue };
        if is_milestone(document, item) {
            let blocks: Vec<Node<'_>> = blocks.collect();
            milestones.push(of_line(document, first, &blocks, diagnostics));
        } else {
            diagnostics.warning(
                "unread-milestone",
                document.span(first),
                "this stands among the milestones, but has no key, date or purpose",
                "begin it with a key, such as `M1`, or move it out of the list",
            );
        }
    }
    milestones
}

fn is_milestone(document: &Document<'_>, item: Node<'_>) -> bool {
    let mut blocks = item.children();
    let designated = blocks.next().is_some_and(|first| {
        let lines = inline::lines(document, first);
        lines.first().is_some_and(|line| {
            leading_key::read(line, false).is_some() || words::milestone(&inline::joined(line)).is_some()
        })
    });
    designated
        || blocks.filter(is_list).flat_map(comrak::arena_tree::Node::children).any(|inner| {
            let field = inner.first_child().and_then(|first| field_of(document, first));
            field.is_some_and(|field| matches!(topic(&field.name), Some(Topic::Due | Topic::Purpose)))
        })
}

fn field_of(document: &Document<'_>, paragraph: Node<'_>) -> Option<Field> {
    let lines = inline::lines(document, paragraph);
    Field::read(lines.first()?)
}

/// Reads a milestone whose first line is known, with the blocks below it.
pub fn of_line<'a>(
    document: &Document<'a>,
    headline: Node<'a>,
    blocks: &[Node<'a>],
    diagnostics: &mut Diagnostics,
) -> DraftMilestone {
    let mut lines = inline::lines(document, headline).into_iter();
    let first = lines.next().unwrap_or_default();
    let bare: String = first.iter().map(|piece| piece.text.as_str()).collect();
    let plain = without_glyphs(super::head::unnumbered(&bare));
    let (key, title) = match leading_key::read(&first, false) {
        Some(keyed) => (Some(keyed.key.text), without_glyphs(&keyed.title)),
        None => (inline::explicit_id_in(headline), plain),
    };
    let title = title::clean(&title);
    let mut reader = Below { document, diagnostics, milestone: DraftMilestone::default(), description: Vec::new() };
    // A date may stand in parentheses behind the title, as that of a week does.
    reader.schedule(&bare, document.span(headline));
    for line in lines {
        reader.line(Field::all(&line), || line.iter().map(inline::Piece::ticked).collect());
    }
    for block in blocks {
        reader.block(block);
    }
    let Below { milestone, description, .. } = reader;
    let designator = words::milestone(&bare);
    let span = document.span(headline);
    DraftMilestone { key, title, designator, description: description.join("\n\n"), span, ..milestone }
}

/// A title without the glyphs of a state around it.
fn without_glyphs(title: &str) -> String {
    let mut title = title.trim();
    while let Some((_, rest)) = words::glyph(title) {
        title = rest;
    }
    while let Some((_, front)) = words::last_glyph(title) {
        title = front;
    }
    title.to_owned()
}

/// What stands below a milestone's title.
struct Below<'d, 'a> {
    document: &'d Document<'a>,
    diagnostics: &'d mut Diagnostics,
    milestone: DraftMilestone,
    description: Vec<String>,
}

impl<'a> Below<'_, 'a> {
    fn schedule(&mut self, title: &str, span: Range<usize>) {
        let remark = title.trim_end_matches([' ', ':']).strip_suffix(')').and_then(|it| it.rsplit_once('('));
        let week = remark.map_or(title, |(_, remark)| remark);
        if let Written::Weeks(week) = date::parse(week) {
            self.milestone.due = Some(Due::Week(week, span));
        } else if let Some(day) = remark.and_then(|(_, remark)| title::due(remark)) {
            self.milestone.due = Some(Due::On(day));
        }
    }

    fn block(&mut self, block: Node<'a>) {
        match block.data().value {
            NodeValue::Paragraph => self.paragraph(block),
            NodeValue::List(_) => self.list(block),
            NodeValue::HtmlBlock(_) | NodeValue::ThematicBreak => {}
            _ => self.description.push(markdown::verbatim(self.document, block)),
        }
    }

    fn paragraph(&mut self, paragraph: Node<'a>) {
        let lines = inline::lines(self.document, paragraph);
        let is_field = |field: &Field| matches!(topic(&field.name), Some(Topic::Due | Topic::Purpose | Topic::Issues));
        if lines.iter().any(|line| Field::all(line).iter().any(is_field)) {
            for line in lines {
                self.line(Field::all(&line), || line.iter().map(inline::Piece::ticked).collect());
            }
        } else {
            self.description.push(markdown::verbatim(self.document, paragraph));
        }
    }

    fn list(&mut self, list: Node<'a>) {
        let mut others = Vec::new();
        for item in list.children() {
            let first = item.first_child().filter(super::is_paragraph);
            let fields = first
                .map(|first| inline::lines(self.document, first))
                .and_then(|lines| Some(Field::all(lines.first()?)))
                .unwrap_or_default();
            if fields
                .iter()
                .any(|field| matches!(topic(&field.name), Some(Topic::Due | Topic::Purpose | Topic::Issues)))
            {
                self.line(fields, String::new);
            } else {
                others.push(markdown::verbatim(self.document, item));
            }
        }
        if !others.is_empty() {
            self.description.push(others.join("\n"));
        }
    }

    fn line(&mut self, fields: Vec<Field>, otherwise: impl FnOnce() -> String) {
        if fields.is_empty() {
            self.description.push(otherwise());
            return;
        }
        let mut rest = Vec::new();
        for field in fields {
            match topic(&field.name) {
                Some(Topic::Due) => self.date(&field),
                Some(Topic::Purpose) => self.description.push(field.value),
                Some(Topic::Issues) => self.milestone.issues.extend(references::split_all(&field.parts)),
                _ => rest.push(format!("{}: {}", field.label, field.value)),
            }
        }
        if !rest.is_empty() {
            self.description.push(rest.join("\n"));
        }
    }

    fn date(&mut self, field: &Field) {
        let span: Range<usize> = field.span.clone();
        match date::parse(&field.value) {
            Written::Day(day) => self.milestone.due = Some(Due::On(day)),
            Written::Weeks(week) => self.milestone.due = Some(Due::Week(week, span)),
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
