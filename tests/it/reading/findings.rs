//! What people are told about what was not read as they may have meant it.

use super::*;

fn messages(shown: &Value, code: &str) -> Vec<String> {
    let found = shown["diagnostics"].as_array().unwrap().iter().filter(|it| it["code"] == code);
    found.map(|it| it["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_unknown_status_is_reported_once() {
    let table = "# Plan\n\n| ID | Task | Status |\n|--|--|--|\n| A1 | Dig | done |\n| A2 | Pour | wibbled |\n| A3 | Paint | wobbled |\n";
    assert_eq!(
        messages(&show(table), "unknown-state"),
        ["2 issues are read as open, because the status is not a known word: `wibbled`, `wobbled`"]
    );
    let fields =
        "# Garten\n\n## Phase 1: Boden\n\n### G1: Graben\n\n- Status: halbgar\n\n### G2: Säen\n\n- Status: offen\n";
    assert_eq!(
        messages(&show(fields), "unknown-state"),
        ["1 issue is read as open, because the status is not a known word: `halbgar`"]
    );
}

#[test]
fn a_list_beside_milestones_that_is_not_read_is_a_warning() {
    for text in [
        "Vorab:\n\n- Zaun\n\nEtappe 1 Ziele:\n\n- Pflanzen setzen\n\nEtappe 2 Ziele:\n\n- Ernten\n",
        "# Shop\n\n## Loose ends\n\n- Sweep the yard\n\n## Phase 1: Base\n\n- Build it\n\n## Phase 2: Sale\n\n- Sell it\n",
    ] {
        assert_eq!(codes(&show(text)), ["unread-items"], "{text}");
    }
}

#[test]
fn other_tables_than_that_of_the_issues_are_no_warning() {
    let tasks = "# Plan\n\n| ID | Task | Status |\n|--|--|--|\n| A1 | Dig | done |\n| A2 | Pour | open |\n\n";
    let decisions = "## Library\n\n| Topic | Choice |\n|--|--|\n| Paint | Red |\n| Oven | Gas |\n";
    assert_eq!(codes(&show(&format!("{tasks}{decisions}"))).iter().filter(|it| *it == "unread-items").count(), 0);
    let dates = "## Calendar\n\n| Milestone | Date |\n|--|--|\n| Begin | 2030-01-01 |\n| End | 2030-02-01 |\n";
    assert_eq!(messages(&show(&format!("{tasks}{dates}")), "unread-items").len(), 1);
}

#[test]
fn a_milestone_that_waits_for_something_in_prose_is_a_warning() {
    for (field, count) in [
        ("**Depends on:** the oven is warm", 1),
        ("**Dépendance :** le four est chaud", 1),
        ("**Depends on:** Phase 1", 0),
        ("**Depends on:** none", 0),
    ] {
        let shown = show(&format!("# Plan\n\n## Phase 2: Bake\n\n{field}\n\n- [ ] Bread\n- [ ] Rolls\n"));
        assert_eq!(messages(&shown, "milestone-dependency").len(), count, "{field}");
    }
}

#[test]
fn a_misspelt_field_is_a_warning_with_a_suggestion() {
    let text = "# Plan\n\n## M1: Dig\n\n### T1: Pond\n\n- Lables: a\n- Labels: b\n- Remark: soon\n";
    let shown = show(text);
    assert_eq!(messages(&shown, "misspelt-field"), ["`Lables` is not a known field, so it stays in the text"]);
    let workplace = Workplace::new();
    workplace.write("plan.md", text);
    assert!(stderr(&workplace.run(&["check", "plan.md"])).contains("did you mean `labels`?"));
}

#[test]
fn an_assignee_that_is_not_a_login_is_a_note() {
    let shown = show(
        "# Plan\n\n## M1: Dig\n\n### T1: Pond\n\n- Owner: Tom Smith\n\n### T2: Pump\n\n- Owner: Tom Smith\n\n### T3: Liner\n\n- Owner: @ada\n",
    );
    assert_eq!(messages(&shown, "no-login"), ["`Tom Smith` is not a GitHub login, so nobody is assigned"]);
    assert_eq!(shown["issues"][0]["assignees"].as_array().unwrap().len(), 0);
    assert_eq!(shown["issues"][2]["assignees"][0], "ada");
}

#[test]
fn an_assignee_that_is_not_a_login_is_a_note_in_a_table_too() {
    let shown = show(
        "# Plan\n\n| ID | Task | Owner |\n|--|--|--|\n| A1 | Dig | Tom Smith |\n| A2 | Pour | Ada, Grace |\n| A3 | Paint | @ada, @grace |\n",
    );
    assert_eq!(messages(&shown, "no-login").len(), 3, "{shown:#}");
    assert_eq!(shown["issues"][1]["body"], "- Owner: Ada, Grace");
    assert_eq!(shown["issues"][1]["assignees"].as_array().unwrap().len(), 0);
    assert_eq!(shown["issues"][2]["assignees"].as_array().unwrap().len(), 2);
}

#[test]
fn fields_of_a_milestone_are_not_unread_text() {
    let text = "# Plan\n\n## Milestone 1: Dig\n\n- Target date: 2030-01-01\n- Budget: 300\n- Status: open\n\n### Tasks\n\n- [ ] spade\n- [ ] \
                hole\n\n## Milestone 2: Pour\n\n- Target date: 2030-02-01\n\n### Tasks\n\n- [ ] mixer\n";
    assert_eq!(codes(&show(text)), Vec::<String>::new());
}

#[test]
fn every_line_of_the_outline_has_a_reason() {
    for text in [
        "# Plan\n\n## Phase 1: A\n\n- Goal: dry\n\n- [ ] one\n  - deep\n\n## Risks\n\n- rain\n",
        "# Plan\n\n## Base\n\n### A1: Dig\n\n- Labels: x\n- So it is\n\n## Top\n\n### A2: Fill\n\n| x | y |\n|-|-|\n| 1 | 2 |\n",
    ] {
        let shown = show(text);
        let silent: Vec<&Value> = shown["outline"].as_array().unwrap().iter().filter(|it| it["why"] == "").collect();
        assert!(silent.is_empty(), "{silent:#?}");
    }
}

#[test]
fn a_text_without_a_plan_is_reported_with_what_was_found() {
    let shown = show("# Notes\n\nWe met on Monday.\n\n| Who | When |\n|-|-|\n| Ada | noon |\n");
    assert_eq!(
        messages(&shown, "no-plan"),
        ["no milestone or issue was found in this text: it has 1 heading and 1 table row"]
    );
}

#[test]
fn a_duplicate_key_is_one_error_that_names_both_lines() {
    let shown = show(
        "# Plan\n\n## Phase 1: A\n\n### A1: Dig\n\n- Labels: x\n\n### A1: Fill\n\n- Labels: x\n\n### A3: Mow\n\n- Depends on: A1, A2\n",
    );
    assert_eq!(codes(&shown), ["duplicate-key"]);
    assert_eq!(messages(&shown, "duplicate-key"), ["two issues have the key `A1`, on line 5 and line 9"]);
}
