//! Counts in words.

use crate::diff::{Change, Diff, Kind, Op};

/// `1 issue`, `2 issues`.
pub fn some(count: usize, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {what}s"),
    }
}

/// `a, b and c`.
pub fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Whether the changes are to come or were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// `to create`
    Future,
    /// `created`
    Past,
}

/// The words for what happens to things, in the order in which it is told.
const VERBS: [(&[Op], &[Kind], &str, &str); 9] = [
    (&[Op::Create], THINGS, "to create", "created"),
    (&[Op::Update, Op::Rename], THINGS, "to update", "updated"),
    (&[Op::Adopt], THINGS, "to adopt", "adopted"),
    (&[Op::Reopen], THINGS, "to reopen", "reopened"),
    (&[Op::Link], LINKS, "to link", "linked"),
    (&[Op::Unlink], LINKS, "to unlink", "unlinked"),
    (&[Op::Pin], &[Kind::Pin], "to pin", "pinned"),
    (&[Op::Unpin], &[Kind::Pin], "to unpin", "unpinned"),
    (&[Op::Close], THINGS, "to close", "closed"),
];
const THINGS: &[Kind] = &[Kind::Label, Kind::Milestone, Kind::Issue];
const LINKS: &[Kind] = &[Kind::Dependency, Kind::SubIssue];

/// The changes counted: `16 labels, 3 milestones and 10 issues to create; 11 dependencies to link; 2 pins to come`.
/// Nothing where there are none.
pub fn changes(count: impl Fn(Op, Kind) -> usize, tense: Tense) -> String {
    let sentence = |(ops, kinds, future, past): &(&[Op], &[Kind], &str, &str)| {
        let parts: Vec<String> = kinds
            .iter()
            .map(|kind| (ops.iter().map(|op| count(*op, *kind)).sum::<usize>(), kind_name(*kind)))
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| some(count, what))
            .collect();
        let verb = if tense == Tense::Future { future } else { past };
        (!parts.is_empty()).then(|| format!("{} {verb}", list(&parts)))
    };
    VERBS.iter().filter_map(sentence).collect::<Vec<_>>().join("; ")
}

/// Some changes to come, counted.
pub fn of_changes(some: &[&Change]) -> String {
    changes(|op, kind| some.iter().filter(|change| change.op() == op && change.kind() == kind).count(), Tense::Future)
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Label => "label",
        Kind::Milestone => "milestone",
        Kind::Issue | Kind::Pin => "issue",
        Kind::Dependency => "dependency",
        Kind::SubIssue => "sub-issue",
    }
}

/// A diff in one sentence without a full stop.
pub fn of(diff: &Diff) -> String {
    let summary = diff.summary();
    let mut sentence = match (diff.is_empty(), diff.drift.is_empty(), summary.unchanged) {
        (false, ..) => changes(|op, kind| diff.count(op, kind), Tense::Future),
        (true, false, _) => "nothing to apply".to_owned(),
        (true, true, 0) => "no changes".to_owned(),
        (true, true, unchanged) => format!("no changes; all {} match the plan", some(unchanged, "item")),
    };
    sentence.push_str(&aside(diff));
    sentence
}

/// What goes with the changes: conflicts, and what people changed. Nothing, or with a semicolon in front.
pub fn aside(diff: &Diff) -> String {
    let mut sentence = String::new();
    let conflicts = diff.summary().conflict;
    if conflicts > 0 {
        sentence.push_str(&format!("; {} with edits by people", some(conflicts, "conflict")));
    }
    if !diff.drift.is_empty() {
        let fields = diff.drift.iter().map(|change| change.fields().len()).sum();
        sentence.push_str(&format!("; {} by people kept", some(fields, "edit")));
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_in_words() {
        let count = |op, kind| match (op, kind) {
            (Op::Create, Kind::Label) => 16,
            (Op::Create, Kind::Milestone | Kind::Issue) => 1,
            (Op::Link, Kind::Dependency) => 11,
            (Op::Pin, Kind::Pin) => 2,
            _ => 0,
        };
        assert_eq!(
            changes(count, Tense::Future),
            "16 labels, 1 milestone and 1 issue to create; 11 dependencies to link; 2 issues to pin"
        );
        assert_eq!(changes(|_, _| 0, Tense::Past), "");
    }
}
