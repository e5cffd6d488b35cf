//! Markdown as the reader sees it: blocks with their lines and places, owned, without comrak's types.

pub mod fences;
pub mod inline;
mod parse;
pub mod text;

use std::ops::Range;
use std::sync::Arc;

use self::inline::Piece;
use crate::plan::source::Source;

pub use self::parse::{front_matter_of, parse};

/// The number of a block within its document.
pub type Id = usize;

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A heading of a level from 1 to 6.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A list; its children are items.
    List,
    /// An item of a list.
    Item {
        /// Whether the list is numbered.
        ordered: bool,
        /// The state of its checkbox, if it has one.
        tick: Option<bool>,
    },
    /// A table; its first child is the header.
    Table,
    /// A row of a table; its children are cells.
    Row,
    /// A cell of a row.
    Cell,
    /// A code block.
    Code {
        /// What follows the opening fence.
        info: String,
        /// The text inside.
        literal: String,
        /// The characters that close it, where they are missing from the source.
        missing_end: Option<String>,
    },
    /// HTML.
    Html(String),
    /// A quotation.
    Quote,
    /// A thematic break.
    Rule,
    /// Anything else.
    Other,
}

/// A block with its place.
#[derive(Debug)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// The bytes it was parsed from.
    pub span: Range<usize>,
    /// Its first line, from 1.
    pub line: usize,
    /// Its last line.
    pub end: usize,
    /// The column it begins in, from 0.
    pub margin: usize,
    /// The blocks inside of it.
    pub children: Vec<Id>,
    /// The pieces of its text, line by line: of a heading, paragraph or cell.
    pub lines: Vec<Vec<Piece>>,
    /// The identity that a comment in it gives.
    pub id: Option<String>,
}

/// A parsed text.
#[derive(Debug)]
pub struct Document {
    /// What it was parsed from.
    pub source: Arc<Source>,
    /// The YAML between the `---` lines at the top, with the line (from 1) that it begins on.
    pub front_matter: Option<(String, usize)>,
    /// The outermost blocks, in order.
    pub roots: Vec<Id>,
    blocks: Vec<Block>,
}

impl Document {
    /// A block by its number.
    pub fn block(&self, id: Id) -> &Block {
        &self.blocks[id]
    }

    /// All blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The text of a block without emphasis, in one line.
    pub fn plain(&self, id: Id) -> String {
        inline::plain(&self.block(id).lines)
    }

    /// The first paragraph of an item.
    pub fn first_paragraph(&self, item: Id) -> Option<Id> {
        let first = *self.block(item).children.first()?;
        matches!(self.block(first).kind, Kind::Paragraph).then_some(first)
    }
}
