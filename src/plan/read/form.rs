//! Which families are issues, and what is their milestone: the form of the document.

use std::collections::{BTreeMap, BTreeSet};

use super::family::{self, Family, Holds, Naming, Places};
use super::tree::{At, Shape, Tree};
use super::vocabulary::{Class, SectionKind};

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

impl Form {
    /// Milestones without an issue get what stands for issues in them.
    fn local(&mut self, tree: &Tree, places: &Places, families: &[Family], regions: &BTreeSet<At>) {
        let has_issues: BTreeSet<At> = self
            .issues
            .iter()
            .flat_map(|at| tree.ancestors(*at).filter(|it| places.milestone[*it] == Some(*it)).collect::<Vec<_>>())
            .collect();
        let mut found: BTreeMap<At, (i32, usize)> = BTreeMap::new();
        let numbers: BTreeSet<&str> =
            self.issues.iter().filter_map(|at| tree.nodes[*at].head.number.as_deref()).collect();
        let is_again = |at: At| {
            let head = &tree.nodes[at].head;
            tree.nodes[at].plain.starts_with('#') && head.number.as_deref().is_some_and(|it| numbers.contains(it))
        };
        let is_again: BTreeSet<At> = (1..tree.nodes.len()).filter(|at| is_again(*at)).collect();
        for (number, family) in families.iter().enumerate() {
            if family.signature.is_apart || family.score < LEAST {
                continue;
            }
            for region in family
                .members
                .iter()
                .filter(|at| !is_again.contains(at))
                .filter_map(|at| places.milestone[tree.nodes[*at].parent])
            {
                // The fields of a milestone in a list say that its issues stand elsewhere.
                let is_listed = tree.nodes[region].list.is_some()
                    && tree.nodes[region].children.iter().any(|child| family::is_own_field(&tree.nodes[*child]));
                if regions.contains(&region) && !has_issues.contains(&region) && !is_listed {
                    let best = found.entry(region).or_insert((family.score, number));
                    if family.score > best.0 {
                        *best = (family.score, number);
                    }
                }
            }
        }
        let mut more: BTreeSet<At> = self.issues.clone();
        for (region, (_, number)) in found {
            let inside = families[number].members.iter().copied();
            more.extend(
                inside
                    .filter(|at| !is_again.contains(at))
                    .filter(|at| places.milestone[tree.nodes[*at].parent] == Some(region) && !is_excluded(tree, *at)),
            );
        }
        // An issue that is there already is not taken for a group of these.
        more.retain(|at| self.issues.contains(at) || !tree.ancestors(*at).any(|outer| self.issues.contains(&outer)));
        self.issues = outermost(tree, &more);
    }

    /// Chooses the milestones, and which of them encloses each line.
    fn milestones(&mut self, tree: &Tree, places: &Places) {
        let candidates: BTreeSet<At> = (1..tree.nodes.len())
            .filter(|at| places.milestone[*at] == Some(*at) && !self.issues.contains(at))
            .collect();
        let inside = |at: At| tree.ancestors(at).filter(|it| candidates.contains(it)).collect::<Vec<_>>();
        let mut shapes: BTreeMap<(Shape, u8), BTreeSet<At>> = BTreeMap::new();
        for issue in &self.issues {
            for outer in inside(*issue) {
                shapes.entry((tree.nodes[outer].shape, tree.nodes[outer].depth)).or_default().insert(outer);
            }
        }
        let mut chosen: BTreeSet<At> = BTreeSet::new();
        for issue in &self.issues {
            let mut outer = inside(*issue);
            // `### Phase 2` below `## Phase 1` stands at the wrong level; it is no part of the other.
            if let Some(inner) = outer.first().and_then(|at| tree.nodes[*at].designator.clone()) {
                outer.retain(|at| {
                    let other = tree.nodes[*at].designator.as_ref();
                    other.is_none_or(|it| it.word != inner.word || it.name == inner.name)
                });
            }
            let rank = |at: &At| {
                let node = &tree.nodes[*at];
                let several = shapes.get(&(node.shape, node.depth)).is_some_and(|all| all.len() > 1);
                (several, family::class_of(tree, *at))
            };
            // Of equal ones the outermost, which comes last.
            chosen.extend(outer.iter().copied().max_by_key(rank));
        }
        // A single line of another shape among several milestones is none.
        let several = shapes.values().map(BTreeSet::len).max().unwrap_or(0) > 2;
        chosen.retain(|at| {
            let count = shapes.get(&(tree.nodes[*at].shape, tree.nodes[*at].depth)).map_or(0, BTreeSet::len);
            !(several && count == 1 && tree.nodes[*at].shape == Shape::Lead && tree.nodes[*at].plain.ends_with(':'))
        });
        if self.issues.is_empty() {
            chosen = candidates.clone();
        }
        // `Next` and `Later` beside `Done` are columns of a board.
        let is_board = chosen.iter().all(|at| family::class_of(tree, *at) == Some(Class::Horizon))
            && chosen.iter().any(|at| {
                let beside = tree.nodes[tree.nodes[*at].parent].children.iter();
                let mut kinds = beside.map(|it| tree.nodes[*it].section);
                kinds.any(|kind| matches!(kind, Some(SectionKind::Done | SectionKind::Open)))
            });
        if is_board && !places.is_declared {
            return;
        }
        // A milestone with an identity is one, also without issues.
        let identified = candidates.iter().filter(|at| places.is_declared && tree.nodes[**at].id.is_some());
        chosen.extend(identified.copied());
        self.beside(tree, places, &candidates, &mut chosen);
        if chosen.is_empty() {
            chosen = groups(tree, places, &self.issues);
        }
        self.milestones = chosen;
        for at in 1..tree.nodes.len() {
            let parent = tree.nodes[at].parent;
            self.milestone_of[at] =
                if self.milestones.contains(&parent) { Some(parent) } else { self.milestone_of[parent] };
        }
    }

