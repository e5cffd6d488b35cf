//! The words that plans are made of, in the languages that plans were seen in: what a field is about, what a heading
//! introduces, what means done. Everything is compared in lower case.

/// What a field of an issue or milestone is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Its title, where the heading is not.
    Title,
    /// Its text, mostly in a fence below.
    Body,
    /// What blocks it.
    DependsOn,
    /// What it blocks.
    Blocks,
    /// Its milestone.
    Milestone,
    /// Its labels.
    Labels,
    /// Its priority, which becomes a label.
    Priority,
    /// What must hold for it to be done.
    Criteria,
    /// Who has it.
    Assignees,
    /// What it is a part of.
    Parent,
    /// Whether it is done.
    Status,
    /// When it is due.
    Due,
    /// What a milestone is for.
    Purpose,
    /// The issues of a milestone.
    Issues,
    /// Its key.
    Key,
}

const TOPICS: &[(Topic, &[&str])] = &[
    (Topic::Title, &["title", "titel", "título", "titulo", "titre", "제목", "タイトル", "标题", "название"]),
    (
        Topic::Body,
        &[
            "body",
            "description",
            "issue body",
            "beschreibung",
            "descripción",
            "descrição",
            "설명",
            "説明",
            "描述",
            "описание",
        ],
    ),
    (
        Topic::DependsOn,
        &[
            "depends on",
            "depends",
            "dependency",
            "dependencies",
            "blocked by",
            "requires",
            "after",
            "prerequisites",
            "prerequisite",
            "depends upon",
            "hängt ab von",
            "abhängig von",
            "abhängigkeit",
            "abhängigkeiten",
            "voraussetzung",
            "voraussetzungen",
            "depende de",
            "dependencias",
            "dependencia",
            "bloqueado por",
            "dépend de",
            "dépendances",
            "dependências",
            "의존",
            "의존성",
            "선행",
            "선행 작업",
            "依存",
            "依存関係",
            "前提",
            "依赖",
            "зависит от",
            "зависимости",
        ],
    ),
    (Topic::Blocks, &["blocks", "blocking", "blockiert", "bloquea", "bloque", "bloqueia", "차단", "阻塞", "блокирует"]),
    (
        Topic::Milestone,
        &["milestone", "meilenstein", "hito", "jalon", "marco", "마일스톤", "マイルストーン", "里程碑", "веха"],
    ),
    (
        Topic::Labels,
        &[
            "labels",
            "label",
            "tags",
            "tag",
            "etiketten",
            "etiquetas",
            "étiquettes",
            "라벨",
            "레이블",
            "ラベル",
            "标签",
            "метки",
        ],
    ),
    (
        Topic::Priority,
        &[
            "priority",
            "prio",
            "priorität",
            "prioridad",
            "priorité",
            "prioridade",
            "우선순위",
            "優先度",
            "优先级",
            "приоритет",
        ],
    ),
    (
        Topic::Criteria,
        &[
            "acceptance criteria",
            "acceptance",
            "criteria",
            "deliverables",
            "definition of done",
            "done when",
            "success criteria",
            "exit criteria",
            "acceptance tests",
            "akzeptanzkriterien",
            "abnahmekriterien",
            "criterios de aceptación",
            "criterios de aceptacion",
            "critères d'acceptation",
            "critérios de aceitação",
            "완료 조건",
            "인수 조건",
            "수용 기준",
            "受け入れ条件",
            "受け入れ基準",
            "完了条件",
            "验收标准",
            "критерии приёмки",
            "критерии приемки",
        ],
    ),
    (
        Topic::Assignees,
        &[
            "assignee",
            "assignees",
            "assigned to",
            "owner",
            "owners",
            "zuständig",
            "verantwortlich",
            "responsable",
            "asignado",
            "asignado a",
            "responsável",
            "담당자",
            "담당",
            "担当",
            "担当者",
            "负责人",
            "ответственный",
        ],
    ),
    (Topic::Parent, &["parent", "parent issue", "part of", "epic", "übergeordnet", "padre", "상위"]),
    (
        Topic::Status,
        &["status", "state", "zustand", "estado", "statut", "état", "상태", "状態", "ステータス", "状态", "статус"],
    ),
    (
        Topic::Due,
        &[
            "target date",
            "target",
            "due",
            "due date",
            "due on",
            "date",
            "deadline",
            "target completion",
            "target completion date",
            "fällig",
            "fällig am",
            "frist",
            "termin",
            "fecha límite",
            "fecha limite",
            "fecha",
            "échéance",
            "prazo",
            "마감",
            "마감일",
            "기한",
            "期限",
            "締切",
            "截止日期",
            "срок",
        ],
    ),
    (
        Topic::Purpose,
        &[
            "purpose",
            "goal",
            "objective",
            "goals",
            "ziel",
            "zweck",
            "objetivo",
            "objectif",
            "목표",
            "目標",
            "目标",
            "цель",
        ],
    ),
    (Topic::Issues, &["issues", "tasks", "tickets", "aufgaben", "tareas", "tâches", "이슈", "課題", "问题"]),
    (Topic::Key, &["id", "key", "issue id", "task id", "ticket"]),
];

