//! Which families are issues, and what is their milestone: the form of the document.

mod fill;
mod milestones;

use std::collections::BTreeSet;

use super::family::{self, Family, Holds, Naming, Places};
use super::tree::{At, Shape, Tree};
use super::vocabulary::SectionKind;

/// The least that a family must have to be taken where nothing else is.
const LEAST: i32 = 43;

/// The form of a document.
#[derive(Debug, Default)]
pub struct Form {
    /// The lines that are issues.
    pub issues: BTreeSet<At>,
    /// The lines that are milestones.
    pub milestones: BTreeSet<At>,
    /// The milestone that encloses each line.
    pub milestone_of: Vec<Option<At>>,
    /// Whether the front matter declares what the issues are.
    pub is_declared: bool,
    /// The issues whose boxes are issues too, as parts of them.
    pub parents: BTreeSet<At>,
    /// The family that most issues are of, as a number in the list of families.
    pub primary: Option<usize>,
    /// A family that explains the document about as well.
    pub rival: Option<usize>,
}

/// Chooses the form of a document.
pub(super) fn choose(tree: &Tree, places: &Places, families: &[Family]) -> Form {
    let mut form = Form { milestone_of: vec![None; tree.nodes.len()], ..Form::default() };
    let regions: BTreeSet<At> = places.milestone.iter().flatten().copied().collect();
    let weight = |family: &Family| {
        let covered: BTreeSet<At> = family.members.iter().filter_map(|at| places.milestone[*at]).collect();
        let coverage = if regions.is_empty() { 0 } else { 20 * covered.len() / regions.len() };
        let size = match family.members.len() {
            1 => -12,
            2 => 0,
            count => 3 * i32::try_from(count.ilog2()).unwrap_or(0),
        };
        family.score + i32::try_from(coverage).unwrap_or(0) + size
    };
    form.primary = (0..families.len()).max_by_key(|at| (weight(&families[*at]), std::cmp::Reverse(*at)));
    let Some(primary) = form.primary.filter(|at| families[*at].score >= 20) else {
        form.issues.extend(places.identified.iter().copied());
        form.milestones(tree, places);
        return form;
    };
    let best = &families[primary];
    form.rival = rival(tree, families, primary, &weight);
    let mut accepted: Vec<usize> = vec![primary];
    for at in (0..families.len()).filter(|at| *at != primary) {
        if is_beside(best, &families[at]) {
            accepted.push(at);
        }
    }
    // Numbered headings with boxes below them: both are issues, the boxes parts of the headings.
    let is_parent = |family: &Family| {
        let signature = &family.signature;
        best.signature.shape == Shape::Box
            && matches!(signature.shape, Shape::Heading(_))
            && signature.naming == Naming::Numbered
            && signature.holds == Holds::Work
            && signature.in_milestone
            && !signature.is_apart
    };
    let parents = families.iter().filter(|family| is_parent(family)).flat_map(|family| family.members.iter().copied());
    form.parents = parents.collect();
    let mut taken: BTreeSet<At> = accepted.iter().flat_map(|at| families[*at].members.iter().copied()).collect();
    taken.retain(|at| !is_excluded(tree, *at));
    form.issues = outermost(tree, &taken);
    form.local(tree, places, families, &regions);
    form.siblings(tree, places);
    form.sections_of_work(tree, places);
    form.issues.extend(places.identified.iter().copied());
    form.parents.retain(|at| {
        form.issues.range(*at..).take_while(|it| tree.ancestors(**it).any(|outer| outer == *at)).next().is_some()
    });
    form.issues.extend(form.parents.iter().copied());
    form.milestones(tree, places);
    form
}

/// Another family that explains the document about as well as the best one.
fn rival(tree: &Tree, families: &[Family], primary: usize, weight: &impl Fn(&Family) -> i32) -> Option<usize> {
    let best = &families[primary];
    let inside: BTreeSet<At> = best.members.iter().copied().collect();
    let signature = &best.signature;
    let is_alike = |at: At| {
        is_heading(signature.shape)
            && tree.nodes[at].shape == signature.shape
            && signature.naming != Naming::Plain
            && family::naming(tree, at) == signature.naming
    };
    let is_nested = |at: At| tree.ancestors(at).any(|outer| inside.contains(&outer) || is_alike(outer));
    let title = |at: At| {
        let head = &tree.nodes[at].head;
        match &head.number {
            Some(number) if number.contains('.') => number.clone(),
            _ => head.title.to_lowercase().trim_end_matches([':', ' ', '.']).to_owned(),
        }
    };
    let titles: BTreeSet<String> = best.members.iter().map(|at| title(*at)).collect();
    // What only restates the issues is no other form.
    let restates = |family: &Family| {
        family.members.iter().filter(|at| titles.contains(&title(**at))).count() * 3 >= family.members.len()
    };
    let is_rival = |at: &usize| {
        let family = &families[*at];
        let members = family.members.iter().filter(|at| !is_nested(**at)).count();
        *at != primary
            && !is_beside(best, family)
            && !family.signature.is_apart
            && !restates(family)
            && family.signature.shape != best.signature.shape
            && matches!(family.signature.shape, Shape::Box | Shape::Row | Shape::Heading(_))
            && family.signature.in_milestone == best.signature.in_milestone
            && family.score >= 60
            && members * 4 >= best.members.len() * 3
            && weight(family) + 12 >= weight(best)
    };
    (0..families.len()).filter(is_rival).max_by_key(|at| weight(&families[*at]))
}

