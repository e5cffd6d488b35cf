//! Previews on pull requests.

use serde_json::Value;

use super::workflow::{BASE, HEAD, Workflow};
use crate::double::Fault;

const FORK: &str = include_str!("../../../fixtures/events/pull_request_fork.json");
const DEPENDABOT: &str = include_str!("../../../fixtures/events/pull_request_dependabot.json");

#[test]
fn a_pull_request_gets_one_comment_that_later_commits_update() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "O3 Grind", "O3 Cast");
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let first = workflow.comment();
    let visible: Vec<&str> = first.lines().skip(1).collect();
    assert_eq!(visible[0], "### Plan <code>plan.md</code>: 1 issue to update", "{first}");
    assert_eq!(visible[2], "Merging this pull request applies the changes.", "{first}");
    let link = "[#&#8203;3](https://redirect.github.com/stars/observatory/issues/3)";
    let row = format!("| ~ | {link} <del>O3 Grind the mirror</del> → O3 Cast the mirror | renamed |");
    assert!(first.lines().any(|line| line == row), "{first}");
    let link = "[#&#8203;3](https://github.com/stars/observatory/issues/3)";
    assert!(ran.summary.contains(link), "a summary links directly: {}", ran.summary);
    assert!(ran.outputs["comment-url"].contains("/pull/12#issuecomment-"), "{:?}", ran.outputs);
    assert_eq!((ran.outputs["changed"].as_str(), ran.outputs["updated"].as_str()), ("true", "1"));
    let diff: Value = serde_json::from_str(&std::fs::read_to_string(&ran.outputs["diff"]).unwrap()).unwrap();
    assert_eq!(diff["digest"], ran.outputs["digest"].as_str());

    // More than a page of comments by others follows.
    workflow.double.repository(|repository| {
        for at in 0..130 {
            repository.add_comment(12, "grace", &format!("{at}: {first}"));
        }
    });
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    assert_eq!(workflow.pull_request(&[]).code, 0);
    let second = workflow.comment();
    assert!(second.contains("1 issue and 1 milestone to update"), "{second}");
    assert_eq!(workflow.comments().iter().filter(|it| **it == second).count(), 1);

    workflow.double.requests();
    assert_eq!(workflow.pull_request(&[]).code, 0);
    let requests = workflow.double.requests();
    assert!(!requests.iter().any(|it| it.starts_with("PATCH") || it.starts_with("POST")), "{requests:#?}");
}

#[test]
fn the_comment_says_when_changes_disappear_and_is_omitted_without_changes() {
    let workflow = Workflow::applied();
    assert_eq!(workflow.pull_request(&[]).code, 0);
    assert!(workflow.comments().is_empty());
    let before = workflow.workplace.read("plan.md");
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    assert!(workflow.comment().contains("1 milestone to update"));
    workflow.workplace.write("plan.md", before);
    workflow.pull_request(&[]);
    assert!(
        workflow.comment().contains("</code>: no changes\n\nThis pull request no longer changes anything."),
        "{}",
        workflow.comment()
    );
}

#[test]
fn pending_changes_alone_cause_no_comment() {
    let workflow = Workflow::new();
    workflow.land();
    let ran = workflow.pull_request(&[]);
    assert_eq!((ran.code, ran.outputs["changed"].as_str()), (0, "true"), "the repository is empty still");
    assert!(workflow.comments().is_empty());
    assert_eq!(workflow.pull_request(&[("comment", "always")]).code, 0);
    let comment = workflow.comment();
    assert!(comment.contains("</code>: no changes\n"), "{comment}");
    let pending =
        "<details open><summary><b>Pending on <code>main</code></b>, not part of this pull request: 8 issues, 3";
    assert!(comment.contains(pending), "{comment}");
    assert!(ran.summary.contains("<b>Pending on <code>main</code></b>"), "{}", ran.summary);
}

#[test]
fn changes_pending_on_the_base_branch_are_shown_separately() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.land();
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    assert_eq!(workflow.pull_request(&[]).code, 0);
    let comment = workflow.comment();
    let (own, pending) = comment.split_once("<details><summary><b>Pending on <code>main</code></b>").unwrap();
    assert!(own.contains("O3 Cast") && !own.contains("2026-05-25"), "{own}");
    assert!(pending.contains("2026-05-18 → 2026-05-25") && !pending.contains("O3 Cast"), "{pending}");
    assert!(own.contains("</code>: 1 issue to update\n") && pending.contains(": 1 milestone to update</summary>"));
}

#[test]
fn a_token_without_comment_permission_does_not_fail_the_run() {
    for (payload, words, kind) in [
        (FORK, "runs from forks have a read-only token", "notice"),
        (DEPENDABOT, "runs for Dependabot have a read-only token", "notice"),
        (include_str!("../../../fixtures/events/pull_request.json"), "pull-requests: write", "warning"),
    ] {
        let workflow = Workflow::new();
        workflow.double.repository(|repository| repository.may_comment = false);
        let ran = workflow.run("pull_request", payload, &[]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let commands = ran.commands(kind);
        assert!(commands.iter().any(|line| line.contains(words) && line.contains("job summary")), "{commands:?}");
        assert!(ran.summary.contains("8 issues and 3 milestones to create"), "{}", ran.summary);
        assert!(workflow.comments().is_empty());
    }
}

#[test]
fn the_comment_can_be_turned_off_or_forced() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    assert_eq!(workflow.pull_request(&[("comment", "never")]).code, 0);
    assert!(workflow.comments().is_empty());
}

