//! The token stays secret, even if a server, a plan or a command line repeats it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::actions::workflow::{Ran, Workflow};
use crate::common::{OBSERVATORY, Workplace, stderr};
use crate::double::{Double, Fault, TOKEN};
use serde_json::{Value, json};

/// Encodings in which a server may repeat a token.
fn forms() -> Vec<(&'static str, String)> {
    vec![
        ("as it is", TOKEN.to_owned()),
        ("in capitals", TOKEN.to_uppercase()),
        ("as a password", STANDARD.encode(format!("x-access-token:{TOKEN}"))),
        ("as a user", STANDARD.encode(format!("{TOKEN}:x-oauth-basic"))),
        ("as a header", format!("Authorization: Bearer {TOKEN}")),
        ("in an address", format!("https://x-access-token:{TOKEN}@github.com/?t={TOKEN}&u=1")),
    ]
}

/// Fails if a text contains the token in any form, before or after rendering.
fn secret(what: &str, text: &str) {
    let page = text.replace("&#95;", "_").replace("&#8203;", "").replace('\u{200b}', "");
    for text in [text, &page] {
        let lower = text.to_lowercase();
        assert!(!lower.contains(TOKEN), "{what}: the token was written: {text}");
        for word in text.split(|it: char| !(it.is_ascii_alphanumeric() || "+/=-_".contains(it))) {
            let decoded = STANDARD.decode(word).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&decoded).contains(TOKEN), "{what}: the token was written: {word}");
        }
    }
}

fn kept(what: &str, ran: &Ran, workflow: &Workflow) {
    assert!(ran.code == 0 || ran.code == 1, "{what}: {}", ran.stderr);
    for text in [&ran.stdout, &ran.stderr, &ran.summary] {
        secret(what, text);
    }
    for (name, value) in &ran.outputs {
        secret(name, value);
        if name == "diff" {
            secret(what, &std::fs::read_to_string(value).unwrap());
        }
    }
    workflow.comments().iter().for_each(|comment| secret(what, comment));
    workflow.double.repository(|it| it.issues.iter().for_each(|it| secret(what, &format!("{}{}", it.title, it.body))));
}

/// Answers that repeat a text, and the requests that get them.
fn echoes(text: &str) -> Vec<(&'static str, &'static str, Fault)> {
    let answer = |status, body: Value| Fault::Answer(status, Vec::new(), body.to_string());
    let redirect = || vec![("location", format!("https://evil.example/{text}"))];
    let next = || vec![("link", format!("<https://evil.example/{text}>; rel=\"next\""))];
    let wrong = json!([{"number": text, "id": 1, "node_id": "x", "title": "x", "state": "open", "labels": []}]);
    vec![
        ("GET", "/repos/stars/observatory", Fault::message(404, text)),
        ("GET", "/repos/stars/observatory", Fault::message(403, text)),
        ("GET", "/repos/stars/observatory", Fault::Answer(301, redirect(), "{}".into())),
        ("GET", "/issues?", answer(200, wrong)),
        ("GET", "/issues?", Fault::Answer(200, next(), "[]".into())),
        ("GET", "/issues?", answer(422, json!({"message": text, "errors": [text, {"field": text, "message": text}]}))),
        ("GET", "/labels", answer(200, json!([{"name": text, "color": "ededed", "description": text}]))),
        ("POST", "viewer", answer(200, json!({"data": null, "errors": [{"message": text}]}))),
        ("POST", "viewer", answer(200, json!({"data": text}))),
        ("POST", "/labels", answer(422, json!({"message": text, "errors": [{"field": text, "code": text}]}))),
        ("POST", "/issues", Fault::message(403, text)),
        ("POST", "/issues", Fault::message(422, text)),
        ("POST", "addBlockedBy", answer(200, json!({"data": null, "errors": [{"message": text, "path": ["l0"]}]}))),
        ("POST", "/comments", Fault::message(403, text)),
    ]
}

#[test]
fn a_server_that_repeats_the_token_does_not_leak_it() {
    for (form, text) in forms() {
        // Where a token is repeated does not depend on its encoding, so for most encodings a few places suffice.
        let few = if ["as it is", "as a password"].contains(&form) { usize::MAX } else { 2 };
        for (method, part, fault) in echoes(&text).into_iter().take(few) {
            let what = format!("{method} {part} {form}: {fault:?}");
            let workflow = Workflow::new();
            if part != "/comments" {
                workflow.land();
            }
            workflow.double.fail(method, part, 0, 1, fault.clone());
            let ran = if part == "/comments" { workflow.pull_request(&[]) } else { workflow.push(&[]) };
            workflow.double.check();
            kept(&what, &ran, &workflow);
        }
    }
}

