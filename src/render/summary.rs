//! Counts in words.

use crate::diff::{Change, Diff, Kind, Op};

/// `1 issue`, `2 issues`, `2 dependencies`, `2 days`.
pub fn some(count: usize, what: &str) -> String {
    match (count, what.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u']))) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{count} {stem}ies"),
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

/// Whether changes are still to be made or were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// `to create`
    Future,
    /// `created`
    Past,
}

/// What happens to which kinds of things, in words, in the order in which it is counted.
const VERBS: [(&[Op], &[Kind], &str, &str); 9] = [
    (&[Op::Create], THINGS, "to create", "created"),
    (&[Op::Update, Op::Rename], THINGS, "to update", "updated"),
    (&[Op::Adopt], THINGS, "to adopt", "adopted"),
    (&[Op::Reopen], THINGS, "to reopen", "reopened"),
    (&[Op::Link], LINKS, "to add", "added"),
    (&[Op::Unlink], LINKS, "to remove", "removed"),
    (&[Op::Pin], &[Kind::Pin], "to pin", "pinned"),
    (&[Op::Unpin], &[Kind::Pin], "to unpin", "unpinned"),
    (&[Op::Close], THINGS, "to close", "closed"),
];
const THINGS: &[Kind] = &[Kind::Issue, Kind::Milestone, Kind::Label];
const LINKS: &[Kind] = &[Kind::Dependency, Kind::SubIssue];

/// The changes counted: `10 issues, 3 milestones and 16 labels to create; 11 dependencies to add; 2 issues to pin`. Empty if
/// there are none.
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

/// Counts changes that are still to be made.
pub fn of_changes(some: &[&Change]) -> String {
    changes(|op, kind| count(some, op, kind), Tense::Future)
}

/// What a headline says: the issues and milestones, and apart from it everything else. If only the rest changes, the headline
/// says that.
pub fn headline(some: &[&Change], tense: Tense) -> (String, String) {
    let counted = |is_main: bool| {
        let belongs = move |kind| matches!(kind, Kind::Issue | Kind::Milestone) == is_main;
        changes(|op, kind| if belongs(kind) { count(some, op, kind) } else { 0 }, tense)
    };
    let (main, rest) = (counted(true), counted(false));
    if main.is_empty() { (rest, String::new()) } else { (main, rest) }
}

fn count(changes: &[&Change], op: Op, kind: Kind) -> usize {
    changes.iter().filter(|change| change.op() == op && change.kind() == kind).count()
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
    if summary.conflict > 0 {
        sentence.push_str(&format!("; {} with people's edits", some(summary.conflict, "conflict")));
    }
    let kept = diff.drift.iter().map(|change| change.fields().len()).sum();
    if kept > 0 {
        let (are, differ) = if kept == 1 { ("is", "differs") } else { ("are", "differ") };
        sentence.push_str(&format!("; {} by people {differ} from the plan and {are} kept", some(kept, "edit")));
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_english() {
        let two = |what| some(2, what);
        assert_eq!(["day", "dependency", "issue"].map(two), ["2 days", "2 dependencies", "2 issues"]);
        assert_eq!(some(1, "day"), "1 day");
    }

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
            "1 issue, 1 milestone and 16 labels to create; 11 dependencies to add; 2 issues to pin"
        );
        assert_eq!(changes(|_, _| 0, Tense::Past), "");
        assert_eq!([some(1, "day"), some(2, "day"), some(2, "dependency")], ["1 day", "2 days", "2 dependencies"]);
    }
}
