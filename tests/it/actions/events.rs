//! What each event triggers, and how inputs change that.

use super::workflow::Workflow;

const PUSH: &str = include_str!("../../../fixtures/events/push.json");
const TAG: &str = include_str!("../../../fixtures/events/push_tag.json");
const RELEASE: &str = include_str!("../../../fixtures/events/release.json");
const SCHEDULE: &str = include_str!("../../../fixtures/events/schedule.json");
const DISPATCH: &str = include_str!("../../../fixtures/events/workflow_dispatch.json");
const MERGE_GROUP: &str = include_str!("../../../fixtures/events/merge_group.json");

#[test]
fn other_events_preview_in_the_summary_and_write_nothing() {
    let branch = PUSH.replace("refs/heads/main", "refs/heads/mirror");
    for (event, payload) in [("merge_group", MERGE_GROUP), ("workflow_dispatch", DISPATCH), ("push", branch.as_str())] {
        let workflow = Workflow::new();
        let ran = workflow.run(event, payload, &[]);
        assert_eq!(ran.code, 0, "{event}: {}", ran.stderr);
        assert!(
            ran.summary
                .contains("8 issues and 3 milestones to create\n\nAlso 8 labels to create; 8 dependencies to add"),
            "{event}: {}",
            ran.summary
        );
        assert!(ran.stdout.contains("::group::Preview of plan.md\n") && ran.stdout.contains("::endgroup::\n"));
        workflow
            .double
            .repository(|it| assert!(it.issues.is_empty() && it.labels.is_empty() && it.comments.is_empty()));
    }
}

#[test]
fn the_mode_input_decides_if_the_event_does_not() {
    let workflow = Workflow::new();
    let ran = workflow.run("workflow_dispatch", DISPATCH, &[("mode", "apply"), ("reviewed", "off")]);
    assert_eq!((ran.code, ran.outputs["created"].as_str()), (0, "19"), "{}", ran.stderr);
    workflow.double.repository(|it| assert_eq!(it.issues.len(), 8));
    let ran = workflow.run("issues", DISPATCH, &[("mode", "check")]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("plan.md: 3 milestones, 8 issues"), "{}", ran.stdout);
    assert!(
        ran.summary.contains("### Plan <code>plan.md</code>: no problems\n\n3 milestones, 8 issues, 8 labels"),
        "{}",
        ran.summary
    );
}

#[test]
fn invalid_combinations_are_rejected_with_a_suggestion() {
    for (event, payload, inputs, words) in [
        (
            "issues",
            DISPATCH,
            vec![],
            "it supports pull_request, pull_request_target, merge_group, push, release, schedule",
        ),
        ("merge_group", MERGE_GROUP, vec![("mode", "apply")], "not merged yet"),
        ("push", PUSH, vec![("mode", "gate")], "needs a tag"),
        (
            "push",
            PUSH,
            vec![("mode", "aply")],
            "valid values: `auto`, `check`, `preview`, `apply`, `drift`, `gate` or `pull`",
        ),
        ("push", PUSH, vec![("reviewed", "yes")], "valid values: `warn`, `require` or `off`"),
        ("push", PUSH, vec![("plan", " ")], "no plan is named"),
        ("push", PUSH, vec![("plan", "nothing.md")], "cannot read the plan `nothing.md`"),
        ("push", "{\"oops\"", vec![], "it does not have the format that GitHub documents"),
        ("pull_request", DISPATCH, vec![], "the event has no pull request"),
    ] {
        let workflow = Workflow::new();
        let ran = workflow.run(event, payload, &inputs);
        assert_eq!(ran.code, 1, "{event} {inputs:?}");
        let errors = ran.commands("error");
        assert!(errors.len() == 1 && errors[0].contains(words), "{event} {inputs:?}: {errors:?}");
        assert!(ran.summary.contains("**plan-action failed:** "), "{}", ran.summary);
        workflow.double.repository(|it| assert!(it.issues.is_empty() && it.labels.is_empty()));
    }
}

#[test]
fn running_outside_of_a_workflow_is_reported() {
    let workplace = crate::common::Workplace::new();
    let output = workplace.run(&["run", "plan.md"]);
    assert_eq!(output.status.code(), Some(1));
    let said = crate::common::stderr(&output);
    assert!(said.contains("this is not a GitHub Actions workflow"), "{said}");
    let output = workplace.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(crate::common::stderr(&output).contains("Usage: plan-action"));
}

