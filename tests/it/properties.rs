//! Properties that hold for all generated plans, documents and repositories.

use std::collections::{BTreeMap, BTreeSet};

use crate::co_ownership::moves::{Edit, edit};
use crate::generated::forms::{self, Form};
use crate::generated::phases::{Growth, Phase, growth};
use crate::generated::{Spec, read, spec};
use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, Diff, Op, diff};
use plan_action::model::block;
use plan_action::model::snapshot::{Issue, IssueNumber, Snapshot};
use plan_action::plan::read::outline::Role;
use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use plan_action::repository::file::FileWriter;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Edits by people, each of some issue.
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

/// The text outside of an issue's block, which belongs to people.
fn outside(issue: &Issue) -> (String, String) {
    block::all(&issue.body)
        .next()
        .map_or_else(|| (issue.body.clone(), String::new()), |block| (block.before.to_owned(), block.after.to_owned()))
}

fn people(writer: &mut FileWriter, edits: &[(Index, Edit)]) {
    for (at, edit) in edits {
        // Issues opened by people are covered in `co_ownership`.
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

/// The lines on which an item begins: a heading, a list item or a table row. They are found by the Markdown parser
/// alone, independently of the reader. Quotations do not count.
fn item_lines(text: &str) -> BTreeSet<usize> {
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.front_matter_delimiter = Some("---".into());
    let arena = comrak::Arena::new();
    let root = comrak::parse_document(&arena, text, &options);
    let is_quoted = |node: comrak::nodes::Node<'_>| {
        node.ancestors().any(|it| matches!(it.data().value, comrak::nodes::NodeValue::BlockQuote))
    };
    let items = root.descendants().filter(|node| {
        use comrak::nodes::NodeValue;
        let is_item = matches!(
            node.data().value,
            NodeValue::Heading(_) | NodeValue::Item(_) | NodeValue::TaskItem(_) | NodeValue::TableRow(false)
        );
        is_item && !is_quoted(node)
    });
    items.map(|node| node.data().sourcepos.start.line).collect()
}

/// Checks that nothing in a document is silently lost: every item line is in the outline, and an item that is not read
/// is reported, alone or with its section.
fn nothing_is_lost(name: &str, text: &str) -> Result<(), TestCaseError> {
    let reading = plan::read(&Source::new("plan.md", text), PlanId::new("p"));
    let Some(plan) = reading.plan else {
        prop_assert!(!reading.diagnostics.is_empty(), "{name}: nothing was reported");
        return Ok(());
    };
    let mut occurrences: BTreeMap<usize, usize> = BTreeMap::new();
    plan.outline.iter().for_each(|line| *occurrences.entry(line.line).or_default() += 1);
    for line in item_lines(&plan.source.text) {
        let times = occurrences.get(&line).copied().unwrap_or(0);
        prop_assert_eq!(times, 1, "{}: line {} is in the outline {} times", name, line, times);
    }
    let reported = reading.diagnostics.iter().filter(|it| it.code == "unread-items" || it.code == "unread-text");
    let count: usize = reported.filter_map(|it| it.message.split(' ').next()?.parse::<usize>().ok()).sum();
    prop_assert_eq!(count, plan.outline.iter().filter(|line| line.warned).count(), "{}: the messages count them", name);
    for line in plan.outline.iter().filter(|line| line.is == Role::Skipped && !line.warned) {
        let is_within = |(first, last): (usize, usize)| first <= line.line && line.line <= last;
        let is_named = plan.ignored.iter().any(|section| is_within(section.lines));
        let is_below = plan
            .outline
            .iter()
            .any(|outer| outer.line < line.line && line.line <= outer.end && outer.is == Role::Skipped && outer.warned);
        prop_assert!(is_named || is_below, "{name}: line {} is silently lost: {}", line.line, line.why);
    }
    Ok(())
}

/// The content of a plan: milestones and titles without keys, in order.
fn content(plan: &Plan) -> Vec<(String, String)> {
    let milestone = |key: &plan::PlanKey| plan.milestone(key).map(|it| it.title.clone()).unwrap_or_default();
    let one = |issue: &plan::PlannedIssue| {
        let title = issue.written_key.as_ref().and_then(|key| issue.title.strip_prefix(key.as_str()));
        let title = title.unwrap_or(&issue.title).trim_start_matches([':', ' ']);
        (issue.milestone.as_ref().map(milestone).unwrap_or_default(), title.to_owned())
    };
    plan.issues.iter().map(one).collect()
}

/// Reads phases in a form, and checks that they are read as intended.
fn read_in(phases: &[Phase], form: Form) -> Result<Plan, TestCaseError> {
    let text = forms::document(phases, form);
    let plan = read(&text);
    let meant: Vec<(String, String)> = phases
        .iter()
        .flat_map(|phase| phase.items.iter().map(|item| (phase.title.clone(), item.title.to_owned())))
        .collect();
    prop_assert_eq!(content(&plan), meant, "{:?}\n{}", form, &text);
    let links: usize = phases.iter().flat_map(|phase| &phase.items).filter(|item| item.after.is_some()).count();
    prop_assert_eq!(plan.issues.iter().map(|it| it.depends_on.len()).sum::<usize>(), links, "{:?}\n{}", form, &text);
    nothing_is_lost("generated", &text)?;
    Ok(plan)
}

fn grows_without_changing_anything(growth: &Growth, form: Form) -> Result<(), TestCaseError> {
    let [before, after, shuffled] = [&growth.before, &growth.after, &growth.shuffled].map(|it| read_in(it, form));
    let (before, after, shuffled) = (before?, after?, shuffled?);
    let mut writer = FileWriter::in_memory(&Snapshot::default());
    settle(&before, &mut writer)?;
    let grown = difference(&after, &writer);
    let mut found = grown.changes.iter().filter(|change| change.op() != Op::Create && change.op() != Op::Link);
    prop_assert!(
        found.next().is_none(),
        "{form:?}: {:#?}\nof\n{}",
        grown.changes,
        forms::document(&growth.after, form)
    );
    settle(&after, &mut writer)?;
    let again = difference(&shuffled, &writer);
    prop_assert!(again.writes_nothing(), "{form:?}: {:#?} {:?}", again.changes, again.marker_updates);
    Ok(())
}

#[test]
fn no_item_of_a_fixture_is_silently_lost() {
    let lost: Vec<String> = fixtures()
        .iter()
        .filter_map(|text| nothing_is_lost(text.lines().find(|it| it.starts_with('#')).unwrap_or_default(), text).err())
        .map(|error| error.to_string())
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_in_any_form_grows_and_is_reordered_without_changing_existing_items(growth in growth(), form in select(forms::ALL.to_vec())) {
        grows_without_changing_anything(&growth, form)?;
    }

    #[test]
    fn no_item_of_a_generated_document_is_silently_lost(spec in spec(), reversed in any::<bool>()) {
        nothing_is_lost("generated", &spec.document(reversed))?;
    }
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
    fn document_order_only_affects_the_order_of_changes(spec in spec(), next in spec(), edits in edits()) {
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        settle(&read(&spec.document(false)), &mut writer)?;
        people(&mut writer, &edits);
        let straight = difference(&read(&next.document(false)), &writer);
        let reversed = difference(&read(&next.document(true)), &writer);
        prop_assert_eq!(straight.digest(), reversed.digest());
        // The changes are the same, but follow document order.
        let sorted = |mut diff: Diff| {
            diff.changes.sort_by_cached_key(|change| format!("{change:?}"));
            diff.changes
        };
        prop_assert_eq!(sorted(straight), sorted(reversed));
    }

    #[test]
    fn applies_converge_and_keep_what_belongs_to_people(
        rounds in vec((spec(), edits()), 1..4),
    ) {
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        let mut first: Option<Spec> = None;
        for (mut spec, edits) in rounds {
            // In half of the cases, the next plan is the first one with other keys.
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
    fn no_edit_of_a_plan_causes_a_panic(edits in vec((any::<Index>(), any::<Index>(), 0..9usize, any::<Index>()), 1..8), which in any::<Index>()) {
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
    fn no_text_causes_a_panic(text in "(?s)[-#*`\\[\\]>| \na-zA-Z0-9:@é\t]{0,400}") {
        let reading = plan::read(&Source::new("plan.md", format!("## Issues\n\n### `I1` x\n\n- Milestone: M1\n{text}")), PlanId::new("p"));
        prop_assert!(reading.plan.is_some() || !reading.diagnostics.is_empty(), "nothing was said");
    }
}