    /// Adds the milestones that are written like the others and hold no issue, and those beside them without a number.
    fn beside(&self, tree: &Tree, places: &Places, candidates: &BTreeSet<At>, chosen: &mut BTreeSet<At>) {
        let shapes: BTreeSet<(Shape, u8, At)> =
            chosen.iter().map(|at| (tree.nodes[*at].shape, tree.nodes[*at].depth, tree.nodes[*at].parent)).collect();
        let classes: BTreeSet<_> = chosen.iter().map(|at| family::class_of(tree, *at)).collect();
        let of = |at: At| (tree.nodes[at].shape, tree.nodes[at].depth, tree.nodes[at].parent);
        let has_text = |at: At| tree.nodes[at].children.iter().any(|child| !tree.nodes[*child].plain.is_empty());
        let like = candidates
            .iter()
            .copied()
            .filter(|at| tree.nodes[*at].shape != Shape::Lead || has_text(*at))
            .filter(|at| shapes.contains(&of(*at)) && classes.contains(&family::class_of(tree, *at)));
        let like: Vec<At> = like.collect();
        chosen.extend(like);
        let Some(joint) = chosen.iter().next().and_then(|at| joint(&tree.nodes[*at].plain)) else { return };
        let is_joint = chosen.iter().filter(|at| tree.nodes[**at].plain.contains(joint)).count() * 2 > chosen.len();
        if !is_joint || chosen.len() < 2 {
            return;
        }
        let parents: BTreeSet<At> = self.issues.iter().flat_map(|at| tree.ancestors(*at)).collect();
        let plain = parents.into_iter().filter(|at| {
            let node = &tree.nodes[*at];
            shapes.contains(&of(*at))
                && node.section.is_none()
                && node.plain.contains(joint)
                && places.apart[*at].is_none()
                && matches!(node.shape, Shape::Heading(_))
        });
        let plain: Vec<At> = plain.collect();
        chosen.extend(plain);
    }
}

/// What stands between the designator and the title of a milestone.
fn joint(title: &str) -> Option<&'static str> {
    [" — ", " – ", " · ", " - ", ": "].into_iter().find(|joint| title.contains(joint))
}

/// The milestones of a plan whose groups have no designator: the headings or items right above the issues, where there are
/// several beside each other.
fn groups(tree: &Tree, places: &Places, issues: &BTreeSet<At>) -> BTreeSet<At> {
    let mut levels: BTreeMap<(Shape, u8), BTreeSet<At>> = BTreeMap::new();
    let mut nearest: BTreeMap<(Shape, u8), usize> = BTreeMap::new();
    for issue in issues {
        let outer = tree.ancestors(*issue).filter(|at| Some(*at) != places.title && is_group(tree, *at));
        for (distance, at) in outer.enumerate() {
            let key = (tree.nodes[at].shape, tree.nodes[at].depth);
            levels.entry(key).or_default().insert(at);
            *nearest.entry(key).or_default() += distance;
        }
    }
    // The outermost level with several groups in it.
    let several = levels.into_iter().filter(|(_, groups)| groups.len() > 1);
    let best = several.max_by_key(|(key, groups)| {
        let covered = issues.iter().filter(|at| tree.ancestors(**at).any(|it| groups.contains(&it))).count();
        (covered, nearest.get(key).copied().unwrap_or(0))
    });
    best.map(|(_, groups)| groups).unwrap_or_default()
}

/// Whether a line can be a milestone without a designator.
fn is_group(tree: &Tree, at: At) -> bool {
    let node = &tree.nodes[at];
    // `TODO (MVP scope)`: the remark says what it is for.
    let remark = node.plain.split_once('(').map(|(_, rest)| rest.to_lowercase()).unwrap_or_default();
    let is_scope = |word: &str| matches!(word, "mvp" | "release" | "scope" | "beta" | "launch");
    if node.section == Some(SectionKind::Open) && remark.split(|it: char| !it.is_alphanumeric()).any(is_scope) {
        return true;
    }
    let is_numbered = node.head.number.is_some() && node.section.is_some_and(SectionKind::is_apart);
    (node.section.is_none() || is_numbered) && node.shape != Shape::Row
}
