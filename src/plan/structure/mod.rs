//! What all dialects share: how a document is surveyed, and how its milestones and issues are read from wherever they
//! stand.
//!
//! A plan's issues are carried by headings, boxes, rows of tables, bold items or bullets. [`survey`] finds out by which,
//! [`walk`] goes through the sections and reads them; [`head`] takes a line apart, [`issue`] and [`milestones`] read what
//! stands below one.

pub mod dependencies;
pub mod gates;
pub mod gh;
pub mod head;
pub mod issue;
pub mod labels;
pub mod milestones;
pub mod references;
pub mod survey;
pub mod table;
pub mod walk;
pub mod words;

use comrak::nodes::{Node, NodeValue};

use super::document::field;

/// What carries the issues of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// A heading each.
    Headings,
    /// A box each, that nothing encloses.
    Boxes,
    /// A row of a table each.
    Rows,
    /// An item each that begins in bold.
    Bold,
    /// A bullet each, below the heading of a milestone.
    Bullets,
}

/// Whether a block is a list.
pub fn is_list(block: &Node<'_>) -> bool {
    matches!(block.data().value, NodeValue::List(_))
}

/// Whether a block is a paragraph.
pub fn is_paragraph(block: &Node<'_>) -> bool {
    matches!(block.data().value, NodeValue::Paragraph)
}

/// Whether an item of a list is a box.
pub fn is_box(item: &Node<'_>) -> bool {
    matches!(item.data().value, NodeValue::TaskItem(_))
}

/// The label of a priority: `priority: high`, `priority: p1`; nothing where there is none.
pub fn priority_label(value: &str) -> Option<String> {
    let visible = |it: char| !(it.is_alphanumeric() || it == '-');
    let value = value.split([' ', '(', ',', '/']).find(|word| word.contains(char::is_alphanumeric))?;
    let level = value.trim_matches(visible).to_lowercase();
    (!field::is_none(&level)).then(|| format!("priority: {level}"))
}

/// A value without the code span or quotes around all of it.
pub fn unquoted(value: &str) -> String {
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