#[test]
fn a_push_that_deletes_a_branch_does_nothing() {
    let workflow = Workflow::new();
    let deleted = PUSH.replace("\"deleted\": false", "\"deleted\": true");
    let ran = workflow.run("push", &deleted, &[]);
    assert_eq!(ran.code, 0);
    assert!(workflow.double.requests().is_empty() && ran.stderr.contains("nothing to do"), "{}", ran.stderr);
}

#[test]
fn a_schedule_reports_drift() {
    let workflow = Workflow::applied();
    let ran = workflow.run("schedule", SCHEDULE, &[("fail-on-drift", "true")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.summary.contains("no drift") && ran.summary.contains("| 0/2 | 2026-03-02, <b>"), "{}", ran.summary);
    workflow.double.repository(|it| {
        it.issue(3).unwrap().title = "Polish".into();
        it.issue(1).unwrap().closed = true;
    });
    let ran = workflow.run("schedule", SCHEDULE, &[]);
    assert_eq!(ran.code, 0);
    assert!(ran.commands("warning")[0].contains("1 edit by people differs from the plan"), "{}", ran.stdout);
    assert_eq!((ran.outputs["drift"].as_str(), ran.outputs["conflicts"].as_str()), ("1", "0"));
    assert!(ran.summary.contains("| 1/2 | 2026-03-02, <b>"), "{}", ran.summary);
    let ran = workflow.run("schedule", SCHEDULE, &[("fail-on-drift", "true")]);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.commands("error").len(), 1);
    let ran = workflow.run("push", PUSH, &[("drift", "restore"), ("reviewed", "off")]);
    assert_eq!(ran.code, 0, "an input goes before the front matter: {}", ran.stderr);
    workflow.double.repository(|it| assert_eq!(it.issue(3).unwrap().title, "O3 Grind the mirror"));
}

#[test]
fn a_drift_report_shows_edited_text_and_counts_conflicts() {
    let workflow = Workflow::applied();
    workflow.double.repository(|it| {
        let issue = it.issue(3).unwrap();
        issue.body = issue.body.replace("λ/8", "λ/4");
        it.issue(4).unwrap().title = "Align it".into();
    });
    workflow.workplace.edit("plan.md", "`O4` Align the", "`O4` Align the whole");
    let ran = workflow.run("schedule", SCHEDULE, &[("fail-on-drift", "true")]);
    assert_eq!(ran.code, 1);
    assert_eq!((ran.outputs["drift"].as_str(), ran.outputs["conflicts"].as_str()), ("1", "1"));
    for line in
        ["-- [ ] The surface is within λ/8 of the parabola.", "+- [ ] The surface is within λ/4 of the parabola."]
    {
        assert!(ran.summary.lines().any(|shown| shown == line), "{line} is missing: {}", ran.summary);
    }
    assert!(
        ran.summary.contains(
            "People changed these on GitHub, and the plan changes them too. The plan's value will be written:"
        ),
        "{}",
        ran.summary
    );
}

#[test]
fn a_plan_that_an_app_applied_is_shown_by_another_account_that_trusts_it() {
    let workflow = Workflow::applied();
    workflow.double.repository(|it| {
        for issue in &mut it.issues {
            (issue.author, issue.association) = ("planner[bot]".into(), "NONE".into());
        }
    });
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 1);
    assert!(ran.commands("error")[0].contains("`trust: planner[bot]`"), "{}", ran.stdout);
    let ran = workflow.push(&[("reviewed", "off"), ("trust", "planner[bot]")]);
    assert_eq!((ran.code, ran.outputs["changed"].as_str()), (0, "false"), "{}", ran.stderr);
    workflow.double.repository(|it| assert_eq!(it.issues.len(), 8));
}

