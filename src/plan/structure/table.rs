//! Tables: of issues, a row each; of milestones; of labels.

use comrak::nodes::{Node, NodeValue};

use super::words::{self, Topic};
use super::{head, issue, references};
use crate::plan::document::Document;
use crate::plan::document::field;
use crate::plan::document::inline::{self, Piece};
use crate::plan::draft::{DraftIssue, Spanned};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// A field of the issue.
    Of(Topic),
    /// A colour.
    Color,
    /// Text that goes into the issue's body, under the column's name.
    Text,
}

/// A table by its header.
#[derive(Debug)]
pub struct Table<'a> {
    columns: Vec<(Column, String)>,
    rows: Vec<Node<'a>>,
}

const TITLES: &[&str] = &[
    "title",
    "task",
    "issue",
    "name",
    "item",
    "feature",
    "story",
    "user story",
    "work item",
    "deliverable",
    "summary",
    "what",
    "aufgabe",
    "titel",
    "tarea",
    "título",
    "tâche",
    "titre",
    "tarefa",
    "작업",
    "제목",
    "이슈",
    "タスク",
    "課題",
    "任务",
    "标题",
    "задача",
    "название",
    "todo",
    "action",
    "description",
    "beschreibung",
    "descripción",
    "설명",
    "내용",
    "内容",
];
const KEYS: &[&str] = &[
    "id", "#", "key", "no", "no.", "nr", "nr.", "number", "ref", "task id", "issue #", "issue id", "번호", "番号",
    "编号", "№", "task #",
];
const MILESTONES: &[&str] = &[
    "phase",
    "sprint",
    "milestone",
    "meilenstein",
    "hito",
    "jalon",
    "fase",
    "마일스톤",
    "단계",
    "マイルストーン",
    "フェーズ",
    "里程碑",
    "阶段",
    "этап",
];
const DONE: &[&str] =
    &["done", "done?", "✓", "✅", "status", "state", "completed", "complete", "erledigt", "완료", "完了"];
const DEPENDS: &[&str] =
    &["depends", "deps", "dep", "depends on", "dependencies", "blocked by", "dependency", "requires", "prerequisites"];

impl<'a> Table<'a> {
    /// Reads a table's header.
    pub fn read(block: Node<'a>) -> Option<Self> {
        matches!(block.data().value, NodeValue::Table(_)).then_some(())?;
        let mut rows = block.children();
        let header = rows.next()?;
        let names: Vec<String> = header.children().map(|cell| inline::plain(cell, inline::CodeSpans::Bare)).collect();
        let folded: Vec<String> = names.iter().map(|name| field::fold(name)).collect();
        let mut columns: Vec<(Column, String)> = Vec::new();
        let has = |columns: &[(Column, String)], topic| columns.iter().any(|(column, _)| *column == Column::Of(topic));
        // The first column that can be the title is, unless a later one is called so outright.
        let title = ["title", "titel", "제목", "タイトル"]
            .iter()
            .find_map(|word| folded.iter().position(|name| name == word))
            .or_else(|| {
                TITLES
                    .iter()
                    .filter(|word| **word != "description")
                    .find_map(|word| folded.iter().position(|name| name == word))
            })
            .or_else(|| folded.iter().position(|name| TITLES.contains(&name.as_str())));
        for (at, name) in folded.iter().enumerate() {
            let name = name.as_str();
            let column = if Some(at) == title {
                Column::Of(Topic::Title)
            } else if KEYS.contains(&name) && !has(&columns, Topic::Key) {
                Column::Of(Topic::Key)
            } else if matches!(name, "color" | "colour" | "farbe" | "hex") {
                Column::Color
            } else if DONE.contains(&name) {
                Column::Of(Topic::Status)
            } else if DEPENDS.contains(&name) {
                Column::Of(Topic::DependsOn)
            } else if MILESTONES.contains(&name) {
                Column::Of(Topic::Milestone)
            } else {
                match words::topic(name) {
                    Some(topic @ (Topic::Title | Topic::Key)) if has(&columns, topic) => Column::Text,
                    Some(Topic::Body | Topic::Purpose | Topic::Criteria) | None => Column::Text,
                    Some(topic) => Column::Of(topic),
                }
            };
            columns.push((column, names[at].clone()));
        }
        Some(Self { columns, rows: rows.collect() })
    }

    fn has(&self, topic: Topic) -> bool {
        self.columns.iter().any(|(column, _)| *column == Column::Of(topic))
    }

