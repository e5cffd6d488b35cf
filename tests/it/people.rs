//! People and the plan edit the same issues: what is kept, what is written, and what is reported.

use crate::common::{OBSERVATORY, Workplace, changes};
use serde_json::{Value, json};

/// The issue whose title begins with this key.
fn issue<'r>(repository: &'r mut Value, key: &str) -> &'r mut Value {
    let issues = repository["issues"].as_array_mut().unwrap();
    issues.iter_mut().find(|issue| issue["title"].as_str().unwrap().starts_with(&format!("{key} "))).unwrap()
}

/// The drift in a preview, each as `key: field from → to`.
fn drift(preview: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let list = preview["drift"].as_array().unwrap().iter();
    list.flat_map(|change| {
        change["fields"].as_array().unwrap().iter().map(move |field| {
            assert_eq!(field["why"], "drift");
            format!(
                "{}: {} {} → {}",
                text(&change["key"]),
                text(&field["field"]),
                text(&field["from"]),
                text(&field["to"])
            )
        })
    })
    .collect()
}

/// Lets people edit the applied observatory. Expects their edits to stay, and to be reported as this drift.
fn stays(edit: impl FnOnce(&mut Value), expected: &[&str]) {
    let workplace = Workplace::applied();
    workplace.edit_repository(edit);
    let edited = workplace.read("repo.json");
    let preview = workplace.preview();
    assert_eq!(changes(&preview), [""; 0]);
    assert_eq!(drift(&preview), expected);
    assert_eq!(preview["summary"]["drift"], expected.len());
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(workplace.read("repo.json"), edited);
}

#[test]
fn fields_that_only_people_changed_stay() {
    stays(
        |it| issue(it, "O3")["title"] = json!("O3 Polish the mirror"),
        &["O3: title O3 Polish the mirror → O3 Grind the mirror"],
    );
    stays(|it| issue(it, "O3")["labels"] = json!([]), &["O3: label - → optics"]);
    stays(|it| issue(it, "O3")["milestone"] = Value::Null, &["O3: milestone - → M2 First light (v0.2.0)"]);
    stays(|it| issue(it, "O4")["blocked_by"] = json!([1]), &["O4: blocked_by - → O3"]);
    stays(|it| it["pinned"] = json!([5]), &["O8: pinned - → pinned"]);
    stays(|it| it["milestones"][1]["due_on"] = json!("2026-06-01"), &["M2: due_on 2026-06-01 → 2026-05-18"]);
}

#[test]
fn additions_by_people_are_left_alone() {
    stays(
        |it| {
            it["labels"].as_array_mut().unwrap().push(json!({"name": "people's own"}));
            it["labels"][0]["color"] = json!("000000");
            let issue = issue(it, "O3");
            issue["labels"] = json!(["optics", "people's own"]);
            issue["assignees"] = json!(["ada"]);
            issue["blocked_by"] = json!([7]);
            issue["state"] = json!("closed");
            issue["body"] = json!(format!("Before\r\n{}\r\n@ada after", issue["body"].as_str().unwrap()));
        },
        &[],
    );
}

#[test]
fn crlf_line_endings_and_ticked_boxes_are_not_drift() {
    stays(
        |it| {
            let body = issue(it, "O1")["body"].as_str().unwrap().replace('\n', "\r\n").replacen("[ ]", "[X]", 1);
            issue(it, "O1")["body"] = json!(body);
        },
        &[],
    );
}

#[test]
fn a_ticked_box_stays_ticked_when_its_text_moves_and_is_reworded() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = issue(it, "O1")["body"].as_str().unwrap().replace("[ ]", "[x]");
        issue(it, "O1")["body"] = json!(body);
    });
    workplace.edit(
        "plan.md",
        "  - The pier stands free of the floor on all sides.\n",
        "  - The pier stands on its own rock.\n  - The pier stands free of the floor on both sides.\n",
    );
    workplace.apply();
    let mut repository = workplace.repository();
    let body = issue(&mut repository, "O1")["body"].as_str().unwrap().to_owned();
    assert!(body.contains("- [ ] The pier stands on its own rock."), "{body}");
    assert!(body.contains("- [x] The pier stands free of the floor on both sides."), "{body}");
    assert!(body.contains("- [x] Vibration"), "{body}");
}

