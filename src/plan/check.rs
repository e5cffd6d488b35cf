//! Rules on a whole plan: what GitHub would refuse, and what cannot be meant.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::ops::Range;

use super::diagnostic::Diagnostics;
use super::draft::Spanned;
use super::{Plan, PlanKey, PlannedIssue, order};
use crate::model::limits;
use crate::model::snapshot::fold;

/// How much of [`limits::BODY`] is kept free for the marker, the numbers of blockers and what people write around it.
const RESERVED: usize = 8_192;
/// Checks a plan and reports everything that is wrong with it.
pub fn check(plan: &Plan, diagnostics: &mut Diagnostics) {
    titles(plan, diagnostics);
    duplicates(plan, diagnostics);
    for issue in &plan.issues {
        limits(issue, diagnostics);
    }
    renamed_labels(plan, diagnostics);
    cycles(plan, diagnostics);
    sub_issues(plan, diagnostics);
}

fn titles(plan: &Plan, diagnostics: &mut Diagnostics) {
    let milestones = plan.milestones.iter().map(|milestone| (&milestone.title, &milestone.span));
    for (title, span) in plan.issues.iter().map(|issue| (&issue.title, &issue.span)).chain(milestones) {
        let length = title.chars().count();
        if length > limits::TITLE {
            let message = format!("the title has {length} characters; GitHub allows {}", limits::TITLE);
            diagnostics.error(
                "title-too-long",
                span.clone(),
                message,
                "shorten it, and move the rest into the text below",
            );
        }
        if title.is_empty() {
            diagnostics.error("no-title", span.clone(), "this item has no title", "add a title");
        }
    }
}

fn duplicates(plan: &Plan, diagnostics: &mut Diagnostics) {
    let milestone_key = |key: &&PlanKey| format!("two milestones have the key `{key}`");
    let milestone_title = |title: &&String| format!("two milestones have the title `{title}`");
    let issue_key = |key: &&PlanKey| format!("two issues have the key `{key}`");
    let milestones = || plan.milestones.iter();
    repeated(plan, milestones().map(|it| (&it.key, &it.span)), "duplicate-key", milestone_key, diagnostics);
    // Two with one key are reported once, even where the key comes from the title.
    let mut keys = HashSet::new();
    let titled = milestones().filter(|it| keys.insert(&it.key)).map(|it| (&it.title, &it.span));
    repeated(plan, titled, "duplicate-title", milestone_title, diagnostics);
    let written = plan.issues.iter().filter(|issue| issue.written_key.is_some());
    repeated(plan, written.map(|it| (&it.key, &it.span)), "duplicate-key", issue_key, diagnostics);
}

fn repeated<'p, T: Eq + Hash>(
    plan: &Plan,
    items: impl Iterator<Item = (T, &'p Range<usize>)>,
    code: &'static str,
    message: impl Fn(&T) -> String,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: HashMap<T, &Range<usize>> = HashMap::new();
    for (item, span) in items {
        if let Some(first) = seen.get(&item) {
            let message = format!("{}, on line {} and line {}", message(&item), plan.line(first), plan.line(span));
            diagnostics.error(code, span.clone(), message, "change one of them");
        } else {
            seen.insert(item, span);
        }
    }
}

fn limits(issue: &PlannedIssue, diagnostics: &mut Diagnostics) {
    let most = limits::BODY - RESERVED;
    for (code, count, most, what) in [
        ("too-many-labels", issue.labels.len(), limits::LABELS_OF_ISSUE, "labels"),
        ("too-many-assignees", issue.assignees.len(), limits::ASSIGNEES, "assignees"),
        ("too-many-dependencies", issue.depends_on.len(), limits::BLOCKERS, "issues that block it"),
        ("body-too-long", issue.body.chars().count(), most, "characters of text"),
    ] {
        if count > most {
            let message = format!("`{}` has {count} {what}; the limit is {most}", issue.key);
            diagnostics.error(code, issue.span.clone(), message, "split the issue, or remove some");
        }
    }
}

/// A label that was another before leaves nothing behind that could still be in use.
fn renamed_labels(plan: &Plan, diagnostics: &mut Diagnostics) {
    let mut names: HashMap<String, &str> = plan.labels.iter().map(|label| (fold(&label.name), "in use")).collect();
    for label in &plan.labels {
        let Some(Spanned { text, span }) = &label.previously else { continue };
        // A name that is the label's own is an error already.
        let known =
            names.insert(fold(text), "the old name of another label").filter(|_| fold(text) != fold(&label.name));
        if let Some(what) = known {
            let message = format!("`{}` cannot be renamed from `{text}`, which is {what} in this plan", label.name);
            diagnostics.error(
                "label-in-use",
                span.clone(),
                message,
                "use the new name everywhere in the plan, and each old name for one label only",
            );
        }
    }
}

/// Reports the cycles of dependencies, each whole.
fn cycles(plan: &Plan, diagnostics: &mut Diagnostics) {
    for cycle in order::cycles(plan) {
        let names: Vec<&str> = cycle.iter().chain(cycle.first()).map(|issue| issue.key.as_str()).collect();
        let Some(first) = cycle.first() else { continue };
        let message = format!("these issues depend on each other in a cycle: {}", names.join(" → "));
        let help = "remove one of these dependencies";
        diagnostics.error("dependency-cycle", first.span.clone(), message, help);
    }
}

fn sub_issues(plan: &Plan, diagnostics: &mut Diagnostics) {
    let issues: HashMap<&PlanKey, &PlannedIssue> = plan.issues.iter().map(|issue| (&issue.key, issue)).collect();
    let mut children: HashMap<&PlanKey, usize> = HashMap::new();
    for issue in &plan.issues {
        let mut levels = 0;
        let mut above = issue.parent.as_ref();
        while let Some(parent) = above.filter(|_| levels <= limits::SUB_ISSUE_LEVELS) {
            levels += 1;
            above = issues.get(parent).and_then(|parent| parent.parent.as_ref());
        }
        if levels > limits::SUB_ISSUE_LEVELS {
            let message = format!("`{}` is nested more than {} levels deep", issue.key, limits::SUB_ISSUE_LEVELS);
            let help = "GitHub nests sub-issues up to 8 levels deep; move it up, or break the cycle of parents";
            diagnostics.error("too-many-levels", issue.span.clone(), message, help);
        }
        if let Some(parent) = &issue.parent {
            let count = children.entry(parent).or_default();
            *count += 1;
            if *count == limits::SUB_ISSUES + 1 {
                let message =
                    format!("`{parent}` has more than {} sub-issues, the limit on GitHub", limits::SUB_ISSUES);
                diagnostics.error(
                    "too-many-sub-issues",
                    issue.span.clone(),
                    message,
                    "group the sub-issues under other issues",
                );
            }
        }
    }
}
