//! Every field of an issue but its text and its links.

use std::collections::{BTreeMap, BTreeSet};

use super::milestone_title;
use crate::diff::fields::Fields;
use crate::diff::merge;
use crate::diff::{Builder, Field};
use crate::matching::{How, MatchedIssue};
use crate::model::snapshot::{MilestoneNumber, fold, state_name};
use crate::plan::settings::Drift;
use crate::plan::{PlanKey, PlannedIssue};

/// Merges every field but the text and the links.
pub fn merged(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>) -> Fields {
    let drift = builder.plan.settings.drift;
    let observed = matched.observed;
    let base = matched.marker.as_ref().map(|marker| &marker.base);
    let mut fields = Fields::default();
    // A key that is only qualified in another way is no change that people have to know of.
    let old = matched.marker.as_ref().filter(|_| matched.how != How::Key);
    fields.take_identity(old, &builder.plan.id, &planned.key);
    let verdict = merge::value(&planned.title, base.map(|base| &base.title), &observed.title, drift);
    fields.take(verdict, Field::Title, Some(&observed.title), Some(&planned.title));

    let closed = matched.marker.as_ref();
    let closed = closed.map(|old| old.base.closed && builder.was_made(observed.number, old, observed.closed));
    let verdict = merge::closed(planned.closed, closed, observed.closed, drift);
    fields.take(verdict, Field::State, Some(state_name(observed.closed)), Some(state_name(planned.closed)));
    milestone(builder, planned, matched, &mut fields);

    let renames = &builder.renamed_labels;
    let labels = (renames.in_base(base.map(|base| &base.labels)), renames.observed(&observed.labels));
    members(builder, Field::Label, &planned.labels, labels, &mut fields);
    let assignees = (base.map(|base| base.assignees.clone()).unwrap_or_default(), observed.assignees.clone());
    members(builder, Field::Assignee, &planned.assignees, assignees, &mut fields);
    let written: Vec<_> = fields.written.iter().map(|field| (field.field, field.to.clone())).collect();
    let carried = builder.twins.carried(observed).into_iter();
    fields.written.extend(carried.filter(|field| !written.contains(&(field.field, field.to.clone()))));
    fields
}

/// Merges each member of a set by itself; GitHub ignores the case of their names.
fn members(
    builder: &Builder<'_>,
    field: Field,
    planned: &BTreeSet<String>,
    (base, observed): (BTreeSet<String>, BTreeSet<String>),
    fields: &mut Fields,
) {
    let by_fold = |names: &BTreeSet<String>| -> BTreeMap<String, String> {
        names.iter().map(|name| (fold(name), name.clone())).collect()
    };
    let (planned, base, observed) = (by_fold(planned), by_fold(&base), by_fold(&observed));
    let mut all: BTreeMap<&String, &String> = base.iter().collect();
    all.extend(planned.iter().chain(&observed));
    for (fold, name) in all {
        let is_planned = planned.contains_key(fold);
        let (was, is_there) = (base.contains_key(fold), observed.contains_key(fold));
        let verdict = merge::member(is_planned, was, is_there, builder.plan.settings.drift);
        fields.take_member(verdict, field, name, is_planned);
    }
}

/// Merges the milestone by what it is, not by what it is called.
fn milestone(builder: &Builder<'_>, planned: &PlannedIssue, matched: &MatchedIssue<'_>, fields: &mut Fields) {
    /// A milestone that is there, or that the diff creates.
    #[derive(PartialEq)]
    enum Place<'p> {
        There(MilestoneNumber),
        New(&'p PlanKey),
    }
    let place = |key| builder.matches.milestone_number(key).map_or(Place::New(key), Place::There);
    let wanted = planned.milestone.as_ref().map(place);
    let observed = matched.observed.milestone.map(Place::There);
    // A base that exists no more was taken away together with its milestone, not from this issue.
    let base = matched.marker.as_ref().map(|marker| {
        marker.base.milestone.as_ref().and_then(|key| builder.matches.milestone_number(key)).map(Place::There)
    });
    if wanted.is_none() && base.is_none() && builder.plan.settings.drift == Drift::Keep {
        // What people gave to an issue before it was adopted stays, where the plan says nothing of it.
        return;
    }
    let verdict = merge::value(&wanted, base.as_ref(), &observed, builder.plan.settings.drift);
    let observed_title = matched.observed.milestone.and_then(|number| builder.snapshot.milestone(number));
    let from = observed_title.map(|milestone| milestone.title.as_str());
    let to = milestone_title(builder, planned.milestone.as_ref());
    fields.take(verdict, Field::Milestone, from, to.as_deref());
}
