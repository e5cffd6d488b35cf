//! The walk through a document's sections: what each of them is, and what it gives to the draft.

use std::collections::HashSet;

use comrak::nodes::{Node, NodeValue};

use super::survey::{Survey, is_bold_issue, is_bold_paragraph};
use super::table::{Column, Table};
use super::words::{self, Role, Topic};
use super::{Carrier, dependencies, gh, head, is_box, is_list, is_paragraph, issue, labels, milestones, references};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::inline;
use crate::plan::document::{Document, Section, field, markdown};
use crate::plan::draft::{Draft, DraftIssue, DraftMilestone, Ignored, Spanned};
use crate::plan::graph;
use crate::plan::settings::Tasks;

/// Reads a document whose issues have one carrier.
pub fn read(
    document: &Document<'_>,
    survey: &Survey,
    carrier: Carrier,
    tasks: Tasks,
    diagnostics: &mut Diagnostics,
) -> Draft {
    let mut walk = Walk {
        document,
        survey,
        carrier,
        diagnostics,
        draft: Draft { title: document.title(), ..Draft::default() },
        places: Vec::new(),
        origins: Vec::new(),
        major: None,
    };
    for section in &document.sections {
        walk.section(section, &Context::default());
    }
    walk.finish(tasks)
}

/// Where in the document the walk is.
#[derive(Debug, Clone, Default)]
struct Context {
    /// The milestone that encloses it.
    milestone: Option<usize>,
    /// The word of that milestone's designator: `phase`.
    word: Option<String>,
    /// Whether it lies in a list of milestones.
    in_milestones: bool,
    /// Whether it lies among the issues.
    in_issues: bool,
    /// Whether it lies in a section of things that are done.
    done: bool,
    /// The issue that encloses it.
    parent: Option<usize>,
}

/// Where a milestone was told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// By a heading.
    Heading,
    /// In a list or table of the section that begins on a line.
    List(usize),
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    survey: &'d Survey,
    carrier: Carrier,
    diagnostics: &'d mut Diagnostics,
    draft: Draft,
    /// The milestone and the parent of each issue, by where it stands.
    places: Vec<(Option<usize>, Option<usize>)>,
    /// Where each milestone was told of first.
    origins: Vec<Origin>,
    /// The issue that is called the major milestone: the parent of the others.
    major: Option<usize>,
}

