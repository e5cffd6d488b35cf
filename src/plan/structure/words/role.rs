//! What a heading introduces, and what sort of document headings are those of.

use super::{Topic, is_criteria, topic};

/// What the section under a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A list of milestones.
    Milestones,
    /// Issues.
    Issues,
    /// What must hold for a milestone.
    Criteria,
    /// Labels, declared.
    Labels,
    /// What blocks what.
    Dependencies,
    /// A checklist for setting a repository up.
    Setup,
    /// Text that is no plan.
    Prose,
    /// Anything else.
    Other,
}

const MILESTONES: &[&str] =
    &["milestones", "milestone", "meilensteine", "hitos", "jalons", "마일스톤", "マイルストーン", "里程碑"];
const ISSUES: &[&str] = &[
    "issues",
    "issue",
    "tasks",
    "tickets",
    "stories",
    "epics",
    "aufgaben",
    "tareas",
    "tâches",
    "tarefas",
    "작업",
    "이슈",
    "タスク",
    "課題",
    "任务",
    "问题",
    "задачи",
    "backlog",
    "todo",
    "todos",
];
const LABELS: &[&str] = &["labels", "label", "etiquetas", "라벨", "레이블", "ラベル", "标签", "метки"];
const SETUP: &[&str] = &["setup", "checklist", "pins", "gates"];
/// Headings of text that is no plan, by a word or phrase in them.
const PROSE: &[&str] = &[
    "overview",
    "summary",
    "introduction",
    "background",
    "context",
    "principles",
    "guidelines",
    "how to",
    "usage",
    "next steps",
    "references",
    "resources",
    "appendix",
    "glossary",
    "legend",
    "risks",
    "risk",
    "assumptions",
    "metrics",
    "timeline",
    "progress",
    "best practices",
    "benefits",
    "alternative",
    "quick links",
    "table of contents",
    "conventions",
    "template",
    "instructions",
    "implementation strategy",
    "parallel example",
    "parallel opportunities",
    "parallel execution",
    "format",
    "quick reference",
    "quick start",
    "current status",
    "project status",
    "execution order",
    "validation checklist",
    "task generation rules",
    "incremental delivery",
    "mvp first",
    "notes",
    "open questions",
    "vision",
    "non-goals",
    "out of scope",
    "architecture",
    "team",
    "license",
    "contributing",
    "contact",
    "faq",
    "changelog",
    "attendees",
    "agenda",
    "action items",
    "success metrics",
    "key decisions",
    "tech stack",
    "technology stack",
    "übersicht",
    "zusammenfassung",
    "hinweise",
    "einleitung",
    "überblick",
    "resumen",
    "introducción",
    "notas",
    "descripción general",
    "résumé",
    "aperçu",
    "visão geral",
    "resumo",
    "개요",
    "요약",
    "참고",
    "概要",
    "まとめ",
    "概述",
    "总结",
    "说明",
    "обзор",
    "введение",
    "заметки",
];

/// The words of a title.
fn words(title: &str) -> impl Iterator<Item = &str> {
    title.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What the section under a heading is, by its title in lower case.
pub fn role(title: &str) -> Role {
    let has = |list: &[&str]| words(title).any(|word| list.contains(&word));
    let bare = title.trim_end_matches([':', '：']).trim();
    let bare = bare.trim_start_matches(|character: char| !character.is_alphanumeric()).trim();
    if is_criteria(bare) {
        Role::Criteria
    } else if topic(bare) == Some(Topic::DependsOn)
        || bare.contains("dependencies")
        || bare.contains("dependency graph")
    {
        Role::Dependencies
    } else if has(LABELS) || bare == "workflow states" {
        Role::Labels
    } else if is_prose(title) {
        Role::Prose
    } else if has(ISSUES) {
        Role::Issues
    } else if has(MILESTONES) {
        Role::Milestones
    } else if has(SETUP) {
        Role::Setup
    } else {
        Role::Other
    }
}

/// Whether a title in lower case is that of text which is no plan.
pub fn is_prose(title: &str) -> bool {
    PROSE.iter().any(|phrase| {
        title.match_indices(phrase).any(|(at, _)| {
            let is_end = |character: Option<char>| !character.is_some_and(|it| it.is_alphanumeric() && it.is_ascii());
            is_end(title[..at].chars().next_back()) && is_end(title[at + phrase.len()..].chars().next())
        })
    })
}

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
    "로드맵",
    "계획",
    "작업",
    "마일스톤",
    "ロードマップ",
    "計画",
    "计划",
    "路线图",
    "任务",
    "план",
    "задачи",
];

/// Whether a title in lower case is that of a plan.
pub fn is_plan(title: &str) -> bool {
    words(title).any(|word| PLAN.contains(&word))
        || ["로드맵", "계획", "작업", "ロードマップ", "計画", "计划", "路线图", "任务"]
            .iter()
            .any(|word| title.contains(word))
}

/// What sections of documents that are no plans are called; two of one list tell which.
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
    &["attendees", "agenda", "action items", "decisions", "participants", "next meeting", "minutes"];

/// Whether headings in lower case are those of a readme or of meeting notes.
pub fn is_other_document(titles: &[String]) -> bool {
    let count = |list: &[&str]| {
        let bare = titles.iter().map(|title| title.trim_start_matches(|it: char| !it.is_alphanumeric()).trim());
        bare.filter(|title| list.contains(title)).count()
    };
    count(README) >= 2 || count(MEETING) >= 2
}
