//! Merges the body of an issue, including the line that lists its blockers.

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

/// Merges the body and returns the text to write.
pub(crate) fn merged(
    builder: &Builder<'_>,
    planned: &PlannedIssue,
    matched: &MatchedIssue<'_>,
    links_change: bool,
    sides: &mut Sides<IssueEdits>,
) -> IssueText {
    let wanted = inside(&planned.body);
    let blockers = blockers(builder, planned);
    let wanted_names = names(builder, &planned.depends_on);
    let mut marker = marker(builder, planned, false);
    // An issue may have the planned blockers before it is adopted. Its text does not have to list them then.
    let is_adopted = matched.marker.is_none() && !links_change && !planned.depends_on.is_empty();
    marker.base.unlisted = is_adopted || marker.base.unlisted && !links_change && !planned.depends_on.is_empty();
    let Some(there) = ExistingText::<IssueBase>::new(&matched.observed.body, &wanted) else {
        // Adopting an issue makes no visible change, unless the plan has text for it.
        let is_silent = wanted.is_empty() && is_adopted;
        let goal = some(&text::with_blockers(&wanted, &wanted_names)).filter(|_| !is_silent);
        let footer = builder.footer(planned).filter(|_| goal.is_some());
        let outcome = if is_silent { MergeOutcome::Agreed } else { MergeOutcome::Write(Why::Plan) };
        sides.take(outcome, |edits| &mut edits.body, None, goal);
        marker.base.unlisted = is_silent;
        let blockers = if is_silent { Vec::new() } else { blockers };
        let (before, after) = (text::above(&matched.observed.body), String::new());
        return IssueText { before, after, inside: Some(wanted), blockers, footer, marker };
    };
    let (mut blockers, mut footer) = (blockers, None);
    let inside = there.inside.map(|inside| {
        let observed = boxes::canonical(&text::normal(inside));
        // The plan's own text may contain lines that look like a line of blockers or a footer.
        let is_wanted = |observed: &str| observed == wanted || text::digest(observed) == text::digest(&wanted);
        let observed = if is_wanted(&observed) { observed } else { text::without_footer(&observed) };
        let is_whole = is_wanted(&observed);
        let (observed, observed_blockers) =
            if is_whole { (observed, BTreeSet::new()) } else { text::split_blockers(&observed) };
        let base = there.base.as_ref().map(|base| BaseText { text: &base.text, ticked: &base.ticked });
        let MergedText { text: merged, verdict, drift } = merge(&wanted, base, &observed, builder.plan.settings.drift);
        let ticked = builder.twins.ticked(matched.observed.number, &merged);
        let (merged, verdict) =
            if ticked == merged { (merged, verdict) } else { (ticked, MergeOutcome::Write(Why::Plan)) };
        marker.base.unlisted &= observed_blockers.is_empty() && !matches!(verdict, MergeOutcome::Write(_));
        let line = if links_change || marker.base.unlisted {
            Line::Same
        } else {
            line(builder, matched, &blockers, &observed_blockers)
        };
        let from = text::with_blockers(&observed, &links::names(builder, &observed_blockers));
        if drift.is_some() || line == Line::KeepObserved {
            let goal = text::with_blockers(drift.as_ref().unwrap_or(&merged), &wanted_names);
            sides.take(MergeOutcome::Kept, |edits| &mut edits.body, some(&from), some(&goal));
        }
        let names = if line == Line::KeepObserved {
            blockers = observed_blockers.iter().map(|number| links::existing(builder, *number)).collect();
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
            footer = builder.footer(planned);
            return merged;
        }
        // The text is not written, so it stays exactly as observed, wherever its line of blockers is.
        blockers.clear();
        inside.trim_matches(['\n', '\r']).to_owned()
    });
    IssueText { before: there.before.to_owned(), after: there.after.to_owned(), inside, blockers, footer, marker }
}

/// The result of merging the line of blockers.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    /// The line is up to date, or changes together with the links.
    Same,
    /// The line is written, for this reason.
    Write(Why),
    /// People changed or removed the line, and it stays that way.
    KeepObserved,
}

/// Merges the line of blockers. It lists the planned blockers by number.
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
    // The body written by an interrupted apply may lack numbers that were not known yet.
    let marker = matched.marker.as_ref().filter(|marker| builder.was_made(matched.observed.number, marker, false));
    let base: Option<BTreeSet<IssueNumber>> =
        marker.and_then(|marker| marker.base.depends_on.iter().map(|key| builder.matches.issue_number(key)).collect());
    match builder.plan.settings.drift {
        _ if wanted.is_none() || base != wanted => Line::Write(Why::Plan),
        Drift::Restore => Line::Write(Why::Drift),
        Drift::Keep => Line::KeepObserved,
    }
}
