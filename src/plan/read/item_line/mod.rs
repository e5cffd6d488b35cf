//! The line that introduces an issue: a heading, a box, a bullet or a cell. What is not its title comes off: glyphs of
//! a state, numbers, structural words, markers such as `[P]`, and what it says of dependencies or people at its end.

mod front;
mod tail;

use std::ops::Range;

use self::front::{bare_word, key, markers, number, priority, separator};
pub(super) use self::tail::last_remark;
use self::tail::{MOST_TAKEN, parse_tail};
use super::markdown::inline::Piece;
use super::vocabulary::{self, Words};
use crate::plan::spans::StateManner;
use crate::plan::title;

/// A part of a line, with its bytes in the line's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The text.
    pub text: String,
    /// Where it stands in the line.
    pub at: Range<usize>,
}

impl Token {
    /// A part of a line, which both are slices of.
    fn new(line: &str, text: &str) -> Self {
        Self { text: text.to_owned(), at: place(line, text) }
    }

    fn shifted(self, by: usize) -> Self {
        Self { at: self.at.start + by..self.at.end + by, ..self }
    }
}

/// What a line says of its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineState {
    /// Whether it is done.
    pub done: bool,
    /// How it is written.
    pub manner: StateManner,
    /// Where in the line.
    pub at: Range<usize>,
}

impl LineState {
    fn new(done: bool, manner: StateManner, line: &str, text: &str) -> Self {
        Self { done, manner, at: place(line, text) }
    }

    fn shifted(self, by: usize) -> Self {
        Self { at: self.at.start + by..self.at.end + by, ..self }
    }
}

/// Where a slice of a line stands in it.
fn place(line: &str, slice: &str) -> Range<usize> {
    let start = (slice.as_ptr() as usize).wrapping_sub(line.as_ptr() as usize).min(line.len());
    start..(start + slice.len()).min(line.len())
}

/// A line, taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The key as written, such as `T001`.
    pub key: Option<String>,
    /// Whether the key can be nothing else: it stands in a code span or brackets, or before a colon.
    pub is_marked: bool,
    /// What else it is called: the number in front of it.
    pub number: Option<String>,
    /// The title. A key stays in it, as the plan has it.
    pub title: String,
    /// Where the title stands in the line.
    pub title_at: Range<usize>,
    /// What a box, glyph or word says of its state.
    pub state: Option<LineState>,
    /// Markers: `P`, `US1`.
    pub markers: Vec<Token>,
    /// Its priority: `p1`, `high`.
    pub priority: Option<Token>,
    /// Logins at its end.
    pub assignees: Vec<Token>,
    /// What a remark at its end says that it depends on.
    pub depends_on: Option<Token>,
    /// What follows a bold title: the beginning of its text.
    pub rest: String,
    /// Whether a word such as `Task` stands in front.
    pub is_structural: bool,
}

/// The words that a number may follow, as in `Issue #3:`.
pub const STRUCTURAL: &[Words] = &[
    ("en", "issue, task, ticket, story, user story, item, feature, bug, us, work item, session"),
    ("de", "aufgabe, ticket"),
    ("es", "tarea, historia, historia de usuario, hu"),
    ("pt", "tarefa, história"),
    ("fr", "tâche, histoire"),
    ("ru", "задача, задание, история"),
    ("zh", "任务, 问题"),
    ("ja", "タスク, 課題"),
    ("ko", "작업, 이슈, 태스크"),
    ("nl", "taak"),
];

/// Whether a word stands in front of the numbers of issues, in the plural too: `Tasks`.
pub fn is_structural_word(word: &str) -> bool {
    let word = word.trim().to_lowercase();
    let single = word.strip_suffix('s').unwrap_or(&word);
    structural().any(|it| it == word || it == single)
        || word == "stories"
        || matches!(word.as_str(), "no." | "step" | "#")
}

fn structural() -> impl Iterator<Item = &'static str> {
    vocabulary::each(STRUCTURAL)
}

