//! What must always hold, for generated plans, documents and repositories.

use std::collections::{BTreeMap, BTreeSet};

use crate::co_ownership::moves::{Edit, edit};
use crate::generated::{Spec, read, spec};
use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, Diff, diff};
use plan_action::model::block;
use plan_action::model::snapshot::{Issue, IssueNumber, Snapshot};
use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use plan_action::repository::file::FileWriter;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// What people do, each to some issue.
fn edits() -> impl Strategy<Value = Vec<(Index, Edit)>> {
    vec((any::<Index>(), edit()), 0..8)
}

struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn difference(plan: &Plan, writer: &FileWriter) -> Diff {
    diff(plan, &writer.snapshot(), &BTreeSet::new())
}

/// Applies a plan and checks that nothing is left to do.
fn settle(plan: &Plan, writer: &mut FileWriter) -> Result<(), TestCaseError> {
    let first = difference(plan, writer);
    let report = wait(apply(&first, writer, &mut Silent, &RunContext::new("test")));
    let failed: Vec<String> = report.failed.iter().map(|(change, error)| format!("{change:?}: {error:#}")).collect();
    prop_assert!(failed.is_empty(), "{failed:#?}");
    let left = difference(plan, writer);
    prop_assert!(left.is_empty(), "left after an apply: {:#?}\nof {:#?}", left.changes, first.changes);
    Ok(())
}

/// What stands outside of an issue's block, which is nobody's but people's.
fn outside(issue: &Issue) -> (String, String) {
    block::all(&issue.body)
        .next()
        .map_or_else(|| (issue.body.clone(), String::new()), |block| (block.before.to_owned(), block.after.to_owned()))
}

fn people(writer: &mut FileWriter, edits: &[(Index, Edit)]) {
    for (at, edit) in edits {
        // Issues that people open are a matter of the game in `co_ownership`.
        _ = wait(edit.on(*at, &writer.snapshot(), &[], writer));
    }
}

/// Every plan among the fixtures.
fn fixtures() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = ["breakdown", "wild", "wild/no-plan"].map(|folder| root.join(folder));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|it| it == "md")).collect();
    files.sort();
    files.into_iter().map(|file| std::fs::read_to_string(file).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_a_diff_leaves_an_empty_diff(spec in spec()) {
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        let plan = read(&spec.document(false));
        settle(&plan, &mut writer)?;
        prop_assert_eq!(writer.snapshot().issues.len(), plan.issues.len(), "an issue for each item");
    }

    #[test]
    fn the_order_of_a_document_changes_nothing_but_the_order(spec in spec(), next in spec(), edits in edits()) {
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        settle(&read(&spec.document(false)), &mut writer)?;
        people(&mut writer, &edits);
        let straight = difference(&read(&next.document(false)), &writer);
        let reversed = difference(&read(&next.document(true)), &writer);
        prop_assert_eq!(straight.digest(), reversed.digest());
        // The changes are the same; they are made in the order of the document.
        let sorted = |mut diff: Diff| {
            diff.changes.sort_by_cached_key(|change| format!("{change:?}"));
            diff.changes
        };
        prop_assert_eq!(sorted(straight), sorted(reversed));
    }

    #[test]
    fn plans_and_people_settle_and_nothing_of_peoples_own_is_lost(
        rounds in vec((spec(), edits()), 1..4),
    ) {
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        let mut first: Option<Spec> = None;
        for (mut spec, edits) in rounds {
            // Half of the time, the next plan is the first one with other keys.
            if let Some(first) = first.as_ref().filter(|_| edits.len() % 2 == 0) {
                spec = Spec { prefixes: spec.prefixes, ..first.clone() };
            }
            first.get_or_insert_with(|| spec.clone());
            let plan = read(&spec.document(false));
            let before = writer.snapshot();
            settle(&plan, &mut writer)?;
            let after: BTreeMap<IssueNumber, Issue> =
                writer.snapshot().issues.into_iter().map(|issue| (issue.number, issue)).collect();
            for issue in &before.issues {
                let now = &after[&issue.number];
                prop_assert_eq!(outside(issue), outside(now), "text outside of the block changed");
                let own = "people's own";
                prop_assert_eq!(issue.labels.contains(own), now.labels.contains(own), "a label of people changed");
            }
            people(&mut writer, &edits);
        }
    }

    #[test]
    fn no_change_to_a_plan_makes_the_program_fall(edits in vec((any::<Index>(), any::<Index>(), 0..9usize, any::<Index>()), 1..8), which in any::<Index>()) {
        let fixtures = fixtures();
        let mut text: Vec<char> = fixtures[which.index(fixtures.len())].chars().collect();
        for (from, length, kind, other) in edits {
            let from = from.index(text.len().max(1));
            let to = (from + length.index(40)).min(text.len());
            let piece: Vec<char> = match kind {
                0 => Vec::new(),
                1 => text[from.min(text.len())..to].iter().rev().copied().collect(),
                2 => text[from.min(text.len())..to].repeat(3),
                3 => "\n\n## ".chars().collect(),
                4 => "\n- [ ] ".chars().collect(),
                5 => " (depends on İ, T1-T9, #3 and Ⅷ) ".chars().collect(),
                6 => "\n| a | b |\n|-|-|\n| ".chars().collect(),
                7 => "\n**Task: ✅ İssue #1: ‚úÖ** `x` @a — ".chars().collect(),
                _ => {
                    let more: Vec<char> = fixtures[other.index(fixtures.len())].chars().collect();
                    let at = length.index(more.len());
                    more[at..(at + 200).min(more.len())].to_vec()
                }
            };
            text.splice(from.min(text.len())..to, piece);
        }
        let text: String = text.into_iter().collect();
        let reading = plan::read(&Source::new("plan.md", text), PlanId::new("p"));
        prop_assert!(reading.plan.is_some() || !reading.diagnostics.is_empty(), "nothing was said");
        for diagnostic in &reading.diagnostics {
            prop_assert!(diagnostic.span.end <= diagnostic.source.text.len(), "{diagnostic:?}");
        }
    }

    #[test]
    fn no_text_makes_the_program_fall(text in "(?s)[-#*`\\[\\]>| \na-zA-Z0-9:@é\t]{0,400}") {
        let reading = plan::read(&Source::new("plan.md", format!("## Issues\n\n### `I1` x\n\n- Milestone: M1\n{text}")), PlanId::new("p"));
        prop_assert!(reading.plan.is_some() || !reading.diagnostics.is_empty(), "nothing was said");
    }
}
