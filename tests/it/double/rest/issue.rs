//! Endpoints for a single issue: creation, updates, links.

use serde_json::{Value, json};

use super::Call;
use crate::double::repository::{ELSEWHERE, Gone, Issue, Repository, number_of_id};
use crate::double::server::Answer;
use crate::double::{message, refusal, text};

pub(super) fn create_issue(repository: &mut Repository, body: &Value) -> Answer {
    let (title, text_body) = (text(body, "title").unwrap(), text(body, "body").unwrap_or_default());
    if title.is_empty() || title.chars().count() > 256 {
        return refusal("Validation Failed", "title", "invalid");
    }
    if text_body.chars().count() > 65_536 {
        return refusal("body is too long (maximum is 65536 characters)", "body", "invalid");
    }
    let (mut labels, mut milestone) = (super::texts(body, "labels"), body["milestone"].as_u64());
    let mut assignees = super::texts(body, "assignees");
    let bad = assignees.iter().any(|login| !repository.assignable.contains(login));
    if bad && repository.refuses_assignees {
        return refusal("Validation Failed", "assignees", "invalid");
    }
    assignees.retain(|login| repository.assignable.contains(login));
    if !repository.viewer_may_write {
        (labels, milestone, assignees) = (Vec::new(), None, Vec::new());
    }
    let labels = repository.spelled(&labels);
    let author = repository.author();
    let may_write = repository.viewer_may_write && author != "github-actions[bot]";
    let association = if may_write { "OWNER" } else { "NONE" };
    let number = repository.add(&title, &text_body, &author, association);
    let issue = repository.issue(number).unwrap();
    issue.labels = labels;
    issue.assignees = assignees.into_iter().take(10).collect();
    issue.milestone = milestone;
    let issue = issue.clone();
    Answer::json(201, &repository.issue_json(&issue))
}

/// Handles requests below an issue's path.
pub(super) fn issue(repository: &mut Repository, method: &str, rest: &str, call: &Call<'_>) -> Answer {
    let (number, body) = (call.number(), call.body());
    match repository.gone.get(&number) {
        Some(Gone::Deleted) => return message(410, "This issue was deleted"),
        Some(Gone::Transferred) => {
            let place = format!("{}/repositories/77/issues/5", call.base);
            return message(301, "Moved Permanently").with("location", place);
        }
        Some(Gone::Hidden) | None => {}
    }
    let Some(there) = repository.issue(number) else { return message(404, "Not Found") };
    if there.is_shut && method != "GET" {
        return message(403, "Unable to update: the conversation is locked");
    }
    let added = repository.spelled(&if method == "POST" { super::texts(&body, "labels") } else { Vec::new() });
    let collides = rest.ends_with("/sub_issues") && method == "POST" && repository.collisions > 0;
    if collides {
        repository.collisions -= 1;
        return refusal(
            "An error occurred while adding the sub-issue to the parent issue. Priority has already been taken",
            "priority",
            "taken",
        );
    }
    let other = |key: &str| body[key].as_u64().and_then(number_of_id);
    let assignable = repository.assignable.clone();
    let issue = repository.issue(number).unwrap();
    match (method, rest) {
        ("GET", "/issues/{issue_number}") => {}
        ("PATCH", "/issues/{issue_number}") => {
            issue.title = text(&body, "title").unwrap_or(issue.title.clone());
            issue.body = text(&body, "body").unwrap_or(issue.body.clone());
            if let Some(state) = text(&body, "state") {
                issue.closed = state == "closed";
                issue.reason = text(&body, "state_reason").filter(|_| issue.closed);
            }
            if !body["milestone"].is_null() || body.as_object().is_some_and(|it| it.contains_key("milestone")) {
                issue.milestone = body["milestone"].as_u64();
            }
        }
        ("POST", "/issues/{issue_number}/labels") => {
            issue.labels.extend(added);
            let labels = issue.labels.clone();
            let all = repository.labels.iter().filter(|label| labels.contains(&label.name));
            return Answer::json(200, &all.map(Repository::label_json).collect());
        }
        ("DELETE", "/issues/{issue_number}/labels/{name}") => {
            let name = &call.values[3];
            let before = issue.labels.len();
            issue.labels.retain(|label| !label.eq_ignore_ascii_case(name));
            if issue.labels.len() == before {
                return message(404, "Label does not exist");
            }
            return Answer::json(200, &json!([]));
        }
        ("POST", "/issues/{issue_number}/assignees") => {
            issue.assignees.extend(super::texts(&body, "assignees").into_iter().filter(|it| assignable.contains(it)));
            let issue = issue.clone();
            return Answer::json(201, &repository.issue_json(&issue));
        }
        ("DELETE", "/issues/{issue_number}/assignees") => {
            let gone = super::texts(&body, "assignees");
            issue.assignees.retain(|login| !gone.contains(login));
        }
        ("GET", "/issues/{issue_number}/dependencies/blocked_by") => {
            let blockers = issue.blocked_by.clone();
            let elsewhere: Vec<Value> = issue.blocked_elsewhere.iter().map(|number| elsewhere_json(*number)).collect();
            let all = repository.issues.iter().filter(|issue| blockers.contains(&issue.number));
            return Answer::json(200, &all.map(|issue| repository.issue_json(issue)).chain(elsewhere).collect());
        }
        ("POST", "/issues/{issue_number}/dependencies/blocked_by") => {
            let Some(blocker) = other("issue_id") else { return message(404, "Not Found") };
            issue.blocked_by.insert(blocker);
            let issue = issue.clone();
            return Answer::json(201, &repository.issue_json(&issue));
        }
        ("DELETE", "/issues/{issue_number}/dependencies/blocked_by/{issue_id}") => {
            let blocker = call.values[3].parse().ok().and_then(number_of_id).unwrap_or(0);
            issue.blocked_by.remove(&blocker);
        }
        ("GET", "/issues/{issue_number}/parent") => {
            if let Some(number) = issue.parent_elsewhere {
                return Answer::json(200, &elsewhere_json(number));
            }
            let Some(parent) = issue.parent else { return message(404, "Not Found") };
            let parent = repository.issue(parent).unwrap().clone();
            return Answer::json(200, &repository.issue_json(&parent));
        }
        ("GET", "/issues/{issue_number}/sub_issues") => {
            let all = repository.issues.iter().filter(|issue| issue.parent == Some(number));
            return Answer::json(200, &all.map(|issue| repository.issue_json(issue)).collect());
        }
        ("POST", "/issues/{issue_number}/sub_issues") => {
            let Some(child) = other("sub_issue_id") else { return message(404, "Not Found") };
            repository.issue(child).unwrap().parent = Some(number);
            let issue = repository.issue(number).unwrap().clone();
            return Answer::json(201, &repository.issue_json(&issue));
        }
        ("DELETE", "/issues/{issue_number}/sub_issue") => {
            let Some(child) = other("sub_issue_id") else { return message(404, "Not Found") };
            repository.issue(child).unwrap().parent = None;
        }
        _ => return message(500, "not played"),
    }
    let issue = repository.issue(number).unwrap().clone();
    Answer::json(200, &repository.issue_json(&issue))
}

/// An issue in another repository.
fn elsewhere_json(number: u64) -> Value {
    let issue = Issue { number, title: "Elsewhere".into(), association: "NONE".into(), ..Issue::default() };
    Repository { name: ELSEWHERE.into(), ..Repository::default() }.issue_json(&issue)
}
