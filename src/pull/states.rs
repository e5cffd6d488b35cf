//! States and boxes, in the manner of the document.

use std::ops::Range;

use super::candidates::Context;
use super::edit::Edit;
use crate::plan::PlannedIssue;
use crate::plan::spans::{StateManner, StateSpan};

/// Ways to tick or untick a box of an issue's text.
pub(super) fn of_box(issue: &PlannedIssue, number: usize, ticked: bool) -> Vec<Vec<Edit>> {
    let Some(place) = issue.spans.boxes.get(number) else { return Vec::new() };
    let mark = if ticked { "x" } else { " " };
    match &place.tick {
        Some(tick) => vec![vec![Edit::replace(tick.clone(), mark)]],
        None => vec![vec![Edit::insert(place.text.start, format!("[{mark}] "))]],
    }
}

/// Ways to say that an issue is done, or is open.
pub(super) fn ways(context: Context<'_>, issue: &PlannedIssue, closed: bool) -> Vec<Vec<Edit>> {
    let mut ways = Vec::new();
    if let Some(StateSpan { manner, span }) = &issue.spans.state {
        match manner {
            StateManner::Box => ways.push(vec![Edit::replace(span.clone(), if closed { "x" } else { " " })]),
            StateManner::Field | StateManner::Cell | StateManner::Glyph | StateManner::Word => {
                let words = words(context, *manner, closed);
                ways.extend(words.into_iter().map(|word| vec![Edit::replace(span.clone(), word)]));
                if !closed && matches!(manner, StateManner::Glyph | StateManner::Word) {
                    ways.push(vec![Edit::replace(with_blank(context, span), "")]);
                }
            }
            StateManner::Section => {}
        }
    }
    let word = if closed { "Done" } else { "Open" };
    ways.extend(below(context, issue, "Status", word));
    // A glyph in front of the title says it too, where others of the plan carry glyphs.
    if let Some(title) = issue.spans.title.as_ref() {
        ways.push(vec![Edit::insert(title.start, if closed { "✅ " } else { "⬜ " })]);
    }
    ways
}

/// How a state is said in this manner: as other issues of the plan say it, else in common words.
fn words(context: Context<'_>, manner: StateManner, closed: bool) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let alike = context.plan.issues.iter().filter(|issue| issue.closed == closed);
    for state in alike.filter_map(|issue| issue.spans.state.as_ref()).filter(|state| state.manner == manner) {
        let text = context.text().get(state.span.clone()).unwrap_or_default().to_owned();
        if !words.contains(&text) && words.len() < 3 && !text.trim().is_empty() {
            words.push(text);
        }
    }
    let common: &[&str] = match (manner, closed) {
        (StateManner::Glyph, true) => &["✅"],
        (StateManner::Glyph, false) => &["⬜"],
        (_, true) => &["Done"],
        (_, false) => &["Open", "Todo"],
    };
    words.extend(common.iter().map(|word| (*word).to_owned()));
    words
}

/// A place with the blank behind it, or else the one in front of it.
fn with_blank(context: Context<'_>, span: &Range<usize>) -> Range<usize> {
    let text = context.text();
    if text.get(span.end..).is_some_and(|rest| rest.starts_with(' ')) {
        span.start..span.end + 1
    } else if text.get(..span.start).is_some_and(|front| front.ends_with(' ')) {
        span.start - 1..span.end
    } else {
        span.clone()
    }
}

/// Ways to add a field below a heading: to the list of its fields, else as a list of its own.
pub(super) fn below(context: Context<'_>, issue: &PlannedIssue, name: &str, value: &str) -> Vec<Vec<Edit>> {
    let line = context.text().get(issue.spans.line.clone()).unwrap_or_default();
    let end = context.line_end();
    if line.trim_start().starts_with('#') {
        let lists = [&issue.spans.labels.lists, &issue.spans.assignees.lists, &issue.spans.depends_on.lists];
        let first = lists.into_iter().flatten().map(|list| list.span.start).min();
        let bullet = first.and_then(|at| field_line(context, at));
        let mut ways = Vec::new();
        if let Some((start, front)) = bullet {
            ways.push(vec![Edit::insert(start, format!("{front}{name}: {value}{end}"))]);
        }
        ways.push(vec![Edit::insert(issue.spans.line.end, format!("{end}{end}- {name}: {value}{end}"))]);
        return ways;
    }
    Vec::new()
}

/// The beginning of the line that a field stands in, and what stands in front of the field: its margin and bullet.
fn field_line(context: Context<'_>, at: usize) -> Option<(usize, String)> {
    let text = context.text();
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = &text[start..at];
    let front = line.len() - line.trim_start_matches([' ', '\t', '-', '*', '+']).len();
    let front = &line[..front];
    (front.trim() == "-" || front.trim() == "*" || front.trim() == "+").then(|| (start, front.to_owned()))
}
