//! Fences inside of fences. A template in a markdown fence often holds fences of its own; a strict parser ends the outer
//! one at the first of them, and takes the rest of the document for something else.

/// The text with the inner fences of markdown fences hidden from the parser, byte for byte as long. Nothing comes back
/// where there is nothing to hide.
pub fn hidden(text: &str) -> Option<String> {
    let mut out: Option<Vec<u8>> = None;
    let mut at = 0;
    let mut open: Option<Open> = None;
    for line in text.split_inclusive('\n') {
        if let Some(fence) = Fence::read(line) {
            match &mut open {
                None => {
                    let is_markdown = matches!(fence.info.to_lowercase().as_str(), "markdown" | "md");
                    open = Some(Open { length: fence.length, is_markdown, inner: 0 });
                }
                Some(outer) if outer.is_markdown && fence.length == outer.length => {
                    let closes = fence.info.is_empty();
                    if !closes || outer.inner > 0 {
                        outer.inner = if closes { outer.inner - 1 } else { outer.inner + 1 };
                        let bytes = out.get_or_insert_with(|| text.as_bytes().to_vec());
                        let start = at + fence.at;
                        bytes[start..start + fence.length].fill(b'~');
                    } else {
                        open = None;
                    }
                }
                Some(outer) if fence.info.is_empty() && fence.length >= outer.length => open = None,
                Some(_) => {}
            }
        }
        at += line.len();
    }
    // A fence that never closes would swallow the document either way; then it is left to the parser.
    out.filter(|_| open.is_none()).and_then(|bytes| String::from_utf8(bytes).ok())
}

struct Open {
    length: usize,
    is_markdown: bool,
    inner: usize,
}

struct Fence<'t> {
    at: usize,
    length: usize,
    info: &'t str,
}

impl<'t> Fence<'t> {
    fn read(line: &'t str) -> Option<Self> {
        let text = line.trim_start_matches(' ');
        let length = text.len() - text.trim_start_matches('`').len();
        let info = text[length..].trim();
        (length >= 3 && !info.contains('`')).then_some(Self { at: line.len() - text.len(), length, info })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inner_fences_of_markdown_are_hidden() {
        let text = "```markdown\n## A\n```yaml\nx\n```\n## B\n```\nend\n";
        assert_eq!(hidden(text).unwrap(), "```markdown\n## A\n~~~yaml\nx\n~~~\n## B\n```\nend\n");
        assert_eq!(hidden("```\na\n```\n```yaml\nb\n```\n"), None);
        assert_eq!(hidden("```markdown\n```yaml\n```\nnever closed\n"), None);
    }
}
