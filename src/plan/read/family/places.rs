//! What is known of each line before families are formed: what encloses it, and what it restates.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::plan::read::tree::{At, Shape, Tree};
use crate::plan::read::vocabulary::{FieldKind, SectionKind};
use crate::plan::settings::{DeclaredForm, DeclaredMilestones};

use super::{is_of, is_own_field};

/// What is known of each line before families are formed.
pub struct Places {
    /// The nearest line that encloses it and is apart from the plan's work, or itself.
    pub apart: Vec<Option<At>>,
    /// The nearest line that encloses it and names a milestone.
    pub milestone: Vec<Option<At>>,
    /// The title of the document.
    pub title: Option<At>,
    /// Whether a list item only groups what is listed below it.
    pub label: Vec<bool>,
    /// Whether a list item names a milestone that stands in full elsewhere.
    pub repeat: Vec<bool>,
    /// The nearest heading that encloses a line and tells the details of an item in a stronger milestone, or itself:
    /// `### Phase 3` for `- [ ] Phase 3: Search` below `## Milestone 1`.
    pub details: Vec<Option<At>>,
    /// Whether the front matter declares which headings are milestones.
    pub is_declared: bool,
    /// The lines with an identity of their own that are written as the front matter declares the issues: each is one,
    /// whatever it is called.
    pub identified: BTreeSet<At>,
}

impl Places {
    /// Looks at every line from the outside in.
    pub fn new(tree: &Tree, declared: &DeclaredForm) -> Self {
        let title = title(tree);
        let count = tree.nodes.len();
        let label = labels(tree);
        let mut places = Self {
            apart: vec![None; count],
            milestone: vec![None; count],
            title,
            label,
            repeat: vec![false; count],
            details: vec![None; count],
            is_declared: matches!(declared.milestones, Some(DeclaredMilestones::Headings(..))),
            identified: BTreeSet::new(),
        };
        let listed = listed_below_stronger(tree);
        let full = full_designators(tree);
        let headed = headed_designators(tree);
        for at in 1..count {
            let node = &tree.nodes[at];
            let parent = node.parent;
            let is_apart = is_skipped(node, declared) || Some(at) != title && is_apart(tree, at);
            let name = node.designator.as_ref().map(|it| it.name.as_str());
            places.repeat[at] = node.list.is_some()
                && node.children.is_empty()
                && places.milestone[parent].is_none()
                && name
                    .is_some_and(|name| full.contains(name) || tree.nodes[parent].section == Some(SectionKind::Done));
            let is_misplaced = matches!(node.shape, Shape::Heading(_))
                && places.apart[parent].is_some_and(|it| tree.nodes[it].section == Some(SectionKind::About))
                && name.is_some_and(|name| headed.get(name) == Some(&1))
                && node.children.iter().any(|child| is_content(tree, *child));
            places.apart[at] = match () {
                () if is_apart => Some(at),
                // `### Week 1` below `## Overview` stands one level too deep.
                () if is_misplaced => None,
                () => places.apart[parent],
            };
            let is_milestone = Some(at) != title
                && node.shape != Shape::Row
                && (node.designator.is_some() || is_listed(tree, at) && places.milestone[parent].is_none())
                && !places.repeat[at]
                && (node.shape != Shape::Box || !node.children.is_empty())
                && places.apart[at].is_none();
            let is_details = matches!(node.shape, Shape::Heading(_)) && name.is_some_and(|name| listed.contains(name));
            places.details[at] = if is_details { Some(at) } else { places.details[parent] };
            let is_milestone = is_milestone && places.details[at].is_none();
            let is_milestone = match &declared.milestones {
                None => is_milestone,
                Some(DeclaredMilestones::Headings(level, pattern)) => {
                    node.shape == Shape::Heading(*level) && fits(pattern, &node.plain)
                }
                Some(DeclaredMilestones::List) => is_milestone && node.list.is_some(),
                Some(DeclaredMilestones::Table | DeclaredMilestones::None) => false,
            };
            places.milestone[at] = if is_milestone { Some(at) } else { places.milestone[parent] };
            let is_issue = declared.issues.is_some_and(|source| is_of(node.shape, node.is_strong, source));
            if node.id.is_some() && is_issue && !is_milestone {
                places.identified.insert(at);
            }
        }
        places
    }
}

/// Whether a line begins a section that holds no items, such as an overview or a list of fields.
fn is_apart(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    let is_section = !node.children.is_empty() || !node.own.is_empty();
    is_section
        && node.designator.is_none()
        && node.shape != Shape::Row
        && (node.section.is_some_and(SectionKind::is_apart) || is_field_list(tree, at))
}

/// Whether the front matter says that a section is not read.
fn is_skipped(node: &crate::plan::read::tree::Node, declared: &DeclaredForm) -> bool {
    let is_section = matches!(node.shape, Shape::Heading(_) | Shape::Lead);
    let title = node.plain.trim_end_matches(':').to_lowercase();
    is_section && declared.skip.iter().any(|skip| fits(&skip.to_lowercase(), &title))
}

/// Whether a title fits a pattern with `*`; case does not matter.
fn fits(pattern: &str, title: &str) -> bool {
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
    glob::Pattern::new(pattern).is_ok_and(|pattern| pattern.matches_with(title, options))
}

