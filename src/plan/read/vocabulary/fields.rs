//! What a field is about, by its name.

use std::sync::LazyLock;

use super::lexicon::{Lexicon, Words, each};

/// What a field of an issue or milestone is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldKind {
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
    /// Its assignees.
    Assignees,
    /// What it is a part of.
    Parent,
    /// Its state.
    Status,
    /// When it is due.
    Due,
    /// What a milestone is for.
    Purpose,
    /// The issues of a milestone.
    Issues,
    /// Its key.
    Key,
    /// How much work it is.
    Estimate,
}

impl FieldKind {
    /// What a field of this kind is about, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Body => "text",
            Self::DependsOn => "depends on",
            Self::Blocks => "blocks",
            Self::Milestone => "milestone",
            Self::Labels => "labels",
            Self::Priority => "priority",
            Self::Criteria => "criteria, which become a task list",
            Self::Assignees => "assignees",
            Self::Parent => "parent",
            Self::Status => "status",
            Self::Due => "due date of a milestone",
            Self::Purpose => "description of a milestone",
            Self::Issues => "issues of a milestone",
            Self::Key => "key",
            Self::Estimate => "estimate, which stays in the text",
        }
    }
}

/// The English name that a field's name is probably a misspelling of: one letter more, less or other, or two swapped.
/// Short names are too near to other words.
pub fn nearly_field(name: &str) -> Option<&'static str> {
    const OTHER: [&str; 8] = ["state", "labour", "stats", "parents", "milestone", "notes", "owned", "blocking"];
    if name.chars().count() < 5 || OTHER.contains(&name) {
        return None;
    }
    let english = FIELDS.iter().flat_map(|(_, row)| row.iter()).filter(|(language, _)| *language == "en");
    let mut known = english.flat_map(|(_, words)| words.split(", ")).filter(|known| known.len() >= 5);
    known.find(|known| strsim::damerau_levenshtein(name, known) == 1)
}