#[test]
fn plan_errors_are_in_the_comment_with_their_locations_and_fail_the_run() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "depends_on: [O1]", "depends_on: [O99]");
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 1);
    let comment = workflow.comment();
    assert!(comment.contains("### Plan <code>plan.md</code>: 1 error"), "{comment}");
    assert!(comment.contains("- error: <code>plan.md:"), "{comment}");
    let errors = ran.commands("error");
    assert!(errors[0].starts_with("::error file=plan.md,line=") && errors[0].contains("title=unknown-dependency"));
    assert!(ran.summary.contains("O99"));
    workflow.workplace.edit("plan.md", "depends_on: [O99]", "depends_on: [O1]");
    assert_eq!(workflow.pull_request(&[]).code, 0);
    assert!(workflow.comment().contains("no longer changes anything"), "{}", workflow.comment());
}

#[test]
fn a_comment_whose_answer_was_lost_is_not_written_twice() {
    for fault in [Fault::ResetAfter, Fault::ResetBefore] {
        let workflow = Workflow::applied();
        workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
        workflow.double.fail("POST", "/comments", 0, 1, fault);
        assert_eq!(workflow.pull_request(&[]).code, 0);
        workflow.comment();
        workflow.double.check();
    }
}

#[test]
fn a_marker_in_somebody_elses_comment_is_ignored() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    let ours = workflow.comment();
    workflow.double.repository(|repository| {
        repository.comments.clear();
        repository.add_comment(12, "passer-by", &ours);
    });
    assert_eq!(workflow.pull_request(&[]).code, 0);
    assert_eq!(workflow.comments().len(), 2);
    assert_eq!(workflow.comment(), ours);
}

#[test]
fn a_pull_request_of_a_fork_can_be_read_through_the_api_without_a_checkout() {
    let workflow = Workflow::applied();
    let proposed = workflow.workplace.read("plan.md").replace("2026-05-18", "2026-05-25");
    workflow.double.repository(|it| it.files.insert((HEAD.into(), "plan.md".into()), proposed));
    workflow.workplace.write("plan.md", "# What lies in the workspace is not read\n");
    for (name, plan) in [("pull_request_target", "plan.md"), ("pull_request_target", "p*.md")] {
        let ran = workflow.run(name, FORK, &[("plan", plan)]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(workflow.comment().contains(": 1 milestone to update\n"), "{}", workflow.comment());
    }
    for (plan, words) in [
        ("other.md", "`other.md` does not exist at"),
        ("../plan.md", "is not a path inside the repository"),
        ("/plan.md", "is not a path inside the repository"),
        ("*/plan.md", "only the last part of a path can contain"),
    ] {
        let ran = workflow.run("pull_request_target", FORK, &[("plan", plan)]);
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    workflow.double.repository(|it| it.files.insert((HEAD.into(), "plan.md".into()), "link to /etc/passwd".into()));
    let ran = workflow.run("pull_request_target", FORK, &[]);
    assert!(ran.code == 1 && ran.stderr.contains("is a symlink, not a file"), "{}", ran.stderr);
}

#[test]
fn a_symlink_out_of_the_workspace_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    let secret = outside.path().join("secret.md");
    std::fs::write(&secret, "## Milestones\n1. `M1` hunter2\n").unwrap();
    let workflow = Workflow::new();
    std::fs::remove_file(workflow.workplace.path("plan.md")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, workflow.workplace.path("plan.md")).unwrap();
    for plan in ["plan.md", "p*.md", &secret.display().to_string(), "../../etc/passwd"] {
        let ran = workflow.run("pull_request", FORK, &[("plan", plan)]);
        assert_eq!(ran.code, 1, "{plan}");
        assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
    }
    assert!(workflow.comments().is_empty());
}

#[test]
fn a_plan_that_moves_in_the_pull_request_is_the_same_plan() {
    let workflow = Workflow::applied();
    std::fs::create_dir(workflow.workplace.path("docs")).unwrap();
    let text = workflow.workplace.read("plan.md");
    workflow.workplace.write("docs/plan.md", &text);
    std::fs::remove_file(workflow.workplace.path("plan.md")).unwrap();
    let ran = workflow.run(
        "pull_request",
        include_str!("../../../fixtures/events/pull_request.json"),
        &[("plan", "docs/plan.md")],
    );
    assert_eq!((ran.code, ran.outputs["created"].as_str()), (0, "0"), "{}", ran.stdout);
    // The same, without a checkout.
    workflow.double.repository(|it| it.files.insert((HEAD.into(), "docs/plan.md".into()), text));
    let ran = workflow.run("pull_request_target", FORK, &[("plan", "docs/plan.md")]);
    assert_eq!((ran.code, ran.outputs["created"].as_str()), (0, "0"), "{}", ran.stdout);
}

#[test]
fn without_the_base_branch_every_change_is_shown_with_a_notice() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.double.fail("GET", "/contents/", 0, 1, Fault::message(403, "Resource not accessible by integration"));
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 0);
    assert!(ran.commands("notice")[0].contains("The plan on the base branch cannot be read"), "{}", ran.stdout);
    assert!(workflow.comment().contains(": 1 milestone to update\n"));
    assert!(BASE.len() == 40);
}
