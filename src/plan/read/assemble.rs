//! Puts the draft together: reads every milestone and issue, merges what is told twice, and gives each its place.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::content::{self, Context};
use super::family::{Family, Places};
use super::form::Form;
use super::markdown::Document;
use super::outline::{Outline, Role};
use super::sources::{commands, lines, rows};
use super::tree::{At, Shape, Tree};
use super::vocabulary::{self, FieldKind, SectionKind};
use super::{DIALECTS, dependencies, describe, gates, item_line, labels, milestones, references};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::draft::{Draft, DraftIssue, DraftMilestone, Spanned};
use crate::plan::settings::{Settings, Tasks};
use crate::plan::spans::{
    self, BoxSpan, IssueSpans, ListManner, ListSpan, MilestoneSpans, Placement, StateManner, StateSpan,
};
use crate::plan::{graph, title};

/// Reads the milestones and issues of a form.
pub(super) fn draft(
    document: &Document,
    tree: &Tree,
    places: &Places,
    families: &[Family],
    form: &Form,
    settings: &Settings,
    diagnostics: &mut Diagnostics,
) -> Draft {
    let items: BTreeSet<At> = form.issues.union(&form.milestones).copied().collect();
    let context = Context { document, tree, items: &items };
    let mut assembly = Assembly {
        context: &context,
        places,
        form,
        draft: Draft { title: document_title(tree, places), ..Draft::default() },
        outline: Outline::new(tree),
        milestone_at: HashMap::new(),
        nodes: Vec::new(),
        major: None,
        diagnostics,
    };
    assembly.milestones();
    assembly.issues();
    assembly.details();
    assembly.remarks();
    assembly.partly_done();
    assembly.unknown_states();
    assembly.commands();
    assembly.merge();
    assembly.declared_milestones();
    assembly.links();
    assembly.place();
    assembly.draft.graph = graph::read(document);
    if settings.tasks == Tasks::Checklist {
        assembly.checklists();
    }
    parents(&mut assembly.draft);
    assembly.declared_labels();
    let Assembly { mut draft, mut outline, nodes, diagnostics, .. } = assembly;
    let commands = commands::count(document);
    let preset = DIALECTS.iter().find(|(name, _)| settings.dialect.as_ref().is_some_and(|it| it.text == *name));
    draft.dialect = describe::dialect(tree, form, nodes.iter().all(|at| !form.issues.contains(at)) && commands > 0);
    draft.dialect = preset.map_or(draft.dialect, |(name, _)| *name);
    draft.why = describe::why(tree, form, commands);
    draft.seen = describe::seen(tree);
    outline.finish(tree, places, families, form, diagnostics);
    draft.ignored = outline.ignored;
    draft.outline = outline.lines;
    draft
}

fn document_title(tree: &Tree, places: &Places) -> String {
    let headings = || tree.nodes.iter().filter(|node| matches!(node.shape, Shape::Heading(_)));
    let first = places.title.map(|at| &tree.nodes[at]);
    let first = first.or_else(|| headings().find(|node| node.shape == Shape::Heading(1))).or_else(|| headings().next());
    first.map(|node| title::clean(&super::markdown::inline::plain(&node.lines))).unwrap_or_default()
}

struct Assembly<'c> {
    context: &'c Context<'c>,
    places: &'c Places,
    form: &'c Form,
    draft: Draft,
    outline: Outline,
    /// Where in the draft the milestone of a line is.
    milestone_at: HashMap<At, usize>,
    /// The line of each issue in the draft.
    nodes: Vec<At>,
    /// The issue that is called the major milestone: the parent of the others.
    major: Option<usize>,
    diagnostics: &'c mut Diagnostics,
}

