//! Values of a list: labels, assignees, dependencies.

use std::ops::Range;

use super::candidates::Context;
use super::edit::Edit;
use super::titles::code;
use crate::plan::spans::{ListManner, ListSpan, ValueSpans};

/// Ways to add a value, in a list that is there. `name` is what is written, `bare` the value without any sign in front.
pub(super) fn with<K: Ord>(context: Context<'_>, spans: &ValueSpans<K>, name: &str, bare: &str) -> Vec<Vec<Edit>> {
    let text = context.text();
    let mut ways = Vec::new();
    for ListSpan { manner, span } in &spans.lists {
        let inside = |place: &&Range<usize>| span.start <= place.start && place.end <= span.end;
        let last = spans.each.values().filter(inside).max_by_key(|place| place.end).map(|place| whole(text, place));
        let last = last.as_ref();
        let old = last.and_then(|place| text.get(place.clone())).unwrap_or_default();
        let written = match old {
            _ if old.starts_with('`') => code(name.strip_prefix('@').filter(|_| !old.contains('@')).unwrap_or(name)),
            _ if !old.is_empty() && !old.starts_with('@') => bare.to_owned(),
            _ => name.to_owned(),
        };
        let quoted = if written.contains(',') || written.contains('|') { code(&written) } else { written };
        match (manner, last) {
            (ListManner::Field | ListManner::Cell, Some(last)) => {
                let end = text[last.start..span.end].find(',').map_or(last.end, |_| last.end);
                ways.push(vec![Edit::insert(end, format!(", {quoted}"))]);
            }
            (ListManner::Field | ListManner::Cell, None) => {
                let (blank, new) = empty(text, span, &quoted);
                ways.push(vec![Edit::replace(blank, new)]);
            }
            (ListManner::Nested, Some(last)) => {
                let Some((line, front)) = bullet(text, last) else { continue };
                ways.push(vec![Edit::insert(line.end, format!("{}{front}{quoted}", context.line_end()))]);
            }
            (ListManner::Line, Some(last)) => ways.push(vec![Edit::insert(last.end, format!(", {quoted}"))]),
            (ListManner::Nested | ListManner::Line, None) | (ListManner::FrontMatter, _) => {}
        }
    }
    ways
}

/// The place of a list without values, and the first value for it: in the brackets that stand there, else instead of what
/// says that there is none.
fn empty(text: &str, span: &Range<usize>, value: &str) -> (Range<usize>, String) {
    let old = &text[span.clone()];
    if let Some(at) = old.find("[]") {
        return (span.start + at..span.start + at + 2, format!("[{value}]"));
    }
    let gap = if span.is_empty() && text[..span.start].ends_with([':', '|']) { " " } else { "" };
    (span.clone(), format!("{gap}{value}"))
}

/// Ways to take a value away.
pub(super) fn without<K: Ord>(context: Context<'_>, spans: &ValueSpans<K>, value: &K) -> Vec<Vec<Edit>> {
    let Some(place) = spans.each.get(value) else { return Vec::new() };
    // One text may stand for several values, such as a range of keys.
    if spans.each.values().filter(|other| *other == place).count() > 1 {
        return Vec::new();
    }
    let text = context.text();
    let place = &whole(text, place);
    let holder = spans.lists.iter().find(|list| list.span.start <= place.end && place.start <= list.span.end);
    let Some(ListSpan { manner, span }) = holder else {
        return vec![vec![Edit::replace(line_of(text, place), "")]];
    };
    let is_only = spans.each.values().filter(|other| span.start <= other.start && other.end <= span.end).count() == 1;
    let mut ways = Vec::new();
    match manner {
        ListManner::Nested => ways.push(vec![Edit::replace(line_of(text, place), "")]),
        _ if !is_only => ways.push(vec![Edit::replace(with_separator(text, place, span), "")]),
        ListManner::Field | ListManner::Cell => {
            let is_bracketed = text[..place.start].ends_with('[') && text[place.end..].starts_with(']');
            if is_bracketed {
                ways.push(vec![Edit::replace(place.clone(), "")]);
            }
            let nones: &[&str] = if *manner == ListManner::Cell { &["-", "—", ""] } else { &["none", ""] };
            ways.extend(nones.iter().map(|none| vec![Edit::replace(span.clone(), *none)]));
            ways.push(vec![Edit::replace(place.clone(), "none")]);
        }
        ListManner::Line => ways.extend(remarks(text, place).into_iter().map(|whole| vec![Edit::replace(whole, "")])),
        ListManner::FrontMatter => {}
    }
    ways
}

/// A value with the backticks around it.
fn whole(text: &str, place: &Range<usize>) -> Range<usize> {
    let front = text[..place.start].len() - text[..place.start].trim_end_matches('`').len();
    let back = text[place.end..].len() - text[place.end..].trim_start_matches('`').len();
    let ticks = front.min(back);
    place.start - ticks..place.end + ticks
}

/// A value with the comma that separates it from the next, or else from the one before.
fn with_separator(text: &str, place: &Range<usize>, list: &Range<usize>) -> Range<usize> {
    let behind = &text[place.end..list.end];
    let gap = behind.len() - behind.trim_start_matches([',', ';', ' ']).len();
    if gap > 0 && gap < behind.len() && behind[..gap].contains([',', ';', ' ']) {
        return place.start..place.end + gap;
    }
    let front = &text[list.start..place.start];
    place.start - (front.len() - front.trim_end_matches([',', ';', ' ']).len())..place.end
}

/// The whole line of a value, with its end.
fn line_of(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[place.end..].find('\n').map_or(text.len(), |at| place.end + at + 1);
    start..end
}

/// The line of an item of a list, without its end, and its margin and bullet.
fn bullet(text: &str, place: &Range<usize>) -> Option<(Range<usize>, String)> {
    let line = line_of(text, place);
    let end = line.start + text[line.clone()].trim_end_matches(['\n', '\r']).len();
    let front = &text[line.start..place.start];
    let width = front.len() - front.trim_start_matches([' ', '\t', '-', '*', '+']).len();
    (width > 0).then(|| (line.start..end, front[..width].to_owned()))
}

/// What can be taken away with a value at the end of a line: the parentheses around it, or the blank in front of it.
fn remarks(text: &str, place: &Range<usize>) -> Vec<Range<usize>> {
    let line = line_of(text, place);
    let mut ways = Vec::new();
    let open = text[line.start..place.start].rfind('(').map(|at| line.start + at);
    let close = text[place.end..line.end].find(')').map(|at| place.end + at + 1);
    if let (Some(open), Some(close)) = (open, close) {
        let blank = text[line.start..open].len() - text[line.start..open].trim_end_matches(' ').len();
        ways.push(open - blank..close);
    }
    let front = &text[line.start..place.start];
    let blank = front.len() - front.trim_end_matches([' ', '-', '–', '—']).len();
    ways.push(place.start - blank..place.end);
    ways
}
