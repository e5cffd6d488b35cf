//! What changes in an issue or milestone, as the last cell of its row.

use super::View;
use super::rows::Row;
use crate::diff::{Change, Field, FieldChange, Kind, LinkEdit, Op, Why};
use crate::render::escape::{chip, code, title};
use crate::render::issue_links::logins;
use crate::render::summary::Tense;
use crate::render::text::{closing, field_name, is_internal};
use crate::render::unified;

/// What changes: for a new issue what it has, in one line; else a line for each change.
pub(super) fn changes(row: &Row<'_>, view: &View<'_>) -> String {
    if row.is_new() {
        return new(row, view).join(" · ");
    }
    let changed = changed(row, view);
    match changed.is_empty() {
        false => changed.join("<br>"),
        true if row.old_title().is_some() => "renamed".to_owned(),
        true => "matched by its title; nothing else changes".to_owned(),
    }
}

/// What a new issue or milestone has besides its title and text.
fn new(row: &Row<'_>, view: &View<'_>) -> Vec<String> {
    let all = |field: Field| row.fields().filter(move |it| it.field == field).filter_map(|it| it.to);
    let mut parts = Vec::new();
    parts.extend(some(all(Field::Label).map(|label| chip(&label)).collect::<Vec<_>>().join(" ")));
    let assignees: Vec<_> = all(Field::Assignee).collect();
    parts.extend(some(logins(assignees.iter().map(AsRef::as_ref))));
    parts.extend(all(Field::DueOn).map(|day| format!("due {day}")));
    let of = |kind: Kind| row.links.iter().filter(move |link| link.kind() == kind);
    let blockers: Vec<String> = of(Kind::Dependency).map(|link| other(link, view)).collect();
    parts.extend(some(blockers.join(", ")).map(|blockers| format!("blocked by {blockers}")));
    parts.extend(of(Kind::SubIssue).map(|link| format!("sub-issue of {}", other(link, view))));
    parts.extend(of(Kind::Pin).map(|_| "pinned".to_owned()));
    parts.extend(row.own.and_then(closing).map(|why| format!("closed: {why}")));
    parts
}

/// What changes in an issue or milestone that exists.
fn changed(row: &Row<'_>, view: &View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(own) = row.own {
        lines.extend(fate(own, view));
        let old_title = row.old_title().filter(|_| own.kind() == Kind::Milestone);
        lines.extend(old_title.map(|old| format!("renamed from <del>{}</del>", title(&old))));
        let fields: Vec<FieldChange<'_>> = own.fields();
        let (agreed, written): (Vec<_>, Vec<_>) = fields.into_iter().partition(|field| field.from == field.to);
        lines.extend(some(members(&written, Field::Label)));
        lines.extend(some(members(&written, Field::Assignee)));
        lines.extend(written.iter().filter_map(field));
        let agreed: Vec<String> = agreed.iter().map(agreement).collect();
        lines.extend(some(agreed.join(", ")).map(|agreed| format!("GitHub has it already: {agreed}")));
    }
    let (added, others): (Vec<&Change>, Vec<&Change>) = row.links.iter().partition(|link| link.op() == Op::Link);
    lines.extend(added.into_iter().chain(others).map(|link| link_line(link, view)));
    lines
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// What becomes of a thing as a whole.
fn fate(own: &Change, view: &View<'_>) -> Option<String> {
    let is_adopted = own.op() == Op::Adopt && own.is_visible() && own.field(Field::Plan).is_none();
    match closing(own) {
        // The row of an apply says that it was closed.
        Some(why) if own.op() == Op::Close && view.tense == Tense::Past => Some(why.to_owned()),
        Some(why) => Some(format!("closed: {why}")),
        None if own.field(Field::State).is_some_and(|state| state.from != state.to) => {
            Some("reopened: open in the plan".to_owned())
        }
        None if is_adopted => Some("existing, adopted by its title; its own text is kept".to_owned()),
        None => None,
    }
}

