//! Copied, damaged, removed and foreign markers: no item is duplicated, and no issue is taken over.

use crate::common::{OBSERVATORY, Workplace, changes, stderr};
use serde_json::{Value, json};

fn with_issue(issue: &Value) -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let repository = json!({"format": "plan-action repository", "version": 1, "issues": [issue]});
    workplace.write("repo.json", repository.to_string());
    workplace
}

#[test]
fn an_issue_with_the_same_title_is_adopted_and_its_text_kept() {
    let workplace = with_issue(&json!({"number": 7, "title": "O3 Grind the mirror", "body": "My notes.\r\n",
        "author": "ada", "author_association": "MEMBER"}));
    let preview = workplace.preview();
    let adopted = &preview["changes"].as_array().unwrap().iter().find(|change| change["op"] == "adopt").unwrap();
    assert_eq!((&adopted["key"], &adopted["number"]), (&json!("O3"), &json!(7)));
    workplace.apply();
    let body = workplace.repository()["issues"][0]["body"].as_str().unwrap().to_owned();
    assert!(body.starts_with("My notes.\r\n\n\n<!-- plan-action:1 "), "{body}");
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 8);
}

#[test]
fn a_stranger_cannot_take_over_an_item_by_title_or_marker() {
    let applied = Workplace::applied().repository();
    let marked = applied["issues"].as_array().unwrap().iter().find(|issue| issue["title"] == "O3 Grind the mirror");
    for (body, words) in [
        (String::new(), "#7 has the title of `O3`"),
        (marked.unwrap()["body"].as_str().unwrap().replace("Blocked by", ""), "#7 has the marker of `O3`"),
    ] {
        let stranger = json!({"number": 7, "title": "O3 Grind the mirror", "body": body, "author": "mallory",
            "author_association": "NONE"});
        let workplace = with_issue(&stranger);
        let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
        assert!(text.contains(words), "{text}");
        workplace.apply();
        let repository = workplace.repository();
        assert_eq!(repository["issues"].as_array().unwrap().len(), 9, "the item has an issue of its own");
        assert_eq!(repository["issues"][0]["body"], stranger["body"]);
        assert_eq!(repository["issues"][0]["state"], "open");
    }
}

#[test]
fn adoption_can_be_turned_off() {
    let workplace = with_issue(&json!({"number": 7, "title": "O3 Grind the mirror"}));
    workplace.write("plan.md", format!("---\nadopt: off\n---\n{OBSERVATORY}"));
    workplace.apply();
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 9);
}

#[test]
fn of_two_issues_for_one_item_the_lower_number_stays() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|repository| {
        let mut twin = repository["issues"][2].clone();
        twin["number"] = json!(20);
        repository["issues"].as_array_mut().unwrap().push(twin);
    });
    let changes = changes(&workplace.preview());
    assert_eq!(changes, ["close issue O3: state open → closed; state_reason - → duplicate"]);
    workplace.apply();
    let issues = workplace.repository()["issues"].clone();
    assert_eq!((&issues[2]["state"], &issues[8]["state"]), (&json!("open"), &json!("closed")));
}

#[test]
fn a_marker_of_a_later_version_stops_everything() {
    let workplace = Workplace::applied();
    workplace.edit(
        "repo.json",
        "<!-- plan-action:1 {\\\"plan\\\":\\\"plan.md\\\",\\\"key\\\":\\\"O3",
        "<!-- plan-action:9 {\\\"plan\\\":\\\"plan.md\\\",\\\"key\\\":\\\"O3",
    );
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("A newer version of plan-action wrote issue #3"), "{}", stderr(&output));
}

#[test]
fn a_damaged_marker_is_reported_and_its_issue_is_found_by_title() {
    let workplace = Workplace::applied();
    workplace.edit(
        "repo.json",
        "{\\\"plan\\\":\\\"plan.md\\\",\\\"key\\\":\\\"O3",
        "{\\\"plan\\\":\\\"plan.md\\\",\\\"ke\\\":\\\"O3",
    );
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(text.contains("The marker in #3 is damaged"), "{text}");
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 8, "there is no second issue");
    assert_eq!(workplace.preview()["changes"], json!([]));
}

