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
    let (yaml, first) = document.front_matter.clone().unwrap_or_default();
    let is_key = |line: &str, name: &str| {
        let line = line.trim_start_matches(['"', '\'']);
        let rest = line.strip_prefix(name).map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        rest.is_some_and(|rest| rest.starts_with(':'))
    };
    // The bytes behind a key's colon, up to the next key.
    let value_of = |name: &str| -> Option<Range<usize>> {
        let at = yaml.lines().position(|line| is_key(line, name))?;
        let more = yaml.lines().skip(at + 1).take_while(|line| line.starts_with([' ', '\t', '-'])).count();
        let lines = document.source.lines(first + at, first + at + more);
        let text = &document.source.text[lines.clone()];
        let value = text.split_once(':').map_or("", |(_, value)| value);
        let start = lines.end - value.trim_start().len();
        Some(start..start + value.trim().len())
    };
    let line_of = |name: &str| value_of(name).unwrap_or_else(|| document.source.lines(first, first));
    let lists_of = |names: &[&str]| -> Vec<ListSpan> {
        let found = names.iter().filter(|name| fields.contains_key(**name)).filter_map(|name| value_of(name));
        found.map(|span| ListSpan { manner: ListManner::FrontMatter, span }).collect()
    };
    let text = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|it| !it.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let list = |name: &str| -> Vec<Spanned> {
        let values: Vec<String> = match fields.get(name) {
            Some(Value::Sequence(list)) => list
                .iter()
                .filter_map(|it| it.as_str().map(str::to_owned).or_else(|| Some(it.as_i64()?.to_string())))
                .collect(),
            Some(Value::String(text)) => text.split(',').map(|it| it.trim().to_owned()).collect(),
            _ => Vec::new(),
        };
        let span = line_of(name);
        values.into_iter().filter(|it| !it.is_empty()).map(|text| Spanned { text, span: span.clone() }).collect()
    };
    let span = line_of("title");
    let below = document.roots.first().map_or(0, |first| document.block(*first).span.start)..document.source.text.len();
    let mut issue = DraftIssue {
        key: text("id"),
        is_marked: true,
        title: title::clean(&text("title").unwrap_or_default()),
        labels: list("labels"),
        depends_on: [list("dependencies"), list("depends_on")].concat().iter().flat_map(references::split).collect(),
        parent: ["parent", "parent_task_id"].iter().find_map(|name| list(name).into_iter().next()),
        closed: text("status").is_some_and(|status| vocabulary::is_done(&status)),
        has_state: true,
        is_file: true,
        body: body(document),
        span: span.clone(),
        spans: IssueSpans {
            extent: 0..document.source.text.len(),
            title: Some(span.clone()),
            state: value_of("status").map(|span| StateSpan { manner: StateManner::Field, span }),
            labels: ValueSpans { lists: lists_of(&["labels"]), ..ValueSpans::default() },
            assignees: ValueSpans { lists: lists_of(&["assignee", "assignees"]), ..ValueSpans::default() },
            depends_on: ValueSpans { lists: lists_of(&["dependencies", "depends_on"]), ..ValueSpans::default() },
            body: vec![below.clone()],
            boxes: boxes_in(&document.source, &below),
            ..IssueSpans::default()
        },
        ..DraftIssue::default()
    };
    issue.spans.line = {
        let (line, _) = document.source.position(span.start);
        document.source.lines(line, line)
    };
    let people = [list("assignee"), list("assignees")].concat();
    issue.assignees = people.iter().filter_map(content::login).collect();
    let label = text("priority").and_then(|level| content::priority_label(&level));
    issue.labels.extend(label.map(|text| Spanned { text, span: line_of("priority") }));
    let mut draft = Draft {
        title: issue.title.clone(),
        dialect: "guide",
        why: "the file is one issue: its front matter has the fields of one".to_owned(),
        ..Draft::default()
    };
    if let Some(name) = text("milestone") {
        let span = line_of("milestone");
        issue.milestone = Some(Spanned { text: name.clone(), span: span.clone() });
        issue.spans.milestone = Some(Placement::Field(span.clone()));
        let spans = MilestoneSpans { line: span.clone(), extent: span.clone(), ..MilestoneSpans::default() };
        draft.milestones.push(DraftMilestone { title: title::clean(&name), span, spans, ..DraftMilestone::default() });
    }
    let line = document.source.position(span.start).0;
    let end = document.source.line_count().max(line);
    draft.outline.push(Line {
        line,
        end,
        is: Role::Issue,
        of: None,
        why: "the front matter gives its title".to_owned(),
        warned: false,
    });
    draft.issues.push(issue);
    draft
}

/// The text below the front matter, without the comments that other tools put there.
fn body(document: &Document) -> String {
    let start = document.roots.first().map_or(0, |first| document.block(*first).span.start);
    let text = document.source.text.get(start..).unwrap_or_default();
    let is_marker = |line: &&str| !(line.trim().starts_with("<!--") && line.trim().ends_with("-->"));
    text.lines().filter(is_marker).collect::<Vec<_>>().join("\n").trim().to_owned()
}
