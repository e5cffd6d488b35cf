//! Inline markdown: text without emphasis, and the pieces that a line is made of.

use std::ops::Range;

use comrak::nodes::{Node, NodeValue};

use super::Document;

/// What becomes of code spans when markdown becomes text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeSpans {
    /// They keep their backticks, as GitHub shows them in issue titles.
    Ticked,
    /// They lose them.
    Bare,
}

/// A run of text or a code span, in one line of a paragraph or heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text; of a code span, what is between the backticks.
    pub text: String,
    /// Whether it is a code span.
    pub code: bool,
    /// Whether it is bold.
    pub strong: bool,
    /// Where it stands, backticks included.
    pub span: Range<usize>,
}

impl Piece {
    /// The piece as markdown, without emphasis.
    pub fn ticked(&self) -> String {
        if self.code { ticked(&self.text) } else { self.text.clone() }
    }
}

/// A code span with as many backticks as its text needs.
fn ticked(text: &str) -> String {
    let mut fence = "`".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    if fence.len() == 1 { format!("`{text}`") } else { format!("{fence} {text} {fence}") }
}

/// The text of a heading or paragraph without emphasis, links' addresses and HTML comments, in one line.
pub fn plain(node: Node<'_>, code: CodeSpans) -> String {
    let mut text = String::new();
    for inner in node.descendants() {
        match &inner.data().value {
            NodeValue::Text(run) => text.push_str(run),
            NodeValue::Code(span) if code == CodeSpans::Ticked => text.push_str(&ticked(&span.literal)),
            NodeValue::Code(span) => text.push_str(&span.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            NodeValue::HtmlInline(html) => text.push_str(visible_html(html)),
            _ => {}
        }
    }
    text.trim().to_owned()
}

/// The pieces of a paragraph or heading, a list for each line that it is written in.
pub fn lines(document: &Document<'_>, node: Node<'_>) -> Vec<Vec<Piece>> {
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
            let strong = is_strong(inner, node);
            let piece = Piece { text, code, strong, span: document.span(inner) };
            lines.last_mut().into_iter().for_each(|line| line.push(piece.clone()));
        }
    }
    lines
}

/// Whether a piece of a paragraph or heading is bold.
fn is_strong<'a>(piece: Node<'a>, whole: Node<'a>) -> bool {
    let outer = piece.ancestors().take_while(|outer| !outer.same_node(whole));
    outer.into_iter().any(|outer| matches!(outer.data().value, NodeValue::Strong))
}

/// A line as markdown, without emphasis.
pub fn joined(line: &[Piece]) -> String {
    line.iter().map(Piece::ticked).collect::<String>().trim().to_owned()
}

/// A tag is part of what people wrote (`Add <Foo>`); a comment or a line break is not.
fn visible_html(html: &str) -> &str {
    if html.starts_with("<!--") {
        ""
    } else if html.starts_with("<br") {
        " "
    } else {
        html
    }
}

/// The identity in a comment such as `<!-- id: checkout-flow -->`, if the HTML is one.
pub fn explicit_id(html: &str) -> Option<String> {
    let inner = html.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let id = inner.strip_prefix("id:")?.trim();
    let fits = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-');
    (!id.is_empty() && id.chars().count() <= super::super::PlanKey::MAX_CHARS && id.chars().all(fits))
        .then(|| id.to_owned())
}

/// The identity that a comment inside a heading or paragraph gives.
pub fn explicit_id_in(node: Node<'_>) -> Option<String> {
    node.descendants().find_map(|inner| match &inner.data().value {
        NodeValue::HtmlInline(html) => explicit_id(html),
        NodeValue::HtmlBlock(html) => explicit_id(&html.literal),
        _ => None,
    })
}
