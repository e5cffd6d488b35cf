//! Plans in the styles of many teams, and documents that are not plans, with what must be found in each.
//!
//! The documents are in `fixtures/wild`. They are short and made up, each for one writing style or one trap.

use std::collections::BTreeSet;
use std::path::Path;

use crate::common::{Workplace, stderr};
use serde_json::Value;

/// Document, dialect, and the numbers of milestones, issues, done issues and dependencies in it.
const PLANS: &[(&str, &str, [usize; 4])] = &[
    ("arrows-in-a-fence", "tasks", [2, 4, 0, 3]),
    ("bars-between-fields", "breakdown", [2, 3, 0, 1]),
    ("bold-keys", "tasks", [2, 4, 1, 2]),
    ("bold-paragraphs", "roadmap", [2, 3, 0, 0]),
    ("boxes-under-phases", "checklist", [3, 8, 3, 0]),
    ("bullets", "roadmap", [3, 6, 0, 0]),
    ("chat-leftovers", "breakdown", [2, 3, 0, 2]),
    ("chinese", "checklist", [2, 4, 1, 0]),
    ("commas-in-table", "breakdown", [2, 3, 1, 3]),
    ("crlf-and-bom", "checklist", [2, 3, 1, 0]),
    ("cycle", "tasks", [1, 3, 0, 3]),
    ("dependencies-section", "tasks", [2, 5, 0, 4]),
    ("done-phases", "roadmap", [2, 4, 2, 0]),
    ("epics-and-stories", "breakdown", [2, 4, 0, 4]),
    ("fields-as-headings", "guide", [2, 2, 0, 1]),
    ("fields-without-keys", "breakdown", [2, 3, 0, 2]),
    ("french", "checklist", [2, 4, 1, 0]),
    ("german", "breakdown", [2, 3, 1, 3]),
    ("gh-script", "guide", [2, 3, 0, 0]),
    ("glyphs", "roadmap", [2, 6, 2, 0]),
    ("headings-below-milestones", "checklist", [2, 3, 0, 0]),
    ("headings-with-numbers", "guide", [2, 4, 0, 4]),
    ("japanese-table", "breakdown", [2, 3, 1, 2]),
    ("keys-in-brackets", "breakdown", [0, 3, 1, 1]),
    ("korean", "checklist", [2, 4, 1, 0]),
    ("listed-issues", "guide", [2, 3, 0, 2]),
    ("milestone-table", "guide", [2, 3, 0, 1]),
    ("numbered-bold", "roadmap", [2, 5, 0, 0]),
    ("numbered-boxes", "checklist", [0, 5, 2, 0]),
    ("ordered-lists", "roadmap", [2, 5, 0, 0]),
    ("overview-and-sections", "checklist", [2, 5, 1, 0]),
    ("phase-column", "breakdown", [2, 3, 2, 0]),
    ("portuguese", "breakdown", [2, 3, 1, 3]),
    ("restarting-numbers", "guide", [2, 4, 0, 2]),
    ("same-again", "breakdown", [2, 3, 0, 2]),
    ("spanish", "checklist", [2, 4, 1, 0]),
    ("spec-kit", "tasks", [4, 9, 2, 7]),
    ("status-column", "breakdown", [0, 3, 1, 3]),
    ("table", "breakdown", [2, 4, 1, 4]),
    ("tables-per-sprint", "breakdown", [2, 4, 0, 2]),
    ("task-numbers", "guide", [2, 3, 0, 2]),
    ("template-in-fence", "breakdown", [1, 2, 0, 1]),
    ("todo", "checklist", [0, 5, 2, 0]),
    ("user-stories", "breakdown", [2, 3, 0, 1]),
    ("versions", "checklist", [2, 3, 1, 0]),
    ("week-plan", "checklist", [2, 4, 0, 0]),
    ("wrong-level", "checklist", [3, 3, 0, 0]),
];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wild")
}