/// The body of an issue in the repository.
fn body(repository: &Value, at: usize) -> String {
    repository["issues"][at]["body"].as_str().unwrap().to_owned()
}

#[test]
fn a_damaged_marker_is_found_by_its_remaining_key_and_rewritten_in_place() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let (before, after) = (body(it, 2), "\r\nMine.");
        let damaged = before.replace("\"base\":{", "\"base\":{oops").replace("[ ]", "[x]");
        it["issues"][2]["body"] = json!(format!("{damaged}{after}"));
        it["issues"][2]["title"] = json!("Another title");
    });
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(text.contains("The marker in #3 is damaged") && text.contains("The issue is `O3`"), "{text}");
    workplace.apply();
    let repository = workplace.repository();
    assert_eq!(repository["issues"].as_array().unwrap().len(), 8, "there is no second issue");
    let body = body(&repository, 2);
    assert_eq!(body.matches("The surface is within").count(), 1, "its text is there once: {body}");
    assert!(body.contains("- [x] The surface") && body.ends_with("<!-- /plan-action -->\r\nMine."), "{body}");
}

#[test]
fn a_damaged_marker_of_another_plan_is_left_alone() {
    let workplace = Workplace::applied();
    workplace.write(
        "other.md",
        "# Other\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n### `P1` Sweep\n\n- Milestone: `M1`\n",
    );
    workplace.stdout(&["apply", "other.md", "--offline", "repo.json", "--yes"]);
    workplace.edit_repository(|it| {
        let damaged = body(it, 8).replace("\"base\":{", "\"base\":{oops");
        it["issues"][8]["body"] = json!(damaged);
        it["issues"][8]["title"] = json!("O9 Sweep");
    });
    workplace.edit("plan.md", "### `O3`", "### `O9` Sweep\n\n- Milestone: `M1`\n\n### `O3`");
    let preview = workplace.preview();
    assert!(changes(&preview)[0].starts_with("create issue O9"), "{:?}", changes(&preview));
    assert_eq!(preview["notices"], json!([]));
}

#[test]
fn an_issue_whose_marker_was_removed_is_found_by_title_and_its_text_in_place() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let body = body(it, 2);
        let (_, inside) = body.split_once(" -->\n").unwrap();
        let bare = inside.replace("\n", "\r\n").replace("[ ]", "[X]");
        it["issues"][2]["body"] = json!(format!("Before.\r\n{bare}\r\nAfter."));
    });
    workplace.apply();
    let repository = workplace.repository();
    assert_eq!(repository["issues"].as_array().unwrap().len(), 8, "there is no second issue");
    let body = body(&repository, 2);
    assert_eq!(body.matches("The surface is within").count(), 1, "its text is there once: {body}");
    assert_eq!(body.matches("<!-- /plan-action -->").count(), 1, "{body}");
    assert!(body.starts_with("Before.\r\n<!-- plan-action:1 ") && body.ends_with("\r\nAfter."), "{body:?}");
    assert!(body.contains("- [X] The surface"), "as people have it: {body}");
}

#[test]
fn a_possible_existing_issue_is_named_before_an_item_gets_a_new_one() {
    for (title, body, words) in [
        ("Grind the Mirror!", "", "#3 looks like `O3`, but has no marker"),
        ("Grind a mirror", "", "#3 looks like `O3`, but has no marker"),
        // Other issues are still blocked by it.
        ("Something else altogether", "", "#3 looks like `O3`, but has no marker"),
        (
            "Nothing like it",
            "<!-- plan-action:1 {}",
            "The marker in #3 is damaged, so the issue cannot be matched with an item",
        ),
    ] {
        let workplace = Workplace::applied();
        workplace.edit_repository(|it| {
            it["issues"][2]["title"] = json!(title);
            it["issues"][2]["body"] = json!(body);
        });
        let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
        assert!(text.contains(words), "{text}");
        workplace.apply();
    }
}

