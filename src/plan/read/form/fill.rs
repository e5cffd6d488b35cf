//! What is an issue beside the families that were chosen: in milestones without any, in lists that mix boxes and bullets,
//! and in sections of finished work.

use std::collections::{BTreeMap, BTreeSet};

use super::{Form, LEAST, is_excluded, outermost};
use crate::plan::read::family::{self, Family, Places};
use crate::plan::read::markdown::Id;
use crate::plan::read::tree::{At, Shape, Tree};
use crate::plan::read::vocabulary::SectionKind;

impl Form {
    /// Milestones without an issue get what stands for issues in them.
    pub(super) fn local(&mut self, tree: &Tree, places: &Places, families: &[Family], regions: &BTreeSet<At>) {
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

    /// A bullet in one list with boxes that are issues is one too: people forget the box.
    pub(super) fn siblings(&mut self, tree: &Tree, places: &Places) {
        let is_box = |at: &&At| tree.nodes[**at].shape == Shape::Box;
        let lists: BTreeSet<Id> = self.issues.iter().filter(is_box).filter_map(|at| tree.nodes[*at].list).collect();
        let more = (1..tree.nodes.len()).filter(|at| {
            let node = &tree.nodes[*at];
            node.list.is_some_and(|list| lists.contains(&list)) && self.is_plain_item(tree, places, *at)
        });
        let more: Vec<At> = more.collect();
        self.issues.extend(more);
    }

    /// The items of a section of finished or open work beside those that hold the issues are issues too, where these are
    /// items of lists.
    pub(super) fn sections_of_work(&mut self, tree: &Tree, places: &Places) {
        let nodes = &tree.nodes;
        let holders: BTreeSet<(Shape, At)> = self
            .issues
            .iter()
            .filter(|at| nodes[**at].list.is_some() && nodes[**at].shape != Shape::Row)
            .map(|at| &nodes[nodes[*at].parent])
            .filter(|node| matches!(node.shape, Shape::Heading(_)))
            .map(|node| (node.shape, node.parent))
            .collect();
        let is_work = |at: &At| {
            let node = &nodes[*at];
            matches!(node.section, Some(SectionKind::Done | SectionKind::Open))
                && holders.contains(&(node.shape, node.parent))
                && places.apart[*at].is_none()
                && !node.children.iter().any(|child| self.issues.contains(child))
        };
        let more: Vec<At> = (1..nodes.len())
            .filter(is_work)
            .flat_map(|at| nodes[at].children.iter().copied())
            .filter(|at| nodes[*at].shape == Shape::Box || self.is_plain_item(tree, places, *at))
            .collect();
        self.issues.extend(more);
    }

    /// Whether an item of a list is neither an issue yet nor a field, a group or a remark.
    fn is_plain_item(&self, tree: &Tree, places: &Places, at: At) -> bool {
        let node = &tree.nodes[at];
        matches!(node.shape, Shape::Bullet | Shape::Number)
            && !self.issues.contains(&at)
            && !family::is_own_field(node)
            && !places.label[at]
            && !places.repeat[at]
            && places.milestone[at] != Some(at)
            && places.apart[node.parent].is_none()
            && !is_excluded(tree, at)
            && !node.plain.trim_end().ends_with([':', '：'])
    }
}