/// Whether a family is issues too, where another one is the best.
fn is_beside(best: &Family, other: &Family) -> bool {
    let (first, second) = (&best.signature, &other.signature);
    let is_list = |shape: Shape| matches!(shape, Shape::Box | Shape::Bullet | Shape::Number);
    let same_shape = first.shape == second.shape || is_heading(first.shape) && is_heading(second.shape);
    if second.is_apart {
        // What is written like the issues is one, wherever it stands.
        return same_shape
            && is_heading(first.shape)
            && first.naming == second.naming
            && first.naming != Naming::Plain
            && first.shape == second.shape;
    }
    let is_outside = first.in_milestone && !second.in_milestone;
    let is_work = matches!(
        second.section,
        Some(SectionKind::Issues | SectionKind::Open | SectionKind::Done | SectionKind::Priority)
    );
    if same_shape && is_heading(first.shape) {
        let alike = first.holds == second.holds && matches!(first.holds, Holds::Fields | Holds::Title);
        return other.score >= 55
            && (second.naming == first.naming || other.score >= 76)
            && first.shape == second.shape
            || other.score >= 76 && alike && first.naming == second.naming
            || other.score >= 90 && second.naming == Naming::Named;
    }
    if same_shape && first.shape == Shape::Row {
        return other.score >= 60 && (!is_outside || is_work || first.header == second.header);
    }
    // A box is a task wherever it stands, unless its section is apart.
    if same_shape && first.shape == Shape::Box && first.depth == second.depth && !is_outside {
        return other.score >= LEAST;
    }
    if same_shape && is_list(first.shape) {
        let outside = is_outside && !is_work && second.shape != Shape::Box;
        let same_place = first.section.is_some() && first.section == second.section;
        let strong = first.is_strong == second.is_strong || second.shape == Shape::Box || same_place;
        return !outside
            && strong
            && first.depth == second.depth
            && other.score + 16 + if is_outside { 15 } else { 0 } >= best.score
            && other.score >= LEAST - 10;
    }
    // Others must be written as issues are.
    if other.members.len() * 6 < best.members.len() {
        return false;
    }
    other.score >= 88 && is_heading(second.shape) && second.naming == Naming::Named
        || second.shape == Shape::Row && other.score >= 80 && !is_outside
        || second.shape == Shape::Box && second.naming == Naming::Named && other.score >= 90 && !is_outside
        || second.is_strong && is_list(second.shape) && other.score >= 80 && !is_outside
}

fn is_heading(shape: Shape) -> bool {
    matches!(shape, Shape::Heading(_) | Shape::Lead)
}

/// Whether a line that looks like an issue only restates or sums up.
pub(super) fn is_excluded(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    let title = node.head.title.trim_matches(['*', ' ']).to_lowercase();
    const TOTALS: [&str; 12] =
        ["total", "totals", "sum", "gesamt", "summe", "합계", "合計", "合计", "…", "...", "итого", "totale"];
    TOTALS.iter().any(|total| title == *total || title.strip_prefix(total).is_some_and(|it| it.starts_with([' ', ':'])))
        || (node.shape == Shape::Row && super::field_line::is_none(&node.head.title))
        || !node.head.title.chars().any(char::is_alphanumeric)
}

/// The lines that no other one of them encloses. A heading that encloses other headings of them groups these.
fn outermost(tree: &Tree, taken: &BTreeSet<At>) -> BTreeSet<At> {
    let mut groups: BTreeSet<At> = BTreeSet::new();
    for at in taken.iter().filter(|at| matches!(tree.nodes[**at].shape, Shape::Heading(_))) {
        let is_group = |outer: &At| {
            taken.contains(outer)
                && is_heading(tree.nodes[*outer].shape)
                && !(family::has_fields(tree, *outer) && family::has_fields(tree, *at))
        };
        groups.extend(tree.ancestors(*at).filter(is_group));
    }
    let left: BTreeSet<At> = taken.difference(&groups).copied().collect();
    let is_inside = |at: At| {
        tree.ancestors(at).any(|outer| {
            left.contains(&outer)
                && !(is_heading(tree.nodes[at].shape)
                    && family::has_fields(tree, outer)
                    && family::has_fields(tree, at))
        })
    };
    left.iter().copied().filter(|at| !is_inside(*at)).collect()
}
