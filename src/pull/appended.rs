//! Issues that people opened, written like the others of their milestone.

use super::candidates::Context;
use super::edit::Edit;
use super::titles::written;
use crate::plan::spans::Placement;
use crate::plan::{PlannedIssue, PlannedMilestone};

/// Ways to append an issue to a milestone.
pub(super) fn ways(context: Context<'_>, title: &str, milestone: usize) -> Vec<Vec<Edit>> {
    let Some(milestone) = context.milestone(milestone) else { return Vec::new() };
    let inside = context.plan.issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key));
    let last = inside.filter(|issue| issue.spans.title.is_some()).max_by_key(|issue| issue.spans.line.start);
    // A milestone without issues gets one like those of another.
    let model = last.or_else(|| context.plan.issues.iter().rfind(|issue| issue.spans.title.is_some()));
    let Some(model) = model else { return Vec::new() };
    let line = context.text().get(model.spans.line.clone()).unwrap_or_default();
    let in_cell = line.trim_start().starts_with('|');
    let lines = written(title, in_cell).into_iter().filter_map(|title| {
        if in_cell { row(context, model, &title) } else { like(context, model, milestone, &title) }
    });
    let end = context.line_end();
    let mut ways = Vec::new();
    for new in lines {
        let is_heading = new.trim_start().starts_with('#');
        let gap = if is_heading { format!("{end}{end}") } else { end.to_owned() };
        if let Some(last) = last {
            let text = context.text();
            let at = text[..last.spans.extent.end].trim_end_matches(['\n', '\r', ' ']).len().max(last.spans.line.end);
            ways.push(vec![Edit::insert(at, format!("{gap}{new}"))]);
        } else {
            let text = context.text();
            let end_of = milestone.spans.extent.end;
            let at = text[..end_of].trim_end_matches(['\n', '\r', ' ']).len().max(milestone.spans.line.end);
            ways.push(vec![Edit::insert(at, format!("{end}{end}{new}"))]);
        }
    }
    ways
}

/// A line like that of another issue, with another title and without anything else.
fn like(context: Context<'_>, model: &PlannedIssue, milestone: &PlannedMilestone, title: &str) -> Option<String> {
    let text = context.text();
    let place = model.spans.title.clone()?;
    let line = model.spans.line.clone();
    if place.start < line.start || place.end > line.end {
        return None;
    }
    let front = text.get(line.start..place.start)?;
    let front = front.replace("[x]", "[ ]").replace("[X]", "[ ]").replace(['✅', '☑', '✔'], "⬜");
    let digits: String = front.trim_start().chars().take_while(char::is_ascii_digit).collect();
    let front = match digits.parse::<u64>() {
        Ok(number) => front.replacen(&digits, &(number + 1).to_string(), 1),
        Err(_) => front,
    };
    let strong = if front.trim_end().ends_with("**") { "**" } else { "" };
    let mut new = format!("{front}{title}{strong}");
    let end = context.line_end();
    match &model.spans.milestone {
        Some(Placement::Field(place)) if front.trim_start().starts_with('#') => {
            let is_code = text.get(place.clone())?.starts_with('`');
            let name = if milestone.key.is_derived() { &milestone.title } else { milestone.key.as_str() };
            let name = if is_code { format!("`{name}`") } else { name.to_owned() };
            new.push_str(&format!("{end}{end}- Milestone: {name}"));
        }
        Some(Placement::Field(_) | Placement::Cell(_) | Placement::Listed(_)) => return None,
        Some(Placement::Section(_)) | None => {}
    }
    Some(new)
}

/// A row like another one, with a title and, where a column names it, the same milestone.
fn row(context: Context<'_>, model: &PlannedIssue, title: &str) -> Option<String> {
    let text = context.text();
    let place = model.spans.title.clone()?;
    let line = model.spans.line.clone();
    let kept = match &model.spans.milestone {
        Some(Placement::Cell(place)) => Some(place.clone()),
        _ => None,
    };
    let mut new = String::new();
    let mut at = line.start;
    for cell in text.get(line.clone())?.split_inclusive('|') {
        let range = at..at + cell.len();
        at = range.end;
        let inner = cell.trim_end_matches('|');
        let holds = |place: &std::ops::Range<usize>| range.start <= place.start && place.end <= range.end;
        if holds(&place) {
            new.push_str(&format!(" {title} "));
        } else if kept.as_ref().is_some_and(holds) {
            new.push_str(inner);
        } else {
            new.push_str(&" ".repeat(inner.chars().count().max(usize::from(!inner.is_empty()))));
        }
        if cell.ends_with('|') {
            new.push('|');
        }
    }
    Some(new)
}
