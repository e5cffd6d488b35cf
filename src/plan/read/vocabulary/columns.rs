//! What a column of a table holds, by its header.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::{Lexicon, Words};
use super::{FieldKind, field};

const TITLES: &[Words] = &[
    (
        "en",
        "title, task, issue, work item, name, item, feature, story, user story, user stories, deliverable, \
             tasks, what, todo, action, activity, action item, summary, initiative, requirement, epic, goal, bug, \
             improvement, ticket, work, description",
    ),
    ("de", "titel, aufgabe, arbeitspaket, beschreibung, was"),
    ("es", "título, tarea, historia, historia de usuario, actividad, descripción"),
    ("pt", "título, tarefa, história, história de usuário, atividade, item, funcionalidade, nome"),
    ("fr", "titre, tâche, tâches, activité, description"),
    ("ru", "название, задача, описание"),
    ("zh", "标题, 任务, 名称, 内容, 任务名称, 功能"),
    ("ja", "タイトル, 件名, タスク, 課題, 作業, 項目名, 内容"),
    ("ko", "제목, 작업, 이슈, 항목, 설명, 내용, 기능"),
];

const KEYS: &[Words] = &[
    ("en", "id, #, key, no, no., number, ref, task id, issue #, issue id, task #, work item id, story id, us, wp"),
    ("de", "nr, nr."),
    ("es", "n°, nº, código"),
    ("pt", "nº, código"),
    ("fr", "n°"),
    ("ru", "№, номер"),
    ("zh", "编号, 序号"),
    ("ja", "番号"),
    ("ko", "번호"),
];

/// Headers of columns that only tables of something else than work have.
const FOREIGN: &[Words] = &[(
    "en",
    "risk, likelihood, probability, impact, mitigation, metric, endpoint, method, command, tool, \
             technology, library, version, path, parameter, field, value, type, default, term, definition, role, \
             decision, reason, rationale, alternative, color, colour, label, author, changes, file, component, \
             layer, url, port, service, resource, before, after, source file, category, traces from, date range, \
             campo, valor, feld, wert, champ, valeur, 項目, feature",
)];

/// What a column holds.
pub fn column(name: &str) -> Option<FieldKind> {
    if is_key(name) {
        return Some(FieldKind::Key);
    }
    match name {
        "done?" | "✓" | "✅" | "done" | "completed" | "erledigt" | "완료" | "完了" | "state" => {
            Some(FieldKind::Status)
        }
        "sp" | "hours" | "h" | "est." | "est" | "est. time" | "время" | "velocity" | "pts" => {
            Some(FieldKind::Estimate)
        }
        "роль" | "squad" => Some(FieldKind::Assignees).filter(|_| name != "squad"),
        _ => field(name).filter(|kind| !matches!(kind, FieldKind::Title | FieldKind::Issues | FieldKind::Purpose)),
    }
}

/// How well a header fits a column of titles: the lower the better.
pub fn title_rank(name: &str) -> Option<usize> {
    if matches!(name, "title" | "titel" | "título" | "titre" | "제목" | "タイトル" | "件名" | "标题" | "название")
    {
        return Some(0);
    }
    if matches!(
        name,
        "description" | "beschreibung" | "descripción" | "descrição" | "описание" | "설명" | "内容" | "내용"
    ) {
        return Some(30);
    }
    static RANKS: LazyLock<HashMap<&str, usize>> = LazyLock::new(|| {
        let mut ranks = HashMap::new();
        for (at, word) in TITLES.iter().flat_map(|(_, words)| words.split(", ").enumerate()) {
            let rank = ranks.entry(word).or_insert(at + 1);
            *rank = (at + 1).min(*rank);
        }
        ranks
    });
    let exact = RANKS.get(name).copied();
    let first = name.split([',', '/']).next().unwrap_or(name);
    let exact = exact.or_else(|| (first != name && first == "name").then_some(6));
    exact.or_else(|| {
        let last = name.rsplit(' ').next().unwrap_or(name);
        ["task", "story", "feature", "item", "issue", "deliverable"].contains(&last).then_some(20)
    })
}

/// Whether a header names a key.
pub fn is_key(name: &str) -> bool {
    static KNOWN: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::of_row(KEYS));
    KNOWN.has(name)
}

/// Whether a header belongs to a table about something else than work.
pub fn is_foreign(name: &str) -> bool {
    static KNOWN: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::of_row(FOREIGN));
    KNOWN.has(name)
}
