//! The fields of an issue: what each of them says, and where it goes.

use comrak::nodes::Node;

use super::{Below, login};
use crate::plan::document::field::{self, Field};
use crate::plan::document::{Document, inline, markdown};
use crate::plan::draft::{DraftIssue, Spanned};
use crate::plan::structure::words::{self, Topic, topic};
use crate::plan::structure::{head, priority_label, references, unquoted};
use crate::plan::title;

impl<'a> Below<'_, 'a> {
    /// Takes over a field; false when it is none that an issue has, and so part of its text.
    pub(super) fn field(&mut self, field: &Field, below: &[Node<'a>]) -> bool {
        let Some(topic) = topic(&field.name) else { return false };
        let nested = below.iter().flat_map(|list| list.children()).filter_map(|item| nested(self.document, item));
        match topic {
            Topic::DependsOn | Topic::Blocks => {
                let all: Vec<Spanned> = field.parts.iter().cloned().chain(nested).collect();
                let all = all.iter().flat_map(references::split);
                let list = if topic == Topic::Blocks { &mut self.issue.blocks } else { &mut self.issue.depends_on };
                list.extend(all);
            }
            Topic::Labels => self.issue.labels.extend(field.parts.iter().cloned().chain(nested)),
            Topic::Priority => {
                let label = priority_label(&field.value);
                self.issue.labels.extend(label.map(|text| Spanned { text, span: field.span.clone() }));
            }
            Topic::Milestone => self.one(field, "milestone", |issue| &mut issue.milestone),
            Topic::Parent => {
                let Some(first) = references::split_all(&field.parts).into_iter().next() else { return true };
                if let Some(there) = &self.issue.parent {
                    let message = format!("an issue has one parent, and this one has `{}` already", there.text);
                    self.diagnostics.error("second-value", first.span, message, "remove one of them");
                } else {
                    self.issue.parent = Some(first);
                }
            }
            Topic::Criteria => return self.criteria_field(field, below),
            Topic::Status => self.issue.closed = words::is_done(&field.value),
            Topic::Assignees => {
                let logins: Option<Vec<Spanned>> = field.parts.iter().map(login).collect();
                let Some(logins) = logins else { return false };
                self.issue.assignees.extend(logins);
            }
            Topic::Title => {
                let head = head::parse(&unquoted(&field.value));
                self.issue.key = head.key.or(self.issue.key.take());
                self.issue.title = title::clean(&head.title);
            }
            Topic::Key => {
                let Some(first) = field.parts.first() else { return false };
                self.issue.key = Some(first.text.clone());
            }
            Topic::Body | Topic::Purpose | Topic::Due | Topic::Issues => return false,
        }
        true
    }

    fn one(&mut self, field: &Field, what: &str, slot: impl FnOnce(&mut DraftIssue) -> &mut Option<Spanned>) {
        let slot = slot(&mut self.issue);
        let whole = field.parts.first().map(|first| Spanned {
            // A title may have commas in it.
            text: unquoted(&field.value),
            span: first.span.start..field.span.end.max(first.span.end),
        });
        let parts = if field.value.contains('`') { field.parts.clone() } else { whole.into_iter().collect() };
        for part in parts {
            if let Some(first) = slot {
                let message = format!("an issue has one {what}, and this one has `{}` already", first.text);
                self.diagnostics.error("second-value", part.span.clone(), message, "remove one of them");
            } else {
                *slot = Some(part.clone());
            }
        }
    }

    fn criteria_field(&mut self, field: &Field, below: &[Node<'a>]) -> bool {
        if below.is_empty() && !field.value.is_empty() {
            self.body.push(format!("### {}\n\n- [ ] {}", field.label, field.value));
        } else {
            self.criteria(&field.label, below);
        }
        true
    }

    pub(super) fn criteria(&mut self, label: &str, lists: &[Node<'a>]) {
        let tasks: Vec<String> = lists.iter().map(|list| markdown::task_list(self.document, list)).collect();
        if !tasks.is_empty() {
            self.body.push(format!("### {label}\n\n{}", tasks.join("\n")));
        }
    }
}

/// One value of a field whose values stand in a list below it.
fn nested(document: &Document<'_>, item: Node<'_>) -> Option<Spanned> {
    let first = item.first_child()?;
    let text = inline::plain(first, inline::CodeSpans::Bare);
    Some(Spanned { text, span: document.span(first) }).filter(|part| !field::is_none(&part.text))
}
