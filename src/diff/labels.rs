//! Labels: created when missing, renamed where the plan says what they were called before; colour and description
//! follow the plan only where it gives them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fields::some;
use super::{Builder, Change, Edit, LabelChange, LabelEdits, Op};
use crate::matching::Notice;
use crate::model::snapshot::{Label, Snapshot, fold};
use crate::plan::{Plan, PlannedLabel};

/// The colour of labels that GitHub creates because an issue names them.
const IMPLICIT_COLOR: &str = "ededed";

/// The labels that have another name than before, by the old one. An issue has such a label all the while.
#[derive(Debug, Default)]
pub(crate) struct Renames {
    /// Those whose old name is in use by no other label.
    all: BTreeMap<String, String>,
    /// Those that are there under their old names.
    pending: BTreeMap<String, String>,
}

impl Renames {
    /// The renames of a plan. Where both labels are there, neither is the other.
    pub(crate) fn new(plan: &Plan, snapshot: &Snapshot) -> Self {
        let there: BTreeSet<String> = snapshot.labels.iter().map(|label| fold(&label.name)).collect();
        let mut renames = Self::default();
        for planned in &plan.labels {
            let Some(old) = planned.previously.as_ref().map(|old| fold(&old.text)) else { continue };
            match (there.contains(&old), there.contains(&fold(&planned.name))) {
                (true, true) => continue,
                (true, false) => _ = renames.pending.insert(old.clone(), planned.name.clone()),
                (false, _) => {}
            }
            renames.all.insert(old, planned.name.clone());
        }
        renames
    }

    /// What was last applied, by the names of now.
    pub(crate) fn in_base(&self, base: Option<&BTreeSet<String>>) -> BTreeSet<String> {
        base.map(|names| renamed(names, &self.all)).unwrap_or_default()
    }

    /// What an issue has, by the names that its labels will have.
    pub(crate) fn observed(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        renamed(names, &self.pending)
    }
}

fn renamed(names: &BTreeSet<String>, renames: &BTreeMap<String, String>) -> BTreeSet<String> {
    names.iter().map(|name| renames.get(&fold(name)).unwrap_or(name).clone()).collect()
}

/// Compares the labels of the plan with the repository's. A label that the plan does not name is left alone.
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
    // GitHub creates a label that an issue names and that is not there, in grey and without a description: the plan's
    // own creation of it failed. Any other colour was chosen by people.
    let is_implicit = observed.color == IMPLICIT_COLOR && observed.description.is_empty();
    let recolors = (*color_declared || is_implicit) && *color != observed.color;
    let redescribed = description.as_ref().filter(|description| **description != observed.description);
    LabelEdits {
        name: None,
        color: recolors.then(|| Edit::plan(Some(observed.color.clone()), Some(color.clone()))),
        description: redescribed.map(|description| Edit::plan(some(&observed.description), Some(description.clone()))),
    }
}
