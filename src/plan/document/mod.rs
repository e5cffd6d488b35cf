//! Markdown as the dialect readers see it: a tree of sections over comrak's blocks, each with its place in the source.

pub mod field;
pub mod inline;
pub mod leading_key;
pub mod markdown;

use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{AstNode, Node, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::diagnostic::Diagnostics;
use super::source::Source;
use super::title;

/// The deepest tree that is read, in nodes (a list within a list makes two). comrak itself stops nesting lists at 100
/// and takes the rest as text; a plan is never that deep, and what lies deeper must not be misread.
pub const MAX_DEPTH: usize = 100;

/// The memory of one parsed document.
pub fn arena<'a>() -> Arena<'a> {
    Arena::new()
}

/// A parsed text.
pub struct Document<'a> {
    /// What it was parsed from.
    pub source: Arc<Source>,
    /// The YAML between the `---` lines at the top, with the line (from 1) that it begins on.
    pub front_matter: Option<(String, usize)>,
    /// What stands before the first heading, then every heading that no other one encloses.
    pub sections: Vec<Section<'a>>,
}

/// A heading and everything under it up to the next heading of its level.
pub struct Section<'a> {
    /// 1 to 6; 0 for the text before the first heading.
    pub level: u8,
    /// The heading; missing for the text before the first one.
    pub heading: Option<Node<'a>>,
    /// The blocks before the first heading below.
    pub blocks: Vec<Node<'a>>,
    /// The sections below.
    pub children: Vec<Section<'a>>,
}

impl<'a> Section<'a> {
    /// The heading's text without backticks; empty where there is none.
    pub fn title(&self) -> String {
        self.heading.map(|heading| inline::plain(heading, inline::CodeSpans::Bare)).unwrap_or_default()
    }

    /// The section itself and all below it, in the order of the document.
    pub fn flatten(&self) -> Vec<&Section<'a>> {
        let mut all = vec![self];
        for child in &self.children {
            all.extend(child.flatten());
        }
        all
    }
}

impl<'a> Document<'a> {
    /// Parses a text. Nothing comes back when it is empty or too deep; the diagnostics say so.
    pub fn parse(arena: &'a Arena<'a>, source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Self> {
        if source.text.trim().is_empty() {
            diagnostics.error("empty-plan", 0..0, "the plan is empty", "write milestones and issues into it");
            return None;
        }
        let mut options = Options::default();
        options.extension.table = true;
        options.extension.tasklist = true;
        options.extension.strikethrough = true;
        options.extension.front_matter_delimiter = Some("---".into());
        let root = parse_document(arena, &source.text, &options);
        if let Some(too_deep) = deeper_than(root, MAX_DEPTH) {
            let span = span_of(source, too_deep);
            diagnostics.error(
                "too-deep",
                span.start..source.lines(source.position(span.start).0, source.position(span.start).0).end,
                format!("this is nested more than {} levels deep", MAX_DEPTH / 2),
                "a plan needs two or three levels; move the inner ones out",
            );
            return None;
        }
        let mut front_matter = None;
        let mut flat = vec![Section { level: 0, heading: None, blocks: Vec::new(), children: Vec::new() }];
        for block in root.children() {
            match &block.data().value {
                NodeValue::FrontMatter(text) => front_matter = Some((inner_yaml(text), 2)),
                NodeValue::Heading(heading) => flat.push(Section {
                    level: heading.level,
                    heading: Some(block),
                    blocks: Vec::new(),
                    children: Vec::new(),
                }),
                _ => flat.last_mut().into_iter().for_each(|section| section.blocks.push(block)),
            }
        }
        Some(Self { source: Arc::clone(source), front_matter, sections: nest(flat) })
    }

    /// Every section, in the order of the document.
    pub fn all_sections(&self) -> Vec<&Section<'a>> {
        self.sections.iter().flat_map(Section::flatten).collect()
    }

    /// The title: the first heading of level 1, else the first heading, else nothing.
    pub fn title(&self) -> String {
        let all = self.all_sections();
        all.iter()
            .find(|section| section.level == 1)
            .or_else(|| all.iter().find(|section| section.level > 0))
            .map(|section| title::clean(&section.title()))
            .unwrap_or_default()
    }

    /// The bytes that a node was parsed from.
    pub fn span(&self, node: &AstNode<'_>) -> Range<usize> {
        span_of(&self.source, node)
    }
}

fn span_of(source: &Source, node: &AstNode<'_>) -> Range<usize> {
    let position = node.data().sourcepos;
    let start = source.offset(position.start.line, position.start.column);
    let end = source.offset(position.end.line, position.end.column.saturating_add(1));
    start..end.max(start)
}

/// The first node below a depth. It walks without recursion: the depth is what is in question.
fn deeper_than<'a>(root: Node<'a>, limit: usize) -> Option<Node<'a>> {
    let mut depth = 0usize;
    for edge in root.traverse() {
        match edge {
            comrak::arena_tree::NodeEdge::Start(node) => {
                depth += 1;
                if depth > limit {
                    return Some(node);
                }
            }
            comrak::arena_tree::NodeEdge::End(_) => depth -= 1,
        }
    }
    None
}

/// The YAML that a text begins with, its delimiters included; empty where it begins with none.
pub fn front_matter_of(text: &str) -> &str {
    let is_delimiter = |line: &str| line.trim_end() == "---";
    let mut lines = text.split_inclusive('\n');
    if !lines.next().is_some_and(is_delimiter) {
        return "";
    }
    let mut end = text.find('\n').map_or(text.len(), |at| at + 1);
    for line in lines {
        end += line.len();
        if is_delimiter(line) {
            return &text[..end];
        }
    }
    ""
}

fn inner_yaml(front_matter: &str) -> String {
    let mut lines: Vec<&str> = front_matter.trim_end().lines().skip(1).collect();
    lines.pop();
    lines.join("\n")
}

/// Puts a flat list of sections under each other by their levels.
fn nest<'a>(flat: Vec<Section<'a>>) -> Vec<Section<'a>> {
    let mut open: Vec<Section<'a>> = Vec::new();
    let mut done = Vec::new();
    for section in flat {
        close_down_to(section.level, &mut open, &mut done);
        open.push(section);
    }
    close_down_to(0, &mut open, &mut done);
    done
}

/// Closes the open sections of a level and below, each into the one that encloses it.
fn close_down_to<'a>(level: u8, open: &mut Vec<Section<'a>>, done: &mut Vec<Section<'a>>) {
    // The text before the first heading, of level 0, encloses nothing.
    while let Some(closed) = open.pop_if(|section| section.level >= level || section.level == 0) {
        match open.last_mut() {
            Some(outer) => outer.children.push(closed),
            None => done.push(closed),
        }
    }
}
