//! What stands below an issue's or milestone's line: its fields, and the text that stays.

use std::collections::BTreeSet;

use super::field_line::{self as field, Field};
use super::item_line::{self, Head, Token};
use super::markdown::inline::{self, Piece};
use super::markdown::text::{self, Passage};
use super::markdown::{Document, Id, Kind};
use super::references;
use super::tree::{At, Part, Shape, Tree, lines_of};
use super::vocabulary::{self, FieldKind, SectionKind};
use crate::plan::diagnostic::{Diagnostics, Severity};
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::spans::{
    self, BoxSpan, IssueSpans, ListManner, ListSpan, Placement, StateManner, StateSpan, ValueSpans,
};
use crate::plan::title;

/// What is read with.
pub(super) struct Context<'c> {
    /// The document.
    pub document: &'c Document,
    /// Its item lines.
    pub tree: &'c Tree,
    /// The lines that are issues or milestones of their own.
    pub items: &'c BTreeSet<At>,
}

impl Context<'_> {
    /// Whether a line or one below it is an issue or milestone of its own.
    pub(super) fn has_items(&self, at: At) -> bool {
        self.items.range(at..=self.last(at)).next().is_some()
    }

    /// The last line that another one encloses; they are numbered in the order of the document.
    fn last(&self, at: At) -> At {
        let mut last = at;
        while let Some(child) = self.tree.nodes[last].children.last() {
            last = *child;
        }
        last
    }

    /// Whether a list or table holds an issue or milestone of its own.
    fn is_list_of_items(&self, at: At, block: Id) -> bool {
        let children = self.tree.nodes[at].children.iter();
        children.filter(|child| self.tree.nodes[**child].list == Some(block)).any(|child| self.has_items(*child))
    }
}

/// Makes an issue of a line, without what stands below it.
pub(super) fn of_head(head: Head, line: &[Piece], span: &std::ops::Range<usize>) -> DraftIssue {
    let place = |token: &Token| inline::place(line, &token.at);
    let at = |token: &Token| Spanned { text: token.text.clone(), span: place(token) };
    let Head {
        key,
        is_marked,
        number,
        title,
        title_at,
        state,
        markers,
        priority,
        assignees,
        depends_on,
        rest,
        is_structural: _,
    } = head;
    let mut labels: Vec<Spanned> = markers.iter().map(at).collect();
    labels.iter_mut().filter(|label| label.text == "P").for_each(|label| "parallel".clone_into(&mut label.text));
    labels.extend(priority.as_ref().map(|it| Spanned { text: format!("priority: {}", it.text), span: place(it) }));
    let assignees: Vec<Spanned> = assignees.iter().map(at).collect();
    let on_line = |places: &[std::ops::Range<usize>]| -> Vec<ListSpan> {
        let whole = places.iter().map(|it| it.start).min().zip(places.iter().map(|it| it.end).max());
        whole.map(|(start, end)| ListSpan { manner: ListManner::Line, span: start..end }).into_iter().collect()
    };
    let each = |values: &[Spanned]| values.iter().map(|it| it.span.clone()).collect::<Vec<_>>();
    let dependencies: Vec<_> = depends_on.iter().map(&place).collect();
    let spans = IssueSpans {
        title: Some(inline::place(line, &title_at)),
        state: state.as_ref().map(|it| StateSpan { manner: it.manner, span: inline::place(line, &it.at) }),
        assignees: ValueSpans { lists: on_line(&each(&assignees)), ..ValueSpans::default() },
        depends_on: ValueSpans { lists: on_line(&dependencies), ..ValueSpans::default() },
        ..IssueSpans::default()
    };
    DraftIssue {
        key,
        is_marked,
        number,
        title,
        labels,
        assignees,
        depends_on: depends_on.map(|token| references::split(&at(&token))).unwrap_or_default(),
        closed: state.as_ref().is_some_and(|state| state.done),
        has_state: state.is_some(),
        body: rest,
        span: span.clone(),
        spans,
        ..DraftIssue::default()
    }
}

/// The lines of an item: the one that introduces it, and all that it encloses.
pub(super) fn lines_around(context: &Context<'_>, at: At) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let node = &context.tree.nodes[at];
    let source = &context.document.source;
    let block = context.document.block(node.block);
    // Only a heading may take two lines, the second one underlining it.
    let last = if matches!(block.kind, Kind::Heading(_)) { block.end } else { node.line };
    (source.lines(node.line, last), source.lines(node.line, node.end.max(last)))
}

/// A GitHub login. A phrase such as `Platform team` is none.
pub(super) fn login(part: &Spanned) -> Option<Spanned> {
    let login = part.text.trim().trim_start_matches('@');
    item_line::is_login(login).then(|| Spanned { text: login.to_owned(), span: part.span.clone() })
}

