//! What a document looks like, before anything of it is read: which headings are issues, how many boxes, rows and bold
//! items there are, and whether it is a plan at all.

use std::collections::BTreeSet;

use comrak::nodes::NodeValue;

use super::table::Table;
use super::words::{self, Role, Topic};
use super::{Carrier, head, is_box, is_list, is_paragraph, issue, milestones};
use crate::plan::document::field;
use crate::plan::document::inline::{self, CodeSpans};
use crate::plan::document::{Document, Section};

/// What was counted.
#[derive(Debug, Default)]
pub struct Survey {
    /// The lines of the headings that are issues.
    pub headings: BTreeSet<usize>,
    /// How many of them are called `Issue #1`, or the like.
    pub numbered: usize,
    /// How many of them give their title in a field.
    pub titled: usize,
    /// How many of them give a status beside that.
    pub tracked: usize,
    /// Boxes that could be issues.
    pub boxes: usize,
    /// How many of them have a key such as `T001`.
    pub keyed_boxes: usize,
    /// Rows of tables that could be issues.
    pub rows: usize,
    /// Items that begin in bold and could be issues.
    pub bold: usize,
    /// Bullets below headings of milestones.
    pub bullets: usize,
    /// Headings and items that are milestones.
    pub milestones: usize,
    /// How many of them stand in a list below a heading that says so.
    listed: usize,
    /// How many of them a changelog could not have.
    strong_milestones: usize,
    /// `gh issue create` lines.
    pub commands: usize,
    /// Whether epics are the milestones, because there are no others.
    pub epics: bool,
    /// Whether the document or a part of it is called a plan.
    is_called_plan: bool,
    /// Whether its headings are those of another kind of document.
    is_other: bool,
    /// Whether its headings are those of a changelog.
    is_changelog: bool,
    /// How many issue headings have a key, a number or a title of their own, and not only fields.
    named: usize,
}

/// Surveys a document.
pub fn survey(document: &Document<'_>) -> Survey {
    let sections = document.all_sections();
    let titles: Vec<String> = sections.iter().map(|section| field::fold(&section.title())).collect();
    let mut survey = Survey {
        is_called_plan: titles.iter().zip(&sections).any(|(title, it)| it.level == 1 && words::is_plan(title))
            || titles.iter().find(|title| !title.is_empty()).is_some_and(|title| words::is_plan(title)),
        is_other: words::is_other_document(&titles),
        is_changelog: is_changelog(&titles),
        ..Survey::default()
    };
    let epics = titles.iter().filter(|title| title.starts_with("epic ") || title.starts_with("epic:")).count();
    let designators: Vec<Option<String>> = sections.iter().map(|section| words::milestone(&section.title())).collect();
    survey.epics = epics >= 2 && designators.iter().all(Option::is_none);
    survey.outline(document, &sections);
    for ((section, title), designator) in sections.iter().zip(&titles).zip(&designators) {
        let role = words::role(title);
        if role == Role::Milestones {
            let listed = milestones::count(document, section);
            survey.milestones += listed;
            survey.strong_milestones += listed;
            survey.listed += listed;
        }
        if let Some(designator) = designator
            && !survey.is_issue(section)
        {
            survey.milestones += 1;
            survey.strong_milestones += usize::from(!words::is_weak(designator));
        }
        survey.blocks(document, section, role, designator.is_some());
    }
    survey
}

impl Survey {
    /// Whether a section's heading is an issue.
    pub fn is_issue(&self, section: &Section<'_>) -> bool {
        section.heading.is_some_and(|heading| self.headings.contains(&heading.data().sourcepos.start.line))
    }

