//! The text of an issue, with the line that names what blocks it.

use std::collections::BTreeSet;

use super::{inside, marker, names};
use crate::diff::fields::{Fields, some};
use crate::diff::merge::Verdict;
use crate::diff::merged_text::{Base, Merged, There, merge};
use crate::diff::{Builder, Field, IssueText, Why, boxes, links, text};
use crate::identity::marker::IssueBase;
use crate::identity::matching::MatchedIssue;
use crate::plan::PlannedIssue;
use crate::snapshot::IssueNumber;

/// Merges the text; comes back with the text as it will be.
pub fn merged(
    builder: &Builder<'_>,
    planned: &PlannedIssue,
    matched: &MatchedIssue<'_>,
    links_change: bool,
    fields: &mut Fields,
) -> IssueText {
    let wanted = inside(&planned.body);
    let body = &matched.observed.body;
    let blockers = super::blockers(builder, planned);
    let wanted_names = names(builder, &planned.depends_on);
    let marker = marker(builder, planned, false);
    let Some(there) = There::<IssueBase>::new(body, &wanted) else {
        let goal = text::with_blockers(&wanted, &wanted_names);
        fields.take(Verdict::Write(Why::Plan), Field::Body, None, some(&goal));
        let before = text::above(body);
        return IssueText { before, after: String::new(), inside: Some(wanted), blockers, marker };
    };
    let inside = there.inside.map(|inside| {
        let observed = boxes::canonical(&text::normal(inside));
        // A line like that of blockers may be the plan's own text.
        let is_whole = text::digest(&observed) == text::digest(&wanted);
        let (observed, observed_blockers) =
            if is_whole { (observed, BTreeSet::new()) } else { text::split_blockers(&observed) };
        let base = there.base.as_ref().map(|base| Base { text: &base.text, ticked: &base.ticked });
        let Merged { text: merged, verdict, drift } = merge(&wanted, base, &observed, builder.plan.settings.drift);
        if let Some(goal) = &drift {
            fields.take(Verdict::Kept, Field::Body, some(&observed), some(goal));
        }
        let wanted_blockers: Option<BTreeSet<IssueNumber>> = blockers.iter().map(|blocker| blocker.number).collect();
        let blockers_change = !links_change && wanted_blockers.as_ref() != Some(&observed_blockers);
        let verdict = match verdict {
            Verdict::Same | Verdict::Agreed if blockers_change => Verdict::Write(Why::Plan),
            other => other,
        };
        let from = text::with_blockers(&observed, &links::names(builder, &observed_blockers));
        let to = text::with_blockers(&merged, &wanted_names);
        fields.take(verdict, Field::Body, some(&from), some(&to));
        merged
    });
    IssueText { before: there.before.to_owned(), after: there.after.to_owned(), inside, blockers, marker }
}