#[test]
fn the_token_in_what_people_wrote_on_github_is_not_shown() {
    let workflow = Workflow::applied();
    workflow.double.repository(|repository| {
        for (at, (_, text)) in forms().into_iter().enumerate() {
            let issue = repository.issue(at as u64 + 1).unwrap();
            issue.title = format!("people's {text}");
            issue.body = issue.body.replacen("\n- [ ]", &format!("\n{text}\n- [ ]"), 1);
        }
    });
    workflow.workplace.edit("plan.md", "O3 Grind", "O3 Cast");
    for ran in
        [workflow.run("schedule", r#"{"repository": {"default_branch": "main"}}"#, &[]), workflow.pull_request(&[])]
    {
        for text in [&ran.stdout, &ran.stderr, &ran.summary] {
            secret("what people wrote", text);
        }
        assert!(ran.summary.contains("people&#39;s &#42;&#42;&#42;"), "{}", ran.summary);
        secret("diff", &std::fs::read_to_string(&ran.outputs["diff"]).unwrap());
    }
    workflow.comments().iter().for_each(|comment| secret("comment", comment));
}

#[test]
fn a_plan_that_contains_the_token_does_not_leak_it() {
    let workflow = Workflow::new();
    workflow.workplace.edit("plan.md", "  - The surface is", &format!("  - {TOKEN}\n  - The surface is"));
    let ran = workflow.pull_request(&[]);
    assert!(ran.summary.contains("***"), "{}", ran.summary);
    kept("pull request", &ran, &workflow);
    assert!(workflow.comment().contains("***"));
    workflow.land();
    kept("push", &workflow.push(&[]), &workflow);
    let title = Workflow::new();
    title.workplace.edit("plan.md", "O3` Grind", &format!("O3` {TOKEN}"));
    title.land();
    kept("title", &title.push(&[]), &title);
}

#[test]
fn the_token_on_the_command_line_or_in_an_input_is_not_repeated() {
    let (workplace, double) = (Workplace::new(), Double::start());
    workplace.write("plan.md", OBSERVATORY);
    for arguments in
        [&["preview", "plan.md", "--repo", TOKEN][..], &["check", TOKEN], &["check", "plan.md", TOKEN], &[TOKEN]]
    {
        for name in ["GITHUB_TOKEN", "GH_TOKEN"] {
            let mut command = workplace.command();
            let output = command.env(name, TOKEN).env("GITHUB_API_URL", &double.api).args(arguments).output().unwrap();
            assert_ne!(output.status.code(), Some(0));
            assert!(stderr(&output).contains("***"), "{}", stderr(&output));
            secret("arguments", &stderr(&output));
        }
    }
    let workflow = Workflow::new();
    for input in ["plan", "mode", "trust"] {
        let ran = workflow.pull_request(&[(input, TOKEN)]);
        kept(input, &ran, &workflow);
        assert_eq!(ran.code, i32::from(input != "trust"), "{input}: {}", ran.stderr);
    }
}

#[test]
fn a_token_with_a_line_break_is_a_plain_error() {
    let (workplace, double) = (Workplace::new(), Double::start());
    workplace.write("plan.md", OBSERVATORY);
    for damaged in
        ["ghp_first\nghp_second", "ghp_first\r\nghp_second", "ghp_first ghp_second", "ghp_first\u{85}ghp_second"]
    {
        let mut command = workplace.command();
        command.env("GITHUB_TOKEN", damaged).env("GITHUB_API_URL", &double.api);
        let output = command.args(["preview", "plan.md", "--repo", "stars/observatory"]).output().unwrap();
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("the token has a line break") && said.lines().count() == 1, "{said}");
        assert!(!said.contains("ghp_"), "{said}");
    }
    assert!(double.requests().is_empty());
}

#[test]
fn a_graphql_answer_of_the_wrong_type_is_a_plain_error() {
    let answers = [
        "[]",
        "\"x\"",
        "7",
        "true",
        "null",
        "",
        r#"{"data": []}"#,
        r#"{"data": {"viewer": "x"}}"#,
        r#"{"data": {"viewer": {"login": []}}}"#,
        r#"{"data": {"repository": {"pinnedIssues": {"nodes": "x"}}}}"#,
        r#"{"data": {"nodes": {}}}"#,
        r#"{"data": {"nodes": [{"number": "x"}]}}"#,
        r#"{"data": {}, "errors": "x"}"#,
    ];
    for (document, times) in [("viewer", 1), ("blockedBy(", 1), ("addBlockedBy", 1), ("updateIssue", 1)] {
        for answer in answers {
            let (workplace, double) = (Workplace::new(), Double::start());
            workplace.write("plan.md", OBSERVATORY);
            let run = |arguments: &[&str]| {
                let mut command = workplace.command();
                command.env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", &double.api);
                command.args(arguments).output().unwrap()
            };
            if document == "blockedBy(" {
                assert_eq!(run(&["apply", "plan.md", "--repo", "stars/observatory", "--yes"]).status.code(), Some(0));
            }
            double.fail("POST", document, 0, times, Fault::Answer(200, Vec::new(), answer.into()));
            let output = run(&["apply", "plan.md", "--repo", "stars/observatory", "--yes"]);
            let said = stderr(&output);
            double.check();
            assert_eq!(output.status.code(), Some(1), "{document} {answer}: {said}");
            assert!(said.contains("GraphQL answers "), "{document} {answer}: {said}");
            assert!(!said.contains("panicked"), "{document} {answer}: {said}");
        }
    }
}
