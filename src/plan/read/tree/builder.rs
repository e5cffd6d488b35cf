//! Finds the item lines of a document.

use std::collections::BTreeMap;

use super::lines::{introduces, typed_box, without_tags};
use super::{At, Node, Part, Shape, Tree};
use crate::plan::read::field_line::Field;
use crate::plan::read::item_line::{self, Head, LineState};
use crate::plan::read::markdown::inline::{self, Piece};
use crate::plan::read::markdown::{Document, Id, Kind, text};
use crate::plan::read::tables::Table;
use crate::plan::read::vocabulary;
use crate::plan::spans::StateManner;

/// Finds the item lines of a document.
pub(super) fn build(document: &Document, columns: &BTreeMap<String, String>) -> Tree {
    let mut builder =
        Builder { document, columns, tree: Tree { nodes: Vec::new(), tables: Vec::new() }, open: Vec::new() };
    builder.tree.nodes.push(root(document));
    builder.open.push((0, Rank::Root));
    builder.blocks(&document.roots);
    builder.tree
}

fn root(document: &Document) -> Node {
    Node {
        shape: Shape::Root,
        parent: 0,
        children: Vec::new(),
        block: 0,
        line: 1,
        end: document.source.line_count().max(1),
        span: 0..0,
        lines: Vec::new(),
        plain: String::new(),
        head: Head::default(),
        own: Vec::new(),
        list: None,
        depth: 0,
        is_strong: false,
        is_struck: false,
        designator: None,
        section: None,
        fields: Vec::new(),
        ordinal: None,
        id: None,
        tick: None,
    }
}

/// How far an open line reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    Root,
    Heading(u8),
    /// Up to the end of its details.
    Details,
    /// Up to the next one of its kind.
    StrongLead {
        is_named: bool,
    },
    /// Up to the next paragraph.
    Lead,
}

struct Builder<'d> {
    document: &'d Document,
    /// What columns hold, as the front matter declares it.
    columns: &'d BTreeMap<String, String>,
    tree: Tree,
    open: Vec<(At, Rank)>,
}

