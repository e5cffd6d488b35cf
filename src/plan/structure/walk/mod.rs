//! The walk through a document's sections: what each of them is, and what it gives to the draft.

mod after;
mod items;
mod milestones;

use std::collections::HashMap;

use super::survey::Survey;
use super::words::{self, Role};
use super::{Carrier, gh, head, issue, labels};
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::{Document, Section, field};
use crate::plan::draft::{Draft, DraftIssue, Ignored};
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
        known: HashMap::new(),
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
    /// The first milestone with a title or designator, in lower case.
    known: HashMap<String, usize>,
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
            let before = self.size(inner.milestone);
            self.role(section, role, &inner);
            self.describe(section, role, &inner);
            let is_taken = role == Role::Criteria && inner.milestone.is_some();
            if self.size(inner.milestone) == before && !is_taken {
                self.ignore(section, role);
            }
        }
        let is_read = matches!(role, Role::Dependencies);
        for child in section.children.iter().filter(|_| !is_read) {
            self.section(child, &inner);
        }
    }

    /// How much there is in the draft, with the text of one milestone: a section that adds nothing was not read.
    fn size(&self, milestone: Option<usize>) -> usize {
        let Draft { title: _, milestones, issues, gates, graph: _, links, labels, ignored: _ } = &self.draft;
        let text = milestone.and_then(|at| milestones.get(at)).map_or(0, |it| it.description.len());
        milestones.len() + issues.len() + gates.len() + links.len() + labels.len() + text
    }

    fn role(&mut self, section: &Section<'a>, role: Role, context: &Context) {
        match role {
            Role::Milestones => {
                let found = super::milestones::read_lists(self.document, section, self.diagnostics);
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

    fn ignore(&mut self, section: &Section<'a>, role: Role) {
        let Some(last) = section.blocks.last().filter(|_| !section.blocks.iter().any(|block| gh::is_script(block)))
        else {
            return;
        };
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
}

fn line_of(section: &Section<'_>) -> usize {
    section.heading.map_or(0, |heading| heading.data().sourcepos.start.line)
}

fn is_deliverables(section: &Section<'_>) -> bool {
    field::fold(&section.title()).contains("deliverable")
}
