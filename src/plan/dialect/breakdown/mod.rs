//! `breakdown`: a list of milestones with keys, dates and purpose; a heading per issue with a key and fields; a graph;
//! a setup checklist that may name issues to pin.
//!
//! ```markdown
//! ## Milestones
//! 1. `M1` Observe the sky
//!    - Target date: 2026-03-10
//!    - Purpose: know where to look
//!
//! ## Issues
//! ### `I1` Mount the telescope
//! - `depends_on: []`
//! - Milestone: `M1`
//! - Labels: `hardware`
//! - Acceptance criteria:
//!   - It points where it is told to.
//!
//! ## Setup checklist
//! - [ ] Pin `I1` as a release gate.
//! ```

mod issues;
mod milestones;

use comrak::nodes::{Node, NodeValue};

use super::Dialect;
use crate::plan::diagnostic::Diagnostics;
use crate::plan::document::inline::{self, Piece};
use crate::plan::document::{Document, Section, field, leading_key};
use crate::plan::draft::{Draft, Spanned};
use crate::plan::graph;

/// The reader.
pub struct Breakdown;

impl Dialect for Breakdown {
    fn name(&self) -> &'static str {
        "breakdown"
    }

    fn evidence(&self, document: &Document<'_>) -> usize {
        let sections = document.all_sections();
        let milestones: usize =
            sections.iter().filter(|section| is_milestones(section)).map(|it| milestones::count(document, it)).sum();
        milestones + sections.iter().filter(|section| issues::is_issue(document, section)).count()
    }

    fn shape(&self) -> &'static str {
        "list the milestones under a heading `Milestones` (`1. M1 Title`, below it `- Target date: 2026-03-10`), and \
         give each issue a heading (`### I1 Title`, below it `- Milestone: M1` and `- Depends on: I2`)"
    }

    fn read(&self, document: &Document<'_>, diagnostics: &mut Diagnostics) -> Draft {
        let mut draft = Draft { title: document.title(), ..Draft::default() };
        for section in &document.sections {
            read_section(document, section, &mut draft, diagnostics);
        }
        draft.graph = graph::read(document);
        draft
    }
}

fn read_section<'a>(document: &Document<'a>, section: &Section<'a>, draft: &mut Draft, diagnostics: &mut Diagnostics) {
    if issues::is_issue(document, section) {
        draft.issues.push(issues::read(document, section, diagnostics));
        return;
    }
    if is_milestones(section) {
        milestones::read(document, section, draft, diagnostics);
    } else if is_issues(section) {
        issues::read_all(document, section, draft, diagnostics);
        return;
    } else if is_setup(section) {
        draft.gates.extend(pinned(document, section));
    }
    for child in &section.children {
        read_section(document, child, draft, diagnostics);
    }
}

/// Whether a section's title has one of some words in it.
fn is_called(section: &Section<'_>, words: &[&str]) -> bool {
    let title = field::fold(&section.title());
    title.split(|character: char| !character.is_alphanumeric()).any(|word| words.contains(&word))
}

fn is_milestones(section: &Section<'_>) -> bool {
    section.level > 0 && is_called(section, &["milestones", "milestone"]) && !is_issues(section)
}

/// `Issues`, `Issue list`, `The issues`; a document's own title (`Milestone and Issue Breakdown`) encloses everything
/// and so says nothing.
fn is_issues(section: &Section<'_>) -> bool {
    section.level > 1 && is_called(section, &["issues", "issue"])
}

fn is_setup(section: &Section<'_>) -> bool {
    section.level > 0 && is_called(section, &["setup", "checklist", "pins", "gates"])
}

/// The issues that a line of the setup checklist tells to pin: `Pin `I8` and `I10` as release gates`.
fn pinned(document: &Document<'_>, section: &Section<'_>) -> Vec<Spanned> {
    let items = section.blocks.iter().filter(|block| is_list(block)).flat_map(|list| list.children());
    items
        .filter_map(comrak::arena_tree::Node::first_child)
        .flat_map(|paragraph| inline::lines(document, paragraph))
        .filter(|line| first_word(line).eq_ignore_ascii_case("pin"))
        .flat_map(|line| keys_in(&line))
        .collect()
}

/// The keys that a sentence names: its code spans, or else the words that look like keys.
fn keys_in(line: &[Piece]) -> Vec<Spanned> {
    let spans: Vec<Spanned> = line
        .iter()
        .filter(|piece| piece.code)
        .map(|piece| Spanned { text: piece.text.trim().to_owned(), span: piece.span.clone() })
        .collect();
    if !spans.is_empty() {
        return spans;
    }
    let words = line.iter().flat_map(|piece| {
        piece.text.split(|character: char| !(character.is_alphanumeric() || character == '-')).map(|word| {
            let at = piece.span.start + (word.as_ptr() as usize - piece.text.as_ptr() as usize);
            Spanned { text: word.to_owned(), span: at..at + word.len() }
        })
    });
    words.filter(|word| leading_key::looks_like_key(&word.text)).collect()
}

fn first_word(line: &[Piece]) -> &str {
    line.first().and_then(|piece| piece.text.split_whitespace().next()).unwrap_or_default()
}

fn is_list(block: &Node<'_>) -> bool {
    matches!(block.data().value, NodeValue::List(_))
}
