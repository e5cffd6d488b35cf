//! Labels: created when missing; colour and description follow the plan only where it gives them.

use std::collections::HashMap;

use super::{Builder, Change, Field, FieldChange, Op, Subject};
use crate::plan::PlannedLabel;
use crate::snapshot::{Label, fold};

/// Compares the labels of the plan with the repository's. A label that the plan does not name is left alone.
pub fn compare(builder: &mut Builder<'_>) {
    let there: HashMap<String, &Label> =
        builder.snapshot.labels.iter().map(|label| (fold(&label.name), label)).collect();
    for planned in &builder.plan.labels {
        let (op, title, fields) = match there.get(&fold(&planned.name)) {
            None => (Op::Create, &planned.name, created(planned)),
            Some(observed) => (Op::Update, &observed.name, changed(planned, observed)),
        };
        if fields.is_empty() {
            builder.diff.unchanged += 1;
            continue;
        }
        let subject = Subject::Label(title.clone());
        builder.diff.changes.push(Change { op, subject, title: title.clone(), milestone: None, other: None, fields });
    }
}

fn created(planned: &PlannedLabel) -> Vec<FieldChange> {
    let PlannedLabel { name, color, description, color_declared: _ } = planned;
    let mut fields =
        vec![FieldChange::plan(Field::Name, None, Some(name)), FieldChange::plan(Field::Color, None, Some(color))];
    if let Some(description) = description {
        fields.push(FieldChange::plan(Field::Description, None, Some(description)));
    }
    fields
}

fn changed(planned: &PlannedLabel, observed: &Label) -> Vec<FieldChange> {
    let PlannedLabel { name: _, color, description, color_declared } = planned;
    let mut fields = Vec::new();
    if *color_declared && *color != observed.color {
        fields.push(FieldChange::plan(Field::Color, Some(&observed.color), Some(color)));
    }
    if let Some(description) = description
        && *description != observed.description
    {
        let from = Some(observed.description.as_str()).filter(|from| !from.is_empty());
        fields.push(FieldChange::plan(Field::Description, from, Some(description)));
    }
    fields
}
