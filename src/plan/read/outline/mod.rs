//! What each item line of a document was read as, and why. What is not read is reported here, one warning for each
//! section.

mod unread;

use std::collections::BTreeSet;

use super::family::{Family, Places};
use super::form::Form;
use super::tree::{At, Node, Shape, Tree};
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
            if self.roles[at].is_none() {
                let (role, why) = self.inferred(tree, places, form, at, owner[at], holds[at]);
                self.set(at, role, why);
            }
        }
        self.warned = unread::report(self, tree, places, families, form, diagnostics);
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

    /// What a line is that nothing was made of.
    fn inferred(
        &self,
        tree: &Tree,
        places: &Places,
        form: &Form,
        at: At,
        owner: Option<At>,
        holds_items: bool,
    ) -> (Role, String) {
        let node = &tree.nodes[at];
        let inherited = self
            .role(node.parent)
            .filter(|role| matches!(role, Role::Repeat | Role::Skipped | Role::Dependency | Role::Label | Role::Gate));
        if holds_items {
            return (Role::Group, "it holds issues or milestones".to_owned());
        }
        if owner.is_some() && super::family::is_own_field(node) {
            return (
                Role::Field,
                field_name(node).map_or_else(String::new, |name| format!("`{name}` is a known field")),
            );
        }
        if owner.is_some_and(|it| form.issues.contains(&it)) {
            return (Role::Body, "it is part of the issue's text".to_owned());
        }
        if node.shape == Shape::Row && super::form::is_excluded(tree, at) {
            return (Role::Repeat, "it sums up the others".to_owned());
        }
        if let Some(role) = inherited {
            return (role, "as what encloses it".to_owned());
        }
        if owner.is_some() {
            return (Role::Body, "it is part of the milestone's description".to_owned());
        }
        match places.apart[at].and_then(|it| tree.nodes[it].section) {
            Some(kind) => (Role::Skipped, format!("its section holds {}", kind.meaning())),
            None => (Role::Skipped, "it is neither written nor placed like an issue".to_owned()),
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
}

/// The name of the field that a line is, as it is written.
fn field_name(node: &Node) -> Option<String> {
    let line = node.lines.first()?;
    let field = super::field_line::Field::read(line);
    Some(field.map_or_else(|| node.plain.trim_end_matches([':', '：']).to_owned(), |field| field.label))
}
