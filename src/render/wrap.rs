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

/// Breaks the lines of a text that are longer than `width` between words. What follows is indented deeper than the line.
/// Styles take no room. Without a width, nothing is broken.
pub fn fit(text: &str, width: Option<usize>) -> Cow<'_, str> {
    let Some(width) = width.filter(|width| *width >= NARROWEST) else { return Cow::Borrowed(text) };
    let mut fitted = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches('\n');
        if textwrap::core::display_width(content) <= width {
            fitted.push_str(line);
            continue;
        }
        let depth = content.len() - content.trim_start_matches(' ').len();
        let indent = " ".repeat((depth + 4).min(width / 2));
        let options = Options::new(width)
            .subsequent_indent(&indent)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        fitted.push_str(&textwrap::fill(content, options));
        fitted.push_str(&line[content.len()..]);
    }
    Cow::Owned(fitted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_below_their_beginning() {
        let text = "  + O2 Motorise the dome  [mechanics]  blocked by O1\n\nshort  \n";
        let broken = "  + O2 Motorise the dome  [mechanics]\n      blocked by O1\n\nshort  \n";
        assert_eq!(fit(text, Some(40)), broken);
        let styled = text.replace("O1", "\u{1b}[1mO1\u{1b}[0m");
        assert_eq!(fit(&styled, Some(52)), styled, "styles take no room");
        assert_eq!(fit(text, None), text);
    }

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
