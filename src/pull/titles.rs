//! New titles, in the place of the old ones and wherever others name the item by its title.

use std::ops::Range;

use super::candidates::Context;
use super::edit::Edit;
use crate::plan::spans::Placement;
use crate::plan::{PlannedIssue, PlannedMilestone};

/// Characters that markdown may take for markup.
const MARKUP: [char; 12] = ['\\', '`', '*', '_', '[', ']', '<', '>', '&', '~', '!', '|'];

/// A title as it may be written, from the plainest form on.
pub(super) fn written(title: &str, in_cell: bool) -> Vec<String> {
    let escape = |which: &[char]| -> String {
        title.chars().flat_map(|it| which.contains(&it).then_some('\\').into_iter().chain([it])).collect()
    };
    let mut ways = vec![if in_cell { escape(&['|']) } else { title.to_owned() }, escape(&MARKUP)];
    ways.dedup();
    ways
}

/// A code span with a text in it.
pub(super) fn code(text: &str) -> String {
    let runs: Vec<usize> = text.split(|it| it != '`').map(str::len).collect();
    let ticks = "`".repeat((1..=runs.len() + 1).find(|count| !runs.contains(count)).unwrap_or(1));
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Ways to give an issue another title.
pub(super) fn of_issue(context: Context<'_>, issue: &PlannedIssue, title: &str) -> Vec<Vec<Edit>> {
    let Some(place) = issue.spans.title.clone() else { return Vec::new() };
    let line = context.text().get(issue.spans.line.clone()).unwrap_or_default();
    let in_cell = line.trim_start().starts_with('|');
    let mut ways = Vec::new();
    // A key in a code span stays as it is written.
    let old = context.text().get(place.clone()).unwrap_or_default();
    if let Some((key, rest)) = issue.written_key.as_deref().and_then(|key| Some((key, title.strip_prefix(key)?)))
        && old.starts_with(&format!("`{key}`"))
    {
        let from = place.start + key.len() + 2;
        ways.extend(written(rest, in_cell).into_iter().map(|rest| {
            let mut edits = vec![Edit::replace(from..place.end, rest)];
            edits.extend(references(context, issue, title));
            edits
        }));
    }
    for written in written(title, in_cell).into_iter().chain([code(title)]) {
        let mut edits = vec![Edit::replace(place.clone(), written)];
        edits.extend(references(context, issue, title));
        ways.push(edits);
    }
    // The title had the key in it; a comment keeps it.
    if let Some(key) = issue.written_key.as_ref().filter(|_| !line.contains("<!-- id:")) {
        let with_key: Vec<Vec<Edit>> = ways
            .iter()
            .map(|edits| {
                let mut edits = edits.clone();
                if let Some(first) = edits.first_mut() {
                    first.text.push_str(&format!(" <!-- id: {key} -->"));
                }
                edits
            })
            .collect();
        ways.extend(with_key);
    }
    ways
}

/// Ways to give a milestone another title.
pub(super) fn of_milestone(context: Context<'_>, milestone: &PlannedMilestone, title: &str) -> Vec<Vec<Edit>> {
    let Some(place) = milestone.spans.title.clone() else { return Vec::new() };
    let named = |placement: &Placement| match placement {
        Placement::Field(place) | Placement::Cell(place) => Some(place.clone()),
        Placement::Section(_) | Placement::Listed(_) => None,
    };
    let issues = context.plan.issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key));
    let places: Vec<Range<usize>> =
        issues.filter_map(|issue| issue.spans.milestone.as_ref().and_then(named)).filter(|it| *it != place).collect();
    let line = context.text().get(milestone.spans.line.clone()).unwrap_or_default();
    let in_cell = line.trim_start().starts_with('|');
    let ways = written(title, in_cell).into_iter().map(|written| {
        let others = places.iter().filter(|place| is_title(context, place, &milestone.title));
        let mut edits: Vec<Edit> = others.map(|place| Edit::replace(place.clone(), written.clone())).collect();
        edits.push(Edit::replace(place.clone(), written));
        edits
    });
    ways.collect()
}

/// The places where other issues name one by its title.
fn references(context: Context<'_>, issue: &PlannedIssue, title: &str) -> Vec<Edit> {
    let mut places: Vec<Range<usize>> = Vec::new();
    for other in &context.plan.issues {
        places.extend(other.spans.depends_on.each.get(&issue.key).cloned());
        if other.parent.as_ref() == Some(&issue.key) {
            places.extend(other.spans.parent.clone());
        }
    }
    places.sort_by_key(|place| (place.start, place.end));
    places.dedup();
    let inside = |place: &Range<usize>| place.start >= issue.spans.line.start && place.end <= issue.spans.line.end;
    places.retain(|place| is_title(context, place, &issue.title) && !inside(place));
    places.into_iter().map(|place| Edit::replace(place, title)).collect()
}

fn is_title(context: Context<'_>, place: &Range<usize>, title: &str) -> bool {
    let bare = |text: &str| text.replace(['`', '*', '\\'], "").trim().to_lowercase();
    context.text().get(place.clone()).is_some_and(|text| bare(text) == bare(title))
}
