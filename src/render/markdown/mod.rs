//! Changes as markdown, for comments and job summaries: what needs attention first, then a table for each milestone, and
//! folds for labels, full texts and the dependency graph.

pub(super) mod alerts;
mod cell;
mod labels;
mod rows;
mod texts;

use std::collections::BTreeMap;

use super::by_milestone::by_milestone;
use super::escape::{code, fenced, title};
use super::fit::{Document, Section};
use super::issue_links::IssueLinks;
use super::mermaid;
use super::summary::{self, Tense};
use crate::diff::{Change, Diff, IssueRef, Kind};
use crate::model::snapshot::IssueNumber;
use crate::plan::PlanId;
use crate::report::preview::Preview;

/// The most rows that are shown unfolded.
const FEW_ROWS: usize = 20;

/// How changes are shown: still to be made or made, and with which links.
#[derive(Debug)]
pub struct View<'v> {
    /// Whether the changes are still to be made.
    pub tense: Tense,
    /// What makes a number a link.
    pub links: &'v IssueLinks,
    /// The numbers of the issues that an apply created, by key.
    pub created: BTreeMap<&'v str, IssueNumber>,
}

impl<'v> View<'v> {
    /// Changes that are still to be made.
    pub fn of_preview(links: &'v IssueLinks) -> Self {
        Self { tense: Tense::Future, links, created: BTreeMap::new() }
    }

    /// An issue or milestone by number and title; a milestone's number means nothing to people.
    pub(super) fn name(&self, change: &Change) -> String {
        match self.number(change) {
            Some(number) => format!("{number} {}", title(change.title())),
            None => title(change.title()),
        }
    }

    /// The number of an issue as a link, once it has one.
    fn number(&self, change: &Change) -> Option<String> {
        let is_issue = matches!(change.kind(), Kind::Issue | Kind::Dependency | Kind::SubIssue | Kind::Pin);
        let number = change.number().or_else(|| Some(self.created.get(change.key())?.0));
        number.filter(|_| is_issue).map(|number| self.links.number(number))
    }

    /// The issue at the other end of a link: its number, where it has one, and what people call it.
    fn other(&self, issue: &IssueRef, called: &str) -> String {
        let number = issue.number.or_else(|| self.created.get(issue.key.as_str()).copied());
        match number {
            // An issue outside the plan is called by its number already.
            Some(number) if called == number.to_string() => self.links.number(number.0),
            Some(number) => format!("{} {}", self.links.number(number.0), title(called)),
            None => title(called),
        }
    }
}

/// Renders a whole preview.
pub fn render(preview: &Preview<'_>, links: &IssueLinks) -> String {
    let mut document = Document::default();
    let all: Vec<&Change> = preview.diff.changes.iter().collect();
    document.always(headline(&preview.diff.plan, &all, Tense::Future, &[]));
    body(preview, &all, &View::of_preview(links), &mut document);
    document.always(footer(preview.diff));
    document.whole()
}

/// The heading of a comment or summary.
pub(super) fn heading(plan: &PlanId, counts: &str) -> String {
    format!("### Plan {}: {counts}\n\n", code(plan.as_str()))
}

/// The heading with the counts of issues and milestones, then a line with some sentences and the other counts.
pub(super) fn headline(plan: &PlanId, changes: &[&Change], tense: Tense, sentences: &[String]) -> String {
    let (main, rest) = summary::headline(changes, tense);
    let main = if main.is_empty() { "no changes" } else { &main };
    let mut sentences = sentences.to_vec();
    if !rest.is_empty() {
        sentences.push(format!("Also {rest}."));
    }
    let line = if sentences.is_empty() { String::new() } else { format!("{}\n\n", sentences.join(" ")) };
    format!("{}{line}", heading(plan, main))
}

/// Everything between the heading and the footer: what needs attention, some of the changes, and the graph.
pub(super) fn body(preview: &Preview<'_>, changes: &[&Change], view: &View<'_>, document: &mut Document) {
    alerts::push(preview, view, document);
    sections(preview.diff, changes, view, document);
    graph(preview, document);
}

/// The version and, if anything changes, the digest of the changes.
pub fn footer(diff: &Diff) -> String {
    let version = env!("CARGO_PKG_VERSION");
    if diff.is_empty() {
        return format!("<sub>plan-action {version}</sub>\n");
    }
    let digest = diff.digest();
    let short = digest.get(..19).unwrap_or(&digest);
    format!("<sub>plan-action {version} · {}</sub>\n", code(short))
}

/// A table for each milestone, then the labels and the full texts.
pub(super) fn sections(diff: &Diff, changes: &[&Change], view: &View<'_>, document: &mut Document) {
    let (labels, others): (Vec<&Change>, Vec<&Change>) =
        changes.iter().copied().partition(|change| change.kind() == Kind::Label);
    let texts = texts::section(&others, view);
    let groups: Vec<(&str, Vec<rows::Row<'_>>)> = by_milestone(diff, others)
        .into_iter()
        .map(|(milestone, changes)| (milestone, rows::Row::all(&changes)))
        .collect();
    let count: usize = groups.iter().map(|(_, rows)| rows.len()).sum();
    let open = if count <= FEW_ROWS { " open" } else { "" };
    for (milestone, rows) in &groups {
        document.push(rows::table(milestone, rows, open, view));
    }
    if !labels.is_empty() {
        document.push(labels::section(&labels));
    }
    if let Some(texts) = texts {
        document.push(texts);
    }
}

/// The dependency graph, changes in colour.
fn graph(preview: &Preview<'_>, document: &mut Document) {
    let Some(picture) = mermaid::changes(preview.plan, preview.diff) else { return };
    let mut detail = String::from("<details><summary><b>Dependency graph</b></summary>\n\n");
    detail.push_str(&fenced("mermaid", &picture.text));
    detail.push_str("\nAn arrow points from a blocker to what it blocks. ");
    detail.push_str("Green: created, orange: updated, red: closed; thick border: release gate, dashed border: done.");
    if let Some(sentence) = picture.left_out() {
        detail.push(' ');
        detail.push_str(&title(&sentence));
    }
    detail.push_str("\n\n</details>\n\n");
    document.push(Section { details: vec![detail], ..Section::default() });
}
