//! What is not read, reported: a warning for each section among milestones and issues, and one note for all that stands
//! elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::super::family::{self, Family, Places, Signature};
use super::super::field_line::Field;
use super::super::form::Form;
use super::super::markdown::Id;
use super::super::tables::Table;
use super::super::tree::{At, Node, Shape, Tree};
use super::super::vocabulary::SectionKind;
use super::{Outline, Role};
use crate::plan::diagnostic::Diagnostics;

/// Reports the items that are not read, and gives them back.
pub(super) fn report(
    outline: &Outline,
    tree: &Tree,
    places: &Places,
    families: &[Family],
    form: &Form,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<At> {
    let unread = Unread::new(outline, tree, places, families, form);
    let mut among: BTreeMap<At, Vec<At>> = BTreeMap::new();
    let mut elsewhere: Vec<At> = Vec::new();
    for at in 1..tree.nodes.len() {
        match unread.place(at) {
            Some(Place::Among(section)) => among.entry(section).or_default().push(at),
            Some(Place::Elsewhere) => elsewhere.push(at),
            None => {}
        }
    }
    for (section, items) in &among {
        warn(tree, *section, items, diagnostics);
    }
    let mut reported: BTreeSet<At> = among.into_values().flatten().collect();
    if !form.is_declared && !elsewhere.is_empty() {
        note(tree, &elsewhere, diagnostics);
        reported.extend(elsewhere);
    }
    reported
}

/// Where an item stands that is not read.
enum Place {
    /// In a section among milestones and issues.
    Among(At),
    Elsewhere,
}

struct Unread<'o> {
    outline: &'o Outline,
    tree: &'o Tree,
    places: &'o Places,
    form: &'o Form,
    /// What most issues have in common.
    primary: Option<&'o Signature>,
    /// The names of the columns of their table.
    header: Option<Vec<&'o str>>,
    /// The lines that enclose issues directly.
    holders: BTreeSet<At>,
    /// The lists that hold fields.
    field_lists: BTreeSet<Id>,
    /// Whether each line, or one that encloses it, is an issue.
    in_issue: Vec<bool>,
}

