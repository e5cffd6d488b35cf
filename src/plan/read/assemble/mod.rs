//! Puts the draft together: reads every milestone and issue, merges what is told twice, and gives each its place.

mod declared;
mod links;
mod states;
mod twice;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::content::{self, Context};
use super::family::{Family, Places};
use super::form::Form;
use super::markdown::Document;
use super::outline::{Outline, Role};
use super::sources::{commands, lines, rows};
use super::tree::{At, Shape, Tree};

use super::{DIALECTS, describe, milestones};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{Draft, DraftMilestone, Spanned};
use crate::plan::settings::{Settings, Tasks};
use crate::plan::spans::Placement;
use crate::plan::{graph, title};

/// Reads the milestones and issues of a form.
pub(super) fn draft(
    document: &Document,
    tree: &Tree,
    places: &Places,
    families: &[Family],
    form: &Form,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Draft {
    let items: BTreeSet<At> = form.issues.union(&form.milestones).copied().collect();
    let context = Context { document, tree, items: &items };
    let mut assembly = Assembly {
        context: &context,
        places,
        form,
        draft: Draft { title: document_title(tree, places), ..Draft::default() },
        outline: Outline::new(tree),
        milestone_at: HashMap::new(),
        nodes: Vec::new(),
        major: None,
        diagnostics,
    };
    assembly.milestones();
    assembly.issues();
    assembly.details();
    assembly.remarks();
    assembly.partly_done();
    assembly.unknown_states();
    assembly.commands();
    assembly.merge();
    assembly.declared_milestones();
    assembly.links();
    assembly.place();
    assembly.draft.graph = graph::read(document);
    if settings.tasks == Tasks::Checklist {
        assembly.checklists();
    }
    links::parents(&mut assembly.draft);
    assembly.declared_labels();
    let Assembly { mut draft, mut outline, nodes, diagnostics, .. } = assembly;
    let commands = commands::count(document);
    let preset = DIALECTS.iter().find(|(name, _)| settings.dialect.as_ref().is_some_and(|it| it.text == *name));
    draft.dialect = describe::dialect(tree, form, nodes.iter().all(|at| !form.issues.contains(at)) && commands > 0);
    draft.dialect = preset.map_or(draft.dialect, |(name, _)| *name);
    draft.why = describe::why(tree, form, commands);
    draft.seen = describe::seen(tree);
    outline.finish(tree, places, families, form, diagnostics);
    draft.ignored = outline.ignored;
    draft.outline = outline.lines;
    draft
}

fn document_title(tree: &Tree, places: &Places) -> String {
    let headings = || tree.nodes.iter().filter(|node| matches!(node.shape, Shape::Heading(_)));
    let first = places.title.map(|at| &tree.nodes[at]);
    let first = first.or_else(|| headings().find(|node| node.shape == Shape::Heading(1))).or_else(|| headings().next());
    first.map(|node| title::clean(&super::markdown::inline::plain(&node.lines))).unwrap_or_default()
}

struct Assembly<'c> {
    context: &'c Context<'c>,
    places: &'c Places,
    form: &'c Form,
    draft: Draft,
    outline: Outline,
    /// Where in the draft the milestone of a line is.
    milestone_at: HashMap<At, usize>,
    /// The line of each issue in the draft.
    nodes: Vec<At>,
    /// The issue that is called the major milestone: the parent of the others.
    major: Option<usize>,
    diagnostics: &'c mut Diagnostics,
}