/// What a field is about, by its name in lower case.
pub fn topic(name: &str) -> Option<Topic> {
    TOPICS.iter().find(|(_, names)| names.contains(&name)).map(|(topic, _)| *topic)
}

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
    if topic(bare) == Some(Topic::Criteria)
        || TOPICS.iter().any(|(of, names)| {
            *of == Topic::Criteria && names.iter().any(|name| name.len() > 10 && bare.starts_with(name))
        })
    {
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

const DONE: &[&str] = &[
    "done",
    "completed",
    "complete",
    "closed",
    "finished",
    "shipped",
    "merged",
    "resolved",
    "erledigt",
    "fertig",
    "abgeschlossen",
    "hecho",
    "hecha",
    "completado",
    "completada",
    "terminado",
    "terminé",
    "terminée",
    "fait",
    "concluído",
    "concluída",
    "concluido",
    "feito",
    "완료",
    "完了",
    "完成",
    "已完成",
    "готово",
    "выполнено",
    "сделано",
    "x",
    "yes",
    "100%",
];

/// Whether a status means that it is done.
pub fn is_done(status: &str) -> bool {
    let status = status.trim();
    if let Some((done, _)) = glyph(status) {
        return done;
    }
    let words = status.trim_matches(|character: char| !character.is_alphanumeric() && character != '%').to_lowercase();
    let first = words.split([' ', ',', '(', '-', '–', '—', ':']).next().unwrap_or_default();
    DONE.contains(&first) || ["100%"].contains(&words.as_str())
}

/// Glyphs that tell of a state, each with whether it is done.
const GLYPHS: &[(&str, bool)] = &[
    ("✅", true),
    ("☑", true),
    ("✔", true),
    ("✓", true),
    ("🟩", true),
    ("☐", false),
    ("⬜", false),
    ("◻", false),
    ("◽", false),
    ("🔲", false),
    ("🔳", false),
    ("⏳", false),
    ("⌛", false),
    ("🚧", false),
    ("🔄", false),
    ("❌", false),
    ("⏸", false),
    ("⏱", false),
    ("🟡", false),
    ("🟢", false),
    ("🔴", false),
    ("🟠", false),
    ("🔵", false),
    ("⚪", false),
    ("⚫", false),
    ("🏗", false),
    ("🔜", false),
    // What the first two become where UTF-8 was read as Mac Roman or Windows-1252.
    ("‚úÖ", true),
    ("âœ…", true),
];

/// The glyph of a state that a text begins with, and the rest.
pub fn glyph(text: &str) -> Option<(bool, &str)> {
    GLYPHS.iter().find_map(|(glyph, done)| {
        let rest = text.strip_prefix(glyph)?;
        Some((*done, rest.trim_start_matches('\u{fe0f}').trim_start()))
    })
}

/// The glyph of a state that a text ends with, and what stands before it.
pub fn last_glyph(text: &str) -> Option<(bool, &str)> {
    let text = text.trim_end().trim_end_matches('\u{fe0f}');
    GLYPHS.iter().find_map(|(glyph, done)| Some((*done, text.strip_suffix(glyph)?.trim_end())))
}

/// Words that begin the heading of a milestone when a number, a letter or a colon follows.
const DESIGNATORS: &[&str] = &[
    "milestone",
    "phase",
    "sprint",
    "iteration",
    "stage",
    "release",
    "week",
    "weeks",
    "month",
    "quarter",
    "day",
    "meilenstein",
    "etappe",
    "hito",
    "fase",
    "etapa",
    "jalon",
    "étape",
    "marco",
    "semana",
    "woche",
    "마일스톤",
    "단계",
    "스프린트",
    "マイルストーン",
    "フェーズ",
    "スプリント",
    "里程碑",
    "阶段",
    "этап",
    "веха",
    "фаза",
    "спринт",
    "faza",
    "vaihe",
];
/// The same in scripts that write the number first or without a blank.
const COUNTED: &[&str] =
    &["단계", "마일스톤", "스프린트", "주차", "マイルストーン", "フェーズ", "スプリント", "里程碑", "阶段", "期"];

/// What makes a heading that of a milestone: its designator in lower case (`phase 1`, `m2`, `v0.1`), so that the same
/// one is known again where it is named once more.
pub fn milestone(title: &str) -> Option<String> {
    let title = super::head::unnumbered(title).to_lowercase();
    let mut words = title.split(|it: char| it.is_whitespace() || ":：—–(".contains(it)).filter(|word| !word.is_empty());
    let first = words.next()?.trim_matches(['[', ']', '*', '`', '.', ',']);
    let second = words.next().unwrap_or_default().trim_matches(['#', '.', ',', '-', '*', '`']);
    let is_number = |word: &str| {
        word.starts_with(|it: char| it.is_ascii_digit())
            || (1..=4).contains(&word.len()) && word.bytes().all(|it| b"ivx".contains(&it))
            || word.len() == 1 && word.bytes().all(|it| it.is_ascii_lowercase())
            || ["one", "two", "three", "four", "five", "six", "zero", "一", "二", "三", "四", "五"].contains(&word)
    };
    if DESIGNATORS.contains(&first) {
        let after = title.trim_start_matches(|it: char| !it.is_alphanumeric()).strip_prefix(first).unwrap_or_default();
        let has_colon = after.trim_start().starts_with([':', '：', '—', '–']) && first != "release" && first != "day";
        let number =
            second.strip_prefix('v').filter(|it| it.starts_with(|it: char| it.is_ascii_digit())).unwrap_or(second);
        return match (is_number(number), has_colon) {
            (true, _) => Some(format!("{first} {number}")),
            (false, true) => Some(title.trim().to_owned()),
            _ => None,
        };
    }
    if let Some(digits) = first.strip_prefix('m')
        && (1..=3).contains(&digits.len())
        && digits.bytes().all(|it| it.is_ascii_digit())
    {
        return Some(first.to_owned());
    }
    if let Some(version) = first.strip_prefix('v')
        && version.starts_with(|it: char| it.is_ascii_digit())
        && version.contains('.')
    {
        return Some(first.to_owned());
    }
    if first.len() == 2 && first.starts_with('q') && first.ends_with(['1', '2', '3', '4']) {
        return Some(format!("{first} {second}"));
    }
    if second.len() == 2 && second.starts_with('q') && first.len() == 4 && first.bytes().all(|it| it.is_ascii_digit()) {
        return Some(format!("{second} {first}"));
    }
    let is_counted = COUNTED.iter().any(|word| {
        let before = first.strip_suffix(word).map(|it| it.trim_start_matches('第'));
        let after = first.strip_prefix(word);
        [before, after].into_iter().flatten().any(|it| !it.is_empty() && is_number(it))
    });
    is_counted.then(|| first.to_owned())
}

/// Whether a designator is that of a version or a time, which a changelog has too.
pub fn is_weak(designator: &str) -> bool {
    designator.starts_with(['v', 'q'])
        || ["week", "weeks", "day", "month", "release"].iter().any(|it| designator.starts_with(it))
}

/// The word for an epic that a title may begin with.
pub fn is_epic(title: &str) -> bool {
    let title = title.to_lowercase();
    title.starts_with("epic:") || title.starts_with("épico:") || title.starts_with("épica:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_are_known_by_their_designator() {
        for (title, designator) in [
            ("Phase 2: Core", "phase 2"),
            ("Milestone 3 — Search", "milestone 3"),
            ("M4: Launch", "m4"),
            ("v0.1 - Foundation", "v0.1"),
            ("1. Phase 1: Setup", "phase 1"),
            ("🚀 Sprint 3 (Weeks 5-6)", "sprint 3"),
            ("Week 1-2: Basics", "week 1-2"),
            ("Meilenstein 2: Suche", "meilenstein 2"),
            ("Fase 1 — Base", "fase 1"),
            ("1단계: 준비", "1단계"),
            ("フェーズ2：検索", "フェーズ2"),
            ("第1阶段：准备", "第1阶段"),
            ("Q1 2025", "q1 2025"),
            ("Phase A: x", "phase a"),
            ("Milestone: Beta", "milestone: beta"),
        ] {
            assert_eq!(milestone(title).as_deref(), Some(designator), "{title}");
        }
        for title in [
            "Technical Debt",
            "How to use this file",
            "Summary",
            "Phases",
            "Milestones",
            "Release notes",
            "1.2 API",
            "Issue #1: M1 - X",
            "Day by day",
        ] {
            assert_eq!(milestone(title), None, "{title}");
        }
    }

    #[test]
    fn done_is_done_in_every_word() {
        for status in ["Done", "✅ Complete", "`done`", "COMPLETED (2024)", "erledigt", "완료", "100%"] {
            assert!(is_done(status), "{status}");
        }
        for status in ["In progress", "🚧 In Progress", "Not done", "☐", "", "Planned", "undone"] {
            assert!(!is_done(status), "{status}");
        }
    }
}
