//! The comment on a pull request, and the job's summary of a preview: both of the same parts, each within its limit.

use super::escape::{code, title};
use super::fit::{Document, Section};
use super::markdown;
use super::{diagnostics, summary};
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
    /// The changes that the pull request makes.
    pub own: &'a [&'a Change],
    /// The changes that are pending on the branch already.
    pub pending: &'a [&'a Change],
    /// The page of the run, with everything in its summary.
    pub run_url: &'a str,
}

/// A preview as a comment. `marker` is its first line; `had_changes` is whether an earlier commit had some.
pub fn preview(
    preview: &Preview<'_>,
    context: &PullRequestContext<'_>,
    marker: &CommentMarker,
    had_changes: bool,
) -> String {
    let PullRequestContext { base_branch, own, pending, run_url } = *context;
    let mut head = format!("{}\n{}: ", marker.to_line(), markdown::name_of(preview));
    head.push_str(&match own {
        [] if had_changes => "no changes any more".to_owned(),
        [] => "no changes".to_owned(),
        _ => summary::of_changes(own),
    });
    head.push_str(&summary::aside(preview.diff));
    if !pending.is_empty() {
        let branch = code(base_branch);
        head.push_str(&format!("; pending on {branch} already: {}", summary::of_changes(pending)));
    }
    head.push_str(".\n\n");
    if marker.changes.is_none() {
        let count = preview.diff.changes.len();
        head.push_str(&format!(
            "> [!NOTE]\n> {count} changes are more than a comment can list one by one; they count as reviewed only all \
             together.\n\n"
        ));
    }
    let mut document = Document::default();
    markdown::body(preview, own, &mut document);
    push_pending(preview, context, &mut document);
    let foot = format!("{}\n", markdown::footer(preview.diff).trim_end());
    cut(&head, &document, &foot, limits::COMMENT - 1, Some(run_url))
}

/// A plan with errors as a comment.
pub fn errors(plan: &PlanId, findings: &[Diagnostic], run_url: &str, marker: &CommentMarker) -> String {
    let head = format!("{}\n{}", marker.to_line(), errors_headline(plan, findings));
    cut(&head, &errors_body(findings), &version(), limits::COMMENT - 1, Some(run_url))
}

/// A preview as a job's summary, in so many bytes at the most.
pub fn summary_of(preview: &Preview<'_>, context: Option<&PullRequestContext<'_>>, room: usize) -> String {
    let mut document = Document::default();
    let head = format!("{}: {}.\n\n", markdown::name_of(preview), summary::of(preview.diff));
    if let Some(context) = context {
        markdown::body(preview, context.own, &mut document);
        push_pending(preview, context, &mut document);
    } else {
        let all: Vec<&Change> = preview.diff.changes.iter().collect();
        markdown::body(preview, &all, &mut document);
    }
    cut(&head, &document, &markdown::footer(preview.diff), room, None)
}

/// A plan with errors, or one that was only checked, as a job's summary; `counts` is what it holds, in words.
pub fn summary_of_findings(plan: &PlanId, counts: &str, findings: &[Diagnostic], room: usize) -> String {
    let counts = if counts.is_empty() { String::new() } else { format!("{}.\n\n", title(counts)) };
    cut(&format!("{}{counts}", errors_headline(plan, findings)), &errors_body(findings), &version(), room, None)
}

/// A document within a limit, with a word on what had to be left out.
pub fn cut(head: &str, document: &Document, foot: &str, limit: usize, run_url: Option<&str>) -> String {
    let whole = document.whole();
    if head.len() + whole.len() + foot.len() <= limit {
        return format!("{head}{whole}{foot}");
    }
    let told = |rows: usize, details: usize| {
        let everything = match run_url {
            Some(url) => format!("the [job summary]({url}) has everything"),
            None => "`plan-action preview` shows everything".to_owned(),
        };
        format!(
            "> [!NOTE]\n> Too long for this place: {} and {} were left out; {everything}.\n\n",
            summary::some(rows, "row"),
            summary::some(details, "detail")
        )
    };
    // The longest that the word can be.
    let reserved = head.len() + foot.len() + told(usize::MAX, usize::MAX).len();
    let fitted = document.fit(limit.saturating_sub(reserved));
    format!("{head}{}{}{foot}", told(fitted.rows, fitted.details), fitted.text)
}

fn push_pending(preview: &Preview<'_>, context: &PullRequestContext<'_>, document: &mut Document) {
    if context.pending.is_empty() {
        return;
    }
    document
        .always(format!("---\n\n**Pending on {} already**, without this pull request:\n\n", code(context.base_branch)));
    markdown::sections(preview.diff, context.pending, document);
}

fn errors_headline(plan: &PlanId, findings: &[Diagnostic]) -> String {
    let count = diagnostics::count(findings);
    let count = if count.is_empty() { "no problems".to_owned() } else { count };
    format!("**Plan** {}: {count}.\n\n", code(plan.as_str()))
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
