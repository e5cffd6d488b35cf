//! The state shared by the steps that compute a diff: their inputs, and the diff that they add to.

use std::collections::BTreeMap;

use super::batch::Records;
use super::changes::Diff;
use super::renamed_labels::Renames;
use super::twins::Twins;
use crate::matching::Matches;
use crate::model::marker::{IssueBase, Marker};
use crate::model::snapshot::{IssueNumber, Snapshot};
use crate::plan::settings::Footer;
use crate::plan::{Plan, PlanKey, PlannedIssue};

/// The inputs of a comparison, and the diff built so far.
pub(super) struct Builder<'a> {
    pub(super) plan: &'a Plan,
    pub(super) snapshot: &'a Snapshot,
    pub(super) matches: Matches<'a>,
    pub(super) records: Records,
    pub(super) twins: Twins<'a>,
    pub(super) renamed_labels: Renames,
    /// The titles of the issues without a written key, by derived key.
    pub(super) titles: BTreeMap<&'a str, &'a str>,
    pub(super) diff: Diff,
}

impl Builder<'_> {
    /// The display name of a planned issue: its written key, or else its title.
    pub(super) fn display_name(&self, key: &PlanKey) -> String {
        self.titles.get(key.as_str()).copied().unwrap_or(key.as_str()).to_owned()
    }

    /// The footer that names the plan's file in an issue's body, unless the plan turns it off.
    pub(super) fn footer(&self, planned: &PlannedIssue) -> Option<String> {
        let location = self.plan.location.as_ref().filter(|_| self.plan.settings.footer == Footer::Show)?;
        Some(location.footer(self.plan.line(&planned.span)))
    }

    /// Whether a link, pin or closing listed in an issue's marker was ever made. For an unfinished issue, that is known
    /// only if the link, pin or closing is still there.
    pub(super) fn was_made(&self, number: IssueNumber, marker: &Marker<IssueBase>, is_there: bool) -> bool {
        is_there || self.records.is_finished(number, marker)
    }
}
