//! Generated plans, with words that are special in markdown, HTML, GitHub or plan-action.

pub(crate) mod forms;
pub(crate) mod phases;

use std::collections::BTreeSet;
use std::fmt::Write;

use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// A generated plan: its content, without the order in which a document states it.
#[derive(Debug, Clone)]
pub(crate) struct Spec {
    pub drift_restores: bool,
    /// The first letters of milestone keys and issue keys.
    pub prefixes: (&'static str, &'static str),
    pub milestones: Vec<MilestoneSpec>,
    pub issues: Vec<IssueSpec>,
}

#[derive(Debug, Clone)]
pub(crate) struct MilestoneSpec {
    pub words: String,
    pub day: Option<u8>,
    pub purpose: String,
}

#[derive(Debug, Clone)]
pub(crate) struct IssueSpec {
    /// Whether the item is in the plan.
    pub present: bool,
    /// Whether its key is written. If not, it is derived from the title.
    pub keyed: bool,
    pub words: String,
    pub milestone: Option<Index>,
    pub labels: BTreeSet<&'static str>,
    pub assignees: BTreeSet<&'static str>,
    pub depends_on: Vec<Index>,
    pub criteria: Vec<(bool, String)>,
    pub text: String,
    pub done: bool,
    pub gate: bool,
    pub parent: Option<Index>,
}

/// Words that are special in markdown, HTML, GitHub or plan-action, and harmless ones.
pub(crate) fn words() -> impl Strategy<Value = String> {
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
    let names = (labels, btree_set(select(vec!["ada", "grace"]), 0..2));
    let criteria = vec((prop::bool::weighted(0.2), words()), 0..4);
    let links =
        (proptest::option::of(any::<Index>()), vec(any::<Index>(), 0..3), prop::option::weighted(0.2, any::<Index>()));
    let flags =
        (prop::bool::weighted(0.9), prop::bool::weighted(0.8), prop::bool::weighted(0.15), prop::bool::weighted(0.3));
    (words(), words(), names, criteria, links, flags).prop_map(
        |(
            words,
            text,
            (labels, assignees),
            criteria,
            (milestone, depends_on, parent),
            (present, keyed, done, gate),
        )| IssueSpec {
            present,
            keyed,
            words,
            milestone,
            labels,
            assignees,
            depends_on,
            criteria,
            text,
            done,
            gate,
            parent,
        },
    )
}

pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    let prefixes = (select(vec!["M", "M", "S"]), select(vec!["I", "I", "N"]));
    (prop::bool::weighted(0.3), prefixes, vec(milestone(), 1..4), vec(issue(), 1..7)).prop_map(
        |(drift_restores, prefixes, milestones, issues)| Spec { drift_restores, prefixes, milestones, issues },
    )
}

impl Spec {
    /// The document, with its milestones and issues in generated or reversed order.
    pub(crate) fn document(&self, reversed: bool) -> String {
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
        // Only earlier items with written keys are referenced, so that there are no cycles or unknown keys.
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
        if !issue.assignees.is_empty() {
            let logins: Vec<String> = issue.assignees.iter().map(|login| format!("@{login}")).collect();
            _ = writeln!(text, "- Assignees: {}", logins.join(", "));
        }
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
}

pub(crate) fn read(document: &str) -> Plan {
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
