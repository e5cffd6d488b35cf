//! The headings that are issues, and what stands under them.

use comrak::nodes::{Node, NodeValue};

use super::is_list;
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::field::{self, Field};
use crate::plan::document::inline::{self, CodeSpans};
use crate::plan::document::leading_key::{self, Keyed};
use crate::plan::document::{Document, Section, markdown};
use crate::plan::draft::{Draft, DraftIssue, Spanned};
use crate::plan::title;

/// What a field of an issue is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    DependsOn,
    Milestone,
    Labels,
    Criteria,
    Assignees,
    Parent,
    Status,
}

fn topic(name: &str) -> Option<Topic> {
    Some(match name {
        "depends on" | "depends" | "dependencies" | "blocked by" | "requires" | "after" => Topic::DependsOn,
        "milestone" => Topic::Milestone,
        "labels" | "label" => Topic::Labels,
        "acceptance criteria" | "acceptance" | "criteria" | "deliverables" | "definition of done" | "done when" => {
            Topic::Criteria
        }
        "assignee" | "assignees" | "assigned to" | "owner" | "owners" => Topic::Assignees,
        "parent" | "epic" => Topic::Parent,
        "status" | "state" => Topic::Status,
        _ => return None,
    })
}

/// Whether a section is an issue: a heading with a key, and at least one field that only issues have.
pub fn is_issue(document: &Document<'_>, section: &Section<'_>) -> bool {
    key_of(document, section).is_some()
        && topics(document, section).iter().any(|topic| !matches!(topic, Topic::Status | Topic::Assignees))
}

/// Reads what stands under a heading such as `Issues`: each heading below is one, or a group of them.
pub fn read_all<'a>(document: &Document<'a>, section: &Section<'a>, draft: &mut Draft, diagnostics: &mut Diagnostics) {
    for child in &section.children {
        if key_of(document, child).is_some() || !topics(document, child).is_empty() {
            draft.issues.push(read(document, child, diagnostics));
        } else if child.children.is_empty() {
            diagnostics.warning(
                "unread-issue",
                child.heading.map_or(0..0, |heading| document.span(heading)),
                format!("`{}` stands among the issues, but has neither a key nor a field", child.title()),
                "begin it with a key, such as `I1`, or move it out of this section",
            );
        } else {
            read_all(document, child, draft, diagnostics);
        }
    }
}

fn key_of(document: &Document<'_>, section: &Section<'_>) -> Option<Keyed> {
    leading_key::read(&inline::lines(document, section.heading?).concat(), true)
}

fn topics(document: &Document<'_>, section: &Section<'_>) -> Vec<Topic> {
    let lists = section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children());
    let paragraphs = section.blocks.iter().copied().filter(is_paragraph);
    lists
        .filter_map(comrak::arena_tree::Node::first_child)
        .chain(paragraphs)
        .flat_map(|paragraph| inline::lines(document, paragraph))
        .filter_map(|line| topic(&Field::read(&line)?.name))
        .collect()
}

fn is_paragraph(block: &Node<'_>) -> bool {
    matches!(block.data().value, NodeValue::Paragraph)
}

/// Reads one issue.
pub fn read<'a>(document: &Document<'a>, section: &Section<'a>, diagnostics: &mut Diagnostics) -> DraftIssue {
    let span = section.heading.map_or(0..0, |heading| document.span(heading));
    let plain =
        section.heading.map(|heading| title::clean(&inline::plain(heading, CodeSpans::Ticked))).unwrap_or_default();
    let (key, title) = match key_of(document, section) {
        Some(keyed) => (Some(keyed.key.text), keyed.title),
        None => (explicit_id(section), plain),
    };
    let mut reader = Below {
        document,
        diagnostics,
        body: Vec::new(),
        taken: None,
        issue: DraftIssue {
            key,
            title,
            milestone: None,
            labels: Vec::new(),
            assignees: Vec::new(),
            depends_on: Vec::new(),
            parent: None,
            closed: false,
            body: String::new(),
            span,
        },
    };
    reader.section(section);
    let Below { body, mut issue, .. } = reader;
    issue.body = body.join("\n\n");
    issue
}

fn explicit_id(section: &Section<'_>) -> Option<String> {
    section.heading.into_iter().chain(section.blocks.iter().copied()).find_map(inline::explicit_id_in)
}

/// What stands below an issue's heading.
struct Below<'d, 'a> {
    document: &'d Document<'a>,
    diagnostics: &'d mut Diagnostics,
    /// The issue's text, paragraph by paragraph.
    body: Vec<String>,
    /// The list that the field in the paragraph before it has taken as its value.
    taken: Option<Node<'a>>,
    issue: DraftIssue,
}

