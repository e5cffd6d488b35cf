//! The item lines of a document under each other: headings, lines that introduce something, items of lists, rows of
//! tables. What they are is decided later, in [`super::outline`].

mod builder;
mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::field_line::{self, Field};
use super::item_line::{self, Head};
use super::markdown::inline::Piece;
use super::markdown::{Document, Id, Kind};
use super::tables::Table;
use super::vocabulary::{self, Designator, FieldKind, SectionKind};

/// The number of an item line within its tree; the root is 0.
pub(super) type At = usize;

/// What an item line looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shape {
    /// The document itself.
    Root,
    /// A heading of a level.
    Heading(u8),
    /// A paragraph that introduces what follows: all in bold, or right above a list or table.
    Lead,
    /// An item of a list with a checkbox.
    Box,
    /// An item of a numbered list.
    Number,
    /// An item of a list.
    Bullet,
    /// A row of a table.
    Row,
}

/// A block that belongs to an item, or some of its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The block.
    pub block: Id,
    /// Which of its lines; all of them where nothing is said.
    pub lines: Option<Range<usize>>,
}

/// An item line.
#[derive(Debug)]
pub struct Node {
    /// What it looks like.
    pub shape: Shape,
    /// What encloses it.
    pub parent: At,
    /// What it encloses.
    pub children: Vec<At>,
    /// The block it was found in.
    pub block: Id,
    /// Its line, from 1.
    pub line: usize,
    /// The last line of what it encloses.
    pub end: usize,
    /// The bytes of its text.
    pub span: Range<usize>,
    /// Its text, line by line.
    pub lines: Vec<Vec<Piece>>,
    /// Its first line as text.
    pub plain: String,
    /// The first line, taken apart.
    pub head: Head,
    /// What else belongs to it, in order, without what its children hold.
    pub own: Vec<Part>,
    /// The list or table that it stands in.
    pub list: Option<Id>,
    /// How deep it stands in lists, from 0.
    pub depth: u8,
    /// Whether its text begins in bold.
    pub is_strong: bool,
    /// Whether it is struck through.
    pub is_struck: bool,
    /// What it names as a milestone.
    pub designator: Option<Designator>,
    /// What it holds as a section.
    pub section: Option<SectionKind>,
    /// The fields right below it.
    pub fields: Vec<FieldKind>,
    /// The number that the list gives it.
    pub ordinal: Option<String>,
    /// The identity that a comment in it gives.
    pub id: Option<String>,
    /// What stands between the brackets of its box.
    pub tick: Option<Range<usize>>,
}

/// All item lines of a document.
#[derive(Debug)]
pub struct Tree {
    /// The lines in the order of the document; the first is the document itself.
    pub nodes: Vec<Node>,
    /// The tables, by their blocks, in order.
    pub tables: Vec<(Id, Table)>,
}

impl Tree {
    /// Finds the item lines of a document.
    pub fn new(document: &Document, columns: &BTreeMap<String, String>) -> Self {
        let mut tree = builder::build(document, columns);
        tree.repeated_priorities();
        tree.ends(document);
        for at in 0..tree.nodes.len() {
            tree.nodes[at].fields = tree.fields_of(document, at);
        }
        tree
    }

    /// The table that a row stands in.
    pub fn table(&self, row: At) -> Option<&Table> {
        let list = self.nodes[row].list?;
        self.tables.binary_search_by_key(&list, |(id, _)| *id).ok().map(|at| &self.tables[at].1)
    }

    /// What encloses a line, from the inside out, without the document itself.
    pub fn ancestors(&self, at: At) -> impl Iterator<Item = At> {
        std::iter::successors(Some(self.nodes[at].parent), |at| Some(self.nodes[*at].parent)).take_while(|at| *at != 0)
    }

    /// The line of a list item or row is a child of the heading it stands under at last.
    pub fn heading_of(&self, at: At) -> At {
        self.ancestors(at).find(|it| matches!(self.nodes[*it].shape, Shape::Heading(_))).unwrap_or(0)
    }

    /// `P1` in a code span in front of a line is a key, unless one repeats among the lines of that shape: a priority does,
    /// and a key does not.
    fn repeated_priorities(&mut self) {
        let key = |node: &Node| node.head.key.clone().filter(|key| item_line::looks_like_priority(key));
        let mut seen: BTreeSet<(Shape, String)> = BTreeSet::new();
        let mut repeating: BTreeSet<Shape> = BTreeSet::new();
        for node in &self.nodes {
            if key(node).is_some_and(|key| !seen.insert((node.shape, key))) {
                repeating.insert(node.shape);
            }
        }
        for node in &mut self.nodes {
            if repeating.contains(&node.shape) && key(node).is_some() {
                node.head.key_is_priority();
            }
        }
    }

    fn ends(&mut self, document: &Document) {
        let last = document.source.line_count().max(1);
        for at in (0..self.nodes.len()).rev() {
            let own = self.nodes[at].own.iter().map(|part| document.block(part.block).end).max().unwrap_or(0);
            let below = self.nodes[at].children.iter().map(|child| self.nodes[*child].end).max().unwrap_or(0);
            let node = &mut self.nodes[at];
            node.end = node.end.max(own).max(below).min(last);
        }
    }

    /// The kinds of the fields right below a line.
    fn fields_of(&self, document: &Document, at: At) -> Vec<FieldKind> {
        let node = &self.nodes[at];
        let mut fields = Vec::new();
        for part in &node.own {
            for line in lines_of(document, part) {
                fields.extend(Field::all(line).iter().filter_map(|field| vocabulary::field(&field.name)));
            }
        }
        for line in node.lines.iter().skip(1) {
            fields.extend(Field::all(line).iter().filter_map(|field| vocabulary::field(&field.name)));
        }
        for child in &node.children {
            let child = &self.nodes[*child];
            match child.shape {
                Shape::Box => {}
                Shape::Row => {
                    let table = self.table_of(child.list);
                    fields.extend(table.into_iter().flat_map(|table| table.row_field(child)));
                }
                Shape::Heading(_) | Shape::Lead => {
                    fields
                        .extend(vocabulary::field(&field_line::normal_name(child.plain.trim_end_matches([':', '：']))));
                }
                _ => {
                    let line = child.lines.first().map(Vec::as_slice).unwrap_or_default();
                    fields.extend(Field::all(line).iter().filter_map(|field| vocabulary::field(&field.name)));
                }
            }
        }
        // A table with one row below a heading gives the heading's fields.
        let rows: Vec<At> =
            node.children.iter().copied().filter(|child| self.nodes[*child].shape == Shape::Row).collect();
        if let [only] = rows[..]
            && let Some(table) = self.table_of(self.nodes[only].list)
        {
            fields.extend(table.columns.iter().filter_map(|column| column.field));
        }
        fields
    }

    fn table_of(&self, list: Option<Id>) -> Option<&Table> {
        let list = list?;
        self.tables.binary_search_by_key(&list, |(id, _)| *id).ok().map(|at| &self.tables[at].1)
    }
}

/// The lines of a paragraph that a part covers; none of any other block.
pub(super) fn lines_of<'d>(document: &'d Document, part: &Part) -> &'d [Vec<Piece>] {
    let block = document.block(part.block);
    if block.kind != Kind::Paragraph {
        return &[];
    }
    part.lines.clone().and_then(|lines| block.lines.get(lines)).unwrap_or(&block.lines)
}
