//! What is pulled into a plan, in words.

use std::fmt::Write;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use similar::{ChangeTag, TextDiff};

use super::escape::{fenced, title as escaped};
use super::fit::{Document, Section};
use super::issue_links::IssueLinks;
use super::summary::some;
use crate::model::marker::comment_json;
use crate::model::snapshot::IssueNumber;
use crate::model::text::printable;
use crate::plan::{Plan, PlanId};
use crate::pull::{Accepted, Item, Unexpressible, Value};
use crate::report::pull::PullReport;

/// What became of one value, in a few words.
pub(crate) fn change(plan: &Plan, accepted: &Accepted) -> String {
    let issue = |at: &usize| plan.issues.get(*at).map(|issue| issue.title.clone()).unwrap_or_default();
    let milestone = |at: &usize| plan.milestones.get(*at).map(|milestone| milestone.title.clone()).unwrap_or_default();
    match &accepted.value {
        Value::Tick(number, ticked) => {
            let box_text = match accepted.item {
                Item::Issue(at) => plan.issues.get(at).and_then(|issue| {
                    let place = issue.spans.boxes.get(*number)?;
                    plan.source.text.get(place.text.clone())
                }),
                Item::Milestone(_) => None,
            };
            let name = box_text.map(|text| format!(" `{}`", printable(text))).unwrap_or_default();
            if *ticked { format!("box{name} ticked") } else { format!("box{name} not ticked") }
        }
        Value::Closed(true) => "done".to_owned(),
        Value::Closed(false) => "open again".to_owned(),
        Value::Label(name, true) => format!("label `{name}` added"),
        Value::Label(name, false) => format!("label `{name}` removed"),
        Value::Assignee(login, true) => format!("assignee `{login}` added"),
        Value::Assignee(login, false) => format!("assignee `{login}` removed"),
        Value::DependsOn(other, true) => format!("depends on `{}`", issue(other)),
        Value::DependsOn(other, false) => format!("depends on `{}` no more", issue(other)),
        Value::Parent(None) => "has no parent any more".to_owned(),
        Value::Parent(Some(parent)) => format!("is a part of `{}`", issue(parent)),
        Value::DueOn(None) => "has no due date any more".to_owned(),
        Value::DueOn(Some(day)) => format!("due {day}"),
        Value::Title(title) => format!("is called `{title}`"),
        Value::Milestone(None) => "is in no milestone any more".to_owned(),
        Value::Milestone(Some(at)) => format!("moved to `{}`", milestone(at)),
        Value::Key(key) => format!("has the key `{key}`"),
        Value::New(_, at) => format!("opened in `{}`", milestone(at)),
    }
}

/// What is pulled into a plan, for the terminal.
pub(crate) fn text(report: &PullReport<'_>, is_written: bool) -> String {
    let PullReport { path, plan, text: _, written, refused } = report;
    let mut text = String::new();
    let name = |number: &Option<IssueNumber>, title: &str| {
        let number = number.map(|number| format!("{number} ")).unwrap_or_default();
        printable(&format!("{number}{title}"))
    };
    for accepted in written {
        let Accepted { number, title, .. } = accepted;
        _ = writeln!(text, "  {}: {}", name(number, title), printable(&change(plan, accepted)));
    }
    for Unexpressible { number, title, what } in refused {
        _ = writeln!(text, "  {}: not pulled, because {}", name(number, title), printable(what));
    }
    let sentence = match (written.len(), is_written) {
        (0, _) => "nothing to pull".to_owned(),
        (count, true) => format!("{} pulled", some(count, "change")),
        (count, false) => format!("{} to pull", some(count, "change")),
    };
    let refused = if refused.is_empty() { String::new() } else { format!("; {} not", refused.len()) };
    format!("{path}: {sentence}{refused}.\n{text}")
}

/// The change to the plan's file as a patch; empty where nothing changes.
pub(crate) fn patch(report: &PullReport<'_>) -> String {
    let (old, new) = (report.plan.source.text.as_str(), report.text.as_str());
    if old == new {
        return String::new();
    }
    let path = report.path.as_str();
    TextDiff::from_lines(old, new).unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}

