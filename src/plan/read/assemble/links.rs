//! What waits for what, what is a part of what, and the labels that the document declares.

use std::collections::{HashMap, HashSet};

use super::{Assembly, folded};
use crate::plan::draft::{Draft, DraftIssue, Spanned};
use crate::plan::read::outline::Role;

use crate::plan::read::tree::Shape;
use crate::plan::read::vocabulary::{self, SectionKind};
use crate::plan::read::{dependencies, gates, item_line, labels, references};
use crate::plan::spans::{self, BoxSpan, IssueSpans, ListManner, ListSpan, Placement, StateManner};
use crate::plan::title;

impl Assembly<'_> {
    /// Remarks at the end of titles that say what goes first by titles: `Billing (depends on Telemetry)`. Only now it is
    /// known which titles there are.
    pub(super) fn remarks(&mut self) {
        let titles: HashSet<String> = self.draft.issues.iter().map(|issue| folded(&issue.title)).collect();
        for issue in self.draft.issues.iter_mut().filter(|issue| issue.depends_on.is_empty()) {
            let Some((front, remark)) = item_line::last_remark(&issue.title) else { continue };
            let Some(names) = vocabulary::after_dependency(remark) else { continue };
            let names: Vec<&str> =
                names.trim_start_matches([':', '：', ' ']).split([',', ';', '、']).map(str::trim).collect();
            if !names.iter().all(|name| titles.contains(&folded(name))) {
                continue;
            }
            let place = |name: &str| {
                let found = spans::of_word(&self.context.document.source, &issue.span, name);
                Spanned { text: name.to_owned(), span: found.unwrap_or_else(|| issue.span.clone()) }
            };
            issue.depends_on = names.iter().map(|name| place(name)).collect();
            let start = issue.depends_on.first().map_or(0, |it| it.span.start);
            let end = issue.depends_on.last().map_or(start, |it| it.span.end);
            let list = ListSpan { manner: ListManner::Line, span: start..end.max(start) };
            issue.spans.depends_on.lists.push(list);
            issue.title = title::clean(front);
        }
    }

    /// Reads what sections say of dependencies, now that all issues are known.
    pub(super) fn links(&mut self) {
        let bare = |text: &str| references::bare(text).to_lowercase();
        let known: HashSet<String> = self
            .draft
            .issues
            .iter()
            .flat_map(|issue| [&issue.key, &issue.number])
            .flatten()
            .map(|name| bare(name))
            .collect();
        let is_known = |word: &str| {
            known.contains(&bare(word))
                && (word.starts_with('#') || word.contains(|it: char| it.is_ascii_alphabetic() || it == '.'))
        };
        let tree = self.context.tree;
        for at in 1..tree.nodes.len() {
            let node = &tree.nodes[at];
            let is_inside = std::iter::once(at)
                .chain(tree.ancestors(at))
                .any(|outer| self.context.items.contains(&outer) && self.form.issues.contains(&outer));
            let is_nested = self.places.apart[node.parent]
                .is_some_and(|outer| tree.nodes[outer].section == Some(SectionKind::Dependencies));
            if node.section != Some(SectionKind::Dependencies)
                || !matches!(node.shape, Shape::Heading(_) | Shape::Lead)
                || is_inside
                || is_nested
            {
                continue;
            }
            let found = dependencies::read(self.context.document, tree, at, &is_known);
            if found.len() > dependencies::MOST {
                let message = format!("this section has more than {} dependencies", dependencies::MOST);
                let help = "list single issues instead of ranges";
                self.diagnostics.error("too-many-dependencies", node.span.clone(), message, help);
            }
            if !found.is_empty() {
                self.outline.section(tree, at, Role::Dependency);
            }
            self.draft.links.extend(found);
        }
        for at in 1..tree.nodes.len() {
            if tree.nodes[at].section == Some(SectionKind::Setup)
                && !self.form.issues.contains(&at)
                && matches!(tree.nodes[at].shape, Shape::Heading(_) | Shape::Lead)
            {
                let gates = gates::pinned(tree, at);
                if !gates.is_empty() {
                    self.outline.section(tree, at, Role::Gate);
                }
                self.draft.gates.extend(gates);
            }
        }
    }

    /// One issue for each milestone, with its boxes in it.
    pub(super) fn checklists(&mut self) {
        let tree = self.context.tree;
        if !self.nodes.iter().any(|at| tree.nodes[*at].shape == Shape::Box) {
            let message = "`tasks: checklist` has no effect, because the issues in this plan are not checkboxes";
            self.diagnostics.note("no-effect", self.context.document.source.lines(1, 1), message, "remove it");
            return;
        }
        let mut merged: Vec<DraftIssue> = Vec::new();
        let mut at: Vec<Option<usize>> = vec![None; self.draft.milestones.len()];
        for issue in std::mem::take(&mut self.draft.issues) {
            let Some(milestone) = issue.place else {
                merged.push(issue);
                continue;
            };
            let spans = issue.spans;
            let source = &self.context.document.source;
            let text = spans.title.and_then(|within| spans::of_title(source, &within, &issue.title));
            let state = spans.state.filter(|state| state.manner == StateManner::Box).map(|state| state.span);
            let own = BoxSpan { tick: state, text: text.unwrap_or(issue.span) };
            let tick = if issue.closed { 'x' } else { ' ' };
            let mut line = format!("- [{tick}] {}", issue.title);
            for below in issue.body.lines() {
                line.push_str(&format!("\n  {below}"));
            }
            let there = *at[milestone].get_or_insert_with(|| {
                let of = &self.draft.milestones[milestone];
                merged.push(DraftIssue {
                    title: of.title.clone(),
                    place: Some(milestone),
                    closed: true,
                    span: of.span.clone(),
                    spans: IssueSpans {
                        line: of.spans.line.clone(),
                        extent: of.spans.extent.clone(),
                        title: Some(of.span.clone()),
                        milestone: Some(Placement::Section(of.spans.line.clone())),
                        ..IssueSpans::default()
                    },
                    ..DraftIssue::default()
                });
                merged.len() - 1
            });
            let one = &mut merged[there];
            one.closed &= issue.closed;
            one.body.push_str(if one.body.is_empty() { "" } else { "\n" });
            one.body.push_str(&line);
            one.spans.body.push(spans.extent);
            one.spans.boxes.push(own);
            one.spans.boxes.extend(spans.boxes);
            one.labels.extend(issue.labels);
            one.assignees.extend(issue.assignees);
            one.spans.labels.lists.extend(spans.labels.lists);
            one.spans.assignees.lists.extend(spans.assignees.lists);
        }
        self.draft.issues = merged;
    }

    pub(super) fn declared_labels(&mut self) {
        let (document, tree) = (self.context.document, self.context.tree);
        for (id, table) in tree.tables.iter().filter(|(_, table)| table.is_labels()) {
            self.draft.labels.extend(labels::of_table(document, *id, table));
        }
        for at in 1..tree.nodes.len() {
            let node = &tree.nodes[at];
            let is_inside =
                self.context.items.contains(&at) || tree.ancestors(at).any(|outer| self.form.issues.contains(&outer));
            if matches!(node.shape, Shape::Heading(_) | Shape::Lead) && !is_inside {
                let within = std::iter::once(at).chain(tree.ancestors(at));
                let mut kinds = within.map(|it| tree.nodes[it].section);
                if kinds.any(|kind| kind == Some(SectionKind::Labels)) {
                    self.draft.labels.extend(labels::read(document, tree, at));
                    self.outline.section(tree, at, Role::Label);
                }
            }
        }
        self.draft.labels.dedup_by(|a, b| a.name == b.name);
    }
}

/// The one epic of a milestone is the parent of its tasks.
pub(super) fn parents(draft: &mut Draft) {
    let is_epic = |title: &str| {
        let title = title.to_lowercase();
        ["epic:", "épico:", "épica:"].iter().any(|word| title.starts_with(word))
    };
    let mut epics: HashMap<usize, Vec<&DraftIssue>> = HashMap::new();
    for issue in draft.issues.iter().filter(|issue| is_epic(&issue.title)) {
        if let Some(milestone) = issue.place.filter(|_| !issue.has_id) {
            epics.entry(milestone).or_default().push(issue);
        }
    }
    let only = epics.into_iter().filter_map(|(milestone, epics)| match epics[..] {
        [epic] => Some((milestone, epic.name())),
        _ => None,
    });
    let parents: HashMap<usize, Spanned> = only.collect();
    for task in draft.issues.iter_mut().filter(|issue| issue.parent.is_none() && !is_epic(&issue.title)) {
        task.parent = task.place.and_then(|milestone| parents.get(&milestone)).cloned();
    }
}
