//! The comment on a pull request and the job summary of a preview: both have the same parts, each within its limit.

use super::diagnostics;
use super::escape::{code, title};
use super::fit::{Document, Section};
use super::issue_links::IssueLinks;
use super::markdown::{self, View};
use super::summary::{self, Tense};
use crate::diff::Change;
use crate::model::limits;
use crate::plan::{Diagnostic, PlanId};
use crate::report::preview::Preview;
use crate::review::CommentMarker;

/// The pull request that a preview is about.
#[derive(Debug, Clone, Copy)]
pub struct PullRequestContext<'a> {
    /// The branch that it would be merged into.
    pub base_branch: &'a str,
    /// Whether that is the default branch, so that merging applies the changes.
    pub is_default: bool,
    /// The changes that the pull request makes.
    pub own: &'a [&'a Change],
    /// The changes that are pending on the base branch already.
    pub pending: &'a [&'a Change],
    /// The page of the run, whose summary shows everything.
    pub run_url: &'a str,
}

/// A preview as a comment. `marker` is its first line; `had_changes` is whether an earlier commit had some.
pub fn preview(
    preview: &Preview<'_>,
    context: &PullRequestContext<'_>,
    marker: &CommentMarker,
    had_changes: bool,
    links: &IssueLinks,
) -> String {
    let mut head = format!("{}\n{}", marker.to_line(), headline(preview, context, had_changes));
    if marker.changes.is_none() {
        let count = preview.diff.changes.len();
        head.push_str(&format!(
            "> [!NOTE]\n> These {count} changes are too many to record one by one: they count as reviewed only if all of \
             them are applied as they are.\n\n"
        ));
    }
    let view = View::of_preview(links);
    let mut document = Document::default();
    markdown::body(preview, context.own, &view, &mut document);
    push_pending(preview, context, &view, &mut document);
    let foot = format!("{}\n", markdown::footer(preview.diff).trim_end());
    cut(&head, &document, &foot, limits::COMMENT - 1, Some(context.run_url))
}

/// The heading, and what merging does.
fn headline(preview: &Preview<'_>, context: &PullRequestContext<'_>, had_changes: bool) -> String {
    let sentence = match context.own {
        [] if had_changes => Some("This pull request no longer changes anything."),
        [_, ..] if context.is_default => Some("Merging this pull request applies the changes."),
        _ => None,
    };
    let sentences: Vec<String> = sentence.map(str::to_owned).into_iter().collect();
    markdown::headline(&preview.diff.plan, context.own, Tense::Future, &sentences)
}

/// A plan with errors as a comment.
pub fn errors(plan: &PlanId, findings: &[Diagnostic], run_url: &str, marker: &CommentMarker) -> String {
    let head = format!("{}\n{}", marker.to_line(), errors_headline(plan, findings));
    cut(&head, &errors_body(findings), &version(), limits::COMMENT - 1, Some(run_url))
}

/// A preview as a job's summary, in so many bytes at the most.
pub fn summary_of(
    preview: &Preview<'_>,
    context: Option<&PullRequestContext<'_>>,
    links: &IssueLinks,
    room: usize,
) -> String {
    let mut document = Document::default();
    let view = View::of_preview(links);
    let head = if let Some(context) = context {
        markdown::body(preview, context.own, &view, &mut document);
        push_pending(preview, context, &view, &mut document);
        headline(preview, context, false)
    } else {
        let all: Vec<&Change> = preview.diff.changes.iter().collect();
        markdown::body(preview, &all, &view, &mut document);
        markdown::headline(&preview.diff.plan, &all, Tense::Future, &[])
    };
    cut(&head, &document, &markdown::footer(preview.diff), room, None)
}

/// A plan with errors, or one that was only checked, as a job's summary; `counts` is what it holds, in words.
pub fn summary_of_findings(plan: &PlanId, counts: &str, findings: &[Diagnostic], room: usize) -> String {
    let counts = if counts.is_empty() { String::new() } else { format!("{}.\n\n", title(counts)) };
    cut(&format!("{}{counts}", errors_headline(plan, findings)), &errors_body(findings), &version(), room, None)
}

/// A document within a limit, with a note about what had to be left out.
pub fn cut(head: &str, document: &Document, foot: &str, limit: usize, run_url: Option<&str>) -> String {
    let whole = document.whole();
    if head.len() + whole.len() + foot.len() <= limit {
        return format!("{head}{whole}{foot}");
    }
    let note = |rows: usize, details: usize| {
        let left_out = [(rows, "row"), (details, "folded text")];
        let left_out: Vec<String> =
            left_out.iter().filter(|(count, _)| *count > 0).map(|(count, what)| summary::some(*count, what)).collect();
        let everything = match run_url {
            Some(url) => format!("The [job summary]({url}) shows everything."),
            None => "`plan-action preview` shows everything.".to_owned(),
        };
        format!(
            "> [!NOTE]\n> Too long for one page, so these are left out: {}. {everything}\n\n",
            summary::list(&left_out)
        )
    };
    // The longest that the note can be.
    let reserved = head.len() + foot.len() + note(usize::MAX, usize::MAX).len();
    let fitted = document.fit(limit.saturating_sub(reserved));
    format!("{head}{}{}{foot}", note(fitted.rows, fitted.details), fitted.text)
}

/// The changes that are pending on the base branch, folded unless there is nothing else.
fn push_pending(preview: &Preview<'_>, context: &PullRequestContext<'_>, view: &View<'_>, document: &mut Document) {
    let PullRequestContext { base_branch, is_default: _, own, pending, run_url: _ } = *context;
    if pending.is_empty() {
        return;
    }
    let open = if own.is_empty() { " open" } else { "" };
    document.always(format!(
        "<details{open}><summary><b>Pending on {}</b>, not part of this pull request: {}</summary>\n\n",
        code(base_branch),
        summary::of_changes(pending)
    ));
    markdown::sections(preview.diff, pending, view, document);
    document.always("</details>\n\n");
}

fn errors_headline(plan: &PlanId, findings: &[Diagnostic]) -> String {
    let count = diagnostics::count(findings);
    let count = if count.is_empty() { "no problems".to_owned() } else { count };
    markdown::heading(plan, &count)
}

fn errors_body(findings: &[Diagnostic]) -> Document {
    let mut document = Document::default();
    let rows: Vec<String> = findings
        .iter()
        .map(|finding| {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            format!("- {severity}: {}\n", markdown::alerts::finding(finding))
        })
        .collect();
    if !rows.is_empty() {
        document.push(Section { rows, close: "\n".into(), ..Section::default() });
    }
    document
}

fn version() -> String {
    format!("<sub>plan-action {}</sub>\n", title(env!("CARGO_PKG_VERSION")))
}
