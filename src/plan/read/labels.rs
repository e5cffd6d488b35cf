//! Labels that a document declares: in lists and tables below a heading of their own.

use super::content::unquoted;
use super::field_line::{self as field, Field};
use super::markdown::inline::{self, Piece};
use super::markdown::{Document, Id, Kind};
use super::tables::Table;
use super::tree::{At, Tree};
use crate::plan::draft::{DraftLabel, Spanned};

/// The groups whose values stand by themselves.
const UNGROUPED: &[&str] = &["special", "other", "others", "misc", "general", "labels", "sonstige", "otros"];

/// Reads the labels that a section declares.
pub(super) fn read(document: &Document, tree: &Tree, at: At) -> Vec<DraftLabel> {
    let mut labels = Vec::new();
    for part in &tree.nodes[at].own {
        if document.block(part.block).kind == Kind::List {
            document.block(part.block).children.iter().for_each(|item| of_item(document, *item, &mut labels));
        }
    }
    labels
}

/// The labels of a table.
pub(super) fn of_table(document: &Document, id: Id, table: &Table) -> Vec<DraftLabel> {
    let mut labels = Vec::new();
    for row in document.block(id).children.iter().skip(1) {
        let cells = &document.block(*row).children;
        let Some(first) = cells.first() else { continue };
        let text = |cell: Id| inline::joined(&document.block(cell).lines.concat());
        let name = unquoted(&text(*first));
        if field::is_none(&name) {
            continue;
        }
        let named: Vec<(bool, String)> =
            cells.iter().zip(&table.columns).skip(1).map(|(cell, column)| (column.is_color(), text(*cell))).collect();
        let color = named.iter().find(|(is_color, _)| *is_color).and_then(|(_, text)| color(text));
        let description = named.into_iter().filter(|(is_color, _)| !is_color).map(|(_, text)| text);
        let description = description.into_iter().find(|text| !field::is_none(text));
        labels.push(DraftLabel {
            name: Spanned { text: name, span: document.block(*first).span.clone() },
            color,
            description,
        });
    }
    labels
}

fn of_item(document: &Document, item: Id, labels: &mut Vec<DraftLabel>) {
    let Some(line) = document.first_paragraph(item).and_then(|it| document.block(it).lines.first()) else { return };
    // `status: ready` - Ready for development
    if let Some((first, rest)) = line.split_first().filter(|(first, _)| first.code) {
        let spans = line.iter().filter(|piece| piece.code).count();
        let description = inline::joined(rest);
        let description = description.trim_start_matches(['-', '–', '—', ':', '(', ' ']).trim_end_matches(')');
        if spans > 1
            && rest.iter().filter(|piece| !piece.code).all(|piece| piece.text.trim_matches([',', ' ', '/']).is_empty())
        {
            labels.extend(line.iter().filter(|piece| piece.code).map(|piece| label(piece, None)));
        } else {
            labels.push(label(first, Some(description.to_owned()).filter(|it| !it.is_empty())));
        }
        return;
    }
    // **Type**: feature, bug
    if let Some(field) = Field::read(line) {
        let group = field.name.trim_end_matches(" labels").to_owned();
        let is_bare = UNGROUPED.contains(&group.as_str());
        labels.extend(field.parts.into_iter().map(|part| {
            let is_whole = is_bare || part.text.contains(':');
            let text = if is_whole { part.text } else { format!("{group}: {}", part.text) };
            DraftLabel { name: Spanned { text, span: part.span }, color: None, description: None }
        }));
    }
}

fn label(piece: &Piece, description: Option<String>) -> DraftLabel {
    let name = Spanned { text: piece.text.trim().to_owned(), span: piece.span.clone() };
    DraftLabel { name, color: None, description }
}

/// Six hexadecimal digits, with or without `#`, in lower case.
pub(super) fn color(text: &str) -> Option<String> {
    let text = unquoted(text);
    let color = text.trim().trim_start_matches('#').to_lowercase();
    (color.len() == 6 && color.bytes().all(|it| it.is_ascii_hexdigit())).then_some(color)
}