/// One to five letters, then digits, with hyphenated further parts and a letter at the end allowed. A version such as
/// `v2`, a priority and a quarter are no keys.
pub fn looks_like_key(word: &str) -> bool {
    let letters = word.len() - word.trim_start_matches(|character: char| character.is_ascii_alphabetic()).len();
    let mut rest = word[letters..].trim_start_matches('-');
    // `AB-C-1`: more letters between hyphens.
    if letters > 0
        && rest.starts_with(|it: char| it.is_ascii_uppercase())
        && word.as_bytes().get(letters) == Some(&b'-')
    {
        let more = rest.len() - rest.trim_start_matches(|it: char| it.is_ascii_uppercase()).len();
        rest = rest[more.min(5)..].trim_start_matches('-');
    }
    (1..=10).contains(&letters)
        && (letters <= 3 || word[..letters].chars().all(|it| it.is_ascii_uppercase()))
        && !(letters == 1 && word.starts_with(['v', 'V']))
        && !(word.len() == 2 && word.starts_with(['P', 'p', 'q']))
        && rest.starts_with(|character: char| character.is_ascii_digit())
        && !rest.ends_with('.')
        && rest.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '.'))
}

/// Reads a line. Where it begins in bold and goes on after a colon or dash, the bold part is the title.
pub fn read(line: &[Piece]) -> Head {
    let strong = line.iter().take_while(|piece| piece.strong || piece.text.trim().is_empty()).count();
    // Glyphs and keys may stand before the bold part.
    let skipped =
        if strong == 0 { line.iter().take_while(|piece| !piece.strong && is_prefix(&piece.text)).count() } else { 0 };
    let bold = line[skipped..].iter().take_while(|piece| piece.strong).count();
    let end = if strong > 0 { strong } else { skipped + bold };
    if bold > 0 || strong > 0 {
        let (front, rest) = line.split_at(end);
        let (front, rest) = (joined(front), joined(rest));
        let text = rest.trim_start();
        let after = text.trim_start_matches([':', '：', '-', '–', '—']).trim_start();
        let is_apart = after.len() < text.len() || front.trim_end().ends_with([':', '：']);
        let head = parse(&front);
        let is_more_than_key = head.key.as_ref().is_none_or(|key| head.title.trim_matches(['[', ']', ':', ' ']) != key);
        if is_apart && is_more_than_key && !head.title.is_empty() && !after.is_empty() && !is_title_word(&head.title) {
            let tail = parse_tail(after).shifted(front.len() + place(&rest, after).start);
            return Head { rest: tail.title.clone(), ..head.with(tail) };
        }
    }
    parse(&joined(line))
}

/// Whether a bold word in front only says what kind of thing follows.
fn is_title_word(title: &str) -> bool {
    let title = title.to_lowercase();
    matches!(title.as_str(), "epic" | "task" | "story" | "bug" | "feature" | "todo" | "title" | "spike" | "chore")
}

fn is_prefix(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || vocabulary::glyph(text).is_some_and(|(_, rest)| rest.is_empty())
        || looks_like_key(text.trim_matches([':', '.', '[', ']']))
}

fn joined(line: &[Piece]) -> String {
    line.iter().map(Piece::ticked).collect()
}