#[test]
fn a_strangers_issue_with_the_title_of_an_item_that_has_none_is_named() {
    let workplace = Workplace::applied();
    let title = workplace.repository()["issues"][3]["title"].clone();
    workplace.edit_repository(|it| {
        it["pinned"] = json!([]);
        it["issues"] = json!([{"number": 21, "title": title, "body": "", "state": "open", "author": "mallory",
            "author_association": "NONE"}]);
    });
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(text.contains("#21 has the title of `O4`"), "{text}");
}

#[test]
fn a_warning_names_a_strangers_issue_only_while_it_is_open() {
    for state in ["open", "closed"] {
        let workplace = Workplace::applied();
        workplace.edit_repository(|it| {
            let (copied, title) = (body(it, 2), it["issues"][3]["title"].clone());
            let stranger = |number: u64, title: Value, body: String| {
                json!({"number": number, "title": title, "body": body, "state": state, "author": "mallory",
                    "author_association": "NONE"})
            };
            let new = [stranger(20, json!("Mine"), copied), stranger(21, title, String::new())];
            it["issues"].as_array_mut().unwrap().extend(new);
        });
        let before = workplace.read("repo.json");
        let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
        let named = [text.contains("#20 has the marker of `O3`"), text.contains("#21 has the title of `O4`")];
        // `O4` has its issue, so another issue with the same title is not worth a warning.
        assert_eq!(named, [state == "open", false], "{text}");
        workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        assert_eq!(workplace.read("repo.json"), before, "they are not touched");
    }
}

#[test]
fn a_plan_applied_by_another_account_is_not_created_again() {
    for (issues, words) in [(0..8, "#1 (and 7 more) already exists"), (2..3, "#3 already exists")] {
        let workplace = Workplace::applied();
        workplace.edit_repository(|it| {
            for at in issues {
                it["issues"][at]["author"] = json!("planner[bot]");
                it["issues"][at]["author_association"] = json!("NONE");
            }
        });
        let before = workplace.read("repo.json");
        let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        assert_eq!(output.status.code(), Some(1));
        let said = stderr(&output);
        assert!(said.contains(words) && said.contains("`--trust planner[bot]`"), "{said}");
        assert_eq!(workplace.read("repo.json"), before);
        let trusting = ["apply", "plan.md", "--offline", "repo.json", "--yes", "--trust", "planner[bot]"];
        assert!(workplace.stdout(&trusting).contains("No changes"), "they are the plan's");
    }
}

#[test]
fn a_block_without_its_closing_comment_is_not_overwritten() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|repository| {
        let body =
            repository["issues"][2]["body"].as_str().unwrap().replace("<!-- /plan-action -->", "and people's text");
        repository["issues"][2]["body"] = json!(body);
    });
    workplace.edit("plan.md", "within λ/8", "within λ/10");
    workplace.edit("plan.md", "Grind the mirror\n\n-", "Cast the mirror\n\n-");
    workplace.apply();
    let repository = workplace.repository();
    let body = repository["issues"][2]["body"].as_str().unwrap();
    assert!(body.contains("and people's text") && body.contains("λ/8"), "{body}");
    assert_eq!(repository["issues"][2]["title"], "O3 Cast the mirror");
}

/// The issues of an applied plan, as if somebody without write access had copied them with their markers.
fn copied(author: &str, keeps_milestones: bool) -> Value {
    let mut issues = Workplace::applied().repository()["issues"].clone();
    for issue in issues.as_array_mut().unwrap() {
        issue["author"] = json!(author);
        issue["author_association"] = json!("NONE");
        for field in ["labels", "assignees", "blocked_by", "parent", "pinned"] {
            issue.as_object_mut().unwrap().remove(field);
        }
        if !keeps_milestones {
            issue.as_object_mut().unwrap().remove("milestone");
        }
    }
    issues
}

