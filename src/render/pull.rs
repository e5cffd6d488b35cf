//! What is pulled into a plan, in words.

use std::fmt::Write;

use super::summary::some;
use crate::model::snapshot::IssueNumber;
use crate::model::text::printable;
use crate::plan::Plan;
use crate::pull::{Accepted, Item, Unexpressible, Value};
use crate::report::pull::PullReport;

/// What became of one value, in a few words.
pub(crate) fn change(plan: &Plan, accepted: &Accepted) -> String {
    let issue = |at: &usize| plan.issues.get(*at).map(|issue| issue.title.clone()).unwrap_or_default();
    let milestone = |at: &usize| plan.milestones.get(*at).map(|milestone| milestone.title.clone()).unwrap_or_default();
    match &accepted.value {
        Value::Tick(number, ticked) => {
            let box_text = match accepted.item {
                Item::Issue(at) => plan.issues.get(at).and_then(|issue| {
                    let place = issue.spans.boxes.get(*number)?;
                    plan.source.text.get(place.text.clone())
                }),
                Item::Milestone(_) => None,
            };
            let name = box_text.map(|text| format!(" `{}`", printable(text))).unwrap_or_default();
            if *ticked { format!("box{name} ticked") } else { format!("box{name} not ticked") }
        }
        Value::Closed(true) => "done".to_owned(),
        Value::Closed(false) => "open again".to_owned(),
        Value::Label(name, true) => format!("label `{name}` added"),
        Value::Label(name, false) => format!("label `{name}` removed"),
        Value::Assignee(login, true) => format!("assignee `{login}` added"),
        Value::Assignee(login, false) => format!("assignee `{login}` removed"),
        Value::DependsOn(other, true) => format!("depends on `{}`", issue(other)),
        Value::DependsOn(other, false) => format!("depends on `{}` no more", issue(other)),
        Value::Parent(None) => "has no parent any more".to_owned(),
        Value::Parent(Some(parent)) => format!("is a part of `{}`", issue(parent)),
        Value::DueOn(None) => "has no due date any more".to_owned(),
        Value::DueOn(Some(day)) => format!("due {day}"),
        Value::Title(title) => format!("is called `{title}`"),
        Value::Milestone(None) => "is in no milestone any more".to_owned(),
        Value::Milestone(Some(at)) => format!("moved to `{}`", milestone(at)),
        Value::Key(key) => format!("has the key `{key}`"),
        Value::New(_, at) => format!("opened in `{}`", milestone(at)),
    }
}

/// What is pulled into a plan, for the terminal.
pub(crate) fn text(report: &PullReport<'_>, is_written: bool) -> String {
    let PullReport { path, plan, text: _, written, refused } = report;
    let mut text = String::new();
    let name = |number: &Option<IssueNumber>, title: &str| {
        let number = number.map(|number| format!("{number} ")).unwrap_or_default();
        printable(&format!("{number}{title}"))
    };
    for accepted in written {
        let Accepted { number, title, .. } = accepted;
        _ = writeln!(text, "  {}: {}", name(number, title), printable(&change(plan, accepted)));
    }
    for Unexpressible { number, title, what } in refused {
        _ = writeln!(text, "  {}: not pulled, because {}", name(number, title), printable(what));
    }
    let sentence = match (written.len(), is_written) {
        (0, _) => "nothing to pull".to_owned(),
        (count, true) => format!("{} pulled", some(count, "change")),
        (count, false) => format!("{} to pull", some(count, "change")),
    };
    let refused = if refused.is_empty() { String::new() } else { format!("; {} not", refused.len()) };
    format!("{}: {sentence}{refused}.\n{text}", path)
}

/// The change to the plan's file as a patch; empty where nothing changes.
pub(crate) fn patch(report: &PullReport<'_>) -> String {
    let (old, new) = (report.plan.source.text.as_str(), report.text.as_str());
    if old == new {
        return String::new();
    }
    let path = report.path.as_str();
    similar::TextDiff::from_lines(old, new)
        .unified_diff()
        .header(&format!("a/{path}"), &format!("b/{path}"))
        .to_string()
}