#[test]
fn a_field_changed_by_both_is_a_conflict_and_gets_the_plans_value() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| issue(it, "O3")["title"] = json!("O3 Polish the mirror"));
    workplace.edit("plan.md", "Grind the mirror\n\n-", "Cast the mirror\n\n-");
    let preview = workplace.preview();
    assert_eq!(changes(&preview), ["update issue O3: title O3 Polish the mirror → O3 Cast the mirror"]);
    assert_eq!(preview["changes"][0]["fields"][0]["why"], "conflict");
    assert_eq!(preview["summary"]["conflict"], 1);
    workplace.apply();
}

#[test]
fn edited_plan_text_is_kept_until_the_plan_changes_it() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = issue(it, "O3")["body"].as_str().unwrap().replace("λ/8", "λ/4");
        issue(it, "O3")["body"] = json!(body);
    });
    let preview = workplace.preview();
    assert_eq!(changes(&preview), [""; 0]);
    assert_eq!(drift(&preview).len(), 1);
    workplace.edit("plan.md", "within λ/8", "within λ/10");
    let preview = workplace.preview();
    assert_eq!(preview["changes"][0]["fields"][0]["why"], "conflict");
    workplace.apply();
}

#[test]
fn an_agreement_is_recorded_so_that_a_later_edit_is_drift() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| issue(it, "O3")["title"] = json!("O3 Cast the mirror"));
    workplace.edit("plan.md", "Grind the mirror\n\n-", "Cast the mirror\n\n-");
    assert_eq!(changes(&workplace.preview()), ["adopt issue O3: title O3 Cast the mirror → O3 Cast the mirror"]);
    workplace.apply();
    workplace.edit_repository(|it| issue(it, "O3")["title"] = json!("O3 Buy a mirror"));
    let preview = workplace.preview();
    assert_eq!(changes(&preview), [""; 0], "nobody changed the plan since");
    assert_eq!(drift(&preview), ["O3: title O3 Buy a mirror → O3 Cast the mirror"]);
}

#[test]
fn a_milestone_renamed_by_people_is_still_the_same_milestone_of_an_issue() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        it["milestones"][0]["title"] = json!("Foundations");
        issue(it, "O3")["milestone"] = json!(1);
    });
    let plan =
        OBSERVATORY.replace("- Milestone: `M2`\n- Labels: `optics`\n", "- Milestone: `M1`\n- Labels: `optics`\n");
    workplace.write("plan.md", &plan);
    assert_eq!(
        changes(&workplace.preview()),
        ["adopt issue O3: milestone M1 Dome and power (v0.1.0) → M1 Dome and power (v0.1.0)"]
    );
    workplace.apply();
}

#[test]
fn drift_is_undone_if_the_plan_asks_for_it() {
    let workplace = Workplace::applied();
    workplace.edit("plan.md", "# Observatory", "---\ndrift: restore\n---\n# Observatory");
    workplace.edit_repository(|it| {
        issue(it, "O3")["title"] = json!("O3 Polish the mirror");
        issue(it, "O7")["state"] = json!("closed");
    });
    let preview = workplace.preview();
    assert_eq!(
        changes(&preview),
        ["update issue O3: title O3 Polish the mirror → O3 Grind the mirror"],
        "what people closed stays closed all the same"
    );
    assert_eq!(preview["changes"][0]["fields"][0]["why"], "drift");
    workplace.apply();
}

#[test]
fn done_items_are_closed_and_issues_that_people_reopen_stay_open() {
    let workplace = Workplace::applied();
    workplace.edit("plan.md", "- Labels: `people`, `safety`", "- Labels: `people`, `safety`\n- Status: ✅ Done");
    assert_eq!(changes(&workplace.preview()), ["close issue O7: state open → closed"]);
    workplace.apply();
    let mut repository = workplace.repository();
    assert_eq!(issue(&mut repository, "O7")["state_reason"], "completed");
    workplace.edit_repository(|it| issue(it, "O7")["state"] = json!("open"));
    let preview = workplace.preview();
    assert_eq!(changes(&preview), [""; 0]);
    assert_eq!(drift(&preview), ["O7: state open → closed"]);
    workplace.edit("plan.md", "\n- Status: ✅ Done", "");
    workplace.apply();
    assert_eq!(drift(&workplace.preview()), [""; 0]);
}

