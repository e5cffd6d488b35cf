//! Pushes to the default branch: what reviewers were shown, and what they were not.

use super::workflow::{LANDED, Workflow};
use crate::double::Fault;

#[test]
fn what_was_shown_is_applied_once_and_is_reviewed() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    workflow.merge();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.commands("warning").is_empty(), "{}", ran.stdout);
    assert!(ran.summary.contains("stars/observatory: 1 milestone updated."), "{}", ran.summary);
    assert_eq!((ran.outputs["updated"].as_str(), ran.outputs["changed"].as_str()), ("1", "true"));
    workflow.double.requests();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!((ran.code, ran.outputs["changed"].as_str()), (0, "false"));
    let requests = workflow.double.requests();
    assert!(requests.iter().all(|it| it.starts_with("GET") || it.starts_with("GRAPHQL query")), "{requests:#?}");
}

#[test]
fn a_change_that_nobody_was_shown_is_named_and_stops_where_that_is_required() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    // On the base branch, the plan changed in between.
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    workflow.merge();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 1);
    let said = "1 change was shown in no comment on a merged pull request: update #3 O3 Cast the mirror.";
    assert!(ran.commands("error")[0].contains(said), "{}", ran.stdout);
    assert!(ran.summary.contains("Nothing was written"), "{}", ran.summary);
    let requests = workflow.double.requests();
    let wrote = |it: &String| it.starts_with("PATCH") || it.starts_with("POST /repos/stars/observatory/issues ");
    assert!(!requests.iter().any(wrote), "{requests:#?}");
    workflow.double.repository(|it| assert_eq!(it.milestones[1].due_on.as_deref(), Some("2026-05-18T07:00:00Z")));

    let ran = workflow.push(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.commands("warning")[0].contains(said), "{}", ran.stdout);
    assert!(ran.summary.contains("shown in no comment"), "{}", ran.summary);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Cast the mirror"));
}

#[test]
fn a_shown_change_that_has_become_true_meanwhile_is_fine() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    workflow.pull_request(&[]);
    workflow.merge();
    workflow.double.repository(|it| it.milestones[1].due_on = Some("2026-05-25T07:00:00Z".into()));
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.commands("warning").is_empty(), "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Cast the mirror"));
}

#[test]
fn of_a_shown_change_one_part_may_have_become_true() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    workflow.workplace.edit("plan.md", "  - The surface is", "  - The edge is not turned down.\n  - The surface is");
    workflow.pull_request(&[]);
    workflow.merge();
    workflow.double.repository(|it| it.issue(3).unwrap().title = "O3 Cast the mirror".into());
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
}

#[test]
fn a_push_without_a_pull_request_was_shown_to_nobody() {
    let workflow = Workflow::new();
    workflow.land();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 1);
    assert!(ran.commands("error")[0].contains("29 changes were shown in no comment"), "{:?}", ran.commands("error"));
    workflow.double.repository(|it| assert!(it.issues.is_empty() && it.labels.is_empty()));
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
}

#[test]
fn only_merged_pull_requests_into_this_branch_and_our_own_comments_count() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    let ours = workflow.comment();
    workflow.merge();
    let refused = |change: &dyn Fn(&mut crate::double::repository::Repository)| {
        workflow.double.repository(|it| change(it));
        let ran = workflow.push(&[("reviewed", "require")]);
        assert_eq!(ran.code, 1, "{}", ran.stdout);
    };
    refused(&|it| it.pulls[0].2 = None);
    refused(&|it| it.pulls[0].2 = Some("other".into()));
    refused(&|it| {
        it.pulls[0].2 = Some("main".into());
        it.comments[0].author = "passer-by".into();
    });
    refused(&|it| {
        it.comments[0].author = "github-actions[bot]".into();
        // The prose is never read.
        it.comments[0].body = ours.lines().skip(1).collect::<Vec<_>>().join("\n");
    });
    workflow.double.repository(|it| it.comments[0].body = ours.clone());
    assert_eq!(workflow.push(&[("reviewed", "require")]).code, 0);
}

#[test]
fn what_the_commit_before_brought_counts_too() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    workflow.merge();
    // The run of the pull request's own commit was cancelled for that of this one.
    workflow.double.repository(|it| it.pulls[0].0 = super::workflow::BASE.into());
    assert_eq!(workflow.push(&[("reviewed", "require")]).code, 0);
}

#[test]
fn an_old_run_does_not_undo_what_came_after_it() {
    let workflow = Workflow::applied();
    let old = workflow.workplace.read("plan.md");
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    workflow.land();
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    workflow.workplace.write("plan.md", old.replace('\n', "\r\n"));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 0);
    assert!(ran.commands("notice")[0].contains("is another on `main` by now than at dddd"), "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Cast the mirror"));
    // The same text with the line ends of another system is the same plan.
    workflow.double.repository(|it| it.files.insert(("main".into(), "plan.md".into()), old));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert!(ran.commands("notice").is_empty() && ran.code == 0, "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Grind the mirror"));
}

#[test]
fn a_mass_closing_stops_and_says_how_to_allow_it() {
    let workflow = Workflow::applied();
    let plan = workflow.workplace.read("plan.md");
    let (before, _) = plan.split_once("### `O3`").unwrap();
    workflow.workplace.write("plan.md", before);
    workflow.land();
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(ran.commands("error")[0].contains("--allow-mass-close"), "{}", ran.stdout);
    assert_eq!(workflow.push(&[("reviewed", "off"), ("allow-mass-close", "true")]).code, 0);
    workflow.double.repository(|it| assert_eq!(it.issues.iter().filter(|issue| issue.closed).count(), 6));
}

#[test]
fn what_fails_is_an_error_of_the_run_and_stands_in_the_summary() {
    let workflow = Workflow::new();
    workflow.land();
    workflow.double.fail("POST", "/issues", 2, 1, Fault::message(422, "Validation Failed"));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 1);
    let errors = ran.commands("error");
    assert!(errors.iter().any(|line| line.contains("not done: create")), "{errors:?}");
    assert!(ran.summary.contains("> This was not done:"), "{}", ran.summary);
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    assert_eq!(LANDED.len(), 40);
}

#[test]
fn several_plans_are_all_reviewed_before_the_first_is_written() {
    let workflow = Workflow::new();
    let other =
        "# Second\n\n## Milestones\n\n1. `N1` Another\n\n## Issues\n\n### `P1` Something else\n\n- Milestone: `N1`\n";
    workflow.workplace.write("second.md", other);
    workflow.land();
    workflow.double.repository(|it| it.files.insert(("main".into(), "second.md".into()), other.into()));
    let plans = [("plan", "plan.md\nsecond.md")];
    let payload = include_str!("../../../fixtures/events/pull_request.json");
    workflow.double.repository(|it| it.files.remove(&(super::workflow::BASE.into(), "plan.md".into())));
    assert_eq!(workflow.run("pull_request", payload, &plans).code, 0);
    assert_eq!(workflow.comments().len(), 2, "one for each plan");
    workflow.double.repository(|it| it.comments.truncate(1));
    workflow.merge();
    let ran = workflow.push(&[plans[0], ("reviewed", "require")]);
    assert_eq!(ran.code, 1);
    workflow.double.repository(|it| assert!(it.issues.is_empty() && it.labels.is_empty()));
    let ran = workflow.push(&plans);
    assert_eq!((ran.code, ran.outputs["created"].as_str()), (0, "21"), "{}", ran.stderr);
    assert_eq!(ran.commands("warning").len(), 1);
}
