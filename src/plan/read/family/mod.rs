//! Families: item lines of one shape in one kind of place. They are what is chosen between: few, comparable, and easy to
//! name to people.

mod places;
mod score;

use std::collections::{BTreeMap, HashMap};

pub(super) use self::places::Places;
use self::score::score;
use super::tree::{At, Shape, Tree};
use super::vocabulary::{Class, FieldKind, SectionKind};
use crate::plan::settings::IssueSource;

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
            table.and_then(|table| Some(super::field_line::normal_name(&table.columns.get(table.title?)?.name)))
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
    }) || super::vocabulary::field(&super::field_line::normal_name(node.plain.trim_end_matches(':'))).is_some()
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
