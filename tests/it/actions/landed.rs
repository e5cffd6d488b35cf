//! Pushes to the default branch, with reviewed and unreviewed changes.

use plan_action::app::reviewed::Shown;
use plan_action::repository::github::GitHubComments;

use super::workflow::{LANDED, Workflow};
use crate::common::OBSERVATORY;
use crate::double::repository::Gone;
use crate::double::{Double, Fault};
use crate::wire::run::{Run, wait};

#[test]
fn a_previewed_change_is_applied_once_and_counts_as_reviewed() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    workflow.merge();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.commands("warning").is_empty(), "{}", ran.stdout);
    assert!(ran.summary.contains("</code>: 1 milestone updated\n\nApplied to stars/observatory."), "{}", ran.summary);
    assert_eq!((ran.outputs["updated"].as_str(), ran.outputs["changed"].as_str()), ("1", "true"));
    workflow.double.requests();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!((ran.code, ran.outputs["changed"].as_str()), (0, "false"));
    let requests = workflow.double.requests();
    assert!(requests.iter().all(|it| it.starts_with("GET") || it.starts_with("GRAPHQL query")), "{requests:#?}");
}

#[test]
fn an_unreviewed_change_is_listed_and_stops_the_apply_if_review_is_required() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    // The plan also changed on the base branch in the meantime.
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    workflow.merge();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 1);
    let said = "1 change was not in any reviewed comment: update #3 O3 Cast the mirror.";
    assert!(ran.commands("error")[0].contains(said), "{}", ran.stdout);
    assert!(ran.summary.contains("Nothing was written"), "{}", ran.summary);
    let requests = workflow.double.requests();
    let wrote = |it: &String| it.starts_with("PATCH") || it.starts_with("POST /repos/stars/observatory/issues ");
    assert!(!requests.iter().any(wrote), "{requests:#?}");
    workflow.double.repository(|it| assert_eq!(it.milestones[1].due_on.as_deref(), Some("2026-05-18T07:00:00Z")));

    let ran = workflow.push(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.commands("warning")[0].contains(said), "{}", ran.stdout);
    assert!(ran.summary.contains("not in any reviewed comment"), "{}", ran.summary);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Cast the mirror"));
}

#[test]
fn a_reviewed_change_that_was_already_made_is_fine() {
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
fn part_of_a_reviewed_change_may_already_be_made() {
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
fn a_push_without_a_pull_request_is_unreviewed() {
    let workflow = Workflow::new();
    workflow.land();
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.commands("error")[0].contains(
            "29 changes were not in any reviewed comment: create issue O1 Pour the pier; create issue O2 Motorise"
        ),
        "{:?}",
        ran.commands("error")
    );
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
        // The visible text is never parsed.
        it.comments[0].body = ours.lines().skip(1).collect::<Vec<_>>().join("\n");
    });
    workflow.double.repository(|it| it.comments[0].body = ours.clone());
    assert_eq!(workflow.push(&[("reviewed", "require")]).code, 0);
}

#[test]
fn previews_of_earlier_commits_in_the_push_count_too() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    workflow.merge();
    // The run for the commit that the pull request brought was cancelled in favour of this one.
    workflow.double.repository(|it| it.pulls[0].0 = super::workflow::BASE.into());
    assert_eq!(workflow.push(&[("reviewed", "require")]).code, 0);
}

#[test]
fn a_run_for_an_old_commit_does_not_undo_newer_ones() {
    let workflow = Workflow::applied();
    let old = workflow.workplace.read("plan.md");
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    workflow.land();
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    workflow.workplace.write("plan.md", old.replace('\n', "\r\n"));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 0);
    assert!(ran.commands("notice")[0].contains("`plan.md` has changed on `main` since dddd"), "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Cast the mirror"));
    // Other line endings do not make a different plan.
    workflow.double.repository(|it| it.files.insert(("main".into(), "plan.md".into()), old));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert!(ran.commands("notice").is_empty() && ran.code == 0, "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Grind the mirror"));
}

#[test]
fn a_plan_that_was_deleted_on_the_branch_is_not_applied() {
    let workflow = Workflow::new();
    let text = workflow.workplace.read("plan.md");
    workflow.double.repository(|it| it.files.insert((LANDED.into(), "plan.md".into()), text));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.commands("notice")[0].contains("`plan.md` was deleted from `main` after dddd"), "{}", ran.stdout);
    assert!(ran.summary.contains("was deleted from"), "{}", ran.summary);
    workflow.double.repository(|it| assert!(it.issues.is_empty() && it.labels.is_empty()));
}

