//! The end of a line: what it says of its state, people, priority and dependencies.

use super::{Head, LineState, Token, is_login, place, priority};
use crate::plan::read::{references, vocabulary as words};
use crate::plan::spans::StateManner;

/// The most things that are taken off one end of a line: what has more of them is no title.
pub(super) const MOST_TAKEN: usize = 24;

/// Takes from the end of a line what it says of its state, people, priority and dependencies.
pub(super) fn parse_tail(text: &str) -> Head {
    let mut head = Head::default();
    let mut rest = text.trim_end();
    for _ in 0..MOST_TAKEN {
        let before = rest;
        if let Some((done, front)) = words::last_glyph(rest) {
            let glyph = rest[front.len()..].trim();
            head.state = head.state.or(Some(LineState::new(done, StateManner::Glyph, text, glyph)));
            rest = front;
        }
        if let Some((front, remark)) = last_remark(rest) {
            let lower = remark.to_lowercase();
            let depends = words::after_dependency(remark).filter(|names| !names.is_empty());
            let depends = depends.map(|names| names.trim_start_matches([':', '：', ' ']));
            let level = lower.strip_prefix("priority").map_or(lower.as_str(), |it| it.trim_start_matches([':', ' ']));
            // Words that name no issue are part of the title: `Bake (after lunch)`.
            let is_explicit = lower.contains(':');
            let depends = depends.filter(|depends| is_explicit || references::names_some(depends));
            if let Some(depends) = depends.filter(|_| head.depends_on.is_none()) {
                head.depends_on = Some(Token::new(text, depends));
                rest = front.trim_end();
            } else if let Some(priority) = priority(level).filter(|_| head.priority.is_none()) {
                head.priority = Some(Token { text: priority, at: place(text, remark) });
                rest = front.trim_end();
            } else if let Some(logins) = mentions(remark) {
                let tokens = logins.into_iter().map(|login| Token::new(text, login));
                head.assignees.splice(0..0, tokens);
                rest = front.trim_end();
            } else if matches!(lower.as_str(), "done" | "completed" | "complete") {
                head.state = head.state.or(Some(LineState::new(true, StateManner::Word, text, remark)));
                rest = front.trim_end();
            }
        }
        if let Some((front, depends)) = last_clause(rest)
            && head.depends_on.is_none()
        {
            head.depends_on = Some(Token::new(text, depends));
            rest = front;
        }
        if let Some((front, login)) = rest.rsplit_once(' ')
            && let Some(login) = login.strip_prefix('@').filter(|it| is_login(it))
        {
            head.assignees.insert(0, Token::new(text, login));
            rest = without_label(front).trim_end_matches(['-', '–', '—', ',', '(']).trim_end();
        }
        if let Some((front, label)) = rest.rsplit_once(' ')
            && let Some(label) = label.strip_prefix('#').filter(|it| is_label(it))
        {
            head.markers.insert(0, Token::new(text, label));
            rest = front.trim_end();
        }
        if rest == before {
            break;
        }
    }
    let title = rest.trim_start();
    head.title_at = place(text, title);
    head.title = title.to_owned();
    head
}

/// A text without the name of a field for people at its end: `Export — owner:`.
fn without_label(text: &str) -> &str {
    let text = text.trim_end();
    let Some(front) = text.strip_suffix([':', '：']) else { return text };
    let start = front
        .rfind(['-', '–', '—', ',', ';', '(', '|'])
        .map_or(0, |at| at + front[at..].chars().next().map_or(1, char::len_utf8));
    let is_people = words::field(&front[start..].trim().to_lowercase()) == Some(words::FieldKind::Assignees);
    if start > 0 && is_people { front[..start].trim_end() } else { text }
}

/// The logins that a remark mentions and says nothing else: `(@ada, @tom)`.
fn mentions(remark: &str) -> Option<Vec<&str>> {
    let words = remark.split([',', ' ', '/', '&']).filter(|word| !word.is_empty());
    let logins: Option<Vec<&str>> = words.map(|word| word.strip_prefix('@').filter(|it| is_login(it))).collect();
    logins.filter(|logins| !logins.is_empty())
}

/// Whether what follows a `#` is a label: it begins with a letter, as no number of an issue does.
fn is_label(word: &str) -> bool {
    word.starts_with(char::is_alphabetic) && word.chars().all(|it| it.is_alphanumeric() || "-_:/".contains(it))
}

/// What a line says of dependencies behind a dash at its end: `Paint - requires T3`.
fn last_clause(text: &str) -> Option<(&str, &str)> {
    let dashes = [" - ", " – ", " — ", "; ", ", ", ". "];
    let (at, dash) = dashes.iter().filter_map(|dash| Some((text.rfind(dash)?, dash.len()))).max()?;
    let (front, clause) = (&text[..at], text[at + dash..].trim());
    let rest = words::after_dependency(clause)?;
    let names = rest.trim_start_matches([':', ' ']);
    let is_only = rest.starts_with(':') || rest.starts_with(' ') && references::names_only(names);
    (is_only && !front.trim().is_empty()).then(|| (front.trim_end(), names))
}

/// The remark in parentheses or brackets at the end of a line, and what stands before it.
pub(in crate::plan::read) fn last_remark(text: &str) -> Option<(&str, &str)> {
    let pairs = [(')', '('), ('）', '（'), (']', '[')];
    let (inner, open) = pairs.iter().find_map(|(close, open)| Some((text.strip_suffix(*close)?, *open)))?;
    let at = inner.rfind(open)?;
    Some((&inner[..at], inner[at + open.len_utf8()..].trim())).filter(|(front, _)| !front.trim().is_empty())
}
