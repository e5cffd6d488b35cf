//! Due dates, in the form in which the document has them.

use jiff::civil::Date;

use super::candidates::Context;
use super::edit::Edit;
use crate::plan::PlannedMilestone;
use crate::plan::spans::DueManner;

/// Ways to give a milestone another due date, or none.
pub(super) fn ways(context: Context<'_>, milestone: &PlannedMilestone, day: Option<Date>) -> Vec<Vec<Edit>> {
    let mut ways = Vec::new();
    if let Some(due) = &milestone.spans.due_on {
        let old = context.text().get(due.span.clone()).unwrap_or_default();
        match (due.manner, day) {
            (DueManner::Field | DueManner::Cell | DueManner::Parenthesis, Some(day)) => {
                ways.push(vec![Edit::replace(due.span.clone(), like(old, day))]);
                ways.push(vec![Edit::replace(due.span.clone(), day.to_string())]);
            }
            (DueManner::Field | DueManner::Cell, None) => {
                ways.extend(["none", "-"].map(|none| vec![Edit::replace(due.span.clone(), none)]));
            }
            (DueManner::Weeks, Some(day)) => ways.push(vec![Edit::replace(due.span.clone(), day.to_string())]),
            (DueManner::Parenthesis | DueManner::Weeks, None) => {}
        }
    }
    if let Some(day) = day {
        let (at, end) = (milestone.spans.line.end, context.line_end());
        let line = context.text().get(milestone.spans.line.clone()).unwrap_or_default();
        let margin = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line.trim_start().starts_with('#') {
            ways.push(vec![Edit::insert(at, format!("{end}{end}- Due: {day}{end}"))]);
            ways.push(vec![Edit::insert(at, format!("{end}{end}Due: {day}"))]);
        } else if line.trim_start().starts_with(['-', '*', '+']) {
            ways.push(vec![Edit::insert(at, format!("{end}{}- Due: {day}", " ".repeat(margin + 2)))]);
        }
    }
    ways
}

/// A day in the form of another one.
fn like(old: &str, day: Date) -> String {
    let bare = old.trim_matches(['*', '_', '`', ' ', '(', ')']);
    let is_dotted = bare.matches('.').count() == 2 && bare.starts_with(|it: char| it.is_ascii_digit());
    let is_words = bare.contains(|it: char| it.is_alphabetic());
    let written = match () {
        () if is_dotted => day.strftime("%d.%m.%Y").to_string(),
        () if is_words && bare.starts_with(|it: char| it.is_ascii_digit()) => day.strftime("%-d %B %Y").to_string(),
        () if is_words && bare.contains(',') => day.strftime("%B %-d, %Y").to_string(),
        () => day.to_string(),
    };
    old.replacen(bare, &written, 1)
}
