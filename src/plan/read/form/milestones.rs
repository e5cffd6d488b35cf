//! Which lines are milestones.

use std::collections::{BTreeMap, BTreeSet};

use super::Form;
use crate::plan::read::family::{self, Places};
use crate::plan::read::tree::{At, Shape, Tree};
use crate::plan::read::vocabulary::{Class, SectionKind};

impl Form {
    /// Chooses the milestones, and which of them encloses each line.
    pub(super) fn milestones(&mut self, tree: &Tree, places: &Places) {
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
    // `Backlog (MVP scope)`: the remark says what it is for.
    let remark = node.plain.split_once('(').map(|(_, rest)| rest.to_lowercase()).unwrap_or_default();
    let is_scope = |word: &str| matches!(word, "mvp" | "release" | "scope" | "beta" | "launch");
    if node.section == Some(SectionKind::Open) && remark.split(|it: char| !it.is_alphanumeric()).any(is_scope) {
        return true;
    }
    let is_numbered = node.head.number.is_some() && node.section.is_some_and(SectionKind::is_apart);
    (node.section.is_none() || is_numbered) && node.shape != Shape::Row
}
