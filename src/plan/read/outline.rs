//! What each item line of a document was read as, and why. What is not read is reported here, one warning for each
//! section.

use std::collections::{BTreeMap, BTreeSet};

use super::family::{Family, Places};
use super::form::Form;
use super::tree::{At, Shape, Tree};
use super::vocabulary::SectionKind;
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::Ignored;

/// What an item line was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A milestone.
    Milestone,
    /// An issue.
    Issue,
    /// It only structures.
    Group,
    /// It belongs to the text of an issue or milestone.
    Body,
    /// A field.
    Field,
    /// It declares labels.
    Label,
    /// It says what depends on what.
    Dependency,
    /// It names release gates.
    Gate,
    /// It restates something that is read elsewhere.
    Repeat,
    /// It is not read.
    Skipped,
}

impl Role {
    /// The role as the outline names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Milestone => "milestone",
            Self::Issue => "issue",
            Self::Group => "group",
            Self::Body => "body",
            Self::Field => "field",
            Self::Label => "label",
            Self::Dependency => "dependency",
            Self::Gate => "gate",
            Self::Repeat => "repeat",
            Self::Skipped => "skipped",
        }
    }
}

/// An item line in the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its first line, from 1.
    pub line: usize,
    /// Its last line.
    pub end: usize,
    /// What it was read as.
    pub is: Role,
    /// The line of the issue or milestone that it belongs to.
    pub of: Option<usize>,
    /// Why, in a few words.
    pub why: String,
    /// Whether a diagnostic reports it.
    pub warned: bool,
}

/// The outline while it is made.
#[derive(Debug, Default)]
pub struct Outline {
    roles: Vec<Option<(Role, String)>>,
    warned: BTreeSet<At>,
    /// The lines, once it is finished.
    pub lines: Vec<Line>,
    /// The sections that are not read, once it is finished.
    pub ignored: Vec<Ignored>,
}

impl Outline {
    /// An outline in which nothing is said yet.
    pub fn new(tree: &Tree) -> Self {
        Self { roles: vec![None; tree.nodes.len()], ..Self::default() }
    }

    /// Says what a line was read as.
    pub fn set(&mut self, at: At, role: Role, why: impl Into<String>) {
        if at > 0 {
            self.roles[at] = Some((role, why.into()));
        }
    }

    /// Says what all lines of a section were read as.
    pub fn section(&mut self, tree: &Tree, at: At, role: Role) {
        let mut next = vec![at];
        while let Some(at) = next.pop() {
            if self.roles[at].is_none() {
                self.set(at, role, "the heading says so");
            }
            next.extend(&tree.nodes[at].children);
        }
    }

    fn role(&self, at: At) -> Option<Role> {
        self.roles[at].as_ref().map(|(role, _)| *role)
    }

