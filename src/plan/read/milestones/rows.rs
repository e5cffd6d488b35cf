//! Milestones in the rows of tables.

use crate::plan::date::{self, Written};
use crate::plan::draft::{DraftMilestone, Due, Spanned};
use crate::plan::read::content::{self, Context};
use crate::plan::read::markdown::{Id, inline};
use crate::plan::read::tables::Table;
use crate::plan::read::vocabulary::{self, FieldKind};
use crate::plan::read::{field_line as field, item_line, references};
use crate::plan::spans::{DueManner, DueSpan, MilestoneSpans, StateManner, StateSpan};
use crate::plan::title;

/// A milestone of a row, with the name by which the plan may know it already.
pub(in crate::plan::read) fn of_row(context: &Context<'_>, table: &Table, row: Id) -> Option<DraftMilestone> {
    let document = context.document;
    let cells = &document.block(row).children;
    let name = name_of_row(context, table, row)?;
    let line = document.source.lines(document.block(row).line, document.block(row).line);
    let mut milestone = DraftMilestone {
        title: title::clean(item_line::unnumbered(&name)),
        designator: vocabulary::designator(&name).map(|it| it.name),
        span: content::cell_content(document, *cells.first()?),
        spans: MilestoneSpans { line: line.clone(), extent: line, ..MilestoneSpans::default() },
        ..DraftMilestone::default()
    };
    for (cell, column) in cells.iter().zip(&table.columns).skip(1) {
        let span = content::cell_content(document, *cell);
        let value = inline::joined(&document.block(*cell).lines.concat());
        let name = field::normal_name(&column.name);
        let is_several = value.contains([',', '–', '-']) && value.starts_with(|it: char| it.is_ascii_alphabetic());
        let lists = matches!(vocabulary::field(&name), Some(FieldKind::Issues))
            || value.starts_with('#')
            || column.field.is_none() && is_several && references::names_only(&value);
        if column.field == Some(FieldKind::Due) {
            if let Written::Day(day) = date::parse(&value) {
                milestone.due = Some(Due::On(day));
                milestone.spans.due_on = Some(DueSpan { manner: DueManner::Cell, span });
            }
        } else if column.field == Some(FieldKind::Status) {
            milestone.spans.state = Some(StateSpan { manner: StateManner::Cell, span });
        } else if lists {
            milestone.issues.extend(references::split(&Spanned { text: value, span }));
        } else if matches!(name.as_str(), "description" | "beschreibung" | "goal" | "purpose" | "ziel" | "descripción")
        {
            milestone.spans.description = vec![span];
            milestone.description = value;
        }
    }
    Some(milestone)
}

/// The name of a row's milestone: its first cell, and a second one that tells its theme. Nothing comes back for totals.
fn name_of_row(context: &Context<'_>, table: &Table, row: Id) -> Option<String> {
    let cells = &context.document.block(row).children;
    let text = |at: usize| cells.get(at).map(|cell| context.document.plain(*cell)).unwrap_or_default();
    let header = |at: usize| table.columns.get(at).map(|column| field::normal_name(&column.name)).unwrap_or_default();
    let mut name = content::unquoted(text(0).trim_matches(['*', ' ']));
    if cells.is_empty() || field::is_none(&name) || name.to_lowercase().starts_with("total") {
        return None;
    }
    if name.chars().all(|it| it.is_ascii_digit()) {
        let mut header = header(0);
        if let Some(first) = header.get(..1) {
            header = first.to_uppercase() + &header[1..];
        }
        name = format!("{header} {name}");
    }
    let is_theme = |at: &usize| {
        matches!(
            header(*at).as_str(),
            "name" | "focus" | "theme" | "title" | "titel" | "inhalt" | "nombre" | "nom" | "이름" | "名前" | "名称"
        )
    };
    let theme = (1..cells.len()).find(is_theme).map(text).filter(|it| !it.is_empty());
    if let Some(theme) = theme
        && vocabulary::designator(&name).is_some()
        && !name.contains([':', '—', '-'])
    {
        name = format!("{name}: {theme}");
    }
    Some(name)
}
