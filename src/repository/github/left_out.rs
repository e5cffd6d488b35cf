//! What GitHub silently leaves out of a change: it answers that all went well, and the answer lacks a value.

use crate::model::snapshot::{Issue, IssueNumber, fold};
use crate::repository::{Done, NewIssue};

/// Why a requested field is missing in the response.
pub(super) const LEFT_OUT: &str = "GitHub silently ignored it, as it does when the token may not write";

/// Compares a created issue with the request, and collects what is missing.
pub(super) fn created(made: &Issue, wanted: &NewIssue, mut missing: Vec<String>) -> Done<IssueNumber> {
    missing.extend(missing_labels(&wanted.labels, made.labels.iter().map(String::as_str)));
    if wanted.milestone != made.milestone {
        missing.push(format!("milestone: {LEFT_OUT}"));
    }
    missing.extend(missing_assignees(&wanted.assignees, made));
    Done { value: made.number, missing }
}

pub(super) fn missing_labels<'l>(wanted: &[String], there: impl Iterator<Item = &'l str>) -> Vec<String> {
    let there: Vec<String> = there.map(fold).collect();
    let missing = wanted.iter().filter(|label| !there.contains(&fold(label)));
    missing.map(|label| format!("label {label}: {LEFT_OUT}")).collect()
}

pub(super) fn missing_assignees(wanted: &[String], made: &Issue) -> Option<String> {
    let there: Vec<String> = made.assignees.iter().map(|login| fold(login)).collect();
    let missing: Vec<&str> = wanted.iter().filter(|login| !there.contains(&fold(login))).map(String::as_str).collect();
    (!missing.is_empty()).then(|| format!("assignee {}: cannot be assigned to issues here", missing.join(", ")))
}