#[test]
fn an_edit_inside_the_block_is_shown_with_both_texts() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = issue(it, "O3")["body"].as_str().unwrap().replace("λ/8", "λ/4").replace("[ ]", "[x]");
        issue(it, "O3")["body"] = json!(body);
    });
    let lines =
        ["-- [x] The surface is within λ/8 of the parabola.", "+- [x] The surface is within λ/4 of the parabola."];
    for format in ["text", "markdown"] {
        let shown = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json", "--format", format]);
        for line in lines {
            assert!(shown.lines().any(|shown| shown.trim() == line), "{format} does not show {line}: {shown}");
        }
    }
    workplace.edit("plan.md", "within λ/8", "within λ/10");
    let shown = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(shown.contains("conflict: people changed it too"), "{shown}");
    assert!(shown.contains("-- [x] The surface is within λ/4") && shown.contains("+- [x] The surface is within λ/10"));
}

#[test]
fn edited_text_follows_the_boxes_that_the_plan_ticks() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = issue(it, "O1")["body"].as_str().unwrap().replace("on all sides", "on two sides");
        issue(it, "O1")["body"] = json!(body);
    });
    workplace.edit("plan.md", "  - Vibration", "  - [x] Vibration");
    let preview = workplace.preview();
    assert_eq!((preview["changes"].as_array().unwrap().len(), &preview["summary"]["drift"]), (1, &json!(1)));
    workplace.apply();
    let mut repository = workplace.repository();
    let body = issue(&mut repository, "O1")["body"].as_str().unwrap().to_owned();
    assert!(body.contains("- [x] Vibration") && body.contains("on two sides"), "{body}");
}

#[test]
fn a_removed_line_of_blockers_stays_removed_until_the_plan_changes_it() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = issue(it, "O4")["body"].as_str().unwrap().replace("Blocked by #1, #3\n", "");
        issue(it, "O4")["body"] = json!(body);
    });
    let preview = workplace.preview();
    assert_eq!((changes(&preview), drift(&preview).len()), (vec![], 1), "{preview:#}");
    let restored = ["preview", "plan.md", "--offline", "repo.json", "--drift", "restore", "--format", "json"];
    let restored: Value = serde_json::from_str(&workplace.stdout(&restored)).unwrap();
    assert_eq!(restored["changes"][0]["fields"][0]["why"], "drift");
    workplace.edit(
        "plan.md",
        "Align the mount\n\n- `depends_on: [O1, O3]`",
        "Align the mount\n\n- `depends_on: [O1, O2, O3]`",
    );
    workplace.apply();
    let mut repository = workplace.repository();
    let body = issue(&mut repository, "O4")["body"].as_str().unwrap().to_owned();
    assert!(body.contains("Blocked by #1, #2, #3\n"), "{body}");
}

#[test]
fn a_body_that_needs_no_update_stays_exactly_as_people_left_it() {
    let workplace = Workplace::applied();
    let mut there = String::new();
    workplace.edit_repository(|it| {
        let body =
            issue(it, "O4")["body"].as_str().unwrap().replace("<!-- /plan", "More.\r\n\r\n- [X] mine\n<!-- /plan");
        there = body.split_once(" -->").unwrap().1.to_owned();
        issue(it, "O4")["body"] = json!(body);
    });
    workplace.edit("plan.md", "`optics`, `mechanics`", "`optics`, `mechanics`, `night`");
    workplace.apply();
    let mut repository = workplace.repository();
    let body = issue(&mut repository, "O4")["body"].as_str().unwrap().to_owned();
    assert!(body.contains("night"), "the marker is written: {body}");
    assert_eq!(body.split_once(" -->").unwrap().1, there);
}

#[test]
fn a_ticked_box_that_leaves_the_plan_is_shown() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = issue(it, "O1")["body"].as_str().unwrap().replace("[ ]", "[x]");
        issue(it, "O1")["body"] = json!(body);
    });
    workplace.edit("plan.md", "  - The pier stands free of the floor on all sides.\n", "");
    for format in ["text", "markdown", "json"] {
        let shown = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json", "--format", format]);
        assert!(shown.contains("- [x] The pier stands free of the floor on all sides."), "{format}: {shown}");
    }
    workplace.apply();
    let mut repository = workplace.repository();
    let body = issue(&mut repository, "O1")["body"].as_str().unwrap().to_owned();
    assert!(body.contains("- [x] Vibration") && !body.contains("The pier stands"), "{body}");
}