#[test]
fn a_plan_that_an_earlier_step_wrote_is_applied() {
    // The plan is not committed at all.
    let workflow = Workflow::new();
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!((ran.code, ran.outputs["created"].as_str()), (0, "19"), "{}", ran.stderr);
    assert!(ran.commands("notice").is_empty(), "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issues.len(), 8));
    // The plan is committed, and a step changed it afterwards.
    let text = workflow.workplace.read("plan.md");
    for place in ["main", LANDED] {
        workflow.double.repository(|it| it.files.insert((place.into(), "plan.md".into()), text.clone()));
    }
    workflow.workplace.edit("plan.md", "`O3` Grind", "`O3` Cast");
    let ran = workflow.push(&[("reviewed", "off")]);
    assert!(ran.code == 0 && ran.commands("notice").is_empty(), "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Cast the mirror"));
}

#[test]
fn a_failed_lookup_is_a_warning_and_stops_the_apply_only_if_review_is_required() {
    for (part, status, message, words) in [
        ("/pulls", 403, "Resource not accessible by integration", "write `permissions: pull-requests: read`"),
        ("/pulls", 404, "Not Found", "GitHub answered 404"),
        ("/pulls", 422, "No commit found for SHA: dddd", "GitHub answered 422 (No commit found for SHA: dddd)"),
        ("/comments", 403, "Resource not accessible by integration", "GitHub answered 403"),
        ("/comments", 404, "Not Found", "GitHub answered 404"),
    ] {
        let workflow = Workflow::applied();
        workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
        workflow.pull_request(&[]);
        workflow.merge();
        workflow.double.fail("GET", part, 0, 30, Fault::message(status, message));
        let ran = workflow.push(&[("reviewed", "require")]);
        assert_eq!(ran.code, 1, "{part} {status}");
        let error = ran.commands("error")[0];
        assert!(error.contains(words) && error.contains("nothing counts as reviewed"), "{part} {status}: {error}");
        assert!(error.contains("run once with `reviewed: warn`. Nothing was written."), "{part} {status}: {error}");
        let requests = workflow.double.requests();
        assert!(!requests.iter().any(|it| it.starts_with("PATCH")), "{requests:#?}");

        let ran = workflow.push(&[]);
        assert_eq!(ran.code, 0, "{part} {status}: {}", ran.stderr);
        let warnings = ran.commands("warning");
        assert!(warnings.len() == 1 && warnings[0].contains(words), "{part} {status}: {warnings:?}");
        assert!(ran.summary.contains("nothing counts as reviewed"), "{}", ran.summary);
        let due = workflow.double.repository(|it| it.milestones[1].due_on.clone());
        assert_eq!(due.as_deref(), Some("2026-05-25T07:00:00Z"), "{part} {status}");
    }
}