/// The names of the documents in a folder.
fn documents(folder: &Path) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let plans = files.filter(|file| file.extension().is_some_and(|it| it == "md"));
    plans.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn show(workplace: &Workplace, name: &str) -> Value {
    let text = std::fs::read(folder().join(format!("{name}.md"))).unwrap();
    workplace.write("plan.md", text);
    let output = workplace.run(&["show", "plan.md", "--format", "json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The output of `show` for a document found by a wildcard.
fn found(workplace: &Workplace, name: &str) -> Value {
    let text = std::fs::read(folder().join(format!("{name}.md"))).unwrap();
    workplace.write("plan.md", text);
    let output = workplace.run(&["show", "pla?.md", "--format", "json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn counts(shown: &Value) -> [usize; 4] {
    let issues = shown["issues"].as_array().unwrap();
    let done = issues.iter().filter(|issue| issue["state"] == "closed").count();
    let dependencies = issues.iter().map(|issue| issue["depends_on"].as_array().unwrap().len()).sum();
    [shown["milestones"].as_array().unwrap().len(), issues.len(), done, dependencies]
}

fn codes(shown: &Value, severity: &str) -> BTreeSet<String> {
    let all = shown["diagnostics"].as_array().unwrap().iter();
    all.filter(|it| it["severity"] == severity).map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_milestone_issue_and_dependency_of_a_plan_is_found() {
    let workplace = Workplace::new();
    let mut wrong = Vec::new();
    for (name, dialect, expected) in PLANS {
        let shown = show(&workplace, name);
        let found = (shown["plan"]["dialect"].as_str().unwrap_or("none").to_owned(), counts(&shown));
        if found != ((*dialect).to_owned(), *expected) {
            wrong.push(format!("{name}: found {found:?}, expected {dialect} {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let listed: BTreeSet<String> = PLANS.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(listed, documents(&folder()), "every document is in the list");
}

#[test]
fn documents_that_are_not_plans_create_no_issues() {
    let workplace = Workplace::new();
    for name in documents(&folder().join("no-plan")) {
        let shown = found(&workplace, &format!("no-plan/{name}"));
        assert_eq!((shown["plan"].clone(), counts(&shown)), (Value::Null, [0; 4]), "{name}");
        assert_eq!(codes(&shown, "note"), ["not-a-plan".to_owned()].into(), "{name}");
    }
}

#[test]
fn contradictions_are_reported() {
    let workplace = Workplace::new();
    for (name, severity, code) in [
        ("cycle", "error", "dependency-cycle"),
        ("epics-and-stories", "warning", "unknown-dependency"),
        ("restarting-numbers", "warning", "depends-on-milestone"),
    ] {
        let shown = show(&workplace, name);
        assert!(codes(&shown, severity).contains(code), "{name}: {}", shown["diagnostics"]);
    }
    // All other plans can be applied.
    for (name, ..) in PLANS.iter().filter(|(name, ..)| *name != "cycle") {
        let errors = codes(&show(&workplace, name), "error");
        assert!(errors.is_empty(), "{name}: {errors:?}");
    }
}

#[test]
fn every_plan_is_applied_and_leaves_nothing_to_do() {
    for (name, ..) in PLANS.iter().filter(|(name, ..)| *name != "cycle") {
        let workplace = Workplace::new();
        workplace.write("plan.md", std::fs::read(folder().join(format!("{name}.md"))).unwrap());
        let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", stderr(&output));
        workplace.apply();
    }
}

#[test]
fn titles_contain_only_the_name_of_the_issue() {
    let workplace = Workplace::new();
    let titles = |name: &str| -> Vec<String> {
        let shown = show(&workplace, name);
        let issues = shown["issues"].as_array().unwrap();
        issues.iter().map(|issue| issue["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        titles("glyphs"),
        ["Build the frame", "Fill the tank", "Paint it", "Test the valve", "Ask for permission", "Launch"]
    );
    assert_eq!(
        titles("bold-keys"),
        ["TASK-001: Draw the plan — with Tom", "TASK-002: Order wood", "TASK-003 Saw", "TASK-004: Paint"]
    );
    assert_eq!(titles("spec-kit")[4], "T005 Implement the drawer model in src/models/drawer.py");
    assert_eq!(titles("numbered-boxes")[0], "Set up project structure and core interfaces");
    assert_eq!(titles("keys-in-brackets"), ["[FEAT-001] Add a map", "[BUG-002] Fix the zoom", "[CHORE-003] Clean up"]);
    assert_eq!(titles("headings-with-numbers")[3], "Till");
}

#[test]
fn text_after_the_last_issue_does_not_belong_to_it() {
    let workplace = Workplace::new();
    for name in ["headings-with-numbers", "chat-leftovers"] {
        let shown = show(&workplace, name);
        let last = shown["issues"].as_array().unwrap().last().unwrap()["body"].as_str().unwrap().to_owned();
        assert!(!last.contains("you"), "{name}: {last}");
    }
}

#[test]
fn a_wrongly_decoded_plan_is_a_warning_and_is_repaired_on_request() {
    let workplace = Workplace::new();
    let text = "# Plan\n\n## Phase 1: Caf‚Äö√Ñ√¥\n\n- ‚úÖ Open ‚Üí door\n- ‚òê Close\n\n## Phase 2: B\n\n- x\n";
    workplace.write("plan.md", text);
    let shown: Value = serde_json::from_str(&workplace.stdout(&["show", "plan.md", "--format", "json"])).unwrap();
    let wrong: Vec<&Value> =
        shown["diagnostics"].as_array().unwrap().iter().filter(|it| it["code"] == "wrong-encoding").collect();
    assert_eq!(wrong.len(), 1, "{}", shown["diagnostics"]);
    assert!(wrong[0]["message"].as_str().unwrap().contains("4 places"), "{}", wrong[0]);
    workplace.write("plan.md", format!("---\nrepair-encoding: true\n---\n{text}"));
    let shown: Value = serde_json::from_str(&workplace.stdout(&["show", "plan.md", "--format", "json"])).unwrap();
    assert_eq!(codes(&shown, "warning"), BTreeSet::new());
    assert_eq!(shown["issues"][0]["title"], "Open → door");
    assert_eq!(shown["issues"][0]["state"], "closed");
}

#[test]
fn boxes_can_stay_boxes_of_one_issue_for_each_milestone() {
    let workplace = Workplace::new();
    let text = std::fs::read_to_string(folder().join("boxes-under-phases.md")).unwrap();
    workplace.write("plan.md", format!("---\ntasks: checklist\n---\n{text}"));
    let shown: Value = serde_json::from_str(&workplace.stdout(&["show", "plan.md", "--format", "json"])).unwrap();
    assert_eq!(counts(&shown), [3, 4, 1, 0]);
    assert_eq!(shown["issues"][1]["title"], "Phase 2: Track");
    assert_eq!(
        shown["issues"][1]["body"],
        "- [x] Lay the main line\n- [ ] Wire the turnouts\n  - [ ] yard\n  - [ ] junction\n- [ ] Test with every engine\n  \
         slow and fast, both ways"
    );
    workplace.apply();
}

#[test]
fn a_dialect_can_be_forced_and_an_unclear_choice_is_reported() {
    let workplace = Workplace::new();
    let text = "# Plan\n\n## Phase 1: A\n\n- [ ] box one\n- [ ] box two\n- [ ] box three\n\n| ID | Task | Depends |\n| - | - | - \
                |\n| A1 | row one | |\n| A2 | row two | A1 |\n| A3 | row three | |\n";
    workplace.write("plan.md", text);
    let output = workplace.run(&["check", "plan.md"]);
    assert_eq!(output.status.code(), Some(0));
    let said = stderr(&output);
    assert!(said.contains("warning[uncertain-reading]") && said.contains("3 table rows"), "{said}");
    assert!(said.contains("issues: rows   # or: checkboxes"), "{said}");
    let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1), "nothing is written before the form is declared");
    assert!(!workplace.path("repo.json").exists());
    for (dialect, first) in [("checklist", "box one"), ("breakdown", "row one")] {
        workplace.write("plan.md", format!("---\ndialect: {dialect}\n---\n{text}"));
        let output = workplace.run(&["show", "plan.md"]);
        assert_eq!(stderr(&output), "");
        let shown = String::from_utf8(output.stdout).unwrap();
        assert!(shown.contains(first), "{shown}");
    }
}

#[test]
fn issues_without_keys_are_named_by_their_titles() {
    let workplace = Workplace::new();
    workplace.write("plan.md", std::fs::read(folder().join("tables-per-sprint.md")).unwrap());
    for arguments in
        [&["show", "plan.md"][..], &["preview", "plan.md"], &["preview", "plan.md", "--format", "markdown"]]
    {
        let text = workplace.stdout(arguments);
        assert!(text.contains("blocked by Scan a card"), "{arguments:?}: {text}");
        assert!(!text.contains("scan-a-card"), "{arguments:?}: {text}");
    }
}

/// What people read of each document: the plan as understood, how each line was read, and what is wrong with it.
#[test]
fn every_document_is_read_as_recorded() {
    insta::glob!(env!("CARGO_MANIFEST_DIR"), "fixtures/wild/**/*.md", |path| {
        let workplace = Workplace::new();
        workplace.write("plan.md", std::fs::read(path).unwrap());
        let run = |command: &str| {
            let output = workplace.run(&[command, "plan.md"]);
            format!("{}{}", String::from_utf8_lossy(&output.stdout), stderr(&output))
        };
        let (shown, explained) = (run("show"), run("explain"));
        insta::assert_snapshot!(format!("{shown}\n{explained}"));
    });
}
