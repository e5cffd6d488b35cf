//! Blocks taken over as they are written, and lists turned into task lists.

use super::{Document, Id, Kind, inline};

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