impl<'a> Below<'_, 'a> {
    fn section(&mut self, section: &Section<'a>) {
        for block in &section.blocks {
            self.block(block);
        }
        for child in &section.children {
            let heading = child.title();
            if topic(&field::fold(heading.trim_end_matches(':'))) == Some(Topic::Criteria) {
                let lists: Vec<Node<'a>> = child.blocks.iter().copied().filter(is_list).collect();
                self.criteria(&heading, &lists);
            } else {
                self.body.push(format!("### {heading}"));
                self.section(child);
            }
        }
    }

    fn block(&mut self, block: Node<'a>) {
        match &block.data().value {
            NodeValue::List(_) if self.taken.take().is_some_and(|taken| taken.same_node(block)) => {}
            NodeValue::List(_) => self.list(block),
            NodeValue::Paragraph => self.paragraph(block),
            NodeValue::ThematicBreak => {}
            NodeValue::HtmlBlock(html) if html.literal.trim_start().starts_with("<!--") => {}
            _ => self.body.push(markdown::verbatim(self.document, block)),
        }
    }

    fn list(&mut self, list: Node<'a>) {
        let mut others = Vec::new();
        for item in list.children() {
            let first = item.first_child().filter(is_paragraph);
            let field = first.and_then(|first| Field::read(inline::lines(self.document, first).first()?));
            let below: Vec<Node<'a>> = item.children().filter(is_list).collect();
            let at = self.body.len();
            if !field.is_some_and(|field| self.field(&field, &below)) {
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
        let fields: Vec<Option<Field>> = lines.iter().map(|line| Field::read(line)).collect();
        if !fields.iter().flatten().any(|field| topic(&field.name).is_some()) {
            self.body.push(markdown::verbatim(self.document, paragraph));
            return;
        }
        let below: Vec<Node<'a>> = paragraph.next_sibling().filter(is_list).into_iter().collect();
        let mut text = Vec::new();
        for (line, field) in lines.iter().zip(fields) {
            let value_below = field.as_ref().is_some_and(|field| field.value.is_empty());
            if field.is_some_and(|field| self.field(&field, if value_below { &below } else { &[] })) {
                self.taken = below.first().copied().filter(|_| value_below);
            } else {
                text.push(line.iter().map(inline::Piece::ticked).collect::<String>());
            }
        }
        if !text.is_empty() {
            self.body.push(text.join("\n"));
        }
    }

    /// Takes over a field; false when it is none that an issue has, and so part of its text.
    fn field(&mut self, field: &Field, below: &[Node<'a>]) -> bool {
        let Some(topic) = topic(&field.name) else { return false };
        let nested = below.iter().flat_map(|list| list.children()).filter_map(|item| nested(self.document, item));
        match topic {
            Topic::DependsOn => self.issue.depends_on.extend(field.parts.iter().cloned().chain(nested)),
            Topic::Labels => self.issue.labels.extend(field.parts.iter().cloned().chain(nested)),
            Topic::Milestone => self.one(field, "milestone", |issue| &mut issue.milestone),
            Topic::Parent => self.one(field, "parent", |issue| &mut issue.parent),
            Topic::Criteria => return self.criteria_field(field, below),
            Topic::Status => self.issue.closed = is_done(&field.value),
            Topic::Assignees => {
                let logins: Option<Vec<Spanned>> = field.parts.iter().map(login).collect();
                let Some(logins) = logins else { return false };
                self.issue.assignees.extend(logins);
            }
        }
        true
    }

    fn one(&mut self, field: &Field, what: &str, slot: impl FnOnce(&mut DraftIssue) -> &mut Option<Spanned>) {
        let slot = slot(&mut self.issue);
        for part in &field.parts {
            if let Some(first) = slot {
                let message = format!("an issue has one {what}, and this one has `{}` already", first.text);
                self.diagnostics.error("second-value", part.span.clone(), message, "remove one of them");
            } else {
                *slot = Some(part.clone());
            }
        }
    }

    fn criteria_field(&mut self, field: &Field, below: &[Node<'a>]) -> bool {
        if below.is_empty() && !field.value.is_empty() {
            self.body.push(format!("### {}\n\n- [ ] {}", field.label, field.value));
        } else {
            self.criteria(&field.label, below);
        }
        true
    }

    fn criteria(&mut self, label: &str, lists: &[Node<'a>]) {
        let tasks: Vec<String> = lists.iter().map(|list| markdown::task_list(self.document, list)).collect();
        if !tasks.is_empty() {
            self.body.push(format!("### {label}\n\n{}", tasks.join("\n")));
        }
    }
}

/// One value of a field whose values stand in a list below it.
fn nested(document: &Document<'_>, item: Node<'_>) -> Option<Spanned> {
    let first = item.first_child()?;
    let text = inline::plain(first, CodeSpans::Bare);
    Some(Spanned { text, span: document.span(first) }).filter(|part| !field::is_none(&part.text))
}

fn is_done(status: &str) -> bool {
    let status = status.trim_matches(|character: char| !character.is_alphanumeric() && character != '✅');
    let first = status.split_whitespace().next().unwrap_or_default().to_lowercase();
    status.starts_with('✅') || matches!(first.as_str(), "done" | "completed" | "complete" | "closed")
}

/// A GitHub login: letters, digits and hyphens, 39 at most. A phrase such as `Platform team` is none.
fn login(part: &Spanned) -> Option<Spanned> {
    let login = part.text.trim_start_matches('@');
    let fits = !login.is_empty()
        && login.len() <= 39
        && login.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then(|| Spanned { text: login.to_owned(), span: part.span.clone() })
}
