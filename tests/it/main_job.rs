//! The main use case from end to end: a plan is applied to a repository in a file, and nothing is left to do.

use crate::common::{OBSERVATORY, Workplace, changes, exists, stderr};
use serde_json::{Value, json};

#[test]
fn everything_is_created_once_and_nothing_the_second_time() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let preview: Value = serde_json::from_str(&workplace.stdout(&["preview", "plan.md", "--format", "json"])).unwrap();
    let count = |op: &str, kind: &str| {
        let all = preview["changes"].as_array().unwrap();
        all.iter().filter(|change| change["op"] == op && change["kind"] == kind).count()
    };
    assert_eq!(
        [count("create", "label"), count("create", "milestone"), count("create", "issue")],
        [8, 3, 8],
        "what is created"
    );
    assert_eq!([count("link", "dependency"), count("pin", "pin")], [8, 2], "what is linked and pinned");
    assert_eq!(preview["changes"].as_array().unwrap().len(), 8 + 3 + 8 + 8 + 2, "and no more");

    workplace.apply();
    let repository = workplace.repository();
    let titles: Vec<&str> =
        repository["issues"].as_array().unwrap().iter().map(|issue| issue["title"].as_str().unwrap()).collect();
    assert_eq!(titles.len(), 8);
    assert!(titles.contains(&"O6 Serve pictures on `GET /tonight`"));
    assert_eq!(repository["milestones"][0]["title"], "M1 Dome and power (v0.1.0)");
    assert_eq!(repository["milestones"][0]["due_on"], "2026-03-02");
    let quiet = workplace.run(&["preview", "plan.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(quiet.status.code(), Some(0));
}

#[test]
fn a_preview_writes_nothing_and_its_exit_code_reports_pending_changes() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let output = workplace.run(&["preview", "plan.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!exists(&workplace.path("repo.json")));
}

#[test]
fn bodies_list_their_blockers_by_number_and_links_agree() {
    let workplace = Workplace::applied();
    let repository = workplace.repository();
    let number_of = |key: &str| {
        let issues = repository["issues"].as_array().unwrap();
        let found = issues.iter().find(|issue| issue["title"].as_str().unwrap().starts_with(&format!("{key} ")));
        found.unwrap()["number"].as_u64().unwrap()
    };
    for (key, blockers) in [("O4", vec!["O1", "O3"]), ("O5", vec!["O2", "O4"]), ("O1", vec![])] {
        let mut numbers: Vec<u64> = blockers.iter().map(|blocker| number_of(blocker)).collect();
        numbers.sort_unstable();
        let issue = &repository["issues"][usize::try_from(number_of(key)).unwrap() - 1];
        assert_eq!(issue["blocked_by"], json!(numbers));
        let names: Vec<String> = numbers.iter().map(|number| format!("#{number}")).collect();
        let line = format!("Blocked by {}", names.join(", "));
        assert_eq!(issue["body"].as_str().unwrap().contains(&line), !numbers.is_empty(), "{key}");
    }
    assert_eq!(repository["pinned"], json!([number_of("O5"), number_of("O8")]));
}

/// Edits the plan of the applied observatory, returns the changes that a preview shows, and applies them.
fn after(edit: impl FnOnce(&Workplace)) -> Vec<String> {
    let workplace = Workplace::applied();
    edit(&workplace);
    let preview = workplace.preview();
    workplace.apply();
    changes(&preview)
}

#[test]
fn a_changed_title_is_one_change_of_one_field() {
    let changes = after(|it| it.edit("plan.md", "Pour the pier\n\n-", "Pour the pier twice\n\n-"));
    assert_eq!(changes, ["update issue O1: title O1 Pour the pier → O1 Pour the pier twice"]);
}

#[test]
fn a_new_criterion_is_one_change_of_the_text() {
    let workplace = Workplace::applied();
    workplace.edit("plan.md", "  - The surface is", "  - The edge is not turned down.\n  - The surface is");
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    insta::assert_snapshot!(text, @"
    M2 First light (v0.2.0)
      ~ #3 O3 Grind the mirror
          text:
            @@ -1,3 +1,4 @@
             ### Acceptance criteria
             
            +- [ ] The edge is not turned down.
             - [ ] The surface is within λ/8 of the parabola.

    1 issue to update.
    ");
    workplace.apply();
}

#[test]
fn a_removed_dependency_is_one_unlink() {
    let workplace = Workplace::applied();
    workplace.edit("plan.md", "[O1, O3]", "[O1]");
    assert_eq!(changes(&workplace.preview()), ["unlink dependency O4: blocked_by O3 → -"]);
    workplace.apply();
    let issues = workplace.repository()["issues"].clone();
    let body = issues.as_array().unwrap().iter().find(|issue| issue["title"] == "O4 Align the mount").unwrap()["body"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(body.contains("Blocked by #1\n"), "{body}");
}

#[test]
fn a_moved_date_is_one_change_of_one_milestone() {
    let changes = after(|it| it.edit("plan.md", "2026-05-18", "2026-05-25"));
    assert_eq!(changes, ["update milestone M2: due_on 2026-05-18 → 2026-05-25"]);
}

#[test]
fn a_removed_issue_is_one_close_that_frees_its_pin() {
    let workplace = Workplace::applied();
    let plan = workplace.read("plan.md");
    let (before, rest) = plan.split_once("### `O8`").unwrap();
    let (_, after) = rest.split_once("## GitHub").unwrap();
    workplace.write("plan.md", format!("{before}## GitHub{after}"));
    let changes = changes(&workplace.preview());
    assert_eq!(changes, ["close issue O8: state open → closed; state_reason - → not_planned; pinned pinned → -"]);
    workplace.apply();
    assert_eq!(workplace.repository()["pinned"].as_array().unwrap().len(), 1);
}

#[test]
fn a_reordered_document_is_no_change_at_all() {
    let workplace = Workplace::applied();
    let plan = workplace.read("plan.md");
    let (head, rest) = plan.split_once("## Issues\n\n").unwrap();
    let (issues, setup) = rest.split_once("## GitHub").unwrap();
    let mut sections: Vec<&str> = issues.split("### ").filter(|section| !section.is_empty()).collect();
    sections.reverse();
    let (title, middle) = head.split_once("## Milestones").unwrap();
    let (milestones, graph) = middle.split_once("## Dependency graph").unwrap();
    let issues: String = sections.iter().map(|section| format!("### {section}")).collect();
    workplace.write(
        "plan.md",
        format!(
            "{title}## GitHub{setup}\n\n## Issues\n\n{issues}\n## Dependency graph{graph}\n## Milestones{milestones}"
        ),
    );
    assert_eq!(workplace.preview()["changes"], json!([]));
}

#[test]
fn a_graph_edge_missing_from_the_lists_is_a_warning_that_names_it() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY.replace("O7 --> O8", "O7 --> O6"));
    let output = workplace.run(&["check", "plan.md"]);
    assert_eq!(output.status.code(), Some(0), "a warning does not fail a check");
    insta::assert_snapshot!(stderr(&output), @"
    warning[graph-disagrees]: the diagram draws `O7 --> O6`, but `O6` does not depend on `O7`
      --> plan.md:38:3
       |
    38 |   O7 --> O6
       |   ^^^^^^^^^
       |
       = help: the lists take precedence: remove the arrow, or add `O7` to `depends_on` of `O6`

    warning[graph-disagrees]: `O8` depends on `O7`, but the diagram does not draw it
       --> plan.md:105:21
        |
    105 | - `depends_on: [O6, O7]`
        |                     ^^
        |
        = help: the lists take precedence: add `O7 --> O8` to the diagram
    ");
}

#[test]
fn several_plans_share_labels_and_milestones_and_keep_their_own_keys() {
    let workplace = Workplace::new();
    workplace.write("one.md", OBSERVATORY);
    let other = "# Other\n\n## Milestones\n\n- `M1` Dome and power (`v0.1.0`)\n\n## Issues\n\n### `O1` Paint the dome\n\n\
                 - Milestone: `M1`\n- Labels: `Civil`\n";
    workplace.write("two.md", other);
    let arguments = ["preview", "one.md", "two.md", "--offline", "repo.json", "--format", "json"];
    let previews: Value = serde_json::from_str(&workplace.stdout(&arguments)).unwrap();
    assert_eq!(changes(&previews[1]).len(), 1, "only the issue is new: {:?}", changes(&previews[1]));
    workplace.stdout(&["apply", "one.md", "two.md", "--offline", "repo.json", "--yes"]);
    let repository = workplace.repository();
    assert_eq!(repository["issues"].as_array().unwrap().len(), 9);
    assert_eq!(repository["milestones"].as_array().unwrap().len(), 3);
    let output = workplace.run(&["preview", "*.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn items_are_created_and_shown_in_the_order_of_the_document() {
    let workplace = Workplace::new();
    workplace.write(
        "plan.md",
        "# Move in\n\n## Phase 1: Zenith\n\n- [ ] Sign the lease\n- [ ] Measure the rooms\n- [ ] .env for the thermostat\n\n\
         ## Phase 2: Attic\n\n- [ ] Clear it out\n- [ ] Board the floor\n",
    );
    workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    let repository = workplace.repository();
    let titles = |kind: &str| -> Vec<String> {
        let things = repository[kind].as_array().unwrap().iter();
        things.map(|thing| thing["title"].as_str().unwrap().to_owned()).collect()
    };
    let issues = ["Sign the lease", "Measure the rooms", ".env for the thermostat", "Clear it out", "Board the floor"];
    assert_eq!(titles("issues"), issues);
    assert_eq!(titles("milestones"), ["Phase 1: Zenith", "Phase 2: Attic"]);
    let shown = workplace.stdout(&["preview", "plan.md"]);
    let places: Vec<usize> = issues.iter().map(|title| shown.find(title).unwrap()).collect();
    assert!(places.is_sorted(), "{shown}");
}

#[test]
fn a_blocker_that_comes_later_in_the_document_is_created_first() {
    let workplace = Workplace::new();
    workplace.write(
        "plan.md",
        "# Move in\n\n## Attic\n\n### `A1` Board the floor\n\n- Depends on: `A3`\n\n### `A2` Paint the walls\n\n\
         ### `A3` Clear it out\n",
    );
    workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    let repository = workplace.repository();
    let titles: Vec<&str> =
        repository["issues"].as_array().unwrap().iter().map(|issue| issue["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["A2 Paint the walls", "A3 Clear it out", "A1 Board the floor"]);
}
