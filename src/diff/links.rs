//! Compares links: the blockers and the parent of an issue.

use std::collections::BTreeSet;

use super::builder::Builder;
use super::change::{Change, LinkChange, LinkEdit, Op, ParentName};
use super::edit::{Edit, MemberEdit, Why};
use super::issue_ref::IssueRef;
use super::merge::{self, MergeOutcome};
use crate::matching::MatchedIssue;
use crate::model::marker::{IssueBase, LinkKind, Marker};
use crate::model::snapshot::{IssueNumber, Observed};
use crate::plan::{PlanKey, PlannedIssue};

/// The result of comparing the links of one issue.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Whether any link is written.
    pub changed: bool,
    /// Blockers on which plan and people agree, which the marker does not list yet.
    pub agreed_blockers: Vec<MemberEdit<PlanKey>>,
    /// A parent on which plan and people agree, which the marker does not name yet.
    pub agreed_parent: Option<Edit<Option<PlanKey>>>,
}

/// A reference to a planned issue.
pub(crate) fn reference(builder: &Builder<'_>, key: &PlanKey) -> IssueRef {
    IssueRef { key: key.clone(), number: builder.matches.issues.get(key).map(|matched| matched.observed.number) }
}

/// A reference to an existing issue, planned or not.
pub(crate) fn existing(builder: &Builder<'_>, number: IssueNumber) -> IssueRef {
    let key = builder.matches.key(number).cloned();
    IssueRef { key: key.unwrap_or_else(|| PlanKey::written(&number.to_string())), number: Some(number) }
}

/// Display names for issue numbers: those of planned issues, and `#12` for others.
pub(crate) fn names(builder: &Builder<'_>, numbers: &BTreeSet<IssueNumber>) -> Vec<String> {
    let keys: BTreeSet<&PlanKey> = numbers.iter().filter_map(|number| builder.matches.key(*number)).collect();
    let others = numbers.iter().filter(|number| builder.matches.key(**number).is_none()).map(IssueNumber::to_string);
    keys.into_iter().map(|key| builder.display_name(key)).chain(others).collect()
}

/// Compares the links of a planned issue. `matched` is `None` if the diff creates the issue.
pub(crate) fn compare(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    matched: Option<&MatchedIssue<'_>>,
) -> Outcome {
    let mut outcome = Outcome::default();
    let number = matched.map(|matched| matched.observed.number);
    if let Observed::Known(blockers) = builder.snapshot.blockers(number) {
        dependencies(builder, planned, matched, &blockers, &mut outcome);
    }
    if let Observed::Known(observed) = builder.snapshot.parent(number) {
        parent(builder, planned, matched, observed, &mut outcome);
    }
    outcome
}

/// The kinds of planned links that the server does not support. The marker lists them, so that they are created once
/// the server supports them.
pub(crate) fn not_held(builder: &Builder<'_>, planned: &PlannedIssue) -> BTreeSet<LinkKind> {
    let matched = builder.matches.issues.get(&planned.key);
    let number = matched.map(|matched| matched.observed.number);
    let marker = matched.and_then(|matched| matched.marker.as_ref());
    let is_held = |kind, is_planned: bool, observed| match observed {
        Observed::Known(()) => true,
        Observed::Unknown => marker.is_none_or(|marker| !marker.base.not_held.contains(&kind)),
        Observed::Unsupported => !is_planned,
    };
    let has_blockers = !planned.depends_on.is_empty();
    let mut kinds = BTreeSet::from([LinkKind::BlockedBy, LinkKind::Parent]);
    kinds.retain(|kind| match kind {
        LinkKind::BlockedBy => !is_held(*kind, has_blockers, builder.snapshot.blockers(number).map(drop)),
        LinkKind::Parent => !is_held(*kind, planned.parent.is_some(), builder.snapshot.parent(number).map(drop)),
    });
    kinds
}

