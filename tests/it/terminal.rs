//! The program as used by a person at a terminal, or by a script.

use std::os::unix::fs::PermissionsExt;
use std::process::Output;

use crate::common::{OBSERVATORY, Workplace, stderr};
use crate::double::{Double, TOKEN};

fn observatory() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    workplace
}

/// Runs the program with a fake executable that shadows the real one on the path.
fn with_fake(workplace: &Workplace, name: &str, script: &str, double: &Double, arguments: &[&str]) -> Output {
    std::fs::create_dir_all(workplace.path("bin")).unwrap();
    let file = format!("bin/{name}");
    workplace.write(&file, format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(workplace.path(&file), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", workplace.path("bin").display(), std::env::var("PATH").unwrap());
    workplace.command().env("PATH", path).env("GITHUB_API_URL", &double.api).args(arguments).output().unwrap()
}

fn git(workplace: &Workplace, arguments: &[&str]) {
    let mut git = std::process::Command::new("git");
    assert!(git.args(arguments).current_dir(workplace.path("")).status().unwrap().success(), "git {arguments:?}");
}

#[test]
fn an_apply_without_yes_writes_nothing_where_nobody_can_answer() {
    let workplace = observatory();
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "{output:?}");
    insta::assert_snapshot!(stderr(&output), @"error: apply asks before it writes, but nobody can answer here; check the changes with `plan-action preview`, then pass --yes. Nothing was written.");
    assert!(!workplace.path("repo.json").exists());
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(
        workplace.stdout(&["apply", "plan.md", "--offline", "repo.json"]),
        "No changes; all 19 items match the plan.\n",
        "where there is nothing to write, there is nothing to ask"
    );
}

#[test]
fn a_plan_from_standard_input_is_applied_only_with_a_name_of_its_own() {
    let workplace = Workplace::new();
    let apply = |text: &str| {
        let mut command = workplace.command();
        command.args(["apply", "-", "--offline", "repo.json", "--yes"]).write_stdin(text).output().unwrap()
    };
    let output = apply(OBSERVATORY);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("give it a name with `plan:` in its front matter"), "{}", stderr(&output));
    assert!(!workplace.path("repo.json").exists());
    let body = OBSERVATORY.split_once("---\n").and_then(|(_, rest)| rest.split_once("---\n")).map(|(_, body)| body);
    let named = format!("---\nplan: observatory\n---\n{}", body.unwrap_or(OBSERVATORY));
    let output = apply(&named);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn an_invalid_repository_name_is_wrong_usage_before_anything_is_read() {
    let workplace = Workplace::new();
    for (value, words) in [
        ("a/b/c", "write OWNER/NAME"),
        ("../x", "write OWNER/NAME"),
        ("a/b?c", "write OWNER/NAME"),
        ("/", "write OWNER/NAME"),
        ("foo", "there is no git remote `foo` here"),
        ("https://gitlab.com/stars/observatory", "it is on gitlab.com, but the API in use belongs to github.com"),
    ] {
        let output = workplace.run(&["preview", "missing.md", "--repo", value]);
        assert_eq!(output.status.code(), Some(2), "{value}: {}", stderr(&output));
        let said = stderr(&output);
        assert!(said.contains(words) && !said.contains("token") && !said.contains("missing.md"), "{value}: {said}");
    }
    for command in [&["apply", "missing.md"][..], &["gate", "missing.md", "--tag", "v1"]] {
        let output = workplace.run(command);
        assert_eq!(output.status.code(), Some(2), "{command:?}");
        assert!(stderr(&output).contains("--repo OWNER/NAME") && stderr(&output).contains("--offline FILE.json"));
    }
}

#[test]
fn a_url_and_a_git_remote_name_a_repository_too() {
    let (workplace, double) = (observatory(), Double::start());
    let host = "https://token:secret@127.0.0.1/stars/observatory.git";
    git(&workplace, &["init", "-q"]);
    git(&workplace, &["remote", "add", "origin", host]);
    git(&workplace, &["remote", "add", "elsewhere", "https://token:secret@gitlab.com/stars/observatory.git"]);
    let preview = |value: &str| {
        let mut command = workplace.command();
        command.env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", &double.api);
        command.args(["preview", "plan.md", "--repo", value]).output().unwrap()
    };
    for value in ["origin", "https://127.0.0.1/stars/observatory", "git@127.0.0.1:stars/observatory.git"] {
        let output = preview(value);
        assert_eq!(output.status.code(), Some(0), "{value}: {}", stderr(&output));
        assert!(double.requests()[0].starts_with("GET /repos/stars/observatory"));
    }
    let output = preview("elsewhere");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the remote is on gitlab.com"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("secret"), "{}", stderr(&output));
    assert!(double.requests().is_empty());
}

#[test]
fn the_token_of_gh_is_used_if_no_variable_provides_one() {
    let (workplace, double) = (observatory(), Double::start());
    let script = format!("[ \"$*\" = 'auth token --hostname 127.0.0.1' ] && echo {TOKEN}");
    let arguments = ["preview", "plan.md", "--repo", "stars/observatory", "--verbose"];
    let output = with_fake(&workplace, "gh", &script, &double, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("with the token from `gh auth token`"), "{}", stderr(&output));
    assert!(!stderr(&output).contains(TOKEN), "{}", stderr(&output));
    // Without a login.
    let output = with_fake(&workplace, "gh", "echo 'no oauth token found' >&2; exit 1", &double, &arguments);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("log in with `gh auth login`, or set GITHUB_TOKEN"), "{}", stderr(&output));
}

#[test]
fn a_quiet_run_prints_results_and_errors_and_a_verbose_one_each_change() {
    let workplace = observatory();
    workplace.edit("plan.md", "O7 --> O8", "O7 --> O6");
    let check = |flag: &str| workplace.run(&["check", "plan.md", flag]);
    assert!(stderr(&check("--verbose")).contains("warning[graph-disagrees]"));
    let output = check("-q");
    assert_eq!((stderr(&output).as_str(), output.stdout.is_empty()), ("", false));
    workplace.write("wrong.md", OBSERVATORY.replace("depends_on: [O1]", "depends_on: [O99]"));
    assert!(stderr(&workplace.run(&["check", "wrong.md", "-q"])).contains("error[unknown-dependency]"));
    let apply = |flag: &str, file: &str| workplace.run(&["apply", "plan.md", "--offline", file, "--yes", flag]);
    let output = apply("-v", "verbose.json");
    let said = stderr(&output);
    assert!(said.contains("1 of 29: create label"), "{said}");
    assert!(said.lines().filter(|line| line.contains(" of 29: ")).count() == 29, "{said}");
    assert_eq!(stderr(&apply("-q", "quiet.json")), "");
    assert_eq!(workplace.run(&["check", "plan.md", "-q", "-v"]).status.code(), Some(2));
}

#[test]
fn a_preview_with_only_drift_says_that_nothing_is_to_be_applied() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|repository| repository["issues"][0]["title"] = "O1 Pour another pier".into());
    let preview = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(
        preview.ends_with("\nNothing to apply; 1 edit by people differs from the plan and is kept.\n"),
        "{preview}"
    );
}

#[test]
fn a_plan_is_shown_with_its_assignees() {
    let workplace = Workplace::new();
    workplace.write(
        "plan.md",
        "# Plan\n\n## Phase 1: Ground\n\n- [ ] Pour the pier\n  - Assignee: @ada\n- [ ] Pull the cable\n",
    );
    let shown = workplace.stdout(&["show", "plan.md"]);
    assert!(shown.contains("  [ ] Pour the pier  @ada\n  [ ] Pull the cable\n"), "{shown}");
}