#[test]
fn text_around_and_between_blocks_stays_byte_for_byte() {
    let workplace = Workplace::applied();
    let (before, between, after) = ("Before \t\r\n\r\n", "\r\n\tbetween\n\n", "\n  after \r\n");
    workplace.edit_repository(|it| {
        let body = issue(it, "O3")["body"].as_str().unwrap().to_owned();
        let other = issue(it, "O1")["body"].as_str().unwrap().replace("plan.md", "other-plan");
        issue(it, "O3")["body"] = json!(format!("{before}{body}{between}{other}{after}"));
    });
    workplace.edit("plan.md", "within λ/8", "within λ/10");
    workplace.apply();
    let mut repository = workplace.repository();
    let body = issue(&mut repository, "O3")["body"].as_str().unwrap().to_owned();
    let other = issue(&mut repository, "O1")["body"].as_str().unwrap().replace("plan.md", "other-plan");
    assert!(body.starts_with(&format!("{before}<!-- plan-action:1 ")), "{body:?}");
    assert!(body.ends_with(&format!("<!-- /plan-action -->{between}{other}{after}")), "{body:?}");
    assert!(body.contains("within λ/10"), "{body}");
}

#[test]
fn values_set_before_adoption_stay_if_the_plan_gives_none() {
    let workplace = Workplace::new();
    workplace.write(
        "plan.md",
        "# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n### `I1` Sweep\n\n- Labels: `dust`\n",
    );
    let there = json!({"format": "plan-action repository", "version": 1, "labels": [{"name": "theirs"}],
        "milestones": [{"number": 1, "title": "Later"}, {"number": 2, "title": "M1 Start", "due_on": "2026-04-01"}],
        "issues": [{"number": 1, "title": "I1 Sweep", "milestone": 1, "labels": ["theirs"], "assignees": ["ada"]}]});
    workplace.write("repo.json", there.to_string());
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    let repository = workplace.repository();
    let issue = &repository["issues"][0];
    assert_eq!((&issue["milestone"], &issue["assignees"]), (&json!(1), &json!(["ada"])));
    assert_eq!(issue["labels"], json!(["dust", "theirs"]));
    assert_eq!(repository["milestones"][1]["due_on"], "2026-04-01");
}

#[test]
fn pins_by_people_stay_and_count_towards_the_limit() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let pinned = json!({"format": "plan-action repository", "version": 1, "pinned": [1, 2],
        "issues": [{"number": 1, "title": "Read this first"}, {"number": 2, "title": "Then this"}]});
    workplace.write("repo.json", pinned.to_string());
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(text.contains("1 release gate is not pinned, because GitHub pins at most 3 issues"), "{text}");
    assert!(text.contains("`O8 Release `v1.0.0` (public nights)`"), "{text}");
    workplace.apply();
    let mut repository = workplace.repository();
    let number = issue(&mut repository, "O5")["number"].clone();
    assert_eq!(repository["pinned"], json!([1, 2, number]));
}

#[test]
fn a_pin_that_people_remove_and_add_again_on_a_former_gate_is_theirs() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| it["pinned"] = json!([8]));
    workplace.edit("plan.md", "Pin `O5` and `O8` as release gates", "Pin `O8` as a release gate");
    let said = workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert!(said.contains("nothing changed except 1 hidden marker"), "{said}");
    workplace.edit_repository(|it| it["pinned"] = json!([5, 8]));
    assert_eq!(changes(&workplace.preview()), [""; 0]);
    workplace.apply();
    assert_eq!(workplace.repository()["pinned"], json!([5, 8]));
}

#[test]
fn a_closed_gate_frees_its_pin_for_the_next() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| issue(it, "O5")["state"] = json!("closed"));
    assert_eq!(changes(&workplace.preview()), ["unpin pin O5: pinned pinned → -"]);
    workplace.apply();
}