/// Whether a link named in a marker was ever made, as in [`Builder::was_made`], by a server that supported it.
fn was_made(
    builder: &Builder<'_>,
    number: Option<IssueNumber>,
    marker: &Marker<IssueBase>,
    kind: LinkKind,
    is_there: bool,
) -> bool {
    let was_held = is_there || !marker.base.not_held.contains(&kind);
    was_held && number.is_some_and(|number| builder.was_made(number, marker, is_there))
}

fn dependencies(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    matched: Option<&MatchedIssue<'_>>,
    observed: &BTreeSet<IssueNumber>,
    outcome: &mut Outcome,
) {
    let empty = BTreeSet::new();
    let marker = matched.and_then(|matched| matched.marker.as_ref());
    let base = marker.map_or(&empty, |marker| &marker.base.depends_on);
    let base_numbers: BTreeSet<IssueNumber> = base.iter().filter_map(|key| builder.matches.issue_number(key)).collect();
    let blocked = reference(builder, &planned.key);
    let observed = |number: Option<IssueNumber>| number.is_some_and(|number| observed.contains(&number));
    let mut verdicts = Vec::new();
    let mut seen = BTreeSet::new();
    for key in &planned.depends_on {
        let blocker = reference(builder, key);
        let is_there = observed(blocker.number);
        // If a run linked the issue to a twin of the blocker, people did not remove the link to the blocker.
        let twins: Vec<IssueNumber> = blocker.number.into_iter().flat_map(|it| builder.twins.numbers(it)).collect();
        let to_twins: Vec<IssueNumber> = twins.into_iter().filter(|twin| observed(Some(*twin))).collect();
        let was = blocker.number.is_some_and(|number| base_numbers.contains(&number))
            && (is_there || to_twins.is_empty())
            && marker.is_some_and(|marker| was_made(builder, blocked.number, marker, LinkKind::BlockedBy, is_there));
        for twin in to_twins {
            verdicts.push((MergeOutcome::Write(Why::Plan), IssueRef { key: key.clone(), number: Some(twin) }, false));
        }
        let verdict = merge::member(true, was, is_there, builder.plan.settings.drift);
        seen.extend(blocker.number);
        verdicts.push((verdict, blocker, true));
    }
    for key in base {
        let Some(number) = builder.matches.issue_number(key).filter(|number| seen.insert(*number)) else { continue };
        let verdict = merge::member(false, true, observed(Some(number)), builder.plan.settings.drift);
        verdicts.push((verdict, IssueRef { key: key.clone(), number: Some(number) }, false));
    }
    for (verdict, blocker, wanted) in verdicts {
        if verdict == MergeOutcome::Agreed {
            let edit = Edit::plan(wanted, wanted);
            outcome.agreed_blockers.push(MemberEdit { member: blocker.key, edit });
            continue;
        }
        let op = if wanted { Op::Link } else { Op::Unlink };
        let blocked = blocked.clone();
        let name = blocker.key.clone();
        let link = |why| LinkEdit::Dependency { blocked, blocker, edit: Edit::new(!wanted, wanted, why) };
        push(builder, planned, verdict, op, link, Some(&name), outcome);
    }
}