pub(super) const FIELDS: &[(FieldKind, &[Words])] = &[
    (
        FieldKind::Title,
        &[
            ("en", "title, issue title"),
            ("de", "titel"),
            ("es", "título, titulo"),
            ("pt", "título, titulo"),
            ("fr", "titre"),
            ("ru", "название, заголовок"),
            ("zh", "标题, 名称"),
            ("ja", "タイトル, 件名"),
            ("ko", "제목"),
        ],
    ),
    (
        FieldKind::Body,
        &[
            ("en", "body, description, issue body, details"),
            ("de", "beschreibung"),
            ("es", "descripción, descripcion"),
            ("pt", "descrição"),
            ("fr", "description"),
            ("ru", "описание"),
            ("zh", "描述"),
            ("ja", "説明"),
            ("ko", "설명"),
        ],
    ),
    (
        FieldKind::DependsOn,
        &[
            (
                "en",
                "depends on, depends, dependency, dependencies, blocked by, requires, after, prerequisites, \
             prerequisite, depends upon, deps, dep, waits for, blockers, depends on issues",
            ),
            (
                "de",
                "hängt ab von, abhängig von, abhängigkeit, abhängigkeiten, voraussetzung, voraussetzungen, blockiert \
             durch",
            ),
            ("es", "depende de, dependencias, dependencia, bloqueado por, requiere"),
            ("pt", "depende de, dependências, dependência, bloqueado por, requer"),
            ("fr", "dépend de, dépendances, dépendance, bloqué par, prérequis"),
            ("ru", "зависит от, зависимости, зависимость"),
            ("zh", "依赖, 前置, 前置任务, 依赖项"),
            ("ja", "依存, 依存関係, 前提"),
            ("ko", "의존, 의존성, 선행, 선행 작업"),
        ],
    ),
    (
        FieldKind::Blocks,
        &[
            ("en", "blocks, blocking"),
            ("de", "blockiert"),
            ("es", "bloquea"),
            ("pt", "bloqueia"),
            ("fr", "bloque"),
            ("ru", "блокирует"),
            ("zh", "阻塞"),
            ("ja", "ブロック"),
            ("ko", "차단"),
        ],
    ),
    (
        FieldKind::Milestone,
        &[
            ("en", "milestone, phase, sprint, release, target version, fix version, iteration, quarter"),
            ("de", "meilenstein, etappe"),
            ("es", "hito, fase"),
            ("pt", "marco, fase, versão"),
            ("fr", "jalon, étape"),
            ("ru", "веха, этап, спринт, фаза"),
            ("zh", "里程碑, 阶段, 迭代"),
            ("ja", "マイルストーン, フェーズ, スプリント"),
            ("ko", "마일스톤, 단계, 스프린트"),
        ],
    ),
    (
        FieldKind::Labels,
        &[
            ("en", "labels, label, tags, tag"),
            ("de", "etiketten"),
            ("es", "etiquetas"),
            ("pt", "etiquetas, rótulos"),
            ("fr", "étiquettes"),
            ("ru", "метки, теги"),
            ("zh", "标签"),
            ("ja", "ラベル, タグ"),
            ("ko", "라벨, 레이블, 태그"),
        ],
    ),
    (
        FieldKind::Priority,
        &[
            ("en", "priority, prio"),
            ("de", "priorität"),
            ("es", "prioridad"),
            ("pt", "prioridade"),
            ("fr", "priorité"),
            ("ru", "приоритет"),
            ("zh", "优先级"),
            ("ja", "優先度"),
            ("ko", "우선순위"),
        ],
    ),
    (
        FieldKind::Criteria,
        &[
            (
                "en",
                "acceptance criteria, acceptance, criteria, deliverables, definition of done, done when, success \
             criteria, exit criteria, acceptance tests, completion criteria",
            ),
            ("de", "akzeptanzkriterien, abnahmekriterien"),
            ("es", "criterios de aceptación, criterios de aceptacion"),
            ("pt", "critérios de aceitação, critérios de aceite"),
            ("fr", "critères d'acceptation"),
            ("ru", "критерии приёмки, критерии приемки"),
            ("zh", "验收标准, 验收条件, 完成标准"),
            ("ja", "受け入れ条件, 受け入れ基準, 完了条件"),
            ("ko", "완료 조건, 인수 조건, 수용 기준, 완료 기준"),
        ],
    ),
    (
        FieldKind::Assignees,
        &[
            ("en", "assignee, assignees, assigned to, assigned, owner, owners, responsible"),
            ("de", "zuständig, verantwortlich, bearbeiter"),
            ("es", "responsable, responsables, asignado, asignado a"),
            ("pt", "responsável, responsáveis"),
            ("fr", "responsable, assigné à"),
            ("ru", "ответственный, исполнитель"),
            ("zh", "负责人"),
            ("ja", "担当, 担当者"),
            ("ko", "담당자, 담당"),
        ],
    ),
    (
        FieldKind::Parent,
        &[
            ("en", "parent, parent issue, part of, epic"),
            ("de", "übergeordnet"),
            ("es", "padre, épica"),
            ("pt", "pai"),
            ("ko", "상위"),
        ],
    ),
    (
        FieldKind::Status,
        &[
            ("en", "status, state"),
            ("de", "zustand"),
            ("es", "estado"),
            ("pt", "estado, situação"),
            ("fr", "statut, état"),
            ("ru", "статус, состояние"),
            ("zh", "状态"),
            ("ja", "状態, ステータス, 状況"),
            ("ko", "상태"),
        ],
    ),
    (
        FieldKind::Due,
        &[
            (
                "en",
                "target date, target, due, due date, due on, date, deadline, target completion, target completion date, \
             duration, timeline, timeframe, dates, end date, ends",
            ),
            ("de", "fällig, fällig am, frist, termin, datum, zieldatum"),
            ("es", "fecha límite, fecha limite, fecha"),
            ("pt", "prazo, data"),
            ("fr", "échéance, date"),
            ("ru", "срок, дата"),
            ("zh", "截止日期, 日期"),
            ("ja", "期限, 締切, 期日"),
            ("ko", "마감, 마감일, 기한"),
        ],
    ),
    (
        FieldKind::Purpose,
        &[
            ("en", "purpose, goal, objective, goals, milestone goal"),
            ("de", "ziel, zweck"),
            ("es", "objetivo"),
            ("pt", "objetivo"),
            ("fr", "objectif"),
            ("ru", "цель"),
            ("zh", "目标"),
            ("ja", "目標"),
            ("ko", "목표"),
        ],
    ),
    (
        FieldKind::Issues,
        &[
            ("en", "issues, tasks, tickets"),
            ("de", "aufgaben"),
            ("es", "tareas"),
            ("pt", "tarefas"),
            ("fr", "tâches"),
            ("ru", "задачи"),
            ("zh", "任务, 问题"),
            ("ja", "課題"),
            ("ko", "이슈"),
        ],
    ),
    (FieldKind::Key, &[("en", "id, key, issue id, task id, ticket")]),
    (
        FieldKind::Estimate,
        &[
            (
                "en",
                "estimate, estimated, effort, estimated effort, size, story points, points, complexity, estimated time",
            ),
            ("de", "aufwand, schätzung"),
            ("es", "estimación, esfuerzo"),
            ("pt", "estimativa, esforço"),
            ("fr", "estimation, effort"),
            ("ru", "оценка"),
            ("zh", "预计, 工作量"),
            ("ja", "見積, 工数"),
            ("ko", "예상, 공수"),
        ],
    ),
];

/// Words that say in a remark that others go first, and name no field.
pub(super) const SHORT_DEPENDENCIES: &[&str] =
    &["needs", "nach", "erst nach", "braucht", "tras", "após", "après", "после"];

/// The names of all fields of a kind.
pub(in crate::plan) fn words_of(kind: FieldKind) -> impl Iterator<Item = &'static str> {
    each(FIELDS.iter().find(|(it, _)| *it == kind).map(|(_, row)| *row).unwrap_or_default())
}

/// What a field is about, by its name in lower case.
pub fn field(name: &str) -> Option<FieldKind> {
    static KNOWN: LazyLock<Lexicon<FieldKind>> = LazyLock::new(|| Lexicon::new(FIELDS));
    KNOWN.get(name)
}
