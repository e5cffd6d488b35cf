//! An issue in another milestone: its field names it, or its lines move into the milestone's section.

use std::ops::Range;

use super::candidates::Context;
use super::edit::Edit;
use crate::plan::spans::Placement;
use crate::plan::{PlannedIssue, PlannedMilestone};

/// Ways to give an issue another milestone, or none.
pub(super) fn ways(context: Context<'_>, issue: &PlannedIssue, milestone: Option<usize>) -> Vec<Vec<Edit>> {
    let target = milestone.and_then(|number| context.milestone(number));
    match &issue.spans.milestone {
        Some(Placement::Field(place) | Placement::Cell(place)) => named(context, issue, place, target),
        Some(Placement::Section(_)) | None => target.map(|target| moved(context, issue, target)).unwrap_or_default(),
        Some(Placement::Listed(_)) => Vec::new(),
    }
}

/// Ways to name another milestone where one is named.
fn named(
    context: Context<'_>,
    issue: &PlannedIssue,
    place: &Range<usize>,
    target: Option<&PlannedMilestone>,
) -> Vec<Vec<Edit>> {
    let old = context.text().get(place.clone()).unwrap_or_default();
    let Some(target) = target else {
        return ["none", "-", ""].map(|none| vec![Edit::replace(place.clone(), none)]).into();
    };
    // As other issues name it, else by its key or title.
    let others = context.plan.issues.iter().filter(|other| other.milestone.as_ref() == Some(&target.key));
    let mut names: Vec<String> = others
        .filter(|other| other.key != issue.key)
        .filter_map(|other| match &other.spans.milestone {
            Some(Placement::Field(place) | Placement::Cell(place)) => {
                context.text().get(place.clone()).map(str::to_owned)
            }
            _ => None,
        })
        .take(1)
        .collect();
    let is_code = old.starts_with('`');
    for name in [Some(target.key.as_str()).filter(|_| !target.key.is_derived()), Some(target.title.as_str())] {
        let Some(name) = name else { continue };
        names.push(if is_code { format!("`{name}`") } else { name.to_owned() });
        names.push(name.to_owned());
    }
    names.into_iter().map(|name| vec![Edit::replace(place.clone(), name)]).collect()
}

/// Ways to move the lines of an issue into the section of a milestone: behind its last issue, else to its end.
fn moved(context: Context<'_>, issue: &PlannedIssue, target: &PlannedMilestone) -> Vec<Vec<Edit>> {
    let text = context.text();
    let from = with_line_end(text, &issue.spans.extent);
    let lines = text[from.clone()].trim_end_matches(['\n', '\r']).to_owned();
    let end = context.line_end();
    let siblings = context.plan.issues.iter().filter(|other| {
        other.milestone.as_ref() == Some(&target.key) && matches!(other.spans.milestone, Some(Placement::Section(_)))
    });
    let last = siblings.max_by_key(|other| other.spans.extent.end);
    let is_heading = lines.trim_start().starts_with('#');
    let mut ways = Vec::new();
    let mut way = |at: usize, front: String, back: &str| {
        // A place inside of what is moved is none.
        if from.start < at && at < from.end {
            return;
        }
        let offset = front.len();
        let insert = Edit { at: at..at, text: format!("{front}{lines}{back}"), moved: Some((from.clone(), offset)) };
        ways.push(vec![Edit::replace(from.clone(), ""), insert]);
    };
    if let Some(last) = last {
        let at = last.spans.extent.end;
        let trimmed = text[..at].trim_end_matches(['\n', '\r', ' ']).len().max(last.spans.line.end);
        way(trimmed, if is_heading { format!("{end}{end}") } else { end.to_owned() }, "");
    }
    let at = text[..target.spans.extent.end].trim_end_matches(['\n', '\r', ' ']).len().max(target.spans.line.end);
    way(at, format!("{end}{end}"), "");
    way(target.spans.line.end, format!("{end}{end}"), end);
    ways
}

/// Lines with the end of the last one, and the blank lines behind them.
fn with_line_end(text: &str, lines: &Range<usize>) -> Range<usize> {
    let end = text[lines.end..].find('\n').map_or(text.len(), |at| lines.end + at + 1);
    lines.start..end
}
