//! Tables: what their columns hold, and what their rows are.

use std::collections::BTreeMap;

use super::field_line;
use super::item_line;
use super::markdown::{Document, Id, Kind};
use super::tree::Node;
use super::vocabulary::{self, FieldKind};

/// A column by its header.
#[derive(Debug, Clone)]
pub struct Column {
    /// The header as written.
    pub name: String,
    /// What it holds, if it is known.
    pub field: Option<FieldKind>,
}

impl Column {
    /// Whether it holds the colours of labels.
    pub fn is_color(&self) -> bool {
        matches!(field_line::normal_name(&self.name).as_str(), "color" | "colour" | "farbe" | "hex" | "couleur")
    }
}

/// A table by its header.
#[derive(Debug)]
pub struct Table {
    /// Its columns.
    pub columns: Vec<Column>,
    /// Which of them holds the titles.
    pub title: Option<usize>,
    /// How many rows it has below its header.
    pub height: usize,
    /// How many of its headers belong to a table about something else than work.
    pub foreign: usize,
    /// Whether it has a name and a value in each row.
    pub is_record: bool,
}

impl Table {
    /// Reads a table's header.
    pub fn new(document: &Document, id: Id, declared: &BTreeMap<String, String>) -> Option<Self> {
        let rows = &document.block(id).children;
        let (header, body) = rows.split_first()?;
        let names: Vec<String> = document.block(*header).children.iter().map(|cell| document.plain(*cell)).collect();
        let folded: Vec<String> =
            names.iter().map(|name| field_line::normal_name(name.trim_matches(['*', '`', ' ', '_']))).collect();
        let mut columns: Vec<Column> = Vec::new();
        let says = |name: &str| declared.get(&name.to_lowercase()).map(String::as_str);
        let said_title = names.iter().position(|name| says(name.trim()) == Some("title"));
        let title = said_title
            .or_else(|| {
                folded
                    .iter()
                    .enumerate()
                    .filter_map(|(at, name)| Some((vocabulary::title_rank(name)?, at)))
                    .min()
                    .map(|(_, at)| at)
            })
            .or_else(|| second_of_keyed(document, &folded, body));
        for (at, name) in folded.iter().enumerate() {
            let field = if let Some(said) = says(names[at].trim()) {
                vocabulary::column(said)
                    .or_else(|| vocabulary::field(said))
                    .or((said == "label").then_some(FieldKind::Labels))
            } else if Some(at) == title {
                Some(FieldKind::Title)
            } else {
                vocabulary::column(name).filter(|field| {
                    *field == FieldKind::Labels || !columns.iter().any(|column| column.field == Some(*field))
                })
            };
            columns.push(Column { name: names[at].clone(), field });
        }
        // A first column without a known header holds keys where all of its cells look like some.
        if let Some(first) = columns.first_mut()
            && first.field.is_none()
            && title != Some(0)
            && body.len() > 1
            && body.iter().all(|row| is_keyed(document, *row))
        {
            first.field = Some(FieldKind::Key);
        }
        let foreign = folded.iter().filter(|name| vocabulary::is_foreign(name)).count();
        let two = columns.len() == 2 && columns[1].field.is_none();
        let named = body.iter().filter(|row| row_name(document, **row).is_some()).count();
        let is_record = two && (foreign == 2 || named * 2 > body.len() || named >= 3);
        Some(Self { columns, title, height: body.len(), foreign, is_record })
    }

    /// Whether it has a column of a kind.
    pub fn has(&self, field: FieldKind) -> bool {
        self.columns.iter().any(|column| column.field == Some(field))
    }

    /// The cell that holds a row's title; the first one where no column is known to.
    pub fn title_cell(&self, document: &Document, row: Id) -> Option<Id> {
        document.block(row).children.get(self.title.unwrap_or(0)).copied()
    }

    /// The field that a row of a table with names and values gives.
    pub fn row_field(&self, row: &Node) -> Option<FieldKind> {
        if !self.is_record {
            return None;
        }
        let first = row.lines.first().map(|line| super::markdown::inline::joined(line)).unwrap_or_default();
        vocabulary::field(&field_line::normal_name(&first))
    }