#[test]
fn a_pushed_tag_checks_its_release_gate() {
    let workflow = Workflow::applied();
    workflow.double.repository(|it| it.issue(3).unwrap().assignees = ["ada".to_owned()].into());
    let ran = workflow.run("push", TAG, &[]);
    assert_eq!((ran.code, ran.outputs["gate"].as_str()), (1, "shut"), "{}", ran.stderr);
    assert!(
        ran.commands("error")[0].contains("v0.2.0: the gate is shut; 4 of 4 issues are still open"),
        "{}",
        ran.stdout
    );
    assert!(ran.summary.contains("/issues/3) O3 Grind the mirror | <code>@&#8203;ada</code> |\n"), "{}", ran.summary);
    assert!(
        ran.stdout.contains("  1. #5 O5 Release `v0.2.0` (first light)\n  2. #4 O4 Align the mount\n  3. #3 "),
        "{}",
        ran.stdout
    );
    workflow.double.repository(|it| (1..=4).for_each(|number| it.issue(number).unwrap().closed = true));
    let ran = workflow.run("push", TAG, &[]);
    assert_eq!((ran.code, ran.outputs["gate"].as_str()), (0, "open"), "{}", ran.stderr);
    let ran = workflow.run("push", &TAG.replace("v0.2.0", "v9"), &[]);
    assert_eq!(ran.code, 1);
    assert!(ran.commands("error")[0].contains("no milestone and no release gate names the tag `v9`; milestones: `M1"));
}

#[test]
fn a_release_checks_the_gate_of_its_tag() {
    let workflow = Workflow::applied();
    let ran = workflow.run("release", RELEASE, &[]);
    assert_eq!((ran.code, ran.outputs["gate"].as_str()), (1, "shut"), "{}", ran.stderr);
    assert!(
        ran.commands("error")[0].contains("v0.2.0: the gate is shut; 4 of 4 issues are still open"),
        "{}",
        ran.stdout
    );
    workflow.double.repository(|it| (1..=4).for_each(|number| it.issue(number).unwrap().closed = true));
    let ran = workflow.run("release", RELEASE, &[("mode", "gate")]);
    assert_eq!((ran.code, ran.outputs["gate"].as_str()), (0, "open"), "{}", ran.stderr);
    for action in ["deleted", "unpublished"] {
        let ran = workflow.run("release", &RELEASE.replace("published\",", &format!("{action}\",")), &[]);
        assert!(ran.code == 0 && ran.stderr.contains("nothing to do"), "{action}: {}", ran.stderr);
    }
    let ran = workflow.run("release", &RELEASE.replace("\"v0.2.0\"", "\"\""), &[]);
    assert!(
        ran.code == 1 && ran.commands("error")[0].contains("the event has no release with a tag"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_phase_number_is_not_a_version() {
    let workflow = Workflow::new();
    workflow
        .workplace
        .write("plan.md", "# Plan\n\n## Phase 1: Ground\n\n- [ ] Dig\n\n## Phase 2: Walls\n\n- [ ] Build\n");
    let ran = workflow.run("push", &TAG.replace("v0.2.0", "v1"), &[]);
    assert_eq!(ran.code, 1);
    let said = ran.commands("error")[0];
    assert!(
        said.contains("no milestone and no release gate names the tag `v1`; milestones: `Phase 1: Ground`"),
        "{said}"
    );
}

#[test]
fn a_milestone_may_omit_trailing_zeros_of_a_tag_unless_another_matches_exactly() {
    let workflow = Workflow::new();
    let plan = "# Plan\n\n## Milestone: v1.0\n\n- [ ] Dig\n\n## Milestone: v1.0.0\n\n- [x] Build\n";
    workflow.workplace.write("plan.md", plan);
    let ran = workflow.run("push", &TAG.replace("v0.2.0", "v1.0.0"), &[]);
    assert_eq!((ran.code, ran.outputs["gate"].as_str()), (0, "open"), "{}", ran.stderr);
    workflow.workplace.edit("plan.md", "v1.0.0", "v1.1");
    let ran = workflow.run("push", &TAG.replace("v0.2.0", "v1.0.0"), &[]);
    assert_eq!((ran.code, ran.outputs["gate"].as_str()), (1, "shut"), "{}", ran.stderr);
}

#[test]
fn pins_can_be_left_alone() {
    let workflow = Workflow::new();
    workflow.land();
    assert_eq!(workflow.push(&[("reviewed", "off"), ("pin-gates", "false")]).code, 0);
    workflow.double.repository(|it| assert!(it.pins.is_empty()));
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    workflow.double.repository(|it| assert_eq!(it.pins, [5, 8]));
    workflow.double.repository(|it| it.issue(5).unwrap().closed = true);
    assert_eq!(workflow.push(&[("reviewed", "off"), ("pin-gates", "false")]).code, 0);
    workflow.double.repository(|it| assert_eq!(it.pins, [5, 8]));
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    workflow.double.repository(|it| assert_eq!(it.pins, [8]));
}
