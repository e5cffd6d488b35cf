//! What must always hold, for generated plans, documents and repositories.

#![allow(clippy::unwrap_used, reason = "a test that fails here has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use plan_action::apply::{Progress, apply};
use plan_action::diff::{Change, Diff, diff};
use plan_action::identity::block;
use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use plan_action::snapshot::{Issue, IssueNumber, Snapshot, StateReason};
use plan_action::target::offline::OfflineWriter;
use plan_action::target::{IssuePatch, Link, State, Writer};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A plan as it is generated: what a document says, without the order in which it says it.
#[derive(Debug, Clone)]
struct Spec {
    drift_restores: bool,
    /// What the keys of milestones and issues begin with.
    prefixes: (&'static str, &'static str),
    milestones: Vec<MilestoneSpec>,
    issues: Vec<IssueSpec>,
}

#[derive(Debug, Clone)]
struct MilestoneSpec {
    words: String,
    day: Option<u8>,
    purpose: String,
}

#[derive(Debug, Clone)]
struct IssueSpec {
    /// Whether the item is in the plan at all.
    present: bool,
    /// Whether its key is written; else it is derived from its title.
    keyed: bool,
    words: String,
    milestone: Option<Index>,
    labels: BTreeSet<&'static str>,
    depends_on: Vec<Index>,
    criteria: Vec<(bool, String)>,
    text: String,
    done: bool,
    gate: bool,
    parent: Option<Index>,
}

/// Words that mean something to markdown, HTML, GitHub or us, among harmless ones.
fn words() -> impl Strategy<Value = String> {
    let word = select(vec![
        "mirror",
        "dome",
        "a|b",
        "`code`",
        "@team",
        "#12",
        "fixes",
        "--",
        "-->",
        "é",
        "日本",
        "λ/8",
        "(draft)",
        "x_y_z",
        "100%",
        "::error::",
        "\"quoted\"",
        "🔭",
    ]);
    vec(word, 1..4).prop_map(|words| words.join(" "))
}

fn milestone() -> impl Strategy<Value = MilestoneSpec> {
    (words(), proptest::option::of(1..28u8), words()).prop_map(|(words, day, purpose)| MilestoneSpec {
        words,
        day,
        purpose,
    })
}

fn issue() -> impl Strategy<Value = IssueSpec> {
    let labels = btree_set(select(vec!["api", "API", "docs", "priority: high", "release-gate"]), 0..3);
    let criteria = vec((prop::bool::weighted(0.2), words()), 0..4);
    let links =
        (proptest::option::of(any::<Index>()), vec(any::<Index>(), 0..3), prop::option::weighted(0.2, any::<Index>()));
    let flags =
        (prop::bool::weighted(0.9), prop::bool::weighted(0.8), prop::bool::weighted(0.15), prop::bool::weighted(0.3));
    (words(), words(), labels, criteria, links, flags).prop_map(
        |(words, text, labels, criteria, (milestone, depends_on, parent), (present, keyed, done, gate))| IssueSpec {
            present,
            keyed,
            words,
            milestone,
            labels,
            depends_on,
            criteria,
            text,
            done,
            gate,
            parent,
        },
    )
}

fn spec() -> impl Strategy<Value = Spec> {
    let prefixes = (select(vec!["M", "M", "S"]), select(vec!["I", "I", "N"]));
    (prop::bool::weighted(0.3), prefixes, vec(milestone(), 1..4), vec(issue(), 1..7)).prop_map(
        |(drift_restores, prefixes, milestones, issues)| Spec { drift_restores, prefixes, milestones, issues },
    )
}

impl Spec {
    /// The document, with its milestones and issues as generated or the other way round.
    fn document(&self, reversed: bool) -> String {
        let mut text = String::new();
        if self.drift_restores {
            text.push_str("---\ndrift: restore\n---\n");
        }
        text.push_str("# Generated\n\n## Milestones\n\n");
        let mut milestones: Vec<String> = Vec::new();
        for (at, milestone) in self.milestones.iter().enumerate() {
            let mut item = format!("- `{}{at}` {} {at}\n", self.prefixes.0, milestone.words);
            if let Some(day) = milestone.day {
                _ = writeln!(item, "  - Target date: 2026-05-{day:02}");
            }
            _ = writeln!(item, "  - Purpose: {}", milestone.purpose);
            milestones.push(item);
        }
        let mut issues = Vec::new();
        for (at, issue) in self.issues.iter().enumerate().filter(|(_, issue)| issue.present) {
            issues.push(self.issue(at, issue));
        }
        if reversed {
            milestones.reverse();
            issues.reverse();
        }
        text.push_str(&milestones.concat());
        text.push_str("\n## Issues\n\n");
        text.push_str(&issues.concat());
        text.push_str("\n## Setup checklist\n\n");
        for (at, issue) in self.issues.iter().enumerate().filter(|(_, issue)| issue.present && issue.gate) {
            if issue.keyed {
                _ = writeln!(text, "- [ ] Pin `{}{at}`", self.prefixes.1);
            }
        }
        text
    }

