//! Items that leave the plan and return, and milestones that close and reopen with them.

use crate::common::{OBSERVATORY, Workplace, changes, stderr};
use serde_json::{Value, json};

/// The issue whose title begins with this key.
fn issue<'r>(repository: &'r mut Value, key: &str) -> &'r mut Value {
    let issues = repository["issues"].as_array_mut().unwrap();
    issues.iter_mut().find(|issue| issue["title"].as_str().unwrap().starts_with(&format!("{key} "))).unwrap()
}

fn without_o7(plan: &str) -> String {
    let (before, rest) = plan.split_once("### `O7`").unwrap();
    let (_, after) = rest.split_once("### `O8`").unwrap();
    format!("{before}### `O8`{after}").replace("[O6, O7]", "[O6]")
}

#[test]
fn an_item_that_comes_back_finds_its_issue_again() {
    let workplace = Workplace::applied();
    workplace.write("plan.md", without_o7(OBSERVATORY));
    workplace.apply();
    let mut repository = workplace.repository();
    assert_eq!(issue(&mut repository, "O7")["state_reason"], "not_planned");
    workplace.write("plan.md", OBSERVATORY);
    let again = changes(&workplace.preview());
    assert!(again.contains(&"reopen issue O7: state closed → open".to_owned()), "{again:?}");
    workplace.apply();
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 8, "it is not created twice");
}

#[test]
fn removed_items_stay_open_if_the_plan_says_so() {
    let workplace = Workplace::applied();
    workplace.write("plan.md", format!("---\nremoved: keep\n---\n{}", without_o7(OBSERVATORY)));
    assert_eq!(changes(&workplace.preview()), ["unlink dependency O8: blocked_by O7 → -"]);
}

#[test]
fn the_mass_close_guard_stops_an_apply_before_it_writes() {
    let workplace = Workplace::applied();
    let (before, _) = OBSERVATORY.split_once("### `O3`").unwrap();
    let plan = before.to_owned();
    workplace.write("plan.md", plan);
    let before = workplace.read("repo.json");
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("6 of 8 issues left the plan") && said.contains("--allow-mass-close"), "{said}");
    assert!(said.contains("#3 O3 Grind the mirror; #4 O4") && said.contains("#8 O8"), "it says which: {said}");
    assert_eq!(workplace.read("repo.json"), before);
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes", "--allow-mass-close"]);
    let repository = workplace.repository();
    let closed = repository["issues"].as_array().unwrap().iter().filter(|issue| issue["state"] == "closed").count();
    assert_eq!(closed, 6);
    assert_eq!(workplace.preview()["changes"], json!([]));
}

#[test]
fn a_refused_plan_prevents_the_plans_before_it() {
    let workplace = Workplace::applied();
    let (plan, _) = OBSERVATORY.split_once("### `O3`").unwrap();
    workplace.write("plan.md", plan);
    workplace.write(
        "first.md",
        "# First\n\n## Milestones\n\n- `M9` Paint\n\n## Issues\n\n### `F1` Paint the door\n\n- Milestone: M9\n",
    );
    let before = workplace.read("repo.json");
    let output = workplace.run(&["apply", "first.md", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("6 of 8 issues left the plan") && said.contains("Nothing was written."), "{said}");
    assert_eq!(workplace.read("repo.json"), before);
    workplace.stdout(&["apply", "first.md", "--offline", "repo.json", "--yes"]);
    assert_ne!(workplace.read("repo.json"), before, "by itself, the first plan is applied");
}

#[test]
fn a_milestone_that_left_the_plan_is_closed_once_it_has_no_open_issue() {
    let workplace = Workplace::applied();
    let plan = OBSERVATORY
        .replace("3. `M3` Public nights (`v1.0.0`)\n   - Target date: 2026-09-01\n", "")
        .replace("   - Purpose: visitors see the picture within a minute\n", "")
        .replace("Milestone: `M3`", "Milestone: `M2`");
    workplace.write("plan.md", plan);
    let changes = changes(&workplace.preview());
    assert_eq!(changes.last().unwrap(), "close milestone M3: state open → closed");
    workplace.apply();
}

#[test]
fn a_milestone_closed_by_people_reopens_when_it_gets_open_work() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| it["milestones"][0]["state"] = json!("closed"));
    assert_eq!(changes(&workplace.preview()), [""; 0], "nothing opens in it");
    workplace.edit("plan.md", "### `O3`", "### `O9` Sweep the floor\n\n- Milestone: `M1`\n\n### `O3`");
    let found = changes(&workplace.preview());
    assert_eq!(found[0], "reopen milestone M1: state closed → open");
    workplace.apply();
    workplace.edit_repository(|it| it["milestones"][0]["state"] = json!("closed"));
    assert_eq!(changes(&workplace.preview()), [""; 0], "people closed it once more");
}

#[test]
fn a_milestone_closed_by_people_reopens_for_an_item_that_reopens_with_a_new_key() {
    let workplace = Workplace::applied();
    workplace.edit("plan.md", "- Labels: `civil`, `safety`", "- Labels: `civil`, `safety`\n- Status: Done");
    workplace.apply();
    workplace.edit_repository(|it| it["milestones"][0]["state"] = json!("closed"));
    let plan = OBSERVATORY.replace("O1", "N1");
    workplace.write("plan.md", plan);
    let found = changes(&workplace.preview());
    assert!(found.contains(&"reopen milestone M1: state closed → open".to_owned()), "{found:#?}");
    workplace.apply();
}

