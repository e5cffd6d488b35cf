//! The walk's milestones: by headings, in lists and tables, and what describes them.

use comrak::nodes::{Node, NodeValue};

use super::{Context, Origin, Walk, is_deliverables, line_of};
use crate::plan::document::inline;
use crate::plan::document::{Document, Section, field, markdown};
use crate::plan::draft::{DraftMilestone, Spanned};
use crate::plan::structure::table::{Column, Table};
use crate::plan::structure::words::{self, Role, Topic};
use crate::plan::structure::{Carrier, head, is_list, milestones, references, unquoted};

impl<'a> Walk<'_, 'a> {
    /// The word that makes a section a milestone, if it is one.
    pub(super) fn milestone_word(&self, section: &Section<'a>, role: Role, context: &Context) -> Option<String> {
        let title = section.heading.map(|_| section.title())?;
        if let Some(designator) = words::milestone(&title) {
            let word = designator
                .split(' ')
                .next()
                .unwrap_or_default()
                .trim_end_matches(|it: char| it.is_ascii_digit() || it == '.')
                .to_owned();
            // A document's title may name the whole; and within a milestone only one of the same sort is another.
            let is_whole = section.level == 1
                && section.flatten().iter().skip(1).any(|it| words::milestone(&it.title()).is_some());
            let is_sibling = context.word.as_ref().is_none_or(|outer| *outer == word);
            return (!is_whole && is_sibling).then_some(word);
        }
        if self.survey.epics && title.to_lowercase().starts_with("epic") {
            return Some("epic".into());
        }
        let has_issues = section.flatten().iter().any(|it| self.survey.is_issue(it));
        let listed = context.in_milestones
            && matches!(role, Role::Other | Role::Setup | Role::Milestones)
            && context.milestone.is_none();
        (listed && (!has_issues || self.carrier == Carrier::Headings)).then(|| title.to_lowercase())
    }

    pub(super) fn milestone(&mut self, section: &Section<'a>) -> usize {
        let Some(heading) = section.heading else { return 0 };
        // Lists of issues are not its description.
        let blocks: Vec<Node<'a>> = self.own_blocks(section);
        let mut milestone = milestones::of_line(self.document, heading, &blocks, self.diagnostics);
        for child in section.children.iter().filter(|child| words::role(&field::fold(&child.title())) == Role::Criteria)
        {
            let lists: Vec<String> = child
                .blocks
                .iter()
                .filter(|it| is_list(it))
                .map(|list| markdown::task_list(self.document, list))
                .collect();
            if !(lists.is_empty() || self.carrier == Carrier::Bullets && is_deliverables(child)) {
                let gap = if milestone.description.is_empty() { "" } else { "\n\n" };
                milestone.description.push_str(&format!("{gap}### {}\n\n{}", child.title(), lists.join("\n")));
            }
        }
        self.add_milestone(milestone, Origin::Heading)
    }

    /// Adds a milestone, or completes the one that is there already: an overview and a section of its own may both tell
    /// of it. Two of one list, or two headings with different titles, are two.
    pub(super) fn add_milestone(&mut self, new: DraftMilestone, origin: Origin) -> usize {
        let title = new.title.to_lowercase();
        let named = self
            .known
            .get(&title)
            .filter(|at| self.draft.milestones[**at].key == new.key && self.origins[**at] != origin);
        let is_heading = |origin: &Origin| *origin == Origin::Heading;
        let designated = new.designator.as_ref().and_then(|designator| self.known.get(designator)).filter(|at| {
            let there = &self.draft.milestones[**at];
            there.designator == new.designator && is_heading(&self.origins[**at]) != is_heading(&origin)
        });
        let Some(at) = named.or(designated).copied() else {
            let at = self.draft.milestones.len();
            for name in [Some(title), new.designator.clone()].into_iter().flatten() {
                self.known.entry(name).or_insert(at);
            }
            self.draft.milestones.push(new);
            self.origins.push(origin);
            return at;
        };
        let there = &mut self.draft.milestones[at];
        if new.title.len() > there.title.len() {
            there.title = new.title;
            there.span = new.span;
        }
        there.key = there.key.take().or(new.key);
        there.due = there.due.take().or(new.due);
        there.issues.extend(new.issues);
        if there.description.is_empty() {
            there.description = new.description;
        } else if !new.description.is_empty() && there.description != new.description {
            there.description = format!("{}\n\n{}", there.description, new.description);
        }
        at
    }

    /// Takes the text of a section below a milestone, which is neither an issue nor a list of them, as the milestone's.
    pub(super) fn describe(&mut self, section: &Section<'a>, role: Role, context: &Context) {
        let is_text = matches!(role, Role::Other | Role::Issues | Role::Prose | Role::Setup);
        let Some(at) = context.milestone.filter(|_| is_text) else { return };
        let is_text =
            |block: &Node<'a>| !matches!(block.data().value, NodeValue::ThematicBreak | NodeValue::HtmlBlock(_));
        let blocks = self.own_blocks(section).into_iter().filter(is_text);
        let texts: Vec<String> = blocks.map(|block| markdown::verbatim(self.document, block)).collect();
        if texts.is_empty() {
            return;
        }
        let heading = if role == Role::Issues { None } else { Some(format!("### {}", section.title())) };
        let description = &mut self.draft.milestones[at].description;
        let all = Some(std::mem::take(description)).filter(|it| !it.is_empty()).into_iter().chain(heading).chain(texts);
        *description = all.collect::<Vec<_>>().join("\n\n");
    }

    pub(super) fn milestone_tables(&mut self, section: &Section<'a>) {
        for table in section.blocks.iter().filter_map(|block| Table::read(block)).filter(Table::is_milestones) {
            for cells in table.rows(self.document) {
                let found = milestone_of(self.document, &cells);
                found.into_iter().for_each(|milestone| {
                    self.add_milestone(milestone, Origin::List(line_of(section)));
                });
            }
        }
    }
}

