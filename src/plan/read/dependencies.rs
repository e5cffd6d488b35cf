//! A section that says what blocks what: `T001 → T002`, `#3 depends on #1`, `T004-T007 before T008`.

use super::markdown::inline::Piece;
use super::markdown::{Document, Id, Kind};
use super::references;
use super::tree::{At, Tree};
use crate::plan::draft::Spanned;

/// Words between what comes first and what comes after it.
const BEFORE: &[&str] = &[
    "→",
    "-->",
    "->",
    "=>",
    "⇒",
    " blocks ",
    " before ",
    " must complete before ",
    " blockiert ",
    " vor ",
    " bloquea ",
    " antes de ",
];
/// Words between what comes after and what comes first.
const AFTER: &[&str] = &[
    "←",
    "<-",
    " depends on ",
    " depend on ",
    " requires ",
    " require ",
    " blocked by ",
    " needs ",
    " after ",
    " hängt ab von ",
    " depende de ",
    " dépend de ",
    " 의존 ",
];

/// The most dependencies that are read from such sections: ranges on both sides multiply.
pub(super) const MOST: usize = 20_000;

/// What a section and those below it say, each as what blocks and what it blocks. `known` is whether a word names an
/// issue of the plan.
pub(super) fn read(document: &Document, tree: &Tree, at: At, known: &impl Fn(&str) -> bool) -> Vec<(Spanned, Spanned)> {
    let mut links = Vec::new();
    let mut next = vec![at];
    while let Some(at) = next.pop() {
        let node = &tree.nodes[at];
        for line in node.lines.iter().filter(|_| node.list.is_some()) {
            of_pieces(line, known, &mut links);
        }
        for part in &node.own {
            of_block(document, part.block, known, &mut links);
        }
        next.extend(node.children.iter().rev());
    }
    links
}

fn of_block(document: &Document, id: Id, known: &impl Fn(&str) -> bool, links: &mut Vec<(Spanned, Spanned)>) {
    let block = document.block(id);
    match &block.kind {
        Kind::Paragraph => block.lines.iter().for_each(|line| of_pieces(line, known, links)),
        Kind::Code { info, literal, .. } if info != "mermaid" => {
            literal.lines().for_each(|line| of_line(line, block.span.clone(), known, links));
        }
        _ => {}
    }
}

fn of_pieces(line: &[Piece], known: &impl Fn(&str) -> bool, links: &mut Vec<(Spanned, Spanned)>) {
    let (Some(first), Some(last)) = (line.first(), line.last()) else { return };
    let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
    of_line(&text, first.span.start..last.span.end.max(first.span.start), known, links);
}

fn of_line(
    line: &str,
    span: std::ops::Range<usize>,
    known: &impl Fn(&str) -> bool,
    links: &mut Vec<(Spanned, Spanned)>,
) {
    let lower = format!(" {} ", line.to_lowercase());
    let mut link = |first: &[String], then: &[String]| {
        for blocker in first {
            for blocked in then.iter().filter(|blocked| *blocked != blocker) {
                if links.len() > MOST {
                    return;
                }
                let at = |text: &String| Spanned { text: text.clone(), span: span.clone() };
                links.push((at(blocker), at(blocked)));
            }
        }
    };
    let padded = format!(" {line} ");
    // Lower case may be of another length; then only the words that have no case are looked for.
    let text = if lower.len() == padded.len() { lower.as_str() } else { padded.as_str() };
    if let Some(word) = BEFORE.iter().find(|word| text.contains(*word)) {
        let parts = cut(text, &padded, word);
        let parts: Vec<Vec<String>> = parts.into_iter().map(|part| references::all_in(part, known)).collect();
        for pair in parts.windows(2) {
            link(&pair[0], &pair[1]);
        }
    } else if let Some(word) = AFTER.iter().find(|word| text.contains(*word)) {
        let parts = cut(text, &padded, word);
        let parts: Vec<Vec<String>> = parts.into_iter().map(|part| references::all_in(part, known)).collect();
        for pair in parts.windows(2) {
            link(&pair[1], &pair[0]);
        }
    } else if let Some((first, rest)) = line.split_once(':') {
        // `T003: T001, T002`, but not a sentence that happens to name some.
        let (of, on) = (references::all_in(first, known), references::all_in(rest, known));
        let words = rest.split([',', ' ']).filter(|word| !word.is_empty()).count();
        if of.len() == 1 && !on.is_empty() && words <= on.len() + 1 {
            link(&on, &of);
        }
    }
}

/// A line cut at every place of a word, which is looked for in its lower case.
fn cut<'t>(lower: &str, text: &'t str, word: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, _) in lower.match_indices(word) {
        parts.push(text.get(from..at).unwrap_or_default());
        from = at + word.len();
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}
