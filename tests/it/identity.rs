//! The same plan item is the same issue for ever, and nobody else's.

use crate::common::{OBSERVATORY, Workplace, changes, stderr};
use serde_json::{Value, json};

const KEYLESS: &str = "# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n### Write the manual for visitors\n\n\
                       - Milestone: M1\n\n### Paint the door\n\n- Milestone: M1\n";

fn keyless() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", KEYLESS);
    workplace.apply();
    workplace
}

#[test]
fn an_item_without_a_key_keeps_its_issue_when_its_title_changes_a_little() {
    let workplace = keyless();
    workplace.edit("plan.md", "Write the manual for visitors", "Write a manual for our visitors");
    assert_eq!(
        changes(&workplace.preview()),
        ["rename issue m1/write-a-manual-for-our-visitors: key m1/write-the-manual-for-visitors → \
          m1/write-a-manual-for-our-visitors; title Write the manual for visitors → Write a manual for our visitors"]
    );
    workplace.apply();
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 2);
}

#[test]
fn an_item_with_another_title_altogether_is_another_item() {
    let workplace = keyless();
    workplace.edit("plan.md", "Paint the door", "Order 40 telescopes");
    let changes = changes(&workplace.preview());
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(changes[0].starts_with("create issue") && changes[1].starts_with("close issue"), "{changes:?}");
    workplace.apply();
}

#[test]
fn an_explicit_identity_survives_any_title() {
    let workplace = Workplace::new();
    let plan = KEYLESS.replace("### Paint the door\n", "### Paint the door <!-- id: door -->\n");
    workplace.write("plan.md", &plan);
    workplace.apply();
    workplace.edit("plan.md", "Paint the door", "Order 40 telescopes");
    assert_eq!(changes(&workplace.preview()), ["update issue door: title Paint the door → Order 40 telescopes"]);
}

#[test]
fn a_key_that_changes_while_the_title_stays_is_a_rename() {
    let workplace = Workplace::applied();
    let plan = OBSERVATORY.replace("O7", "N1");
    workplace.write("plan.md", plan);
    let changes = changes(&workplace.preview());
    assert_eq!(
        changes,
        ["rename issue N1: key O7 → N1; title O7 Night rota and visitor safety → N1 Night rota and visitor safety"]
    );
    workplace.apply();
}

