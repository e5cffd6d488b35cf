//! From comrak's tree to blocks.

use std::ops::Range;
use std::sync::Arc;

use comrak::nodes::{AstNode, Node, NodeValue};
use comrak::{Arena, Options, parse_document};

use super::inline::{Piece, explicit_id, visible_html};
use super::{Block, Document, Id, Kind, fences};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::source::Source;

/// The deepest tree that is read, in nodes (a list within a list makes two). comrak itself stops nesting lists at 100
/// and takes the rest as text; a plan is never that deep, and what lies deeper must not be misread.
const MAX_DEPTH: usize = 100;

/// Parses a text. Nothing comes back when it is empty or nested too deeply; the diagnostics say so.
pub fn parse(source: &Arc<Source>, diagnostics: &mut Diagnostics) -> Option<Document> {
    if source.text.trim().is_empty() {
        diagnostics.error("empty-plan", 0..0, "the plan is empty", "add milestones and issues");
        return None;
    }
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.strikethrough = true;
    options.extension.front_matter_delimiter = Some("---".into());
    let arena = Arena::new();
    let hidden = fences::hidden(&source.text);
    let root = parse_document(&arena, hidden.as_deref().unwrap_or(&source.text), &options);
    if let Some(too_deep) = deeper_than(root, MAX_DEPTH) {
        let line = source.position(span_of(source, too_deep).start).0;
        let message = format!("the document is nested more than {} levels deep", MAX_DEPTH / 2);
        let help = "a plan needs two or three levels; move the inner levels out";
        diagnostics.error("too-deep", source.lines(line, line), message, help);
        return None;
    }
    let mut document =
        Document { source: Arc::clone(source), front_matter: None, roots: Vec::new(), blocks: Vec::new() };
    for block in root.children() {
        if let NodeValue::FrontMatter(text) = &block.data().value {
            document.front_matter = Some((inner_yaml(text), 2));
        } else {
            let id = add(&mut document, block);
            document.roots.push(id);
        }
    }
    damage(&document, diagnostics);
    Some(document)
}

/// Reports a fence or a front matter that never ends.
fn damage(document: &Document, diagnostics: &mut Diagnostics) {
    for block in &document.blocks {
        if let Kind::Code { missing_end: Some(end), .. } = &block.kind {
            let span = document.source.lines(block.line, block.line);
            let message = "this code block is never closed, so everything below it is code";
            diagnostics.warning(
                "unclosed-fence",
                span,
                message,
                format!("add a line with `{end}` after its last line"),
            );
        }
    }
    let text = &document.source.text;
    if document.front_matter.is_none() && text.starts_with("---\n") {
        let is_key = |line: &str| line.split_once(':').is_some_and(|(key, _)| !key.is_empty() && !key.contains(' '));
        if text.lines().nth(1).is_some_and(is_key) && !text.lines().skip(1).any(|line| line.trim_end() == "---") {
            let help = "add `---` after its last line";
            diagnostics.warning(
                "unclosed-front-matter",
                document.source.lines(1, 1),
                "the front matter is never closed, so it is read as text",
                help,
            );
        }
    }
}

fn add(document: &mut Document, node: Node<'_>) -> Id {
    let id = document.blocks.len();
    let position = node.data().sourcepos;
    let span = span_of(&document.source, node);
    let kind = kind(document, node, &span);
    let has_text = matches!(kind, Kind::Heading(_) | Kind::Paragraph | Kind::Cell);
    let lines = if has_text { lines(&document.source, node) } else { Vec::new() };
    document.blocks.push(Block {
        id: explicit_id_in(node, has_text),
        line: position.start.line,
        end: position.end.line.max(position.start.line),
        margin: position.start.column.saturating_sub(1),
        children: Vec::new(),
        kind,
        span,
        lines,
    });
    if !has_text {
        let children: Vec<Id> = node.children().filter(|it| is_block(it)).map(|child| add(document, child)).collect();
        document.blocks[id].children = children;
    }
    id
}

fn is_block(node: &Node<'_>) -> bool {
    node.data().value.block()
}

fn kind(document: &Document, node: Node<'_>, span: &Range<usize>) -> Kind {
    match &node.data().value {
        // An empty bullet below a line makes a heading of it, which nobody means.
        NodeValue::Heading(heading) if heading.setext && is_underlined_by_chance(document, span) => Kind::Paragraph,
        NodeValue::Heading(heading) => Kind::Heading(heading.level),
        NodeValue::Paragraph => Kind::Paragraph,
        NodeValue::List(_) => Kind::List,
        NodeValue::Item(_) => Kind::Item { ordered: is_ordered(node), tick: None },
        NodeValue::TaskItem(task) => Kind::Item { ordered: is_ordered(node), tick: Some(task.symbol.is_some()) },
        NodeValue::Table(_) => Kind::Table,
        NodeValue::TableRow(_) => Kind::Row,
        NodeValue::TableCell => Kind::Cell,
        NodeValue::CodeBlock(code) => {
            let end: String = std::iter::repeat_n(char::from(code.fence_char), code.fence_length.max(3)).collect();
            Kind::Code {
                info: code.info.trim().to_owned(),
                literal: literal(document, span, &code.literal),
                missing_end: (code.fenced && !code.closed).then_some(end),
            }
        }
        NodeValue::HtmlBlock(html) => Kind::Html(html.literal.clone()),
        NodeValue::BlockQuote => Kind::Quote,
        NodeValue::ThematicBreak => Kind::Rule,
        _ => Kind::Other,
    }
}

