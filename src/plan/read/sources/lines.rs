//! Issues in headings, leads and items of lists: a line with its text below it.

use super::super::content::{self, Below, Context};
use super::super::field_line::Field;
use super::super::item_line;
use super::super::tree::{At, Shape};
use super::super::vocabulary;
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{DraftIssue, Spanned};

/// Whether a bold run in the line says that it is done, and none says that something remains: `… **DONE: in v2**`.
fn is_marked_done(node: &super::super::tree::Node) -> bool {
    let line = node.lines.concat();
    let says = |text: &str| {
        let word = text.trim().split([':', ' ', '.', ',']).next().unwrap_or_default();
        word.len() > 3 && word.chars().all(char::is_uppercase) && vocabulary::is_done(word)
    };
    let remains = line.iter().any(|piece| piece.text.to_lowercase().contains("remaining"));
    node.list.is_some() && !remains && line.iter().skip(1).any(|piece| piece.strong && says(&piece.text))
}

/// The issue of a heading, a lead or an item.
pub(crate) fn issue(context: &Context<'_>, at: At, diagnostics: &mut Diagnostics) -> DraftIssue {
    let node = &context.tree.nodes[at];
    let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let mut issue = content::of_head(node.head.clone(), &node.span);
    issue.number = issue.number.or_else(|| node.ordinal.clone());
    if let Some(id) = &node.id {
        issue.is_marked = true;
        issue.key = Some(id.clone());
    }
    if super::super::family::is_labelled(context.tree, at) {
        let strong: Vec<_> = line.iter().take_while(|piece| !piece.code).cloned().collect();
        let head = item_line::read(&strong);
        issue.title = head.title;
        let codes = line.iter().filter(|piece| piece.code);
        issue
            .labels
            .extend(codes.map(|piece| Spanned { text: piece.text.trim().to_owned(), span: piece.span.clone() }));
    }
    // `**Task:** Bake`: the value is the title.
    let blank = Field::read(line).filter(|field| field.label.is_empty() || field.label.chars().all(|it| it == '_'));
    if let Some(field) = blank {
        let head = item_line::parse(&field.value);
        issue.title = head.title;
    }
    if !issue.has_state && is_marked_done(node) {
        issue.closed = true;
        issue.has_state = true;
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
    if let Some((done, _)) = vocabulary::last_glyph(&node.plain)
        && !issue.has_state
    {
        issue.closed = done;
        issue.has_state = true;
    }
    issue
}