impl<'o> Unread<'o> {
    fn new(outline: &'o Outline, tree: &'o Tree, places: &'o Places, families: &'o [Family], form: &'o Form) -> Self {
        let mut in_issue = vec![false; tree.nodes.len()];
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            in_issue[at] = in_issue[node.parent] || form.issues.contains(&at);
        }
        let fields = tree.nodes.iter().filter(|node| family::is_own_field(node));
        Self {
            primary: form.primary.map(|at| &families[at].signature),
            header: form.primary.and_then(|at| header_of(tree, *families[at].members.first()?)),
            holders: form.issues.iter().map(|at| tree.nodes[*at].parent).collect(),
            field_lists: fields.filter_map(|node| node.list).collect(),
            outline,
            tree,
            places,
            form,
            in_issue,
        }
    }

    /// Whether a line is an item that people have to be told of, and where it stands.
    fn place(&self, at: At) -> Option<Place> {
        let (tree, form) = (self.tree, self.form);
        let node = &tree.nodes[at];
        let role = self.outline.role(at);
        if self.is_heading_among_issues(at) {
            return Some(Place::Among(node.parent));
        }
        let is_text = role == Some(Role::Body) && form.milestone_of[at].is_some() && !self.in_issue[at];
        let is_item = !matches!(node.shape, Shape::Heading(_) | Shape::Lead) && !node.is_struck;
        let is_nested = tree.nodes[node.parent].list.is_some() && self.outline.role(node.parent) == role;
        if !(role == Some(Role::Skipped) || is_text) || !is_item || is_nested || self.is_field(node) {
            return None;
        }
        let is_work = self.is_work(at);
        let is_like = self.primary.is_some_and(|primary| self.is_like(primary, at, is_work));
        let mut outer = tree.ancestors(at);
        let section = outer.find(|it| matches!(tree.nodes[*it].shape, Shape::Heading(_) | Shape::Lead)).unwrap_or(0);
        let is_among =
            form.milestone_of[at].is_some() || is_like && (node.shape != Shape::Bullet || self.is_beside(section));
        let is_loose = self.places.apart[at].is_some_and(|it| is_loose(tree, it));
        if self.places.apart[at].is_some() && !(is_like && is_work && is_loose) {
            return None;
        }
        if is_among && !form.is_declared && (is_work || is_like && !is_text) {
            return Some(Place::Among(section));
        }
        Some(Place::Elsewhere)
    }

    /// A heading without a meaning of its own, where the headings beside it are issues.
    fn is_heading_among_issues(&self, at: At) -> bool {
        let node = &self.tree.nodes[at];
        matches!(node.shape, Shape::Heading(_))
            && self.outline.role(at) == Some(Role::Skipped)
            && node.section.is_none()
            && self.tree.nodes[node.parent].section == Some(SectionKind::Issues)
            && self.holders.contains(&node.parent)
    }

    /// Whether an item is a field: one that is known, or any in a list of such.
    fn is_field(&self, node: &Node) -> bool {
        let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
        let is_bullet = matches!(node.shape, Shape::Bullet | Shape::Number);
        let is_ordinary =
            || node.list.is_some_and(|list| self.field_lists.contains(&list)) && Field::read(line).is_some();
        is_bullet && (family::is_own_field(node) || is_ordinary())
    }

    /// Whether an item looks like work by itself.
    fn is_work(&self, at: At) -> bool {
        match self.tree.nodes[at].shape {
            Shape::Box => true,
            Shape::Row => self.tree.table(at).is_some_and(|table| table.work().is_some_and(|work| work >= 3)),
            _ => false,
        }
    }

    /// Whether an item is written as most issues are.
    fn is_like(&self, primary: &Signature, at: At, is_work: bool) -> bool {
        let node = &self.tree.nodes[at];
        let is_milestones = self.tree.table(at).is_some_and(Table::is_milestones);
        let is_other_table =
            node.shape == Shape::Row && !is_work && !is_milestones && self.header != header_of(self.tree, at);
        primary.shape == node.shape
            && primary.depth == node.depth
            && primary.is_strong == node.is_strong
            && !is_other_table
    }

    /// Whether a section stands beside the milestones.
    fn is_beside(&self, section: At) -> bool {
        let nodes = &self.tree.nodes;
        self.form.milestones.iter().next().is_some_and(|first| {
            section > 0 && nodes[section].shape == nodes[*first].shape && nodes[section].parent == nodes[*first].parent
        })
    }
}

fn warn(tree: &Tree, section: At, items: &[At], diagnostics: &mut Diagnostics) {
    let Some(first) = items.first().map(|at| &tree.nodes[*at]) else { return };
    let last = items.iter().map(|at| tree.nodes[*at].line).max().unwrap_or(first.line);
    let lines = if last > first.line { format!("lines {} to {last}", first.line) } else { format!("line {last}") };
    let name = match tree.nodes.get(section).filter(|_| section > 0) {
        Some(node) => format!("below `{}`", node.plain),
        None => "outside of any section".to_owned(),
    };
    let (noun, read) =
        if items.len() == 1 { ("item", "is not read as an issue") } else { ("items", "are not read as issues") };
    diagnostics.warning(
        "unread-items",
        first.span.clone(),
        format!("{} {noun} {name} {read} ({lines})", items.len()),
        "write them like the other issues, or name the section under `read: skip:` in the front matter",
    );
}

fn note(tree: &Tree, items: &[At], diagnostics: &mut Diagnostics) {
    let Some(first) = items.first() else { return };
    let sections: BTreeSet<At> = items.iter().map(|at| tree.heading_of(*at)).collect();
    let of = if sections.len() == 1 { "1 section".to_owned() } else { format!("{} sections", sections.len()) };
    let message = match items.len() {
        1 => "1 list item or table row is read as text, not as an issue".to_owned(),
        count => format!("{count} list items or table rows in {of} are read as text, not as issues"),
    };
    diagnostics.note(
        "unread-text",
        tree.nodes[*first].span.clone(),
        message,
        "`plan-action explain` shows how each line was read",
    );
}

/// The names of the columns of the table that a row stands in.
fn header_of(tree: &Tree, row: At) -> Option<Vec<&str>> {
    Some(tree.table(row)?.columns.iter().map(|column| column.name.as_str()).collect())
}

/// Whether a section is apart by a word that work may stand below too.
fn is_loose(tree: &Tree, at: At) -> bool {
    matches!(tree.nodes[at].section, Some(SectionKind::Progress | SectionKind::Setup))
}
