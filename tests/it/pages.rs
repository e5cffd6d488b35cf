//! What people read on GitHub: comments and job summaries, whole.

use crate::actions::workflow::Workflow;

const TAG: &str = include_str!("../../fixtures/events/push_tag.json");

/// A page without its hidden first line, its graph and its small print.
fn page(text: &str) -> String {
    let text = text.strip_prefix("<!--").map_or(text, |rest| rest.split_once('\n').unwrap().1);
    let (text, _) = text.split_once("<details><summary><b>Dependency graph").unwrap_or((text, ""));
    let (text, _) = text.split_once("<sub>plan-action").unwrap_or((text, ""));
    text.trim_end().to_owned()
}

/// Every kind of change: a rename, labels, a text, a date, blockers, what is done, what left the plan, and what is new.
fn changed() -> Workflow {
    let workflow = Workflow::applied();
    let plan = &workflow.workplace;
    plan.edit("plan.md", "`O3` Grind the mirror", "`O3` Cast the mirror");
    plan.edit("plan.md", "- Labels: `civil`, `safety`", "- Labels: `civil`, `priority: high`");
    plan.edit(
        "plan.md",
        "within λ/8 of the parabola.",
        "within λ/10 of the parabola.\n  - The edge is not turned down.",
    );
    plan.edit("plan.md", "2026-05-18", "2026-05-25");
    plan.edit("plan.md", "`M1` Dome and power", "`M1` Dome, pier and power");
    plan.edit("plan.md", "`depends_on: [O2, O4]`", "`depends_on: [O2, O3]`");
    plan.edit(
        "plan.md",
        "### `O2` Motorise the dome (`slew`/`park`)\n",
        "### `O2` Motorise the dome (`slew`/`park`)\n\n- Status: Done",
    );
    let text = plan.read("plan.md");
    let (before, rest) = text.split_once("### `O7`").unwrap();
    let (_, after) = rest.split_once("### `O8`").unwrap();
    let new = "### `O9` Rehearse a public night\n\n- Milestone: `M3`\n- Labels: `people`\n- Depends on: `O6`\n\n";
    plan.write("plan.md", format!("{before}{new}### `O8`{after}").replace("[O6, O7]", "[O6]"));
    workflow
}

#[test]
fn a_comment_shows_each_change_in_a_row_with_a_sign() {
    let workflow = changed();
    let ran = workflow.pull_request(&[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    insta::assert_snapshot!(page(&workflow.comment()));
}

#[test]
fn a_first_comment_lists_what_is_created() {
    let workflow = Workflow::new();
    workflow.pull_request(&[]);
    insta::assert_snapshot!(page(&workflow.comment()));
}

#[test]
fn a_summary_after_an_apply_says_what_was_done() {
    let workflow = changed();
    workflow.merge();
    let ran = workflow.push(&[("reviewed", "off")]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.summary.contains(" to create") && !ran.summary.contains("will be"), "{}", ran.summary);
    insta::assert_snapshot!(page(&ran.summary));
}

#[test]
fn a_rename_without_written_keys_shows_both_titles_and_no_key() {
    let workflow = Workflow::new();
    let plan = "# Plan\n\n## Milestone: Walls\n\n- [ ] Order the stones for the north wall\n- [ ] Mix the mortar\n- [ ] Call the mason\n";
    workflow.workplace.write("plan.md", plan);
    workflow.land();
    assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
    workflow.workplace.edit("plan.md", "Order the stones for", "Order the bricks for");
    workflow.pull_request(&[]);
    let comment = workflow.comment();
    let row = "<del>Order the stones for the north wall</del> → Order the bricks for the north wall | renamed |";
    assert!(comment.lines().any(|line| line.ends_with(row)), "{comment}");
    assert!(!page(&comment).contains("walls/"), "{comment}");
}

#[test]
fn a_gate_lists_what_is_open_and_the_chain_of_blockers() {
    let workflow = Workflow::applied();
    workflow.double.repository(|it| it.issue(3).unwrap().assignees = ["ada".to_owned()].into());
    insta::assert_snapshot!(page(&workflow.run("push", TAG, &[]).summary));
}