/// Merges the parent as a single value, because GitHub allows one parent for each issue.
fn parent(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    matched: Option<&MatchedIssue<'_>>,
    observed: Option<IssueNumber>,
    outcome: &mut Outcome,
) {
    let child = reference(builder, &planned.key);
    let marker = matched.and_then(|matched| matched.marker.as_ref());
    let marker = marker.filter(|it| was_made(builder, child.number, it, LinkKind::Parent, observed.is_some()));
    let base_key = marker.and_then(|marker| marker.base.parent.as_ref());
    let base = base_key.and_then(|key| builder.matches.issue_number(key));
    // A run may have made the issue a sub-issue of a twin of the parent.
    let is_twin = |number: &IssueNumber| base.is_some_and(|base| builder.twins.numbers(base).contains(number));
    let base = observed.filter(is_twin).or(base);
    // The current parent: a planned issue, an issue that left the plan, or any other issue.
    let old = observed.map(|number| {
        match base_key.filter(|_| base == Some(number) && builder.matches.key(number).is_none()) {
            Some(left) => IssueRef { key: left.clone(), number: Some(number) },
            None => existing(builder, number),
        }
    });
    let sub_issue = |parent: &IssueRef, from: Option<ParentName>, to: Option<ParentName>| {
        let (child, parent) = (child.clone(), parent.clone());
        |why| LinkEdit::SubIssue { child, parent, edit: Edit::new(from, to, why) }
    };
    let named = |issue: &IssueRef| Some(ParentName::Issue(issue.key.clone()));
    let Some(parent) = planned.parent.as_ref().map(|key| reference(builder, key)) else {
        let Some((key, number)) = base_key.zip(base) else { return };
        let verdict = merge::member(false, true, observed == Some(number), builder.plan.settings.drift);
        let parent = IssueRef { key: key.clone(), number: Some(number) };
        if verdict == MergeOutcome::Agreed {
            outcome.agreed_parent = Some(Edit::plan(None, None));
        }
        push(builder, planned, verdict, Op::Unlink, sub_issue(&parent, named(&parent), None), Some(key), outcome);
        return;
    };
    let is_elsewhere = child.number.is_some_and(|number| builder.snapshot.parents_elsewhere.contains(&number));
    let wanted = parent.number.map_or(ParentRef::New, ParentRef::Existing);
    let observed =
        if is_elsewhere { ParentRef::Elsewhere } else { observed.map_or(ParentRef::None, ParentRef::Existing) };
    let known = marker.map(|_| base.map_or(ParentRef::None, ParentRef::Existing));
    let verdict = match merge::value(&wanted, known.as_ref(), &observed, builder.plan.settings.drift) {
        // A parent in another repository cannot be removed from here.
        MergeOutcome::Write(_) if is_elsewhere => MergeOutcome::Kept,
        verdict => verdict,
    };
    if verdict == MergeOutcome::Agreed {
        outcome.agreed_parent = Some(Edit::plan(Some(parent.key.clone()), Some(parent.key.clone())));
    }
    let name = Some(&parent.key);
    if let (MergeOutcome::Write(_), Some(old)) = (verdict, &old) {
        push(builder, planned, verdict, Op::Unlink, sub_issue(old, named(old), None), Some(&old.key), outcome);
        push(builder, planned, verdict, Op::Link, sub_issue(&parent, None, named(&parent)), name, outcome);
        return;
    }
    let from = old.as_ref().and_then(named).or(is_elsewhere.then_some(ParentName::Elsewhere));
    push(builder, planned, verdict, Op::Link, sub_issue(&parent, from, named(&parent)), name, outcome);
}

/// The parent of a sub-issue.
#[derive(PartialEq)]
enum ParentRef {
    None,
    /// An issue that the diff creates.
    New,
    Existing(IssueNumber),
    /// An issue in another repository.
    Elsewhere,
}

/// Adds a link to the changes or to the drift. Links on which both sides agree are recorded elsewhere. `other` is the
/// key of the issue at the other end.
fn push(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    verdict: MergeOutcome,
    op: Op,
    link: impl FnOnce(Why) -> LinkEdit,
    other: Option<&PlanKey>,
    outcome: &mut Outcome,
) {
    let (list, why) = match verdict {
        MergeOutcome::Same | MergeOutcome::Agreed => return,
        MergeOutcome::Write(why) => {
            outcome.changed = true;
            (&mut builder.diff.changes, why)
        }
        MergeOutcome::Kept => (&mut builder.diff.drift, Why::Drift),
    };
    let other = other.map(|key| builder.titles.get(key.as_str()).copied().unwrap_or(key.as_str()).to_owned());
    let milestone = planned.milestone.as_ref().and_then(|key| builder.plan.milestone(key));
    let milestone = milestone.map(|milestone| milestone.title.clone());
    list.push(Change::Link(LinkChange { op, link: link(why), title: planned.title.clone(), milestone, other }));
}