/// Labels or assignees that are added, then those that are removed: `+ priority: high` `− priority: critical`.
fn members(fields: &[FieldChange<'_>], which: Field) -> String {
    let at = if which == Field::Assignee { "@" } else { "" };
    let of = |is_added: bool| fields.iter().filter(move |it| it.field == which && it.to.is_some() == is_added);
    let added = of(true).map(|field| ("+", field.to.as_deref(), field));
    let removed = of(false).map(|field| ("−", field.from.as_deref(), field));
    let signed = |(sign, name, field): (&str, Option<&str>, &FieldChange<'_>)| {
        format!("{}{}", chip(&format!("{sign} {at}{}", name.unwrap_or_default())), why(field))
    };
    added.chain(removed).map(signed).collect::<Vec<_>>().join(" ")
}

/// One field with its old and new value; nothing where the row shows it elsewhere.
fn field(field: &FieldChange<'_>) -> Option<String> {
    let (name, why) = (field_name(field.field), why(field));
    let (from, to) = (field.from.as_deref(), field.to.as_deref());
    let words = match field.field {
        Field::State | Field::StateReason | Field::Label | Field::Assignee => return None,
        // The row of an issue shows both titles.
        Field::Title if why.is_empty() => return None,
        Field::Title => name.to_owned(),
        Field::Key if is_internal(field) => return None,
        Field::Plan => format!("moved from the plan {}", code(from.unwrap_or_default())),
        Field::Milestone => match (from, to) {
            (Some(from), Some(_)) => format!("moved from {}", title(from)),
            (Some(from), None) => format!("removed from the milestone {}", title(from)),
            _ => "moved to this milestone".to_owned(),
        },
        Field::Pinned => if to.is_some() { "pinned" } else { "unpinned" }.to_owned(),
        Field::Body | Field::Description => {
            format!("{name} {}", unified::counts(from.unwrap_or_default(), to.unwrap_or_default()))
        }
        _ => match (from, to) {
            (Some(from), Some(to)) => format!("{name} {} → {}", title(from), title(to)),
            (Some(from), None) => format!("{name} {} removed", title(from)),
            (None, Some(to)) => format!("{name} {}", title(to)),
            (None, None) => return None,
        },
    };
    Some(format!("{words}{why}"))
}

/// Why a value is written that people changed.
fn why(field: &FieldChange<'_>) -> &'static str {
    match field.why {
        Why::Plan => "",
        Why::Drift => " (undoes an edit by people)",
        Why::Conflict => " (people changed it too)",
    }
}

/// A value on which GitHub and the plan agree, which only the marker does not record yet.
fn agreement(field: &FieldChange<'_>) -> String {
    let name = field_name(field.field);
    match (field.field, field.to.as_deref()) {
        (Field::Label, Some(label)) => code(label),
        (Field::Assignee, Some(login)) => logins([login]),
        (Field::DueOn, Some(value)) => format!("{name} {}", title(value)),
        _ => name.to_owned(),
    }
}

/// A link or pin of an issue that exists.
fn link_line(link: &Change, view: &View<'_>) -> String {
    let sign = if link.op() == Op::Link { '+' } else { '−' };
    match link.kind() {
        Kind::Pin if link.op() == Op::Pin => "pinned".to_owned(),
        Kind::Pin => "unpinned".to_owned(),
        Kind::SubIssue => format!("{sign} sub-issue of {}", other(link, view)),
        _ => format!("{sign} blocked by {}", other(link, view)),
    }
}

/// The other end of a link.
fn other(change: &Change, view: &View<'_>) -> String {
    let Change::Link(link) = change else { return String::new() };
    let called = change.other().unwrap_or_default();
    match &link.link {
        LinkEdit::Dependency { blocked: _, blocker: issue, edit: _ }
        | LinkEdit::SubIssue { child: _, parent: issue, edit: _ } => view.other(issue, called),
        LinkEdit::Pin { issue: _, edit: _ } => String::new(),
    }
}
