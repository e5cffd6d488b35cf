//! The edits that may write a value into a plan, the best first. Whether they do is found out by reading the text again.

use super::accepted::{Accepted, Item, Value};
use super::edit::{self, Edit};
use super::expected::Places;
use super::{appended, dates, keys, lists, moves, states, titles};
use crate::plan::spans::{ListManner, ListSpan};
use crate::plan::{Plan, PlannedIssue, PlannedMilestone};

/// A plan, and which of its items is which.
#[derive(Clone, Copy)]
pub(super) struct Context<'p> {
    pub(super) plan: &'p Plan,
    pub(super) places: &'p Places,
}

impl<'p> Context<'p> {
    pub(super) fn text(&self) -> &'p str {
        &self.plan.source.text
    }

    pub(super) fn issue(&self, number: usize) -> Option<&'p PlannedIssue> {
        self.plan.issues.get(*self.places.issues.get(number)?)
    }

    pub(super) fn milestone(&self, number: usize) -> Option<&'p PlannedMilestone> {
        self.plan.milestones.get(*self.places.milestones.get(number)?)
    }

    /// The end of a line in this document.
    pub(super) fn line_end(&self) -> &'static str {
        if self.text().contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// What the plan calls an issue where others name it: its written key, else its title.
    pub(super) fn name(&self, issue: &PlannedIssue) -> String {
        issue.written_key.clone().unwrap_or_else(|| issue.title.clone())
    }
}

/// Each way to write a value, as edits that belong together.
pub(super) fn candidates(plan: &Plan, places: &Places, accepted: &Accepted) -> Vec<Vec<Edit>> {
    let context = Context { plan, places };
    let ways = match (&accepted.item, &accepted.value) {
        (_, Value::New(title, milestone)) => appended::ways(context, title, *milestone),
        (Item::Milestone(at), value) => {
            let Some(milestone) = context.milestone(*at) else { return Vec::new() };
            match value {
                Value::Title(title) => titles::of_milestone(context, milestone, title),
                Value::DueOn(day) => dates::ways(context, milestone, *day),
                _ => Vec::new(),
            }
        }
        (Item::Issue(at), value) => {
            let Some(issue) = context.issue(*at) else { return Vec::new() };
            of_issue(context, issue, value)
        }
    };
    let ways = ways.into_iter().filter(|edits| !edits.is_empty());
    ways.map(|edits| edit::aligned(plan.source.text.as_str(), edits)).collect()
}

fn of_issue(context: Context<'_>, issue: &PlannedIssue, value: &Value) -> Vec<Vec<Edit>> {
    let spans = &issue.spans;
    match value {
        Value::Tick(number, ticked) => states::of_box(issue, *number, *ticked),
        Value::Closed(closed) => states::ways(context, issue, *closed),
        Value::Label(name, true) => lists::with(context, &spans.labels, name, name),
        Value::Label(name, false) => lists::without(context, &spans.labels, name),
        Value::Assignee(login, true) => lists::with(context, &spans.assignees, &format!("@{login}"), login),
        Value::Assignee(login, false) => lists::without(context, &spans.assignees, login),
        Value::DependsOn(other, is_there) => {
            let Some(other) = context.issue(*other) else { return Vec::new() };
            let name = context.name(other);
            if *is_there {
                lists::with(context, &spans.depends_on, &name, &name)
            } else {
                lists::without(context, &spans.depends_on, &other.key)
            }
        }
        Value::Parent(parent) => {
            let Some(span) = spans.parent.clone() else { return Vec::new() };
            let name = parent.and_then(|parent| context.issue(parent)).map(|parent| context.name(parent));
            let list = ListSpan { manner: ListManner::Field, span };
            vec![vec![Edit::replace(list.span, name.unwrap_or_else(|| "none".into()))]]
        }
        Value::Title(title) => titles::of_issue(context, issue, title),
        Value::Milestone(milestone) => moves::ways(context, issue, *milestone),
        Value::Key(key) => keys::ways(context, issue, key),
        Value::DueOn(_) | Value::New(..) => Vec::new(),
    }
}
