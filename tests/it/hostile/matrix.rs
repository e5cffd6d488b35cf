//! Every input position combined with every output.

use std::process::Output;

use super::corpus::{Text, all, without};
use super::{github, markdown, plans, printed};
use crate::actions::workflow::{Ran, Workflow};
use crate::common::{Workplace, stderr};
use crate::double::Fault;
use serde_json::json;

/// Collects everything that a workflow run leaves behind.
fn run(ran: &Ran, workflow: &Workflow) -> String {
    printed::log(&ran.stdout);
    let errors = printed::log(&ran.stderr);
    assert!(errors.is_empty(), "a command on standard error: {errors:?}");
    printed::outputs(&ran.outputs);
    markdown::harmless("summary", &ran.summary);
    for comment in workflow.comments() {
        markdown::harmless("comment", &comment);
        let marker = plan_action::review::CommentMarker::find(&comment);
        assert!(marker.is_some() || comment.is_empty(), "the marker is damaged: {:?}", comment.lines().next());
    }
    if let Some(path) = ran.outputs.get("diff") {
        printed::json(&std::fs::read_to_string(path).unwrap());
    }
    format!("{}{}{}", ran.stdout, ran.stderr, ran.summary)
}

/// Runs a command on plans in a log, in a log with colours, at a terminal and in a pipe.
fn commands(workplace: &Workplace, arguments: &[&str]) -> String {
    let mut seen = String::new();
    for (is_workflow, has_colours) in [(true, false), (true, true), (false, true), (false, false)] {
        let mut command = workplace.command();
        command.args(arguments);
        if is_workflow {
            command.env("GITHUB_ACTIONS", "true");
        }
        if has_colours {
            command.env("CLICOLOR_FORCE", "1");
        }
        let output: Output = command.output().unwrap();
        let errors = stderr(&output);
        let results = String::from_utf8(output.stdout).unwrap();
        for text in [&results, &errors] {
            match (is_workflow, has_colours) {
                (true, false) => assert_eq!(printed::log(text), []),
                (true, true) => {
                    printed::terminal(text);
                    assert_eq!(printed::log(&unstyled(text)), []);
                }
                (false, true) => printed::terminal(text),
                (false, false) => printed::clean("pipe", text),
            }
        }
        seen.push_str(&errors);
        seen.push_str(&results);
    }
    seen
}

/// Strips styles from a log, the worst case for what remains.
fn unstyled(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, words)| words))
}

/// Every text reached an output; none was lost on the way.
fn all_seen(position: &str, seen: &str, texts: &[Text]) {
    let missing: Vec<&str> = texts.iter().filter(|it| !seen.contains(&it.tag)).map(|it| it.text.as_str()).collect();
    // A few texts are missing: `EOF` has no tag, and some do not make a title.
    assert!(missing.len() <= 3, "{position}: these never arrived: {missing:?}");
}

const SHOWN: [&[&str]; 8] = [
    &["check", "plan.md"],
    &["show", "plan.md"],
    &["show", "plan.md", "--format", "json"],
    &["show", "plan.md", "--format", "mermaid"],
    &["show", "plan.md", "--format", "gantt"],
    &["preview", "plan.md"],
    &["preview", "plan.md", "--format", "json"],
    &["preview", "plan.md", "--format", "markdown"],
];

#[test]
fn plan_text_stays_text_in_logs_terminals_and_json() {
    for position in plans::positions() {
        let workplace = Workplace::new();
        workplace.write("plan.md", &position.plan);
        let mut seen = String::new();
        for arguments in SHOWN {
            seen.push_str(&commands(&workplace, arguments));
        }
        all_seen(position.name, &seen, &position.texts);
        let json = workplace.run(&["show", "plan.md", "--format", "json"]).stdout;
        printed::json(&String::from_utf8(json).unwrap());
        let page = workplace.run(&["preview", "plan.md", "--format", "markdown"]).stdout;
        markdown::harmless(position.name, &String::from_utf8(page).unwrap());
    }
}

#[test]
fn plan_text_stays_text_in_workflows_and_rendered_pages() {
    for position in plans::positions() {
        let workflow = Workflow::new();
        workflow.workplace.write("plan.md", &position.plan);
        run(&workflow.pull_request(&[("mode", "check")]), &workflow);
        let ran = workflow.pull_request(&[]);
        assert_eq!(ran.code, 0, "{}: {}", position.name, ran.stderr);
        let mut seen = run(&ran, &workflow);
        seen.push_str(&workflow.comment());
        all_seen(position.name, &seen, &position.texts);
    }
}

