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
            rest = front.trim_end().trim_end_matches(['-', '–', '—', ',', '(']).trim_end();
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
fn last_remark(text: &str) -> Option<(&str, &str)> {
    let (open, inner) = match text.strip_suffix(')') {
        Some(inner) => ('(', inner),
        None => ('[', text.strip_suffix(']')?),
    };
    let at = inner.rfind(open)?;
    Some((&inner[..at], inner[at + 1..].trim())).filter(|(front, _)| !front.trim().is_empty())
}