/// Reads a line without emphasis.
pub fn parse(text: &str) -> Head {
    let mut head = Head::default();
    let mut rest = text.trim();
    for _ in 0..MOST_TAKEN {
        let before = rest;
        if let Some((done, after)) = vocabulary::glyph(rest) {
            let glyph = rest[..rest.len() - after.len()].trim_end();
            head.state = head.state.or(Some(LineState::new(done, StateManner::Glyph, text, glyph)));
            rest = after;
        }
        if let Some((done, after)) = tick(rest) {
            let inside = rest.split_once('[').and_then(|(_, inner)| inner.split_once(']')).map_or(rest, |(it, _)| it);
            head.state = Some(LineState::new(done, StateManner::Box, text, inside));
            rest = after;
        }
        if let Some((done, after)) = vocabulary::leading_state(rest).filter(|(_, after)| !after.trim().is_empty()) {
            let word = rest[..rest.len() - after.len()].trim_matches(|it: char| !it.is_alphanumeric());
            head.state = head.state.or(Some(LineState::new(done, StateManner::Word, text, word)));
            rest = after;
        }
        rest = markers(rest, text, &mut head);
        if head.number.is_none()
            && head.key.is_none()
            && let Some((number, after)) = number(rest)
        {
            head.is_structural |= is_structural(rest);
            head.number = Some(number.to_owned());
            rest = after;
        }
        if rest == before {
            break;
        }
    }
    if let Some(after) = bare_word(rest).filter(|_| head.number.is_none() && head.key.is_none()) {
        head.is_structural = true;
        if rest.to_lowercase().starts_with("issue") {
            rest = after;
        }
    }
    if let Some((written, key, after)) = key(rest) {
        head.key = Some(key.to_owned());
        head.is_marked = rest.starts_with(['`', '[']) || after.starts_with([':', '.', ')', '：']);
        let after = markers(after.trim_start(), text, &mut head);
        let (separator, after) = separator(after);
        let after = markers(after, text, &mut head);
        let tail = parse_tail(after).shifted(place(text, after).start);
        let gap = if separator.is_empty() || separator == ":" { " " } else { "" };
        let separator = if separator == ":" { ":" } else { separator };
        head.title = title::clean(&format!("{written}{separator}{gap}{}", tail.title));
        head.title_at = place(text, written).start..tail.title_at.end.max(place(text, written).end);
        return head.with(tail);
    }
    let tail = parse_tail(rest).shifted(place(text, rest).start);
    head.title = title::clean(&tail.title);
    head.title_at = tail.title_at.clone();
    head.with(tail)
}

/// The box that a text begins with where markdown sees none: `[~]`, `- [x]` in a heading, `[ ]*`.
pub fn tick(text: &str) -> Option<(bool, &str)> {
    let inner = text.strip_prefix("- ").unwrap_or(text).strip_prefix('[')?;
    let (symbol, after) = inner.split_once(']')?;
    let is_done = match symbol {
        "x" | "X" | "✓" | "✔" | "✅" => true,
        " " | "" | "~" | "-" | "/" | "!" | ">" | "?" | "\u{a0}" | "o" | "." => false,
        _ => return None,
    };
    let after = after.strip_prefix('*').unwrap_or(after);
    after.starts_with([' ', '\u{a0}']).then(|| (is_done, after.trim_start()))
}

impl Head {
    /// Whether the line says that it is done, or not.
    pub fn done(&self) -> Option<bool> {
        self.state.as_ref().map(|state| state.done)
    }

    /// The same further behind in the line.
    fn shifted(self, by: usize) -> Self {
        Self {
            title_at: self.title_at.start + by..self.title_at.end + by,
            state: self.state.map(|it| it.shifted(by)),
            priority: self.priority.map(|it| it.shifted(by)),
            markers: self.markers.into_iter().map(|it| it.shifted(by)).collect(),
            assignees: self.assignees.into_iter().map(|it| it.shifted(by)).collect(),
            depends_on: self.depends_on.map(|it| it.shifted(by)),
            ..self
        }
    }

    fn with(mut self, tail: Head) -> Self {
        self.state = self.state.or(tail.state);
        self.depends_on = self.depends_on.or(tail.depends_on);
        self.priority = self.priority.or(tail.priority);
        self.assignees.extend(tail.assignees);
        self.markers.extend(tail.markers);
        self
    }

    /// Takes the key for a priority: it stands in front of several lines, and a key does not repeat.
    pub fn key_is_priority(&mut self) {
        let Some(key) = self.key.take() else { return };
        self.is_marked = false;
        if let Some(rest) = self.title.strip_prefix(&key) {
            let rest = rest.trim_start_matches([':', '.', ' ', '-', '–', '—']);
            if !rest.is_empty() {
                self.title = rest.to_owned();
            }
        }
        let at = self.title_at.start..self.title_at.start + key.len();
        self.priority = self.priority.take().or(Some(Token { text: key.to_lowercase(), at }));
    }
}

