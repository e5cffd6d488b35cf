//! Changes, grouped by milestone.

use std::collections::BTreeMap;

use crate::diff::{Change, Diff};

/// Groups changes by the title of their milestone, in the order of the document; changes without a milestone come last.
pub(super) fn by_milestone<'d>(
    diff: &'d Diff,
    changes: impl IntoIterator<Item = &'d Change>,
) -> Vec<(&'d str, Vec<&'d Change>)> {
    let mut groups: BTreeMap<(usize, &str), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let title = change.milestone().unwrap_or("No milestone");
        let rank = diff.milestone_order.iter().position(|other| *other == title).unwrap_or(usize::MAX);
        groups.entry((rank, title)).or_default().push(change);
    }
    groups.into_iter().map(|((_, title), changes)| (title, changes)).collect()
}
