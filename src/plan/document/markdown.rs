//! Blocks taken over as they are written, and lists turned into task lists.

use comrak::nodes::{Node, NodeValue};

use super::{Document, inline};

/// A block's own markdown, moved to the left margin, without blank lines at its end.
pub fn verbatim(document: &Document<'_>, node: Node<'_>) -> String {
    let span = document.span(node);
    let margin = node.data().sourcepos.start.column.saturating_sub(1);
    let text = &document.source.text[span];
    let mut lines = text.lines().map(str::trim_end);
    let mut moved = vec![lines.next().unwrap_or_default()];
    moved.extend(lines.map(|line| {
        let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
        &line[blank.min(margin)..]
    }));
    let mut markdown = moved.join("\n").trim_end().to_owned();
    // An open fence would swallow all that follows it in the issue.
    if let NodeValue::CodeBlock(code) = &node.data().value
        && code.fenced
        && !code.closed
    {
        markdown.push('\n');
        markdown.extend(std::iter::repeat_n(char::from(code.fence_char), code.fence_length.max(3)));
    }
    markdown
}

/// A list as a task list that can be ticked; boxes that are there already keep their state.
pub fn task_list(document: &Document<'_>, list: Node<'_>) -> String {
    let mut lines = Vec::new();
    push_tasks(document, list, 0, &mut lines);
    lines.join("\n")
}

fn push_tasks(document: &Document<'_>, list: Node<'_>, indent: usize, lines: &mut Vec<String>) {
    let margin = " ".repeat(indent);
    for item in list.children() {
        let mut blocks = item.children();
        let text = blocks.next().map(|first| item_text(document, first)).unwrap_or_default();
        let tick = if is_ticked(item) { 'x' } else { ' ' };
        lines.push(format!("{margin}- [{tick}] {text}"));
        for block in blocks {
            if matches!(block.data().value, NodeValue::List(_)) {
                push_tasks(document, block, indent + 2, lines);
            } else {
                lines.push(String::new());
                lines.extend(verbatim(document, block).lines().map(|line| format!("{margin}  {line}")));
            }
        }
    }
}

/// Whether a list's item is a ticked box.
pub fn is_ticked(item: Node<'_>) -> bool {
    matches!(&item.data().value, NodeValue::TaskItem(task) if task.symbol.is_some())
}

/// The first paragraph of an item in one line, its markdown kept, without a box.
pub fn item_text(document: &Document<'_>, paragraph: Node<'_>) -> String {
    if !matches!(paragraph.data().value, NodeValue::Paragraph) {
        return inline::plain(paragraph, inline::CodeSpans::Ticked);
    }
    let text = &document.source.text[document.span(paragraph)];
    let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    let without_box = ["[ ]", "[x]", "[X]"].iter().find_map(|tick| text.strip_prefix(tick));
    without_box.unwrap_or(&text).trim().to_owned()
}
