//! Applying to GitHub and to a file gives the same repository.

use std::collections::BTreeSet;

use plan_action::apply::{RunContext, apply};
use plan_action::diff::diff;
use plan_action::model::marker::{Found, IssueBase, Marker};
use plan_action::model::snapshot::Snapshot;
use plan_action::plan::Plan;
use plan_action::repository::file::FileWriter;
use proptest::prelude::ProptestConfig;

use crate::common::OBSERVATORY;
use crate::double::Double;
use crate::generated;
use crate::wire::run::{RUN, Run, Silent, wait};

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_plans_give_the_same_repository_on_github_and_in_a_file(
        (first, second) in (generated::spec(), generated::spec()),
    ) {
        let double = Double::start();
        let mut offline = FileWriter::in_memory(&Snapshot::default());
        // A due date cannot be removed on GitHub, so the milestones stay the same.
        let second = generated::Spec { milestones: first.milestones.clone(), ..second };
        for spec in [first, second] {
            let run = Run::new(&double, &spec.document(false));
            proptest::prop_assert_eq!(run.try_apply().unwrap(), [""; 0]);
            let left = run.diff().changes;
            proptest::prop_assert!(left.is_empty(), "left to do: {:#?}", left);
            apply_offline(&run.plan, &mut offline);
            proptest::prop_assert_eq!(canonical(&run.snapshot()), canonical(&offline.snapshot()));
        }
        double.check();
    }
}

fn apply_offline(plan: &Plan, offline: &mut FileWriter) {
    let diff = diff(plan, &offline.snapshot(), &BTreeSet::new());
    wait(apply(&diff, offline, &mut Silent, &RunContext::new(RUN)));
}

/// A repository without legitimate differences: its name, the account, authors, and the order of labels.
fn canonical(snapshot: &Snapshot) -> String {
    let mut snapshot = snapshot.clone();
    snapshot.target = None;
    snapshot.viewer = None;
    snapshot.looked_through = None;
    for issue in &mut snapshot.issues {
        issue.author = String::new();
        let without_hint = match Marker::<IssueBase>::find(&issue.body) {
            Found::Marker(mut marker, block) => {
                marker.base.looked_through = None;
                issue.body.replace(block.json, &marker.to_json())
            }
            _ => continue,
        };
        issue.body = without_hint;
    }
    snapshot.labels.sort_by(|a, b| a.name.cmp(&b.name));
    // A repository in a file has no clock.
    snapshot.updated.clear();
    format!("{snapshot:#?}")
}

#[test]
fn a_plan_gives_the_same_repository_on_github_and_in_a_file() {
    for text in [OBSERVATORY, include_str!("../../../fixtures/breakdown/variants.md")] {
        let double = Double::start();
        double.repository(|it| it.assignable.insert("linus".into()));
        let run = Run::new(&double, text);
        run.apply();
        let mut offline = FileWriter::in_memory(&Snapshot::default());
        apply_offline(&run.plan, &mut offline);
        assert_eq!(canonical(&run.snapshot()), canonical(&offline.snapshot()));
        double.check();
    }
}

/// Plans in every dialect: the fixtures, and those in the folder `PLAN_ACTION_SEEDS`.
pub(crate) fn plans() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let more = std::env::var_os("PLAN_ACTION_SEEDS").map(std::path::PathBuf::from);
    let folders = [Some(root.join("fixtures/wild")), more].into_iter().flatten();
    let mut files: Vec<_> =
        folders.flat_map(|it| std::fs::read_dir(it).unwrap()).map(|it| it.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "md") && !file.ends_with("cycle.md"));
    files.sort();
    files.into_iter().map(|file| (file.display().to_string(), std::fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn plans_in_every_dialect_give_the_same_repository_on_github_and_in_a_file() {
    for (name, text) in plans() {
        let double = Double::start();
        double.repository(|it| it.refuses_assignees = false);
        let run = Run::new(&double, &text);
        run.try_apply().unwrap();
        let left: Vec<String> = run.diff().changes.iter().map(|change| format!("{change:?}")).collect();
        assert_eq!(left, [""; 0], "{name}");
        let mut offline = FileWriter::in_memory(&Snapshot::default());
        apply_offline(&run.plan, &mut offline);
        let (github, file) = (run.snapshot(), offline.snapshot());
        assert_eq!(github.issues.len(), file.issues.len(), "{name}");
        assert_eq!((github.dependencies, github.parents), (file.dependencies, file.parents), "{name}");
        double.check();
    }
}