impl<'a> Walk<'_, 'a> {
    fn section(&mut self, section: &Section<'a>, context: &Context) {
        if self.survey.is_issue(section) && self.carrier == Carrier::Headings {
            self.issue(section, context);
            return;
        }
        let title = field::fold(&section.title());
        let role = words::role(&title);
        let mut inner = context.clone();
        if let Some(word) = self.milestone_word(section, role, context) {
            inner.milestone = Some(self.milestone(section));
            inner.word = Some(word);
            inner.in_milestones = false;
            let title = section.title();
            let glyph = words::last_glyph(&title).or_else(|| words::glyph(&title));
            inner.done = glyph.is_some_and(|(done, _)| done);
            self.items(section, &inner);
        } else {
            // A document's own title encloses everything and so says nothing.
            inner.in_milestones |= role == Role::Milestones && section.level > 1;
            inner.in_issues |= role == Role::Issues && section.level > 1;
            inner.done |=
                matches!(title.as_str(), "done" | "completed" | "erledigt" | "hecho" | "완료" | "完了" | "已完成");
            let before = self.size();
            self.role(section, role, &inner);
            self.describe(section, role, &inner);
            let is_taken = role == Role::Criteria && inner.milestone.is_some();
            if self.size() == before && !is_taken {
                self.ignore(section, role);
            }
        }
        let is_read = matches!(role, Role::Dependencies);
        for child in section.children.iter().filter(|_| !is_read) {
            self.section(child, &inner);
        }
    }

    /// How much there is in the draft: a section that adds nothing was not read.
    fn size(&self) -> usize {
        let Draft { title: _, milestones, issues, gates, graph: _, links, labels, ignored: _ } = &self.draft;
        let texts: usize = milestones.iter().map(|it| it.description.len() + it.issues.len()).sum();
        milestones.len() + issues.len() + gates.len() + links.len() + labels.len() + texts
    }

    /// The word that makes a section a milestone, if it is one.
    fn milestone_word(&self, section: &Section<'a>, role: Role, context: &Context) -> Option<String> {
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

    fn milestone(&mut self, section: &Section<'a>) -> usize {
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
    fn add_milestone(&mut self, new: DraftMilestone, origin: Origin) -> usize {
        let same = |(it, from): (&DraftMilestone, &Origin)| {
            let is_named = it.title.to_lowercase() == new.title.to_lowercase() && it.key == new.key;
            let is_designated = it.designator.is_some() && it.designator == new.designator;
            (is_named && *from != origin)
                || (is_designated && (*from == Origin::Heading) != (origin == Origin::Heading))
        };
        let Some(at) = self.draft.milestones.iter().zip(&self.origins).position(same) else {
            self.draft.milestones.push(new);
            self.origins.push(origin);
            return self.draft.milestones.len() - 1;
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
    fn describe(&mut self, section: &Section<'a>, role: Role, context: &Context) {
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

    /// The blocks of a section that hold no issues and belong to none.
    fn own_blocks(&self, section: &Section<'a>) -> Vec<Node<'a>> {
        let is_begun = |block: &Node<'a>| self.carrier == Carrier::Bold && is_bold_paragraph(self.document, block);
        let before = section.blocks.iter().copied().take_while(|block| !is_begun(block));
        before.filter(|block| !self.carries(block)).collect()
    }

    /// Whether a block holds issues.
    fn carries(&self, block: &Node<'a>) -> bool {
        match self.carrier {
            Carrier::Headings => false,
            Carrier::Boxes => is_list(block) && block.children().any(|item| is_box(&item)),
            Carrier::Rows => Table::read(block).is_some_and(|table| table.is_issues()),
            Carrier::Bold => is_list(block) && block.children().any(|item| is_bold_issue(self.document, item)),
            Carrier::Bullets => is_list(block) && !self.is_fields(block),
        }
    }

    /// Whether a list holds the fields of a milestone.
    fn is_fields(&self, list: &Node<'a>) -> bool {
        let is_field = |item: Node<'a>| {
            let first = item.first_child().filter(is_paragraph)?;
            let topic = words::topic(&field::Field::read(inline::lines(self.document, first).first()?)?.name)?;
            Some(matches!(topic, Topic::Due | Topic::Purpose | Topic::Issues | Topic::Status | Topic::Criteria))
        };
        list.children().any(|item| is_field(item).unwrap_or(false))
    }

    fn role(&mut self, section: &Section<'a>, role: Role, context: &Context) {
        match role {
            Role::Milestones => {
                let found = milestones::read_lists(self.document, section, self.diagnostics);
                for milestone in found {
                    self.add_milestone(milestone, Origin::List(line_of(section)));
                }
                self.milestone_tables(section);
                self.items(section, context);
            }
            Role::Labels => {
                let found = labels::read(self.document, section);
                self.draft.labels.extend(found);
            }
            Role::Setup => self.draft.gates.extend(super::gates::pinned(self.document, section)),
            Role::Issues | Role::Other => {
                self.milestone_tables(section);
                self.items(section, context);
                if context.in_issues && self.carrier == Carrier::Headings {
                    self.unread(section);
                }
            }
            Role::Prose => {
                self.milestone_tables(section);
                if self.carrier == Carrier::Rows {
                    self.items(section, context);
                }
            }
            Role::Criteria if self.carrier == Carrier::Bullets && is_deliverables(section) => {
                self.items(section, context);
            }
            Role::Criteria | Role::Dependencies => {}
        }
    }

    /// Says of a heading among the issues that it is none.
    fn unread(&mut self, section: &Section<'a>) {
        let has_issues = section.flatten().iter().any(|it| self.survey.is_issue(it));
        let Some(heading) = section.heading.filter(|_| !has_issues && section.children.is_empty()) else { return };
        if words::role(&field::fold(&section.title())) == Role::Issues {
            return;
        }
        self.diagnostics.warning(
            "unread-issue",
            self.document.span(heading),
            format!("`{}` stands among the issues, but has neither a key nor a field", section.title()),
            "begin it with a key, such as `I1`, or move it out of this section",
        );
    }

    fn milestone_tables(&mut self, section: &Section<'a>) {
        for table in section.blocks.iter().filter_map(|block| Table::read(block)).filter(Table::is_milestones) {
            for cells in table.rows(self.document) {
                let found = milestone_of(self.document, &cells);
                found.into_iter().for_each(|milestone| {
                    self.add_milestone(milestone, Origin::List(line_of(section)));
                });
            }
        }
    }

    fn issue(&mut self, section: &Section<'a>, context: &Context) {
        let survey = self.survey;
        let is_issue = |it: &Section<'a>| survey.is_issue(it);
        let mut issue = issue::of_section(self.document, section, &is_issue, self.diagnostics);
        issue.closed |= context.done && head::parse(&section.title()).done.is_none();
        let at = self.add(issue, context);
        if section.title().to_lowercase().contains("major milestone") {
            self.major = Some(at);
        }
        let inner = Context { parent: Some(at), ..context.clone() };
        self.nested(section, &inner);
    }

    /// The issues among the sections below an issue.
    fn nested(&mut self, section: &Section<'a>, context: &Context) {
        for child in &section.children {
            if self.survey.is_issue(child) {
                self.issue(child, context);
            } else {
                self.nested(child, context);
            }
        }
    }

    fn add(&mut self, issue: DraftIssue, context: &Context) -> usize {
        self.draft.issues.push(issue);
        self.places.push((context.milestone, context.parent));
        self.draft.issues.len() - 1
    }

    /// The issues that a section's own blocks hold.
    fn items(&mut self, section: &Section<'a>, context: &Context) {
        if self.carrier == Carrier::Bold {
            self.bold_paragraphs(section, context);
        }
        let begun = |block: &&Node<'a>| self.carrier != Carrier::Bold || !is_bold_paragraph(self.document, block);
        let blocks = section.blocks.iter().take_while(begun).copied().filter(|block| self.carries(block));
        let blocks: Vec<Node<'a>> = blocks.collect();
        for block in blocks {
            match self.carrier {
                Carrier::Headings => {}
                Carrier::Rows => {
                    for issue in Table::read(block).into_iter().flat_map(|table| table.issues(self.document)) {
                        self.add(issue, context);
                    }
                }
                Carrier::Boxes | Carrier::Bold | Carrier::Bullets => {
                    // A list without a milestone or a plan's name above it is only a list.
                    if self.carrier == Carrier::Bullets && context.milestone.is_none() {
                        continue;
                    }
                    block.children().for_each(|item| self.item(item, context));
                }
            }
        }
    }

    /// Paragraphs in bold that are issues, each with what follows it up to the next.
    fn bold_paragraphs(&mut self, section: &Section<'a>, context: &Context) {
        let mut groups: Vec<(Node<'a>, Vec<Node<'a>>)> = Vec::new();
        for block in section.blocks.iter().copied() {
            if is_bold_paragraph(self.document, &block) {
                groups.push((block, Vec::new()));
            } else if let Some((_, below)) = groups.last_mut() {
                below.push(block);
            }
        }
        for (paragraph, below) in groups {
            let span = self.document.span(paragraph);
            let lines = inline::lines(self.document, paragraph);
            let Some((line, rest)) = lines.split_first() else { continue };
            let issue = issue::of_head(head::read(line), &span);
            let issue = issue::fields_of_lines(self.document, rest, issue, self.diagnostics);
            let issue = issue::of_blocks(self.document, issue, &below, self.diagnostics);
            self.add(issue, context);
        }
    }

    fn item(&mut self, item: Node<'a>, context: &Context) {
        let Some(first) = item.first_child().filter(is_paragraph) else { return };
        let is_one = match self.carrier {
            Carrier::Boxes => is_box(&item),
            Carrier::Bold => is_bold_issue(self.document, item),
            _ => true,
        };
        if !is_one {
            let lines = self.document.span(first);
            let message = "this stands among the issues, but is none as the others are";
            self.diagnostics.note("unread-item", lines, message, "write it as the others are written, or move it");
            return;
        }
        let span = self.document.span(first);
        let lines = inline::lines(self.document, first);
        let mut lines = lines.into_iter();
        let mut line = lines.next().unwrap_or_default();
        let mut code_labels = Vec::new();
        if self.carrier != Carrier::Boxes {
            while line.last().is_some_and(|it| it.code || it.text.trim().is_empty()) && line.len() > 1 {
                let Some(piece) = line.pop() else { break };
                if piece.code {
                    code_labels.push(Spanned { text: piece.text.trim().to_owned(), span: piece.span });
                }
            }
        }
        let rest: Vec<Vec<inline::Piece>> = lines.collect();
        let is_field =
            |line: &Vec<inline::Piece>| field::Field::read(line).is_some_and(|it| words::topic(&it.name).is_some());
        // A line that is wrapped goes on; a line that is a field begins something else.
        let wrapped = rest.iter().take_while(|line| !is_field(line)).count();
        for more in &rest[..wrapped] {
            if let (Some(last), Some(first)) = (line.last().cloned(), more.first()) {
                line.push(inline::Piece {
                    text: " ".into(),
                    code: false,
                    strong: last.strong && first.strong,
                    span: last.span,
                });
            }
            line.extend(more.iter().cloned());
        }
        let mut issue = issue::of_head(head::read(&line), &span);
        issue.labels.extend(code_labels.into_iter().rev());
        let explicit = inline::explicit_id_in(first);
        issue.is_marked |= explicit.is_some();
        issue.key = explicit.or(issue.key);
        issue.closed = match self.carrier {
            Carrier::Boxes => markdown::is_ticked(item) || issue.closed,
            _ => issue.closed || (context.done && !is_box(&item)),
        };
        let issue = issue::fields_of_lines(self.document, &rest[wrapped..], issue, self.diagnostics);
        let below: Vec<Node<'a>> = item.children().skip(1).collect();
        let issue = issue::of_blocks(self.document, issue, &below, self.diagnostics);
        if issue.title.is_empty() || field::is_none(&issue.title) {
            return;
        }
        self.add(issue, context);
    }

    fn ignore(&mut self, section: &Section<'a>, role: Role) {
        let Some(last) = section.blocks.last() else { return };
        let first = section.heading.unwrap_or(section.blocks[0]);
        let why = match role {
            Role::Prose => "text that is no plan",
            Role::Criteria => "criteria of no milestone",
            Role::Dependencies => return,
            _ if section.level <= 1 => "introduces the document",
            _ => "nothing in it reads as a milestone or an issue",
        };
        let lines = (first.data().sourcepos.start.line, last.data().sourcepos.end.line);
        self.draft.ignored.push(Ignored { name: section.title(), lines, why });
    }

    fn finish(mut self, tasks: Tasks) -> Draft {
        let script = gh::read(self.document, self.diagnostics);
        self.draft.labels.extend(script.labels);
        self.commands(script.issues);
        self.links();
        self.place();
        self.draft.graph = graph::read(self.document);
        if tasks == Tasks::Checklist {
            if self.carrier == Carrier::Boxes {
                self.checklists();
            } else {
                let message = "`tasks: checklist` has no effect, because the issues of this plan are no checkboxes";
                self.diagnostics.note("no-effect", self.document.source.lines(1, 1), message, "remove it");
            }
        }
        parents(&mut self.draft);
        unkey(&mut self.draft.issues);
        self.draft
    }

    /// Takes the issues of commands that are not in the document already.
    fn commands(&mut self, issues: Vec<DraftIssue>) {
        let known: HashSet<String> = self.draft.issues.iter().map(|issue| issue.title.to_lowercase()).collect();
        if !known.is_empty() {
            return;
        }
        for issue in issues {
            self.add(issue, &Context::default());
        }
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
        let mut next: Vec<&Section<'a>> = self.document.sections.iter().collect();
        while let Some(section) = next.pop() {
            if self.survey.is_issue(section) && self.carrier == Carrier::Headings {
                continue;
            }
            if words::role(&field::fold(&section.title())) == Role::Dependencies {
                let found = dependencies::read(self.document, section, &is_known);
                if found.is_empty() {
                    self.ignore_dependencies(section);
                }
                self.draft.links.extend(found);
            } else {
                next.extend(&section.children);
            }
        }
    }

    fn ignore_dependencies(&mut self, section: &Section<'a>) {
        // A drawing is compared with the lists, and so is read.
        let Some(heading) = section.heading.filter(|_| has_blocks(section) && !is_drawn(section)) else { return };
        let first = heading.data().sourcepos.start.line;
        let last =
            section.flatten().iter().filter_map(|it| it.blocks.last()).map(|it| it.data().sourcepos.end.line).max();
        let why = "names no issue on both sides of a dependency";
        self.draft.ignored.push(Ignored { name: section.title(), lines: (first, last.unwrap_or(first)), why });
    }

    /// Gives issues the milestones and parents that enclose them, or that list them.
    fn place(&mut self) {
        let names: Vec<Spanned> = self
            .draft
            .milestones
            .iter()
            .map(|it| Spanned { text: it.key.clone().unwrap_or_else(|| it.title.clone()), span: it.span.clone() })
            .collect();
        let titles: Vec<Spanned> = self
            .draft
            .issues
            .iter()
            .map(|it| Spanned { text: it.key.clone().unwrap_or_else(|| it.title.clone()), span: it.span.clone() })
            .collect();
        for (at, (issue, (milestone, parent))) in self.draft.issues.iter_mut().zip(&self.places).enumerate() {
            let enclosing = milestone.and_then(|at| names.get(at)).cloned();
            issue.milestone = issue.milestone.take().or(enclosing);
            let outer = parent.or(self.major.filter(|major| *major != at));
            let outer = outer.and_then(|at| titles.get(at)).cloned();
            issue.parent = issue.parent.take().or(outer);
        }
        for (milestone, name) in self.draft.milestones.iter().zip(&names) {
            for listed in &milestone.issues {
                let wanted = references::bare(&listed.text).to_lowercase();
                let is_it = |issue: &&mut DraftIssue| {
                    [&issue.key, &issue.number]
                        .into_iter()
                        .flatten()
                        .any(|it| references::bare(it).to_lowercase() == wanted)
                        || issue.title.to_lowercase() == wanted
                };
                if let Some(issue) = self.draft.issues.iter_mut().filter(|it| it.milestone.is_none()).find(is_it) {
                    issue.milestone = Some(name.clone());
                }
            }
        }
        // Where no milestone is declared, those that the issues name are the milestones.
        if self.draft.milestones.is_empty() {
            for name in self.draft.issues.iter().filter_map(|issue| issue.milestone.clone()) {
                let title = crate::plan::title::clean(&name.text);
                let known = |it: &DraftMilestone| it.title.to_lowercase() == title.to_lowercase();
                if !self.draft.milestones.iter().any(known) {
                    let designator = words::milestone(&title);
                    self.draft.milestones.push(DraftMilestone {
                        title,
                        designator,
                        span: name.span,
                        ..DraftMilestone::default()
                    });
                }
            }
        }
    }

    /// One issue for each milestone, with its boxes in it.
    fn checklists(&mut self) {
        let mut merged: Vec<DraftIssue> = Vec::new();
        let mut at: Vec<Option<usize>> = vec![None; self.draft.milestones.len()];
        let issues = std::mem::take(&mut self.draft.issues);
        for (issue, (milestone, _)) in issues.into_iter().zip(&self.places) {
            let Some(milestone) = *milestone else {
                merged.push(issue);
                continue;
            };
            let tick = if issue.closed { 'x' } else { ' ' };
            let mut line = format!("- [{tick}] {}", issue.title);
            for below in issue.body.lines() {
                line.push_str(&format!("\n  {below}"));
            }
            let there = *at[milestone].get_or_insert_with(|| {
                let of = &self.draft.milestones[milestone];
                merged.push(DraftIssue {
                    title: of.title.clone(),
                    milestone: issue.milestone.clone(),
                    closed: true,
                    span: of.span.clone(),
                    ..DraftIssue::default()
                });
                merged.len() - 1
            });
            let one = &mut merged[there];
            one.closed &= issue.closed;
            one.body.push_str(if one.body.is_empty() { "" } else { "\n" });
            one.body.push_str(&line);
            one.labels.extend(issue.labels);
            one.assignees.extend(issue.assignees);
        }
        self.draft.issues = merged;
    }
}

fn line_of(section: &Section<'_>) -> usize {
    section.heading.map_or(0, |heading| heading.data().sourcepos.start.line)
}

fn is_drawn(section: &Section<'_>) -> bool {
    let is_mermaid = |block: &Node<'_>| matches!(&block.data().value, NodeValue::CodeBlock(code) if code.info.trim().starts_with("mermaid"));
    section.flatten().iter().any(|it| it.blocks.iter().any(is_mermaid))
}

fn has_blocks(section: &Section<'_>) -> bool {
    section.flatten().iter().any(|it| !it.blocks.is_empty())
}

fn is_deliverables(section: &Section<'_>) -> bool {
    field::fold(&section.title()).contains("deliverable")
}

/// A milestone of a row.
fn milestone_of<'a>(
    document: &Document<'a>,
    cells: &[(Column, &str, Vec<inline::Piece>, Node<'a>)],
) -> Option<DraftMilestone> {
    let (_, _, line, node) = cells.iter().find(|(column, ..)| *column == Column::Of(Topic::Milestone))?;
    let mut name = super::unquoted(&inline::joined(line));
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

/// The one epic of a milestone is the parent of its tasks.
fn parents(draft: &mut Draft) {
    let milestones: Vec<Option<Spanned>> = {
        let mut all: Vec<Option<Spanned>> = draft.issues.iter().map(|issue| issue.milestone.clone()).collect();
        all.dedup_by(|a, b| a.as_ref().map(|it| &it.text) == b.as_ref().map(|it| &it.text));
        all
    };
    for milestone in milestones.into_iter().flatten() {
        let is_inside = |issue: &DraftIssue| issue.milestone.as_ref().is_some_and(|it| it.text == milestone.text);
        let mut epics = draft.issues.iter().filter(|issue| is_inside(issue) && words::is_epic(&issue.title));
        let (Some(epic), None) = (epics.next(), epics.next()) else { continue };
        let parent = Spanned { text: epic.key.clone().unwrap_or_else(|| epic.title.clone()), span: epic.span.clone() };
        let tasks = draft.issues.iter_mut().filter(|issue| is_inside(issue) && !words::is_epic(&issue.title));
        for task in tasks.filter(|task| task.parent.is_none()) {
            task.parent = Some(parent.clone());
        }
    }
}

/// Takes keys away that are none: where most items have no key, a word such as `S3` in front of a few is part of their
/// titles.
fn unkey(issues: &mut [DraftIssue]) {
    let keyed = issues.iter().filter(|issue| issue.key.is_some()).count();
    if keyed * 2 >= issues.len() {
        return;
    }
    let letters = |key: &str| key.trim_end_matches(|it: char| it.is_ascii_digit()).to_owned();
    let families: Vec<String> = issues.iter().filter_map(|issue| issue.key.as_deref().map(letters)).collect();
    for issue in issues {
        let is_alone = |key: &String| families.iter().filter(|family| **family == letters(key)).count() < 3;
        let key = issue.key.take_if(|key| !issue.is_marked && issue.title.starts_with(key.as_str()) && is_alone(key));
        // Others may name it so all the same.
        issue.number = issue.number.take().or(key);
    }
}