/// Reports people who are named, not mentioned by their login.
pub(super) fn no_login(people: &[Spanned], diagnostics: &mut Diagnostics) {
    for name in people.iter().filter(|part| part.text.chars().count() <= 60) {
        diagnostics.once(
            Severity::Note,
            "no-login",
            name.span.clone(),
            format!("`{}` is not a GitHub login, so nobody is assigned", name.text),
            "write the login, such as `@octocat`",
        );
    }
}

/// The label of a priority: `priority: high`, `priority: p1`; nothing where there is none.
pub(super) fn priority_label(value: &str) -> Option<String> {
    let visible = |it: char| !(it.is_alphanumeric() || it == '-');
    let value = value.split([' ', '(', ',', '/']).find(|word| word.contains(char::is_alphanumeric))?;
    let level = value.trim_matches(visible).to_lowercase();
    (!field::is_none(&level)).then(|| format!("priority: {level}"))
}

/// A value without the code span or quotes around all of it.
pub(super) fn unquoted(value: &str) -> String {
    let value = value.trim();
    for quote in ['`', '"'] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|it| it.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return inner.trim().to_owned();
        }
    }
    value.to_owned()
}

/// What stands below an issue's first line.
pub(super) struct Below<'c> {
    context: &'c Context<'c>,
    diagnostics: &'c mut Diagnostics,
    /// The issue's text, paragraph by paragraph.
    body: Vec<Passage>,
    /// The block that the field in the paragraph before it has taken as its value.
    taken: Option<Id>,
    /// The issue so far.
    pub issue: DraftIssue,
    /// Whether a line across has ended it.
    ended: bool,
}

impl<'c> Below<'c> {
    /// Begins to read below an issue's first line.
    pub(super) fn new(context: &'c Context<'c>, diagnostics: &'c mut Diagnostics, mut issue: DraftIssue) -> Self {
        let first = std::mem::take(&mut issue.body);
        let span = issue.span.clone();
        let body = if first.is_empty() { Vec::new() } else { vec![Passage::plain(first, span)] };
        Self { context, diagnostics, body, taken: None, issue, ended: false }
    }

    /// The issue with all that was read.
    pub(super) fn finish(self) -> DraftIssue {
        let Self { body, mut issue, .. } = self;
        issue.spans.body = body.iter().map(|passage| passage.span.clone()).collect();
        let Passage { text, boxes, span: _ } = Passage::joined(body, "\n\n");
        (issue.body, issue.spans.boxes) = (text, boxes);
        issue
    }

