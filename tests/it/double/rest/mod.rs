//! The REST API of the double, for the operations in GitHub's description.

mod issue;
mod proposals;

use base64::Engine;
use serde_json::{Value, json};

use super::repository::{Issue, Label, Milestone, NullDate, Repository, comment_json, pull_json, seconds_of};
use super::server::{Answer, Request};
use super::{World, description, message, refusal, text};

pub(super) fn respond(world: &mut World, prefix: &str, path: &str, request: &Request) -> Answer {
    let version = request.headers.get("x-github-api-version").map_or("", String::as_str);
    if !world.repository.versions.contains(&version) {
        // The wording of github.com.
        let known: Vec<String> = world.repository.versions.iter().map(|known| format!("\"{known}\"")).collect();
        let words = format!(
            "The version you specified in the \"X-GitHub-API-Version\" request header, \"{version}\", is not a supported \
             version. The following versions are currently supported: {} (most recent).",
            known.join(", ")
        );
        return message(400, &words);
    }
    let Some((operation, values)) = description::operation(&request.method, path) else {
        world.problems.push(format!("GitHub describes no {} {path}", request.method));
        return message(404, "Not Found");
    };
    let name = format!("{} {}", request.method, operation.template);
    // Cursors are opaque and not described.
    let query: Vec<(String, String)> = request.query.iter().filter(|(name, _)| name != "after").cloned().collect();
    let body = request.body.clone().map(|body| without_null_date(&name, body));
    for problem in operation.request_problems(&query, body.as_ref()) {
        world.problems.push(format!("{name}: request: {problem}"));
    }
    let host = request.headers.get("host").cloned().unwrap_or_default();
    let call = Call { request, values: &values, base: format!("http://{host}{prefix}") };
    let mut answer = answer(&mut world.repository, &name, &call);
    let mut body = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
    if version == description::NEW_VERSION && !answer.body.is_empty() {
        description::without_removed(&mut body);
        answer.body = body.to_string();
    }
    // The rejection of a null due date is not described either.
    let is_null_refused = name == UPDATE_MILESTONE && answer.status == 422;
    // On the later pages of a list, validating a few entries is enough.
    if let Some(entries) = body.as_array_mut().filter(|_| request.query.iter().any(|(name, _)| name == "after")) {
        entries.truncate(5);
    }
    let problems = if is_null_refused { Vec::new() } else { operation.answer_problems(version, answer.status, &body) };
    for problem in problems {
        world.problems.push(format!("{name}: the double's own answer {}: {problem}", answer.status));
    }
    answer
}

/// The description requires the due date of a milestone to be a string. Users report that null removes it. This is the
/// only deviation that the double accepts.
fn without_null_date(name: &str, mut body: Value) -> Value {
    if name == UPDATE_MILESTONE && body["due_on"].is_null() {
        body.as_object_mut().map(|body| body.remove("due_on"));
    }
    body
}

const UPDATE_MILESTONE: &str = "PATCH /repos/{owner}/{repo}/milestones/{milestone_number}";

struct Call<'r> {
    request: &'r Request,
    values: &'r [String],
    base: String,
}