/// The names of the milestones that stand in full, as a heading or with a list below.
fn full_designators(tree: &Tree) -> BTreeSet<String> {
    let full = tree.nodes.iter().filter(|node| !node.children.is_empty() && node.shape != Shape::Row);
    full.filter_map(|node| Some(node.designator.as_ref()?.name.clone())).collect()
}

/// How many headings name each milestone.
fn headed_designators(tree: &Tree) -> HashMap<&str, usize> {
    let mut count = HashMap::new();
    for node in tree.nodes.iter().filter(|node| matches!(node.shape, Shape::Heading(_))) {
        if let Some(designator) = &node.designator {
            *count.entry(designator.name.as_str()).or_default() += 1;
        }
    }
    count
}

/// Whether a line is an item of a list or table, or introduces some.
fn is_content(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    node.list.is_some() || node.shape == Shape::Lead && node.children.iter().any(|it| tree.nodes[*it].list.is_some())
}

/// The names of items without anything below them that a milestone of a stronger kind encloses.
fn listed_below_stronger(tree: &Tree) -> BTreeSet<String> {
    let is_below = |at: At| {
        let own = tree.nodes[at].designator.as_ref().map(|it| it.class);
        tree.ancestors(at).any(|outer| tree.nodes[outer].designator.as_ref().map(|it| it.class) > own)
    };
    let items = (1..tree.nodes.len()).filter(|at| {
        let node = &tree.nodes[*at];
        node.list.is_some() && node.children.is_empty() && node.shape != Shape::Row && node.designator.is_some()
    });
    items.filter(|at| is_below(*at)).filter_map(|at| Some(tree.nodes[at].designator.as_ref()?.name.clone())).collect()
}

/// Whether an item stands in a list of milestones, with its work below it.
fn is_listed(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    let parent = &tree.nodes[node.parent];
    if let (Shape::Heading(_), Shape::Heading(level)) = (node.shape, parent.shape) {
        let is_named = node.head.key.is_some() || node.head.is_structural;
        return level > 1 && parent.section == Some(SectionKind::Milestones) && node.section.is_none() && !is_named;
    }
    let below = node.children.iter().filter(|child| tree.nodes[**child].list.is_some());
    node.list.is_some()
        && node.depth == 0
        && node.shape != Shape::Box
        && tree.nodes[node.parent].section == Some(SectionKind::Milestones)
        && below.count() > 0
}

/// Which list items only group what is listed below them.
fn labels(tree: &Tree) -> Vec<bool> {
    let is_item = |at: At| matches!(tree.nodes[at].shape, Shape::Bullet | Shape::Number);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let text = |at: At| tree.nodes[at].plain.trim_end_matches([':', ' ']).to_lowercase();
    // Fields below an item are its own: it groups nothing.
    let is_below = |it: &&At| tree.nodes[**it].depth > 0 && !is_own_field(&tree.nodes[**it]);
    let items_below = |at: At| tree.nodes[at].children.iter().filter(is_below).count();
    for at in (1..tree.nodes.len()).filter(|at| is_item(*at) && items_below(*at) > 0) {
        *seen.entry(text(at)).or_default() += 1;
    }
    let words = |at: At| tree.nodes[at].plain.split_whitespace().count();
    let is_label = |at: At| {
        if !is_item(at) || items_below(at) == 0 {
            return false;
        }
        let children = &tree.nodes[at].children;
        let boxes = children.iter().filter(|it| tree.nodes[**it].shape == Shape::Box).count();
        let longer = children.iter().map(|it| words(*it)).sum::<usize>() > 5 * children.len();
        boxes * 2 > children.len()
            || seen.get(&text(at)).is_some_and(|count| *count > 1) && words(at) <= 4
            || words(at) <= 3
                && longer
                && !tree.nodes[at].plain.trim_end().ends_with([':', '：'])
                && tree.nodes[at].depth == 0
                && !tree.nodes[at].is_strong
    };
    (0..tree.nodes.len()).map(is_label).collect()
}

/// A lead or an item that is a field whose values are listed below it.
fn is_field_list(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    let name =
        crate::plan::read::field_line::normal_name(node.plain.trim_end_matches([':', '：', ' ']).trim_matches('*'));
    let field = crate::plan::read::vocabulary::field(&name);
    !matches!(node.shape, Shape::Heading(_))
        && matches!(
            field,
            Some(
                FieldKind::Labels
                    | FieldKind::DependsOn
                    | FieldKind::Blocks
                    | FieldKind::Criteria
                    | FieldKind::Assignees
                    | FieldKind::Body
                    | FieldKind::Purpose
                    | FieldKind::Status
            )
        )
        && node.section != Some(SectionKind::Deliverables)
}

/// The heading that is the title of the whole document.
fn title(tree: &Tree) -> Option<At> {
    let headings: Vec<At> = tree.nodes[0]
        .children
        .iter()
        .copied()
        .filter(|at| matches!(tree.nodes[*at].shape, Shape::Heading(_)))
        .collect();
    let first = *headings.first()?;
    let has_headings =
        tree.nodes[first].children.iter().any(|child| matches!(tree.nodes[*child].shape, Shape::Heading(_)));
    let is_only = headings.len() == 1;
    let is_whole = tree.nodes[first].designator.is_none() && tree.nodes[first].shape == Shape::Heading(1);
    (is_only || has_headings && is_whole || is_whole && tree.nodes[first].children.is_empty()).then_some(first)
}
