//! What is told twice is one: an overview and the full text, a script and its headings.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Assembly, folded};
use crate::plan::draft::DraftIssue;
use crate::plan::read::outline::Role;
use crate::plan::read::sources::{commands, lines};
use crate::plan::read::tree::{At, Shape};

use crate::plan::read::describe;

impl Assembly<'_> {
    /// Completes the issues whose details stand below a heading of their own.
    pub(super) fn details(&mut self) {
        let tree = self.context.tree;
        let by_name: HashMap<String, usize> = (self.nodes.iter().enumerate())
            .filter_map(|(number, at)| Some((tree.nodes[*at].designator.as_ref()?.name.clone(), number)))
            .collect();
        for at in (1..tree.nodes.len()).filter(|at| self.places.details[*at] == Some(*at)) {
            let name = tree.nodes[at].designator.as_ref().map(|it| it.name.clone()).unwrap_or_default();
            let Some(number) = by_name.get(&name) else { continue };
            let mut details = lines::issue(self.context, at, self.diagnostics);
            let there = &mut self.draft.issues[*number];
            if details.body.len() > there.body.len() {
                there.body = std::mem::take(&mut details.body);
                there.spans.body = std::mem::take(&mut details.spans.body);
                there.spans.boxes = std::mem::take(&mut details.spans.boxes);
            }
            details.has_state = false;
            details.closed = there.closed;
            details.number = None;
            merge_issue(there, details);
            self.outline.set(at, Role::Repeat, "it tells the details of an issue");
        }
    }

    /// Takes the issues of commands where the document has none by itself: else they are the same again.
    pub(super) fn commands(&mut self) {
        let script = commands::read(self.context.document, self.diagnostics);
        self.draft.labels.extend(script.labels);
        if script.issues.is_empty() {
            return;
        }
        let titles: HashSet<String> = self.draft.issues.iter().map(|issue| folded(&issue.title)).collect();
        let again = script.issues.iter().filter(|issue| titles.contains(&folded(&issue.title))).count();
        let tree = self.context.tree;
        let holds = |issue: &DraftIssue| {
            let line = self.context.document.source.position(issue.span.start).0;
            self.nodes.iter().copied().find(|at| tree.nodes[*at].line < line && line <= tree.nodes[*at].end)
        };
        let held = script.issues.iter().filter_map(holds).collect::<BTreeSet<At>>().len();
        let is_held = held * 2 > script.issues.len() && script.issues.len() >= self.draft.issues.len();
        if !is_held && (again * 2 >= script.issues.len() && again > 0 || self.draft.issues.len() > script.issues.len())
        {
            return;
        }
        // The headings above the commands only repeat their titles.
        for at in std::mem::take(&mut self.nodes) {
            self.outline.set(at, Role::Group, "the command below it is the issue");
        }
        self.draft.issues.clear();
        for mut issue in script.issues {
            let line = self.context.document.source.position(issue.span.start).0;
            let above = (1..self.context.tree.nodes.len()).rev().find(|at| {
                let node = &self.context.tree.nodes[*at];
                matches!(node.shape, Shape::Heading(_)) && node.line < line
            });
            if let Some(above) = above {
                issue.number = issue.number.take().or_else(|| self.context.tree.nodes[above].head.number.clone());
            }
            self.draft.issues.push(issue);
            self.nodes.push(above.unwrap_or(0));
        }
    }

    /// Merges issues that are told twice: in an overview and in full.
    pub(super) fn merge(&mut self) {
        let tree = self.context.tree;
        let rank = |at: At| match tree.nodes[at].shape {
            Shape::Heading(_) => 0u8,
            Shape::Lead => 1,
            _ => 2,
        };
        // The first issue of each name, rank and milestone; `None` stands for any milestone, `Some(None)` for none.
        let mut first: HashMap<(String, u8, Option<Option<usize>>), usize> = HashMap::new();
        for (number, issue) in self.draft.issues.iter().enumerate() {
            let rank = rank(self.nodes[number]);
            for name in names(issue) {
                first.entry((name.clone(), rank, None)).or_insert(number);
                first.entry((name, rank, Some(issue.place))).or_insert(number);
            }
        }
        let mut into: BTreeMap<usize, usize> = BTreeMap::new();
        for (number, issue) in self.draft.issues.iter().enumerate() {
            let places = if issue.place.is_some() { vec![Some(issue.place), Some(None)] } else { vec![None] };
            let mut fuller: Vec<usize> = Vec::new();
            for name in names(issue) {
                for above in 0..rank(self.nodes[number]) {
                    fuller.extend(places.iter().filter_map(|place| first.get(&(name.clone(), above, *place)).copied()));
                }
            }
            if let Some(first) = fuller.into_iter().min() {
                into.insert(number, first);
            }
        }
        for (from, to) in &into {
            let from = self.draft.issues[*from].clone();
            merge_issue(&mut self.draft.issues[*to], from);
        }
        for from in into.keys().rev() {
            self.draft.issues.remove(*from);
            let at = self.nodes.remove(*from);
            self.outline.set(at, Role::Repeat, "the same issue is read in full elsewhere");
        }
        // What is struck through is dropped: no issue is made of it.
        for number in
            (0..self.draft.issues.len()).rev().filter(|it| self.draft.issues[*it].is_dropped).collect::<Vec<_>>()
        {
            self.draft.issues.remove(number);
            let at = self.nodes.remove(number);
            self.outline.set(at, Role::Skipped, "it is struck through");
        }
        self.major = None;
        for (number, at) in self.nodes.iter().enumerate() {
            self.outline.set(*at, Role::Issue, describe::issue(tree, *at));
            let has_id = self.draft.issues[number].has_id;
            if tree.nodes[*at].plain.to_lowercase().contains("major milestone") && !has_id {
                self.major = Some(number);
            }
        }
    }
}

