//! Label renames: translates the labels of markers and issues to their new names.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::snapshot::{Snapshot, fold};
use crate::plan::Plan;

/// The labels that the plan renames, old name to new name. An issue with such a label keeps it through the rename.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Renames whose old name is not used by another label.
    all: BTreeMap<String, String>,
    /// Renames still to be made: the label exists under its old name.
    pending: BTreeMap<String, String>,
}

impl Renames {
    /// The renames of a plan. If both labels exist, they are two different labels and nothing is renamed.
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

    /// The labels last applied, by their new names.
    pub(super) fn in_base(&self, base: Option<&BTreeSet<String>>) -> BTreeSet<String> {
        base.map(|names| renamed(names, &self.all)).unwrap_or_default()
    }

    /// The labels of an issue, by the names they will have after the diff is applied.
    pub(super) fn observed(&self, names: &BTreeSet<String>) -> BTreeSet<String> {
        renamed(names, &self.pending)
    }
}

fn renamed(names: &BTreeSet<String>, renames: &BTreeMap<String, String>) -> BTreeSet<String> {
    names.iter().map(|name| renames.get(&fold(name)).unwrap_or(name).clone()).collect()
}
