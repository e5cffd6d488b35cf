//! Families: item lines of one shape in one kind of place. They are what is chosen between: few, comparable, and easy to
//! name to people.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::tree::{At, Shape, Tree};
use super::vocabulary::{Class, FieldKind, SectionKind};
use crate::plan::settings::{DeclaredForm, DeclaredMilestones, IssueSource};

/// How an item line is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Naming {
    /// A title alone.
    Plain,
    /// A number in front.
    Numbered,
    /// A key, `#1`, or a word such as `Task`.
    Named,
}

/// What the item lines of a family have in common.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signature {
    /// Their shape.
    pub shape: Shape,
    /// How they are named.
    pub naming: Naming,
    /// Whether they begin in bold.
    pub is_strong: bool,
    /// How deep they stand in lists.
    pub depth: u8,
    /// What the section they stand in holds, if its heading says so.
    pub section: Option<SectionKind>,
    /// Whether they stand in a section that is apart from the plan's work.
    pub is_apart: bool,
    /// Whether a milestone encloses them.
    pub in_milestone: bool,
    /// What they hold: boxes below a heading make it a group.
    pub holds: Holds,
    /// The header of their titles, in a table.
    pub header: Option<String>,
}

/// What an item line holds below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holds {
    /// Neither of the others.
    Text,
    /// Fields that only an issue has.
    Fields,
    /// A title of its own.
    Title,
    /// Boxes, or rows of a table with work.
    Work,
}

/// Item lines of one shape in one kind of place.
#[derive(Debug)]
pub struct Family {
    /// What they have in common.
    pub signature: Signature,
    /// The lines, in order.
    pub members: Vec<At>,
    /// How much speaks for them being issues.
    pub score: i32,
}

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
            let is_section = !node.children.is_empty() || !node.own.is_empty();
            let is_apart = is_skipped(node, declared)
                || Some(at) != title
                    && is_section
                    && node.designator.is_none()
                    && node.shape != Shape::Row
                    && (node.section.is_some_and(SectionKind::is_apart) || is_field_list(tree, at));
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

