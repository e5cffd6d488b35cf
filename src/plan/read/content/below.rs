//! What stands below an issue's line: its fields, and the text that stays.

use super::{Context, cell_content, nested_lines};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::read::field_line::{self as field, Field};
use crate::plan::read::markdown::inline::{self, Piece};
use crate::plan::read::markdown::text::{self, Passage};
use crate::plan::read::markdown::{Id, Kind};
use crate::plan::read::references;
use crate::plan::read::tree::{At, Part, Shape, lines_of};
use crate::plan::read::vocabulary::{self, FieldKind, SectionKind};

/// What stands below an issue's first line.
pub(in crate::plan::read) struct Below<'c> {
    pub(super) context: &'c Context<'c>,
    pub(super) diagnostics: &'c mut Diagnostics,
    /// The issue's text, paragraph by paragraph.
    pub(super) body: Vec<Passage>,
    /// The block that the field in the paragraph before it has taken as its value.
    taken: Option<Id>,
    /// The issue so far.
    pub(super) issue: DraftIssue,
    /// Whether a line across has ended it.
    ended: bool,
}

impl<'c> Below<'c> {
    /// Begins to read below an issue's first line.
    pub(in crate::plan::read) fn new(
        context: &'c Context<'c>,
        diagnostics: &'c mut Diagnostics,
        mut issue: DraftIssue,
    ) -> Self {
        let first = std::mem::take(&mut issue.body);
        let span = issue.span.clone();
        let body = if first.is_empty() { Vec::new() } else { vec![Passage::plain(first, span)] };
        Self { context, diagnostics, body, taken: None, issue, ended: false }
    }

    /// The issue with all that was read.
    pub(in crate::plan::read) fn finish(self) -> DraftIssue {
        let Self { body, mut issue, .. } = self;
        issue.spans.body = body.iter().map(|passage| passage.span.clone()).collect();
        let Passage { text, boxes, span: _ } = Passage::joined(body, "\n\n");
        (issue.body, issue.spans.boxes) = (text, boxes);
        issue
    }

    /// Reads all that belongs to a heading or lead, in the order of the document.
    pub(in crate::plan::read) fn section(&mut self, at: At) {
        enum Piece {
            Part(Part),
            Child(At),
        }
        let node = &self.context.tree.nodes[at];
        let mut pieces: Vec<(usize, Piece)> = node
            .own
            .iter()
            .map(|part| (self.context.document.block(part.block).span.start, Piece::Part(part.clone())))
            .collect();
        let headed = node
            .children
            .iter()
            .filter(|child| matches!(self.context.tree.nodes[**child].shape, Shape::Heading(_) | Shape::Lead));
        pieces.extend(headed.map(|child| (self.context.tree.nodes[*child].span.start, Piece::Child(*child))));
        pieces.sort_by_key(|(start, _)| *start);
        let blocks: Vec<Option<Id>> = pieces
            .iter()
            .map(|(_, piece)| match piece {
                Piece::Part(part) => Some(part.block),
                Piece::Child(_) => None,
            })
            .collect();
        for (number, (_, piece)) in pieces.iter().enumerate() {
            if self.ended {
                return;
            }
            match piece {
                Piece::Part(part) => self.part(at, part, blocks.get(number + 1).copied().flatten()),
                Piece::Child(child) => self.child(*child),
            }
        }
    }

    /// Reads what belongs to an item of a list below its first line.
    pub(in crate::plan::read) fn item(&mut self, at: At) {
        let node = &self.context.tree.nodes[at];
        if node.lines.len() > 1 {
            self.lines(&node.lines[1..]);
        }
        for (number, part) in node.own.iter().enumerate() {
            match self.context.document.block(part.block).kind {
                Kind::List if self.context.is_list_of_items(at, part.block) => {}
                Kind::List => self.steps(part.block),
                _ => self.part(at, part, node.own.get(number + 1).map(|next| next.block)),
            }
        }
    }

    fn part(&mut self, at: At, part: &Part, next: Option<Id>) {
        if self.taken.take().is_some_and(|taken| taken == part.block) {
            return;
        }
        let document = self.context.document;
        match &document.block(part.block).kind {
            Kind::List | Kind::Table | Kind::Paragraph if self.context.is_list_of_items(at, part.block) => {}
            Kind::List => self.list(part.block),
            Kind::Paragraph => self.paragraph(part, next),
            // A line across ends an issue: what follows it is about the whole document.
            Kind::Rule => self.ended = true,
            Kind::Html(html) if html.trim_start().starts_with("<!--") => {}
            Kind::Table if self.table(part.block) => {}
            _ => self.body.push(Passage::verbatim(document, part.block)),
        }
    }