#[test]
fn a_plan_file_that_moved_is_recognised() {
    let workplace = Workplace::applied();
    std::fs::create_dir(workplace.path("docs")).unwrap();
    std::fs::rename(workplace.path("plan.md"), workplace.path("docs/plan.md")).unwrap();
    let arguments = ["preview", "docs/plan.md", "--offline", "repo.json", "--format", "json"];
    let preview: Value = serde_json::from_str(&workplace.stdout(&arguments)).unwrap();
    let changes = changes(&preview);
    assert_eq!(changes.len(), 3 + 8, "{changes:?}");
    assert!(changes.iter().all(|change| change.starts_with("adopt ") && change.contains("plan.md → docs/plan.md")));
    workplace.stdout(&["apply", "docs/plan.md", "--offline", "repo.json"]);
    let output = workplace.run(&["preview", "docs/plan.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 8);
}

#[test]
fn a_plan_file_that_was_copied_is_refused_until_somebody_says_what_is_meant() {
    let workplace = Workplace::applied();
    workplace.write("copy.md", OBSERVATORY);
    let before = workplace.read("repo.json");
    let output = workplace.run(&["apply", "copy.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("`plan: plan.md`"), "{}", stderr(&output));
    assert_eq!(workplace.read("repo.json"), before);
    workplace.write("copy.md", format!("---\nplan: plan.md\n---\n{OBSERVATORY}"));
    let output = workplace.run(&["preview", "copy.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn the_identity_of_a_plan_is_its_path_in_the_git_repository() {
    let workplace = Workplace::new();
    std::fs::create_dir(workplace.path(".git")).unwrap();
    std::fs::create_dir(workplace.path("docs")).unwrap();
    workplace.write("docs/plan.md", OBSERVATORY);
    for (folder, name) in [(".", "docs/plan.md"), ("docs", "plan.md"), ("docs", "../docs/./plan.md")] {
        let mut command = workplace.command();
        command.current_dir(workplace.path(folder)).args(["show", name, "--format", "json"]);
        let shown: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        assert_eq!(shown["plan"]["id"], "docs/plan.md", "from {folder}");
    }
}

#[test]
fn items_of_the_same_title_stay_apart_when_their_milestones_get_other_titles() {
    let workplace = Workplace::new();
    let plan = "# Small\n\n## Phase 1: Build\n\n### Tasks\n\n- [ ] Write the manual\n- [ ] Saw\n\n## Phase 2: Ship\n\n\
                ### Tasks\n\n- [ ] Write the manual\n- [ ] Pack\n";
    workplace.write("plan.md", plan);
    workplace.apply();
    workplace
        .write("plan.md", plan.replace("Phase 1: Build", "Phase 1: Builds").replace("Phase 2: Ship", "Phase 2: Ships"));
    let found = changes(&workplace.preview());
    assert!(found.iter().all(|change| change.starts_with("rename milestone ")), "{found:#?}");
    assert_eq!(found.len(), 2, "the milestones are renamed, and the issues in them are the same as before");
    workplace.apply();
    let repository = workplace.repository();
    let of =
        |number: u64| repository["issues"].as_array().unwrap().iter().filter(|it| it["milestone"] == number).count();
    assert_eq!([of(1), of(2)], [2, 2]);
}

#[test]
fn an_item_that_loses_its_key_is_the_one_that_had_it_and_none_that_left_the_plan_before() {
    let workplace = Workplace::new();
    let plan = |heading: &str| {
        format!("# Small\n\n## Milestones\n\n- `M1` Start\n\n## Issues\n\n### {heading}\n\n- Milestone: M1\n")
    };
    for heading in ["`I1` Sweep", "`N1` Order 40 telescopes", "`N1` Sweep"] {
        workplace.write("plan.md", plan(heading));
        workplace.apply();
    }
    workplace.write("plan.md", plan("Sweep"));
    assert_eq!(changes(&workplace.preview()), ["rename issue m1/sweep: key N1 → m1/sweep; title N1 Sweep → Sweep"]);
    workplace.apply();
    let issues = workplace.repository()["issues"].clone();
    assert_eq!((&issues[0]["state"], &issues[1]["state"]), (&json!("closed"), &json!("open")));
}

#[test]
fn an_item_that_moves_to_another_milestone_keeps_its_issue() {
    let workplace = keyless();
    workplace.edit("plan.md", "- `M1` Start\n", "- `M1` Start\n- `M2` End\n");
    workplace.edit("plan.md", "### Paint the door\n\n- Milestone: M1", "### Paint the door\n\n- Milestone: M2");
    assert_eq!(
        changes(&workplace.preview()),
        [
            "create milestone M2: title - → M2 End",
            "rename issue m2/paint-the-door: key m1/paint-the-door → m2/paint-the-door; milestone M1 Start → M2 End"
        ]
    );
    workplace.apply();
}

#[test]
fn which_of_two_equally_similar_titles_is_the_renamed_one_does_not_depend_on_their_order() {
    let workplace = keyless();
    let new = ["### Paint the doors\n\n- Milestone: M1\n\n", "### Paint the doorf\n\n- Milestone: M1\n\n"];
    let mut seen = Vec::new();
    for items in [new.concat(), [new[1], new[0]].concat()] {
        workplace.write("plan.md", KEYLESS.replace("### Paint the door\n\n- Milestone: M1\n", &items));
        seen.push(workplace.preview());
    }
    assert_eq!(changes(&seen[0]).len(), 2, "one is renamed, the other is new: {:?}", changes(&seen[0]));
    let sorted = |preview| {
        let mut changes = changes(preview);
        changes.sort();
        changes
    };
    assert_eq!(sorted(&seen[0]), sorted(&seen[1]));
    assert_eq!(seen[0]["digest"], seen[1]["digest"]);
}