/// Whether the front matter says that a section is not read.
fn is_skipped(node: &super::tree::Node, declared: &DeclaredForm) -> bool {
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
    let name = super::field_line::fold(node.plain.trim_end_matches([':', '：', ' ']).trim_matches('*'));
    let field = super::vocabulary::field(&name);
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

/// Forms the families of a document.
pub(super) fn form(tree: &Tree, places: &Places) -> Vec<Family> {
    let beside = Beside::new(tree);
    let mut families: BTreeMap<Signature, Vec<At>> = BTreeMap::new();
    for at in 1..tree.nodes.len() {
        if Some(at) == places.title {
            continue;
        }
        if let Some(signature) = signature(tree, places, &beside, at) {
            families.entry(signature).or_default().push(at);
        }
    }
    families
        .into_iter()
        .map(|(signature, members)| {
            let score = score(tree, &signature, &members);
            Family { signature, members, score }
        })
        .collect()
}

/// Leaves only the families that can be issues as they are declared.
pub(super) fn declared(families: Vec<Family>, sources: &[IssueSource]) -> Vec<Family> {
    let is_of = |signature: &Signature, source: &IssueSource| is_of(signature.shape, signature.is_strong, *source);
    families.into_iter().filter(|family| sources.iter().any(|source| is_of(&family.signature, source))).collect()
}

/// Whether lines of a shape are issues as a source declares them.
fn is_of(shape: Shape, is_strong: bool, source: IssueSource) -> bool {
    match source {
        IssueSource::Headings => matches!(shape, Shape::Heading(_)),
        IssueSource::Checkboxes => shape == Shape::Box,
        IssueSource::Rows => shape == Shape::Row,
        IssueSource::Bold => is_strong && shape != Shape::Box || shape == Shape::Lead,
        IssueSource::Numbered => shape == Shape::Number,
        IssueSource::Bullets => shape == Shape::Bullet,
        IssueSource::Files => false,
    }
}

/// How a line is named.
pub(super) fn naming(tree: &Tree, at: At) -> Naming {
    let node = &tree.nodes[at];
    let head = &node.head;
    if node.designator.is_some() && !head.is_structural {
        return Naming::Plain;
    }
    let text = node.plain.trim_start_matches(|it: char| !(it.is_alphanumeric() || "#[`".contains(it)));
    let is_hash = text.starts_with('#') && head.number.is_some();
    if node.shape == Shape::Row {
        let keyed = tree.table(at).is_some_and(|table| table.has(FieldKind::Key));
        return if keyed { Naming::Named } else { Naming::Plain };
    }
    if head.key.is_some() || head.is_structural || is_hash || is_labelled(tree, at) {
        return Naming::Named;
    }
    if head.number.is_some() { Naming::Numbered } else { Naming::Plain }
}

/// How many headings of a level stand below one line, and how many of them are named and hold the same.
#[derive(Debug, Default)]
struct Beside {
    all: HashMap<(At, Shape), usize>,
    named: HashMap<(At, Shape, Holds), usize>,
}

impl Beside {
    fn new(tree: &Tree) -> Self {
        let mut beside = Self::default();
        for at in 1..tree.nodes.len() {
            let node = &tree.nodes[at];
            if !matches!(node.shape, Shape::Heading(_) | Shape::Lead) || node.section.is_some() {
                continue;
            }
            *beside.all.entry((node.parent, node.shape)).or_default() += 1;
            if naming(tree, at) == Naming::Named {
                *beside.named.entry((node.parent, node.shape, holds(tree, at))).or_default() += 1;
            }
        }
        beside
    }
}

/// How a heading is named: as most of the headings beside it are.
fn heading_naming(tree: &Tree, beside: &Beside, at: At) -> Naming {
    let node = &tree.nodes[at];
    let own = naming(tree, at);
    let holds = holds(tree, at);
    if own == Naming::Named || node.designator.is_some() || holds == Holds::Text {
        return own;
    }
    let all = beside.all.get(&(node.parent, node.shape)).copied().unwrap_or(0);
    let named = beside.named.get(&(node.parent, node.shape, holds)).copied().unwrap_or(0);
    if named >= 2 && named * 2 >= all { Naming::Named } else { own }
}

fn signature(tree: &Tree, places: &Places, beside: &Beside, at: At) -> Option<Signature> {
    let node = &tree.nodes[at];
    let container =
        tree.ancestors(at).find(|it| !matches!(tree.nodes[*it].shape, Shape::Box | Shape::Number | Shape::Bullet));
    let section_of = |it: At| tree.nodes[it].section.filter(|_| Some(it) != places.title);
    if places.details[at].is_some() || places.is_declared && places.milestone[at] == Some(at) {
        return None;
    }
    let depth = depth(tree, places, at);
    let section = if node.depth > 0 { section_of(node.parent) } else { container.and_then(section_of) };
    let section = section.or_else(|| container.and_then(|it| tree.ancestors(it).take(1).find_map(section_of)));
    if node.plain.trim().is_empty() && node.shape != Shape::Row {
        return None;
    }
    let is_weak = matches!(node.shape, Shape::Bullet | Shape::Number);
    if is_weak && is_own_field(node) || places.label[at] || node.shape != Shape::Box && is_link(&node.plain) {
        return None;
    }
    let table = tree.table(at);
    let is_heading = matches!(node.shape, Shape::Heading(_) | Shape::Lead);
    if is_heading && !node.head.is_structural && holds_tasks(tree, at) {
        return None;
    }
    let is_part = node.head.number.as_ref().is_some_and(|number| number.contains('.'));
    if is_heading && node.section.is_some() && node.head.key.is_none() && !is_part {
        return None;
    }
    if node.designator.is_some() && is_heading && !is_designated_issue(tree, at) {
        return None;
    }
    if places.milestone[at] == Some(at) && !is_heading && !node.children.is_empty() || places.repeat[at] {
        return None;
    }
    let header = match node.shape {
        Shape::Row => {
            table?.work()?;
            table.and_then(|table| Some(super::field_line::fold(&table.columns.get(table.title?)?.name)))
        }
        _ => None,
    };
    let is_checks = |it: At| tree.nodes[it].section == Some(SectionKind::Checks) && node.shape == Shape::Box;
    Some(Signature {
        shape: node.shape,
        naming: if is_heading { heading_naming(tree, beside, at) } else { naming(tree, at) },
        is_strong: node.is_strong && !is_heading && node.shape != Shape::Row,
        depth: depth.min(3),
        section,
        is_apart: places.apart[node.parent].is_some_and(|it| !is_checks(it)),
        in_milestone: places.milestone[node.parent].is_some(),
        holds: if is_heading { holds(tree, at) } else { Holds::Text },
        header,
    })
}

/// Whether a heading has one below it that says that tasks follow, and a list of them.
fn holds_tasks(tree: &Tree, at: At) -> bool {
    tree.nodes[at].children.iter().any(|child| {
        let child = &tree.nodes[*child];
        let items = child.children.iter().filter(|it| tree.nodes[**it].list.is_some());
        matches!(child.shape, Shape::Heading(_)) && child.section == Some(SectionKind::Issues) && items.count() > 1
    })
}

/// Whether a heading that names a milestone is an issue all the same: it has the title or the labels of one, and holds no
/// work of its own.
fn is_designated_issue(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    let has = |field: FieldKind| node.fields.contains(&field);
    let holds_headings = node.children.iter().any(|child| {
        let child = &tree.nodes[*child];
        matches!(child.shape, Shape::Heading(_)) && (child.head.is_structural || child.head.key.is_some())
    });
    (has(FieldKind::Title) || has(FieldKind::Labels)) && !holds_headings
}

/// How many items of lists enclose a line that are neither milestones nor labels.
fn depth(tree: &Tree, places: &Places, at: At) -> u8 {
    let is_item = |at: At| matches!(tree.nodes[at].shape, Shape::Box | Shape::Number | Shape::Bullet);
    let outer = tree.ancestors(at).take_while(|it| is_item(*it));
    let count = outer.filter(|it| !places.label[*it] && places.milestone[*it] != Some(*it)).count();
    if is_item(at) { u8::try_from(count).unwrap_or(u8::MAX) } else { 0 }
}

/// Whether a text is an address and nothing else.
fn is_link(text: &str) -> bool {
    let text = text.trim();
    (text.starts_with("http://") || text.starts_with("https://")) && !text.contains(' ')
}

/// Whether a line is a field and nothing else.
pub(super) fn is_own_field(node: &super::tree::Node) -> bool {
    let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    // `**Epic: Search**` is a title, `**Epic:** Search` a field.
    let is_title = |piece: &super::markdown::inline::Piece| {
        piece.strong && piece.text.split_once([':', '：']).is_some_and(|(_, value)| !value.trim().is_empty())
    };
    if line.first().is_some_and(is_title) {
        return false;
    }
    let fields = super::field_line::Field::all(line);
    fields.first().is_some_and(|field| {
        super::vocabulary::field(&field.name).is_some_and(|kind| !matches!(kind, FieldKind::Issues | FieldKind::Title))
    }) || super::vocabulary::field(&super::field_line::fold(node.plain.trim_end_matches(':'))).is_some()
}

fn holds(tree: &Tree, at: At) -> Holds {
    use FieldKind::{Assignees, Criteria, DependsOn, Estimate, Labels, Milestone, Parent, Priority, Status, Title};
    let node = &tree.nodes[at];
    let has = |field: FieldKind| node.fields.contains(&field);
    if has(Title) && node.fields.len() > 1 {
        return Holds::Title;
    }
    let is_designated = node.designator.is_some();
    let strong = [Labels, DependsOn, Priority, Parent, Milestone].into_iter().any(has);
    let weak = [Status, Estimate, Criteria, Assignees].into_iter().any(has);
    let works = |child: &At| {
        let child = *child;
        tree.nodes[child].shape == Shape::Box
            || tree.nodes[child].shape == Shape::Row && tree.table(child).is_some_and(|table| table.work().is_some())
    };
    let below = node.children.iter().any(works)
        || node.children.iter().any(|child| tree.nodes[*child].children.iter().any(works));
    if strong || weak && !is_designated && !below {
        Holds::Fields
    } else if below {
        Holds::Work
    } else {
        Holds::Text
    }
}

/// Whether a heading holds the fields or the title of an issue.
pub(super) fn has_fields(tree: &Tree, at: At) -> bool {
    matches!(holds(tree, at), Holds::Fields | Holds::Title)
}

fn score(tree: &Tree, signature: &Signature, members: &[At]) -> i32 {
    let base = match (signature.shape, signature.naming) {
        (Shape::Root, _) => return 0,
        (Shape::Heading(_) | Shape::Lead, naming) => {
            // `## 3. Rollout` may be a chapter of anything; `### 3.1 …` and deeper ones are parts of a plan.
            let is_chapter = members.iter().all(|at| {
                let number = tree.nodes[*at].head.number.as_deref().unwrap_or_default();
                !number.contains('.') && matches!(signature.shape, Shape::Heading(..=2))
            });
            let chapter = naming == Naming::Numbered && signature.holds == Holds::Text && is_chapter;
            heading(signature, naming) - if chapter { 35 } else { 0 }
        }
        (Shape::Row, _) => {
            let work = members.first().and_then(|at| tree.table(*at)).and_then(super::tables::Table::work).unwrap_or(0);
            60 + 4 * work.min(8)
        }
        (Shape::Box, naming) if signature.depth == 0 => 74 + if naming == Naming::Named { 4 } else { 0 },
        (Shape::Box, naming) => {
            let in_box = members.iter().filter(|at| tree.nodes[tree.nodes[**at].parent].shape == Shape::Box).count();
            if in_box * 2 > members.len() { 15 } else { 66 + if naming == Naming::Named { 10 } else { 0 } }
        }
        (_, Naming::Named) if signature.depth == 0 => {
            if signature.is_strong {
                80
            } else {
                55
            }
        }
        (Shape::Number, _) if signature.depth == 0 => 36 + if signature.is_strong { 14 } else { 0 },
        (_, _) if signature.depth == 0 => 33 + if signature.is_strong { 10 } else { 0 },
        _ => 20,
    };
    let labelled = members.iter().filter(|at| is_labelled(tree, **at)).count();
    let place = match signature.section {
        Some(SectionKind::Issues) => 20,
        Some(SectionKind::Deliverables) => 3,
        Some(SectionKind::Open | SectionKind::Done | SectionKind::Priority) => 6,
        Some(SectionKind::Milestones) => 5,
        _ => 0,
    };
    base + place
        + if signature.is_apart { -70 } else { 0 }
        + if signature.in_milestone { 15 } else { 0 }
        + if labelled * 2 > members.len() { 25 } else { 0 }
}

fn heading(signature: &Signature, naming: Naming) -> i32 {
    let lead = if signature.shape == Shape::Lead { -8 } else { 0 };
    lead + match (naming, signature.holds) {
        (_, Holds::Title) => 97,
        (Naming::Named, Holds::Fields) => 97,
        (Naming::Named, _) => 90,
        (Naming::Numbered, Holds::Fields) => 85,
        (Naming::Numbered, Holds::Work) => 50,
        (Naming::Numbered, Holds::Text) => 75,
        (Naming::Plain, Holds::Fields) => 76,
        (Naming::Plain, Holds::Work) => 8,
        (Naming::Plain, Holds::Text) => 25,
    }
}

/// Whether labels in code spans follow a line's bold beginning: `**Epic: Base** `type: feature``.
pub(super) fn is_labelled(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    let line = node.lines.first().map(Vec::as_slice).unwrap_or_default();
    let mut rest = line.iter().skip_while(|piece| piece.strong || piece.text.trim().is_empty()).peekable();
    node.is_strong && rest.peek().is_some() && rest.all(|piece| piece.code || piece.text.trim().is_empty())
}

/// The strength of a class of milestones, with those that a document has only one of behind all others.
pub(super) fn class_of(tree: &Tree, at: At) -> Option<Class> {
    tree.nodes[at].designator.as_ref().map(|designator| designator.class)
}