    /// How much speaks for its rows being issues; nothing where they are not.
    pub fn work(&self) -> Option<i32> {
        use FieldKind::{Assignees, DependsOn, Estimate, Key, Labels, Milestone, Parent, Priority, Status};
        if self.title.is_none() || self.is_record || self.is_labels() || self.is_milestones() {
            return None;
        }
        let weights = [
            (Key, 2),
            (Status, 2),
            (Priority, 2),
            (DependsOn, 3),
            (Assignees, 2),
            (Labels, 2),
            (Estimate, 2),
            (Milestone, 1),
            (Parent, 1),
        ];
        let known: i32 = weights.iter().filter(|(field, _)| self.has(*field)).map(|(_, weight)| weight).sum();
        let title = self.title.map(|at| field_line::normal_name(&self.columns[at].name)).unwrap_or_default();
        let named = i32::from(vocabulary::title_rank(&title).is_some_and(|rank| (1..=12).contains(&rank) || rank == 0));
        let total = known + named - i32::try_from(self.foreign).unwrap_or(0);
        (total > 0).then_some(total)
    }

    /// Whether its rows are milestones.
    pub fn is_milestones(&self) -> bool {
        let first = self.columns.first().and_then(|column| column.field);
        let first_name = self.columns.first().map(|column| field_line::normal_name(&column.name)).unwrap_or_default();
        let is_named = matches!(
            first_name.as_str(),
            "milestone"
                | "milestones"
                | "meilenstein"
                | "phase"
                | "phases"
                | "sprint"
                | "sprints"
                | "release"
                | "version"
                | "hito"
                | "jalon"
                | "fase"
                | "этап"
                | "спринт"
                | "веха"
                | "里程碑"
                | "阶段"
                | "マイルストーン"
                | "フェーズ"
                | "마일스톤"
                | "단계"
                | "스프린트"
                | "etappe"
                | "étape"
        );
        let has_work = [FieldKind::Labels, FieldKind::Assignees, FieldKind::DependsOn, FieldKind::Estimate];
        if self.title.is_some_and(|at| at > 0) && has_work.iter().any(|field| self.has(*field)) {
            return false;
        }
        (is_named || first == Some(FieldKind::Milestone))
            && !self.has(FieldKind::Key)
            && !self.has(FieldKind::Priority)
            && self.title.is_none_or(|at| {
                let name = field_line::normal_name(&self.columns[at].name);
                at == 0 || !matches!(vocabulary::title_rank(&name), Some(0..=8))
            })
    }

    /// Whether its rows are labels.
    pub fn is_labels(&self) -> bool {
        let first = self.columns.first().map(|column| field_line::normal_name(&column.name)).unwrap_or_default();
        self.columns.iter().any(Column::is_color)
            || matches!(first.as_str(), "label" | "labels" | "etiqueta" | "ラベル" | "라벨" | "标签")
    }
}

/// The column behind the keys, where no header names the titles.
fn second_of_keyed(document: &Document, folded: &[String], body: &[Id]) -> Option<usize> {
    let is_known = folded.first().is_some_and(|name| vocabulary::is_key(name));
    let is_keyed = !body.is_empty() && body.iter().all(|row| is_keyed(document, *row));
    (folded.len() > 1 && (is_known || is_keyed) && vocabulary::column(&folded[1]).is_none()).then_some(1)
}

fn is_keyed(document: &Document, row: Id) -> bool {
    let first = document.block(row).children.first().map(|cell| document.plain(*cell)).unwrap_or_default();
    item_line::looks_like_key(first.trim().trim_matches(['*', '`', '[', ']']))
}

fn row_name(document: &Document, row: Id) -> Option<FieldKind> {
    let cells = &document.block(row).children;
    debug_assert!(matches!(document.block(row).kind, Kind::Row));
    vocabulary::field(&field_line::normal_name(&document.plain(*cells.first()?)))
}
