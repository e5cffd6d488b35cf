//! Keys for items that have none, in a comment at the end of their lines.

use std::collections::BTreeSet;

use super::accepted::{Accepted, Item, Value};
use super::candidates::Context;
use super::edit::Edit;
use crate::plan::{Plan, PlanKey, PlannedIssue};

/// A key for each issue that has no written one.
pub(crate) fn missing(plan: &Plan) -> Vec<Accepted> {
    let mut used: BTreeSet<String> =
        plan.issues.iter().filter_map(|issue| issue.written_key.as_ref()).map(|key| key.to_lowercase()).collect();
    let keyless = plan.issues.iter().enumerate().filter(|(_, issue)| issue.written_key.is_none());
    keyless
        .map(|(at, issue)| {
            let key = free(&issue.title, &mut used);
            Accepted { item: Item::Issue(at), value: Value::Key(key), number: None, title: issue.title.clone() }
        })
        .collect()
}

/// A key made of a title, which no other issue has.
fn free(title: &str, used: &mut BTreeSet<String>) -> String {
    let derived = PlanKey::derived("", title);
    let slug: String = derived.as_str().trim_start_matches('/').chars().take(PlanKey::MAX_CHARS - 8).collect();
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "item" } else { slug };
    let numbered = std::iter::once(slug.to_owned()).chain((2..).map(|number| format!("{slug}-{number}")));
    let mut all = numbered.filter(|key| used.insert(key.clone()));
    all.next().unwrap_or_default()
}

/// Ways to write the key.
pub(super) fn ways(context: Context<'_>, issue: &PlannedIssue, key: &str) -> Vec<Vec<Edit>> {
    let line = context.text().get(issue.spans.line.clone()).unwrap_or_default();
    let comment = format!(" <!-- id: {key} -->");
    let mut ways = Vec::new();
    if !line.trim_start().starts_with('|') {
        ways.push(vec![Edit::insert(issue.spans.line.start + line.trim_end().len(), comment.clone())]);
    }
    if let Some(title) = &issue.spans.title {
        ways.push(vec![Edit::insert(title.end, comment)]);
    }
    ways
}