    /// Gives every line that has none a role, and reports what is not read.
    pub fn finish(
        &mut self,
        tree: &Tree,
        places: &Places,
        families: &[Family],
        form: &Form,
        diagnostics: &mut Diagnostics,
    ) {
        let mut items: BTreeSet<At> = form.issues.union(&form.milestones).copied().collect();
        items.extend((1..tree.nodes.len()).filter(|at| matches!(self.role(*at), Some(Role::Milestone | Role::Issue))));
        let mut holds = vec![false; tree.nodes.len()];
        for at in (1..tree.nodes.len()).rev() {
            holds[tree.nodes[at].parent] |= holds[at] || items.contains(&at);
        }
        let mut owner: Vec<Option<At>> = vec![None; tree.nodes.len()];
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            let parent = node.parent;
            owner[at] = if items.contains(&parent) { Some(parent) } else { owner[parent] };
            if self.roles[at].is_some() {
                continue;
            }
            let inherited = self.role(parent).filter(|role| {
                matches!(role, Role::Repeat | Role::Skipped | Role::Dependency | Role::Label | Role::Gate)
            });
            let (role, why) = if holds[at] {
                (Role::Group, "it holds issues or milestones".to_owned())
            } else if owner[at].is_some() && super::family::is_own_field(&tree.nodes[at]) {
                (Role::Field, String::new())
            } else if owner[at].is_some_and(|it| form.issues.contains(&it)) {
                (Role::Body, String::new())
            } else if tree.nodes[at].shape == Shape::Row && super::form::is_excluded(tree, at) {
                (Role::Repeat, "it sums up the others".to_owned())
            } else if let Some(role) = inherited {
                (role, "as what encloses it".to_owned())
            } else if owner[at].is_some() {
                (Role::Body, "it is part of the milestone's description".to_owned())
            } else if let Some(kind) = places.apart[at].and_then(|it| tree.nodes[it].section) {
                (Role::Skipped, format!("its section holds {}", kind.meaning()))
            } else {
                (Role::Skipped, "it is neither written nor placed like an issue".to_owned())
            };
            self.set(at, role, why);
        }
        self.report(tree, places, families, form, diagnostics);
        self.ignored = self.skipped_sections(tree);
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            let Some((role, why)) = self.roles[at].clone() else { continue };
            let of = owner[at].filter(|_| matches!(role, Role::Body | Role::Field)).map(|it| tree.nodes[it].line);
            self.lines.push(Line {
                line: node.line,
                end: node.end,
                is: role,
                of,
                why,
                warned: self.warned.contains(&at),
            });
        }
    }

    /// The outermost sections that are not read.
    fn skipped_sections(&self, tree: &Tree) -> Vec<Ignored> {
        let is_skipped = |at: At| {
            self.role(at) == Some(Role::Skipped) && matches!(tree.nodes[at].shape, Shape::Heading(_) | Shape::Lead)
        };
        let outermost = (1..tree.nodes.len()).filter(|at| is_skipped(*at) && !is_skipped(tree.nodes[*at].parent));
        let section = |at: At| {
            let node = &tree.nodes[at];
            let why = self.roles[at].as_ref().map(|(_, why)| why.clone()).unwrap_or_default();
            Ignored { name: node.plain.clone(), lines: (node.line, node.end), why }
        };
        outermost.map(section).collect()
    }

    /// Reports the items that are not read: a warning for each section among milestones and issues, and one note for
    /// all that stands elsewhere.
    fn report(
        &mut self,
        tree: &Tree,
        places: &Places,
        families: &[Family],
        form: &Form,
        diagnostics: &mut Diagnostics,
    ) {
        let holders: BTreeSet<At> = form.issues.iter().map(|at| tree.nodes[*at].parent).collect();
        let primary = form.primary.map(|at| &families[at].signature);
        let header = form.primary.and_then(|at| header_of(tree, *families[at].members.first()?));
        let mut among: BTreeMap<At, Vec<At>> = BTreeMap::new();
        let mut elsewhere: Vec<At> = Vec::new();
        for at in 1..tree.nodes.len() {
            let node = &tree.nodes[at];
            let role = self.role(at);
            let is_text = role == Some(Role::Body)
                && form.milestone_of[at].is_some()
                && !tree.ancestors(at).any(|outer| form.issues.contains(&outer));
            let parent = &tree.nodes[node.parent];
            if matches!(node.shape, Shape::Heading(_))
                && role == Some(Role::Skipped)
                && node.section.is_none()
                && parent.section == Some(SectionKind::Issues)
                && holders.contains(&node.parent)
            {
                among.entry(node.parent).or_default().push(at);
            }
            if !(role == Some(Role::Skipped) || is_text) || matches!(node.shape, Shape::Heading(_) | Shape::Lead) {
                continue;
            }
            if tree.nodes[node.parent].list.is_some() && self.role(node.parent) == role || node.is_struck {
                continue;
            }
            let is_work = match node.shape {
                Shape::Box => true,
                Shape::Row => tree.table(at).is_some_and(|table| table.work().is_some_and(|work| work >= 3)),
                _ => false,
            };
            let is_milestones = tree.table(at).is_some_and(super::tables::Table::is_milestones);
            let is_apart = places.apart[at].is_some();
            let is_like = primary.is_some_and(|signature| {
                let is_other_table =
                    node.shape == Shape::Row && !is_work && !is_milestones && header != header_of(tree, at);
                signature.shape == node.shape
                    && signature.depth == node.depth
                    && signature.is_strong == node.is_strong
                    && !is_other_table
            });
            let container = tree
                .ancestors(at)
                .find(|it| matches!(tree.nodes[*it].shape, Shape::Heading(_) | Shape::Lead))
                .unwrap_or(0);
            let is_beside = form.milestones.iter().next().is_some_and(|first| {
                container > 0
                    && tree.nodes[container].shape == tree.nodes[*first].shape
                    && tree.nodes[container].parent == tree.nodes[*first].parent
            });
            let is_among = form.milestone_of[at].is_some() || is_like && (node.shape != Shape::Bullet || is_beside);
            if is_apart && !(is_like && is_work && places.apart[at].is_some_and(|it| is_loose(tree, it))) {
                continue;
            }
            if is_among && !form.is_declared && (is_work || is_like && !is_text) {
                among.entry(container).or_default().push(at);
            } else {
                elsewhere.push(at);
            }
        }
        for (container, items) in among {
            self.warned.extend(&items);
            let first = &tree.nodes[items[0]];
            let count = items.len();
            let last = items.iter().map(|at| tree.nodes[*at].line).max().unwrap_or(first.line);
            let lines =
                if last > first.line { format!("lines {} to {last}", first.line) } else { format!("line {last}") };
            let name = match tree.nodes.get(container).filter(|_| container > 0) {
                Some(node) => format!("below `{}`", node.plain),
                None => "outside of any section".to_owned(),
            };
            let (noun, read) =
                if count == 1 { ("item", "is not read as an issue") } else { ("items", "are not read as issues") };
            diagnostics.warning(
                "unread-items",
                first.span.clone(),
                format!("{count} {noun} {name} {read} ({lines})"),
                "write them like the other issues, or name the section under `read: skip:` in the front matter",
            );
        }
        if let Some(first) = elsewhere.first().filter(|_| !form.is_declared) {
            self.warned.extend(&elsewhere);
            let sections: BTreeSet<At> = elsewhere.iter().map(|at| tree.heading_of(*at)).collect();
            let count = elsewhere.len();
            let of = if sections.len() == 1 { "1 section".to_owned() } else { format!("{} sections", sections.len()) };
            diagnostics.note(
                "unread-text",
                tree.nodes[*first].span.clone(),
                format!("{count} list items or table rows in {of} are read as text, not as issues"),
                "`plan-action explain` shows how each line was read",
            );
        }
    }
}

/// The names of the columns of the table that a row stands in.
fn header_of(tree: &Tree, row: At) -> Option<Vec<&str>> {
    Some(tree.table(row)?.columns.iter().map(|column| column.name.as_str()).collect())
}

/// Whether a section is apart by a word that work may stand below too.
fn is_loose(tree: &Tree, at: At) -> bool {
    matches!(tree.nodes[at].section, Some(SectionKind::Progress | SectionKind::Setup))
}
