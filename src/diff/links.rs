//! Links: what blocks an issue, and what it is a part of.

use std::collections::BTreeSet;

use super::merge::{self, Verdict};
use super::{Builder, Change, Field, FieldChange, IssueRef, Op, Subject, Why};
use crate::identity::matching::MatchedIssue;
use crate::plan::{PlanKey, PlannedIssue};
use crate::snapshot::IssueNumber;

/// What became of the links of one issue.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether any is written.
    pub changed: bool,
    /// Where plan and people came to the same, which the base does not know yet.
    pub agreed: Vec<FieldChange>,
}

/// A planned issue with its number, if it has one.
pub fn reference(builder: &Builder<'_>, key: &PlanKey) -> IssueRef {
    IssueRef { key: key.clone(), number: builder.matches.issues.get(key).map(|matched| matched.observed.number) }
}

/// What people read for issue numbers: what they call plan items, and `#12` for others.
pub fn names(builder: &Builder<'_>, numbers: &BTreeSet<IssueNumber>) -> Vec<String> {
    let keys: BTreeSet<&PlanKey> = numbers.iter().filter_map(|number| builder.matches.key(*number)).collect();
    let others = numbers.iter().filter(|number| builder.matches.key(**number).is_none()).map(IssueNumber::to_string);
    keys.into_iter().map(|key| builder.called(key)).chain(others).collect()
}

/// Compares the links of a planned issue; `matched` is missing where the diff creates it.
pub fn compare(builder: &mut Builder<'_>, planned: &PlannedIssue, matched: Option<&MatchedIssue<'_>>) -> Outcome {
    let mut outcome = Outcome::default();
    if !builder.snapshot.lacks.dependencies {
        dependencies(builder, planned, matched, &mut outcome);
    }
    if !builder.snapshot.lacks.sub_issues {
        parent(builder, planned, matched, &mut outcome);
    }
    outcome
}

fn dependencies(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    matched: Option<&MatchedIssue<'_>>,
    outcome: &mut Outcome,
) {
    let empty = BTreeSet::new();
    let marker = matched.and_then(|matched| matched.marker.as_ref());
    let base = marker.map_or(&empty, |marker| &marker.base.depends_on);
    let base_numbers: BTreeSet<IssueNumber> = base.iter().filter_map(|key| builder.matches.issue_number(key)).collect();
    let blocked = reference(builder, &planned.key);
    let observed = |number: Option<IssueNumber>| {
        let pair = blocked.number.zip(number);
        pair.is_some_and(|pair| builder.snapshot.dependencies.contains(&pair))
    };
    let mut verdicts = Vec::new();
    let mut seen = BTreeSet::new();
    for key in &planned.depends_on {
        let blocker = reference(builder, key);
        let is_there = observed(blocker.number);
        let was = blocker.number.is_some_and(|number| base_numbers.contains(&number))
            && marker.is_some_and(|marker| builder.was_made(marker, is_there));
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
        let name = blocker.key.to_string();
        let subject = Subject::Dependency { blocked: blocked.clone(), blocker };
        push(builder, planned, verdict, subject, (Field::BlockedBy, &name, wanted), outcome);
    }
}

fn parent(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    matched: Option<&MatchedIssue<'_>>,
    outcome: &mut Outcome,
) {
    let child = reference(builder, &planned.key);
    let observed = child.number.and_then(|number| builder.snapshot.parents.get(&number).copied());
    let marker = matched.and_then(|matched| matched.marker.as_ref());
    let marker = marker.filter(|marker| builder.was_made(marker, observed.is_some()));
    let base_key = marker.and_then(|marker| marker.base.parent.as_ref());
    let base = base_key.and_then(|key| builder.matches.issue_number(key));
    let wanted = planned.parent.as_ref().map(|key| reference(builder, key));
    match wanted {
        Some(parent) => {
            let same = parent.number.is_some() && parent.number == observed;
            let known = parent.number.is_some() && parent.number == base;
            let verdict = merge::member(true, known, same, builder.plan.settings.drift);
            // GitHub knows one parent: another one that we set goes before the new one comes.
            let other = observed.filter(|_| !same && observed == base);
            if let (Verdict::Write(_), Some(other), Some(key)) = (verdict, other, base_key) {
                let old = IssueRef { key: key.clone(), number: Some(other) };
                let subject = Subject::SubIssue { child: child.clone(), parent: old };
                let plan = Verdict::Write(Why::Plan);
                push(builder, planned, plan, subject, (Field::Parent, key.as_str(), false), outcome);
            }
            let name = parent.key.to_string();
            // A parent that people chose instead stays; the plan's is drift then.
            let taken = observed.is_some() && !same && observed != base;
            let verdict = if taken && matches!(verdict, Verdict::Write(_)) { Verdict::Kept } else { verdict };
            push(builder, planned, verdict, Subject::SubIssue { child, parent }, (Field::Parent, &name, true), outcome);
        }
        None => {
            let Some((key, number)) = base_key.zip(base) else { return };
            let verdict = merge::member(false, true, observed == Some(number), builder.plan.settings.drift);
            let parent = IssueRef { key: key.clone(), number: Some(number) };
            let name = key.to_string();
            push(
                builder,
                planned,
                verdict,
                Subject::SubIssue { child, parent },
                (Field::Parent, &name, false),
                outcome,
            );
        }
    }
}

fn push(
    builder: &mut Builder<'_>,
    planned: &PlannedIssue,
    verdict: Verdict,
    subject: Subject,
    (field, name, wanted): (Field, &str, bool),
    outcome: &mut Outcome,
) {
    let (list, why) = match verdict {
        Verdict::Same => return,
        Verdict::Agreed => {
            let there = Some(name).filter(|_| wanted);
            outcome.agreed.push(FieldChange::plan(field, there, there));
            return;
        }
        Verdict::Write(why) => {
            outcome.changed = true;
            (&mut builder.diff.changes, why)
        }
        Verdict::Kept => (&mut builder.diff.kept, Why::Drift),
    };
    let (op, from, to) = if wanted { (Op::Link, None, Some(name)) } else { (Op::Unlink, Some(name), None) };
    let milestone = planned.milestone.as_ref().and_then(|key| builder.plan.milestone(key));
    list.push(Change {
        op,
        subject,
        title: planned.title.clone(),
        milestone: milestone.map(|milestone| milestone.title.clone()),
        other: Some(builder.titles.get(name).copied().unwrap_or(name).to_owned()),
        fields: vec![FieldChange::new(field, from, to, why)],
    });
}