impl Assembly<'_> {
    fn milestones(&mut self) {
        let mut known: HashMap<String, usize> = HashMap::new();
        for at in self.form.milestones.iter().copied() {
            let mut milestone = milestones::of_line(self.context, at, self.diagnostics);
            listed_issues(self.context.tree, at, &mut milestone);
            // The same one may be told of twice: an overview and a section of its own.
            let is_identified = self.context.tree.nodes[at].id.is_some();
            let designator = milestone.designator.as_ref().filter(|_| !is_identified);
            let again = designator.and_then(|name| known.get(name)).copied().filter(|there| {
                let first = &self.draft.milestones[*there];
                is_empty(&milestone) || is_empty(first) || title_of(first) == title_of(&milestone)
            });
            let version = designator.cloned().filter(|name| name.starts_with('v'));
            let again = again.or_else(|| {
                let name = version?;
                self.draft
                    .milestones
                    .iter()
                    .position(|there| there.designator.as_ref() != Some(&name) && names_version(&there.title, &name))
            });
            let number = match again {
                Some(there) => {
                    merge_milestone(&mut self.draft.milestones[there], milestone);
                    self.outline.set(at, Role::Repeat, "it is the milestone that is named before");
                    there
                }
                None => {
                    let number = self.draft.milestones.len();
                    known.extend(milestone.designator.clone().map(|name| (name, number)));
                    self.draft.milestones.push(milestone);
                    self.outline.set(at, Role::Milestone, describe::milestone(self.context.tree, at));
                    number
                }
            };
            self.milestone_at.insert(at, number);
        }
    }

    fn issues(&mut self) {
        let tree = self.context.tree;
        let mut parts: BTreeMap<At, Vec<usize>> = BTreeMap::new();
        for at in self.form.issues.iter().copied() {
            let issue = if tree.nodes[at].shape == Shape::Row {
                rows::issue(self.context, at, self.diagnostics)
            } else {
                Some(lines::issue(self.context, at, self.diagnostics))
            };
            let Some(mut issue) = issue else { continue };
            if tree.nodes[at].is_struck && !issue.closed {
                issue.is_dropped = true;
            }
            self.state(at, &mut issue);
            if let Some(parent) = tree.ancestors(at).find(|outer| self.form.parents.contains(outer)) {
                parts.entry(parent).or_default().push(self.draft.issues.len());
            }
            let above = self.form.milestone_of[at];
            issue.place = above.and_then(|it| self.milestone_at.get(&it)).copied();
            if let Some(above) = above.filter(|_| issue.spans.milestone.is_none()) {
                issue.spans.milestone = Some(Placement::Section(content::lines_around(self.context, above).0));
            }
            if tree.nodes[at].plain.to_lowercase().contains("major milestone") && !issue.has_id {
                self.major = Some(self.draft.issues.len());
            }
            self.draft.issues.push(issue);
            self.nodes.push(at);
        }
        for (parent, parts) in parts {
            let Some(number) = self.nodes.iter().position(|at| *at == parent) else { continue };
            let issues = &mut self.draft.issues;
            if !issues[number].has_state {
                issues[number].closed = parts.iter().all(|part| issues[*part].closed);
            }
            let name = issues[number].name();
            parts.iter().for_each(|part| issues[*part].parent = issues[*part].parent.take().or(Some(name.clone())));
        }
    }

    /// Remarks at the end of titles that say what goes first by titles: `Billing (depends on Telemetry)`. Only now it is
    /// known which titles there are.
    fn remarks(&mut self) {
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

    /// Asks which issues of a milestone are done that says only that some are.
    fn partly_done(&mut self) {
        for at in &self.form.milestones {
            let node = &self.context.tree.nodes[*at];
            let text = node.plain.to_lowercase();
            let number = self.milestone_at.get(at).copied();
            let says = ["partially complete", "partly complete", "partially done", "partly done", "teilweise"];
            let is_partly = says.iter().any(|word| text.contains(word));
            let mut inside = self.draft.issues.iter().filter(|issue| issue.place == number);
            if is_partly && inside.all(|issue| !issue.has_state) {
                self.diagnostics.warning(
                    "unclear-state",
                    node.span.clone(),
                    "some of this milestone's issues are done, but the plan does not say which ones",
                    "tick their boxes, or give them a status",
                );
            }
        }
    }

    /// Reports the words of states that are not known: their issues stay open, and some may be done.
    fn unknown_states(&mut self) {
        let all: Vec<&Spanned> =
            self.draft.issues.iter().filter(|it| !it.closed).filter_map(|it| it.unknown_state.as_ref()).collect();
        let words: BTreeSet<&str> = all.iter().map(|state| state.text.as_str()).collect();
        let Some(first) = all.first() else { return };
        let listed: Vec<String> = words.iter().take(3).map(|word| format!("`{word}`")).collect();
        let others = if words.len() > listed.len() { ", …" } else { "" };
        let noun = if all.len() == 1 { "1 issue is".to_owned() } else { format!("{} issues are", all.len()) };
        self.diagnostics.warning(
            "unknown-state",
            first.span.clone(),
            format!("{noun} read as open, because the status is not a known word: {}{others}", listed.join(", ")),
            "write `done`, `open` or another known word, or tick a box",
        );
    }

    /// Completes the issues whose details stand below a heading of their own.
    fn details(&mut self) {
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

    /// An issue whose line says nothing of its state has that of the section it stands in.
    fn state(&self, at: At, issue: &mut DraftIssue) {
        if issue.has_state {
            return;
        }
        let tree = self.context.tree;
        for outer in tree.ancestors(at) {
            let node = &tree.nodes[outer];
            let state = match node.section {
                Some(SectionKind::Done) if Some(outer) != self.places.title => Some(true),
                Some(SectionKind::Open) if Some(outer) != self.places.title => Some(false),
                _ => self.milestone_state(outer),
            };
            if let Some(done) = state {
                issue.closed = done;
                let span = content::lines_around(self.context, outer).0;
                issue.spans.state = Some(StateSpan { manner: StateManner::Section, span });
                return;
            }
        }
    }

    /// What a milestone says of its own state.
    fn milestone_state(&self, at: At) -> Option<bool> {
        if !self.form.milestones.contains(&at) {
            return None;
        }
        let node = &self.context.tree.nodes[at];
        let of_field = self.milestone_at.get(&at).and_then(|at| self.draft.milestones[*at].done);
        let ending = node.plain.rsplit(['(', '—', '–', '-', '[', ':']).next().unwrap_or_default();
        let of_words = vocabulary::is_done(ending.trim_end_matches([')', ']', ' '])) && ending.len() < node.plain.len();
        let glyph = node.head.done().filter(|done| !done || self.is_glyph_status());
        of_field.or_else(|| of_words.then_some(true)).or(glyph)
    }

    /// Whether the milestones beside one carry other glyphs of state: a lone `✅` decorates.
    fn is_glyph_status(&self) -> bool {
        let all: Vec<Option<bool>> =
            self.form.milestones.iter().map(|it| self.context.tree.nodes[*it].head.done()).collect();
        all.contains(&Some(false)) || all.len() > 1 && all.iter().filter(|it| **it == Some(true)).count() > 1
    }

    /// Takes the issues of commands where the document has none by itself: else they are the same again.
    fn commands(&mut self) {
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
    fn merge(&mut self) {
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

    /// Milestones that a list or table declares: they complete those that are there, or are the milestones themselves.
    fn declared_milestones(&mut self) {
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

    fn declare(&mut self, declared: Vec<(Option<At>, DraftMilestone)>) {
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

    fn known_milestone(&self, milestone: &DraftMilestone) -> Option<usize> {
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

    /// Reads what sections say of dependencies, now that all issues are known.
    fn links(&mut self) {
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

    /// Gives issues the milestones that list them, and parents.
    fn place(&mut self) {
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
    fn named_milestones(&mut self) {
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

    /// One issue for each milestone, with its boxes in it.
    fn checklists(&mut self) {
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

    fn declared_labels(&mut self) {
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

/// The issues that stand as items below a milestone in a closing section: `- #1 Bake`.
fn listed_issues(tree: &Tree, at: At, milestone: &mut DraftMilestone) {
    for child in &tree.nodes[at].children {
        let node = &tree.nodes[*child];
        let text = node.plain.trim();
        let first = text.split([' ', ':']).next().unwrap_or_default();
        if node.list.is_some() && first.starts_with('#') && first[1..].starts_with(|it: char| it.is_ascii_digit()) {
            milestone.issues.push(Spanned { text: first.to_owned(), span: node.span.clone() });
        }
    }
}

fn is_empty(milestone: &DraftMilestone) -> bool {
    milestone.description.is_empty()
}

fn title_of(milestone: &DraftMilestone) -> String {
    folded(&milestone.title)
}

/// Whether a title names a version in a remark: `Sprint 1 - Base (Milestone: v0.2.0)`.
fn names_version(title: &str, name: &str) -> bool {
    name.starts_with('v') && title.to_lowercase().split([' ', '(', ')', ':', ',']).any(|word| word == name)
}

/// A name for comparing.
fn folded(text: &str) -> String {
    let text = text.split(" (").next().unwrap_or(text);
    let words: Vec<String> = text
        .to_lowercase()
        .split(|it: char| !it.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    words.join(" ")
}

/// By what an issue is known again.
fn names(issue: &DraftIssue) -> Vec<String> {
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

fn merge_milestone(there: &mut DraftMilestone, new: DraftMilestone) {
    if new.title.len() > there.title.len() && there.title.split(' ').count() <= 2 {
        there.title = new.title;
        there.spans.title = new.spans.title;
    }
    there.key = there.key.take().or(new.key);
    if there.due.is_none() {
        there.due = new.due;
        there.spans.due_on = new.spans.due_on;
    }
    there.spans.state = there.spans.state.take().or(new.spans.state);
    there.issues.extend(new.issues);
    if there.description.is_empty() {
        there.description = new.description;
        there.spans.description = new.spans.description;
    }
}

fn merge_issue(there: &mut DraftIssue, new: DraftIssue) {
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

/// The one epic of a milestone is the parent of its tasks.
fn parents(draft: &mut Draft) {
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
