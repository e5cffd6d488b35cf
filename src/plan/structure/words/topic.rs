//! What a field is about, by its name.

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

/// Whether a heading in lower case introduces criteria, whatever follows its words.
pub fn is_criteria(title: &str) -> bool {
    let names = TOPICS.iter().filter(|(of, _)| *of == Topic::Criteria).flat_map(|(_, names)| *names);
    names.into_iter().any(|name| title == *name || (name.len() > 10 && title.starts_with(name)))
}