/// What begins the marker of a pull request.
const MARKER: &str = "<!-- plan-action-pull:1 ";
/// What a pull request says first.
pub(crate) const INTRODUCTION: &str = "\
This is what people changed on GitHub since the plan was last applied. Merging this pull request accepts it into the plan; \
closing it declines it, and the same changes are not proposed again.\n\n";
/// What a pull request says last.
pub(crate) const NOTE: &str = "\
<sub>A pull request that was created with `GITHUB_TOKEN` starts no workflows. Close and reopen it to run its checks, or give \
plan-action the token of an app.</sub>\n";

/// What a pull request is about, hidden in its text.
#[derive(Serialize, Deserialize)]
struct PullMarker {
    path: String,
    digest: String,
}

/// The first line of a pull request: what it is about.
pub(crate) fn marker(report: &PullReport<'_>, digest: &str) -> String {
    let marker = PullMarker { path: report.path.as_str().to_owned(), digest: digest.to_owned() };
    format!("{MARKER}{} -->", comment_json(&marker))
}

/// The digest in the text of a pull request.
pub(crate) fn digest_in(body: &str) -> Option<String> {
    let json = body.strip_prefix(MARKER)?.lines().next()?.strip_suffix(" -->")?;
    serde_json::from_str::<PullMarker>(json).ok().map(|marker| marker.digest)
}

/// The digest of the lines that change, wherever they stand.
pub(crate) fn digest(report: &PullReport<'_>) -> String {
    let diff = TextDiff::from_lines(report.plan.source.text.as_str(), report.text.as_str());
    let mut sha = Sha256::new();
    sha.update(report.path.as_str());
    for change in diff.iter_all_changes().filter(|change| change.tag() != ChangeTag::Equal) {
        sha.update(change.tag().to_string());
        sha.update(change.value().trim_end_matches(['\r', '\n']));
        sha.update("\n");
    }
    let digest: String = sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digest}")
}

/// The branch for the changes of a plan.
pub(crate) fn branch(path: &PlanId) -> String {
    let name: String = path
        .as_str()
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' })
        .collect();
    // Two paths may have the same letters.
    let digest = Sha256::digest(path.as_str());
    let short: String = digest.iter().take(3).map(|byte| format!("{byte:02x}")).collect();
    format!("plan-action/pull-{}-{short}", name.trim_matches('-').chars().take(60).collect::<String>())
}

/// The title of the commit and of the pull request.
pub(crate) fn title(report: &PullReport<'_>) -> String {
    let changes = some(report.written.len(), "change");
    format!("{}: {changes} from GitHub", report.path)
}

/// What happened on GitHub, as a table with links.
pub(crate) fn document(report: &PullReport<'_>, links: &IssueLinks) -> Document {
    let PullReport { path: _, plan, text: _, written, refused } = report;
    let name = |number: &Option<IssueNumber>, title: &str| match number {
        Some(IssueNumber(number)) => format!("{} {}", links.number(*number), escaped(title)),
        None => escaped(title),
    };
    let mut document = Document::default();
    let row = |accepted: &Accepted| {
        format!("| {} | {} |\n", name(&accepted.number, &accepted.title), escaped(&change(plan, accepted)))
    };
    document.push(Section {
        open: "| Item | What people changed |\n| --- | --- |\n".into(),
        rows: written.iter().map(row).collect(),
        close: "\n".into(),
        ..Section::default()
    });
    if !refused.is_empty() {
        let row = |refused: &Unexpressible| {
            format!("- {}: {}\n", name(&refused.number, &refused.title), escaped(&refused.what))
        };
        document.push(Section {
            open: "The plan has no place for this, so it stays as it is on GitHub:\n\n".into(),
            rows: refused.iter().map(row).collect(),
            close: "\n".into(),
            ..Section::default()
        });
    }
    document
}

/// A document with the patch below it.
pub(crate) fn with_patch(report: &PullReport<'_>, mut document: Document) -> Document {
    document.push(Section { details: vec![fenced("diff", &patch(report))], ..Section::default() });
    document
}

/// Why there is no pull request, and what to do.
pub(crate) fn not_allowed(report: &PullReport<'_>, words: &str) -> String {
    format!(
        "{}: the changes are in the job's summary and in the file of the output `patch`, not in a pull request. GitHub says: \
         {words}. Give the job `contents: write` and `pull-requests: write`, and let Actions create pull requests in the \
         repository's settings",
        report.path
    )
}