    fn child(&mut self, at: At) {
        let node = &self.context.tree.nodes[at];
        if self.context.items.contains(&at) {
            return;
        }
        let heading = node.plain.clone();
        let label = heading.trim_end_matches([':', '：', ' ']).trim_matches('*').to_owned();
        let name = field::normal_name(&label);
        let kind = vocabulary::field(&name);
        let lists: Vec<Id> = node
            .own
            .iter()
            .map(|part| part.block)
            .filter(|block| self.context.document.block(*block).kind == Kind::List)
            .collect();
        let is_plain = node.own.len() == lists.len() && !lists.is_empty();
        let is_criteria = node.section == Some(SectionKind::Criteria) || kind == Some(FieldKind::Criteria);
        let is_closed = node.children.iter().all(|child| self.context.tree.nodes[*child].list.is_some());
        if is_criteria && is_plain && is_closed && !self.context.has_items(at) {
            self.criteria(&label, &lists);
        } else if kind == Some(FieldKind::Body) && node.shape == Shape::Lead {
            let fence = node.own.first().map(|part| part.block).filter(|block| self.fence(Some(*block)));
            self.taken = fence;
            self.section(at);
        } else if !self.headed_field(at, kind, &label) {
            let line = &self.context.document.source.text[node.span.clone()];
            let written = match node.shape {
                Shape::Lead => {
                    let line = self.context.document.source.position(node.span.start).0;
                    self.context.document.source.text[self.context.document.source.lines(line, line)].trim().to_owned()
                }
                _ if line.is_empty() => heading.clone(),
                _ => format!("### {heading}"),
            };
            self.body.push(Passage::plain(written, node.span.clone()));
            self.section(at);
        }
    }