    /// Whether its rows are issues: they have a title, and a key or something that only issues have.
    pub fn is_issues(&self) -> bool {
        let ours = [
            Topic::DependsOn,
            Topic::Blocks,
            Topic::Labels,
            Topic::Priority,
            Topic::Assignees,
            Topic::Status,
            Topic::Milestone,
        ];
        let count = ours.iter().filter(|topic| self.has(**topic)).count();
        self.has(Topic::Title) && !self.is_labels() && (self.has(Topic::Key) && count > 0 || count > 1)
    }

    /// Whether its rows are milestones.
    pub fn is_milestones(&self) -> bool {
        !self.is_issues()
            && self.has(Topic::Milestone)
            && !self.has(Topic::Priority)
            && matches!(self.columns.first(), Some((Column::Of(Topic::Milestone | Topic::Key), _)))
    }

    /// Whether its rows are labels.
    pub fn is_labels(&self) -> bool {
        let first = self.columns.first().map(|(_, name)| field::fold(name)).unwrap_or_default();
        self.columns.iter().any(|(column, _)| *column == Column::Color) || matches!(first.as_str(), "label" | "labels")
    }

    /// How many rows it has below its header.
    pub fn height(&self) -> usize {
        self.rows.len()
    }

    /// Its rows, each as its cells by column.
    pub fn rows<'t>(
        &'t self,
        document: &'t Document<'a>,
    ) -> impl Iterator<Item = Vec<(Column, &'t str, Vec<Piece>, Node<'a>)>> {
        self.rows.iter().map(move |row| {
            let cells = row.children().zip(&self.columns);
            cells
                .map(|(cell, (column, name))| (*column, name.as_str(), inline::lines(document, cell).concat(), cell))
                .collect()
        })
    }

    /// The issues of its rows. A row without a title is none.
    pub fn issues(&self, document: &Document<'a>) -> Vec<DraftIssue> {
        let mut issues = Vec::new();
        for cells in self.rows(document) {
            let Some(cell) = cells.iter().find(|(column, ..)| *column == Column::Of(Topic::Title)) else { continue };
            let span = document.span(cell.3);
            let mut issue = issue::of_head(head::read(&cell.2), &span);
            if field::is_none(&issue.title) || is_total(&issue.title) {
                continue;
            }
            let mut text: Vec<String> = Vec::new();
            for (column, name, line, node) in &cells {
                let value = inline::joined(line);
                let span = document.span(node);
                let whole = || Spanned { text: super::unquoted(&value), span: span.clone() };
                let parts = || field::parts(line);
                match column {
                    Column::Of(Topic::Key) => key(&mut issue, &value),
                    Column::Of(Topic::Status) => issue.closed |= words::is_done(&value),
                    Column::Of(Topic::DependsOn) => issue.depends_on.extend(references::split_all(&parts())),
                    Column::Of(Topic::Blocks) => issue.blocks.extend(references::split_all(&parts())),
                    Column::Of(Topic::Labels) => issue.labels.extend(parts()),
                    Column::Of(Topic::Assignees) => issue.assignees.extend(parts().iter().filter_map(issue::login)),
                    Column::Of(Topic::Priority) => {
                        let label = super::priority_label(&value);
                        issue.labels.extend(label.map(|text| Spanned { text, span: span.clone() }));
                    }
                    Column::Of(Topic::Milestone) if !field::is_none(&value) => issue.milestone = Some(whole()),
                    Column::Of(Topic::Parent) => issue.parent = references::split_all(&parts()).into_iter().next(),
                    Column::Text | Column::Of(Topic::Due | Topic::Issues) if !field::is_none(&value) => {
                        text.push(format!("- {name}: {value}"));
                    }
                    _ => {}
                }
            }
            let first = std::mem::take(&mut issue.body);
            issue.body =
                [first, text.join("\n")].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n");
            issues.push(issue);
        }
        issues
    }
}

/// A row that sums up the others.
fn is_total(title: &str) -> bool {
    matches!(
        title.to_lowercase().as_str(),
        "total" | "sum" | "gesamt" | "summe" | "합계" | "合計" | "合计" | "…" | "..."
    )
}

/// Takes a cell's text as the key, or as the number where it is one.
fn key(issue: &mut DraftIssue, value: &str) {
    let (done, value) = words::glyph(value).map_or((None, value), |(done, rest)| (Some(done), rest));
    issue.closed |= done.unwrap_or(false);
    let value = value.trim_matches(['`', '*', '[', ']', ':', '.', ' ']);
    let bare = value.trim_start_matches('#');
    if bare.is_empty() || field::is_none(value) {
        return;
    }
    if bare.bytes().all(|it| it.is_ascii_digit() || b".-".contains(&it)) {
        issue.number = Some(bare.to_owned());
    } else if !bare.contains(' ') {
        issue.key = Some(bare.to_owned());
    }
}
