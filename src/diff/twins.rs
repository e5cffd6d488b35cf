//! Twins: several issues for one plan item, because two runs created them at the same time.
//!
//! One of the issues is kept. Changes that people made to a twin are carried over to it, links to the twin are moved to
//! it, and the twin is closed as a duplicate.

use std::collections::{BTreeMap, BTreeSet};

use super::boxes;
use crate::matching::Matches;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, fold};
use crate::plan::PlanKey;

/// An issue of a plan item for which another issue is kept.
#[derive(Debug)]
pub(super) struct Twin<'s> {
    pub(super) issue: &'s Issue,
    pub(super) key: PlanKey,
    pub(super) base: IssueBase,
}

/// All twins, by the number of the issue that is kept.
#[derive(Debug, Default)]
pub(crate) struct Twins<'s>(BTreeMap<IssueNumber, Vec<Twin<'s>>>);

impl<'s> Twins<'s> {
    /// Takes the duplicates out of the matches.
    pub(crate) fn take(matches: &mut Matches<'s>) -> Self {
        let mut twins: BTreeMap<IssueNumber, Vec<Twin<'s>>> = BTreeMap::new();
        for (issue, key, kept) in std::mem::take(&mut matches.duplicates) {
            let Found::Marker(marker, _) = Marker::<IssueBase>::find(&issue.body) else { continue };
            twins.entry(kept).or_default().push(Twin { issue, key, base: marker.base });
        }
        Self(twins)
    }

    /// Each twin with the number of the issue that is kept.
    pub(super) fn all(&self) -> impl Iterator<Item = (IssueNumber, &Twin<'s>)> {
        self.0.iter().flat_map(|(kept, twins)| twins.iter().map(move |twin| (*kept, twin)))
    }

    fn of(&self, kept: IssueNumber) -> impl Iterator<Item = &Twin<'s>> {
        self.0.get(&kept).into_iter().flatten()
    }

    /// The numbers of the twins of an issue.
    pub(crate) fn numbers(&self, kept: IssueNumber) -> BTreeSet<IssueNumber> {
        self.of(kept).map(|twin| twin.issue.number).collect()
    }

    /// The number of each twin, with the number of the issue that is kept.
    pub(crate) fn kept(&self) -> BTreeMap<IssueNumber, IssueNumber> {
        let pairs = self.0.iter().flat_map(|(kept, twins)| twins.iter().map(|twin| (twin.issue.number, *kept)));
        pairs.collect()
    }

    /// The number of pinned twins that will lose their pin. Pins that people set are left alone, except that closing an
    /// open twin removes its pin.
    pub(crate) fn losing_pins(&self, pins: &BTreeSet<IssueNumber>) -> usize {
        let all = self.0.values().flatten();
        all.filter(|twin| pins.contains(&twin.issue.number) && (twin.base.pinned || !twin.issue.closed)).count()
    }

    /// The labels and assignees that people added to the open twins and that the kept issue lacks.
    pub(crate) fn carried(&self, kept: &Issue) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut labels, mut assignees) = (BTreeSet::new(), BTreeSet::new());
        for twin in self.of(kept.number).filter(|twin| !twin.issue.closed) {
            labels.extend(given(&twin.issue.labels, &twin.base.labels, &kept.labels));
            assignees.extend(given(&twin.issue.assignees, &twin.base.assignees, &kept.assignees));
        }
        (labels, assignees)
    }

    /// Ticks the boxes that people ticked in the open twins of an issue.
    pub(crate) fn ticked(&self, kept: IssueNumber, text: &str) -> String {
        let mut text = text.to_owned();
        for twin in self.of(kept).filter(|twin| !twin.issue.closed) {
            if let Found::Marker(marker, block) = Marker::<IssueBase>::find(&twin.issue.body) {
                text = boxes::tick(&text, block.inside.unwrap_or_default(), &marker.base.ticked);
            }
        }
        text
    }
}

/// The names on a twin that the plan did not assign and that the kept issue lacks.
fn given(there: &BTreeSet<String>, base: &BTreeSet<String>, on_kept: &BTreeSet<String>) -> Vec<String> {
    let known: BTreeSet<String> = base.iter().chain(on_kept).map(|name| fold(name)).collect();
    there.iter().filter(|name| !known.contains(&fold(name))).cloned().collect()
}
