//! The GraphQL API of the double. Documents are validated against GitHub's schema.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::repository::{ELSEWHERE, Issue, Repository, node_of, time_of};
use super::server::{Answer, Request};
use super::{World, description};

pub(super) fn respond(world: &mut World, request: &Request) -> Answer {
    if world.repository.lacks.contains("graphql") {
        return super::message(404, "Not Found");
    }
    let body = request.body.clone().unwrap_or_default();
    let text = body["query"].as_str().unwrap_or_default();
    let lacking: Vec<&str> = world.repository.lacks.iter().copied().filter(|field| has_field(text, field)).collect();
    if let Some(field) = lacking.first() {
        let error = json!({"message": format!("Field '{field}' doesn't exist on type 'Issue'")});
        return Answer::json(200, &json!({"errors": [error]}));
    }
    let document = match description::document(text) {
        Ok(document) => document,
        Err(problems) => {
            world.problems.push(format!("GraphQL: {problems}"));
            return Answer::json(200, &json!({"errors": [{"message": problems}]}));
        }
    };
    world.problems.extend(description::variable_problems(&document, &body["variables"]));
    let operation = document.operations.get(None).unwrap();
    let mut data = Map::new();
    let mut errors = Vec::new();
    for field in operation.root_fields(&document) {
        let alias = field.response_key().to_string();
        let arguments: Map<String, Value> =
            field.arguments.iter().map(|it| (it.name.to_string(), argument(&it.value, &body["variables"]))).collect();
        let resolved = if field.name == "repository" {
            Ok(of_repository(&world.repository, field, &body["variables"], &mut errors))
        } else {
            resolve(&mut world.repository, &field.name, &arguments.into())
        };
        match resolved {
            Ok(value) => {
                let mut problems = Vec::new();
                let selected = description::select(&document, &field.selection_set, &value, &mut problems);
                world.problems.extend(problems.into_iter().map(|problem| format!("GraphQL: {problem}")));
                data.insert(alias, selected);
            }
            Err(message) => {
                errors.push(json!({"message": message, "path": [alias.clone()], "type": "UNPROCESSABLE"}));
                data.insert(alias, Value::Null);
            }
        }
    }
    let mut answer = json!({"data": data});
    if !errors.is_empty() {
        answer["errors"] = errors.into();
    }
    Answer::json(200, &answer)
}

fn has_field(document: &str, field: &str) -> bool {
    [format!("{field}("), format!(" {field} {{")].iter().any(|part| document.contains(part))
}

fn argument(value: &apollo_compiler::ast::Value, variables: &Value) -> Value {
    use apollo_compiler::ast::Value as Ast;
    match value {
        Ast::Variable(name) => variables[name.as_str()].clone(),
        Ast::String(text) => json!(text),
        Ast::Int(number) => json!(number.as_str().parse::<i64>().unwrap()),
        Ast::Object(fields) => {
            fields.iter().map(|(name, value)| (name.to_string(), argument(value, variables))).collect()
        }
        other => json!(other.to_string()),
    }
}

/// The fields of a repository, under their names or aliases in the document.
fn of_repository(
    repository: &Repository,
    field: &apollo_compiler::executable::Field,
    variables: &Value,
    errors: &mut Vec<Value>,
) -> Value {
    use apollo_compiler::executable::Selection;
    let pins: Vec<Value> = repository.pins.iter().map(|number| json!({"issue": {"number": number}})).collect();
    let mut fields = json!({"pinnedIssues": {"nodes": pins}});
    for selection in &field.selection_set.selections {
        let Selection::Field(field) = selection else { panic!("only fields of a repository are played") };
        let arguments: Map<String, Value> =
            field.arguments.iter().map(|it| (it.name.to_string(), argument(&it.value, variables))).collect();
        let name = field.response_key().to_string();
        match field.name.as_str() {
            "issues" => fields[&name] = issues(repository, &arguments.into()),
            "issue" => {
                let number = arguments["number"].as_u64().unwrap();
                let found = repository.issues.iter().find(|it| it.number == number && !it.is_pull_request);
                fields[&name] = found.map_or(Value::Null, |issue| node(repository, issue.number));
                if found.is_none() {
                    let message = format!("Could not resolve to an Issue with the number of {number}.");
                    errors.push(json!({"message": message, "path": ["repository", name], "type": "NOT_FOUND"}));
                }
            }
            _ => {}
        }
    }
    fields
}

/// Issues without pull requests, paginated by an opaque cursor.
fn issues(repository: &Repository, arguments: &Value) -> Value {
    let creator = arguments["filterBy"]["createdBy"].as_str();
    let mut found: Vec<&Issue> = repository
        .issues
        .iter()
        .filter(|issue| !issue.is_pull_request)
        .filter(|issue| creator.is_none_or(|creator| issue.author.eq_ignore_ascii_case(creator)))
        .collect();
    if arguments["orderBy"]["field"] == "UPDATED_AT" {
        found.sort_by_key(|issue| repository.updated_at(issue.number));
    }
    if arguments["orderBy"]["direction"] == "DESC" {
        found.reverse();
    }
    let size = usize::try_from(arguments["first"].as_u64().unwrap_or(0)).unwrap();
    assert!(size <= 100, "GitHub gives 100 at most");
    let after = arguments["after"].as_str().map_or(0, |cursor| cursor.trim_start_matches("Y3Vyc29y").parse().unwrap());
    let page = found.iter().skip(after).take(size);
    let nodes: Vec<Value> = page.map(|issue| node(repository, issue.number)).collect();
    let end = after + nodes.len();
    let info = json!({"hasNextPage": end < found.len(), "hasPreviousPage": after > 0,
        "endCursor": format!("Y3Vyc29y{end}")});
    json!({"totalCount": found.len(), "nodes": nodes, "pageInfo": info})
}

