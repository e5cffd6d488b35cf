//! Files that are one issue each: their front matter holds the issue's fields.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::markdown::Document;
use super::markdown::text::boxes_in;
use super::outline::{Line, Role};
use super::{content, references, vocabulary};
use crate::plan::draft::{Draft, DraftIssue, DraftMilestone, Spanned};
use crate::plan::spans::{
    IssueSpans, ListManner, ListSpan, MilestoneSpans, Placement, StateManner, StateSpan, ValueSpans,
};
use crate::plan::title;

const FIELDS: [&str; 11] = [
    "id",
    "status",
    "assignee",
    "assignees",
    "labels",
    "dependencies",
    "depends_on",
    "priority",
    "milestone",
    "parent",
    "parent_task_id",
];
const OURS: [&str; 5] = ["plan", "read", "dialect", "gates", "tasks"];

/// The fields of a file that is an issue: it has a title, two more of an issue's fields, and none of a plan's settings.
pub fn fields(document: &Document) -> Option<Mapping> {
    let (yaml, _) = document.front_matter.as_ref()?;
    let Ok(Value::Mapping(mapping)) = serde_yaml::from_str::<Value>(yaml) else { return None };
    let has = |name: &str| mapping.contains_key(name);
    let count = FIELDS.iter().filter(|name| has(name)).count();
    let is_issue =
        mapping.get("title").is_some_and(Value::is_string) && count >= 2 && !OURS.iter().any(|name| has(name));
    is_issue.then_some(mapping)
}

/// The draft of a file that is an issue.
pub fn draft(document: &Document, fields: &Mapping) -> Draft {
    let file = File { document, fields };
    let issue = file.issue();
    let mut draft = Draft {
        title: issue.title.clone(),
        dialect: "guide",
        why: "the file is one issue: its front matter has the fields of one".to_owned(),
        ..Draft::default()
    };
    if let Some(Spanned { text, span }) = issue.milestone.clone() {
        let spans = MilestoneSpans { line: span.clone(), extent: span.clone(), ..MilestoneSpans::default() };
        draft.milestones.push(DraftMilestone { title: title::clean(&text), span, spans, ..DraftMilestone::default() });
    }
    let line = document.source.position(issue.span.start).0;
    draft.outline.push(Line {
        line,
        end: document.source.line_count().max(line),
        is: Role::Issue,
        of: None,
        why: "the front matter gives its title".to_owned(),
        warned: false,
    });
    draft.issues.push(issue);
    draft
}

/// A file that is one issue.
struct File<'d> {
    document: &'d Document,
    fields: &'d Mapping,
}

impl File<'_> {
    fn issue(&self) -> DraftIssue {
        let span = self.place("title");
        let title = self.text("title").unwrap_or_default();
        let mut labels = self.list(&["labels"]);
        let level = self.text("priority").and_then(|level| content::priority_label(&level));
        labels.extend(level.map(|text| Spanned { text, span: self.place("priority") }));
        let milestone = self.text("milestone").map(|text| Spanned { text, span: self.place("milestone") });
        DraftIssue {
            key: self.text("id"),
            is_marked: true,
            title: title::clean(&title),
            labels,
            assignees: self.list(&["assignee", "assignees"]).iter().filter_map(content::login).collect(),
            depends_on: references::split_all(&self.list(&["dependencies", "depends_on"])),
            parent: self.list(&["parent", "parent_task_id"]).into_iter().next(),
            closed: self.text("status").is_some_and(|status| vocabulary::is_done(&status)),
            has_state: true,
            is_file: true,
            body: body(self.document),
            spans: self.spans(&span, milestone.as_ref()),
            milestone,
            span,
            ..DraftIssue::default()
        }
    }

    fn spans(&self, title: &Range<usize>, milestone: Option<&Spanned>) -> IssueSpans {
        let source = &self.document.source;
        let (line, _) = source.position(title.start);
        let first = self.document.roots.first();
        let below = first.map_or(source.text.len(), |it| self.document.block(*it).span.start)..source.text.len();
        IssueSpans {
            line: source.lines(line, line),
            extent: 0..source.text.len(),
            title: Some(title.clone()),
            state: self.value("status").map(|span| StateSpan { manner: StateManner::Field, span }),
            milestone: milestone.map(|it| Placement::Field(it.span.clone())),
            labels: ValueSpans { lists: self.lists(&["labels"]), ..ValueSpans::default() },
            assignees: ValueSpans { lists: self.lists(&["assignee", "assignees"]), ..ValueSpans::default() },
            depends_on: ValueSpans { lists: self.lists(&["dependencies", "depends_on"]), ..ValueSpans::default() },
            boxes: boxes_in(source, &below),
            body: vec![below],
            ..IssueSpans::default()
        }
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name) {
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The values of the fields that are there.
    fn list(&self, names: &[&str]) -> Vec<Spanned> {
        let mut all = Vec::new();
        for name in names {
            let values: Vec<String> = match self.fields.get(*name) {
                Some(Value::Sequence(list)) => list.iter().filter_map(scalar).collect(),
                Some(Value::String(text)) => text.split(',').map(|it| it.trim().to_owned()).collect(),
                _ => Vec::new(),
            };
            let values = values.into_iter().filter(|it| !it.is_empty());
            all.extend(values.map(|text| Spanned { text, span: self.place(name) }));
        }
        all
    }

    fn lists(&self, names: &[&str]) -> Vec<ListSpan> {
        let found = names.iter().filter(|name| self.fields.contains_key(**name)).filter_map(|name| self.value(name));
        found.map(|span| ListSpan { manner: ListManner::FrontMatter, span }).collect()
    }

    /// The place of a field's value, else that of the whole first line.
    fn place(&self, name: &str) -> Range<usize> {
        self.value(name).unwrap_or_else(|| self.document.source.lines(2, 2))
    }

    /// The bytes behind a key's colon, up to the next key.
    fn value(&self, name: &str) -> Option<Range<usize>> {
        let (yaml, first) = self.document.front_matter.as_ref()?;
        let is_key = |line: &str| {
            let rest = line.trim_start_matches(['"', '\'']).strip_prefix(name);
            rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        let at = yaml.lines().position(is_key)?;
        let more = yaml.lines().skip(at + 1).take_while(|line| line.starts_with([' ', '\t', '-'])).count();
        let lines = self.document.source.lines(first + at, first + at + more);
        let value = self.document.source.text[lines.clone()].split_once(':').map_or("", |(_, value)| value);
        let start = lines.end - value.trim_start().len();
        Some(start..start + value.trim().len())
    }
}

fn scalar(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| Some(value.as_i64()?.to_string()))
}

/// The text below the front matter, without the comments that other tools put there.
fn body(document: &Document) -> String {
    let start = document.roots.first().map_or(0, |first| document.block(*first).span.start);
    let text = document.source.text.get(start..).unwrap_or_default();
    let is_marker = |line: &&str| !(line.trim().starts_with("<!--") && line.trim().ends_with("-->"));
    text.lines().filter(is_marker).collect::<Vec<_>>().join("\n").trim().to_owned()
}
