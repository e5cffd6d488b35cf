//! The comment on a pull request: one for each plan, found again by its marker and its author.

use anyhow::Result;

use super::action_run::ActionRun;
use crate::actions::event::{PullRequest, Stranger};
use crate::app::plans::LoadedPlan;
use crate::cli::args::CommentWhen;
use crate::cli::output;
use crate::plan::{PlanId, Severity};
use crate::render::comment;
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{Comment, GitHubComments, Posted};
use crate::review::CommentMarker;

impl ActionRun {
    /// Creates the comment or updates it. A comment that would say nothing is not created.
    pub(super) async fn post(
        &mut self,
        github: &GitHubComments<SystemClock>,
        path: &PlanId,
        says_something: bool,
        text: impl FnOnce(Option<&Comment>) -> String,
    ) -> Result<()> {
        let Some(pull) = self.job.pull_request().cloned() else { return Ok(()) };
        let when = self.inputs.comment;
        if when == CommentWhen::Never {
            return Ok(());
        }
        let comments = github.own_comments(pull.number).await?;
        let is_it = |comment: &&Comment| CommentMarker::find(&comment.body).is_some_and(|marker| marker.path == *path);
        let there = comments.iter().find(is_it);
        if there.is_none() && !says_something && when == CommentWhen::Changes {
            return Ok(());
        }
        let text = text(there);
        let posted = match there {
            // GitHub may give line ends back in another form.
            Some(there) if there.body.replace('\r', "") == text => Posted::At(there.url.clone()),
            Some(there) => github.edit_comment(there.id, &text).await?,
            None => github.comment(pull.number, &text).await?,
        };
        match posted {
            Posted::At(url) => {
                output::say(&format!("preview: {url}\n"));
                self.runner.output("comment-url", &url)
            }
            Posted::NotAllowed(words) => self.annotate(severity(&pull), &not_allowed(&pull, &words)),
        }
    }

    /// Lists the errors of a plan in the comment.
    pub(super) async fn comment_errors(
        &mut self,
        github: &GitHubComments<SystemClock>,
        loaded: &LoadedPlan<'_>,
    ) -> Result<()> {
        let Some(pull) = self.job.pull_request().cloned() else { return Ok(()) };
        let marker = CommentMarker::of_nothing(&loaded.path, &pull.head);
        let text = comment::errors(&loaded.path, loaded.diagnostics(), &self.job.url, &marker);
        self.post(github, &loaded.path, true, |_| text).await
    }
}

/// A read-only token is expected for a stranger's pull request; otherwise a permission is missing.
fn severity(pull: &PullRequest) -> Severity {
    if pull.stranger.is_some() { Severity::Note } else { Severity::Warning }
}

fn not_allowed(pull: &PullRequest, words: &str) -> String {
    let why = match pull.stranger {
        Some(Stranger::Fork) => "runs from forks have a read-only token".to_owned(),
        Some(Stranger::Dependabot) => "runs for Dependabot have a read-only token".to_owned(),
        None => format!("GitHub answered: {words}. Add `permissions: pull-requests: write` to the workflow"),
    };
    format!("The preview is in the job summary instead of a comment: {why}")
}
