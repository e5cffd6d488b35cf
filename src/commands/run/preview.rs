//! A preview: as a comment on the pull request, if it is one, and in the job's summary.

use std::collections::BTreeSet;

use anyhow::Result;

use super::Work;
use crate::actions::event::PullRequest;
use crate::commands::compare::{Compared, compare};
use crate::commands::plans::{Located, has_errors, read_one_at};
use crate::commands::{Outcome, output};
use crate::diff::{Change, ChangeDigest};
use crate::model::snapshot::Snapshot;
use crate::plan::Severity;
use crate::render;
use crate::render::comment::{self, Around};
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{GitHubComments, GitHubReader};
use crate::review::CommentMarker;

/// What lies on the base branch of a pull request.
#[derive(Default)]
struct Base {
    /// The changes that are pending there already.
    pending: BTreeSet<ChangeDigest>,
    /// The texts of its plans, each of which may be missing.
    texts: Vec<Option<String>>,
}

impl Work {
    /// Shows what plans would change.
    pub(super) async fn preview(
        &mut self,
        plans: &[Located<'_>],
        snapshot: &Snapshot,
        github: &GitHubReader<SystemClock>,
        comments: &GitHubComments<SystemClock>,
    ) -> Result<Outcome> {
        let compared = compare(plans, snapshot).await?;
        let pull = self.job.pull_request().cloned();
        let base = match &pull {
            Some(pull) => self.base(plans, snapshot, github, pull).await,
            None => Base::default(),
        };
        let url = self.job.url.clone();
        for (at, (located, compared)) in plans.iter().zip(&compared).enumerate() {
            let preview = compared.preview();
            output::group(&format!("Preview of {}", located.path), &render::text::render(&compared.diff))?;
            let around = pull.as_ref().map(|pull| Around {
                base_branch: &pull.base_branch,
                pending: &base.pending,
                run_url: &url,
            });
            self.runner.summarise(&comment::summary_of(&preview, around.as_ref(), self.runner.room()))?;
            if let (Some(pull), Some(around)) = (&pull, &around) {
                let (own, _) = comment::split(&preview, around);
                let is_new = base.texts.get(at).is_none_or(|text| text.as_ref() != Some(&located.source.text));
                let says_something = is_new && (!own.is_empty() || compared.is_refused());
                let marker = CommentMarker::new(&compared.diff, &located.path, &pull.head);
                self.post(comments, &located.path, says_something, |there| {
                    comment::preview(&preview, around, &marker, there.is_some())
                })
                .await?;
            }
        }
        self.outputs(&compared)?;
        Ok(if compared.iter().any(Compared::is_refused) { Outcome::Failed } else { Outcome::Done })
    }

    /// Compares the plans of the base branch too. That they cannot be read is no reason to show no preview.
    async fn base(
        &mut self,
        plans: &[Located<'_>],
        snapshot: &Snapshot,
        github: &GitHubReader<SystemClock>,
        pull: &PullRequest,
    ) -> Base {
        let mut texts = Vec::new();
        let mut located = Vec::new();
        for plan in plans {
            match read_one_at(github, &pull.base, plan.path.as_str(), &self.inputs.overrides).await {
                Ok(there) => {
                    texts.push(there.as_ref().map(|there| there.source.text.clone()));
                    located.extend(there.filter(|there| !has_errors(std::slice::from_ref(there))));
                }
                Err(error) => {
                    let message =
                        format!("the plan of the base branch cannot be read, so all is shown as new: {error:#}");
                    _ = self.remark(Severity::Note, &message);
                    return Base::default();
                }
            }
        }
        let changes = compare(&located, snapshot).await.unwrap_or_default();
        let pending =
            changes.iter().flat_map(|compared| compared.diff.changes.iter().flat_map(Change::digests)).collect();
        Base { pending, texts }
    }
}
