//! The labels that a plan renames: what was applied and what is there, by the new names.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::snapshot::{Snapshot, fold};
use crate::plan::Plan;

/// The labels that have another name than before, by the old one. An issue has such a label all the while.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Those whose old name is in use by no other label.
    all: BTreeMap<String, String>,
    /// Those that are there under their old names.
    pending: BTreeMap<String, String>,
}

impl Renames {
    /// The renames of a plan. Where both labels are there, neither is the other.
    pub(super) fn new(plan: &Plan, snapshot: &Snapshot) -> Self {
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
    pub(super) fn in_base(&self, base: Option<&BTreeSet<String>>) -> BTreeSet<String> {
        base.map(|names| renamed(names, &self.all)).unwrap_or_default()
    }

    /// What an issue has, by the names that its labels will have.
    pub(super) fn observed(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        renamed(names, &self.pending)
    }
}

fn renamed(names: &BTreeSet<String>, renames: &BTreeMap<String, String>) -> BTreeSet<String> {
    names.iter().map(|name| renames.get(&fold(name)).unwrap_or(name).clone()).collect()
}
