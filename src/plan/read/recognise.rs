//! Whether a document that nobody named is a plan at all. Only files that a wildcard finds are asked.

use std::collections::BTreeSet;

use super::field_line;
use super::form::Form;
use super::tree::{Shape, Tree};
use super::vocabulary::Class;

/// What a document that is a plan is called.
const PLAN: &[&str] = &[
    "plan",
    "plans",
    "roadmap",
    "milestones",
    "milestone",
    "backlog",
    "tasks",
    "todo",
    "todos",
    "sprint",
    "sprints",
    "issues",
    "breakdown",
    "wbs",
    "phases",
    "kanban",
    "epics",
    "fahrplan",
    "aufgaben",
    "meilensteine",
    "projektplan",
    "tareas",
    "hitos",
    "ruta",
    "tâches",
    "jalons",
    "tarefas",
    "roteiro",
    "план",
    "задачи",
];
/// The same in scripts that write words without blanks.
const PLAN_PARTS: &[&str] =
    &["로드맵", "계획", "작업", "마일스톤", "ロードマップ", "計画", "タスク", "计划", "路线图", "任务"];
/// What documents are called that look like plans and are none.
const OTHER: &[&str] = &[
    "checklist",
    "guide",
    "tutorial",
    "minutes",
    "meeting",
    "report",
    "review",
    "handbook",
    "policy",
    "manual",
    "test",
    "howto",
    "checkliste",
    "anleitung",
    "protokoll",
    "guía",
    "guia",
    "체크리스트",
    "チェックリスト",
    "检查清单",
    "readme",
    "changelog",
    "postmortem",
    "proposal",
    "recipe",
];
const README: &[&str] = &[
    "installation",
    "install",
    "usage",
    "license",
    "contributing",
    "getting started",
    "quick start",
    "quickstart",
    "features",
    "requirements",
    "support",
    "acknowledgements",
    "authors",
    "documentation",
    "badges",
    "demo",
    "configuration",
];
const MEETING: &[&str] =
    &["attendees", "agenda", "action items", "decisions", "participants", "next meeting", "minutes", "present"];
const CHANGELOG: &[&str] = &["changelog", "change log", "changes", "release notes", "history"];
const CHANGES: &[&str] = &["added", "changed", "fixed", "removed", "deprecated", "security"];

/// Whether a document reads as a plan.
pub(super) fn is_plan(tree: &Tree, form: &Form, commands: usize) -> bool {
    let headings = || tree.nodes.iter().filter(|node| matches!(node.shape, Shape::Heading(_)));
    let titles: Vec<String> = headings()
        .map(|node| {
            field_line::normal_name(node.plain.trim_start_matches(|it: char| !it.is_alphanumeric() && it != '['))
        })
        .collect();
    let first = titles.first().cloned().unwrap_or_default();
    let words = |list: &[&str]| first.split(|it: char| !it.is_alphanumeric()).any(|word| list.contains(&word));
    let is_title = headings().next().is_some_and(|node| node.shape == Shape::Heading(1));
    let is_called = is_title && (words(PLAN) || PLAN_PARTS.iter().any(|part| first.contains(part)));
    let count = |list: &[&str]| titles.iter().filter(|title| list.contains(&title.as_str())).count();
    let is_changelog = CHANGELOG.contains(&first.as_str())
        || count(CHANGES) >= 2
        || titles.iter().filter(|title| is_released(title)).count() >= 2;
    let is_other = words(OTHER) || count(README) >= 2 || count(MEETING) >= 2;
    if is_changelog || is_other && (!is_called || words(OTHER)) {
        return false;
    }
    let strong: BTreeSet<_> = form
        .milestones
        .iter()
        .filter(|at| tree.nodes[**at].designator.as_ref().is_some_and(|it| it.class >= Class::Epic))
        .collect();
    let named = form.issues.iter().filter(|at| {
        let node = &tree.nodes[**at];
        node.head.is_structural && super::family::has_fields(tree, **at)
    });
    let is_weak = |at: &usize| {
        let node = &tree.nodes[*at];
        matches!(node.shape, Shape::Bullet | Shape::Number) && !node.is_strong && node.head.key.is_none()
    };
    let weak = form.issues.iter().filter(|at| is_weak(at)).count();
    if weak * 2 > form.issues.len() {
        return is_called && strong.len() >= 2;
    }
    let is_work = strong.len() >= 2 && form.issues.len() >= 2 || named.count() >= 2;
    is_called && (form.issues.len() + form.milestones.len() + commands) > 0 || is_work
}

/// Whether a heading is that of a version with the day it was released.
fn is_released(title: &str) -> bool {
    let title = title.trim_start_matches(['[', 'v', ' ']);
    let mut words = title.split([' ', ']', '(', ')']).filter(|word| !word.is_empty());
    let version = words.next().unwrap_or_default();
    let is_version = version.split('.').count() >= 2 && version.split('.').all(|part| part.parse::<u32>().is_ok());
    let is_dated = words.any(|word| {
        word.len() == 10 && word.starts_with("20") && word.matches('-').count() == 2
            || word.len() >= 10 && word.split(' ').count() == 1 && word.starts_with("20")
    });
    is_version && (is_dated || title.split(' ').filter(|word| word.parse::<u32>().is_ok()).count() >= 3)
        || title.starts_with("unreleased")
}