#[test]
fn an_unknown_commit_does_not_hide_the_previews_of_earlier_ones() {
    let workflow = Workflow::applied();
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    workflow.merge();
    workflow.double.repository(|it| it.pulls[0].0 = super::workflow::BASE.into());
    workflow.double.fail("GET", "/pulls", 0, 1, Fault::message(422, "No commit found for SHA"));
    let ran = workflow.push(&[("reviewed", "require")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.commands("warning").is_empty(), "{}", ran.stdout);
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
fn a_failed_change_fails_the_run_and_is_in_the_summary() {
    let workflow = Workflow::new();
    workflow.land();
    workflow.double.fail("POST", "/issues", 2, 1, Fault::message(422, "Validation Failed"));
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 1);
    let errors = ran.commands("error");
    assert!(errors.iter().any(|line| line.contains("could not create")), "{errors:?}");
    assert!(ran.summary.contains("> These changes failed:"), "{}", ran.summary);
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    assert_eq!(LANDED.len(), 40);
}

#[test]
fn all_plans_are_checked_for_review_before_the_first_is_applied() {
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

/// A second plan with eight issues.
fn second_plan() -> String {
    let issue = |at: usize| format!("\n### `P{at}` Something else {at}\n\n- Milestone: `N1`\n");
    let issues: String = (1..=8).map(issue).collect();
    format!("# Second\n\n## Milestones\n\n1. `N1` Another\n\n## Issues\n{issues}")
}

const BOTH: (&str, &str) = ("plan", "plan.md\nsecond.md");

/// Two applied plans. The first has a reviewed change.
fn two_plans() -> Workflow {
    let workflow = Workflow::applied();
    workflow.workplace.write("second.md", second_plan());
    land_second(&workflow);
    assert_eq!(workflow.push(&[BOTH, ("reviewed", "off")]).code, 0);
    workflow.workplace.edit("plan.md", "2026-05-18", "2026-05-25");
    workflow.pull_request(&[]);
    workflow.merge();
    workflow
}

fn land_second(workflow: &Workflow) {
    let text = workflow.workplace.read("second.md");
    workflow.double.repository(|it| it.files.insert(("main".into(), "second.md".into()), text));
}

/// Expects the first plan to be applied, and the second to be refused because of `why`.
fn first_only(workflow: &Workflow, inputs: &[(&str, &str)], why: &str) {
    let ran = workflow.push(&[&[BOTH], inputs].concat());
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let error = ran.commands("error")[0];
    assert!(error.contains(why) && error.contains("Nothing of `second.md` was written."), "{error}");
    assert!(ran.summary.contains(": 1 milestone updated\n"), "{}", ran.summary);
    workflow.double.repository(|it| assert_eq!(it.milestones[1].due_on.as_deref(), Some("2026-05-25T07:00:00Z")));
}

#[test]
fn the_mass_close_guard_runs_again_when_a_later_plan_is_applied() {
    let workflow = two_plans();
    // All items but one left the second plan. People had closed their issues, and reopen them in the middle of the
    // apply.
    workflow.double.repository(|it| it.issues.iter_mut().filter(|it| it.number > 9).for_each(|it| it.closed = true));
    let (before, _) = second_plan().split_once("\n### `P2`").map(|(before, _)| (before.to_owned(), ())).unwrap();
    workflow.workplace.write("second.md", before);
    land_second(&workflow);
    workflow.double.after_writes(1, |it| it.issues.iter_mut().for_each(|issue| issue.closed = false));
    first_only(&workflow, &[("reviewed", "off")], "7 of 8 issues left the plan");
    workflow.double.repository(|it| assert!(it.issues.iter().all(|issue| !issue.closed)));
}

#[test]
fn changes_that_come_up_during_an_apply_need_review_too() {
    let workflow = two_plans();
    workflow.double.after_writes(1, |it| it.lose(9, Gone::Deleted));
    first_only(&workflow, &[("reviewed", "require")], "1 change was not in any reviewed comment: create");
    workflow.double.repository(|it| assert_eq!(it.issues.len(), 8 + 7));
    // Without the requirement, the unreviewed change is reported and applied.
    let ran = workflow.push(&[BOTH]);
    assert_eq!((ran.code, ran.commands("warning").len()), (0, 1), "{}", ran.stdout);
    workflow.double.repository(|it| assert_eq!(it.issues.len(), 8 + 8));
}

#[test]
fn a_newer_marker_that_appears_during_an_apply_stops_the_next_plan() {
    let workflow = two_plans();
    workflow.double.after_writes(1, |it| {
        let issue = it.issue(9).unwrap();
        issue.body = issue.body.replace("plan-action:1", "plan-action:9");
    });
    first_only(&workflow, &[("reviewed", "off")], "A newer version of plan-action wrote");
}

#[test]
fn a_failing_server_makes_reviews_unknown_and_is_not_asked_about_every_commit() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("GET", "/pulls", 0, 100, Fault::message(502, "Bad Gateway"));
    let diff = run.diff();
    let (unseen, why) = wait(async {
        let comments = GitHubComments::new(&run.connection("stars/observatory").await.unwrap());
        let mut shown = Shown::new((10..40).map(|at| format!("{at}").repeat(20)), "main");
        (shown.unseen(&diff, &comments).await.len(), shown.unknown().unwrap())
    });
    assert_eq!(unseen, diff.changes.iter().filter(|change| change.is_visible()).count());
    assert!(why.contains("nothing counts as reviewed") && why.contains("GitHub answered 502"), "{why}");
    let asked = double.requests().iter().filter(|it| it.contains("/pulls")).count();
    assert_eq!(asked, 5, "one commit, five tries");
}
