//! The fields of an issue.

use super::below::Below;
use super::{login, nested_lines, nested_value, no_login, priority_label, unquoted};
use crate::plan::draft::Spanned;
use crate::plan::read::field_line::Field;
use crate::plan::read::item_line;
use crate::plan::read::markdown::Id;
use crate::plan::read::markdown::text::Passage;
use crate::plan::read::references;
use crate::plan::read::vocabulary::{self, FieldKind};
use crate::plan::spans::{self, BoxSpan, ListManner, ListSpan, Placement, StateManner, StateSpan};
use crate::plan::title;

impl Below<'_> {
    /// Takes over a field; false when it is none that an issue has, and so part of its text.
    pub(super) fn field(&mut self, field: &Field, below: &[Id]) -> bool {
        let Some(kind) = vocabulary::field(&field.name) else {
            self.misspelt(field);
            return false;
        };
        match kind {
            FieldKind::DependsOn | FieldKind::Blocks | FieldKind::Labels => self.list_field(kind, field, below),
            FieldKind::Priority => {
                let label = priority_label(&field.value);
                let span = field.value_span.clone();
                self.issue.labels.extend(label.map(|text| Spanned { text, span }));
            }
            FieldKind::Milestone => self.milestone(field),
            FieldKind::Parent => self.parent(field),
            FieldKind::Criteria => return self.criteria_field(field, below),
            FieldKind::Status => {
                self.issue.closed = vocabulary::is_done(&field.value);
                self.issue.has_state = true;
                let span = field.value_span.clone();
                self.issue.spans.state = Some(StateSpan { manner: StateManner::Field, span: span.clone() });
                let value = Spanned { text: field.value.clone(), span };
                self.issue.unknown_state = Some(value).filter(|value| !vocabulary::is_known_state(&value.text));
            }
            FieldKind::Assignees => {
                let logins: Option<Vec<Spanned>> = field.parts.iter().map(login).collect();
                let Some(logins) = logins else {
                    let names: Vec<Spanned> =
                        field.parts.iter().filter(|part| login(part).is_none()).cloned().collect();
                    no_login(&names, self.diagnostics);
                    return false;
                };
                self.issue.assignees.extend(logins);
                let list = ListSpan { manner: ListManner::Field, span: field.value_span.clone() };
                self.issue.spans.assignees.lists.push(list);
            }
            FieldKind::Title => {
                if let Some(title) = field.code.as_ref().filter(|_| self.issue.has_id) {
                    self.issue.title.clone_from(title);
                    self.issue.spans.title = Some(field.value_span.clone());
                    return true;
                }
                let head = item_line::parse(&unquoted(&field.value));
                if head.title.is_empty() {
                    return false;
                }
                self.issue.key = head.key.or(self.issue.key.take());
                self.issue.title = title::clean(&head.title);
                self.issue.spans.title = Some(field.value_span.clone());
            }
            FieldKind::Key => {
                let Some(first) = field.parts.first() else { return false };
                self.issue.key = Some(first.text.clone());
            }
            FieldKind::Body | FieldKind::Purpose | FieldKind::Due | FieldKind::Issues | FieldKind::Estimate => {
                return false;
            }
        }
        true
    }

    /// A field with several values, behind its colon or in lists below it.
    pub(super) fn list_field(&mut self, kind: FieldKind, field: &Field, below: &[Id]) {
        let document = self.context.document;
        let nested = below.iter().flat_map(|list| nested_lines(document, *list)).filter_map(nested_value);
        let all: Vec<Spanned> = field.parts.iter().cloned().chain(nested).collect();
        let places: Vec<ListSpan> = match below {
            [] => vec![ListSpan { manner: ListManner::Field, span: field.value_span.clone() }],
            lists => {
                let span = |list: &Id| document.block(*list).span.clone();
                lists.iter().map(|list| ListSpan { manner: ListManner::Nested, span: span(list) }).collect()
            }
        };
        let issue = &mut self.issue;
        match kind {
            FieldKind::Labels => {
                issue.labels.extend(all);
                issue.spans.labels.lists.extend(places);
            }
            FieldKind::Blocks => issue.blocks.extend(references::split_all(&all)),
            _ => {
                issue.depends_on.extend(references::split_all(&all));
                issue.spans.depends_on.lists.extend(places);
            }
        }
    }

    /// Reports a field that is called almost as one that is read.
    pub(super) fn misspelt(&mut self, field: &Field) {
        if let Some(meant) = vocabulary::nearly_field(&field.name) {
            self.diagnostics.warning(
                "misspelt-field",
                field.span.clone(),
                format!("`{}` is not a known field, so it stays in the text", field.label),
                format!("did you mean `{meant}`?"),
            );
        }
    }

    pub(super) fn parent(&mut self, field: &Field) {
        let Some(first) = references::split_all(&field.parts).into_iter().next() else { return };
        if let Some(there) = &self.issue.parent {
            let message = format!("an issue has one parent, but `{}` was given before", there.text);
            self.diagnostics.error("second-value", first.span, message, "remove one of them");
        } else {
            self.issue.parent = Some(first);
        }
    }

    pub(super) fn milestone(&mut self, field: &Field) {
        // A title may have commas in it.
        let whole = field.parts.first().map(|_| self.unquoted_value(field));
        let parts = if field.value.contains('`') { field.parts.clone() } else { whole.into_iter().collect() };
        for part in parts {
            if let Some(first) = &self.issue.milestone {
                let message = format!("an issue has one milestone, but `{}` was given before", first.text);
                self.diagnostics.error("second-value", part.span.clone(), message, "remove one of them");
            } else {
                self.issue.spans.milestone = Some(Placement::Field(part.span.clone()));
                self.issue.milestone = Some(part);
            }
        }
    }

    /// A field's value without the quotes around all of it.
    pub(super) fn unquoted_value(&self, field: &Field) -> Spanned {
        let text = unquoted(&field.value);
        let span = spans::of_word(&self.context.document.source, &field.value_span, &text);
        Spanned { text, span: span.unwrap_or(field.value_span.clone()) }
    }

    pub(super) fn criteria_field(&mut self, field: &Field, below: &[Id]) -> bool {
        if below.is_empty() && !field.value.is_empty() {
            let one = BoxSpan { tick: None, text: field.value_span.clone() };
            self.body.push(Passage {
                text: format!("### {}\n\n- [ ] {}", field.label, field.value),
                span: field.span.clone(),
                boxes: vec![one],
            });
        } else {
            self.criteria(&field.label, below);
        }
        true
    }

    pub(super) fn criteria(&mut self, label: &str, lists: &[Id]) {
        if !lists.is_empty() {
            self.body.push(Passage::task_lists(self.context.document, lists).headed(label));
        }
    }
}