#[test]
fn plan_text_stays_text_in_what_an_apply_writes() {
    for position in plans::positions().into_iter().filter(|it| it.name != "milestone" && it.name != "label") {
        let workflow = Workflow::new();
        workflow.workplace.write("plan.md", &position.plan);
        workflow.land();
        let ran = workflow.push(&[]);
        assert_eq!(ran.code, 0, "{}: {}", position.name, ran.stderr);
        run(&ran, &workflow);
        github::stored(&workflow.double, position.issues);
        // People can edit whatever the plan can.
        let texts = position.texts.clone();
        workflow.double.repository(|repository| {
            for (issue, text) in repository.issues.iter_mut().zip(&texts) {
                issue.title = format!("{} by people", text.text);
                issue.assignees.insert(text.text.clone());
            }
        });
        let ran = workflow.run("schedule", r#"{"repository": {"default_branch": "main"}}"#, &[]);
        all_seen(position.name, &run(&ran, &workflow), &position.texts[..position.issues.min(60)]);
        workflow.workplace.edit("plan.md", "First", "First of all");
        run(&workflow.pull_request(&[]), &workflow);
    }
}

/// An offline repository has no rate limits, so every milestone and label can be created at once.
#[test]
fn plan_text_stays_text_for_a_person_who_applies_it() {
    for position in plans::positions() {
        let workplace = Workplace::new();
        workplace.write("plan.md", &position.plan);
        for arguments in [&["preview", "plan.md"][..], &["apply", "plan.md", "--offline", "repo.json", "--yes"]] {
            let output = workplace.run(arguments);
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            printed::clean(position.name, &stderr(&output));
        }
        let repository = workplace.repository();
        let strings = |list: &str, field: &str| -> Vec<String> {
            let all = repository[list].as_array().unwrap().iter();
            all.map(|it| it[field].as_str().unwrap_or_default().to_owned()).collect()
        };
        for (list, field) in
            [("issues", "title"), ("milestones", "title"), ("labels", "name"), ("labels", "description")]
        {
            strings(list, field).iter().for_each(|it| printed::clean(field, it));
        }
        for (list, field) in [("issues", "body"), ("milestones", "description")] {
            strings(list, field).iter().for_each(|it| github::text(it));
        }
        workplace.edit_repository(|repository| {
            for (issue, text) in repository["issues"].as_array_mut().unwrap().iter_mut().zip(&position.texts) {
                issue["title"] = format!("{} by people", text.text).into();
            }
        });
        commands(&workplace, &["preview", "plan.md", "--offline", "repo.json"]);
        commands(&workplace, &["preview", "plan.md", "--offline", "repo.json", "--format", "json"]);
        commands(&workplace, &["gate", "plan.md", "--offline", "repo.json", "--tag", &position.texts[0].text]);
    }
}

#[test]
fn an_unknown_setting_is_repeated_as_text() {
    let workflow = Workflow::new();
    workflow.workplace.write("plan.md", plans::unknown_settings(&all()));
    let seen = commands(&workflow.workplace, &["check", "plan.md"]);
    all_seen("setting", &seen, &all());
    for format in ["json", "sarif"] {
        commands(&workflow.workplace, &["check", "plan.md", "--format", format]);
        let output = workflow.workplace.run(&["check", "plan.md", "--format", format]);
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(found.is_object(), "{format}: {found}");
    }
    // Keys of other tools are ignored with a note that names them.
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    all_seen("setting in a workflow", &(run(&ran, &workflow) + &workflow.comment()), &all());
}

#[test]
fn the_name_of_a_file_is_only_a_name() {
    let texts = without(&['/', '\0', '\n', '\r']);
    let workflow = Workflow::new();
    let mut names = Vec::new();
    for (at, text) in texts.iter().enumerate() {
        let name = format!("{}.md", text.text.chars().take(60).collect::<String>());
        // Each file causes a note, so that its name is printed as a location in logs, annotations and pages.
        let plan = format!(
            "## Milestones\n\n1. `M{at}` First {at}\n\n## Issues\n\n### `I{at}` Issue {at}\n\n- Milestone: `M{at}`\n- Depends on: what nobody knows\n"
        );
        workflow.workplace.write(&name, plan);
        names.push(name);
    }
    for command in ["check", "show", "preview"] {
        let mut arguments = vec![command, "--"];
        arguments.extend(names.iter().map(String::as_str));
        let seen = commands(&workflow.workplace, &arguments);
        all_seen("file name", &seen, &texts);
    }
    // A name with a bracket is a glob, unless such a file exists.
    let plain = without(&['/', '\0', '\n', '\r', '[', '*', '?']);
    let missing: Vec<String> = plain.iter().map(|it| format!("{}-missing.md", it.text)).collect();
    let mut arguments = vec!["check", "--"];
    arguments.extend(missing.iter().map(String::as_str));
    all_seen("missing file", &commands(&workflow.workplace, &arguments), &plain);
    // Blanks around the lines of an input are trimmed.
    names.retain(|name| name.trim() == name);
    let ran = workflow.pull_request(&[("plan", &names.join("\n"))]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    all_seen("file name in a workflow", &run(&ran, &workflow), &texts);
    assert_eq!(workflow.comments().len(), names.len());
}

#[test]
fn the_name_of_a_plan_is_only_a_name() {
    for text in all() {
        let workflow = Workflow::new();
        let name = plans::quoted(&text.text);
        let plan = format!(
            "---\nplan: {name}\n---\n# P\n\n## Milestones\n\n1. `M1` First\n\n## Issues\n\n### `I1` One\n\n- Milestone: `M1`\n"
        );
        workflow.workplace.write("plan.md", plan);
        workflow.land();
        let ran = workflow.push(&[]);
        let titles: Vec<String> =
            printed::log(&ran.stdout).into_iter().filter(|it| it.name == "group").map(|it| it.data).collect();
        assert_eq!((ran.code, titles.len()), (0, 1), "{}{}", ran.stdout, ran.stderr);
        run(&ran, &workflow);
        github::stored(&workflow.double, 1);
    }
}

#[test]
fn the_name_of_a_branch_is_only_a_name() {
    for text in without(&['\0']) {
        let workflow = Workflow::new();
        // Something is already pending on the base branch, which a comment mentions by name.
        workflow.land();
        workflow.workplace.edit("plan.md", "O3` Grind", "O3` Cast");
        let mut event: serde_json::Value =
            serde_json::from_str(include_str!("../../../fixtures/events/pull_request.json")).unwrap();
        event["pull_request"]["base"]["ref"] = json!(text.text);
        let ran = workflow.run("pull_request", &event.to_string(), &[]);
        let seen = run(&ran, &workflow) + &workflow.comment();
        assert!(seen.contains(&text.tag) || text.text == "EOF", "{text:?}");
        let mut event: serde_json::Value =
            serde_json::from_str(include_str!("../../../fixtures/events/push.json")).unwrap();
        event["ref"] = json!(format!("refs/heads/{}", text.text));
        event["repository"]["default_branch"] = json!(text.text);
        // The plan has changed on the branch since, and the message names the branch.
        let place = (text.text.clone(), "plan.md".to_owned());
        workflow.double.repository(|repository| repository.files.insert(place, "# Another plan".into()));
        let ran = workflow.run("push", &event.to_string(), &[]);
        assert!(run(&ran, &workflow).contains(&text.tag) || text.text == "EOF", "{text:?}");
    }
}

#[test]
fn a_message_of_the_api_is_only_a_message() {
    let workflow = Workflow::new();
    let plan = plans::positions().into_iter().find(|it| it.name == "unkeyed issue").unwrap();
    workflow.workplace.write("plan.md", &plan.plan);
    workflow.land();
    for text in &plan.texts {
        workflow.double.fail("POST", "/issues", 0, 1, Fault::message(422, &text.text));
    }
    let ran = workflow.push(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    all_seen("API message", &run(&ran, &workflow), &plan.texts);
    workflow.double.check();
    for text in all() {
        let workflow = Workflow::new();
        workflow.double.fail("POST", "/comments", 0, 1, Fault::message(403, &text.text));
        run(&workflow.pull_request(&[]), &workflow);
        graphql_message(&text, "addBlockedBy", 1);
    }
    // A query is tried three times before its error is reported.
    std::thread::scope(|scope| {
        for text in all() {
            scope.spawn(move || graphql_message(&text, "viewer", 3));
        }
    });
}

/// A run in which GraphQL answers with an error.
fn graphql_message(text: &Text, part: &'static str, times: usize) {
    let answer = json!({"data": null, "errors": [{"message": text.text, "path": ["l0"]}]}).to_string();
    let workflow = Workflow::new();
    workflow.land();
    workflow.double.fail("POST", part, 0, times, Fault::Answer(200, Vec::new(), answer));
    let ran = workflow.push(&[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(run(&ran, &workflow).contains(&text.tag) || text.text == "EOF", "{text:?}: {ran:?}");
}

#[test]
fn a_login_is_only_a_name() {
    let workflow = Workflow::applied();
    for text in all() {
        workflow.double.repository(|repository| {
            repository.issues.iter_mut().for_each(|issue| {
                issue.assignees = [text.text.clone()].into();
                issue.author.clone_from(&text.text);
                issue.association = "NONE".into();
            });
        });
        // The gate names assignees; a preview names authors whose markers are not believed.
        let ran = workflow.run("push", r#"{"repository": {"default_branch": "main"}, "ref": "refs/tags/v0.2.0"}"#, &[]);
        assert!(run(&ran, &workflow).contains(&text.tag) || text.text == "EOF", "{text:?}: {ran:?}");
        let ran = workflow.run("schedule", r#"{"repository": {"default_branch": "main"}}"#, &[]);
        run(&ran, &workflow);
        run(&workflow.pull_request(&[]), &workflow);
    }
}