    /// Which headings are issues.
    fn outline(&mut self, document: &Document<'_>, sections: &[&Section<'_>]) {
        let mut levels = BTreeSet::new();
        let mut weak = Vec::new();
        for section in sections {
            let Some(heading) = section.heading else { continue };
            let line = heading.data().sourcepos.start.line;
            let plain = inline::plain(heading, CodeSpans::Ticked);
            let head = head::parse(&plain);
            let topics = issue::topics(document, section);
            let has = |topic| topics.contains(&topic);
            let has_title = has(Topic::Title) && topics.len() > 1;
            let fields = issue::has_fields(document, section);
            let role = words::role(&field::fold(&section.title()));
            let is_group = self.epics && section.title().to_lowercase().starts_with("epic");
            let is_milestone = words::milestone(&plain).is_some() || is_group;
            let is_whole = section.level == 1 && section.children.len() > 3 && head.key.is_none();
            let named = head.key.is_some() || head.number.is_some();
            let structural = head.number.is_some()
                && plain.trim_start().to_lowercase().starts_with(|it: char| it.is_alphabetic() || it == '#');
            let is_strong = if is_milestone {
                has_title
                    || ((has(Topic::Labels) || has(Topic::Milestone))
                        && section.children.iter().all(|it| it.heading.is_none() || !issue::has_fields(document, it)))
            } else if is_whole {
                has_title
            } else {
                has_title
                    || (head.key.is_some() && fields)
                    || (structural && !matches!(role, Role::Prose))
                    || (head.number.is_some() && fields)
                    || (fields && role == Role::Other)
            };
            if is_strong {
                levels.insert(section.level);
                self.headings.insert(line);
                self.named += usize::from(named || has_title);
                self.numbered += usize::from(structural);
                self.titled += usize::from(has_title);
                self.tracked += usize::from(has_title && (has(Topic::Status) || has(Topic::Priority)) && !structural);
            } else if named && !is_milestone && !matches!(role, Role::Prose | Role::Criteria | Role::Labels) {
                weak.push((section, line, head.key.is_some()));
            }
        }
        if self.headings.is_empty() {
            // Keys alone may be anybody's numbering: there must be several, in a document that is called a plan.
            let keyed: Vec<usize> =
                weak.iter().filter(|(section, _, keyed)| *keyed && has_text(section)).map(|it| it.1).collect();
            if keyed.len() >= 2 && self.is_called_plan {
                self.headings.extend(keyed);
            }
            return;
        }
        let beside = weak.iter().filter(|(section, ..)| levels.contains(&section.level)).map(|(_, line, _)| *line);
        self.headings.extend(beside);
    }

    fn blocks(&mut self, document: &Document<'_>, section: &Section<'_>, role: Role, is_milestone: bool) {
        let is_plan = matches!(role, Role::Other | Role::Issues | Role::Milestones) || is_milestone;
        for block in &section.blocks {
            if let Some(table) = Table::read(block).filter(Table::is_issues) {
                self.rows += table.height();
            } else if let NodeValue::CodeBlock(code) = &block.data().value {
                self.commands += code.literal.lines().filter(|line| line.trim().starts_with("gh issue create")).count();
            }
            self.bold += usize::from(is_plan && is_bold_paragraph(document, block));
            if !is_list(block) || !is_plan {
                continue;
            }
            for item in block.children() {
                let Some(first) = item.first_child().filter(is_paragraph) else { continue };
                if is_box(&item) {
                    self.boxes += 1;
                    let head = inline::lines(document, first).first().map(|line| head::read(line)).unwrap_or_default();
                    self.keyed_boxes += usize::from(head.key.is_some());
                } else if is_bold_issue(document, item) {
                    self.bold += 1;
                } else {
                    self.bullets += 1;
                }
            }
        }
    }

    /// What carries the issues of the document; nothing where it is no plan.
    pub fn carrier(&self) -> Option<Carrier> {
        let headings = self.headings.len();
        if self.is_changelog {
            return None;
        }
        let is_plan = !self.is_other && (self.is_called_plan || self.strong_milestones > 0);
        if self.keyed_boxes >= 3 && self.keyed_boxes >= headings {
            return Some(Carrier::Boxes).filter(|_| is_plan || self.milestones > 0);
        }
        // Fields alone may be anybody's: they make an issue in what is called a plan. Names and fields together do it
        // anywhere, and in a readme or in meeting notes where there are several.
        if headings > 0 && (is_plan || (self.named > 0 && (!self.is_other || self.named >= 3))) {
            return Some(Carrier::Headings);
        }
        if !is_plan {
            return None;
        }
        [
            (Carrier::Rows, self.rows, self.rows > self.boxes),
            (Carrier::Boxes, self.boxes, true),
            (Carrier::Rows, self.rows, true),
            (Carrier::Bold, self.bold, true),
            (Carrier::Bullets, self.bullets, self.is_called_plan && self.milestones >= 2 && self.strong_milestones > 0),
        ]
        .into_iter()
        .find(|(_, count, fits)| *count >= 2 && *fits)
        .or_else(|| (self.commands >= 3 && self.is_called_plan).then_some((Carrier::Headings, 0, true)))
        .or_else(|| {
            let is_called = self.is_called_plan && self.strong_milestones > 0;
            let is_one = is_called || self.listed > 0;
            is_one.then_some((Carrier::Headings, 0, true))
        })
        .map(|(carrier, ..)| carrier)
    }

    /// What was found, in words: why a dialect was chosen.
    pub fn evidence(&self, carrier: Carrier) -> String {
        let some = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        match carrier {
            Carrier::Headings if self.headings.is_empty() && self.commands == 0 => "milestones alone".to_owned(),
            Carrier::Headings if self.headings.is_empty() => some(self.commands, "`gh issue create` line"),
            Carrier::Headings => some(self.headings.len(), "issue heading"),
            Carrier::Boxes if self.keyed_boxes > 0 => format!(
                "{}, {} of them with a key",
                some(self.boxes, "checkbox").replace("xs", "xes"),
                self.keyed_boxes
            ),
            Carrier::Boxes => some(self.boxes, "checkbox").replace("xs", "xes"),
            Carrier::Rows => some(self.rows, "table row"),
            Carrier::Bold => some(self.bold, "bold item"),
            Carrier::Bullets => some(self.bullets, "bullet"),
        }
    }

    /// How many items of a carrier there are.
    pub fn count(&self, carrier: Carrier) -> usize {
        match carrier {
            Carrier::Headings => self.headings.len(),
            Carrier::Boxes => self.boxes,
            Carrier::Rows => self.rows,
            Carrier::Bold => self.bold,
            Carrier::Bullets => self.bullets,
        }
    }

    /// The first of some carriers that there are items of, else the first.
    pub fn best_of(&self, carriers: &[Carrier]) -> Carrier {
        let found = carriers.iter().find(|carrier| self.count(**carrier) > 0).or(carriers.first());
        found.copied().unwrap_or(Carrier::Headings)
    }

    /// Another carrier that nearly as many items stand for, so that the choice is no clear one.
    pub fn rival(&self, carrier: Carrier) -> Option<(&'static str, usize)> {
        if carrier == Carrier::Headings {
            return None;
        }
        let own = self.count(carrier);
        let others = [
            (Carrier::Boxes, self.boxes, "checkboxes"),
            (Carrier::Rows, self.rows, "table rows"),
            (Carrier::Bold, self.bold, "bold items"),
        ];
        let near =
            others.into_iter().filter(|(other, count, _)| *other != carrier && *count >= 2 && count * 5 >= own * 4);
        near.map(|(_, count, what)| (what, count)).max_by_key(|(_, count)| *count)
    }
}

