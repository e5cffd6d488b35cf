//! A plan for the terminal as it was read, by milestone.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::summary::{list, some};
use crate::model::text::printable;
use crate::plan::draft::Ignored;
use crate::plan::{Plan, PlanKey, PlannedIssue};

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const GATE: Style = AnsiColor::Yellow.on_default();

/// Renders a plan as a tree.
pub fn render(plan: &Plan) -> String {
    let mut text = String::new();
    let title = if plan.title.is_empty() { plan.source.name.as_str() } else { plan.title.as_str() };
    _ = writeln!(text, "{STRONG}{}{STRONG:#}  {FAINT}plan {}{FAINT:#}", printable(title), plan.id);
    _ = writeln!(text, "{FAINT}read as `{}`: {}{FAINT:#}", plan.dialect, printable(&plan.why));
    let issues = &plan.issues;
    for milestone in &plan.milestones {
        let due = milestone.due_on.map(|day| format!("  due {day}")).unwrap_or_default();
        let done = if milestone.closed { "  done" } else { "" };
        _ = writeln!(text, "\n{STRONG}{}{STRONG:#}{FAINT}{due}{done}{FAINT:#}", printable(&milestone.title));
        for line in milestone.description.lines().filter(|line| !line.trim().is_empty()) {
            _ = writeln!(text, "  {FAINT}{}{FAINT:#}", printable(line));
        }
        for issue in issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key)) {
            one(&mut text, plan, issue);
        }
    }
    let mut rest = issues.iter().filter(|issue| issue.milestone.is_none()).peekable();
    if rest.peek().is_some() {
        _ = writeln!(text, "\n{STRONG}No milestone{STRONG:#}");
        rest.for_each(|issue| one(&mut text, plan, issue));
    }
    ignored(&mut text, plan);
    _ = writeln!(text, "\n{STRONG}{}.{STRONG:#}", counts(plan));
    text
}

/// What was not read, and why.
fn ignored(text: &mut String, plan: &Plan) {
    if plan.ignored.is_empty() {
        return;
    }
    _ = writeln!(text, "\n{STRONG}Not read{STRONG:#}");
    for Ignored { name, lines: (first, last), why } in &plan.ignored {
        let lines = if first == last { format!("line {first}") } else { format!("lines {first}-{last}") };
        let name = if name.is_empty() { String::new() } else { format!("{}  ", printable(name)) };
        _ = writeln!(text, "  {name}{FAINT}{lines}: {}{FAINT:#}", printable(why));
    }
}

/// The name of an issue: its written key, or else its title.
fn name(plan: &Plan, key: &PlanKey) -> String {
    let titled = plan.issues.iter().find(|issue| issue.key == *key && issue.written_key.is_none());
    printable(titled.map_or(key.as_str(), |issue| issue.title.as_str()))
}

fn one(text: &mut String, plan: &Plan, issue: &PlannedIssue) {
    let sign = if issue.closed { 'x' } else { ' ' };
    _ = write!(text, "  [{sign}] {}", printable(&issue.title));
    let labels: Vec<String> = issue.labels.iter().map(|label| printable(label)).collect();
    if !labels.is_empty() {
        _ = write!(text, "  {FAINT}[{}]{FAINT:#}", labels.join(", "));
    }
    let assignees: Vec<String> = issue.assignees.iter().map(|login| format!("@{}", printable(login))).collect();
    if !assignees.is_empty() {
        _ = write!(text, "  {FAINT}{}{FAINT:#}", assignees.join(", "));
    }
    let blockers: Vec<String> = issue.depends_on.iter().map(|key| name(plan, key)).collect();
    if !blockers.is_empty() {
        _ = write!(text, "  {FAINT}blocked by {}{FAINT:#}", blockers.join(", "));
    }
    if let Some(parent) = &issue.parent {
        _ = write!(text, "  {FAINT}sub-issue of {}{FAINT:#}", name(plan, parent));
    }
    if issue.gate {
        _ = write!(text, "  {GATE}release gate{GATE:#}");
    }
    text.push('\n');
}

/// The counts of a plan: `3 milestones, 10 issues, 16 labels, 11 dependencies and 2 release gates`.
pub fn counts(plan: &Plan) -> String {
    let counts = [
        (plan.milestones.len(), "milestone"),
        (plan.issues.len(), "issue"),
        (plan.labels.len(), "label"),
        (plan.issues.iter().map(|issue| issue.depends_on.len()).sum(), "dependency"),
        (plan.issues.iter().filter(|issue| issue.gate).count(), "release gate"),
    ];
    let some: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| some(*count, what)).collect();
    list(&some)
}
