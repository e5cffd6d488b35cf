//! `import`: creates a plan for an existing repository. Applying it only adopts issues.

use std::collections::BTreeSet;

use plan_action::model::block;
use plan_action::repository::file::format::Repository;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::common::{Workplace, stderr};

/// Imports `repo.json` as `imported.md`, and returns the messages.
fn import(workplace: &Workplace, arguments: &[&str]) -> String {
    let base = ["import", "--offline", "repo.json", "--output", "imported.md"];
    let output = workplace.run(&[&base[..], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    stderr(&output)
}

/// A repository without the markers, which people do not see.
fn visible(repository: &Value) -> Value {
    // Parsing fills in missing values.
    let repository = Repository::parse(&repository.to_string()).unwrap().to_json().unwrap();
    let mut repository: Value = serde_json::from_str(&repository).unwrap();
    let without = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        let Some(block) = block::all(text).next() else { return json!(normal(text)) };
        json!(normal(&format!("{}{}{}", block.before, block.inside.unwrap_or_default(), block.after)))
    };
    for issue in repository["issues"].as_array_mut().unwrap() {
        issue["body"] = without(&issue["body"]);
    }
    for milestone in repository["milestones"].as_array_mut().unwrap() {
        milestone["description"] = without(&milestone["description"]);
    }
    repository
}

fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

/// Applies `imported.md`, which must only adopt issues and leave nothing to do. Returns the numbers of the adopted
/// issues.
fn adopt(workplace: &Workplace) -> BTreeSet<u64> {
    let before = workplace.repository();
    let preview = workplace.stdout(&["preview", "imported.md", "--offline", "repo.json", "--format", "json"]);
    let preview: Value = serde_json::from_str(&preview).unwrap();
    for change in preview["changes"].as_array().unwrap() {
        assert_eq!(change["op"], "adopt", "{change}\n{}", workplace.read("imported.md"));
        let fields = change["fields"].as_array().unwrap();
        let changed: Vec<&Value> = fields
            .iter()
            .filter(|it| it["from"] != it["to"] && it["field"] != "plan" && it["field"] != "key")
            .collect();
        assert!(changed.is_empty(), "{change}\n{}", workplace.read("imported.md"));
    }
    assert_eq!(preview["drift"], json!([]), "{}", workplace.read("imported.md"));
    workplace.stdout(&["apply", "imported.md", "--offline", "repo.json", "--yes"]);
    let after = workplace.repository();
    assert_eq!(visible(&after), visible(&before), "{}", workplace.read("imported.md"));
    let again = workplace.stdout(&["preview", "imported.md", "--offline", "repo.json", "--format", "json"]);
    let again: Value = serde_json::from_str(&again).unwrap();
    assert_eq!((&again["changes"], &again["drift"]), (&json!([]), &json!([])));
    let is_ours = |issue: &&Value| issue["body"].as_str().unwrap().contains("\"plan\":\"imported.md\"");
    let issues = after["issues"].as_array().unwrap().iter();
    issues.filter(is_ours).map(|issue| issue["number"].as_u64().unwrap()).collect()
}

fn repository(value: &Value) -> Workplace {
    let workplace = Workplace::new();
    let mut repository = json!({ "format": "plan-action repository", "version": 1 });
    repository.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
    workplace.write("repo.json", repository.to_string());
    workplace
}

fn small() -> Workplace {
    repository(&json!({
        "labels": [
            { "name": "api", "color": "0e8a16", "description": "The API" },
            { "name": "good first issue", "color": "123456" },
            { "name": "unused", "color": "ffffff" },
        ],
        "milestones": [
            { "number": 1, "title": "v1.0", "due_on": "2026-03-10", "description": "What everybody waits for." },
            { "number": 2, "title": "Later" },
        ],
        "issues": [
            { "number": 1, "title": "Draw the map", "body": "First the coast.\r\n\r\nThen the hills.", "labels": ["api"],
              "milestone": 1, "state": "closed", "state_reason": "completed", "assignees": ["ada"] },
            { "number": 3, "title": "Print `map.svg`", "body": "## Steps\n\n- [x] ink\n- [ ] paper\n", "milestone": 1,
              "blocked_by": [1], "labels": ["good first issue"] },
            { "number": 4, "title": "Sell it", "parent": 3, "blocked_by": [3], "milestone": 2 },
            { "number": 5, "title": "Where is my order?", "author": "somebody", "author_association": "NONE" },
            { "number": 6, "title": "A title with *stars* (P1) @ada", "body": "Short" },
        ],
    }))
}

#[test]
fn a_plan_holds_what_a_repository_has() {
    let workplace = small();
    let said = import(&workplace, &[]);
    insta::assert_snapshot!(said);
    insta::assert_snapshot!(workplace.read("imported.md"));
    let check = workplace.run(&["check", "imported.md"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    assert_eq!(adopt(&workplace), [1, 3, 4, 6].into());
}

#[test]
fn a_plan_is_printed_and_never_written_over_a_file() {
    let workplace = small();
    import(&workplace, &[]);
    assert_eq!(workplace.stdout(&["import", "--offline", "repo.json"]), workplace.read("imported.md"));
    let output = workplace.run(&["import", "--offline", "repo.json", "--output", "imported.md"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stderr(&output), @"error: `imported.md` exists already and is not overwritten; name another file");
}

#[test]
fn issues_are_selected_by_milestone_label_state_and_day() {
    let selected = |arguments: &[&str]| {
        let workplace = small();
        workplace.edit_repository(|it| it["issues"][3]["updated_at"] = json!("2026-02-01T00:00:00Z"));
        workplace.edit_repository(|it| it["issues"][1]["updated_at"] = json!("2026-03-01T00:00:00Z"));
        import(&workplace, arguments);
        adopt(&workplace).into_iter().collect::<Vec<_>>()
    };
    assert_eq!(selected(&["--milestone", "v1.0"]), [1, 3]);
    assert_eq!(selected(&["--label", "API"]), [1]);
    assert_eq!(selected(&["--state", "open"]), [3, 4, 6]);
    assert_eq!(selected(&["--state", "closed"]), [1]);
    assert_eq!(selected(&["--since", "2026-03-01"]), [3]);
    let refused = |arguments: &[&str]| {
        let workplace = small();
        let output = workplace.run(&[&["import", "--offline", "repo.json"], arguments].concat());
        assert_eq!(output.status.code(), Some(1));
        stderr(&output)
    };
    insta::assert_snapshot!(refused(&["--milestone", "v9"]), @"error: repo.json has no milestone `v9`");
    insta::assert_snapshot!(refused(&["--since", "2030-01-01"]), @"error: what was asked for in repo.json has no milestone or issue that a plan can take over");
}

#[test]
fn issues_of_a_deleted_plan_are_taken_over_and_those_of_an_existing_plan_are_not() {
    let workplace = Workplace::applied();
    let output = workplace.run(&["import", "--offline", "repo.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("because they belong to the plan `plan.md`"), "{}", stderr(&output));
    std::fs::remove_file(workplace.path("plan.md")).unwrap();
    import(&workplace, &[]);
    assert_eq!(adopt(&workplace).len(), 8);
}

/// Words that are special in markdown, HTML, GitHub or the reader of plans.
fn hostile() -> impl Strategy<Value = String> {
    let word = select(vec![
        "mirror",
        "dome",
        "a|b",
        "`code`",
        "@team",
        "#12",
        "**bold**",
        "_x_",
        "--",
        "-->",
        "<!-- id: gh-1 -->",
        "<b>",
        "</details>",
        "---",
        "[x]",
        "[ ]",
        "(P1)",
        "(done)",
        "(depends on #1)",
        "✅",
        "~~old~~",
        "Phase 2:",
        "Epic:",
        "Overview",
        "Dependencies",
        "Setup checklist",
        "Labels:",
        "Done",
        "Milestone 1",
        "I4",
        "T001",
        "1.",
        "Issue #3:",
        "(Weeks 1-2)",
        "release-gate",
        "Total",
        "\\",
        "&amp;",
        "```",
        "~~~",
        "# x",
        "{#anchor}",
        ":",
        "é",
        "日本",
        "🔭",
        "major milestone",
        "gh issue create --title x",
        "None",
        "\"quoted\"",
    ]);
    prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "))
}

fn body() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        3 => hostile(),
        1 => select(vec![
            "", "", "## Heading", "### Another", "- item", "- [ ] box", "- [x] ticked", "| a | b |", "| - | - |", "```", "~~~",
            "Depends on: #1", "Labels: x, y", "**Milestone:** v1", "Blocked by #2", "---", "***", "===", "> quote",
            "    code", "\tTab", "<details>", "<!-- note -->", "- Status: Done", "Body:", "trailing  ", "Parent: gh-2",
        ]).prop_map(str::to_owned),
    ];
    (prop::collection::vec(line, 0..7), any::<bool>())
        .prop_map(|(lines, web)| lines.join(if web { "\r\n" } else { "\n" }))
}

fn state() -> impl Strategy<Value = (&'static str, Option<&'static str>)> {
    select(vec![("open", None), ("open", None), ("closed", Some("completed")), ("closed", Some("not_planned"))])
}

/// A small repository made by hand.
fn by_hand() -> impl Strategy<Value = Value> {
    let labels = vec!["api", "docs", "priority: high", "release-gate", "none", "a, b", "`tick`", "✨ new"];
    let milestone = (hostile(), prop::option::of(1..28u8), body(), any::<bool>());
    let issue = (
        (hostile(), body(), state()),
        prop::option::of(0..3usize),
        prop::collection::btree_set(select(labels.clone()), 0..3),
        prop::collection::btree_set(select(vec!["ada", "grace", "dependabot[bot]"]), 0..2),
        (prop::collection::btree_set(1..7usize, 0..2), prop::option::weighted(0.2, 1..7usize)),
        select(vec!["OWNER", "MEMBER", "OWNER", "NONE"]),
    );
    (prop::collection::vec(milestone, 0..3), prop::collection::vec(issue, 1..7)).prop_map(
        move |(milestones, issues)| {
            let mut titles = BTreeSet::new();
            let count = milestones.len();
            let milestones: Vec<Value> = milestones
            .into_iter()
            .enumerate()
            .map(|(at, (mut title, day, description, closed))| {
                if !titles.insert(title.clone()) {
                    title.push_str(&format!(" {at}"));
                }
                let due = day.map(|day| format!("2026-05-{day:02}"));
                let state = if closed { "closed" } else { "open" };
                json!({ "number": at + 1, "title": title, "due_on": due, "description": description, "state": state })
            })
            .collect();
            let total = issues.len();
            let issues: Vec<Value> = issues
            .into_iter()
            .enumerate()
            .map(|(at, ((title, body, (state, reason)), milestone, labels, assignees, (blocked_by, parent), author))| {
                let number = at + 1;
                let blocked_by: Vec<usize> =
                    blocked_by.into_iter().filter(|other| *other <= total && *other != number).collect();
                json!({
                    "number": number, "title": title, "body": body, "state": state, "state_reason": reason,
                    "milestone": milestone.filter(|it| *it < count).map(|it| it + 1), "labels": labels,
                    "assignees": assignees, "blocked_by": blocked_by,
                    "parent": parent.filter(|it| *it < number), "author": "somebody", "author_association": author,
                })
            })
            .collect();
            let labels: Vec<Value> = labels
                .iter()
                .map(|name| json!({ "name": name, "color": "0e8a16", "description": "a *b*  c" }))
                .collect();
            json!({ "labels": labels, "milestones": milestones, "issues": issues })
        },
    )
}

fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn an_import_only_adopts_whatever_people_wrote(by_hand in by_hand()) {
        let workplace = repository(&by_hand);
        let output = workplace.run(&["import", "--offline", "repo.json", "--output", "imported.md"]);
        let said = stderr(&output);
        if said.contains("has no milestone or issue that a plan can take over") {
            return Ok(());
        }
        prop_assert_eq!(output.status.code(), Some(0), "{}", said);
        let ours = adopt(&workplace);
        // Each issue is either in the plan or named in a message.
        for issue in by_hand["issues"].as_array().unwrap() {
            let number = issue["number"].as_u64().unwrap();
            let names = |line: &str| line.split([' ', ',', ':']).any(|word| word == format!("#{number}"));
            let is_of_issues = |line: &&str| line.contains(" issue #") || line.contains(" issues #");
            let mut lines = said.lines().filter(|line| is_of_issues(line) && line.contains("not in the plan"));
            let is_named = lines.any(names);
            prop_assert!(ours.contains(&number) != is_named, "#{} in {}\n{}", number, said, workplace.read("imported.md"));
        }
    }
}