    fn issue(&self, at: usize, issue: &IssueSpec) -> String {
        let mut text = if issue.keyed { format!("### `{}{at}` ", self.prefixes.1) } else { "### ".to_owned() };
        _ = writeln!(text, "{} number {at}\n\n{}\n", issue.words, issue.text);
        // Only earlier items with written keys are named, so that there is no cycle and every name is there.
        let earlier = |index: &Index| {
            let candidates: Vec<usize> =
                (0..at).filter(|other| self.issues[*other].present && self.issues[*other].keyed).collect();
            (!candidates.is_empty())
                .then(|| format!("{}{}", self.prefixes.1, candidates[index.index(candidates.len())]))
        };
        let blockers: BTreeSet<String> = issue.depends_on.iter().filter_map(earlier).collect();
        _ = writeln!(text, "- `depends_on: [{}]`", blockers.into_iter().collect::<Vec<_>>().join(", "));
        if let Some(index) = issue.milestone {
            _ = writeln!(text, "- Milestone: `{}{}`", self.prefixes.0, index.index(self.milestones.len()));
        }
        if let Some(parent) = issue.parent.as_ref().and_then(earlier) {
            _ = writeln!(text, "- Parent: `{parent}`");
        }
        let labels: Vec<String> = issue.labels.iter().map(|label| format!("`{label}`")).collect();
        _ = writeln!(text, "- Labels: {}", labels.join(", "));
        if issue.done {
            text.push_str("- Status: Done\n");
        }
        if !issue.criteria.is_empty() {
            text.push_str("- Acceptance criteria:\n");
            for (ticked, criterion) in &issue.criteria {
                _ = writeln!(text, "  - [{}] {criterion}", if *ticked { 'x' } else { ' ' });
            }
        }
        text.push('\n');
        text
    }

    fn read(&self) -> Plan {
        read(&self.document(false))
    }
}

fn read(document: &str) -> Plan {
    let reading = plan::read(&Source::new("plan.md", document), PlanId::new("plan.md"));
    let errors: Vec<String> = reading
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == plan::Severity::Error)
        .map(|diagnostic| diagnostic.message.clone())
        .collect();
    assert!(errors.is_empty(), "{errors:?}\n{document}");
    reading.plan.unwrap()
}

