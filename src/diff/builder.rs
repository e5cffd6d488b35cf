//! What the parts of a diff are made from, and the diff that they add to.

use std::collections::BTreeMap;

use super::batch::Records;
use super::changes::Diff;
use super::renamed_labels::Renames;
use super::twins::Twins;
use crate::matching::Matches;
use crate::model::marker::{IssueBase, Marker};
use crate::model::snapshot::{IssueNumber, Snapshot};
use crate::plan::{Plan, PlanKey};

/// What the parts of a diff are made from, and what they add to.
pub(super) struct Builder<'a> {
    pub(super) plan: &'a Plan,
    pub(super) snapshot: &'a Snapshot,
    pub(super) matches: Matches<'a>,
    pub(super) records: Records,
    pub(super) twins: Twins<'a>,
    pub(super) renamed_labels: Renames,
    /// The titles of issues whose keys nobody wrote, by key.
    pub(super) titles: BTreeMap<&'a str, &'a str>,
    pub(super) diff: Diff,
}

impl Builder<'_> {
    /// What people call an issue of the plan: a written key, else the title.
    pub(super) fn called(&self, key: &PlanKey) -> String {
        self.titles.get(key.as_str()).copied().unwrap_or(key.as_str()).to_owned()
    }

    /// Whether a link, pin or closing that an issue's marker lists was ever made. For an unfinished issue that is only
    /// known where it is there.
    pub(super) fn was_made(&self, number: IssueNumber, marker: &Marker<IssueBase>, is_there: bool) -> bool {
        is_there || self.records.is_finished(number, marker)
    }
}
