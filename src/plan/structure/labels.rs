//! Labels that a document declares: in lists and tables below a heading of their own.

use comrak::nodes::Node;

use super::table::{Column, Table};
use super::{is_list, is_paragraph};
use crate::plan::document::field::{self, Field};
use crate::plan::document::inline::{self, Piece};
use crate::plan::document::{Document, Section};
use crate::plan::draft::{DraftLabel, Spanned};

/// The groups whose values stand by themselves.
const UNGROUPED: &[&str] = &["special", "other", "others", "misc", "general", "labels", "sonstige", "otros"];

/// Reads the labels that a section declares.
pub fn read<'a>(document: &Document<'a>, section: &Section<'a>) -> Vec<DraftLabel> {
    let mut labels = Vec::new();
    for block in &section.blocks {
        if is_list(block) {
            block.children().for_each(|item| of_item(document, item, &mut labels));
        } else if let Some(table) = Table::read(block).filter(Table::is_labels) {
            of_table(document, &table, &mut labels);
        }
    }
    labels
}

fn of_item<'a>(document: &Document<'a>, item: Node<'a>, labels: &mut Vec<DraftLabel>) {
    let Some(line) =
        item.first_child().filter(is_paragraph).and_then(|it| inline::lines(document, it).into_iter().next())
    else {
        return;
    };
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
    if let Some(field) = Field::read(&line) {
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

fn of_table<'a>(document: &Document<'a>, table: &Table<'a>, labels: &mut Vec<DraftLabel>) {
    for cells in table.rows(document) {
        let Some((_, _, first, node)) = cells.first() else { continue };
        let name = super::unquoted(&inline::joined(first));
        if field::is_none(&name) {
            continue;
        }
        let color =
            cells.iter().find(|(column, ..)| *column == Column::Color).and_then(|cell| color(&inline::joined(&cell.2)));
        let rest = cells.iter().skip(1).filter(|(column, ..)| *column != Column::Color);
        let description = rest.map(|cell| inline::joined(&cell.2)).find(|text| !field::is_none(text));
        labels.push(DraftLabel { name: Spanned { text: name, span: document.span(node) }, color, description });
    }
}

/// Six hexadecimal digits, with or without `#`, in lower case.
pub fn color(text: &str) -> Option<String> {
    let text = super::unquoted(text);
    let color = text.trim().trim_start_matches('#').to_lowercase();
    (color.len() == 6 && color.bytes().all(|it| it.is_ascii_hexdigit())).then_some(color)
}