    /// Reads all that belongs to a heading or lead, in the order of the document.
    pub(super) fn section(&mut self, at: At) {
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
    pub(super) fn item(&mut self, at: At) {
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
        let name = field::fold(&label);
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
            let name = field::fold(label);
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
    pub(super) fn lines(&mut self, lines: &[Vec<Piece>]) {
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
                name: field::fold(&label),
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

    /// Takes over a field; false when it is none that an issue has, and so part of its text.
    pub(super) fn field(&mut self, field: &Field, below: &[Id]) -> bool {
        let Some(kind) = vocabulary::field(&field.name) else {
            self.misspelt(field);
            return false;
        };
        match kind {
            FieldKind::DependsOn | FieldKind::Blocks | FieldKind::Labels => self.list_field(kind, field, below),
            FieldKind::Priority => {
                let label = priority_label(&field.value);
                let span = field.value_span.clone();
                self.issue.labels.extend(label.map(|text| Spanned { text, span }));
            }
            FieldKind::Milestone => self.milestone(field),
            FieldKind::Parent => self.parent(field),
            FieldKind::Criteria => return self.criteria_field(field, below),
            FieldKind::Status => {
                self.issue.closed = vocabulary::is_done(&field.value);
                self.issue.has_state = true;
                let span = field.value_span.clone();
                self.issue.spans.state = Some(StateSpan { manner: StateManner::Field, span: span.clone() });
                let value = Spanned { text: field.value.clone(), span };
                self.issue.unknown_state = Some(value).filter(|value| !vocabulary::is_known_state(&value.text));
            }
            FieldKind::Assignees => {
                let logins: Option<Vec<Spanned>> = field.parts.iter().map(login).collect();
                let Some(logins) = logins else {
                    let names: Vec<Spanned> =
                        field.parts.iter().filter(|part| login(part).is_none()).cloned().collect();
                    no_login(&names, self.diagnostics);
                    return false;
                };
                self.issue.assignees.extend(logins);
                let list = ListSpan { manner: ListManner::Field, span: field.value_span.clone() };
                self.issue.spans.assignees.lists.push(list);
            }
            FieldKind::Title => {
                if let Some(title) = field.code.as_ref().filter(|_| self.issue.has_id) {
                    self.issue.title.clone_from(title);
                    self.issue.spans.title = Some(field.value_span.clone());
                    return true;
                }
                let head = item_line::parse(&unquoted(&field.value));
                if head.title.is_empty() {
                    return false;
                }
                self.issue.key = head.key.or(self.issue.key.take());
                self.issue.title = title::clean(&head.title);
                self.issue.spans.title = Some(field.value_span.clone());
            }
            FieldKind::Key => {
                let Some(first) = field.parts.first() else { return false };
                self.issue.key = Some(first.text.clone());
            }
            FieldKind::Body | FieldKind::Purpose | FieldKind::Due | FieldKind::Issues | FieldKind::Estimate => {
                return false;
            }
        }
        true
    }

    /// A field with several values, behind its colon or in lists below it.
    fn list_field(&mut self, kind: FieldKind, field: &Field, below: &[Id]) {
        let document = self.context.document;
        let nested = below.iter().flat_map(|list| nested_lines(document, *list)).filter_map(nested_value);
        let all: Vec<Spanned> = field.parts.iter().cloned().chain(nested).collect();
        let places: Vec<ListSpan> = match below {
            [] => vec![ListSpan { manner: ListManner::Field, span: field.value_span.clone() }],
            lists => {
                let span = |list: &Id| document.block(*list).span.clone();
                lists.iter().map(|list| ListSpan { manner: ListManner::Nested, span: span(list) }).collect()
            }
        };
        let issue = &mut self.issue;
        match kind {
            FieldKind::Labels => {
                issue.labels.extend(all);
                issue.spans.labels.lists.extend(places);
            }
            FieldKind::Blocks => issue.blocks.extend(references::split_all(&all)),
            _ => {
                issue.depends_on.extend(references::split_all(&all));
                issue.spans.depends_on.lists.extend(places);
            }
        }
    }

    /// Reports a field that is called almost as one that is read.
    fn misspelt(&mut self, field: &Field) {
        if let Some(meant) = vocabulary::nearly_field(&field.name) {
            self.diagnostics.warning(
                "misspelt-field",
                field.span.clone(),
                format!("`{}` is not a known field, so it stays in the text", field.label),
                format!("did you mean `{meant}`?"),
            );
        }
    }

    fn parent(&mut self, field: &Field) {
        let Some(first) = references::split_all(&field.parts).into_iter().next() else { return };
        if let Some(there) = &self.issue.parent {
            let message = format!("an issue has one parent, but `{}` was given before", there.text);
            self.diagnostics.error("second-value", first.span, message, "remove one of them");
        } else {
            self.issue.parent = Some(first);
        }
    }

    fn milestone(&mut self, field: &Field) {
        // A title may have commas in it.
        let whole = field.parts.first().map(|_| self.unquoted_value(field));
        let parts = if field.value.contains('`') { field.parts.clone() } else { whole.into_iter().collect() };
        for part in parts {
            if let Some(first) = &self.issue.milestone {
                let message = format!("an issue has one milestone, but `{}` was given before", first.text);
                self.diagnostics.error("second-value", part.span.clone(), message, "remove one of them");
            } else {
                self.issue.spans.milestone = Some(Placement::Field(part.span.clone()));
                self.issue.milestone = Some(part);
            }
        }
    }

    /// A field's value without the quotes around all of it.
    fn unquoted_value(&self, field: &Field) -> Spanned {
        let text = unquoted(&field.value);
        let span = spans::of_word(&self.context.document.source, &field.value_span, &text);
        Spanned { text, span: span.unwrap_or(field.value_span.clone()) }
    }

    fn criteria_field(&mut self, field: &Field, below: &[Id]) -> bool {
        if below.is_empty() && !field.value.is_empty() {
            let one = BoxSpan { tick: None, text: field.value_span.clone() };
            self.body.push(Passage {
                text: format!("### {}\n\n- [ ] {}", field.label, field.value),
                span: field.span.clone(),
                boxes: vec![one],
            });
        } else {
            self.criteria(&field.label, below);
        }
        true
    }

    fn criteria(&mut self, label: &str, lists: &[Id]) {
        if !lists.is_empty() {
            self.body.push(Passage::task_lists(self.context.document, lists).headed(label));
        }
    }
}

/// The bytes of a cell without the blanks around them.
pub(super) fn cell_content(document: &Document, cell: Id) -> std::ops::Range<usize> {
    let span = document.block(cell).span.clone();
    let text = &document.source.text[span.clone()];
    let bare = text.trim_start_matches([' ', '|']);
    let start = span.start + text.len() - bare.len();
    start..start + bare.trim_end_matches([' ', '|', '\n', '\r']).len()
}

/// The first lines of the items of a list.
fn nested_lines(document: &Document, list: Id) -> Vec<&Vec<Piece>> {
    let items = document.block(list).children.iter();
    items.filter_map(|item| document.block(document.first_paragraph(*item)?).lines.first()).collect()
}

/// One value of a field whose values stand in a list below it.
#[allow(clippy::ptr_arg, reason = "it maps over lines")]
fn nested_value(line: &Vec<Piece>) -> Option<Spanned> {
    let (first, last) = (line.first()?, line.last()?);
    let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
    let text = match Field::read(line).filter(|field| vocabulary::field(&field.name).is_some()) {
        Some(field) => field.value,
        None => text.trim().to_owned(),
    };
    Some(Spanned { text, span: first.span.start..last.span.end }).filter(|part| !field::is_none(&part.text))
}
