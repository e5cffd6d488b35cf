//! Inline markdown: the pieces that a line is made of.

use std::ops::Range;

/// A run of text or a code span, in one line of a paragraph or heading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// The text; of a code span, what is between the backticks.
    pub text: String,
    /// Whether it is a code span.
    pub code: bool,
    /// Whether it is bold.
    pub strong: bool,
    /// Whether it is in italics.
    pub emphasis: bool,
    /// Whether it is struck through.
    pub struck: bool,
    /// Where it stands, backticks included.
    pub span: Range<usize>,
}

impl Piece {
    /// The piece as markdown, without emphasis.
    pub fn ticked(&self) -> String {
        if self.code { ticked(&self.text) } else { self.text.clone() }
    }

    fn ticked_len(&self) -> usize {
        if self.code { ticked(&self.text).len() } else { self.text.len() }
    }

    /// Where a byte of the piece's markdown stands. Of text that is longer in the source, such as an escape, the
    /// beginning counts.
    fn source_offset(&self, at: usize) -> usize {
        if self.span.len() == self.ticked_len() {
            return self.span.start + at;
        }
        if self.code {
            let fence = (self.ticked_len() - self.text.len()) / 2;
            let written = self.span.len().saturating_sub(self.text.len()) / 2;
            return (self.span.start + (at + written).saturating_sub(fence)).min(self.span.end);
        }
        self.span.start
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
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

/// A line as markdown, without emphasis.
pub fn joined(line: &[Piece]) -> String {
    line.iter().map(Piece::ticked).collect::<String>().trim().to_owned()
}

/// Where bytes of a line's markdown, as [`Piece::ticked`] gives it piece by piece, stand in the source.
pub fn place(line: &[Piece], at: &Range<usize>) -> Range<usize> {
    let mut from = 0;
    let (mut start, mut end) = (None, 0);
    for piece in line {
        let width = piece.ticked_len();
        let inside = |at: usize| piece.source_offset(at - from);
        if start.is_none() && at.start < from + width {
            start = Some(inside(at.start.max(from)));
        }
        if at.end > from && at.end <= from + width {
            end = if at.end == from + width { piece.span.end } else { inside(at.end) };
        }
        from += width;
    }
    let last = line.last().map_or(0, |piece| piece.span.end);
    let start = start.unwrap_or(last);
    start..if at.end > from { last } else { end.max(start) }
}

/// Lines as text without emphasis and backticks, joined with blanks.
pub fn plain(lines: &[Vec<Piece>]) -> String {
    let lines: Vec<String> =
        lines.iter().map(|line| line.iter().map(|piece| piece.text.as_str()).collect::<String>()).collect();
    lines.join(" ").trim().to_owned()
}

/// Whether everything in a line is bold or in italics.
pub fn is_emphasized(line: &[Piece]) -> bool {
    line.iter().any(|piece| !piece.is_blank())
        && line.iter().all(|piece| piece.strong || piece.emphasis || piece.is_blank())
}

/// Whether everything in a line is bold.
pub fn is_strong(line: &[Piece]) -> bool {
    line.iter().any(|piece| !piece.is_blank()) && line.iter().all(|piece| piece.strong || piece.is_blank())
}

/// Whether a line is struck through, apart from a key or a remark around that.
pub fn is_struck(line: &[Piece]) -> bool {
    let count = |struck: bool| -> usize {
        line.iter().filter(|piece| piece.struck == struck).map(|piece| piece.text.trim().chars().count()).sum()
    };
    let first = line.iter().find(|piece| piece.text.chars().any(char::is_alphanumeric));
    count(true) > 0 && (first.is_some_and(|piece| piece.struck) && count(true) >= count(false) || count(false) < 3)
}

/// A tag is part of what people wrote (`Add <Foo>`); a comment or a line break is not.
pub fn visible_html(html: &str) -> &str {
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
    (!id.is_empty() && id.chars().count() <= crate::plan::PlanKey::MAX_CHARS && id.chars().all(fits))
        .then(|| id.to_owned())
}
