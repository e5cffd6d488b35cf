//! Fields such as `Labels: a, b`, `**Due:** 2026-03-10` or `` `depends_on: [I1]` ``.

use std::ops::Range;

use super::markdown::inline::Piece;
use crate::plan::draft::Spanned;

/// The longest name of a field in characters; what stands before a later colon is a sentence.
const MAX_NAME: usize = 40;

/// What people write where there is nothing.
const NONE: [&str; 35] = [
    "",
    "none",
    "nothing",
    "n/a",
    "na",
    "no",
    "—",
    "–",
    "-",
    "--",
    "tbd",
    "null",
    "nil",
    "not applicable",
    "no dependencies",
    "independent",
    "can start immediately",
    "keine",
    "keiner",
    "nichts",
    "ninguna",
    "ninguno",
    "nada",
    "aucune",
    "aucun",
    "rien",
    "nenhuma",
    "nenhum",
    "nessuna",
    "없음",
    "なし",
    "无",
    "無",
    "нет",
    "geen",
];

/// One `name: value` line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name in lower case, `_` and `-` as spaces: `depends on`.
    pub name: String,
    /// The name as written: `Acceptance criteria`.
    pub label: String,
    /// The value as markdown without emphasis.
    pub value: String,
    /// The value's comma-separated parts without brackets and backticks; code spans beside each other are parts too.
    pub parts: Vec<Spanned>,
    /// Where the line stands.
    pub span: Range<usize>,
    /// Where the value stands, without the blanks around it; an empty place behind the colon where there is none.
    pub value_span: Range<usize>,
    /// The text of the code span that is the whole value, if it is one.
    pub code: Option<String>,
}

impl Field {
    /// Reads one line as the fields that stand in it, with bars or dots between them; none where it is none.
    pub fn all(line: &[Piece]) -> Vec<Self> {
        let parts = segments(line);
        let fields: Option<Vec<Self>> = parts.iter().map(|part| Self::read(part)).collect();
        match fields {
            Some(fields) if fields.len() > 1 => fields,
            _ => Self::read(line).into_iter().collect(),
        }
    }

    /// Reads one line as a field, if it is one.
    pub fn read(line: &[Piece]) -> Option<Self> {
        let span = line.first()?.span.start..line.last()?.span.end;
        // `depends_on: [I1]` may stand in one code span; then the span is the line.
        let line: Vec<Piece> = match line {
            [only] if only.code => vec![Piece { code: false, ..inner(only) }],
            _ => line.to_vec(),
        };
        let (at, colon) = line
            .iter()
            .enumerate()
            .find_map(|(at, piece)| (!piece.code).then(|| colon(&piece.text))?.map(|colon| (at, colon)))?;
        let mut written: String = line[..at].iter().map(|piece| piece.text.as_str()).collect();
        let (colon, width) = colon;
        written.push_str(&line[at].text[..colon]);
        let label = written.trim_matches(|character: char| !character.is_alphanumeric()).to_owned();
        if label.is_empty() || label.chars().count() > MAX_NAME {
            return None;
        }
        let mut rest: Vec<Piece> = vec![after(&line[at], colon + width)];
        rest.extend_from_slice(&line[at + 1..]);
        Some(Self {
            name: normal_name(&label),
            label,
            value: rest.iter().map(Piece::ticked).collect::<String>().trim().to_owned(),
            parts: parts(&rest),
            value_span: visible(&rest),
            code: code(&rest),
            span,
        })
    }
}

/// The bytes of pieces without the blanks around them.
pub fn visible(pieces: &[Piece]) -> Range<usize> {
    let is_blank = |piece: &&Piece| piece.text.trim().is_empty();
    let ends = |piece: &Piece| {
        let is_exact = !piece.code && piece.text.len() == piece.span.len();
        let (text, at) = (&piece.text, &piece.span);
        let before = if is_exact { text.len() - text.trim_start().len() } else { 0 };
        let after = if is_exact { text.len() - text.trim_end().len() } else { 0 };
        (at.start + before, at.end - after)
    };
    let first = pieces.iter().find(|piece| !is_blank(piece));
    let last = pieces.iter().rfind(|piece| !is_blank(piece));
    match (first.map(ends), last.map(ends)) {
        (Some((start, _)), Some((_, end))) => start..end.max(start),
        _ => {
            let at = pieces.first().map_or(0, |piece| piece.span.start);
            at..at
        }
    }
}

/// A line cut at bars and dots between its parts.
fn segments(line: &[Piece]) -> Vec<Vec<Piece>> {
    let mut segments = vec![Vec::new()];
    for piece in line {
        if piece.code {
            segments.last_mut().into_iter().for_each(|segment| segment.push(piece.clone()));
            continue;
        }
        let mut from = 0;
        let cuts =
            [" | ", " · ", " • "].iter().flat_map(|cut| piece.text.match_indices(cut)).map(|(at, cut)| (at, cut.len()));
        let mut cuts: Vec<(usize, usize)> = cuts.collect();
        cuts.sort_unstable();
        for (at, length) in cuts.into_iter().chain([(piece.text.len(), 0)]) {
            // Two separators may share a space: ` | · `.
            let (at, end) = (at.max(from), at + length);
            let start = (piece.span.start + from).min(piece.span.end);
            let part = Piece {
                text: piece.text[from..at].to_owned(),
                span: start..(start + at - from).min(piece.span.end),
                ..piece.clone()
            };
            segments.last_mut().into_iter().for_each(|segment| segment.push(part.clone()));
            if length > 0 {
                segments.push(Vec::new());
            }
            from = end.max(from);
        }
    }
    for segment in &mut segments {
        segment.retain(|piece| !piece.text.is_empty());
    }
    segments
}

