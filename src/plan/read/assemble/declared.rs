//! Milestones that lists, tables, columns and issues name, and the issues that they list.

use std::collections::{HashMap, HashSet};

use super::{Assembly, folded, listed_issues, merge_milestone, names_version};
use crate::plan::draft::{DraftIssue, DraftMilestone, Spanned};
use crate::plan::read::outline::Role;

use crate::plan::read::tree::{At, Shape};
use crate::plan::read::vocabulary::{self, FieldKind, SectionKind};
use crate::plan::read::{milestones, references};
use crate::plan::spans::{MilestoneSpans, Placement};
use crate::plan::title;

impl Assembly<'_> {
    /// Milestones that a list or table declares: they complete those that are there, or are the milestones themselves.
    pub(super) fn declared_milestones(&mut self) {
        let (document, tree) = (self.context.document, self.context.tree);
        let mut declared: Vec<(Option<At>, DraftMilestone)> = Vec::new();
        for at in 1..tree.nodes.len() {
            let node = &tree.nodes[at];
            let is_outside =
                !self.context.items.contains(&at) && !tree.ancestors(at).any(|outer| self.form.issues.contains(&outer));
            let in_section = tree.nodes[node.parent].section == Some(SectionKind::Milestones);
            let has_date =
                node.fields.iter().any(|it| matches!(it, FieldKind::Due | FieldKind::Purpose | FieldKind::Issues));
            let is_designated = node.designator.is_some() || node.head.key.is_some();
            let is_item = matches!(node.shape, Shape::Bullet | Shape::Number | Shape::Box | Shape::Heading(_));
            let is_apart = self.places.apart[at].is_some() && node.designator.is_some() && node.own.len() < 8;
            let is_listed = is_item && node.depth == 0 && in_section && (is_designated || has_date);
            if is_outside && (is_listed || is_apart && is_item && node.depth == 0) {
                let mut milestone = milestones::of_line(self.context, at, self.diagnostics);
                listed_issues(tree, at, &mut milestone);
                declared.push((Some(at), milestone));
            }
        }
        for (id, table) in tree.tables.iter().filter(|(_, table)| table.is_milestones()) {
            for row in document.block(*id).children.iter().skip(1) {
                let at = tree
                    .nodes
                    .iter()
                    .position(|node| node.shape == Shape::Row && node.line == document.block(*row).line);
                if let Some(milestone) = milestones::of_row(self.context, table, *row)
                    && !at.is_some_and(|at| self.context.items.contains(&at))
                {
                    declared.push((at, milestone));
                }
            }
        }
        self.declare(declared);
    }

    pub(super) fn declare(&mut self, declared: Vec<(Option<At>, DraftMilestone)>) {
        let wanted: HashSet<String> = self
            .draft
            .issues
            .iter()
            .flat_map(|issue| issue.milestone.iter().chain(&issue.hint))
            .flat_map(|name| {
                let designator = vocabulary::designator(&name.text).map(|it| it.name);
                designator.into_iter().chain([folded(&name.text)])
            })
            .collect();
        let is_empty = self.draft.milestones.is_empty();
        let is_wanted = |milestone: &DraftMilestone| {
            let names =
                [milestone.designator.clone(), milestone.key.as_deref().map(folded), Some(folded(&milestone.title))];
            names.into_iter().flatten().any(|name| wanted.contains(&name)) || is_empty && !milestone.issues.is_empty()
        };
        let mut rest: Vec<(Option<At>, DraftMilestone)> = Vec::new();
        for (at, milestone) in declared {
            match self.known_milestone(&milestone) {
                Some(there) => {
                    merge_milestone(&mut self.draft.milestones[there], milestone);
                    at.into_iter().for_each(|at| self.outline.set(at, Role::Repeat, "it restates a milestone"));
                }
                None => rest.push((at, milestone)),
            }
        }
        let any_wanted = rest.iter().any(|(_, milestone)| is_wanted(milestone));
        let by_groups = self.draft.milestones.iter().all(|milestone| milestone.designator.is_none());
        let is_alone = self.draft.milestones.is_empty() && (self.draft.issues.is_empty() || any_wanted);
        if !(is_alone || any_wanted) {
            return;
        }
        if by_groups && any_wanted && !self.draft.milestones.is_empty() {
            self.draft.milestones.clear();
            self.milestone_at.clear();
            self.draft.issues.iter_mut().for_each(|issue| issue.place = None);
        }
        // Two of one list are two, even where they are called the same; that is an error of its own.
        let list_of = |at: Option<At>| at.and_then(|at| self.context.tree.nodes[at].list);
        let mut lists: Vec<Option<usize>> = vec![None; self.draft.milestones.len()];
        for (at, milestone) in rest {
            let known = self.known_milestone(&milestone).filter(|there| {
                lists.get(*there).copied().flatten().is_none() || lists.get(*there).copied().flatten() != list_of(at)
            });
            if let Some(there) = known {
                merge_milestone(&mut self.draft.milestones[there], milestone);
                at.into_iter().for_each(|at| self.outline.set(at, Role::Repeat, "it restates a milestone"));
                continue;
            }
            at.into_iter().for_each(|at| self.outline.set(at, Role::Milestone, "a list or table of milestones has it"));
            lists.push(list_of(at));
            self.draft.milestones.push(milestone);
        }
    }

    pub(super) fn known_milestone(&self, milestone: &DraftMilestone) -> Option<usize> {
        self.draft.milestones.iter().position(|there| {
            let same_title = folded(&there.title) == folded(&milestone.title);
            let same = there.designator.is_some() && there.designator == milestone.designator;
            let same_key = there.key.is_some() && there.key == milestone.key;
            let inside = there.designator.is_none()
                && milestone.designator.as_ref().is_some_and(|name| there.title.to_lowercase().contains(name.as_str()));
            same_title
                || same
                || same_key
                || inside
                || milestone.designator.as_ref().is_some_and(|name| names_version(&there.title, name))
        })
    }

    /// Gives issues the milestones that list them, and parents.
    pub(super) fn place(&mut self) {
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (at, issue) in self.draft.issues.iter().enumerate() {
            for name in [&issue.key, &issue.number, &Some(issue.title.clone())].into_iter().flatten() {
                by_name.entry(references::bare(name).to_lowercase()).or_insert(at);
            }
        }
        for (number, milestone) in self.draft.milestones.iter().enumerate() {
            for listed in &milestone.issues {
                let wanted = references::bare(&listed.text).to_lowercase();
                if let Some(at) = by_name.get(&wanted) {
                    let issue = &mut self.draft.issues[*at];
                    if issue.place.is_none() {
                        issue.place = Some(number);
                        issue.spans.milestone.get_or_insert(Placement::Listed(listed.span.clone()));
                    }
                }
            }
        }
        for number in 0..self.draft.issues.len() {
            let Some(hint) = self.draft.issues[number].hint.clone() else { continue };
            let name = vocabulary::designator(&hint.text).map(|it| it.name);
            let there = self.draft.milestones.iter().position(|it| it.designator.is_some() && it.designator == name);
            if let Some(there) = there {
                self.draft.issues[number].place = Some(there);
                self.draft.issues[number].spans.milestone = Some(Placement::Cell(hint.span));
            }
        }
        let titles: Vec<Spanned> = self.draft.issues.iter().map(DraftIssue::name).collect();
        if let Some(major) = self.major {
            for (_, issue) in self.draft.issues.iter_mut().enumerate().filter(|(at, _)| *at != major) {
                issue.parent = issue.parent.take().or_else(|| titles.get(major).cloned());
            }
        }
        self.named_milestones();
    }

    /// Where no milestone is declared that issues name, the names are the milestones.
    pub(super) fn named_milestones(&mut self) {
        let names: HashSet<String> = self
            .draft
            .milestones
            .iter()
            .flat_map(|it| [it.key.as_deref().map(folded), Some(folded(&it.title)), it.designator.clone()])
            .flatten()
            .collect();
        let is_known = |name: &Spanned| {
            names.contains(&folded(&name.text))
                || vocabulary::designator(&name.text).is_some_and(|it| names.contains(&it.name))
        };
        let written: Vec<Spanned> = self.draft.issues.iter().filter_map(|issue| issue.milestone.clone()).collect();
        let is_column = self.draft.issues.iter().any(|issue| issue.is_column);
        if written.iter().any(is_known) || !self.draft.milestones.is_empty() && !is_column {
            return;
        }
        if !self.draft.milestones.is_empty() {
            // A column says it of each row; what encloses them says less.
            self.draft.issues.iter_mut().for_each(|issue| issue.milestone = None);
            return;
        }
        let mut known: HashSet<String> = HashSet::new();
        for name in written {
            let title = title::clean(&name.text);
            if known.insert(title.to_lowercase()) {
                let designator = vocabulary::designator(&title).map(|it| it.name);
                self.draft.milestones.push(DraftMilestone {
                    title,
                    designator,
                    spans: MilestoneSpans {
                        line: name.span.clone(),
                        extent: name.span.clone(),
                        ..MilestoneSpans::default()
                    },
                    span: name.span,
                    ..DraftMilestone::default()
                });
            }
        }
    }
}
