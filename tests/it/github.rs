//! Runs of the whole program against the GitHub double.

use std::process::Output;

use crate::common::{OBSERVATORY, Workplace, changes, stderr};
use crate::double::{Double, TOKEN};
use serde_json::Value;

fn run(workplace: &Workplace, double: &Double, arguments: &[&str]) -> Output {
    let mut command = workplace.command();
    command.env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", &double.api).args(arguments);
    let output = command.output().unwrap();
    assert!(!stderr(&output).contains(TOKEN), "the token was printed");
    output
}

fn done(workplace: &Workplace, double: &Double, arguments: &[&str]) -> String {
    let output = run(workplace, double, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

const APPLY: [&str; 5] = ["apply", "plan.md", "--repo", "stars/observatory", "--yes"];
const PREVIEW: [&str; 6] = ["preview", "plan.md", "--repo", "stars/observatory", "--format", "json"];

fn observatory() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    workplace
}

fn count(requests: &[String], start: &str) -> usize {
    requests.iter().filter(|request| request.starts_with(start)).count()
}

#[test]
fn a_plan_is_applied_with_one_request_for_each_thing_and_only_read_the_second_time() {
    let (workplace, double) = (observatory(), Double::start());
    done(&workplace, &double, &APPLY);
    let requests = double.requests();
    let creating =
        |path: &str| requests.iter().filter(|it| **it == format!("POST /repos/stars/observatory/{path}")).count();
    assert_eq!([creating("labels"), creating("milestones"), creating("issues")], [8, 3, 8], "{requests:#?}");
    assert_eq!([count(&requests, "PATCH"), count(&requests, "PUT"), count(&requests, "DELETE")], [0, 0, 0]);
    double.repository(|repository| {
        assert_eq!(repository.issues.iter().map(|issue| issue.blocked_by.len()).sum::<usize>(), 8);
        assert_eq!(repository.pins, [5, 8]);
        assert_eq!(repository.milestones[0].due_on.as_deref(), Some("2026-03-02T08:00:00Z"));
        assert_eq!(repository.milestones[1].due_on.as_deref(), Some("2026-05-18T07:00:00Z"));
    });
    let preview: Value = serde_json::from_str(&done(&workplace, &double, &PREVIEW)).unwrap();
    assert_eq!(changes(&preview), [""; 0]);
    assert_eq!(preview["target"], "stars/observatory");
    double.requests();
    done(&workplace, &double, &APPLY);
    let requests = double.requests();
    assert!(requests.iter().all(|it| it.starts_with("GET") || it.starts_with("GRAPHQL query")), "{requests:#?}");
    double.check();
}

/// Expects a run to fail with these words and without a write.
fn refused(prepare: impl FnOnce(&Double), words: &str) {
    let (workplace, double) = (observatory(), Double::start());
    prepare(&double);
    let output = run(&workplace, &double, &APPLY);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains(words), "`{words}` is missing: {}", stderr(&output));
    assert!(stderr(&output).lines().count() <= 3, "short and plain: {}", stderr(&output));
    double.repository(|repository| assert!(repository.labels.is_empty() && repository.issues.is_empty()));
}

#[test]
fn failures_are_plain_sentences_with_advice() {
    let archived = "`stars/observatory` is archived, so nothing can be written to it; unarchive it first";
    refused(|it| it.repository(|it| it.archived = true), archived);
    let disabled = "issues are disabled in `stars/observatory`; turn them on in the repository's settings";
    refused(|it| it.repository(|it| it.has_issues = false), disabled);
    let missing = "GitHub answered 404 (Not Found); there is no such repository";
    refused(|it| it.repository(|it| it.name = "stars/other".into()), missing);
    let denied = crate::double::Fault::message(403, "Resource not accessible by integration");
    refused(|it| it.fail("POST", "/labels", 0, 1, denied), "in a workflow write `permissions: issues: write`");
}

#[test]
fn a_token_is_needed_and_must_be_valid() {
    let (workplace, double) = (observatory(), Double::start());
    let mut command = workplace.command();
    let output = command.env("GITHUB_API_URL", &double.api).args(APPLY).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("or set GITHUB_TOKEN or GH_TOKEN"), "{}", stderr(&output));
    assert!(double.requests().is_empty());
    let mut command = workplace.command();
    command.env("GH_TOKEN", "ghp_wrong").env("GITHUB_API_URL", &double.api).args(APPLY);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("GitHub does not accept the token"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("ghp_wrong"));
}

#[test]
fn the_token_goes_only_where_it_is_safe() {
    let workplace = observatory();
    for (api, words) in [
        ("http://git.example/api/v3", "is not HTTPS"),
        ("ftp://127.0.0.1", "is not HTTPS"),
        ("https://user:pass@git.example", "has a user in it"),
        ("http://user:pass@git.example", "has a user in it"),
        ("nonsense", "is not HTTPS"),
    ] {
        let mut command = workplace.command();
        let output = command.env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", api).args(APPLY).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{api}");
        let said = stderr(&output);
        assert!(said.contains(words) && !said.contains(TOKEN) && !said.contains("pass"), "{api}: {said}");
    }
    for name in ["observatory", "a/b/c", "../x", "a/b?c", "/"] {
        let double = Double::start();
        let output = run(&workplace, &double, &["preview", "plan.md", "--repo", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(stderr(&output).contains("write OWNER/NAME") || name == "observatory", "{}", stderr(&output));
        assert!(double.requests().is_empty());
    }
}

#[test]
fn only_one_target_is_accepted() {
    let output = observatory().run(&["preview", "plan.md", "--repo", "a/b", "--offline", "repo.json"]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn edits_by_people_are_kept_and_reported() {
    let (workplace, double) = (observatory(), Double::start());
    done(&workplace, &double, &APPLY);
    double.repository(|repository| {
        let issue = repository.issue(3).unwrap();
        issue.title = "O3 Polish the mirror".into();
        issue.body = issue.body.replace('\n', "\r\n").replacen("[ ]", "[x]", 1) + "\r\nPeople's own words.";
        repository.issue(7).unwrap().closed = true;
    });
    workplace.edit("plan.md", "  - The surface is", "  - The edge is not turned down.\n  - The surface is");
    let preview: Value = serde_json::from_str(&done(&workplace, &double, &PREVIEW)).unwrap();
    assert_eq!(changes(&preview).len(), 1, "{:?}", changes(&preview));
    assert_eq!(preview["summary"]["drift"], 1);
    done(&workplace, &double, &APPLY);
    double.repository(|repository| {
        let issue = repository.issue(3).unwrap();
        assert_eq!(issue.title, "O3 Polish the mirror");
        assert!(issue.body.contains("- [ ] The edge") && issue.body.contains("- [x] The surface"), "{}", issue.body);
        assert!(issue.body.ends_with("\r\nPeople's own words."), "{}", issue.body);
        assert!(repository.issue(7).unwrap().closed);
    });
    let preview: Value = serde_json::from_str(&done(&workplace, &double, &PREVIEW)).unwrap();
    assert_eq!(changes(&preview), [""; 0]);
    double.check();
}