impl Assembly<'_> {
    fn milestones(&mut self) {
        let mut known: HashMap<String, usize> = HashMap::new();
        for at in self.form.milestones.iter().copied() {
            let mut milestone = milestones::of_line(self.context, at, self.diagnostics);
            listed_issues(self.context.tree, at, &mut milestone);
            // The same one may be told of twice: an overview and a section of its own.
            let is_identified = self.context.tree.nodes[at].id.is_some();
            let designator = milestone.designator.as_ref().filter(|_| !is_identified);
            let again = designator.and_then(|name| known.get(name)).copied().filter(|there| {
                let first = &self.draft.milestones[*there];
                is_empty(&milestone) || is_empty(first) || title_of(first) == title_of(&milestone)
            });
            let version = designator.cloned().filter(|name| name.starts_with('v'));
            let again = again.or_else(|| {
                let name = version?;
                self.draft
                    .milestones
                    .iter()
                    .position(|there| there.designator.as_ref() != Some(&name) && names_version(&there.title, &name))
            });
            let number = match again {
                Some(there) => {
                    merge_milestone(&mut self.draft.milestones[there], milestone);
                    self.outline.set(at, Role::Repeat, "it is the milestone that is named before");
                    there
                }
                None => {
                    let number = self.draft.milestones.len();
                    known.extend(milestone.designator.clone().map(|name| (name, number)));
                    self.draft.milestones.push(milestone);
                    self.outline.set(at, Role::Milestone, describe::milestone(self.context.tree, at));
                    number
                }
            };
            self.milestone_at.insert(at, number);
        }
    }

    fn issues(&mut self) {
        let tree = self.context.tree;
        let mut parts: BTreeMap<At, Vec<usize>> = BTreeMap::new();
        for at in self.form.issues.iter().copied() {
            let issue = if tree.nodes[at].shape == Shape::Row {
                rows::issue(self.context, at, self.diagnostics)
            } else {
                Some(lines::issue(self.context, at, self.diagnostics))
            };
            let Some(mut issue) = issue else { continue };
            if tree.nodes[at].is_struck && !issue.closed {
                issue.is_dropped = true;
            }
            self.state(at, &mut issue);
            if let Some(parent) = tree.ancestors(at).find(|outer| self.form.parents.contains(outer)) {
                parts.entry(parent).or_default().push(self.draft.issues.len());
            }
            let above = self.form.milestone_of[at];
            issue.place = above.and_then(|it| self.milestone_at.get(&it)).copied();
            if let Some(above) = above.filter(|_| issue.spans.milestone.is_none()) {
                issue.spans.milestone = Some(Placement::Section(content::lines_around(self.context, above).0));
            }
            if tree.nodes[at].plain.to_lowercase().contains("major milestone") && !issue.has_id {
                self.major = Some(self.draft.issues.len());
            }
            self.draft.issues.push(issue);
            self.nodes.push(at);
        }
        for (parent, parts) in parts {
            let Some(number) = self.nodes.iter().position(|at| *at == parent) else { continue };
            let issues = &mut self.draft.issues;
            if !issues[number].has_state {
                issues[number].closed = parts.iter().all(|part| issues[*part].closed);
            }
            let name = issues[number].name();
            parts.iter().for_each(|part| issues[*part].parent = issues[*part].parent.take().or(Some(name.clone())));
        }
    }
}

/// The issues that stand as items below a milestone in a closing section: `- #1 Bake`.
fn listed_issues(tree: &Tree, at: At, milestone: &mut DraftMilestone) {
    for child in &tree.nodes[at].children {
        let node = &tree.nodes[*child];
        let text = node.plain.trim();
        let first = text.split([' ', ':']).next().unwrap_or_default();
        if node.list.is_some() && first.starts_with('#') && first[1..].starts_with(|it: char| it.is_ascii_digit()) {
            milestone.issues.push(Spanned { text: first.to_owned(), span: node.span.clone() });
        }
    }
}

fn is_empty(milestone: &DraftMilestone) -> bool {
    milestone.description.is_empty()
}

fn title_of(milestone: &DraftMilestone) -> String {
    folded(&milestone.title)
}

/// Whether a title names a version in a remark: `Sprint 1 - Base (Milestone: v0.2.0)`.
fn names_version(title: &str, name: &str) -> bool {
    name.starts_with('v') && title.to_lowercase().split([' ', '(', ')', ':', ',']).any(|word| word == name)
}

/// A name for comparing.
fn folded(text: &str) -> String {
    let text = text.split(" (").next().unwrap_or(text);
    let words: Vec<String> = text
        .to_lowercase()
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join(" ")
}

fn merge_milestone(there: &mut DraftMilestone, new: DraftMilestone) {
    if new.title.len() > there.title.len() && there.title.split(' ').count() <= 2 {
        there.title = new.title;
        there.spans.title = new.spans.title;
    }
    there.key = there.key.take().or(new.key);
    if there.due.is_none() {
        there.due = new.due;
        there.spans.due_on = new.spans.due_on;
    }
    there.spans.state = there.spans.state.take().or(new.spans.state);
    there.issues.extend(new.issues);
    if there.description.is_empty() {
        there.description = new.description;
        there.spans.description = new.spans.description;
    }
}
