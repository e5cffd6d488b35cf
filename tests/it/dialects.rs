//! The documented examples of the dialects are read as documented, regardless of file encoding details.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::{Workplace, stderr};
use serde_json::Value;

const DIALECTS: [&str; 6] = ["breakdown", "roadmap", "tracker", "guide", "checklist", "tasks"];

/// The example of a dialect's page.
fn example(dialect: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/docs/dialects").join(format!("{dialect}.md"));
    let page = std::fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("````markdown\n").unwrap();
    rest.split_once("\n````\n").unwrap().0.to_owned() + "\n"
}

fn read(text: impl AsRef<[u8]>) -> Value {
    let workplace = Workplace::new();
    workplace.write("plan.md", text);
    serde_json::from_slice(&workplace.run(&["show", "plan.md", "--format", "json"]).stdout).unwrap()
}

/// The content of a plan, without line numbers.
fn meaning(shown: &Value) -> Value {
    let mut shown = shown.clone();
    for kind in ["milestones", "issues"] {
        for item in shown[kind].as_array_mut().unwrap() {
            item.as_object_mut().unwrap().remove("line");
        }
    }
    shown.as_object_mut().unwrap().remove("diagnostics");
    shown.as_object_mut().unwrap().remove("outline");
    shown
}

#[test]
fn each_example_is_read_as_documented() {
    for dialect in DIALECTS {
        let workplace = Workplace::new();
        workplace.write("plan.md", example(dialect));
        let output = workplace.run(&["show", "plan.md"]);
        assert_eq!(output.status.code(), Some(0), "{dialect}: {}", stderr(&output));
        let json = workplace.stdout(&["show", "plan.md", "--format", "json"]);
        let shown: Value = serde_json::from_str(&json).unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        for issue in shown["issues"].as_array().unwrap().iter().filter(|issue| issue["body"] != "") {
            text.push_str(&format!("\n{}\n{}\n", issue["title"].as_str().unwrap(), issue["body"].as_str().unwrap()));
        }
        text.push_str(&format!("\n{}\n", serde_json::to_string_pretty(&shown["labels"]).unwrap()));
        insta::assert_snapshot!(dialect, text);
        assert_eq!(shown["plan"]["dialect"], dialect);
    }
}

#[test]
fn an_example_is_read_the_same_however_it_is_saved() {
    for dialect in DIALECTS {
        let text = example(dialect);
        let expected = meaning(&read(&text));
        let saved = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(meaning(&read(saved)), expected, "{dialect} with CRLF and a byte order mark");
        // Tabs after list markers, except in code.
        if !text.contains("```") {
            let tabs = text.replace("\n  - [", "\n\t-\t[").replace("\n- [", "\n-\t[").replace("\n   - ", "\n\t- ");
            assert_eq!(meaning(&read(tabs)), expected, "{dialect} with tabs");
        }
        let underlined: String = text
            .lines()
            .map(|line| {
                match line.strip_prefix("# ").map(|title| (title, '=')).or(line.strip_prefix("## ").map(|it| (it, '-')))
                {
                    Some((title, rule)) if !text.contains("```") => {
                        format!("{title}\n{}\n", rule.to_string().repeat(9))
                    }
                    _ => format!("{line}\n"),
                }
            })
            .collect();
        assert_eq!(meaning(&read(underlined)), expected, "{dialect} with underlined headings");
    }
}

#[test]
fn each_example_is_its_own_dialect_and_can_be_forced_to_be_another() {
    for dialect in DIALECTS {
        for other in DIALECTS {
            let shown = read(format!("---\ndialect: {other}\n---\n{}", example(dialect)));
            let errors: BTreeSet<&str> = shown["diagnostics"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["severity"] == "error")
                .map(|it| it["code"].as_str().unwrap())
                .collect();
            if shown["plan"].is_null() {
                assert_eq!(errors, ["no-plan"].into(), "{dialect} as {other}");
            } else {
                assert_eq!(shown["plan"]["dialect"], other, "{dialect} as {other}");
            }
        }
        assert_eq!(read(example(dialect))["plan"]["dialect"], dialect);
    }
}