#[test]
fn a_milestone_closes_and_reopens_as_the_plan_says() {
    let workplace = Workplace::applied();
    let done = OBSERVATORY.replace("- Milestone: `M1`\n", "- Milestone: `M1`\n- Status: Done\n");
    workplace.write("plan.md", &done);
    assert!(changes(&workplace.preview()).contains(&"close milestone M1: state open → closed".to_owned()));
    workplace.apply();
    workplace.write("plan.md", OBSERVATORY);
    let found = changes(&workplace.preview());
    assert!(found.contains(&"reopen milestone M1: state closed → open".to_owned()), "{found:?}");
    workplace.apply();
}

#[test]
fn a_returning_item_loses_outdated_links_even_if_keys_changed() {
    let workplace = Workplace::new();
    let plan = "# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n### `I1` Whole\n\n- Milestone: `M1`\n\n";
    let part = "### `I2` Part\n\n- Milestone: `M1`\n- Parent: `I1`\n- `depends_on: [I1]`\n";
    workplace.write("plan.md", format!("{plan}{part}"));
    workplace.apply();
    workplace.write("plan.md", plan);
    workplace.apply();
    workplace.write("plan.md", plan.replace("`I1`", "`N1`"));
    workplace.apply();
    let back = part.replace("- Parent: `I1`\n- `depends_on: [I1]`\n", "");
    workplace.write("plan.md", format!("{}{back}", plan.replace("`I1`", "`N1`")));
    workplace.apply();
    let part = workplace.repository()["issues"][1].clone();
    assert_eq!((&part["state"], &part["parent"]), (&json!("open"), &Value::Null), "{part}");
    assert!(part["blocked_by"].as_array().is_none_or(Vec::is_empty), "{part}");
}

#[test]
fn an_issue_closed_by_people_before_its_item_left_never_matches_another_item() {
    let workplace = Workplace::new();
    let plan = |title: &str| {
        format!(
            "# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n### {title}\n\n- Milestone: M1\n\n### Sweep\n"
        )
    };
    workplace.write("plan.md", plan("Write the first manual"));
    workplace.apply();
    workplace.edit_repository(|it| it["issues"][0]["state"] = json!("closed"));
    workplace.write("plan.md", plan("Order 40 telescopes"));
    workplace.apply();
    workplace.write("plan.md", plan("Write the second manual"));
    let found = changes(&workplace.preview());
    assert!(found[0].starts_with("create issue m1/write-the-second-manual"), "{found:?}");
}

#[test]
fn closing_more_than_half_of_a_small_plan_needs_permission() {
    let plan = |items: &[&str]| {
        let items: String = items.iter().map(|item| format!("### {item}\n\n- Milestone: M1\n\n")).collect();
        format!("# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n{items}")
    };
    let all = ["`I1` Sweep", "`I2` Paint", "`I3` Saw"];
    for (left, stops) in [(0..3, false), (0..2, false), (0..1, true)] {
        let workplace = Workplace::new();
        workplace.write("plan.md", plan(&all));
        workplace.apply();
        workplace.write("plan.md", plan(&all[left]));
        let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        assert_eq!(output.status.code(), Some(i32::from(stops)), "{}", stderr(&output));
        assert_eq!(stderr(&output).contains("2 of 3 issues left the plan"), stops);
    }
    // Closing a single issue is easy to see in a preview.
    let workplace = Workplace::new();
    workplace.write("plan.md", plan(&all[..1]));
    workplace.apply();
    workplace.write("plan.md", "# Small\n\n## Milestones\n\n- `M1` Start\n");
    workplace.apply();
}

#[test]
fn items_that_left_earlier_do_not_count_as_managed() {
    let plan = |items: std::ops::Range<usize>| {
        let items: String = items.map(|at| format!("### `I{at}` Item {at}\n\n- Milestone: M1\n\n")).collect();
        format!("# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n{items}")
    };
    let workplace = Workplace::new();
    workplace.write("plan.md", plan(0..10));
    workplace.apply();
    workplace.write("plan.md", plan(6..10));
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes", "--allow-mass-close"]);
    workplace.write("plan.md", plan(9..10));
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("3 of 4 issues left the plan"), "{}", stderr(&output));
}

#[test]
fn a_removed_issue_gives_up_its_key_to_a_new_item() {
    let plan = |key: &str, title: &str, place: &str| {
        let others = ["K1` Keep the log", "K2` Keep the keys", "K3` Keep the lamps"];
        let others: String = others.iter().map(|it| format!("### `{it}\n\n- Labels: `upkeep`\n\n")).collect();
        format!(
            "## Milestones\n\n1. `M1` First\n\n## Issues\n\n{others}### `{key}` {title}\n\n- Labels: `dome`\n{place}\n"
        )
    };
    let workplace = Workplace::new();
    let steps =
        [("N1", "Grind the mirror", ""), ("I1", "Paint the dome", ""), ("N1", "Paint the dome", "- Milestone: `M1`")];
    for (key, title, place) in steps {
        workplace.write("plan.md", plan(key, title, place));
        workplace.apply();
    }
    assert_eq!(workplace.preview()["changes"], json!([]));
    let repository = workplace.repository();
    let marked = |key: &str| -> Vec<u64> {
        let has_key = |it: &&Value| it["body"].as_str().unwrap().contains(&format!(r#""key":"{key}""#));
        let issues = repository["issues"].as_array().unwrap();
        issues.iter().filter(has_key).map(|it| it["number"].as_u64().unwrap()).collect()
    };
    assert_eq!(marked("N1"), [5], "{repository:#}");
    // The item can still return.
    workplace.write("plan.md", plan("N1", "Grind the mirror", ""));
    workplace.apply();
    let mut repository = workplace.repository();
    assert_eq!(issue(&mut repository, "N1 Grind")["number"], 4);
}
