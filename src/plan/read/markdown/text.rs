//! Blocks taken over as they are written, and lists turned into task lists.

use std::ops::Range;

use super::{Document, Id, Kind, inline};
use crate::plan::source::Source;
use crate::plan::spans::BoxSpan;

/// Markdown that goes into an item's text, with its place in the source and its boxes.
#[derive(Debug, Clone, Default)]
pub struct Passage {
    /// The markdown.
    pub text: String,
    /// Where it comes from.
    pub span: Range<usize>,
    /// The lines of it that can be ticked, in order.
    pub boxes: Vec<BoxSpan>,
}

impl Passage {
    /// A text without boxes.
    pub fn plain(text: String, span: Range<usize>) -> Self {
        Self { text, span, boxes: Vec::new() }
    }

    /// A block as [`verbatim`] gives it.
    pub fn verbatim(document: &Document, id: Id) -> Self {
        let span = document.block(id).span.clone();
        Self { text: verbatim(document, id), boxes: boxes_in(&document.source, &span), span }
    }

    /// Lists as [`task_list`] gives them.
    pub fn task_lists(document: &Document, lists: &[Id]) -> Self {
        let spans = || lists.iter().map(|list| &document.block(*list).span);
        let start = spans().map(|span| span.start).min().unwrap_or_default();
        let end = spans().map(|span| span.end).max().unwrap_or_default();
        let mut boxes = Vec::new();
        lists.iter().for_each(|list| push_boxes(document, *list, &mut boxes));
        let texts: Vec<String> = lists.iter().map(|list| task_list(document, *list)).collect();
        Self { text: texts.join("\n"), span: start..end, boxes }
    }

    /// The same below a heading of its own.
    pub fn headed(self, heading: &str) -> Self {
        Self { text: format!("### {heading}\n\n{}", self.text), ..self }
    }

    /// Passages one after another.
    pub fn joined(passages: Vec<Self>, between: &str) -> Self {
        let start = passages.iter().map(|it| it.span.start).min().unwrap_or_default();
        let end = passages.iter().map(|it| it.span.end).max().unwrap_or_default();
        let texts: Vec<&str> = passages.iter().map(|it| it.text.as_str()).collect();
        let text = texts.join(between);
        Self { text, span: start..end, boxes: passages.into_iter().flat_map(|it| it.boxes).collect() }
    }
}

/// The lines of the source that are boxes as they stand.
pub fn boxes_in(source: &Source, span: &Range<usize>) -> Vec<BoxSpan> {
    let mut boxes = Vec::new();
    let mut at = span.start;
    for line in source.text[span.clone()].split_inclusive('\n') {
        let text = line.trim_end();
        let bullet = text.trim_start().strip_prefix(['-', '*', '+']).map(str::trim_start);
        let inside = bullet.and_then(|it| it.strip_prefix('[')).filter(|it| it.starts_with([' ', 'x', 'X']));
        if let Some(inside) = inside.filter(|it| it[1..].starts_with("] ")) {
            let start = at + text.len() - inside.len();
            let title = inside[3..].trim_start();
            boxes.push(BoxSpan { tick: Some(start..start + 1), text: at + text.len() - title.len()..at + text.len() });
        }
        at += line.len();
    }
    boxes
}

/// What stands between the brackets of an item's box.
pub fn tick_of(document: &Document, item: Id) -> Option<Range<usize>> {
    let block = document.block(item);
    let Kind::Item { tick: Some(_), .. } = block.kind else { return None };
    let text = &document.source.text[block.span.clone()];
    let open = text.find('[')? + 1;
    let width = text[open..].find(']')?;
    Some(block.span.start + open..block.span.start + open + width)
}

fn push_boxes(document: &Document, list: Id, boxes: &mut Vec<BoxSpan>) {
    for item in &document.block(list).children {
        let block = document.block(*item);
        let tick = tick_of(document, *item);
        let first = block.children.first().map(|first| document.block(*first).span.clone());
        let mut text = first.unwrap_or(block.span.clone());
        if let Some(tick) = &tick {
            text.start = text.start.max(tick.end + 1).min(text.end);
        }
        let blank = document.source.text[text.clone()].len() - document.source.text[text.clone()].trim_start().len();
        boxes.push(BoxSpan { tick, text: text.start + blank..text.end });
        for inner in block.children.iter().skip(1) {
            match document.block(*inner).kind {
                Kind::List => push_boxes(document, *inner, boxes),
                _ => boxes.extend(boxes_in(&document.source, &document.block(*inner).span)),
            }
        }
    }
}

/// A block's own markdown, moved to the left margin, without blank lines at its end.
pub fn verbatim(document: &Document, id: Id) -> String {
    let block = document.block(id);
    let text = &document.source.text[block.span.clone()];
    let mut lines = text.lines().map(str::trim_end);
    let mut moved = vec![lines.next().unwrap_or_default()];
    moved.extend(lines.map(|line| {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        &line[blank.min(block.margin)..]
    }));
    let mut markdown = moved.join("\n").trim_end().to_owned();
    // An open fence would swallow all that follows it in the issue.
    if let Kind::Code { missing_end: Some(end), .. } = &block.kind {
        markdown.push('\n');
        markdown.push_str(end);
    }
    markdown
}

/// A list as a task list that can be ticked; boxes that are there already keep their state.
pub fn task_list(document: &Document, list: Id) -> String {
    let mut lines = Vec::new();
    push_tasks(document, list, 0, &mut lines);
    lines.join("\n")
}

fn push_tasks(document: &Document, list: Id, indent: usize, lines: &mut Vec<String>) {
    let margin = " ".repeat(indent);
    for item in &document.block(list).children {
        let block = document.block(*item);
        let mut blocks = block.children.iter();
        let text = blocks.next().map(|first| item_text(document, *first)).unwrap_or_default();
        let is_ticked = matches!(block.kind, Kind::Item { tick: Some(true), .. });
        let tick = if is_ticked { 'x' } else { ' ' };
        lines.push(format!("{margin}- [{tick}] {text}"));
        for inner in blocks {
            if document.block(*inner).kind == Kind::List {
                push_tasks(document, *inner, indent + 2, lines);
            } else {
                lines.push(String::new());
                lines.extend(verbatim(document, *inner).lines().map(|line| format!("{margin}  {line}")));
            }
        }
    }
}

/// The first paragraph of an item in one line, its markdown kept, without a box.
fn item_text(document: &Document, first: Id) -> String {
    let block = document.block(first);
    if block.kind != Kind::Paragraph {
        return inline::plain(&block.lines);
    }
    let text = &document.source.text[block.span.clone()];
    let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let without_box = ["[ ]", "[x]", "[X]"].iter().find_map(|tick| text.strip_prefix(tick));
    without_box.unwrap_or(&text).trim().to_owned()
}
