//! Issues of one item that another issue already is, because two runs created it at the same time.
//!
//! What people did on such a twin is carried over to the issue that is kept, links that lead to the twin are made to
//! lead to the kept issue, and the twin is closed as a duplicate.

use std::collections::{BTreeMap, BTreeSet};

use super::issues::closing;
use super::{Builder, Change, Edit, IssueChange, IssueRef, LinkChange, LinkEdit, Op, boxes};
use crate::matching::Matches;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, StateReason, fold};
use crate::plan::PlanKey;

/// An issue of an item that another issue already is.
#[derive(Debug)]
pub(crate) struct Twin<'s> {
    issue: &'s Issue,
    key: PlanKey,
    base: IssueBase,
}

/// All twins, by the issue that is kept.
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

    fn of(&self, kept: IssueNumber) -> impl Iterator<Item = &Twin<'s>> {
        self.0.get(&kept).into_iter().flatten()
    }

    /// The numbers of the twins of an issue.
    pub(crate) fn numbers(&self, kept: IssueNumber) -> BTreeSet<IssueNumber> {
        self.of(kept).map(|twin| twin.issue.number).collect()
    }

    /// Each twin's number with that of the issue that is kept.
    pub(crate) fn kept(&self) -> BTreeMap<IssueNumber, IssueNumber> {
        let pairs = self.0.iter().flat_map(|(kept, twins)| twins.iter().map(|twin| (twin.issue.number, *kept)));
        pairs.collect()
    }

    /// The twins that lose their pins: people's pins are left alone, but an open twin is closed with its pin.
    pub(crate) fn losing_pins(&self, pins: &BTreeSet<IssueNumber>) -> usize {
        let all = self.0.values().flatten();
        all.filter(|twin| pins.contains(&twin.issue.number) && (twin.base.pinned || !twin.issue.closed)).count()
    }

    /// The labels and assignees that people gave to the open twins of an issue and that the issue lacks.
    pub(crate) fn carried(&self, kept: &Issue) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut labels, mut assignees) = (BTreeSet::new(), BTreeSet::new());
        for twin in self.of(kept.number).filter(|twin| !twin.issue.closed) {
            labels.extend(given(&twin.issue.labels, &twin.base.labels, &kept.labels));
            assignees.extend(given(&twin.issue.assignees, &twin.base.assignees, &kept.assignees));
        }
        (labels, assignees)
    }

    /// A text with the boxes ticked that people ticked in the open twins of an issue.
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

/// The names on a twin that neither the plan gave it nor the kept issue has.
fn given(there: &BTreeSet<String>, base: &BTreeSet<String>, on_kept: &BTreeSet<String>) -> Vec<String> {
    let known: BTreeSet<String> = base.iter().chain(on_kept).map(|name| fold(name)).collect();
    there.iter().filter(|name| !known.contains(&fold(name))).cloned().collect()
}

/// Closes the open twins as duplicates. One that is closed and kept the pin that a run gave it loses it now.
pub(crate) fn close(builder: &mut Builder<'_>) {
    let twins = std::mem::take(&mut builder.twins);
    builder.diff.duplicates = twins.kept();
    for (kept, twin) in twins.0.iter().flat_map(|(kept, twins)| twins.iter().map(move |twin| (kept, twin))) {
        let is_pinned = builder.snapshot.pins.contains(&twin.issue.number);
        let issue = IssueRef { key: twin.key.clone(), number: Some(twin.issue.number) };
        let title = format!("{} (the same as {kept})", twin.issue.title);
        if twin.issue.closed {
            if is_pinned && twin.base.pinned {
                let link = LinkEdit::Pin { issue, edit: Edit::plan(true, false) };
                let change = LinkChange { op: Op::Unpin, link, title, milestone: None, other: None };
                builder.diff.changes.push(Change::Link(change));
            }
            continue;
        }
        let edits = closing(StateReason::Duplicate, is_pinned);
        let change = IssueChange { op: Op::Close, issue, title, milestone: None, edits, text: None };
        builder.diff.changes.push(Change::Issue(Box::new(change)));
    }
    builder.twins = twins;
}
