//! Checks that a preview lists exactly the differences that its apply makes.

use std::collections::{BTreeMap, BTreeSet};

use plan_action::diff::{Change, Diff, Field, IssueRef, LinkEdit, Op};
use plan_action::model::marker::{Found, IssueBase, Marker, MilestoneBase};
use plan_action::model::snapshot::{Issue, IssueNumber, Milestone, Snapshot, fold, state_name};
use plan_action::plan::PlanKey;

use crate::co_ownership::oracle::{Broken, inside, unblocked};

/// Compares the announced changes with the actual ones.
pub(super) fn check(diff: &Diff, before: &Snapshot, after: &Snapshot) -> Result<(), Broken> {
    let (announced, actual) = (announced(diff, after), actual(before, after));
    let unannounced: Vec<&String> = actual.difference(&announced).collect();
    let missing: Vec<&String> = announced.difference(&actual).collect();
    if unannounced.is_empty() && missing.is_empty() {
        return Ok(());
    }
    let texts = after.issues.iter().map(|new| (before.issue(new.number).map(|old| &old.body), &new.body));
    let texts: Vec<_> = texts.filter(|(old, new)| *old != Some(*new)).collect();
    Err(format!("done, but not announced: {unannounced:#?}\nannounced, but not done: {missing:#?}\ntexts: {texts:#?}"))
}

fn text(value: Option<&str>) -> &str {
    value.unwrap_or("-")
}

/// The actual differences, as lines.
fn actual(before: &Snapshot, after: &Snapshot) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let labels: BTreeMap<String, _> = before.labels.iter().map(|label| (fold(&label.name), label)).collect();
    for new in &after.labels {
        match labels.get(&fold(&new.name)) {
            None => _ = lines.insert(format!("create label {}", fold(&new.name))),
            Some(old) if old.color != new.color => _ = lines.insert(format!("label {} color", fold(&new.name))),
            Some(_) => {}
        }
    }
    for new in &after.milestones {
        match before.milestone(new.number) {
            None => _ = lines.insert(format!("create milestone {}", new.title)),
            Some(old) => lines.extend(milestone(old, new)),
        }
    }
    for new in &after.issues {
        match before.issue(new.number) {
            None => _ = lines.insert(format!("create issue {}", new.title)),
            Some(old) => lines.extend(issue(old, new, after)),
        }
    }
    let links = |verb: &str, from: &Snapshot, to: &Snapshot| -> Vec<String> {
        let dependencies = from.dependencies.difference(&to.dependencies);
        let dependencies = dependencies.map(|(blocked, blocker)| format!("{verb} {blocked} blocked by {blocker}"));
        let parents = from.parents.iter().filter(|(child, parent)| to.parents.get(child) != Some(parent));
        let parents = parents.map(|(child, parent)| format!("{verb} {child} part of {parent}"));
        let pins = from.pins.difference(&to.pins).map(|pin| format!("{verb} pin {pin}"));
        dependencies.chain(parents).chain(pins).collect()
    };
    lines.extend(links("remove", before, after));
    lines.extend(links("add", after, before));
    lines
}

fn field(what: &str, field: &str, from: Option<&str>, to: Option<&str>) -> Option<String> {
    (from != to).then(|| format!("{what} {field} {} → {}", text(from), text(to)))
}

/// The planned title of a milestone, even if people renamed it.
fn planned_title(milestone: &Milestone) -> String {
    match Marker::<MilestoneBase>::find(&milestone.description) {
        Found::Marker(marker, _) => marker.base.title,
        _ => milestone.title.clone(),
    }
}

fn milestone(old: &Milestone, new: &Milestone) -> Vec<String> {
    let what = format!("milestone {}", new.number.0);
    let day = |milestone: &Milestone| milestone.due_on.map(|day| day.to_string());
    let text = (inside(&old.description) != inside(&new.description)).then(|| format!("{what} text"));
    let fields = [
        field(&what, "title", Some(&old.title), Some(&new.title)),
        field(&what, "due", day(old).as_deref(), day(new).as_deref()),
        field(&what, "state", Some(state_name(old.closed)), Some(state_name(new.closed))),
        text,
    ];
    fields.into_iter().flatten().collect()
}

