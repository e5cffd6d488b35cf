//! A plan as a picture: its dependencies, grouped by milestone, in mermaid's language.

use std::collections::HashMap;
use std::fmt::Write;

use crate::plan::title::printable;
use crate::plan::{Plan, PlanKey, PlannedIssue, order};

/// The dependency graph of a plan: an arrow from each issue to those that wait for it; gates have a thick border,
/// what is done is dashed.
pub fn graph(plan: &Plan) -> String {
    let mut text = String::from("flowchart LR\n");
    let issues = order::issues(plan);
    // Names of our own: a key could be a word of mermaid's language.
    let names: HashMap<&PlanKey, String> =
        issues.iter().enumerate().map(|(at, issue)| (&issue.key, format!("i{at}"))).collect();
    let node = |issue: &PlannedIssue| format!("{}[\"{}\"]", names[&issue.key], quoted(&issue.title));
    for (at, milestone) in order::milestones(plan).into_iter().enumerate() {
        _ = writeln!(text, "  subgraph m{at}[\"{}\"]", quoted(&milestone.title));
        for issue in issues.iter().filter(|issue| issue.milestone.as_ref() == Some(&milestone.key)) {
            _ = writeln!(text, "    {}", node(issue));
        }
        text.push_str("  end\n");
    }
    for issue in issues.iter().filter(|issue| issue.milestone.is_none()) {
        _ = writeln!(text, "  {}", node(issue));
    }
    for issue in &issues {
        for blocker in issue.depends_on.iter().filter_map(|key| names.get(key)) {
            _ = writeln!(text, "  {blocker} --> {}", names[&issue.key]);
        }
    }
    for (class, style, of) in [
        ("gate", "stroke-width:4px", (|issue| issue.gate) as fn(&PlannedIssue) -> bool),
        ("done", "stroke-dasharray:4", |issue| issue.closed),
    ] {
        let members: Vec<&str> = issues.iter().filter(|issue| of(issue)).map(|it| names[&it.key].as_str()).collect();
        if !members.is_empty() {
            _ = writeln!(text, "  classDef {class} {style}\n  class {} {class}", members.join(","));
        }
    }
    text
}

/// A text inside of a quoted label. Letters, digits and blanks of every script stand for themselves, all else is
/// written as mermaid's entities (`#35;`), so that no text can end the label or be taken for HTML or markdown.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for character in printable(text).chars() {
        if character.is_alphanumeric() || " .,:/+-".contains(character) {
            quoted.push(character);
        } else {
            _ = write!(quoted, "#{};", u32::from(character));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_label() {
        assert_eq!(quoted("a \"b\" <c> #1; `d`"), "a #34;b#34; #60;c#62; #35;1#59; #96;d#96;");
    }
}
