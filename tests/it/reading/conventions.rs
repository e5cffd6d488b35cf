//! Conventions of plans that people write, each in a document of its own.

use super::*;

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

#[test]
fn separators_between_fields_may_touch() {
    for separator in [" | · ", " · | ", " | | ", " • · | "] {
        let text = format!("# Plan\n\n## Phase 1: Base\n\n- [ ] Dig{separator}Owner: @tom\n- [ ] Pour\n");
        assert_eq!(issues(&show(&text)).len(), 2, "{separator}");
    }
}