fn issue(old: &Issue, new: &Issue, after: &Snapshot) -> Vec<String> {
    let what = format!("issue {}", new.number.0);
    let mut lines = Vec::new();
    lines.extend(field(&what, "title", Some(&old.title), Some(&new.title)));
    lines.extend(field(&what, "state", Some(state_name(old.closed)), Some(state_name(new.closed))));
    if old.milestone != new.milestone {
        let milestone = new.milestone.and_then(|number| after.milestone(number));
        lines.push(format!("{what} milestone → {}", milestone.map_or("-".to_owned(), planned_title)));
    }
    for (name, old, new) in [("label", &old.labels, &new.labels), ("assignee", &old.assignees, &new.assignees)] {
        lines.extend(new.difference(old).map(|it| format!("{what} {name} + {}", fold(it))));
        lines.extend(old.difference(new).map(|it| format!("{what} {name} - {}", fold(it))));
    }
    let texts = [&old.body, &new.body].map(|body| inside(body).map(|text| unblocked(&text)).unwrap_or_default());
    if texts[0] != texts[1] {
        lines.push(format!("{what} text"));
    }
    lines
}

/// The announced changes, as the same lines.
fn announced(diff: &Diff, after: &Snapshot) -> BTreeSet<String> {
    let mut keys: BTreeMap<PlanKey, IssueNumber> = BTreeMap::new();
    for issue in after.issues.iter().filter(|issue| after.trusts(issue)) {
        if let Found::Marker(marker, _) = Marker::<IssueBase>::find(&issue.body) {
            keys.insert(marker.key, issue.number);
        }
    }
    let number = |issue: &IssueRef| issue.number.or_else(|| keys.get(&issue.key).copied()).map_or(0, |it| it.0);
    let mut lines = BTreeSet::new();
    for change in &diff.changes {
        let verb = if matches!(change.op(), Op::Link | Op::Pin) { "add" } else { "remove" };
        match change {
            Change::Label(label) if label.op == Op::Create => {
                lines.insert(format!("create label {}", fold(&label.name)));
            }
            Change::Label(label) => _ = lines.insert(format!("label {} color", fold(&label.name))),
            Change::Milestone(milestone) => match milestone.number {
                None => _ = lines.insert(format!("create milestone {}", milestone.title)),
                Some(number) => lines.extend(fields(change, &format!("milestone {}", number.0))),
            },
            Change::Issue(issue) if issue.op == Op::Create => {
                let title = after.issue(IssueNumber(number(&issue.issue))).map(|issue| issue.title.as_str());
                lines.insert(format!("create issue {}", text(title)));
            }
            Change::Issue(issue) => {
                let number = number(&issue.issue);
                lines.extend(fields(change, &format!("issue {number}")));
                if issue.edits.pinned.is_some() {
                    lines.insert(format!("remove pin #{number}"));
                }
            }
            Change::Link(link) => match &link.link {
                LinkEdit::Dependency { blocked, blocker, .. } => {
                    lines.insert(format!("{verb} #{} blocked by #{}", number(blocked), number(blocker)));
                }
                LinkEdit::SubIssue { child, parent, .. } => {
                    lines.insert(format!("{verb} #{} part of #{}", number(child), number(parent)));
                }
                LinkEdit::Pin { issue, .. } => _ = lines.insert(format!("{verb} pin #{}", number(issue))),
            },
        }
    }
    lines
}

fn fields(change: &Change, what: &str) -> Vec<String> {
    let written = change.fields();
    let written = written.iter().filter(|field| field.from != field.to);
    let line = |change: &plan_action::diff::FieldChange<'_>| {
        let (from, to) = (change.from.as_deref(), change.to.as_deref());
        match change.field {
            Field::Title => field(what, "title", from, to),
            Field::State => field(what, "state", from, to),
            Field::DueOn => field(what, "due", from, to),
            Field::Milestone => Some(format!("{what} milestone → {}", text(to))),
            Field::Label => Some(format!("{what} label {}", signed(from, to))),
            Field::Assignee => Some(format!("{what} assignee {}", signed(from, to))),
            // The line of blockers changes together with the links, or separately if an issue has a new number.
            Field::Body | Field::Description => {
                (unblocked(text(from)) != unblocked(text(to))).then(|| format!("{what} text"))
            }
            Field::Plan | Field::Key | Field::StateReason | Field::Pinned => None,
            Field::Name | Field::Color | Field::Parent | Field::BlockedBy => Some(format!("{what}: {change:?}")),
        }
    };
    written.filter_map(line).collect()
}

fn signed(from: Option<&str>, to: Option<&str>) -> String {
    to.map_or_else(|| format!("- {}", fold(text(from))), |to| format!("+ {}", fold(to)))
}
