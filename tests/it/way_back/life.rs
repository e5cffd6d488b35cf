//! A week of a plan whose people work on GitHub: `mode: pull` keeps one pull request up to date.

use std::collections::BTreeSet;

use crate::actions::workflow::{Ran, Workflow};
use crate::common::OBSERVATORY;
use crate::double::repository::Issue;

const SCHEDULE: &str = include_str!("../../../fixtures/events/schedule.json");

fn pull(workflow: &Workflow) -> Ran {
    let ran = workflow.run("schedule", SCHEDULE, &[("mode", "pull")]);
    assert_eq!(ran.code, 0, "{} {}", ran.stdout, ran.stderr);
    ran
}

/// The text of the plan on the branch of the only open pull request.
fn proposed(workflow: &Workflow) -> String {
    workflow.double.repository(|it| {
        let open: Vec<_> = it.proposals.iter().filter(|it| it.is_open).collect();
        assert_eq!(open.len(), 1, "{open:?}");
        it.files[&(open[0].branch.clone(), "plan.md".to_owned())].clone()
    })
}

fn close_issue(workflow: &Workflow, title: &str) {
    workflow.double.repository(|it| {
        let issue = it.issues.iter_mut().find(|issue| issue.title.starts_with(title)).unwrap();
        (issue.closed, issue.reason) = (true, Some("completed".into()));
    });
}

/// What people see of the issues, but for their texts.
fn seen(workflow: &Workflow) -> Vec<(String, bool, BTreeSet<String>, Option<u64>)> {
    workflow.double.repository(|it| {
        let one = |issue: &Issue| (issue.title.clone(), issue.closed, issue.labels.clone(), issue.milestone);
        it.issues.iter().map(one).collect()
    })
}

/// How many commits were made.
fn commits(workflow: &Workflow) -> usize {
    workflow.double.repository(|it| it.trees.len() / 2)
}

#[test]
fn one_pull_request_is_opened_updated_merged_and_not_opened_again() {
    let workflow = Workflow::applied();
    assert!(pull(&workflow).stdout.contains("nothing to pull"));
    assert_eq!(workflow.double.repository(|it| it.proposals.len()), 0);

    // Several people work on GitHub.
    close_issue(&workflow, "O1");
    workflow.double.repository(|it| {
        let titled = |title: &str| it.issues.iter().position(|issue| issue.title.starts_with(title)).unwrap();
        let (slew, first) = (titled("O2"), titled("O3"));
        it.issues[slew].title = "O2 Motorise the dome | \"slew\" @team".into();
        it.issues[first].milestone = it.issues[slew].milestone;
        let labels = &mut it.issues[first].labels;
        let label = labels.iter().next().unwrap().clone();
        labels.remove(&label);
        it.milestones[0].due_on = Some("2026-04-01T07:00:00Z".into());
    });
    let ran = pull(&workflow);
    assert_eq!(commits(&workflow), 1);
    let url = "https://github.example/stars/observatory/pull/500";
    assert_eq!(ran.outputs["pull-request-url"], url);
    assert_eq!(ran.outputs["changed"], "true");
    insta::assert_snapshot!(workflow.double.repository(|it| it.proposals[0].body.clone()));
    let diff = similar::TextDiff::from_lines(OBSERVATORY, proposed(&workflow).as_str())
        .unified_diff()
        .context_radius(0)
        .to_string();
    insta::assert_snapshot!(diff);

    // Nothing is pushed where nothing changed, and a further edit updates the same pull request.
    pull(&workflow);
    assert_eq!(commits(&workflow), 1);
    close_issue(&workflow, "O3");
    pull(&workflow);
    assert_eq!(commits(&workflow), 2);
    let text = proposed(&workflow);

    // It is merged: nothing that people see is left to do, and nothing to propose.
    workflow.workplace.write("plan.md", &text);
    workflow.land();
    workflow.double.repository(|it| (it.proposals[0].is_open, it.proposals[0].is_merged) = (false, true));
    let before = seen(&workflow);
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    assert_eq!(seen(&workflow), before);
    let ran = pull(&workflow);
    assert!(ran.stdout.contains("nothing to pull"), "{}", ran.stdout);
    assert_eq!(workflow.double.repository(|it| it.proposals.len()), 1);
    workflow.double.check();
}