fn has_text(section: &Section<'_>) -> bool {
    !section.blocks.is_empty() || !section.children.is_empty()
}

/// Whether an item reads as an issue in bold: `**Epic: …**`, or a bold beginning with labels in code spans behind it.
pub fn is_bold_issue(document: &Document<'_>, item: comrak::nodes::Node<'_>) -> bool {
    let Some(first) = item.first_child().filter(is_paragraph) else { return false };
    let Some(line) = inline::lines(document, first).into_iter().next() else { return false };
    let strong: String = line.iter().take_while(|it| it.strong).map(|it| it.text.as_str()).collect();
    let lower = strong.trim().to_lowercase();
    let is_kind = ["epic:", "task:", "story:", "issue:", "feature:", "bug:"].iter().any(|kind| lower.starts_with(kind));
    let rest: Vec<_> = line.iter().skip_while(|it| it.strong).collect();
    let is_labelled = rest.iter().any(|it| it.code) && rest.iter().all(|it| it.code || it.text.trim().is_empty());
    let is_keyed = head::parse(&strong).key.is_some_and(|key| key.len() < strong.trim().len());
    !strong.trim().is_empty() && !lower.ends_with(':') && (is_kind || is_labelled || is_keyed)
}

/// Whether a paragraph begins with a line in bold that can only be an issue: `**Issue 1: …**`, `**T-001 …**`.
pub fn is_bold_paragraph(document: &Document<'_>, block: &comrak::nodes::Node<'_>) -> bool {
    if !is_paragraph(block) {
        return false;
    }
    let Some(line) = inline::lines(document, block).into_iter().next() else { return false };
    let text = inline::joined(&line);
    let is_bold = line.iter().all(|it| it.strong || it.text.trim().is_empty());
    let head = head::parse(&text);
    let is_named = head.key.as_ref().is_some_and(|key| head.title.len() > key.len() + 1)
        || head.number.is_some() && text.starts_with(|it: char| it.is_alphabetic() || it == '#');
    is_bold && is_named && !text.ends_with(':')
}

/// Whether headings in lower case are those of a changelog: versions with days behind them, and kinds of changes.
fn is_changelog(titles: &[String]) -> bool {
    const NAMES: [&str; 5] = ["changelog", "change log", "changes", "release notes", "history"];
    let is_named = titles.iter().find(|title| !title.is_empty()).is_some_and(|title| NAMES.contains(&title.as_str()));
    const KINDS: [&str; 6] = ["added", "changed", "fixed", "removed", "deprecated", "security"];
    let kinds = titles.iter().filter(|title| KINDS.contains(&title.as_str())).count();
    let versions = titles.iter().filter(|title| {
        let title = title.trim_start_matches(['[', 'v', ' ']);
        title.starts_with(|it: char| it.is_ascii_digit())
            && title.contains('.')
            && title.matches(' ').count() >= 3
            && title.contains("20")
            || title.starts_with("unreleased")
    });
    is_named || kinds >= 2 || versions.count() >= 2
}
