//! Long sentences in lines that fit a terminal.

use std::borrow::Cow;

use textwrap::{Options, WordSplitter, WrapAlgorithm};

/// Fewer columns than this are left to the terminal: a line of one word each is no easier to read.
const NARROWEST: usize = 40;

/// What stands in front of a text, in columns.
#[derive(Debug, Clone, Copy, Default)]
pub struct Indent {
    /// In front of its first line.
    pub first: usize,
    /// In front of each other line.
    pub rest: usize,
}

/// Breaks a text between words, so that each line fits `width` columns together with what stands in front of it. A word
/// that is longer than a line stays whole. Styles take no room. Without a width, nothing is broken.
pub fn wrap(text: &str, width: Option<usize>, indent: Indent) -> Cow<'_, str> {
    let Some(width) = width.filter(|width| *width >= NARROWEST) else { return Cow::Borrowed(text) };
    let (first, rest) = (" ".repeat(indent.first), " ".repeat(indent.rest));
    let options = Options::new(width)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .break_words(false)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options);
    let indents = std::iter::once(&first).chain(std::iter::repeat(&rest));
    let lines: Vec<&str> =
        lines.iter().zip(indents).map(|(line, indent)| line.strip_prefix(indent.as_str()).unwrap_or(line)).collect();
    Cow::Owned(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_only() {
        let text = "write `depends_on: [O1]` or https://github.com/org/plan-action/tree/main/.github/docs in its place";
        let wrapped = wrap(text, Some(50), Indent { first: 30, rest: 8 });
        assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
        assert!(wrapped.lines().next().is_some_and(|line| line.len() <= 20), "{wrapped}");
        assert!(wrapped.lines().all(|line| line.len() <= 42 || !line.contains(' ')), "{wrapped}");
        assert_eq!(wrap("  tip: short\n\nx", Some(50), Indent::default()), "  tip: short\n\nx");
        assert_eq!(wrap(text, None, Indent::default()), text);
    }
}