/// The text of the code span that a value is, if it is one and nothing else.
pub fn code(value: &[Piece]) -> Option<String> {
    let mut pieces = value.iter().filter(|piece| !piece.text.trim().is_empty());
    match (pieces.next(), pieces.next()) {
        (Some(only), None) if only.code => Some(only.text.clone()),
        _ => None,
    }
}

/// Where a name ends, and how wide its colon is: people who write Chinese or Japanese have a colon of their own.
fn colon(text: &str) -> Option<(usize, usize)> {
    let at = text.find([':', '：'])?;
    Some((at, text[at..].chars().next().map_or(1, char::len_utf8)))
}

/// A name for comparing: lower case, `_` and `-` as spaces.
pub fn normal_name(name: &str) -> String {
    let words = name.to_lowercase().replace(['_', '-'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a value says that there is none.
pub fn is_none(value: &str) -> bool {
    let value = value.trim().trim_end_matches('.').trim_matches(['(', ')', '*', '_']).to_lowercase();
    NONE.contains(&value.as_str())
}

fn inner(code: &Piece) -> Piece {
    let ticks = (code.span.len().saturating_sub(code.text.len())) / 2;
    Piece { span: code.span.start + ticks..code.span.end - ticks, ..code.clone() }
}

fn after(piece: &Piece, at: usize) -> Piece {
    let start = (piece.span.start + at).min(piece.span.end);
    Piece { text: piece.text[at..].to_owned(), code: false, span: start..piece.span.end, ..piece.clone() }
}

/// Splits at commas outside of parentheses; a code span is never split, and ends the one before it.
pub fn parts(pieces: &[Piece]) -> Vec<Spanned> {
    let mut parts = Parts::default();
    for piece in pieces {
        if piece.code {
            parts.code(piece);
        } else {
            for (at, character) in piece.text.char_indices() {
                // An entity or an escape is longer in the source than in the text.
                let start = (piece.span.start + at).min(piece.span.end);
                parts.character(character, start..(start + character.len_utf8()).min(piece.span.end));
            }
        }
    }
    parts.finish()
}

#[derive(Default)]
struct Parts {
    done: Vec<Spanned>,
    text: String,
    span: Range<usize>,
    has_code: bool,
    depth: usize,
}

impl Parts {
    fn code(&mut self, piece: &Piece) {
        if self.has_code && self.depth == 0 && self.text.ends_with(char::is_whitespace) {
            self.end();
        }
        self.has_code |= self.depth == 0;
        self.push(&piece.text, piece.span.clone());
    }

    fn character(&mut self, character: char, span: Range<usize>) {
        match character {
            ',' | ';' if self.depth == 0 => return self.end(),
            '[' | ']' if self.depth == 0 => return,
            '(' => self.depth += 1,
            ')' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if !(self.text.is_empty() && character.is_whitespace()) {
            self.push(character.encode_utf8(&mut [0; 4]), span);
        }
    }

    fn push(&mut self, text: &str, span: Range<usize>) {
        if self.text.is_empty() {
            self.span = span.clone();
        }
        self.text.push_str(text);
        if !text.trim().is_empty() {
            self.span.end = span.end;
        }
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        if !is_none(&text) {
            self.done.push(Spanned { text, span: self.span.clone() });
        }
        self.has_code = false;
    }

    fn finish(mut self) -> Vec<Spanned> {
        self.end();
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(markdown: &str) -> Option<Field> {
        let source = crate::plan::source::Source::new("t", markdown);
        let mut diagnostics = crate::plan::diagnostic::Diagnostics::new(std::sync::Arc::clone(&source));
        let document = crate::plan::read::markdown::parse(&source, &mut diagnostics).unwrap();
        Field::read(&document.block(document.roots[0]).lines[0])
    }

    fn parts_of(markdown: &str) -> Vec<String> {
        line(markdown).unwrap().parts.into_iter().map(|part| part.text).collect()
    }

    #[test]
    fn fields_are_read_in_every_spelling() {
        assert_eq!(parts_of("Labels: `a`, `b: c`, d e"), ["a", "b: c", "d e"]);
        assert_eq!(parts_of("**Labels:** a,b"), ["a", "b"]);
        assert_eq!(parts_of("**Labels**: `a` `b`"), ["a", "b"]);
        assert_eq!(parts_of("`depends_on: [I1, I2]`"), ["I1", "I2"]);
        assert_eq!(parts_of("depends_on: []"), Vec::<String>::new());
        assert_eq!(parts_of("Depends on: M1 (a, b), M3."), ["M1 (a, b)", "M3."]);
        assert_eq!(parts_of("Depends on: None"), Vec::<String>::new());
        assert_eq!(line("`depends_on: [I1]`").unwrap().name, "depends on");
        assert_eq!(line("🎯 Target date: 2026-03-10").unwrap().label, "Target date");
        assert_eq!(line("Just a sentence"), None);
    }

    #[test]
    fn parts_know_where_they_stand() {
        let markdown = "`depends_on: [I1, I22]`";
        let field = line(markdown).unwrap();
        let spans: Vec<&str> = field.parts.iter().map(|part| &markdown[part.span.clone()]).collect();
        assert_eq!(spans, ["I1", "I22"]);
    }
}