    /// A field that is a heading, its values below: `### Labels`.
    fn headed_field(&mut self, at: At, kind: Option<FieldKind>, label: &str) -> bool {
        use FieldKind::{Assignees, Blocks, DependsOn, Labels, Milestone, Parent, Priority, Status};
        let node = &self.context.tree.nodes[at];
        let is_value =
            matches!(kind, Some(DependsOn | Blocks | Labels | Milestone | Priority | Status | Assignees | Parent));
        if !is_value || self.context.has_items(at) || node.own.is_empty() {
            return false;
        }
        let document = self.context.document;
        let mut lines: Vec<&Vec<Piece>> = Vec::new();
        for part in &node.own {
            match document.block(part.block).kind {
                Kind::Paragraph => lines.extend(lines_of(document, part)),
                Kind::List => lines.extend(nested_lines(document, part.block)),
                Kind::Rule => {}
                _ => return false,
            }
        }
        let mut all = true;
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let value = inline::joined(line);
            let span = line[0].span.start..line[line.len() - 1].span.end;
            let name = field::normal_name(label);
            let inner = Field::read(line).filter(|inner| vocabulary::field(&inner.name).is_some());
            let field = inner.unwrap_or_else(|| Field {
                name,
                label: label.to_owned(),
                value,
                parts: field::parts(line),
                value_span: span.clone(),
                code: field::code(line),
                span,
            });
            all &= self.field(&field, &[]);
        }
        if node.own.iter().any(|part| document.block(part.block).kind == Kind::Rule) {
            self.ended = true;
        }
        all && !lines.is_empty()
    }

    /// The list below an item: its fields, else its steps, which can be ticked.
    fn steps(&mut self, list: Id) {
        let items = &self.context.document.block(list).children;
        let is_field = |item: &Id| self.field_of(*item).is_some_and(|field| vocabulary::field(&field.name).is_some());
        if items.iter().any(is_field) {
            self.list(list);
        } else {
            self.body.push(Passage::task_lists(self.context.document, &[list]));
        }
    }

    fn field_of(&self, item: Id) -> Option<Field> {
        let first = self.context.document.first_paragraph(item)?;
        Field::read(self.context.document.block(first).lines.first()?)
    }

    fn list(&mut self, list: Id) {
        let document = self.context.document;
        let mut others: Vec<Passage> = Vec::new();
        for item in &document.block(list).children {
            let first = document.first_paragraph(*item);
            let is_box = matches!(document.block(*item).kind, Kind::Item { tick: Some(_), .. });
            let fields = first
                .filter(|_| !is_box)
                .and_then(|first| Some(Field::all(document.block(first).lines.first()?)))
                .unwrap_or_default();
            let below: Vec<Id> = document
                .block(*item)
                .children
                .iter()
                .copied()
                .filter(|block| document.block(*block).kind == Kind::List)
                .collect();
            let at = self.body.len();
            let mut taken = !fields.is_empty();
            for field in &fields {
                taken &= self.field(field, &below);
            }
            if !taken {
                others.push(Passage::verbatim(document, *item));
            } else if self.body.len() > at && !others.is_empty() {
                // What stood before the criteria stays before them.
                self.body.insert(at, Passage::joined(std::mem::take(&mut others), "\n"));
            }
        }
        if !others.is_empty() {
            self.body.push(Passage::joined(others, "\n"));
        }
    }

    /// A paragraph may hold a field on each of its lines; what is none of ours stays text.
    fn paragraph(&mut self, part: &Part, next: Option<Id>) {
        let document = self.context.document;
        let lines = lines_of(document, part);
        let fields: Vec<Vec<Field>> = lines.iter().map(|line| Field::all(line)).collect();
        if part.lines.is_none() && !fields.iter().flatten().any(|field| vocabulary::field(&field.name).is_some()) {
            self.body.push(Passage::verbatim(document, part.block));
            return;
        }
        let below: Vec<Id> = next.filter(|next| document.block(*next).kind == Kind::List).into_iter().collect();
        let mut kept = Vec::new();
        let last = lines.len().saturating_sub(1);
        for (at, (line, fields)) in lines.iter().zip(&fields).enumerate() {
            let value_below = at == last && fields.len() == 1 && fields[0].value.is_empty();
            if value_below && vocabulary::field(&fields[0].name) == Some(FieldKind::Body) && self.fence(next) {
                self.taken = next;
                continue;
            }
            let mut taken = !fields.is_empty();
            for field in fields {
                taken &= self.field(field, if value_below { &below } else { &[] });
            }
            if taken {
                self.taken = below.first().copied().filter(|_| value_below);
            } else {
                kept.push(Passage::plain(line.iter().map(Piece::ticked).collect(), field::visible(line)));
            }
        }
        if !kept.is_empty() {
            self.body.push(Passage::joined(kept, "\n"));
        }
    }

    /// Takes the fields that stand on lines of their own; what is none is text.
    pub(in crate::plan::read) fn lines(&mut self, lines: &[Vec<Piece>]) {
        let mut kept = Vec::new();
        for line in lines {
            let fields = Field::all(line);
            let mut taken = !fields.is_empty();
            for field in &fields {
                taken &= self.field(field, &[]);
            }
            if !taken {
                kept.push(Passage::plain(inline::joined(line), field::visible(line)));
            }
        }
        if !kept.is_empty() {
            self.body.push(Passage::joined(kept, "\n"));
        }
    }

    /// A table of names and values, or one with a single row: the issue's fields.
    fn table(&mut self, id: Id) -> bool {
        let document = self.context.document;
        let Ok(at) = self.context.tree.tables.binary_search_by_key(&id, |(id, _)| *id) else { return false };
        let table = &self.context.tree.tables[at].1;
        let rows = &document.block(id).children[1..];
        let mut kept = Vec::new();
        let mut taken = false;
        let field = |name: &str, cell: Id| {
            let line = document.block(cell).lines.concat();
            let label = name.trim_matches(['*', ' ', ':']).to_owned();
            let span = document.block(cell).span.clone();
            Field {
                name: field::normal_name(&label),
                label,
                value: inline::joined(&line),
                parts: field::parts(&line),
                value_span: cell_content(document, cell),
                code: field::code(&line),
                span,
            }
        };
        if table.is_record {
            for row in rows {
                let cells = &document.block(*row).children;
                let [name, value] = cells[..] else { continue };
                let field = field(&document.plain(name), value);
                let is_title = vocabulary::field(&field.name) == Some(FieldKind::Title);
                if !is_title && self.field(&field, &[]) {
                    taken = true;
                } else if !field.value.is_empty() {
                    kept.push(Passage::plain(format!("- {}: {}", field.label, field.value), field.value_span));
                }
            }
        } else if let [row] = rows {
            for (cell, column) in document.block(*row).children.iter().zip(&table.columns) {
                let field = field(&column.name, *cell);
                if column.field.is_some() && self.field(&field, &[]) {
                    taken = true;
                } else if !field.value.is_empty() {
                    kept.push(Passage::plain(format!("- {}: {}", field.label, field.value), field.value_span));
                }
            }
        }
        if taken && !kept.is_empty() {
            self.body.push(Passage::joined(kept, "\n"));
        }
        taken
    }

    /// Takes the text in a fence as the issue's own, as it is, and what it says of its dependencies.
    fn fence(&mut self, block: Option<Id>) -> bool {
        let Some(block) = block else { return false };
        let found = self.context.document.block(block);
        let Kind::Code { literal, .. } = &found.kind else { return false };
        self.body.push(Passage {
            text: literal.replace('\r', "").trim_end().to_owned(),
            span: found.span.clone(),
            boxes: text::boxes_in(&self.context.document.source, &found.span),
        });
        // An item with an identity names its dependencies in a field, and its text is anybody's.
        for line in literal.lines().filter(|_| !self.issue.has_id) {
            let piece = Piece { text: line.replace("**", ""), span: found.span.clone(), ..Piece::default() };
            let field =
                Field::read(&[piece]).filter(|field| vocabulary::field(&field.name) == Some(FieldKind::DependsOn));
            let parts = field.into_iter().flat_map(|field| field.parts);
            let parts = parts.map(|part| Spanned { text: part.text, span: found.span.clone() });
            self.issue.depends_on.extend(parts.flat_map(|part| references::split(&part)));
        }
        true
    }
}
