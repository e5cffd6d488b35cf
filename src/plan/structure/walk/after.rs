//! What can be said only when all is read: dependencies between issues, their milestones and parents, which words are
//! keys.

use std::collections::{HashMap, HashSet};

use comrak::nodes::{Node, NodeValue};

use super::{Context, Walk};
use crate::plan::document::{Section, field};
use crate::plan::draft::{Draft, DraftIssue, DraftMilestone, Ignored, Spanned};
use crate::plan::graph;
use crate::plan::settings::Tasks;
use crate::plan::structure::words::{self, Role};
use crate::plan::structure::{Carrier, dependencies, gh, references};

impl<'a> Walk<'_, 'a> {
    pub(super) fn finish(mut self, tasks: Tasks) -> Draft {
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

    /// Takes the issues of commands where the document has none by itself: else they are the same again.
    fn commands(&mut self, issues: Vec<DraftIssue>) {
        if !self.draft.issues.is_empty() {
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
                if found.len() > dependencies::MOST {
                    let message = format!("this says more than {} dependencies", dependencies::MOST);
                    let heading = section.heading.map_or(0..0, |heading| self.document.span(heading));
                    self.diagnostics.error("too-many-dependencies", heading, message, "name single issues, not ranges");
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
        let names: Vec<Spanned> = self.draft.milestones.iter().map(DraftMilestone::name).collect();
        let titles: Vec<Spanned> = self.draft.issues.iter().map(DraftIssue::name).collect();
        for (at, (issue, (milestone, parent))) in self.draft.issues.iter_mut().zip(&self.places).enumerate() {
            let enclosing = milestone.and_then(|at| names.get(at)).cloned();
            issue.milestone = issue.milestone.take().or(enclosing);
            let outer = parent.or(self.major.filter(|major| *major != at));
            let outer = outer.and_then(|at| titles.get(at)).cloned();
            issue.parent = issue.parent.take().or(outer);
        }
        let mut by_name: HashMap<String, usize> = HashMap::new();
        for (at, issue) in self.draft.issues.iter().enumerate() {
            for name in [&issue.key, &issue.number, &Some(issue.title.clone())].into_iter().flatten() {
                by_name.entry(references::bare(name).to_lowercase()).or_insert(at);
            }
        }
        for (milestone, name) in self.draft.milestones.iter().zip(&names) {
            for listed in &milestone.issues {
                let wanted = references::bare(&listed.text).to_lowercase();
                if let Some(at) = by_name.get(&wanted) {
                    self.draft.issues[*at].milestone.get_or_insert_with(|| name.clone());
                }
            }
        }
        // Where no milestone is declared, those that the issues name are the milestones.
        if self.draft.milestones.is_empty() {
            let mut known: HashSet<String> = HashSet::new();
            for name in self.draft.issues.iter().filter_map(|issue| issue.milestone.clone()) {
                let title = crate::plan::title::clean(&name.text);
                if known.insert(title.to_lowercase()) {
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

fn is_drawn(section: &Section<'_>) -> bool {
    let is_mermaid = |block: &Node<'_>| matches!(&block.data().value, NodeValue::CodeBlock(code) if code.info.trim().starts_with("mermaid"));
    section.flatten().iter().any(|it| it.blocks.iter().any(is_mermaid))
}

fn has_blocks(section: &Section<'_>) -> bool {
    section.flatten().iter().any(|it| !it.blocks.is_empty())
}

/// The one epic of a milestone is the parent of its tasks.
fn parents(draft: &mut Draft) {
    let mut epics: HashMap<&str, Vec<&DraftIssue>> = HashMap::new();
    for issue in draft.issues.iter().filter(|issue| words::is_epic(&issue.title)) {
        if let Some(milestone) = &issue.milestone {
            epics.entry(&milestone.text).or_default().push(issue);
        }
    }
    let only = epics.into_iter().filter_map(|(milestone, epics)| match epics[..] {
        [epic] => Some((milestone.to_owned(), epic)),
        _ => None,
    });
    let parents: HashMap<String, Spanned> = only.map(|(milestone, epic)| (milestone, epic.name())).collect();
    for task in draft.issues.iter_mut().filter(|issue| issue.parent.is_none() && !words::is_epic(&issue.title)) {
        let milestone = task.milestone.as_ref().map(|milestone| milestone.text.as_str());
        task.parent = milestone.and_then(|milestone| parents.get(milestone)).cloned();
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
    let mut families: HashMap<String, usize> = HashMap::new();
    for key in issues.iter().filter_map(|issue| issue.key.as_deref()) {
        *families.entry(letters(key)).or_default() += 1;
    }
    for issue in issues {
        let is_alone = |key: &String| families.get(&letters(key)).is_none_or(|count| *count < 3);
        let key = issue.key.take_if(|key| !issue.is_marked && issue.title.starts_with(key.as_str()) && is_alone(key));
        // Others may name it so all the same.
        issue.number = issue.number.take().or(key);
    }
}
