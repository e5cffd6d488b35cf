//! A preview: in a comment on the pull request, if there is one, and in the job summary.

use std::collections::BTreeSet;

use anyhow::Result;

use super::action_run::{ActionRun, Repositories};
use crate::actions::event::PullRequest;
use crate::app::observe::{observe_for, suffices};
use crate::app::plans::{LoadedPlan, has_errors, load_one_at};
use crate::app::preview::{Compared, compare};
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::diff::{Change, ChangeDigest};
use crate::model::snapshot::Snapshot;
use crate::plan::Severity;
use crate::render;
use crate::render::comment::{self, PullRequestContext};
use crate::repository::github::{GitHubComments, GitHubReader};
use crate::review::{CommentMarker, split_pending};

/// What the base branch of a pull request has.
#[derive(Default)]
struct Base {
    /// The changes that are pending there already.
    pending: BTreeSet<ChangeDigest>,
    /// The texts of its plans, each of which may be missing.
    texts: Vec<Option<String>>,
}

impl ActionRun {
    /// Shows what plans would change.
    pub(super) async fn preview(
        &mut self,
        plans: &[LoadedPlan<'_>],
        snapshot: &Snapshot,
        repositories: &Repositories,
    ) -> Result<Exit> {
        let comments = &GitHubComments::new(&repositories.plans);
        let compared = compare(plans, snapshot).await?;
        let pull = self.job.pull_request().cloned();
        let base = match &pull {
            Some(pull) => self.base(plans, snapshot, repositories, pull).await,
            None => Base::default(),
        };
        let url = self.job.url.clone();
        let summary_links = self.summary_links();
        let comment_links = self.comment_links();
        for (at, (loaded, compared)) in plans.iter().zip(&compared).enumerate() {
            let preview = compared.preview();
            output::group(&format!("Preview of {}", loaded.path), &render::text::render(&compared.diff))?;
            let (own, pending) = split_pending(&compared.diff, &base.pending);
            let context = pull.as_ref().map(|pull| PullRequestContext {
                base_branch: &pull.base_branch,
                is_default: pull.base_branch == self.job.default_branch,
                own: &own,
                pending: &pending,
                run_url: &url,
            });
            let room = self.runner.room();
            self.runner.summarise(&comment::summary_of(&preview, context.as_ref(), &summary_links, room))?;
            if let (Some(pull), Some(context)) = (&pull, &context) {
                let is_new = base.texts.get(at).is_none_or(|text| text.as_ref() != Some(&loaded.source.text));
                let says_something = is_new && (!own.is_empty() || compared.is_refused());
                let marker = CommentMarker::new(&compared.diff, &loaded.path, &pull.head);
                self.post(comments, &loaded.path, says_something, |there| {
                    comment::preview(&preview, context, &marker, there.is_some(), &comment_links)
                })
                .await?;
            }
        }
        self.outputs(&compared.iter().map(Compared::preview).collect::<Vec<_>>())?;
        Ok(if compared.iter().any(Compared::is_refused) { Exit::Failed } else { Exit::Done })
    }

    /// Compares the plans of the base branch too. If they cannot be read, the preview is still shown.
    async fn base(
        &mut self,
        plans: &[LoadedPlan<'_>],
        snapshot: &Snapshot,
        repositories: &Repositories,
        pull: &PullRequest,
    ) -> Base {
        let (home, github) = (GitHubReader::new(&repositories.plans), GitHubReader::new(&repositories.issues));
        let mut texts = Vec::new();
        let mut loaded = Vec::new();
        for plan in plans {
            match load_one_at(&home, &pull.base, plan.path.as_str(), &self.inputs.overrides).await {
                Ok(there) => {
                    texts.push(there.as_ref().map(|there| there.source.text.clone()));
                    loaded.extend(there.filter(|there| !has_errors(std::slice::from_ref(there))));
                }
                Err(error) => {
                    let message = format!(
                        "The plan on the base branch cannot be read, so every pending change is attributed to the pull \
                             request: {error:#}"
                    );
                    _ = self.annotate(Severity::Note, &message);
                    return Base::default();
                }
            }
        }
        // The plans of the base branch may have items that these ones lack.
        let whole = match suffices(&loaded, snapshot) {
            true => None,
            false => observe_for(&loaded, &github, &self.inputs.trust).await.ok(),
        };
        let changes = compare(&loaded, whole.as_ref().unwrap_or(snapshot)).await.unwrap_or_default();
        let pending =
            changes.iter().flat_map(|compared| compared.diff.changes.iter().flat_map(Change::digests)).collect();
        Base { pending, texts }
    }
}