fn is_underlined_by_chance(document: &Document, span: &Range<usize>) -> bool {
    let text = &document.source.text[span.clone()];
    text.trim_end().lines().last().is_some_and(|line| line.trim().len() < 2)
}

/// The text of a code block with the fences that were hidden from the parser.
fn literal(document: &Document, span: &Range<usize>, literal: &str) -> String {
    if !literal.contains("~~~") {
        return literal.to_owned();
    }
    let original = &document.source.text[span.clone()];
    let inner = original.find('\n').map(|at| &original[at + 1..]);
    let inner = inner.and_then(|text| text.get(..literal.len()));
    // It differs only in the characters of fences, unless the block is indented.
    let same = inner.filter(|text| text.replace('~', "`") == literal.replace('~', "`"));
    same.unwrap_or(literal).to_owned()
}

fn is_ordered(item: Node<'_>) -> bool {
    item.parent().is_some_and(|list| {
        matches!(&list.data().value, NodeValue::List(list) if list.list_type == comrak::nodes::ListType::Ordered)
    })
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

/// The pieces of a paragraph or heading, a list for each line that it is written in.
fn lines(source: &Source, node: Node<'_>) -> Vec<Vec<Piece>> {
    let mut lines = vec![Vec::new()];
    for inner in node.descendants() {
        let (text, code) = match &inner.data().value {
            NodeValue::Text(run) => (run.to_string(), false),
            NodeValue::Code(span) => (span.literal.clone(), true),
            NodeValue::HtmlInline(html) => (visible_html(html).to_owned(), false),
            NodeValue::SoftBreak | NodeValue::LineBreak => {
                lines.push(Vec::new());
                continue;
            }
            _ => continue,
        };
        if !text.is_empty() {
            let outer: Vec<Node<'_>> = inner.ancestors().take_while(|outer| !outer.same_node(node)).collect();
            let has = |is: fn(&NodeValue) -> bool| outer.iter().any(|it| is(&it.data().value));
            let piece = Piece {
                text,
                code,
                strong: has(|it| matches!(it, NodeValue::Strong)),
                emphasis: has(|it| matches!(it, NodeValue::Emph)),
                struck: has(|it| matches!(it, NodeValue::Strikethrough)),
                span: span_of(source, inner),
            };
            if let Some(line) = lines.last_mut() {
                unescaped(source, piece, line);
            }
        }
    }
    lines
}

/// Adds a piece to a line. Where it has escapes or entities in the source, it is cut at these, so that every byte of the
/// others stands where the piece says.
fn unescaped(source: &Source, piece: Piece, line: &mut Vec<Piece>) {
    let written = &source.text[piece.span.clone()];
    if piece.code || written.len() == piece.text.len() {
        line.push(piece);
        return;
    }
    let mut cuts: Vec<(usize, usize, usize)> = Vec::new();
    let mut at = 0;
    for (from, letter) in piece.text.char_indices() {
        let rest = &written[at..];
        let width = if rest.starts_with(letter) {
            letter.len_utf8()
        } else if rest.strip_prefix('\\').is_some_and(|it| it.starts_with(letter)) {
            1 + letter.len_utf8()
        } else if let Some(end) = rest.find(';').filter(|_| rest.starts_with('&')) {
            end + 1
        } else {
            // It is not what the source has there: nobody can say where its parts stand.
            line.push(piece);
            return;
        };
        if width != letter.len_utf8() || cuts.last().is_none_or(|(_, _, is_longer)| *is_longer > 0) {
            cuts.push((from, at, width - letter.len_utf8().min(width)));
        }
        at += width;
    }
    let ends = cuts.iter().skip(1).map(|(from, at, _)| (*from, *at)).chain([(piece.text.len(), at)]);
    for ((from, at, _), (to, end)) in cuts.iter().zip(ends) {
        let span = piece.span.start + at..piece.span.start + end;
        line.push(Piece { text: piece.text[*from..to].to_owned(), span, ..piece.clone() });
    }
}

fn explicit_id_in(node: Node<'_>, has_text: bool) -> Option<String> {
    if !has_text {
        let own = match &node.data().value {
            NodeValue::HtmlBlock(html) => explicit_id(&html.literal),
            _ => None,
        };
        return own;
    }
    node.descendants().find_map(|inner| match &inner.data().value {
        NodeValue::HtmlInline(html) => explicit_id(html),
        _ => None,
    })
}

fn inner_yaml(front_matter: &str) -> String {
    let mut lines: Vec<&str> = front_matter.trim_end().lines().skip(1).collect();
    lines.pop();
    lines.join("\n")
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