/// Whether a word can be a priority as well as a key: `P1`.
pub fn looks_like_priority(word: &str) -> bool {
    matches!(word.as_bytes(), [b'P' | b'p', b'0'..=b'9'])
}

/// A title without the number in front of it, and without what is no letter before that: an emoji, a bullet.
pub fn unnumbered(text: &str) -> &str {
    let text = text.trim_start_matches(|it: char| !(it.is_alphanumeric() || "#[`(".contains(it)));
    // A version or a year is no number of a heading.
    match number(text) {
        Some((number, rest)) if !text.starts_with('#') && number.len() <= 5 && !is_structural(text) => rest,
        _ => text,
    }
}

/// Whether a text begins with a word such as `Task`.
pub fn is_structural(text: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|it: char| it.is_ascii_alphabetic());
    structural().any(|word| vocabulary::after_word(text, word).is_some_and(ends))
}

/// Whether a word can be a GitHub login: letters, digits and hyphens, 39 at most.
pub fn is_login(word: &str) -> bool {
    !word.is_empty() && word.len() <= 39 && word.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_what_is_no_title() {
        for (line, key, number, title) in [
            ("Issue #1: M1 - Foundation", Some("M1"), Some("1"), "M1 - Foundation"),
            ("#12 Fix the roof", None, Some("12"), "Fix the roof"),
            ("T001 [P] [US1] Create `src/a.rs`", Some("T001"), None, "T001 Create `src/a.rs`"),
            ("T-001: Create it", Some("T-001"), None, "T-001: Create it"),
            ("`I4` Implement", Some("I4"), None, "I4 Implement"),
            ("[B2] Knead", Some("B2"), None, "[B2] Knead"),
            ("1.2 Wire it", None, Some("1.2"), "Wire it"),
            ("3) Wire it", None, Some("3"), "Wire it"),
            ("01-01: Wire it", None, Some("01-01"), "Wire it"),
            ("0b. Wire it", None, Some("0b"), "Wire it"),
            ("Task 2.1: Wire it ✅", None, Some("2.1"), "Wire it"),
            ("✅ E2-S3 Log in", Some("E2-S3"), None, "E2-S3 Log in"),
            ("3 ways to fail", None, None, "3 ways to fail"),
            ("Task: Set up", None, None, "Task: Set up"),
            ("2FA for admins", None, None, "2FA for admins"),
            ("Wire it @ada", None, None, "Wire it"),
            ("A1. Wire it", Some("A1"), None, "A1. Wire it"),
            ("[~] Wire it", None, None, "Wire it"),
            ("[Done] Wire it", None, None, "Wire it"),
            ("Issue: Wire it", None, None, "Wire it"),
            ("AUTH-001 – Wire it", Some("AUTH-001"), None, "AUTH-001 – Wire it"),
        ] {
            let head = parse(line);
            assert_eq!(
                (head.key.as_deref(), head.number.as_deref(), head.title.as_str()),
                (key, number, title),
                "{line}"
            );
        }
    }

    #[test]
    fn the_end_of_a_line_may_say_more() {
        let head = parse("T012 [P] Model in src/m.py (depends on T001, T002)");
        assert_eq!(head.depends_on.as_ref().map(|it| it.text.as_str()), Some("T001, T002"));
        assert_eq!((head.title.as_str(), head.markers.len()), ("T012 Model in src/m.py", 1));
        let head = parse("✅ Ship it (P1) @ada");
        let priority = head.priority.as_ref().map(|it| it.text.as_str());
        assert_eq!((head.done(), priority, head.title.as_str()), (Some(true), Some("p1"), "Ship it"));
        assert_eq!(parse("Keep (this remark)").title, "Keep (this remark)");
    }
}
