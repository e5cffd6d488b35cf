//! One plan, written in every form that people use.

use std::fmt::Write;

use super::phases::{Item, Phase};

/// The elements that carry the issues of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Headings,
    Checkboxes,
    Rows,
    Bold,
    Numbered,
    Bullets,
}

pub(crate) const ALL: [Form; 6] =
    [Form::Headings, Form::Checkboxes, Form::Rows, Form::Bold, Form::Numbered, Form::Bullets];

/// Writes a plan in a form.
pub(crate) fn document(phases: &[Phase], form: Form) -> String {
    let mut text = "# Grown\n".to_owned();
    for phase in phases {
        _ = write!(text, "\n## {}\n\n", phase.title);
        if form == Form::Rows {
            text.push_str(head(phase));
        }
        for (at, item) in phase.items.iter().enumerate() {
            text.push_str(&one(item, form, at));
        }
    }
    text
}

/// The header of a table. A plan without keys has no column for them.
fn head(phase: &Phase) -> &'static str {
    if phase.items.iter().any(|item| item.key.is_some()) {
        "| ID | Task | Depends on |\n|----|------|------------|\n"
    } else {
        "| Task | Estimate |\n|------|----------|\n"
    }
}

fn one(Item { key, title, after }: &Item, form: Form, at: usize) -> String {
    let named = key.as_ref().map_or_else(|| (*title).to_owned(), |key| format!("{key} {title}"));
    let remark = after.as_ref().map(|after| format!(" (depends on {after})")).unwrap_or_default();
    let field = after.as_ref().map(|after| format!("- Depends on: {after}\n")).unwrap_or_default();
    match form {
        Form::Headings => format!("### {named}\n\nAs it was agreed.\n\n{field}\n"),
        Form::Checkboxes => format!("- [ ] {named}{remark}\n"),
        Form::Rows => match key {
            Some(key) => format!("| {key} | {title} | {} |\n", after.as_deref().unwrap_or("-")),
            None => format!("| {title} | 3 h |\n"),
        },
        Form::Bold => {
            let nested = after.as_ref().map(|after| format!("  - Depends on: {after}\n")).unwrap_or_default();
            format!("- **{named}**\n{nested}")
        }
        Form::Numbered => format!("{}. {named}{remark}\n", at + 1),
        Form::Bullets => format!("- {named}{remark}\n"),
    }
}
