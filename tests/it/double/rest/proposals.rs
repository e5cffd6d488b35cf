//! Branches, commits and the pull requests for them.

use serde_json::{Value, json};

use super::{Answer, Call, list};
use crate::double::description::object;
use crate::double::repository::{Proposed, Repository};
use crate::double::{message, refusal, text};

pub(super) fn answer(repository: &mut Repository, method: &str, rest: &str, call: &Call<'_>) -> Answer {
    if method != "GET" && !repository.may_push {
        return message(403, "Resource not accessible by integration");
    }
    let body = call.body();
    match (method, rest) {
        ("GET", "/git/commits/{commit_sha}") => {
            let sha = &call.values[2];
            Answer::json(200, &commit(sha, &tree_of(sha)))
        }
        ("POST", "/git/trees") => {
            let files = body["tree"].as_array().unwrap().iter();
            let files = files.map(|file| (text(file, "path").unwrap(), text(file, "content").unwrap())).collect();
            let sha = sha(repository.trees.len());
            repository.trees.insert(sha.clone(), files);
            let fields = json!({"sha": sha, "truncated": false, "tree": []});
            Answer::json(201, &object("git-tree", fields))
        }
        ("POST", "/git/commits") => {
            let tree = text(&body, "tree").unwrap();
            let sha = sha(repository.trees.len());
            let files = repository.trees[&tree].clone();
            repository.trees.insert(sha.clone(), files);
            Answer::json(201, &commit(&sha, &tree))
        }
        ("POST", "/git/refs") => {
            let branch = text(&body, "ref").unwrap().trim_start_matches("refs/heads/").to_owned();
            if repository.branches.contains_key(&branch) {
                return message(422, "Reference already exists");
            }
            point(repository, &branch, &text(&body, "sha").unwrap(), 201)
        }
        ("PATCH", "/git/refs/{ref}") => {
            let branch = call.values[2].trim_start_matches("heads/").to_owned();
            if !repository.branches.contains_key(&branch) {
                return message(422, "Reference does not exist");
            }
            point(repository, &branch, &text(&body, "sha").unwrap(), 200)
        }
        ("GET", "/pulls") => {
            let wanted = call.query("head").and_then(|head| head.split_once(':')).map(|(_, branch)| branch.to_owned());
            let mut found: Vec<&Proposed> = repository
                .proposals
                .iter()
                .filter(|it| wanted.as_ref().is_none_or(|wanted| *wanted == it.branch))
                .collect();
            found.reverse();
            list(call, &found.iter().map(|it| pull(repository, it, "pull-request-simple")).collect::<Vec<_>>())
        }
        ("POST", "/pulls") => {
            let branch = text(&body, "head").unwrap();
            if repository.proposals.iter().any(|it| it.is_open && it.branch == branch) {
                return refusal("Validation Failed", "base", "A pull request already exists");
            }
            let number = 500 + repository.proposals.len() as u64;
            repository.proposals.push(Proposed {
                number,
                branch,
                title: text(&body, "title").unwrap(),
                body: text(&body, "body").unwrap_or_default(),
                is_open: true,
                is_merged: false,
            });
            let new = repository.proposals.last().unwrap();
            Answer::json(201, &pull(repository, new, "pull-request"))
        }
        ("PATCH", "/pulls/{pull_number}") => {
            let number = call.number();
            let Some(there) = repository.proposals.iter_mut().find(|it| it.number == number) else {
                return message(404, "Not Found");
            };
            there.title = text(&body, "title").unwrap_or(there.title.clone());
            there.body = text(&body, "body").unwrap_or(there.body.clone());
            let there = there.clone();
            Answer::json(200, &pull(repository, &there, "pull-request"))
        }
        _ => message(500, "not played"),
    }
}

/// Points a branch to a commit; its files can be read from then on.
fn point(repository: &mut Repository, branch: &str, sha: &str, status: u16) -> Answer {
    repository.branches.insert(branch.to_owned(), sha.to_owned());
    for (path, text) in repository.trees[sha].clone() {
        repository.files.insert((branch.to_owned(), path), text);
    }
    let fields = json!({"ref": format!("refs/heads/{branch}"), "object": {"type": "commit", "sha": sha, "url": "https://x.example"}});
    Answer::json(status, &object("git-ref", fields))
}

fn commit(sha: &str, tree: &str) -> Value {
    let author = json!({"date": "2026-01-02T00:00:00Z", "email": "a@b.example", "name": "A"});
    object(
        "git-commit",
        json!({"sha": sha, "tree": {"sha": tree, "url": "https://x.example"}, "author": author, "committer": author}),
    )
}

fn sha(number: usize) -> String {
    format!("{:040x}", 0xc0_ffee + number)
}

fn tree_of(commit: &str) -> String {
    commit.chars().rev().collect()
}

fn pull(repository: &Repository, it: &Proposed, schema: &str) -> Value {
    let merged = it.is_merged.then_some("2026-01-02T00:00:00Z");
    let end = |branch: &str| {
        json!({"label": branch, "ref": branch, "sha": "0", "user": object("simple-user", json!({"login": "ada"})),
            "repo": object("repository", json!({}))})
    };
    let fields = json!({
        "number": it.number, "state": if it.is_open { "open" } else { "closed" }, "title": it.title, "body": it.body,
        "merged_at": merged, "html_url": format!("https://github.example/{}/pull/{}", repository.name, it.number),
        "user": object("simple-user", json!({"login": repository.author()})), "head": end(&it.branch), "base": end("main"),
    });
    object(schema, fields)
}
