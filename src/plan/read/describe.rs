//! The form of a document in words, and the preset that it is nearest to.

use std::collections::BTreeMap;

use super::form::Form;
use super::tree::{At, Shape, Tree};
use super::vocabulary::{Class, FieldKind};

/// Why a line is a milestone.
pub(super) fn milestone(tree: &Tree, at: At) -> String {
    match &tree.nodes[at].designator {
        Some(designator) if designator.class == Class::Horizon => format!("`{}` names a time to come", designator.name),
        Some(designator) => format!("`{}` names a milestone", designator.name),
        None => "it groups issues, as those beside it do".to_owned(),
    }
}

/// Why a line is an issue.
pub(super) fn issue(tree: &Tree, at: At) -> String {
    let node = &tree.nodes[at];
    let what = match node.shape {
        Shape::Heading(_) => "a heading",
        Shape::Lead => "a line in bold",
        Shape::Box => "a checkbox",
        Shape::Row => "a row of a table of work",
        Shape::Number => "a numbered item",
        Shape::Bullet | Shape::Root => "a bullet",
    };
    let with = match () {
        () if node.head.key.is_some() => " with a key",
        () if node.head.is_structural => " with a word such as `Task` in front",
        () if super::family::has_fields(tree, at) => " with fields of an issue",
        () if node.head.number.is_some() && node.list.is_none() => " with a number",
        () => "",
    };
    format!("{what}{with}, as the other issues are")
}

/// What a document has that may be items, in a sentence.
pub(super) fn seen(tree: &Tree) -> String {
    let count = |is: &dyn Fn(&Shape) -> bool| tree.nodes.iter().filter(|node| is(&node.shape)).count();
    let counts = [
        (count(&|it| matches!(it, Shape::Heading(_))), "heading"),
        (count(&|it| matches!(it, Shape::Box)), "checkbox"),
        (count(&|it| matches!(it, Shape::Bullet)), "bullet"),
        (count(&|it| matches!(it, Shape::Number)), "numbered item"),
        (count(&|it| matches!(it, Shape::Row)), "table row"),
    ];
    let ending = |noun: &str| if noun.ends_with('x') { "es" } else { "s" };
    let one = |(count, noun): &(usize, &str)| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}{}", ending(noun)),
    };
    let found: Vec<String> = counts.iter().filter(|(count, _)| *count > 0).map(one).collect();
    match found.split_last() {
        None => "it has no headings, lists or tables".to_owned(),
        Some((only, [])) => format!("it has {only}"),
        Some((last, others)) => format!("it has {} and {last}", others.join(", ")),
    }
}

/// The shape that most of some lines have, and how many have it.
fn main_shape(tree: &Tree, lines: impl Iterator<Item = At>) -> Option<(Shape, usize)> {
    let mut counts: BTreeMap<Shape, usize> = BTreeMap::new();
    for at in lines {
        *counts.entry(tree.nodes[at].shape).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count)
}

/// The preset that a form is nearest to.
pub(super) fn dialect(tree: &Tree, form: &Form, has_commands: bool) -> &'static str {
    let Some((shape, count)) = main_shape(tree, form.issues.iter().copied()) else {
        return if has_commands { "guide" } else { "breakdown" };
    };
    let most = |is: &dyn Fn(At) -> bool| form.issues.iter().filter(|at| is(**at)).count() * 2 >= count;
    let has = |at: At, field: FieldKind| tree.nodes[at].fields.contains(&field);
    match shape {
        Shape::Row => "breakdown",
        Shape::Box if most(&|at| tree.nodes[at].head.key.is_some()) => "tasks",
        Shape::Box => "checklist",
        Shape::Heading(_) => {
            let is_titled = most(&|at| has(at, FieldKind::Title));
            let is_tracked = most(&|at| has(at, FieldKind::Status) || has(at, FieldKind::Priority));
            let is_numbered = most(&|at| {
                let head = &tree.nodes[at].head;
                head.number.is_some() && (head.is_structural || tree.nodes[at].plain.contains('#'))
            });
            if has_commands || is_numbered {
                "guide"
            } else if is_titled && is_tracked {
                "tracker"
            } else if is_titled {
                "guide"
            } else {
                "breakdown"
            }
        }
        _ => "roadmap",
    }
}

/// What the form is, in words.
pub(super) fn why(tree: &Tree, form: &Form, commands: usize) -> String {
    let counted = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let issues = match main_shape(tree, form.issues.iter().copied()) {
        None if commands > 0 => counted(commands, "`gh issue create` line", "`gh issue create` lines"),
        None => return "milestones alone".to_owned(),
        Some((shape, count)) => {
            let (one, many) = match shape {
                Shape::Heading(level) => (format!("heading of level {level}"), format!("headings of level {level}")),
                Shape::Lead => ("paragraph in bold".to_owned(), "paragraphs in bold".to_owned()),
                Shape::Box => ("checkbox".to_owned(), "checkboxes".to_owned()),
                Shape::Row => ("table row".to_owned(), "table rows".to_owned()),
                Shape::Number => ("numbered item".to_owned(), "numbered items".to_owned()),
                Shape::Bullet | Shape::Root => ("bullet".to_owned(), "bullets".to_owned()),
            };
            let keyed = form.issues.iter().filter(|at| tree.nodes[**at].head.key.is_some()).count();
            let keyed = if keyed * 2 >= count { ", most of them with a key" } else { "" };
            format!("{}{keyed}", counted(count, &one, &many))
        }
    };
    let place = match main_shape(tree, form.milestones.iter().copied()) {
        None => String::new(),
        Some((shape, _)) => {
            let first = form.milestones.iter().find(|at| tree.nodes[**at].shape == shape);
            let name = first.map(|at| tree.nodes[*at].plain.clone()).unwrap_or_default();
            let name: String = name.chars().take(60).collect();
            let what = match shape {
                Shape::Heading(level) => format!("headings such as `{} {name}`", "#".repeat(usize::from(level))),
                Shape::Lead => format!("lines such as `{name}`"),
                _ => format!("items such as `{name}`"),
            };
            format!(" below {what}")
        }
    };
    let others = form.issues.len() - main_shape(tree, form.issues.iter().copied()).map_or(0, |(_, count)| count);
    let others = if others > 0 { format!(", and {others} written in other ways") } else { String::new() };
    format!("{issues}{place}{others}")
}