/// Something that a person does to an issue.
#[derive(Debug, Clone)]
enum Edit {
    Title(String),
    Before(String),
    After(String),
    Inside(String),
    Tick,
    CarriageReturns,
    Close,
    Reopen,
    AddLabel(&'static str),
    RemoveLabel(&'static str),
    NoMilestone,
    Unblock,
    Pin,
    Unpin,
}

fn edits() -> impl Strategy<Value = Vec<(Index, Edit)>> {
    let edit = prop_oneof![
        words().prop_map(Edit::Title),
        words().prop_map(Edit::Before),
        words().prop_map(Edit::After),
        words().prop_map(Edit::Inside),
        Just(Edit::Tick),
        Just(Edit::CarriageReturns),
        Just(Edit::Close),
        Just(Edit::Reopen),
        select(vec!["api", "people's own"]).prop_map(Edit::AddLabel),
        select(vec!["api", "docs"]).prop_map(Edit::RemoveLabel),
        Just(Edit::NoMilestone),
        Just(Edit::Unblock),
        Just(Edit::Pin),
        Just(Edit::Unpin),
    ];
    vec((any::<Index>(), edit), 0..8)
}

struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn difference(plan: &Plan, writer: &OfflineWriter) -> Diff {
    diff(plan, &writer.snapshot(), &BTreeSet::new())
}

/// Applies a plan and checks that nothing is left to do.
fn settle(plan: &Plan, writer: &mut OfflineWriter) -> Result<(), TestCaseError> {
    let first = difference(plan, writer);
    let report = wait(apply(&first, writer, &mut Silent));
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

fn edit(writer: &mut OfflineWriter, edits: &[(Index, Edit)]) {
    for (index, edit) in edits {
        let snapshot = writer.snapshot();
        let Some(issue) = (!snapshot.issues.is_empty()).then(|| index.get(&snapshot.issues)) else { return };
        let (patch, link) = act(issue, &snapshot, edit);
        // What GitHub refuses, such as a fourth pin, a person cannot do either.
        _ = wait(writer.update_issue(issue.number, &patch));
        if let Some(link) = link {
            _ = wait(writer.link(&[link]));
        }
    }
}

fn act(issue: &Issue, snapshot: &Snapshot, edit: &Edit) -> (IssuePatch, Option<Link>) {
    let mut patch = IssuePatch::default();
    let mut link = None;
    let body = |body: String| Some(body);
    match edit {
        Edit::Title(title) => patch.title = Some(title.clone()),
        Edit::Before(text) => patch.body = body(format!("{text}\r\n\r\n{}", issue.body)),
        Edit::After(text) => patch.body = body(format!("{}\n\n{text}  \n", issue.body)),
        Edit::Inside(text) => {
            patch.body = body(issue.body.replace("<!-- /plan-action -->", &format!("{text}\n<!-- /plan-action -->")));
        }
        Edit::Tick => patch.body = body(issue.body.replacen("- [ ]", "- [X]", 1)),
        Edit::CarriageReturns => patch.body = body(issue.body.replace("\r\n", "\n").replace('\n', "\r\n")),
        Edit::Close => patch.state = Some(State::Closed(StateReason::Completed)),
        Edit::Reopen => patch.state = Some(State::Open),
        Edit::AddLabel(label) => patch.add_labels = vec![(*label).to_owned()],
        Edit::RemoveLabel(label) => patch.remove_labels = vec![(*label).to_owned()],
        Edit::NoMilestone => patch.milestone = Some(None),
        Edit::Unblock => {
            let pair = snapshot.dependencies.iter().find(|(blocked, _)| *blocked == issue.number);
            link = pair.map(|(blocked, blocker)| Link::RemoveDependency { blocked: *blocked, blocker: *blocker });
        }
        Edit::Pin => link = Some(Link::Pin(issue.number)),
        Edit::Unpin => link = Some(Link::Unpin(issue.number)),
    }
    (patch, link)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_a_diff_leaves_an_empty_diff(spec in spec()) {
        let mut writer = OfflineWriter::in_memory(&Snapshot::default());
        let plan = spec.read();
        settle(&plan, &mut writer)?;
        prop_assert_eq!(writer.snapshot().issues.len(), plan.issues.len(), "an issue for each item");
    }

    #[test]
    fn the_order_of_a_document_never_matters(spec in spec(), next in spec(), edits in edits()) {
        let mut writer = OfflineWriter::in_memory(&Snapshot::default());
        settle(&spec.read(), &mut writer)?;
        edit(&mut writer, &edits);
        let straight = difference(&read(&next.document(false)), &writer);
        let reversed = difference(&read(&next.document(true)), &writer);
        prop_assert_eq!(straight.digest(), reversed.digest());
        prop_assert_eq!(straight.changes, reversed.changes);
    }

    #[test]
    fn plans_and_people_settle_and_nothing_of_peoples_own_is_lost(
        rounds in vec((spec(), edits()), 1..4),
    ) {
        let mut writer = OfflineWriter::in_memory(&Snapshot::default());
        let mut first: Option<Spec> = None;
        for (mut spec, edits) in rounds {
            // Half of the time, the next plan is the first one with other keys.
            if let Some(first) = first.as_ref().filter(|_| edits.len() % 2 == 0) {
                spec = Spec { prefixes: spec.prefixes, ..first.clone() };
            }
            first.get_or_insert_with(|| spec.clone());
            let plan = spec.read();
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
            edit(&mut writer, &edits);
        }
    }

    #[test]
    fn no_text_makes_the_program_fall(text in "(?s)[-#*`\\[\\]>| \na-zA-Z0-9:@é\t]{0,400}") {
        let reading = plan::read(&Source::new("plan.md", format!("## Issues\n\n### `I1` x\n\n- Milestone: M1\n{text}")), PlanId::new("p"));
        prop_assert!(reading.plan.is_some() || !reading.diagnostics.is_empty(), "nothing was said");
    }
}