fn resolve(repository: &mut Repository, field: &str, arguments: &Value) -> Result<Value, String> {
    let input = &arguments["input"];
    let number = |repository: &Repository, key: &str| {
        let node = input[key].as_str().unwrap_or_default();
        repository
            .number_of_node(node)
            .ok_or_else(|| format!("Could not resolve to a node with the global id of '{node}'"))
    };
    match field {
        "viewer" => return Ok(json!({"login": repository.viewer})),
        "nodes" => {
            let ids = arguments["ids"].as_array().cloned().unwrap_or_default();
            if ids.len() > 100 {
                return Err("You may not provide more than 100 node ids".into());
            }
            let numbers = ids.iter().map(|id| repository.number_of_node(id.as_str().unwrap_or_default()));
            return Ok(numbers.map(|number| number.map_or(Value::Null, |number| node(repository, number))).collect());
        }
        _ => {}
    }
    if repository.archived || !repository.viewer_may_write {
        return Err("Resource not accessible by integration".into());
    }
    let changed = match field {
        "addBlockedBy" | "removeBlockedBy" => {
            let (blocked, blocker) = (number(repository, "issueId")?, number(repository, "blockingIssueId")?);
            let list = &mut repository.issue(blocked).unwrap().blocked_by;
            let fits = if field == "addBlockedBy" { list.insert(blocker) } else { list.remove(&blocker) };
            if !fits {
                return Err("Blocked by has already been taken".into());
            }
            blocked
        }
        "addSubIssue" | "removeSubIssue" => {
            let (parent, child) = (number(repository, "issueId")?, number(repository, "subIssueId")?);
            let child = repository.issue(child).unwrap();
            match (field, child.parent) {
                ("addSubIssue", Some(other)) if other == parent => {
                    let words = "Issue may not contain duplicate sub-issues and Sub issue may only have one parent";
                    return Err(words.into());
                }
                ("addSubIssue", Some(_)) => return Err("Sub issue may only have one parent".into()),
                ("addSubIssue", None) if child.parent_elsewhere.is_some() => {
                    return Err("Sub issue may only have one parent".into());
                }
                ("addSubIssue", None) => child.parent = Some(parent),
                (_, there) if there != Some(parent) => return Err("The provided sub-issue does not exist".into()),
                _ => child.parent = None,
            }
            parent
        }
        "pinIssue" => {
            let issue = number(repository, "issueId")?;
            if repository.pins.len() >= 3 {
                return Err("Maximum 3 pinned issues per repository".into());
            }
            if !repository.pins.contains(&issue) {
                repository.pins.push(issue);
            }
            issue
        }
        "unpinIssue" => {
            let issue = number(repository, "issueId")?;
            repository.pins.retain(|pin| *pin != issue);
            issue
        }
        "closeIssue" => {
            let issue = number(repository, "issueId")?;
            let there = repository.issue(issue).unwrap();
            there.closed = true;
            there.reason = input["stateReason"].as_str().map(str::to_lowercase);
            issue
        }
        "updateIssue" => {
            let issue = number(repository, "id")?;
            repository.issue(issue).unwrap().body = input["body"].as_str().unwrap().to_owned();
            issue
        }
        other => return Err(format!("`{other}` is not played")),
    };
    Ok(json!({"issue": node(repository, changed)}))
}

fn node(repository: &Repository, number: u64) -> Value {
    let issue = repository.issues.iter().find(|issue| issue.number == number).unwrap();
    let of = |number: &u64, name: &str| json!({"id": node_of(*number), "number": number, "repository": {"nameWithOwner": name}});
    let here = issue.blocked_by.iter().map(|number| of(number, &repository.name));
    let blockers: Vec<Value> = here.chain(issue.blocked_elsewhere.iter().map(|number| of(number, ELSEWHERE))).collect();
    let parent = issue.parent.map(|number| of(&number, &repository.name));
    let names = |names: &BTreeSet<String>, field: &str| {
        let nodes: Vec<Value> = names.iter().map(|name| json!({field: name})).collect();
        json!({"nodes": nodes, "pageInfo": {"hasNextPage": false, "hasPreviousPage": false}})
    };
    let kind = if issue.author.ends_with("[bot]") { "Bot" } else { "User" };
    json!({
        "id": node_of(number),
        "number": number,
        "title": issue.title,
        "body": issue.body,
        "state": if issue.closed { "CLOSED" } else { "OPEN" },
        "stateReason": issue.reason.as_ref().map(|reason| reason.to_uppercase()),
        "author": {"__typename": kind, "login": issue.author.trim_end_matches("[bot]")},
        "authorAssociation": issue.association,
        "milestone": issue.milestone.map(|number| json!({"number": number})),
        "labels": names(&issue.labels, "name"),
        "assignees": names(&issue.assignees, "login"),
        "repository": {"nameWithOwner": repository.name},
        "updatedAt": time_of(repository.updated_at(number)),
        "parent": parent.or(issue.parent_elsewhere.map(|number| of(&number, ELSEWHERE))),
        "blockedBy": {"nodes": blockers, "pageInfo": {"hasNextPage": false, "hasPreviousPage": false}},
    })
}
