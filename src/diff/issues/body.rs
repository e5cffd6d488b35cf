//! The text of an issue, with the line that names what blocks it.

use std::collections::BTreeSet;

use super::marker::{blockers, inside, marker, names};
use crate::diff::builder::Builder;
use crate::diff::change::IssueEdits;
use crate::diff::edit::Why;
use crate::diff::fields::{Sides, some};
use crate::diff::issue_ref::IssueRef;
use crate::diff::merge::MergeOutcome;
use crate::diff::merged_text::{BaseText, ExistingText, MergedText, merge};
use crate::diff::written::IssueText;
use crate::diff::{boxes, links, text};
use crate::matching::MatchedIssue;
use crate::model::marker::IssueBase;
use crate::model::snapshot::IssueNumber;
use crate::plan::PlannedIssue;
use crate::plan::settings::Drift;

/// Merges the text; comes back with the text as it will be.
pub(crate) fn merged(
    builder: &Builder<'_>,
    planned: &PlannedIssue,
    matched: &MatchedIssue<'_>,
    links_change: bool,
    sides: &mut Sides<IssueEdits>,
) -> IssueText {
    let wanted = inside(&planned.body);
    let body = &matched.observed.body;
    let blockers = blockers(builder, planned);
    let wanted_names = names(builder, &planned.depends_on);
    let marker = marker(builder, planned, false);
    let Some(there) = ExistingText::<IssueBase>::new(body, &wanted) else {
        let goal = text::with_blockers(&wanted, &wanted_names);
        sides.take(MergeOutcome::Write(Why::Plan), |edits| &mut edits.body, None, some(&goal));
        let before = text::above(body);
        return IssueText { before, after: String::new(), inside: Some(wanted), blockers, marker };
    };
    let mut blockers = blockers;
    let inside = there.inside.map(|inside| {
        let observed = boxes::canonical(&text::normal(inside));
        // A line like that of blockers may be the plan's own text.
        let is_whole = text::digest(&observed) == text::digest(&wanted);
        let (observed, observed_blockers) =
            if is_whole { (observed, BTreeSet::new()) } else { text::split_blockers(&observed) };
        let base = there.base.as_ref().map(|base| BaseText { text: &base.text, ticked: &base.ticked });
        let MergedText { text: merged, verdict, drift } = merge(&wanted, base, &observed, builder.plan.settings.drift);
        let ticked = builder.twins.ticked(matched.observed.number, &merged);
        let (merged, verdict) =
            if ticked == merged { (merged, verdict) } else { (ticked, MergeOutcome::Write(Why::Plan)) };
        let line = if links_change { Line::Same } else { line(builder, matched, &blockers, &observed_blockers) };
        let from = text::with_blockers(&observed, &links::names(builder, &observed_blockers));
        if drift.is_some() || line == Line::Peoples {
            let goal = text::with_blockers(drift.as_ref().unwrap_or(&merged), &wanted_names);
            sides.take(MergeOutcome::Kept, |edits| &mut edits.body, some(&from), some(&goal));
        }
        let names = if line == Line::Peoples {
            blockers = observed_blockers.iter().map(|number| links::there(builder, *number)).collect();
            links::names(builder, &observed_blockers)
        } else {
            wanted_names
        };
        let verdict = match (verdict, line) {
            (MergeOutcome::Same | MergeOutcome::Agreed, Line::Write(why)) => MergeOutcome::Write(why),
            (verdict, _) => verdict,
        };
        sides.take(verdict, |edits| &mut edits.body, some(&from), some(&text::with_blockers(&merged, &names)));
        if links_change || matches!(verdict, MergeOutcome::Write(_)) {
            return merged;
        }
        // Nothing of it is written, so it stays as people have it, wherever the line stands.
        blockers.clear();
        inside.trim_matches(['\n', '\r']).to_owned()
    });
    IssueText { before: there.before.to_owned(), after: there.after.to_owned(), inside, blockers, marker }
}

/// What becomes of the line that names the blockers.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// It is as it should be, or is told with the links.
    Same,
    /// It is written, and why.
    Write(Why),
    /// People changed it or took it away, and it stays so.
    Peoples,
}

/// Merges the line of blockers, which says the same in numbers as the plan does in keys.
fn line(
    builder: &Builder<'_>,
    matched: &MatchedIssue<'_>,
    wanted: &[IssueRef],
    observed: &BTreeSet<IssueNumber>,
) -> Line {
    let wanted: Option<BTreeSet<IssueNumber>> = wanted.iter().map(|blocker| blocker.number).collect();
    if wanted.as_ref() == Some(observed) {
        return Line::Same;
    }
    // The text of an apply that was cut off may lack numbers that nobody knew yet.
    let marker = matched.marker.as_ref().filter(|marker| builder.was_made(matched.observed.number, marker, false));
    let base: Option<BTreeSet<IssueNumber>> =
        marker.and_then(|marker| marker.base.depends_on.iter().map(|key| builder.matches.issue_number(key)).collect());
    match builder.plan.settings.drift {
        _ if wanted.is_none() || base != wanted => Line::Write(Why::Plan),
        Drift::Restore => Line::Write(Why::Drift),
        Drift::Keep => Line::Peoples,
    }
}