#[test]
fn the_same_key_in_two_plans_is_two_issues() {
    let workplace = Workplace::new();
    workplace.write("one.md", example("tasks"));
    let other = "# Tasks: Train\n\n## Phase 9: Rails\n\n- [ ] T001 Lay them\n- [ ] T002 Weld them (depends on T001)\n";
    workplace.write("two.md", other);
    let plans = ["apply", "one.md", "two.md", "--offline", "repo.json", "--yes"];
    workplace.stdout(&plans);
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 6);
    let preview = workplace.stdout(&["preview", "*.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(preview.matches("No changes").count(), 2, "{preview}");
}

/// A plan with two issues in each dialect, and a field in the second.
fn with_field(dialect: &str, field: &str) -> String {
    match dialect {
        "breakdown" => format!("# Plan\n\n## Issues\n\n### `I1` One\n\n- Labels: x\n\n### `I2` Two\n\n- {field}\n"),
        "guide" => format!("# Issues\n\n## Issue #1: One\n\n**Labels:** x\n\n## Issue #2: Two\n\n{field}\n"),
        "tracker" => format!(
            "# Items\n\n### A\n\n**Title:** One\n**Status:** Todo\n**Labels:** x\n\n### B\n\n**Title:** Two\n**Priority:** \
             Low\n{field}\n"
        ),
        "checklist" => format!("# Plan\n\n## Phase 1: P\n\n- [ ] One\n- [ ] Two\n  - {field}\n"),
        "tasks" => {
            format!("# Tasks\n\n## Phase 1: P\n\n- [ ] T001 One\n- [ ] T002 Two\n  - {field}\n- [ ] T003 Three\n")
        }
        _ => format!("# Roadmap\n\n## Phase 1: P\n\n1. **One** `x`\n2. **Two** `y`\n   - {field}\n"),
    }
}

#[test]
fn fields_are_read_in_every_spelling_in_every_dialect() {
    let has = |issue: &Value, key: &str, wanted: &[&str]| {
        let found: Vec<&str> = issue[key].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        wanted.iter().all(|it| found.contains(it))
    };
    let mut wrong = Vec::new();
    for dialect in DIALECTS {
        let mut check = |field: &str, fits: &dyn Fn(&Value, &Value) -> bool| {
            let shown = read(with_field(dialect, field));
            let issues = shown["issues"].as_array().unwrap();
            if shown["plan"]["dialect"] != dialect || issues.len() < 2 || !fits(&issues[0], &issues[1]) {
                wrong.push(format!("{dialect}: {field}: {}", serde_json::to_string(&shown).unwrap()));
            }
        };
        for field in
            ["Labels: a, b c", "**Labels:** `a`, `b c`", "**Labels**: `a` `b c`", "`labels: [a, b c]`", "Tags: a, b c"]
        {
            check(field, &|_, two| has(two, "labels", &["a", "b c"]));
        }
        for field in ["Depends on: One", "**Blocked by:** One", "Requires: `One`", "After: One.", "depends_on: [One]"] {
            check(field, &|one, two| has(two, "depends_on", &[one["key"].as_str().unwrap()]));
        }
        for field in ["Depends on: None", "Blocked by: —", "**Dependencies:** Nothing", "Depends: -"] {
            check(field, &|_, two| two["depends_on"] == serde_json::json!([]));
        }
        check("Blocks: One", &|one, two| has(one, "depends_on", &[two["key"].as_str().unwrap()]));
        for field in ["Assignee: @alice", "**Assignees**: @alice, bob", "Owner: alice"] {
            check(field, &|_, two| has(two, "assignees", &["alice"]));
        }
        for field in [
            "Status: Done",
            "**Status:** ✅ Complete",
            "**Status**: `done`",
            "State: Closed",
            "Status: COMPLETED (March)",
        ] {
            check(field, &|_, two| two["state"] == "closed");
        }
        for field in ["Status: 🚧 In progress", "Status: Not done", "Status: ☐"] {
            check(field, &|_, two| two["state"] == "open");
        }
        check("Parent: One", &|one, two| two["parent"] == one["key"]);
        check("Priority: 🔴 High", &|_, two| has(two, "labels", &["priority: high"]));
        check("Depends on: a nice day", &|_, two| two["depends_on"] == serde_json::json!([]));
        check("Estimate: 3 days", &|_, two| two["body"].as_str().unwrap().contains("Estimate: 3 days"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
