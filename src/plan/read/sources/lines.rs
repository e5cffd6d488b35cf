//! Issues in headings, leads and items of lists: a line with its text below it.

use super::super::content::{self, Below, Context};
use super::super::field_line::{self, Field};
use super::super::item_line;
use super::super::markdown::inline::Piece;
use super::super::tree::{At, Shape};
use super::super::vocabulary;
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::spans::{self, ListManner, ListSpan, StateManner, StateSpan};

/// The word of a bold run that says that an item is done, where none says that something remains: `… **DONE: in v2**`.
fn done_in_bold(node: &super::super::tree::Node) -> Option<std::ops::Range<usize>> {
    let line = node.lines.concat();
    let word = |text: &str| text.trim().split([':', ' ', '.', ',']).next().unwrap_or_default().to_owned();
    let says = |text: &str| {
        let word = word(text);
        word.len() > 3 && word.chars().all(char::is_uppercase) && vocabulary::is_done(&word)
    };
    let remains = line.iter().any(|piece| piece.text.to_lowercase().contains("remaining"));
    let bold = line.iter().skip(1).find(|piece| piece.strong && says(&piece.text));
    let bold = bold.filter(|_| node.list.is_some() && !remains)?;
    Some(bold.span.start..bold.span.start + word(&bold.text).len())
}

/// The issue of a heading, a lead or an item.
pub(crate) fn issue(context: &Context<'_>, at: At, diagnostics: &mut Diagnostics) -> DraftIssue {
    let node = &context.tree.nodes[at];
    let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let mut issue = content::of_head(node.head.clone(), line, &node.span);
    (issue.spans.line, issue.spans.extent) = content::lines_around(context, at);
    if let Some(span) = node.tick.clone() {
        issue.spans.state = Some(StateSpan { manner: StateManner::Box, span });
    }
    issue.number = issue.number.or_else(|| node.ordinal.clone());
    if let Some(id) = &node.id {
        issue.is_marked = true;
        issue.has_id = true;
        issue.key = Some(id.clone());
    }
    if super::super::family::is_labelled(context.tree, at) {
        let strong: Vec<_> = line.iter().take_while(|piece| !piece.code).cloned().collect();
        let head = item_line::read(&strong);
        issue.title = head.title;
        issue.spans.title = Some(field_line::visible(&strong));
        let codes: Vec<&Piece> = line.iter().filter(|piece| piece.code).collect();
        let label = |piece: &&Piece| Spanned { text: piece.text.trim().to_owned(), span: piece.span.clone() };
        issue.labels.extend(codes.iter().map(label));
        if let (Some(first), Some(last)) = (codes.first(), codes.last()) {
            let span = first.span.start..last.span.end;
            issue.spans.labels.lists.push(ListSpan { manner: ListManner::Line, span });
        }
    }
    // `**Task:** Bake`: the value is the title.
    let blank = Field::read(line).filter(|field| field.label.is_empty() || field.label.chars().all(|it| it == '_'));
    if let Some(field) = blank {
        let head = item_line::parse(&field.value);
        issue.title = head.title;
        issue.spans.title = Some(field.value_span);
    }
    if let Some(span) = done_in_bold(node).filter(|_| !issue.has_state) {
        issue.closed = true;
        issue.has_state = true;
        issue.spans.state = Some(StateSpan { manner: StateManner::Word, span });
    }
    let mut below = Below::new(context, diagnostics, issue);
    match node.shape {
        Shape::Heading(_) | Shape::Lead => below.section(at),
        _ => below.item(at),
    }
    let mut issue = below.finish();
    if issue.title.is_empty() {
        issue.title = crate::plan::title::clean(&node.plain);
    }
    if let Some((done, front)) = vocabulary::last_glyph(&node.plain)
        && !issue.has_state
    {
        issue.closed = done;
        issue.has_state = true;
        let glyph = node.plain[front.len()..].trim();
        let span = spans::of_word(&context.document.source, &node.span, glyph);
        issue.spans.state = span.map(|span| StateSpan { manner: StateManner::Glyph, span });
    }
    issue
}