/// By what an issue is known again.
pub(super) fn names(issue: &DraftIssue) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    names.extend(issue.key.as_deref().map(|key| format!("key {}", key.to_lowercase())));
    let title = folded(&issue.title);
    if !title.is_empty() {
        if let Some(rest) = issue.key.as_deref().and_then(|key| title.strip_prefix(&folded(key))) {
            names.extend(Some(rest.trim()).filter(|rest| !rest.is_empty()).map(|rest| format!("title {rest}")));
        }
        names.push(format!("title {title}"));
    }
    names
}

pub(super) fn merge_issue(there: &mut DraftIssue, new: DraftIssue) {
    if there.title.is_empty() || there.key.as_ref() == Some(&there.title) {
        there.title = new.title;
        there.spans.title = new.spans.title;
    }
    there.key = there.key.take().or(new.key);
    there.number = there.number.take().or(new.number);
    if !there.has_state || new.has_state && new.closed {
        there.closed = new.closed;
        there.spans.state = new.spans.state.or(there.spans.state.take());
    }
    there.spans.milestone = match &there.milestone {
        None if new.milestone.is_some() || there.place.is_none() => {
            new.spans.milestone.or(there.spans.milestone.take())
        }
        _ => there.spans.milestone.take().or(new.spans.milestone),
    };
    there.spans.labels.lists.extend(new.spans.labels.lists);
    there.spans.assignees.lists.extend(new.spans.assignees.lists);
    there.spans.depends_on.lists.extend(new.spans.depends_on.lists);
    there.place = there.place.or(new.place);
    there.milestone = there.milestone.take().or(new.milestone);
    there.hint = there.hint.take().or(new.hint);
    there.labels.extend(new.labels);
    there.assignees.extend(new.assignees);
    there.depends_on.extend(new.depends_on);
    there.blocks.extend(new.blocks);
    there.parent = there.parent.take().or(new.parent);
    if there.body.is_empty() {
        there.body = new.body;
        there.spans.body = new.spans.body;
        there.spans.boxes = new.spans.boxes;
    }
}
