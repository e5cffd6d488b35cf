//! How plans in many styles are read: what becomes an issue or a milestone, and that nothing is silently lost.

use crate::common::{Workplace, stderr};
use serde_json::Value;

fn show(text: &str) -> Value {
    let workplace = Workplace::new();
    workplace.write("plan.md", text);
    let output = workplace.run(&["show", "plan.md", "--format", "json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Each issue as `milestone > title`, with a leading `x` if it is done.
fn issues(shown: &Value) -> Vec<String> {
    let milestone = |key: &Value| {
        let found = shown["milestones"].as_array().unwrap().iter().find(|it| it["key"] == *key);
        found.map(|it| format!("{} > ", it["title"].as_str().unwrap())).unwrap_or_default()
    };
    let one = |it: &Value| {
        let done = if it["state"] == "closed" { "x " } else { "" };
        format!("{done}{}{}", milestone(&it["milestone"]), it["title"].as_str().unwrap())
    };
    shown["issues"].as_array().unwrap().iter().map(one).collect()
}

fn codes(shown: &Value) -> Vec<String> {
    shown["diagnostics"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_value_knows_its_place() {
    use plan_action::plan::{self, PlanId, source::Source, spans::Placement};
    let text = "# Kiln\n\n## Milestones\n\n- `M1` Base\n\n## Issues\n\n### `K1` Dry the clay\n\n- Milestone: `M1`\n- Labels: `clay`, \
                `Cold`\n- Assignees: @ada, @grace\n\n### `K2` Fire it\n\n- Milestone: M1\n- Labels: cold\n- Depends on: K1\n- Parent: K1\n";
    let plan = plan::read(&Source::new("plan.md", text), PlanId::new("p")).plan.unwrap();
    let at = |span: &std::ops::Range<usize>| &text[span.clone()];
    let [first, second] = &plan.issues[..] else { panic!("{:#?}", plan.issues) };
    assert_eq!(plan.milestones[0].spans.title.as_ref().map(at), Some("`M1` Base"));
    assert_eq!(second.spans.title.as_ref().map(at), Some("`K2` Fire it"));
    let Some(Placement::Field(milestone)) = &first.spans.milestone else { panic!("{:?}", first.spans) };
    assert_eq!(at(milestone), "M1");
    assert_eq!(first.spans.labels.each.values().map(at).collect::<Vec<_>>(), ["Cold", "clay"]);
    assert_eq!(first.spans.labels.lists.iter().map(|it| at(&it.span)).collect::<Vec<_>>(), ["`clay`, `Cold`"]);
    // The plan uses the spelling of another line, but the span is that of this issue.
    assert_eq!(first.labels, second.spans.labels.each.keys().cloned().chain(["clay".to_owned()]).collect());
    assert_eq!(second.spans.labels.each.values().map(at).collect::<Vec<_>>(), ["cold"]);
    let people: Vec<&str> = first.spans.assignees.each.values().map(at).collect();
    assert_eq!(people, ["ada", "grace"]);
    assert_eq!(second.spans.depends_on.each.values().map(at).collect::<Vec<_>>(), ["K1"]);
    assert_eq!(second.spans.parent.as_ref().map(at), Some("K1"));
    assert_eq!((first.written_key.as_deref(), second.written_key.as_deref()), (Some("K1"), Some("K2")));
}

#[test]
fn the_page_of_words_is_made_from_the_tables() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/docs/vocabulary.md");
    let page = plan_action::plan::read::vocabulary::page();
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(there, page, "run the test with UPDATE_DOCS=1 to write {}", path.display());
}

#[test]
fn a_milestone_that_is_partly_done_asks_which_of_its_issues_are() {
    let shown = show(
        "# Plan\n\n## Phase 1: Dig — COMPLETE\n\n- one\n- two\n\n## Phase 2: Pour — PARTIALLY COMPLETE\n\n- three\n",
    );
    assert_eq!(codes(&shown), ["unclear-state"]);
    assert_eq!(shown["issues"][0]["state"], "closed");
    assert_eq!(shown["issues"][2]["state"], "open");
}

#[test]
fn lines_in_bold_can_be_milestones() {
    let shown =
        show("# Bakery\n\n**Q1 2026 – Base**\n\n1. Build the oven\n2. Buy flour\n\n**Q2 2026 – Sale**\n\n1. Open\n");
    assert_eq!(
        issues(&shown),
        ["Q1 2026 – Base > Build the oven", "Q1 2026 – Base > Buy flour", "Q2 2026 – Sale > Open"]
    );
}

#[test]
fn plain_lines_above_lists_can_be_milestones() {
    let shown = show("Etappe 1 Ziele:\n\n- Pflanzen setzen\n\n- Zaun bauen\n\nEtappe 2 Ziele:\n\n- Ernten\n");
    assert_eq!(shown["milestones"].as_array().unwrap().len(), 2);
    assert_eq!(issues(&shown)[2], "Etappe 2 Ziele > Ernten");
}

#[test]
fn items_of_a_list_can_be_milestones() {
    for text in [
        "# Ways\n\n- **v0.1**: walk.\n    - shoes\n    - map\n- **v0.2**: run.\n    - breath\n",
        "# Ways\n\n- 4/12\n    1. shoes\n    2. map\n- 4/19\n    1. breath\n",
        "# Ways\n\n- Before the start\n    - [ ] shoes\n    - [ ] map\n- On the road\n    - [ ] breath\n",
        "# Ways\n\n## Hitos\n\n1) **Salir**\n   - shoes\n   - map\n2) **Llegar**\n   - breath\n",
    ] {
        let shown = show(text);
        assert_eq!(shown["milestones"].as_array().unwrap().len(), 2, "{text}\n{shown:#}");
        assert_eq!(shown["issues"].as_array().unwrap().len(), 3, "{text}");
    }
}

#[test]
fn criteria_of_a_milestone_are_not_issues() {
    let text = "# Plan\n\n## M1: Ofen\n\n| Aufgabe | Status |\n|-|-|\n| Mauern | ✅ |\n| Heizen | ⬜ |\n\n### Akzeptanzkriterien\n\n- [x] \
                Er steht\n\n## M2: Brot\n\n| Aufgabe | Status |\n|-|-|\n| Backen | ⬜ |\n\n### Akzeptanzkriterien\n\n- [ ] Es ist \
                knusprig\n";
    let shown = show(text);
    assert_eq!(issues(&shown), ["x M1: Ofen > Mauern", "M1: Ofen > Heizen", "M2: Brot > Backen"]);
    assert!(shown["milestones"][1]["description"].as_str().unwrap().contains("- [ ] Es ist knusprig"));
}

#[test]
fn an_issue_stated_twice_is_one_issue() {
    let text = "# Backlog\n\n| Key | Story | Status |\n|-|-|-|\n| AB-1 | Log in | Done |\n| AB-2 | Log out | Open |\n\n## Stories\n\n### \
                AB-1: Log in\n\n**Labels:** web\n\nWith a passkey.\n\n### AB-2: Log out\n\n**Labels:** web\n";
    let shown = show(text);
    assert_eq!(issues(&shown), ["x AB-1: Log in", "AB-2: Log out"]);
    assert_eq!(shown["issues"][0]["body"], "With a passkey.");
    let repeats = shown["outline"].as_array().unwrap().iter().filter(|it| it["is"] == "repeat").count();
    assert_eq!(repeats, 2);
}

#[test]
fn an_overview_and_the_sections_are_the_same_milestones() {
    let text = "# Roadmap\n\n- [x] **Phase 1: Dig** – a hole\n- [ ] **Phase 2: Pour** – concrete\n\n## Details\n\n### Phase 1: Dig\n\n- [x] \
                spade\n\n### Phase 2: Pour\n\n- [ ] mixer\n\n## Progress\n\n| Phase | Status |\n|-|-|\n| 1. Dig | Done |\n| 2. Pour | Open |\n";
    let shown = show(text);
    assert_eq!(issues(&shown), ["x Phase 1: Dig > spade", "Phase 2: Pour > mixer"]);
    assert_eq!(shown["milestones"].as_array().unwrap().len(), 2);
}

#[test]
fn words_in_a_heading_do_not_discard_its_tasks() {
    for heading in ["Set up the team page", "Label printer", "Context menu", "Release a beta"] {
        let shown = show(&format!("# Plan\n\n## Phase 1: A\n\n### {heading}\n\n- [ ] one\n\n### Other\n\n- [ ] two\n"));
        assert_eq!(issues(&shown), ["Phase 1: A > one", "Phase 1: A > two"], "{heading}");
    }
}

#[test]
fn code_in_a_title_is_not_a_label() {
    let shown = show("# Plan\n\n## Phase 1: A\n\n- [ ] Rename the module to `core`\n- [ ] Drop `old`\n");
    assert_eq!(issues(&shown)[0], "Phase 1: A > Rename the module to `core`");
    assert_eq!(shown["labels"].as_array().unwrap().len(), 0);
}

#[test]
fn a_milestone_is_found_by_its_designator() {
    let text = "# Plan\n\n## Phase 1: Base\n\n### A1: Dig\n\n**Labels:** x\n\n## Phase 2: House\n\n### A2: Build\n\n**Milestone:** Phase \
                1\n**Labels:** x\n";
    assert_eq!(issues(&show(text)), ["Phase 1: Base > A1: Dig", "Phase 1: Base > A2: Build"]);
}

#[test]
fn a_title_and_a_few_sections_are_not_parents() {
    let shown =
        show("# Harbour\n\n## 1. Quay (Q1 2026)\n\n- [ ] Drive piles\n\n## 2. Crane (Q2 2026)\n\n- [ ] Order it\n");
    assert_eq!(issues(&shown), ["Quay > Drive piles", "Crane > Order it"]);
    assert!(shown["issues"].as_array().unwrap().iter().all(|it| it["parent"] == Value::Null));
}

#[test]
fn a_lone_glyph_on_a_heading_does_not_close_its_issues() {
    let shown = show("# Plan\n\n## Phase 1: A\n\n- [ ] one\n\n## ✅ Phase 2: B\n\n- [ ] two\n- three\n");
    assert!(shown["issues"].as_array().unwrap().iter().all(|it| it["state"] == "open"), "{shown:#}");
}

#[test]
fn numbers_are_names() {
    let text = "# Plan\n\n## Phase 1: A\n\n1. [ ] Key rotation\n2. [ ] Session store — depends on 1\n3. [x] Login\n";
    let shown = show(text);
    assert_eq!(issues(&shown)[1], "Phase 1: A > Session store");
    assert_eq!(shown["issues"][1]["depends_on"].as_array().unwrap().len(), 1, "{shown:#}");
    assert_eq!(shown["issues"][2]["state"], "closed");
}

#[test]
fn what_is_struck_through_is_dropped() {
    let shown = show("# TODO\n\n- [ ] Fix the tap\n- [ ] ~~Support fax~~\n- [x] Paint\n");
    assert_eq!(issues(&shown), ["Fix the tap", "x Paint"]);
}

#[test]
fn keys_may_repeat_in_different_milestones() {
    let text =
        |more: &str| format!("# Tasks\n\n## Phase 1: A\n\n- [ ] T001 Dig\n\n## Phase 2: B\n\n- [ ] T001 Pour\n{more}");
    let keys = |shown: &Value| -> Vec<String> {
        shown["issues"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys(&show(&text(""))), ["phase-1-a/T001", "phase-2-b/T001"]);
    assert_eq!(keys(&show(&text("\n## Phase 3: C\n\n- [ ] T001 Build\n")))[..2], ["phase-1-a/T001", "phase-2-b/T001"]);
}

#[test]
fn a_file_with_the_fields_of_an_issue_is_one() {
    let text = "---\nid: SHIP-7\ntitle: Caulk the hull\nstatus: Done\nassignee: ['@kai']\nlabels: [hull]\ndependencies: \
                [SHIP-6]\n---\n\n## Acceptance Criteria\n\n- [x] #1 It floats\n\n## Notes\n\n### Phase 1 — Tar\n\n- hot\n";
    let shown = show(text);
    assert_eq!(issues(&shown), ["x Caulk the hull"]);
    assert_eq!(shown["issues"][0]["key"], "SHIP-7");
    assert_eq!(shown["issues"][0]["assignees"][0], "kai");
    assert!(shown["issues"][0]["body"].as_str().unwrap().contains("### Phase 1 — Tar"));
}

#[test]
fn links_of_a_file_that_is_one_issue_are_not_silently_lost() {
    let shown = show(
        "---\nid: SHIP-7\ntitle: Caulk the hull\nstatus: Open\nlabels: [hull]\ndependencies: [SHIP-6]\nparent: SHIP-1\n---\n\nTar.\n",
    );
    assert_eq!(issues(&shown), ["Caulk the hull"]);
    assert_eq!(codes(&shown), ["link-to-another-file", "link-to-another-file"]);
    assert!(shown["diagnostics"][0]["message"].as_str().unwrap().contains("`SHIP-6`"), "{shown:#}");
}

#[test]
fn an_error_about_a_parent_speaks_of_parents() {
    let plan = |parent: &str| {
        format!(
            "# Kiln\n\n## Milestones\n\n- `M1` Base\n\n## Issues\n\n### `K1` Dry\n\n- Milestone: M1\n- Parent: {parent}\n"
        )
    };
    for (parent, code) in [("K1", "self-parent"), ("K9", "unknown-parent"), ("M1", "parent-is-milestone")] {
        let shown = show(&plan(parent));
        assert_eq!(codes(&shown), [code]);
        assert!(!shown["diagnostics"][0]["message"].as_str().unwrap().contains("depend"), "{shown:#}");
    }
}

#[test]
fn a_heading_that_tells_what_to_do_is_an_issue_whatever_it_ends_with() {
    for title in [
        "Update the dependencies",
        "Gather requirements",
        "Create labels",
        "Write examples",
        "Frobnicate the labels",
        "Sort out the team's dependencies",
        "Untangle risks",
        "Abhängigkeiten aktualisieren",
        "Actualizar las dependencias",
        "Обновить зависимости",
    ] {
        let shown = show(&format!(
            "# Kiln\n\n## Phase 1: Base\n\n### Dry the clay\n\nSlowly.\n\n### {title}\n\nWith care.\n\n### Fire it\n\nHot.\n"
        ));
        assert_eq!(shown["issues"].as_array().unwrap().len(), 3, "{title}");
    }
}

#[test]
fn fields_below_some_items_do_not_make_groups_of_them() {
    let text = "# Plan\n\n## Phase 1: A\n\n- **T1 Dig it**\n- **T2 Fill it**\n  - Depends on: T1\n\n## Phase 2: B\n\n- **T1 Dig it**\n- **T2 Fill \
                it**\n  - Depends on: T1\n- **T3 Mow it**\n";
    assert_eq!(show(text)["issues"].as_array().unwrap().len(), 5);
}

#[test]
fn a_qualified_section_name_is_not_an_issue() {
    for title in ["Technical requirements", "Known risks", "Requisitos técnicos", "Offene Fragen", "Основные риски"]
    {
        let shown = show(&format!(
            "# Kiln\n\n## Phase 1: Base\n\n### Dry the clay\n\nSlowly.\n\n### Fire it\n\nHot.\n\n## {title}\n\n- rain\n"
        ));
        assert_eq!(shown["issues"].as_array().unwrap().len(), 2, "{title}");
        assert_eq!(codes(&shown), Vec::<String>::new(), "{title}");
    }
}

#[test]
fn front_matter_of_other_tools_is_one_note() {
    let shown = show("---\nlayout: page\nwidth: 3\n---\n\n# TODO\n\n- [ ] a\n- [ ] b\n");
    assert_eq!(codes(&shown), ["foreign-key"]);
}

#[test]
fn the_form_can_be_declared() {
    let body = "# Plan\n\n## Part one\n\n- [ ] box\n- [ ] box too\n\n| ID | Task | Blocked by |\n|-|-|-|\n| A1 | row | |\n| A2 | row too | A1 \
                |\n\n## Ideas\n\n- [ ] fly\n";
    let with = |read: &str| issues(&show(&format!("---\nread: {read}\n---\n{body}")));
    assert_eq!(with("{issues: rows, milestones: \"## Part *\"}"), ["Part one > row", "Part one > row too"]);
    assert_eq!(with("{issues: checkboxes, milestones: none, skip: [Ideas]}"), ["box", "box too"]);
}

#[test]
fn columns_can_be_declared() {
    let text = "---\nread:\n  issues: rows\n  columns: {Quarter: milestone, Initiative: title, Squad: labels}\n---\n# Year\n\n| Quarter | \
                Initiative | Squad |\n|-|-|-|\n| Q1 2026 | Ship search | web |\n| Q2 2026 | Ship mail | core |\n";
    let shown = show(text);
    assert_eq!(issues(&shown), ["Q1 2026 > Ship search", "Q2 2026 > Ship mail"]);
    assert_eq!(shown["issues"][0]["labels"][0], "web");
}

#[test]
fn items_among_the_issues_that_are_not_read_are_one_warning_for_each_section() {
    let text = "# Plan\n\n## Phase 1: A\n\n### A1: Dig\n\n**Labels:** x\n\n### A2: Pour\n\n**Labels:** x\n\n### Loose ends\n\n- [ ] \
                sweep\n- [ ] lock up\n\n## Phase 2: B\n\n### A3: Build\n\n**Labels:** x\n";
    let shown = show(text);
    assert_eq!(codes(&shown).iter().filter(|code| *code == "unread-items").count(), 1, "{shown:#}");
    let warned = shown["outline"].as_array().unwrap().iter().filter(|it| it["warned"] == true).count();
    assert_eq!(warned, 2);
}

#[test]
fn every_line_of_a_list_or_table_is_in_the_outline() {
    let text = "# Plan\n\nText.\n\n## Phase 1: A\n\n- [ ] one\n  - deep\n- [ ] two\n\n| Risk | Impact |\n|-|-|\n| rain | high |\n\n## Notes\n\n1. \
                a\n2. b\n\n**In bold**\n\n* c\n";
    let shown = show(text);
    let lines: Vec<u64> = shown["outline"].as_array().unwrap().iter().map(|it| it["line"].as_u64().unwrap()).collect();
    for (at, line) in text.lines().enumerate().map(|(at, line)| (at as u64 + 1, line)) {
        let is_rule = line.starts_with("|-") || line.starts_with("| Risk");
        let is_item = line.trim_start().starts_with(['-', '*', '#', '|', '1', '2']) && !is_rule;
        assert_eq!(lines.contains(&at), is_item, "line {at}: {line}");
    }
}

#[test]
fn the_document_can_be_explained_line_by_line() {
    let workplace = Workplace::new();
    workplace.write("plan.md", "# Plan\n\n## Phase 1: A\n\n- [ ] one\n\n## Risks\n\n- rain\n");
    insta::assert_snapshot!(workplace.stdout(&["explain", "plan.md"]));
    let outline: Value = serde_json::from_str(&workplace.stdout(&["explain", "plan.md", "--format", "json"])).unwrap();
    assert_eq!(outline[2]["is"], "issue");
    let output = workplace.run(&["explain", "missing.md"]);
    assert!(stderr(&output).contains("missing.md"));
}

#[test]
fn a_priority_in_a_code_span_is_a_key_where_it_stands_alone() {
    let shown =
        show("# Plan\n\n## M1: Dig\n\n### `P1` Pond\n\nLabels: a\n\n### `P2` Liner\n\nParent: P1\n\nLabels: a\n");
    assert_eq!(shown["issues"][0]["key"], "P1");
    assert_eq!(shown["issues"][1]["parent"], "P1");
    // Keys are unique. Here `P1` repeats, so it and its siblings are priorities.
    let shown = show("# Plan\n\n## M1: Dig\n\n- [ ] `P1` Pond\n- [ ] `P2` Liner\n- [ ] `P1` Pump\n");
    assert_eq!(issues(&shown), ["M1: Dig > Pond", "M1: Dig > Liner", "M1: Dig > Pump"]);
    assert_eq!(shown["issues"][2]["labels"][0], "priority: p1");
}

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

/// Each issue's title with what it depends on, and each milestone's title with its date.
fn links(shown: &Value) -> Vec<String> {
    let title = |key: &Value| {
        let found = shown["issues"].as_array().unwrap().iter().find(|it| it["key"] == *key);
        found.unwrap()["title"].as_str().unwrap().to_owned()
    };
    let one = |it: &Value| {
        let blockers: Vec<String> = it["depends_on"].as_array().unwrap().iter().map(title).collect();
        format!("{} < {}", it["title"].as_str().unwrap(), blockers.join(", "))
    };
    shown["issues"].as_array().unwrap().iter().map(one).collect()
}

#[test]
fn bullets_beside_boxes_in_one_list_are_issues_too() {
    for text in [
        "# TODO\n\n## Now\n\n* mend the net\n* [x] oil the winch\n* paint the bow\n\n## Next\n\n* new ropes\n",
        "# Aufgaben\n\n### Jetzt\n\n- [ ] Netz flicken\n- Winde ölen\n- [ ] Bug streichen\n\n### Später\n\n- neue Taue\n",
    ] {
        let shown = show(text);
        assert_eq!(shown["issues"].as_array().unwrap().len(), 4, "{shown:#}");
        assert_eq!(codes(&shown), Vec::<String>::new());
    }
}

#[test]
fn items_of_a_section_of_finished_work_are_closed_issues() {
    for (text, done) in [
        ("# TODO\n\n## Next\n\n* mend the net\n* paint the bow\n\n## Done\n\n* oil the winch\n", "x oil the winch"),
        (
            "# Plan\n\n## Etapa 1: Base\n\n1. **Cavar**\n2. **Verter**\n\n## Etapa 2: Casa\n\n1. **Pintar**\n\n## Hecho\n\n- Pedir permiso\n",
            "x Pedir permiso",
        ),
    ] {
        let shown = show(text);
        assert_eq!(issues(&shown).last().unwrap(), done, "{shown:#}");
        assert_eq!(codes(&shown), Vec::<String>::new());
    }
}

#[test]
fn a_remark_behind_a_title_may_name_what_goes_first_by_its_title() {
    let shown = show(
        "# Boat\n\n## M1: Hull\n\n- [ ] Plane the planks\n- [ ] Caulk (after plane the planks)\n- [ ] Rest (after lunch)\n",
    );
    assert_eq!(links(&shown), ["Plane the planks < ", "Caulk < Plane the planks", "Rest (after lunch) < "]);
    let shown = show("# 船\n\n## 第一阶段：船体\n\n- [ ] 刨木板\n- [ ] 填缝（依赖：刨木板）\n");
    assert_eq!(links(&shown), ["刨木板 < ", "填缝 < 刨木板"]);
}

#[test]
fn people_and_labels_may_stand_behind_a_title() {
    let shown = show(
        "# Boat\n\n## M1: Hull\n\n- [ ] Plane the planks (@ada, @tom)\n- [ ] Caulk #hull #dock-2\n- [ ] See #12 first\n",
    );
    assert_eq!(issues(&shown), ["M1: Hull > Plane the planks", "M1: Hull > Caulk", "M1: Hull > See #12 first"]);
    assert_eq!(shown["issues"][0]["assignees"], serde_json::json!(["ada", "tom"]));
    assert_eq!(shown["issues"][1]["labels"], serde_json::json!(["dock-2", "hull"]));
}

#[test]
fn boxes_without_a_bullet_are_issues() {
    assert_eq!(
        issues(&show("# TODO\n\n[x] mend the net\n[ ] oil the winch\n[ ] paint\n")),
        ["x mend the net", "oil the winch", "paint"]
    );
    let shown = show(
        "# Plan\n\n## Etappe 1: Rumpf\n\n[ ] Hobeln @ada\n[x] Kleben\n\n## Etappe 2: Mast\n\n[ ] Setzen\n[ ] Takeln\n",
    );
    assert_eq!(issues(&shown)[..2], ["Etappe 1: Rumpf > Hobeln", "x Etappe 1: Rumpf > Kleben"]);
    assert_eq!(shown["milestones"][0]["description"], "");
}

#[test]
fn milestones_one_level_too_deep_keep_their_issues() {
    for (section, word) in [("Overview", "Week"), ("Übersicht", "Etappe")] {
        let shown = show(&format!(
            "# Plan\n\n## {section}\n\nThree weeks.\n\n### {word} 1\n\n- plane\n- glue\n\n### {word} 2\n\n- mast\n- ropes\n\n## Risks\n\n- rain\n"
        ));
        assert_eq!(shown["issues"].as_array().unwrap().len(), 4, "{shown:#}");
    }
}

#[test]
fn the_name_of_a_field_before_people_is_no_part_of_a_title() {
    for (line, title) in
        [("Export it — owner: @ada", "Export it"), ("Exportar, responsável: @ada", "Exportar"), ("Ask: @ada", "Ask:")]
    {
        let shown = show(&format!("# Plan\n\n## M1: Base\n\n- [ ] {line}\n- [ ] Other\n"));
        assert_eq!(shown["issues"][0]["title"], title.trim_end_matches(':'));
        assert_eq!(shown["issues"][0]["assignees"][0], "ada");
    }
}

#[test]
fn dates_of_milestones_are_read_in_every_language() {
    for (heading, title) in [
        ("Meilenstein 1: Rumpf (fällig: 31.03.2030)", "Meilenstein 1: Rumpf"),
        ("Hito 1: Casco (hasta 31 de marzo de 2030)", "Hito 1: Casco"),
        ("Jalon 1 : Coque (31 mars 2030)", "Jalon 1 : Coque"),
        ("Веха 1: Корпус (до 31 марта 2030)", "Веха 1: Корпус"),
        ("第一阶段：船体（2030年3月31日）", "第一阶段：船体"),
    ] {
        let shown = show(&format!("# X\n\n## {heading}\n\n- [ ] one\n- [ ] two\n"));
        assert_eq!(shown["milestones"][0]["due_on"], "2030-03-31", "{heading}");
        assert_eq!(shown["milestones"][0]["title"], title);
    }
}

#[test]
fn a_table_of_milestones_gives_them_dates() {
    for (header, cells) in [("Dates", "2030-03-01 – 2030-03-31"), ("Due", "31 March 2030"), ("Date", "31.03.2030")] {
        let shown = show(&format!(
            "# Boat\n\n| Sprint | {header} |\n|-|-|\n| Sprint 1 | {cells} |\n\n## Sprint 1\n\n- [ ] Plane\n- [ ] Caulk\n"
        ));
        assert_eq!(shown["milestones"][0]["due_on"], "2030-03-31", "{header}");
        assert_eq!(shown["milestones"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn labels_are_declared_with_colour_and_description() {
    let shown = show(
        "# Boat\n\n## Labels\n\n| Label | Colour | Description |\n|-|-|-|\n| `hull` | #0E8A16 | All below the water |\n| deck | ff0000 | Above \
         it |\n\n## M1: Hull\n\n### B1: Plane\n\n- Labels: hull\n\n### B2: Caulk\n\n- Labels: Deck\n",
    );
    let labels: Vec<String> = shown["labels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("{} {} {}", it["name"], it["color"], it["description"]).replace('"', ""))
        .collect();
    assert_eq!(labels, ["deck ff0000 Above it", "hull 0e8a16 All below the water"]);
}

#[test]
fn a_state_behind_the_title_of_a_milestone_is_no_part_of_it() {
    for (heading, title) in
        [("Étape 1 : Coque — 🟢 terminé", "Étape 1 : Coque"), ("Phase 1: Hull - 🟡 in progress", "Phase 1: Hull")]
    {
        let shown = show(&format!("# X\n\n## {heading}\n\n- ✅ one\n- ⬜ two\n\n## Légende\n\n- ✅ fait\n"));
        assert_eq!(shown["milestones"][0]["title"], title);
        assert_eq!(shown["issues"].as_array().unwrap().len(), 2);
    }
}

#[test]
fn a_line_of_hundreds_of_kilobytes_is_read() {
    for token in ["✅ ", "@ada ", "[P] ", "(P1) ", "T1, ", "#x ", "**b** ", "`c` "] {
        let text = format!(
            "# Plan\n\n## Phase 1: A\n\n- [ ] Dig {}\n- [ ] Fill (depends on {})\n",
            token.repeat(40_000),
            token.repeat(40_000)
        );
        assert_eq!(show(&text)["issues"].as_array().unwrap().len(), 2, "{token}");
    }
}

#[test]
fn the_known_keys_are_listed_once() {
    let workplace = Workplace::new();
    workplace.write(
        "plan.md",
        "# Plan\n\n## Phase 1: A\n\n### A1: Dig\n\n- Labels: x\n\n### A1: Fill\n\n- Labels: x\n\n### A2: Mow\n\n- Depends on: ZZ17, ZZ18\n",
    );
    assert!(stderr(&workplace.run(&["check", "plan.md"])).contains("= help: known issues: A1, A2\n"));
}

#[test]
fn weeks_without_a_start_are_one_note() {
    let shown = show("# Plan\n\n## Phase 1: Dig (Week 1)\n\n- [ ] a\n\n## Phase 2: Pour (Week 2)\n\n- [ ] b\n");
    assert_eq!(codes(&shown), ["no-start"]);
}
