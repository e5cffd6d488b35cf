//! The walk's issues in lists, tables and bold paragraphs.

use comrak::nodes::Node;

use super::{Context, Walk};
use crate::plan::document::inline;
use crate::plan::document::{Section, field, markdown};
use crate::plan::draft::Spanned;
use crate::plan::structure::survey::{is_bold_issue, is_bold_paragraph};
use crate::plan::structure::table::Table;
use crate::plan::structure::words::{self, Topic};
use crate::plan::structure::{Carrier, head, is_box, is_list, is_paragraph, issue};

impl<'a> Walk<'_, 'a> {
    /// The blocks of a section that hold no issues and belong to none.
    pub(super) fn own_blocks(&self, section: &Section<'a>) -> Vec<Node<'a>> {
        let is_begun = |block: &Node<'a>| self.carrier == Carrier::Bold && is_bold_paragraph(self.document, block);
        let before = section.blocks.iter().copied().take_while(|block| !is_begun(block));
        before.filter(|block| !self.carries(block)).collect()
    }

    /// Whether a block holds issues.
    fn carries(&self, block: &Node<'a>) -> bool {
        match self.carrier {
            Carrier::Headings => false,
            Carrier::Boxes => is_list(block) && block.children().any(|item| is_box(&item)),
            Carrier::Rows => Table::read(block).is_some_and(|table| table.is_issues()),
            Carrier::Bold => is_list(block) && block.children().any(|item| is_bold_issue(self.document, item)),
            Carrier::Bullets => is_list(block) && !self.is_fields(block),
        }
    }

    /// Whether a list holds the fields of a milestone.
    fn is_fields(&self, list: &Node<'a>) -> bool {
        let is_field = |item: Node<'a>| {
            let first = item.first_child().filter(is_paragraph)?;
            let topic = words::topic(&field::Field::read(inline::lines(self.document, first).first()?)?.name)?;
            Some(matches!(topic, Topic::Due | Topic::Purpose | Topic::Issues | Topic::Status | Topic::Criteria))
        };
        list.children().any(|item| is_field(item).unwrap_or(false))
    }

    /// The issues that a section's own blocks hold.
    pub(super) fn items(&mut self, section: &Section<'a>, context: &Context) {
        if self.carrier == Carrier::Bold {
            self.bold_paragraphs(section, context);
        }
        let begun = |block: &&Node<'a>| self.carrier != Carrier::Bold || !is_bold_paragraph(self.document, block);
        let blocks = section.blocks.iter().take_while(begun).copied().filter(|block| self.carries(block));
        let blocks: Vec<Node<'a>> = blocks.collect();
        for block in blocks {
            match self.carrier {
                Carrier::Headings => {}
                Carrier::Rows => {
                    for issue in Table::read(block).into_iter().flat_map(|table| table.issues(self.document)) {
                        self.add(issue, context);
                    }
                }
                Carrier::Boxes | Carrier::Bold | Carrier::Bullets => {
                    // A list without a milestone or a plan's name above it is only a list.
                    if self.carrier == Carrier::Bullets && context.milestone.is_none() {
                        continue;
                    }
                    block.children().for_each(|item| self.item(item, context));
                }
            }
        }
    }

    /// Paragraphs in bold that are issues, each with what follows it up to the next.
    fn bold_paragraphs(&mut self, section: &Section<'a>, context: &Context) {
        let mut groups: Vec<(Node<'a>, Vec<Node<'a>>)> = Vec::new();
        for block in section.blocks.iter().copied() {
            if is_bold_paragraph(self.document, &block) {
                groups.push((block, Vec::new()));
            } else if let Some((_, below)) = groups.last_mut() {
                below.push(block);
            }
        }
        for (paragraph, below) in groups {
            let span = self.document.span(paragraph);
            let lines = inline::lines(self.document, paragraph);
            let Some((line, rest)) = lines.split_first() else { continue };
            let issue = issue::of_head(head::read(line), &span);
            let issue = issue::fields_of_lines(self.document, rest, issue, self.diagnostics);
            let issue = issue::of_blocks(self.document, issue, &below, self.diagnostics);
            self.add(issue, context);
        }
    }

    fn item(&mut self, item: Node<'a>, context: &Context) {
        let Some(first) = item.first_child().filter(is_paragraph) else { return };
        let is_one = match self.carrier {
            Carrier::Boxes => is_box(&item),
            Carrier::Bold => is_bold_issue(self.document, item),
            _ => true,
        };
        if !is_one {
            let lines = self.document.span(first);
            let message = "this stands among the issues, but is none as the others are";
            self.diagnostics.note("unread-item", lines, message, "write it as the others are written, or move it");
            return;
        }
        let span = self.document.span(first);
        let lines = inline::lines(self.document, first);
        let mut lines = lines.into_iter();
        let mut line = lines.next().unwrap_or_default();
        let mut code_labels = Vec::new();
        if self.carrier != Carrier::Boxes {
            while line.last().is_some_and(|it| it.code || it.text.trim().is_empty()) && line.len() > 1 {
                let Some(piece) = line.pop() else { break };
                if piece.code {
                    code_labels.push(Spanned { text: piece.text.trim().to_owned(), span: piece.span });
                }
            }
        }
        let rest: Vec<Vec<inline::Piece>> = lines.collect();
        let is_field =
            |line: &Vec<inline::Piece>| field::Field::read(line).is_some_and(|it| words::topic(&it.name).is_some());
        // A line that is wrapped goes on; a line that is a field begins something else.
        let wrapped = rest.iter().take_while(|line| !is_field(line)).count();
        for more in &rest[..wrapped] {
            if let (Some(last), Some(first)) = (line.last().cloned(), more.first()) {
                line.push(inline::Piece {
                    text: " ".into(),
                    code: false,
                    strong: last.strong && first.strong,
                    span: last.span,
                });
            }
            line.extend(more.iter().cloned());
        }
        let mut issue = issue::of_head(head::read(&line), &span);
        issue.labels.extend(code_labels.into_iter().rev());
        let explicit = inline::explicit_id_in(first);
        issue.is_marked |= explicit.is_some();
        issue.key = explicit.or(issue.key);
        issue.closed = match self.carrier {
            Carrier::Boxes => markdown::is_ticked(item) || issue.closed,
            _ => issue.closed || (context.done && !is_box(&item)),
        };
        let issue = issue::fields_of_lines(self.document, &rest[wrapped..], issue, self.diagnostics);
        let below: Vec<Node<'a>> = item.children().skip(1).collect();
        let issue = issue::of_blocks(self.document, issue, &below, self.diagnostics);
        if issue.title.is_empty() || field::is_none(&issue.title) {
            return;
        }
        self.add(issue, context);
    }
}
