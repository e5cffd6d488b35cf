//! Which of the issues that earlier runs created are finished, that is, have everything that their markers list.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Op};
use super::changes::Diff;
use crate::model::PlanKey;
use crate::model::marker::{Batch, Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot};

/// The batch records found in the markers of issues, by the id of the run.
#[derive(Debug, Default)]
pub(crate) struct Records(BTreeMap<String, Vec<Batch>>);

impl Records {
    /// Collects the records of all trusted issues, including duplicates.
    pub(crate) fn collect(snapshot: &Snapshot) -> Self {
        let mut records = Self::default();
        // Few markers have a record, and most need not be parsed.
        let has_record = |issue: &&Issue| issue.body.contains("\"finished\"") && snapshot.trusts(issue);
        for issue in snapshot.issues.iter().filter(has_record) {
            let Found::Marker(marker, _) = Marker::<IssueBase>::find(&issue.body) else { continue };
            if let Some(batch) = marker.base.batch.filter(|batch| !batch.finished.is_empty()) {
                records.0.entry(batch.id.clone()).or_default().push(batch);
            }
        }
        records
    }

    /// Whether everything that an issue's marker lists is known to have been made.
    pub(crate) fn is_finished(&self, number: IssueNumber, marker: &Marker<IssueBase>) -> bool {
        let Some(batch) = &marker.base.batch else { return true };
        self.0.get(&batch.id).is_some_and(|records| records.iter().any(|record| record.has_finished(number)))
    }
}

/// The new issues that need more than the request that creates them: those with links, a pin or a state to set.
pub(crate) fn unfinished(diff: &Diff) -> BTreeSet<PlanKey> {
    let mut new = BTreeSet::new();
    let mut more = BTreeSet::new();
    for change in &diff.changes {
        match change {
            Change::Issue(change) if change.op == Op::Create => {
                new.insert(&change.issue.key);
                more.extend(change.edits.state.is_some().then_some(&change.issue.key));
            }
            Change::Link(link) if matches!(link.op, Op::Link | Op::Pin) => _ = more.insert(&link.issue().key),
            Change::Label(_) | Change::Milestone(_) | Change::Issue(_) | Change::Link(_) => {}
        }
    }
    new.intersection(&more).map(|key| (*key).clone()).collect()
}
