//! Looks up what reviewers were shown: the pull requests that brought commits into a branch, and the preview comments
//! that this account wrote on them. If the lookup fails, nothing counts as reviewed, and the reason is kept.

use std::collections::VecDeque;

use anyhow::Error;
use clap::ValueEnum;

use super::apply::Reviews;
use crate::diff::{Change, Diff};
use crate::report::refusal::Unreviewed;
use crate::repository::StopReason;
use crate::repository::github::GitHubComments;
use crate::repository::github::http::clock::Clock;
use crate::review::{self, CommentMarker};

/// The most commits of a push to look up. Each takes a request.
const MOST_COMMITS: usize = 30;

/// The policy for changes that no preview comment on a pull request showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Reviewed {
    /// List them, and apply them.
    #[default]
    Warn,
    /// List them, and write nothing.
    Require,
    /// Skip the check.
    Off,
}

/// The preview comments on merged pull requests, and the policy for changes that are in none of them.
pub(crate) struct PullRequestReviews<C> {
    pub(crate) comments: GitHubComments<C>,
    pub(crate) reviewed: Reviewed,
    pub(crate) shown: Shown,
}

impl<C: Clock> Reviews for PullRequestReviews<C> {
    async fn unreviewed(&mut self, diff: &Diff) -> Option<Unreviewed> {
        if self.reviewed == Reviewed::Off {
            return None;
        }
        let changes: Vec<Change> = self.shown.unseen(diff, &self.comments).await.into_iter().cloned().collect();
        (!changes.is_empty()).then(|| Unreviewed { changes, unknown: self.shown.unknown() })
    }

    fn are_required(&self) -> bool {
        self.reviewed == Reviewed::Require
    }
}

/// The previews that reviewers saw. They are looked up only as needed.
#[derive(Debug)]
pub struct Shown {
    /// Commits still to be looked up, starting with the last of the push.
    commits: VecDeque<String>,
    branch: String,
    pulls: Vec<u64>,
    markers: Vec<CommentMarker>,
    /// The first error of a lookup.
    unknown: Option<String>,
}

impl Shown {
    /// Starts without any lookups, for commits that came into a branch.
    pub fn new(commits: impl IntoIterator<Item = String>, branch: &str) -> Self {
        Self {
            commits: commits.into_iter().take(MOST_COMMITS).collect(),
            branch: branch.to_owned(),
            pulls: Vec::new(),
            markers: Vec::new(),
            unknown: None,
        }
    }

    /// The changes of a diff that no reviewed comment showed. Asks GitHub only until all of them are found.
    pub async fn unseen<'d, C: Clock>(&mut self, diff: &'d Diff, github: &GitHubComments<C>) -> Vec<&'d Change> {
        loop {
            let unseen = review::unseen(diff, &self.markers);
            if unseen.is_empty() {
                return unseen;
            }
            let Some(commit) = self.commits.pop_front() else { return unseen };
            if let Err(error) = self.look_up(&commit, github).await {
                // If access was denied or there was no answer, trying further commits would only waste time.
                if error.downcast_ref::<StopReason>().is_some() {
                    self.commits.clear();
                }
                self.unknown.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }

    /// A sentence that explains why reviews are unknown, if a lookup failed.
    pub fn unknown(&self) -> Option<String> {
        let why = self.unknown.as_ref()?;
        Some(format!("The reviewed previews could not be looked up, so nothing counts as reviewed: {why}."))
    }

    async fn look_up<C: Clock>(&mut self, commit: &str, github: &GitHubComments<C>) -> Result<(), Error> {
        for pull in github.merged_pulls(commit, &self.branch).await? {
            if !self.pulls.contains(&pull) {
                let comments = github.own_comments(pull).await?;
                self.pulls.push(pull);
                self.markers.extend(comments.iter().filter_map(|comment| CommentMarker::find(&comment.body)));
            }
        }
        Ok(())
    }
}