impl Builder<'_> {
    fn blocks(&mut self, blocks: &[Id]) {
        for (at, id) in blocks.iter().enumerate() {
            let next = blocks[at + 1..].iter().find(|next| !self.is_comment(**next));
            self.block(*id, next.copied());
        }
    }

    fn is_comment(&self, id: Id) -> bool {
        matches!(&self.document.block(id).kind, Kind::Html(html) if html.trim_start().starts_with("<!--"))
    }

    fn top(&self) -> At {
        self.open.last().map_or(0, |(at, _)| *at)
    }

    fn close(&mut self, ends: impl Fn(Rank) -> bool) {
        while self.open.last().is_some_and(|(_, rank)| *rank != Rank::Root && ends(*rank)) {
            self.open.pop();
        }
    }

    fn block(&mut self, id: Id, next: Option<Id>) {
        let document = self.document;
        let block = document.block(id);
        match &block.kind {
            Kind::Heading(level) => self.heading(id, *level),
            Kind::Paragraph => self.paragraph(id, next),
            Kind::List => {
                // `5. Development` with a line below it is a heading inside of a list to markdown.
                let headed = |item: &Id| {
                    let first = document.block(*item).children.first();
                    first.filter(|first| matches!(document.block(**first).kind, Kind::Heading(_))).copied()
                };
                if block.children.iter().any(|item| headed(item).is_some()) {
                    for item in &block.children {
                        if headed(item).is_some() {
                            self.blocks(&document.block(*item).children.clone());
                        } else {
                            self.item(*item, id, 0, self.top());
                        }
                    }
                    return;
                }
                let parent = self.top();
                self.own(parent, id);
                for item in &block.children {
                    self.item(*item, id, 0, parent);
                }
            }
            Kind::Table => {
                let parent = self.top();
                self.own(parent, id);
                self.table(id, parent);
            }
            Kind::Rule => {
                self.close(|rank| matches!(rank, Rank::Lead | Rank::StrongLead { .. }));
                let parent = self.top();
                self.own(parent, id);
            }
            Kind::Html(html) => self.html(id, html),
            _ => {
                let parent = self.top();
                self.own(parent, id);
            }
        }
    }

    fn own(&mut self, at: At, block: Id) {
        self.tree.nodes[at].own.push(Part { block, lines: None });
    }

    fn heading(&mut self, id: Id, level: u8) {
        self.close(|rank| match rank {
            Rank::Heading(other) => other >= level,
            _ => true,
        });
        let parent = self.top();
        let at = self.node(Shape::Heading(level), id, parent, &self.document.block(id).lines.concat());
        self.open.push((at, Rank::Heading(level)));
    }

    fn html(&mut self, id: Id, html: &str) {
        if html.contains("</details>") && !html.contains("<summary") {
            self.close(|rank| rank != Rank::Details && !matches!(rank, Rank::Heading(_)));
            if matches!(self.open.last(), Some((_, Rank::Details))) {
                self.open.pop();
            }
        }
        let summary = html.split_once("<summary>").and_then(|(_, rest)| rest.split_once("</summary>"));
        let Some((text, _)) = summary else {
            let parent = self.top();
            self.own(parent, id);
            return;
        };
        self.close(|rank| matches!(rank, Rank::Lead | Rank::StrongLead { .. } | Rank::Details));
        let text = without_tags(text);
        let block = self.document.block(id);
        let offset = html[..html.find("<summary>").unwrap_or(0)].matches('\n').count();
        let line = block.line + offset;
        let span = self.document.source.lines(line, line);
        let parent = self.top();
        let piece = Piece { text, strong: true, span: span.clone(), ..Piece::default() };
        let at = self.node(Shape::Lead, id, parent, &[piece]);
        self.tree.nodes[at].line = line;
        self.tree.nodes[at].span = span;
        self.open.push((at, Rank::Details));
        if html.contains("</details>") {
            self.open.pop();
        }
    }

    fn paragraph(&mut self, id: Id, next: Option<Id>) {
        let document = self.document;
        self.close(|rank| rank == Rank::Lead);
        let lines = &document.block(id).lines;
        let Some(first) = lines.first() else { return };
        if lines.len() > 1 && lines.iter().all(|line| typed_box(line).is_some()) {
            self.bare_boxes(id);
            return;
        }
        let text: String = first.iter().map(|piece| piece.text.as_str()).collect();
        let is_followed = next.is_some_and(|next| matches!(document.block(next).kind, Kind::List | Kind::Table));
        let head = item_line::read(first);
        let designator = vocabulary::designator(&text);
        let is_named = designator.is_some()
            || head.is_structural
            || head.key.as_ref().is_some_and(|key| head.title.len() > key.len() + 1);
        let fields = Field::all(first);
        let is_field = fields.iter().any(|field| vocabulary::field(&field.name).is_some() && !field.value.is_empty());
        let fits = text.chars().count() <= 120 && text.chars().any(char::is_alphanumeric) && !is_field;
        if inline::is_emphasized(first) && fits && (lines.len() == 1 || is_named && inline::is_strong(first)) {
            let is_named = is_named && inline::is_strong(first);
            self.close(|rank| match rank {
                Rank::StrongLead { is_named: other } => is_named || !other,
                _ => false,
            });
            let parent = self.top();
            let at = self.node(Shape::Lead, id, parent, first);
            if lines.len() > 1 {
                self.tree.nodes[at].own.push(Part { block: id, lines: Some(1..lines.len()) });
            }
            self.open.push((at, Rank::StrongLead { is_named }));
            return;
        }
        let parent = self.top();
        let last = lines.len() - 1;
        let is_closed = text.trim_end().ends_with([':', '：']);
        let holds_fields = next.is_some_and(|next| self.holds_fields(next)) && !is_closed;
        if is_followed && !holds_fields && introduces(&lines[last], lines.len() == 1) {
            if last > 0 {
                self.tree.nodes[parent].own.push(Part { block: id, lines: Some(0..last) });
            }
            let at = self.node(Shape::Lead, id, parent, &lines[last]);
            self.open.push((at, Rank::Lead));
        } else {
            self.own(parent, id);
        }
    }

    /// Lines that begin with a box and have no bullet: `[x] Dig`.
    fn bare_boxes(&mut self, id: Id) {
        let parent = self.top();
        self.own(parent, id);
        for line in &self.document.block(id).lines {
            let Some((done, inside, width)) = typed_box(line) else { continue };
            let mut line = line.clone();
            let tick = line[0].span.start + inside.start..line[0].span.start + inside.end;
            line[0].text.drain(..width);
            line[0].span.start = (line[0].span.start + width).min(line[0].span.end);
            let at = self.node(Shape::Box, id, parent, &line);
            let node = &mut self.tree.nodes[at];
            node.list = Some(id);
            node.end = node.line;
            node.head.state = Some(LineState { done, manner: StateManner::Box, at: 0..0 });
            node.tick = Some(tick);
        }
    }

    /// Whether a list holds fields: then the line above it is text, and introduces nothing.
    fn holds_fields(&self, list: Id) -> bool {
        let document = self.document;
        let is_field = |item: &Id| {
            let first = document.first_paragraph(*item).and_then(|first| document.block(first).lines.first());
            let fields = first.map(|line| Field::all(line)).unwrap_or_default();
            fields.first().is_some_and(|field| vocabulary::field(&field.name).is_some())
        };
        document.block(list).kind == Kind::List && document.block(list).children.iter().any(is_field)
    }

    fn item(&mut self, id: Id, list: Id, depth: u8, parent: At) {
        let document = self.document;
        let Kind::Item { ordered, tick } = document.block(id).kind else { return };
        let first = document.first_paragraph(id);
        let mut lines = first.map(|first| document.block(first).lines.clone()).unwrap_or_default();
        let mut tick = tick;
        let mut tick_span = text::tick_of(document, id);
        if let Some(line) = lines.first_mut()
            && tick.is_none()
            && let Some((done, inside, width)) = typed_box(line)
        {
            tick = Some(done);
            tick_span = Some(line[0].span.start + inside.start..line[0].span.start + inside.end);
            line[0].text.drain(..width);
            line[0].span.start = (line[0].span.start + width).min(line[0].span.end);
        }
        let shape = match (tick, ordered) {
            (Some(_), _) => Shape::Box,
            (None, true) => Shape::Number,
            (None, false) => Shape::Bullet,
        };
        let line = lines.first().cloned().unwrap_or_default();
        let at = self.node(shape, id, parent, &line);
        let node = &mut self.tree.nodes[at];
        node.list = Some(list);
        node.depth = depth;
        node.lines = lines;
        if ordered {
            let text = &document.source.text[document.block(id).span.start..];
            let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(0);
            node.ordinal = Some(text[..end].to_owned()).filter(|number| !number.is_empty());
        }
        if let Some(done) = tick {
            node.head.state = Some(LineState { done, manner: StateManner::Box, at: 0..0 });
            node.tick = tick_span;
        }
        for child in document.block(id).children.iter().skip(usize::from(first.is_some())) {
            self.own(at, *child);
            match document.block(*child).kind {
                Kind::List => {
                    for inner in &document.block(*child).children {
                        self.item(*inner, *child, depth.saturating_add(1), at);
                    }
                }
                Kind::Table => self.table(*child, at),
                _ => {}
            }
        }
    }

    fn table(&mut self, id: Id, parent: At) {
        let Some(table) = Table::new(self.document, id, self.columns) else { return };
        for row in self.document.block(id).children.iter().skip(1) {
            let title = table.title_cell(self.document, *row);
            let line = title.map(|cell| self.document.block(cell).lines.concat()).unwrap_or_default();
            let at = self.node(Shape::Row, *row, parent, &line);
            self.tree.nodes[at].list = Some(id);
        }
        self.tree.tables.push((id, table));
    }

    fn node(&mut self, shape: Shape, block: Id, parent: At, line: &[Piece]) -> At {
        let at = self.tree.nodes.len();
        let found = self.document.block(block);
        let plain = inline::joined(line);
        let bare: String = line.iter().map(|piece| piece.text.as_str()).collect();
        let span = match (line.first(), line.last()) {
            (Some(first), Some(last)) => first.span.start..last.span.end.max(first.span.start),
            _ => found.span.clone(),
        };
        let head = match shape {
            Shape::Heading(_) | Shape::Lead => item_line::parse(&plain),
            _ => item_line::read(line),
        };
        let titled = if matches!(shape, Shape::Box | Shape::Number | Shape::Bullet) && !head.rest.is_empty() {
            head.title.clone()
        } else {
            bare.clone()
        };
        let section = vocabulary::section(&titled);
        let designator =
            vocabulary::designator(&titled).filter(|it| section.is_none() || it.class == vocabulary::Class::Horizon);
        self.tree.nodes.push(Node {
            shape,
            parent,
            children: Vec::new(),
            block,
            line: self.document.source.position(span.start).0,
            end: found.line,
            lines: vec![line.to_vec()],
            designator,
            section,
            is_strong: line.iter().find(|piece| !piece.text.trim().is_empty()).is_some_and(|piece| piece.strong),
            is_struck: inline::is_struck(line),
            head,
            plain,
            own: Vec::new(),
            list: None,
            depth: 0,
            fields: Vec::new(),
            ordinal: None,
            tick: None,
            id: found.id.clone().or_else(|| self.id_in_first_paragraph(block)),
            span,
        });
        self.tree.nodes[parent].children.push(at);
        at
    }

    fn id_in_first_paragraph(&self, item: Id) -> Option<String> {
        let first = *self.document.block(item).children.first()?;
        self.document.block(first).id.clone()
    }
}
