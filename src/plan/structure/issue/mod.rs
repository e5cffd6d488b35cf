//! One issue: what its heading, box or row says, and what stands below it.

mod fields;

use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::head::{self, Head};
use super::references;
use super::words::{self, Role, Topic, topic};
use super::{is_list, is_paragraph};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::field::{self, Field};
use crate::plan::document::{Document, Section, inline, markdown};
use crate::plan::draft::{DraftIssue, Spanned};

/// Whether a section has the fields of an issue below its heading. A status or people alone may be anybody's.
pub fn has_fields(document: &Document<'_>, section: &Section<'_>) -> bool {
    let is_ours = |topic: &Topic| {
        matches!(
            topic,
            Topic::Title
                | Topic::DependsOn
                | Topic::Blocks
                | Topic::Milestone
                | Topic::Labels
                | Topic::Priority
                | Topic::Criteria
                | Topic::Parent
        )
    };
    let is_headed = |child: &Section<'_>| {
        let topic = topic(&field::fold(child.title().trim_end_matches(':')));
        !child.blocks.is_empty() && child.children.is_empty() && topic.as_ref().is_some_and(is_ours)
    };
    topics(document, section).iter().any(is_ours) || section.children.iter().any(is_headed)
}

/// What the fields below a heading are about.
pub fn topics(document: &Document<'_>, section: &Section<'_>) -> Vec<Topic> {
    let lists = section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children());
    let paragraphs = section.blocks.iter().copied().filter(is_paragraph);
    lists
        .filter_map(comrak::arena_tree::Node::first_child)
        .filter(is_paragraph)
        .chain(paragraphs)
        .flat_map(|paragraph| inline::lines(document, paragraph))
        .flat_map(|line| Field::all(&line))
        .filter_map(|field| topic(&field.name))
        .collect()
}

/// Makes an issue of a line.
pub fn of_head(head: Head, span: &Range<usize>) -> DraftIssue {
    let at = |text: String| Spanned { text, span: span.clone() };
    let Head { key, is_marked, number, title, done, markers, priority, assignees, depends_on, rest } = head;
    let mut labels: Vec<Spanned> =
        markers.into_iter().map(|marker| if marker == "P" { "parallel".to_owned() } else { marker }).map(at).collect();
    labels.extend(priority.map(|level| Spanned { text: format!("priority: {level}"), span: span.clone() }));
    DraftIssue {
        key,
        is_marked,
        number,
        title,
        labels,
        assignees: assignees.into_iter().map(|text| Spanned { text, span: span.clone() }).collect(),
        depends_on: depends_on.map(|text| references::split(&Spanned { text, span: span.clone() })).unwrap_or_default(),
        closed: done.unwrap_or(false),
        body: rest,
        span: span.clone(),
        ..DraftIssue::default()
    }
}

/// Reads the issue that a section is. The sections below it that are issues of their own are no part of it.
pub fn of_section<'a>(
    document: &Document<'a>,
    section: &Section<'a>,
    is_issue: &dyn Fn(&Section<'a>) -> bool,
    diagnostics: &mut Diagnostics,
) -> DraftIssue {
    let span = section.heading.map_or(0..0, |heading| document.span(heading));
    let line = section.heading.map(|heading| inline::lines(document, heading).concat()).unwrap_or_default();
    let plain: String = line.iter().map(inline::Piece::ticked).collect();
    let mut issue = of_head(head::parse(&plain), &span);
    let explicit = section.heading.into_iter().chain(section.blocks.iter().copied()).find_map(inline::explicit_id_in);
    issue.is_marked |= explicit.is_some();
    issue.key = explicit.or(issue.key);
    let mut reader = Below::new(document, diagnostics, issue);
    reader.section(section, is_issue);
    reader.finish()
}