#[test]
fn what_was_declined_is_not_proposed_again_but_other_changes_are() {
    let workflow = Workflow::applied();
    close_issue(&workflow, "O1");
    pull(&workflow);
    workflow.double.repository(|it| it.proposals[0].is_open = false);
    let ran = pull(&workflow);
    assert!(ran.stderr.contains("proposed these changes and was closed"), "{}", ran.stderr);
    assert_eq!((commits(&workflow), workflow.double.repository(|it| it.proposals.len())), (1, 1));
    close_issue(&workflow, "O2");
    pull(&workflow);
    assert_eq!((commits(&workflow), workflow.double.repository(|it| it.proposals.len())), (2, 2));
    workflow.double.check();
}

#[test]
fn without_permission_the_patch_is_in_the_summary_and_in_a_file() {
    let workflow = Workflow::applied();
    close_issue(&workflow, "O1");
    workflow.double.repository(|it| it.may_push = false);
    let ran = pull(&workflow);
    assert!(ran.summary.contains("+- Status: Done"), "{}", ran.summary);
    assert!(ran.stdout.contains("::warning::") && ran.stdout.contains("contents: write"), "{}", ran.stdout);
    let patch = std::fs::read_to_string(&ran.outputs["patch"]).unwrap();
    assert!(patch.starts_with("--- a/plan.md\n+++ b/plan.md\n"), "{patch}");
    assert_eq!(ran.outputs["pull-request-url"], "");
    workflow.double.check();
}

#[test]
fn a_plan_may_have_its_issues_in_another_repository() {
    let workflow = Workflow::new();
    workflow.double.repository(|it| {
        (it.name, it.home) = ("stars/issues".into(), Some("stars/observatory".into()));
    });
    let elsewhere = [("repository", "stars/issues"), ("reviewed", "off")];
    workflow.land();
    assert_eq!(workflow.push(&elsewhere).code, 0);
    assert_eq!(workflow.double.repository(|it| it.issues.len()), 8);
    workflow.workplace.edit("plan.md", "### `O1` Pour the pier", "### `O1` Pour the great pier");
    let ran = workflow.pull_request(&elsewhere);
    assert_eq!(ran.code, 0, "{} {}", ran.stdout, ran.stderr);
    assert!(
        ran.summary.contains("[stars/issues#&#8203;1](https://github.com/stars/issues/issues/1)"),
        "{}",
        ran.summary
    );
    assert!(workflow.comment().contains("stars/issues#"), "{}", workflow.comment());
    // What people change comes back to where the plan is.
    close_issue(&workflow, "O1");
    workflow.workplace.write("plan.md", OBSERVATORY);
    let ran = workflow.run("schedule", SCHEDULE, &[("mode", "pull"), elsewhere[0]]);
    assert_eq!(ran.code, 0, "{} {}", ran.stdout, ran.stderr);
    assert!(proposed(&workflow).contains("- Status: Done"));
    workflow.double.check();
}

#[test]
fn an_import_from_github_takes_what_changed_since_a_day() {
    let workflow = Workflow::new();
    workflow.double.repository(|it| {
        it.add("An old wish", "", "ada", "OWNER");
        it.note_updates();
        it.now += 400 * 24 * 3600;
        it.add("A new wish", "With *words*", "ada", "OWNER");
        it.note_updates();
    });
    let import = |since: &str| {
        let mut command = workflow.workplace.command();
        command.env("GITHUB_TOKEN", crate::double::TOKEN).env("GITHUB_API_URL", &workflow.double.api);
        let output = command.args(["import", "--repo", "stars/observatory", "--since", since]).output().unwrap();
        assert!(output.status.success(), "{}", crate::common::stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let new = import("2027-01-01");
    assert!(new.contains("### A new wish <!-- id: gh-2 -->") && !new.contains("An old wish"), "{new}");
    assert!(import("2025-01-01").contains("An old wish"));
    workflow.double.check();
}