#[test]
fn strangers_cannot_stop_the_first_apply_with_copied_markers() {
    for author in ["mallory", "relay[bot]"] {
        let workplace = Workplace::new();
        workplace.write("plan.md", OBSERVATORY);
        let copied = copied(author, false);
        let repository = json!({"format": "plan-action repository", "version": 1, "issues": copied});
        workplace.write("repo.json", repository.to_string());
        let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
        assert!(text.contains("#1 has the marker of `O1`") && !text.contains("--trust"), "{text}");
        workplace.apply();
        let issues = workplace.repository()["issues"].as_array().unwrap().clone();
        assert_eq!(issues.len(), 8 + 8, "every item has an issue of its own");
        assert!(issues[..8].iter().zip(copied.as_array().unwrap()).all(|(now, then)| now["body"] == then["body"]));
    }
}

#[test]
fn somebody_who_lost_access_is_recognised_by_milestones_and_never_recommended_for_trust() {
    let workplace = Workplace::applied();
    let milestones = workplace.repository()["milestones"].clone();
    let repository = json!({"format": "plan-action repository", "version": 1, "milestones": milestones,
        "issues": copied("ada", true)});
    workplace.write("repo.json", repository.to_string());
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("was opened by `ada`") && !said.contains("trust"), "{said}");
}

#[test]
fn a_strangers_marker_with_an_unknown_key_causes_no_warning() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| {
        let copied = body(it, 2).replace("\"key\":\"O3\"", "\"key\":\"Z9 buy at example.com\"");
        let stranger = json!({"number": 20, "title": "Mine", "body": copied, "author": "mallory",
            "author_association": "NONE"});
        it["issues"].as_array_mut().unwrap().push(stranger);
    });
    assert_eq!(workplace.preview()["notices"], json!([]));
}

/// Rewrites a marker to the form it has if the plan uses the written key `O3` in two milestones.
fn qualify(repository: &mut Value, at: usize, key: &str, qualified: &str) {
    let from = format!("\"key\":\"{key}\",\"base\":{{");
    let to = format!("\"key\":\"{qualified}\",\"base\":{{\"written_key\":\"O3\",");
    let text = body(repository, at);
    assert!(text.contains(&from), "{text}");
    repository["issues"][at]["body"] = json!(text.replace(&from, &to));
}

#[test]
fn a_marker_with_a_qualified_key_is_found_by_written_key_and_milestone() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| qualify(it, 2, "O3", "m1/O3"));
    assert_eq!(changes(&workplace.preview()), [""; 0], "the key is only written in another way");
    workplace.edit("plan.md", "Grind the mirror\n\n-", "Order 40 telescopes\n\n-");
    let found = changes(&workplace.preview());
    assert_eq!(found, ["update issue O3: title O3 Grind the mirror → O3 Order 40 telescopes"]);
    workplace.apply();
    let text = body(&workplace.repository(), 2);
    assert!(text.contains("\"key\":\"O3\"") && !text.contains("written_key"), "{text}");
}

#[test]
fn a_removed_item_is_not_mixed_up_with_an_equal_key_in_another_milestone() {
    let workplace = Workplace::applied();
    workplace.edit_repository(|it| qualify(it, 7, "O8", "O3"));
    let (plan, _) = OBSERVATORY.split_once("### `O8`").unwrap();
    workplace.write("plan.md", plan.replace("within λ/8", "within λ/10"));
    let found = changes(&workplace.preview());
    assert!(found.iter().any(|it| it.starts_with("update issue O3: body ")), "{found:#?}");
    assert!(found.iter().any(|it| it.starts_with("close issue m3/O3: ")), "{found:#?}");
    workplace.apply();
    let repository = workplace.repository();
    assert!(body(&repository, 2).contains("λ/10") && !body(&repository, 7).contains("λ/10"));
    assert_eq!(
        (&repository["issues"][2]["state"], &repository["issues"][7]["state"]),
        (&json!("open"), &json!("closed"))
    );
    assert!(body(&repository, 7).contains("\"key\":\"m3/O3\",\"base\":{\"title\""), "{}", body(&repository, 7));
}