/// Takes the fields that stand on lines of their own below an item's first line; what is none is text.
pub fn fields_of_lines(
    document: &Document<'_>,
    lines: &[Vec<inline::Piece>],
    issue: DraftIssue,
    diagnostics: &mut Diagnostics,
) -> DraftIssue {
    let mut reader = Below::new(document, diagnostics, issue);
    let mut text = Vec::new();
    for line in lines {
        let fields = Field::all(line);
        let mut taken = !fields.is_empty();
        for field in &fields {
            taken &= reader.field(field, &[]);
        }
        if !taken {
            text.push(inline::joined(line));
        }
    }
    if !text.is_empty() {
        reader.body.push(text.join("\n"));
    }
    reader.finish()
}

/// Reads an issue whose first line is known, with blocks below it.
pub fn of_blocks<'a>(
    document: &Document<'a>,
    issue: DraftIssue,
    blocks: &[Node<'a>],
    diagnostics: &mut Diagnostics,
) -> DraftIssue {
    let mut reader = Below::new(document, diagnostics, issue);
    for block in blocks {
        match block.data().value {
            // What is listed below an item are its steps, or its fields.
            NodeValue::List(_) => reader.steps(block),
            _ => reader.block(block),
        }
    }
    reader.finish()
}

/// What stands below an issue's first line.
struct Below<'d, 'a> {
    document: &'d Document<'a>,
    diagnostics: &'d mut Diagnostics,
    /// The issue's text, paragraph by paragraph.
    body: Vec<String>,
    /// The block that the field in the paragraph before it has taken as its value.
    taken: Option<Node<'a>>,
    issue: DraftIssue,
    /// Whether a line across has ended it.
    ended: bool,
}

impl<'d, 'a> Below<'d, 'a> {
    fn new(document: &'d Document<'a>, diagnostics: &'d mut Diagnostics, mut issue: DraftIssue) -> Self {
        let first = std::mem::take(&mut issue.body);
        let body = if first.is_empty() { Vec::new() } else { vec![first] };
        Self { document, diagnostics, body, taken: None, issue, ended: false }
    }

    fn finish(self) -> DraftIssue {
        let Self { body, mut issue, .. } = self;
        issue.body = body.join("\n\n");
        issue
    }

