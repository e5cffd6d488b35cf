//! How plans in many styles are read: what becomes an issue or a milestone, and that nothing is silently lost.

mod conventions;
mod findings;

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
