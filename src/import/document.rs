//! The text of an imported plan.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::Result;
use serde::Serialize;

use super::draft::{Draft, DraftIssue, DraftMilestone, TextForm, TitleForm};
use super::markdown::{code, escaped, fenced};
use crate::model::snapshot::{IssueNumber, Label};

/// The front matter: how the text is read, and the labels.
#[derive(Serialize)]
struct FrontMatter<'d> {
    read: Read,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<&'d str, WrittenLabel<'d>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gates: Vec<&'d str>,
}

#[derive(Serialize)]
struct Read {
    milestones: &'static str,
    issues: &'static str,
}

#[derive(Serialize)]
struct WrittenLabel<'d> {
    color: &'d str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'d str,
}

/// Writes the text: milestones as headings, issues as headings below them, each with its identity.
///
/// # Errors
///
/// Never for plain data as this is.
pub(super) fn document(draft: &Draft) -> Result<String> {
    let label = |label: &'_ Label| label.color.len() == 6;
    let labels = draft.labels.iter().filter(|it| label(it));
    let labels = labels.map(|it| (it.name.as_str(), WrittenLabel { color: &it.color, description: &it.description }));
    let front = FrontMatter {
        read: Read { milestones: "## *", issues: "headings" },
        labels: labels.collect(),
        gates: draft.issues.iter().filter(|issue| issue.gate).map(|issue| issue.key.as_str()).collect(),
    };
    let mut text = format!("---\n{}---\n\n# {}\n", serde_yaml::to_string(&front)?, escaped(&draft.title));
    let keys: BTreeMap<IssueNumber, &str> =
        draft.issues.iter().map(|issue| (issue.number, issue.key.as_str())).collect();
    for item in draft.issues.iter().filter(|issue| issue.milestone.is_none()) {
        issue(item, &keys, &mut text);
    }
    for it in &draft.milestones {
        milestone(it, &mut text);
        for item in draft.issues.iter().filter(|issue| issue.milestone == Some(it.number)) {
            issue(item, &keys, &mut text);
        }
    }
    Ok(text)
}

/// What a heading shows for a title that stands in a field: its plain words.
fn words(title: &str) -> String {
    let words: Vec<&str> =
        title.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).take(8).collect();
    words.join(" ")
}

fn heading(title: &str, form: TitleForm) -> String {
    match form {
        TitleForm::Plain => title.to_owned(),
        TitleForm::Escaped => escaped(title),
        TitleForm::Field => words(title),
    }
}

fn milestone(milestone: &DraftMilestone, text: &mut String) {
    let DraftMilestone { number, title, due_on, description, form, text_form } = milestone;
    _ = write!(text, "\n## {} <!-- id: milestone-{} -->\n", heading(title, *form), number.0);
    let mut fields = String::new();
    if *form == TitleForm::Field {
        _ = writeln!(fields, "- Title: {}", code(title));
    }
    if let Some(due) = due_on {
        _ = writeln!(fields, "- Due: {due}");
    }
    if !fields.is_empty() {
        _ = write!(text, "\n{fields}");
    }
    push_text("Description", description, *text_form, text);
}

fn issue(issue: &DraftIssue, keys: &BTreeMap<IssueNumber, &str>, text: &mut String) {
    let DraftIssue {
        number: _,
        key,
        title,
        body,
        milestone: _,
        labels,
        assignees,
        depends_on,
        parent,
        closed,
        gate: _,
        title_form,
        text_form,
    } = issue;
    _ = write!(text, "\n### {} <!-- id: {key} -->\n", heading(title, *title_form));
    let is_strict = *title_form == TitleForm::Field;
    let mut fields = String::new();
    let mut field = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            _ = writeln!(fields, "- {name}: {}", values.join(", "));
        }
    };
    let key = |number: &IssueNumber| keys.get(number).map(|key| (*key).to_owned());
    field("Title", if is_strict { vec![code(title)] } else { Vec::new() });
    field("Labels", labels.iter().map(|name| code(name)).collect());
    field("Assignees", assignees.iter().map(|login| format!("@{login}")).collect());
    field("Depends on", depends_on.iter().filter_map(key).collect());
    field("Parent", parent.iter().filter_map(key).collect());
    let status = match closed {
        true => vec!["Done".to_owned()],
        false if is_strict => vec!["Open".to_owned()],
        false => Vec::new(),
    };
    field("Status", status);
    if !fields.is_empty() {
        _ = write!(text, "\n{fields}");
    }
    push_text("Body", body, *text_form, text);
}

fn push_text(name: &str, body: &str, form: TextForm, text: &mut String) {
    _ = match form {
        TextForm::Absent => Ok(()),
        TextForm::Plain => write!(text, "\n{body}\n"),
        TextForm::Fenced => write!(text, "\n{name}:\n\n{}", fenced(body)),
    };
}