    fn section(&mut self, section: &Section<'a>, is_issue: &dyn Fn(&Section<'a>) -> bool) {
        for block in &section.blocks {
            if self.ended {
                return;
            }
            self.block(block);
        }
        for child in section.children.iter().filter(|child| !is_issue(child)) {
            if self.ended {
                return;
            }
            let heading = child.title();
            let role = words::role(&field::fold(heading.trim_end_matches(':')));
            let lists: Vec<Node<'a>> = child.blocks.iter().copied().filter(is_list).collect();
            if role == Role::Criteria && child.children.is_empty() && child.blocks.iter().all(is_list) {
                self.criteria(&heading, &lists);
            } else if !self.headed_field(child) {
                self.body.push(format!("### {heading}"));
                self.section(child, is_issue);
            }
        }
    }

    /// A field that is a heading, its values below: `### Labels`.
    fn headed_field(&mut self, section: &Section<'a>) -> bool {
        let label = section.title();
        let name = field::fold(label.trim_end_matches(':'));
        let is_value = matches!(
            topic(&name),
            Some(
                Topic::DependsOn
                    | Topic::Blocks
                    | Topic::Labels
                    | Topic::Milestone
                    | Topic::Priority
                    | Topic::Status
                    | Topic::Assignees
                    | Topic::Parent
            )
        );
        if !is_value || !section.children.is_empty() || section.blocks.is_empty() {
            return false;
        }
        let mut lines = Vec::new();
        for block in &section.blocks {
            let paragraphs = block.descendants().filter(is_paragraph);
            lines.extend(paragraphs.flat_map(|paragraph| inline::lines(self.document, paragraph)));
        }
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let value = inline::joined(line);
            let span = line[0].span.start..line[line.len() - 1].span.end;
            let field = Field { name: name.clone(), label: label.clone(), value, parts: field::parts(line), span };
            if !self.field(&field, &[]) {
                return false;
            }
        }
        true
    }

    fn block(&mut self, block: Node<'a>) {
        if self.taken.take().is_some_and(|taken| taken.same_node(block)) {
            return;
        }
        match &block.data().value {
            NodeValue::List(_) => self.list(block),
            NodeValue::Paragraph => self.paragraph(block),
            // A line across ends an issue: what follows it is about the whole document.
            NodeValue::ThematicBreak => self.ended = true,
            NodeValue::HtmlBlock(html) if html.literal.trim_start().starts_with("<!--") => {}
            _ => self.body.push(markdown::verbatim(self.document, block)),
        }
    }

    /// The list below an item: its fields, else its steps, which can be ticked.
    fn steps(&mut self, list: Node<'a>) {
        let is_field = |item: &Node<'a>| self.field_of(item).is_some_and(|field| topic(&field.name).is_some());
        if list.children().any(|item| is_field(&item)) {
            self.list(list);
        } else {
            self.body.push(markdown::task_list(self.document, list));
        }
    }

    fn field_of(&self, item: Node<'a>) -> Option<Field> {
        let first = item.first_child().filter(is_paragraph)?;
        Field::read(inline::lines(self.document, first).first()?)
    }

    fn list(&mut self, list: Node<'a>) {
        let mut others = Vec::new();
        for item in list.children() {
            let first = item.first_child().filter(is_paragraph);
            let fields = first
                .map(|first| inline::lines(self.document, first))
                .and_then(|lines| Some(Field::all(lines.first()?)))
                .unwrap_or_default();
            let below: Vec<Node<'a>> = item.children().filter(is_list).collect();
            let at = self.body.len();
            let mut taken = !fields.is_empty();
            for field in &fields {
                taken &= self.field(field, &below);
            }
            if !taken {
                others.push(markdown::verbatim(self.document, item));
            } else if self.body.len() > at && !others.is_empty() {
                // What stood before the criteria stays before them.
                self.body.insert(at, std::mem::take(&mut others).join("\n"));
            }
        }
        if !others.is_empty() {
            self.body.push(others.join("\n"));
        }
    }

    /// A paragraph may hold a field on each of its lines; what is none of ours stays text.
    fn paragraph(&mut self, paragraph: Node<'a>) {
        let lines = inline::lines(self.document, paragraph);
        let fields: Vec<Vec<Field>> = lines.iter().map(|line| Field::all(line)).collect();
        if !fields.iter().flatten().any(|field| topic(&field.name).is_some()) {
            self.body.push(markdown::verbatim(self.document, paragraph));
            return;
        }
        let next = paragraph.next_sibling();
        let below: Vec<Node<'a>> = next.filter(is_list).into_iter().collect();
        let mut text = Vec::new();
        let last = lines.len() - 1;
        for (at, (line, fields)) in lines.iter().zip(&fields).enumerate() {
            let value_below = at == last && fields.len() == 1 && fields[0].value.is_empty();
            if value_below && topic(&fields[0].name) == Some(Topic::Body) && self.fence(next) {
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
                text.push(line.iter().map(inline::Piece::ticked).collect::<String>());
            }
        }
        if !text.is_empty() {
            self.body.push(text.join("\n"));
        }
    }

    /// Takes the text in a fence as the issue's own, as it is, and what it says of its dependencies.
    fn fence(&mut self, block: Option<Node<'a>>) -> bool {
        let Some(block) = block else { return false };
        let NodeValue::CodeBlock(code) = &block.data().value else { return false };
        self.body.push(code.literal.replace('\r', "").trim_end().to_owned());
        let span = self.document.span(block);
        for line in code.literal.lines() {
            let piece = inline::Piece { text: line.replace("**", ""), code: false, strong: false, span: span.clone() };
            let field = Field::read(&[piece]).filter(|field| topic(&field.name) == Some(Topic::DependsOn));
            let parts = field.into_iter().flat_map(|field| field.parts);
            let parts = parts.map(|part| Spanned { text: part.text, span: span.clone() });
            self.issue.depends_on.extend(parts.flat_map(|part| references::split(&part)));
        }
        true
    }
}

/// A GitHub login. A phrase such as `Platform team` is none.
pub fn login(part: &Spanned) -> Option<Spanned> {
    let login = part.text.trim_start_matches('@');
    head::is_login(login).then(|| Spanned { text: login.to_owned(), span: part.span.clone() })
}