/// A milestone of a row.
fn milestone_of<'a>(
    document: &Document<'a>,
    cells: &[(Column, &str, Vec<inline::Piece>, Node<'a>)],
) -> Option<DraftMilestone> {
    let (_, _, line, node) = cells.iter().find(|(column, ..)| *column == Column::Of(Topic::Milestone))?;
    let mut name = unquoted(&inline::joined(line));
    if field::is_none(&name) {
        return None;
    }
    // `| 1 | Foundation |` or `| Phase 1 | Foundation |`: a number alone is no title.
    let second = cells.iter().find(|(column, name, ..)| {
        *column == Column::Of(Topic::Title) || matches!(field::fold(name).as_str(), "name" | "focus" | "theme")
    });
    if let Some((_, _, text, _)) = second {
        let text = inline::joined(text);
        if name.chars().all(|it| it.is_ascii_digit()) {
            name = format!("Phase {name}: {text}");
        } else if words::milestone(&name).is_some() && !name.contains([':', '—', '-']) {
            name = format!("{name}: {text}");
        }
    }
    let mut milestone = DraftMilestone {
        title: crate::plan::title::clean(head::unnumbered(&name)),
        designator: words::milestone(&name),
        span: document.span(node),
        ..DraftMilestone::default()
    };
    for (column, _, line, node) in cells {
        let value = inline::joined(line);
        match column {
            Column::Of(Topic::Due) => {
                if let crate::plan::date::Written::Day(day) = crate::plan::date::parse(&value) {
                    milestone.due = Some(crate::plan::draft::Due::On(day));
                }
            }
            Column::Of(Topic::Issues) => {
                milestone.issues.extend(references::split_all(&field::parts(line)));
            }
            Column::Text if references::is_reference(&value) || value.starts_with('#') => {
                let span = document.span(node);
                milestone.issues.extend(references::split(&Spanned { text: value, span }));
            }
            _ => {}
        }
    }
    Some(milestone)
}
