//! Compares labels. Missing labels are created; a label is renamed if the plan names its previous name; colour and
//! description change only if the plan gives them.

use std::collections::HashMap;

use super::builder::Builder;
use super::change::{Change, LabelChange, LabelEdits, Op};
use super::edit::Edit;
use super::fields::some;
use crate::matching::Notice;
use crate::model::snapshot::{Label, fold};
use crate::plan::PlannedLabel;

/// The colour that GitHub gives to a label when an issue names one that does not exist.
const IMPLICIT_COLOR: &str = "ededed";

/// Compares the labels of the plan with the repository's. Labels that the plan does not name are left alone.
pub(crate) fn compare(builder: &mut Builder<'_>) {
    let there: HashMap<String, &Label> =
        builder.snapshot.labels.iter().map(|label| (fold(&label.name), label)).collect();
    for planned in &builder.plan.labels {
        let old = planned.previously.as_ref().and_then(|old| there.get(&fold(&old.text)));
        let (op, name, edits) = match (there.get(&fold(&planned.name)), old) {
            (None, Some(old)) => {
                let name = Edit::plan(Some(old.name.clone()), Some(planned.name.clone()));
                (Op::Rename, &planned.name, LabelEdits { name: Some(name), ..changed(planned, old) })
            }
            (None, None) => (Op::Create, &planned.name, created(planned)),
            (Some(observed), old) => {
                if let Some(old) = old {
                    let notice = Notice::NotRenamed { old: old.name.clone(), new: observed.name.clone() };
                    builder.diff.notices.push(notice);
                }
                (Op::Update, &observed.name, changed(planned, observed))
            }
        };
        if edits == LabelEdits::default() {
            builder.diff.unchanged += 1;
            continue;
        }
        builder.diff.changes.push(Change::Label(LabelChange { op, name: name.clone(), edits }));
    }
}

fn created(planned: &PlannedLabel) -> LabelEdits {
    let PlannedLabel { name, color, description, color_declared: _, previously: _ } = planned;
    LabelEdits {
        name: Some(Edit::created(name.clone())),
        color: Some(Edit::created(color.clone())),
        description: description.clone().map(Edit::created),
    }
}

fn changed(planned: &PlannedLabel, observed: &Label) -> LabelEdits {
    let PlannedLabel { name: _, color, description, color_declared, previously: _ } = planned;
    // When an issue names a missing label, GitHub creates it in grey and without a description. That means the plan's
    // own creation of the label failed. Any other colour was chosen by people.
    let is_implicit = observed.color == IMPLICIT_COLOR && observed.description.is_empty();
    let recolors = (*color_declared || is_implicit) && *color != observed.color;
    let redescribed = description.as_ref().filter(|description| **description != observed.description);
    LabelEdits {
        name: None,
        color: recolors.then(|| Edit::plan(Some(observed.color.clone()), Some(color.clone()))),
        description: redescribed.map(|description| Edit::plan(some(&observed.description), Some(description.clone()))),
    }
}