impl Call<'_> {
    fn body(&self) -> Value {
        self.request.body.clone().unwrap_or(json!({}))
    }

    fn query(&self, name: &str) -> Option<&str> {
        self.request.query.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    fn number(&self) -> u64 {
        self.values.get(2).and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

fn texts(body: &Value, key: &str) -> Vec<String> {
    body[key].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn answer(repository: &mut Repository, name: &str, call: &Call<'_>) -> Answer {
    if name == "GET /user" {
        // A workflow's token does not belong to a user.
        return message(403, "Resource not accessible by integration");
    }
    let asked = format!("{}/{}", call.values[0], call.values[1]);
    if repository.former_name.as_deref() == Some(&asked) {
        let moved = message(301, "Moved Permanently");
        return moved.with("location", format!("{}/repos/{}", call.base, repository.name));
    }
    let is_home = repository.home.as_ref() == Some(&asked);
    let is_of_issues = ["/issues", "/labels", "/milestones"].iter().any(|it| name.contains(it));
    if is_home && is_of_issues && !name.contains("/comments")
        || !is_home && !repository.name.eq_ignore_ascii_case(&asked)
    {
        return message(404, "Not Found");
    }
    let is_of_plans = ["/contents", "/pulls", "/git/", "/comments"].iter().any(|it| name.contains(it));
    if !is_home && repository.home.is_some() && is_of_plans {
        return message(404, "Not Found");
    }
    let is_write = !name.starts_with("GET ");
    if is_write && repository.archived {
        return message(403, "Repository was archived so is read-only.");
    }
    if !repository.has_issues && name.contains("/issues") {
        return message(410, "Issues has been disabled in this repository.");
    }
    let lacks = |feature| repository.lacks.contains(feature);
    if name.contains("dependencies") && lacks("dependencies")
        || (name.contains("sub_issue") || name.ends_with("/parent")) && lacks("sub_issues")
    {
        return message(404, "Not Found");
    }
    let Some((_, rest)) = name.split_once("{repo}") else { return message(500, "not played") };
    match (name.split_once(' ').unwrap().0, rest) {
        ("GET", "") => {
            let fields = json!({"full_name": asked, "archived": repository.archived,
                "has_issues": repository.has_issues});
            Answer::json(200, &description::object("full-repository", fields))
        }
        ("GET", "/labels") => list(call, &repository.labels.iter().map(Repository::label_json).collect::<Vec<_>>()),
        ("POST", "/labels") => create_label(repository, &call.body()),
        (method, "/labels/{name}") => label(repository, method, call),
        ("GET", "/milestones") => {
            list(call, &repository.milestones.iter().map(Repository::milestone_json).collect::<Vec<_>>())
        }
        ("POST", "/milestones") => create_milestone(repository, &call.body()),
        ("PATCH", "/milestones/{milestone_number}") => update_milestone(repository, call),
        ("GET", "/issues") => issues(repository, call),
        ("POST", "/issues") => issue::create_issue(repository, &call.body()),
        ("GET", "/issues/{issue_number}/comments") => {
            let of = repository.comments.iter().filter(|comment| comment.issue == call.number());
            list(call, &of.map(comment_json).collect::<Vec<_>>())
        }
        ("POST" | "PATCH", "/issues/{issue_number}/comments" | "/issues/comments/{comment_id}") => {
            comment(repository, call)
        }
        ("GET", "/commits/{commit_sha}/pulls") => {
            let of = repository.pulls.iter().filter(|(commit, ..)| *commit == call.values[2]);
            list(call, &of.map(|(_, number, into)| pull_json(*number, into.as_deref())).collect::<Vec<_>>())
        }
        ("GET", "/contents/{path}") => content(repository, call),
        (method, rest) if rest.starts_with("/git/") || rest.starts_with("/pulls") => {
            proposals::answer(repository, method, rest, call)
        }
        (method, rest) => issue::issue(repository, method, rest, call),
    }
}

/// Creates or edits a comment.
fn comment(repository: &mut Repository, call: &Call<'_>) -> Answer {
    if !repository.may_comment {
        return message(403, "Resource not accessible by integration");
    }
    let text = text(&call.body(), "body").unwrap();
    if text.chars().count() > 65_536 {
        return refusal("Validation Failed", "body", "is too long (maximum is 65536 characters)");
    }
    if call.request.method == "PATCH" {
        let Some(comment) = repository.comments.iter_mut().find(|comment| comment.id == call.number()) else {
            return message(404, "Not Found");
        };
        comment.body = text;
        return Answer::json(200, &comment_json(comment));
    }
    let author = repository.author();
    Answer::json(201, &comment_json(repository.add_comment(call.number(), &author, &text)))
}

/// A file or folder at a commit. Like GitHub, wraps the base64 of a file at 60 characters.
fn content(repository: &Repository, call: &Call<'_>) -> Answer {
    let (path, reference) = (&call.values[2], call.query("ref").unwrap_or("main"));
    let reference = reference.trim_start_matches("refs/heads/").to_owned();
    let entry = |path: &str, kind: &str| {
        let links = json!({"git": null, "html": null, "self": "https://github.example/x"});
        json!({"type": kind, "path": path, "name": path.rsplit('/').next(), "size": 1, "_links": links})
    };
    if let Some(text) = repository.files.get(&(reference.clone(), path.clone())) {
        let kind = if text.starts_with("link to ") { "symlink" } else { "file" };
        let mut file = entry(path, kind);
        if kind == "symlink" {
            file["target"] = json!(text.trim_start_matches("link to "));
            return Answer::json(200, &description::object("content-symlink", file));
        }
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        let lines: Vec<&str> = encoded.as_bytes().chunks(60).map(|it| std::str::from_utf8(it).unwrap()).collect();
        file["content"] = json!(lines.join("\n"));
        file["encoding"] = json!("base64");
        return Answer::json(200, &description::object("content-file", file));
    }
    let inside = |(other, file): &&(String, String)| {
        *other == reference && file.rsplit_once('/').map_or("", |(folder, _)| folder) == path
    };
    let files: Vec<Value> = repository.files.keys().filter(inside).map(|(_, file)| entry(file, "file")).collect();
    if files.is_empty() {
        return message(404, "Not Found");
    }
    let fill = |entry: Value| description::filled("content-directory", entry);
    Answer::json(200, &files.into_iter().map(fill).collect())
}

/// A numbered page of a list.
fn list(call: &Call<'_>, all: &[Value]) -> Answer {
    let size: usize = call.query("per_page").map_or(30, |size| size.parse().unwrap());
    let page: usize = call.query("page").map_or(1, |page| page.parse().unwrap());
    let part: Vec<Value> = all.iter().skip((page - 1) * size).take(size).cloned().collect();
    let answer = Answer::json(200, &part.into());
    if page * size >= all.len() {
        return answer;
    }
    let path = &call.request.path;
    answer.with("link", format!("<{}{path}?per_page={size}&page={}>; rel=\"next\"", host(call), page + 1))
}

fn host(call: &Call<'_>) -> String {
    call.base.split("/api").next().unwrap_or_default().to_owned()
}

/// Issues and pull requests, paginated by an opaque cursor.
fn issues(repository: &mut Repository, call: &Call<'_>) -> Answer {
    if call.query("page").is_some() {
        let words = "Pagination with the page parameter is not supported for large datasets";
        return Answer::json(422, &json!({"message": words, "documentation_url": "https://docs.example"}));
    }
    let since = call.query("since").map(seconds_of);
    let state = call.query("state").unwrap_or("open").to_owned();
    let mut found: Vec<&Issue> = repository
        .issues
        .iter()
        .filter(|issue| match since {
            Some(since) => repository.moving == Some(issue.number) || repository.updated_at(issue.number) >= since,
            None => repository.moving != Some(issue.number),
        })
        .filter(|issue| state == "all" || issue.closed == (state == "closed"))
        .collect();
    if call.query("direction") != Some("asc") {
        found.reverse();
    }
    if repository.lagging_lists > 0 {
        repository.lagging_lists -= 1;
        let newest = repository.issues.iter().map(|issue| issue.number).max();
        found.retain(|issue| Some(issue.number) != newest);
    }
    let size: usize = call.query("per_page").map_or(30, |size| size.parse().unwrap());
    let from: usize = call.query("after").map_or(0, |cursor| cursor.trim_start_matches("Y3Vyc29y").parse().unwrap());
    let part: Vec<Value> = found.iter().skip(from).take(size).map(|issue| repository.issue_json(issue)).collect();
    let count = found.len();
    let answer = Answer::json(200, &part.into());
    if let Some(number) = repository.closed_while_listed.take_if(|_| state == "open") {
        repository.issue(number).unwrap().closed = true;
        repository.note_updates();
    }
    if from + size >= count {
        return answer;
    }
    let others = call.request.query.iter().filter(|(name, _)| name != "after");
    let others: Vec<String> = others.map(|(name, value)| format!("{name}={value}")).collect();
    let next = format!("{}{}?{}&after=Y3Vyc29y{}", host(call), call.request.path, others.join("&"), from + size);
    answer.with("link", format!("<{next}>; rel=\"next\""))
}

fn create_label(repository: &mut Repository, body: &Value) -> Answer {
    let (name, color) = (text(body, "name").unwrap(), text(body, "color").unwrap_or("ededed".into()));
    let description = text(body, "description").unwrap_or_default();
    if repository.label(&name).is_some() {
        return refusal("Validation Failed", "name", "already_exists");
    }
    if name.chars().count() > 50 || description.chars().count() > 100 || color.len() != 6 {
        return refusal("Validation Failed", "name", "invalid");
    }
    let label = Label { name, color, description };
    let answer = Answer::json(201, &Repository::label_json(&label));
    repository.labels.push(label);
    answer
}

fn label(repository: &mut Repository, method: &str, call: &Call<'_>) -> Answer {
    let body = call.body();
    let new = text(&body, "new_name");
    if repository.label(&call.values[2]).is_none() {
        return message(404, "Not Found");
    }
    if new.as_ref().is_some_and(|new| !new.eq_ignore_ascii_case(&call.values[2]) && repository.label(new).is_some()) {
        return refusal("Validation Failed", "name", "already_exists");
    }
    let Some(label) = repository.label(&call.values[2]) else { return message(404, "Not Found") };
    if method == "PATCH" {
        label.color = text(&body, "color").unwrap_or(label.color.clone());
        label.description = text(&body, "description").unwrap_or(label.description.clone());
    }
    let old = label.name.clone();
    label.name = new.unwrap_or_else(|| old.clone());
    let label = label.clone();
    for labels in repository.issues.iter_mut().map(|issue| &mut issue.labels) {
        if labels.remove(&old) {
            labels.insert(label.name.clone());
        }
    }
    Answer::json(200, &Repository::label_json(&label))
}

/// Midnight in US Pacific time on the day of a timestamp, in UTC.
fn floored(instant: &str) -> String {
    let pacific = jiff::tz::TimeZone::get("America/Los_Angeles").unwrap();
    let day = instant.parse::<jiff::Timestamp>().unwrap().to_zoned(pacific.clone()).date();
    day.to_zoned(pacific).unwrap().timestamp().to_string()
}

fn create_milestone(repository: &mut Repository, body: &Value) -> Answer {
    let title = text(body, "title").unwrap();
    if repository.milestones.iter().any(|milestone| milestone.title == title) {
        return refusal("Validation Failed", "title", "already_exists");
    }
    let milestone = Milestone {
        number: repository.milestones.len() as u64 + 1,
        title,
        description: text(body, "description").unwrap_or_default(),
        due_on: text(body, "due_on").map(|instant| floored(&instant)),
        closed: body["state"] == "closed",
    };
    let answer = Answer::json(201, &Repository::milestone_json(&milestone));
    repository.milestones.push(milestone);
    answer
}

fn update_milestone(repository: &mut Repository, call: &Call<'_>) -> Answer {
    let (number, body) = (call.number(), call.body());
    let Some(milestone) = repository.milestones.iter_mut().find(|it| it.number == number) else {
        return message(404, "Not Found");
    };
    let takes_date_away = body.get("due_on").is_some_and(Value::is_null);
    match repository.null_date {
        NullDate::Refused if takes_date_away => return refusal("Invalid request.", "due_on", "nil is not a string"),
        NullDate::Removes if takes_date_away => milestone.due_on = None,
        _ => {}
    }
    milestone.title = text(&body, "title").unwrap_or(milestone.title.clone());
    milestone.description = text(&body, "description").unwrap_or(milestone.description.clone());
    milestone.due_on = text(&body, "due_on").map(|it| floored(&it)).or(milestone.due_on.clone());
    milestone.closed = text(&body, "state").map_or(milestone.closed, |state| state == "closed");
    Answer::json(200, &Repository::milestone_json(milestone))
}
