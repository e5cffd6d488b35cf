//! A plan item keeps its issue, and no other item takes it over.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{OBSERVATORY, Workplace, changes, stderr};
use crate::generated::phases::{Phase, document, growth};
use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, Kind, Op, diff};
use plan_action::model::snapshot::{IssueNumber, Snapshot};
use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use plan_action::repository::file::FileWriter;
use proptest::prelude::*;
use serde_json::{Value, json};

struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

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
fn an_item_with_a_completely_different_title_is_a_different_item() {
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
    workplace.stdout(&["apply", "docs/plan.md", "--offline", "repo.json", "--yes"]);
    let output = workplace.run(&["preview", "docs/plan.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 8);
}

#[test]
fn a_copied_plan_file_is_refused_until_it_states_its_identity() {
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
fn items_with_equal_titles_stay_apart_when_their_milestones_are_renamed() {
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
fn an_item_that_loses_its_key_keeps_its_issue_even_if_a_removed_item_matches_too() {
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
fn a_tie_between_similar_titles_does_not_depend_on_their_order() {
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

/// The issue number of each item of a plan in phases, by phase and title.
fn numbers(writer: &FileWriter) -> BTreeMap<(String, String), IssueNumber> {
    let snapshot = writer.snapshot();
    let milestone = |number| snapshot.milestone(number).map(|it| it.title.clone());
    let issues = snapshot.issues.iter();
    issues.map(|it| ((it.milestone.and_then(milestone).unwrap_or_default(), it.title.clone()), it.number)).collect()
}

fn apply_all(plan: &Plan, writer: &mut FileWriter) {
    let difference = diff(plan, &writer.snapshot(), &BTreeSet::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let report = runtime.block_on(apply(&difference, writer, &mut Silent, &RunContext::new("growing")));
    assert!(report.failed.is_empty(), "{:?}", report.failed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inserting_and_reordering_does_not_change_existing_items(growth in growth()) {
        let read = |phases: &[Phase]| {
            let text = document(phases);
            let reading = plan::read(&Source::new("plan.md", text.clone()), PlanId::new("plan.md"));
            let has_errors = reading.diagnostics.iter().any(|it| it.severity == plan::Severity::Error);
            reading.plan.filter(|plan| {
                !has_errors && plan.issues.len() == phases.iter().map(|phase| phase.items.len()).sum::<usize>()
            })
        };
        let plans = [&growth.before, &growth.after, &growth.shuffled].map(|phases| read(phases));
        // A document that the reader reads differently tells nothing about matching.
        prop_assume!(plans.iter().all(Option::is_some));
        let [before, after, shuffled] = plans.map(Option::unwrap);
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        apply_all(&before, &mut writer);
        let old = numbers(&writer);
        let grown = diff(&after, &writer.snapshot(), &BTreeSet::new());
        for change in &grown.changes {
            let is_new = change.op() == Op::Create
                || change.op() == Op::Link && !before.issues.iter().any(|it| it.key.as_str() == change.key());
            prop_assert!(is_new, "{change:#?}\nof\n{}", document(&growth.after));
        }
        let created = grown.count(Op::Create, Kind::Issue);
        prop_assert_eq!(created, after.issues.len() - before.issues.len());
        prop_assert_eq!(&grown.notices, &[]);
        apply_all(&after, &mut writer);
        let new = numbers(&writer);
        prop_assert!(old.iter().all(|(item, number)| new.get(item) == Some(number)), "{old:?}\n{new:?}");
        let again = diff(&shuffled, &writer.snapshot(), &BTreeSet::new());
        prop_assert!(again.writes_nothing(), "{:#?} {:?}", again.changes, again.marker_updates);
    }
}

#[test]
fn a_phase_that_repeats_keys_changes_no_item_of_another_phase() {
    let workplace = Workplace::new();
    let first = "# Small\n\n## Phase 1: Build\n\n- [ ] T001 Write the manual\n- [ ] T002 Saw (depends on T001)\n";
    workplace.write("plan.md", first);
    workplace.apply();
    let pasted = "\n## Phase 2: Ship\n\n- [ ] T001 Pack\n- [ ] T002 Send (depends on T001)\n";
    workplace.write("plan.md", format!("{first}{pasted}"));
    let found = changes(&workplace.preview());
    assert!(found.iter().all(|it| it.starts_with("create ") || it.starts_with("link ")), "{found:#?}");
    assert_eq!(found.len(), 1 + 2 + 1, "{found:#?}");
    workplace.apply();
    workplace.write("plan.md", first);
    let found = changes(&workplace.preview());
    assert!(found.iter().all(|it| it.starts_with("close ")), "{found:#?}");
    assert_eq!(found.len(), 2 + 1, "{found:#?}");
    workplace.apply();
}

#[test]
fn an_item_whose_key_is_repeated_keeps_its_issue_under_another_title() {
    let workplace = Workplace::new();
    let first = "# Small\n\n## Phase 1: Build\n\n- [ ] T001 Write the manual\n- [ ] T002 Saw (depends on T001)\n";
    let second = "\n## Phase 2: Ship\n\n- [ ] T001 Pack\n- [ ] T002 Send (depends on T001)\n";
    workplace.write("plan.md", format!("{first}{second}"));
    workplace.apply();
    let text = workplace.stdout(&["show", "plan.md"]);
    assert!(text.contains("blocked by phase-2-ship/T001"), "{text}");
    workplace.edit("plan.md", "T001 Pack", "T001 Order 40 telescopes");
    assert_eq!(
        changes(&workplace.preview()),
        ["update issue phase-2-ship/T001: title T001 Pack → T001 Order 40 telescopes"]
    );
    workplace.apply();
    // The other phase is removed. The key is unique again, and nothing else happens to its item.
    workplace.write("plan.md", format!("# Small\n{}", second.replace("Pack", "Order 40 telescopes")));
    let found = changes(&workplace.preview());
    assert!(found.iter().all(|it| it.starts_with("close ")), "{found:#?}");
    assert_eq!(found.len(), 2 + 1, "{found:#?}");
    workplace.apply();
}

#[test]
fn a_duplicate_key_in_one_milestone_is_an_error_even_if_other_milestones_use_it_too() {
    let workplace = Workplace::new();
    workplace.write(
        "plan.md",
        "# Small\n\n## Phase 1: Build\n\n- [ ] T001 Saw\n- [ ] T002 Glue\n\n## Phase 2: Ship\n\n- [ ] T001 Pack\n- [ ] T001 Send\n",
    );
    let output = workplace.run(&["check", "plan.md"]);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("duplicate-key") && said.contains("line 10"), "{said}");
}

#[test]
fn items_with_equal_titles_get_different_keys() {
    let plan = plan::read(
        &Source::new("plan.md", "# Small\n\n## Phase 1: Build\n\n- [ ] Saw\n- [ ] Saw\n- [ ] Saw 2\n- [ ] Saw 2\n"),
        PlanId::new("plan.md"),
    );
    let plan = plan.plan.unwrap();
    let keys: BTreeSet<&str> = plan.issues.iter().map(|it| it.key.as_str()).collect();
    assert_eq!(keys.len(), 4, "{keys:?}");
}

#[test]
fn an_item_adopts_the_unmarked_issue_of_its_own_milestone() {
    let workplace = Workplace::new();
    let phases = ["Phase 2: Ship", "Phase 1: Build"];
    let plan: String =
        phases.iter().map(|it| format!("\n## {it}\n\n- [ ] Write the tests\n- [ ] End {it}\n")).collect();
    workplace.write("plan.md", format!("# Small\n{plan}"));
    let milestone = |number: u64, title: &str| json!({"number": number, "title": title});
    let issue =
        |number: u64, milestone: u64| json!({"number": number, "title": "Write the tests", "milestone": milestone});
    let repository = json!({"format": "plan-action repository", "version": 1,
        "milestones": [milestone(1, phases[1]), milestone(2, phases[0])], "issues": [issue(3, 2), issue(4, 1)]});
    workplace.write("repo.json", repository.to_string());
    let found = changes(&workplace.preview());
    let adopted: Vec<&String> = found.iter().filter(|it| it.starts_with("adopt issue")).collect();
    assert!(adopted.len() == 2 && adopted.iter().all(|it| !it.contains("milestone ")), "{found:#?}");
    workplace.apply();
}

#[test]
fn too_many_changed_titles_to_compare_are_reported() {
    let word = |mut at: usize, letters: &[u8]| {
        let mut word = String::new();
        for _ in 0..6 {
            word.push(char::from(letters[at % letters.len()]));
            at /= letters.len();
        }
        word
    };
    let plan = |letters: &[u8]| {
        let items: String = (0..1_010).map(|at| format!("- [ ] Valve {}\n", word(at, letters))).collect();
        format!("# Many\n\n## Phase 1: All\n\n{items}")
    };
    let workplace = Workplace::new();
    workplace.write("plan.md", plan(b"abcdefghijklm"));
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    workplace.write("plan.md", plan(b"nopqrstuwxyz"));
    let text = workplace.stdout(&["preview", "plan.md", "--offline", "repo.json"]);
    assert!(text.contains("1010 items have a new title and no written key"), "{}", &text[text.len() - 2_000..]);
}
