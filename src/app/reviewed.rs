//! What reviewers were shown, looked up on GitHub: the pull requests that brought some commits, and the comments of this
//! account on them. Where they cannot be looked up, nobody is known to have been shown anything, and the reason is kept.

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

/// How many commits of a push are looked up: each is a request.
const MOST_COMMITS: usize = 30;

/// What an apply does about changes that no comment on a pull request showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Reviewed {
    /// It names them, and makes them.
    #[default]
    Warn,
    /// It names them, and writes nothing.
    Require,
    /// It does not look.
    Off,
}

/// The previews on merged pull requests, and what to do about changes that are in none of them.
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

/// The previews that reviewers saw, as far as they had to be looked up.
#[derive(Debug)]
pub struct Shown {
    /// Commits that are not looked up yet, the last one of the push first.
    commits: VecDeque<String>,
    branch: String,
    pulls: Vec<u64>,
    markers: Vec<CommentMarker>,
    /// The first reason why something could not be looked up.
    unknown: Option<String>,
}

impl Shown {
    /// Nothing looked up yet of the commits that came into a branch.
    pub fn new(commits: impl IntoIterator<Item = String>, branch: &str) -> Self {
        Self {
            commits: commits.into_iter().take(MOST_COMMITS).collect(),
            branch: branch.to_owned(),
            pulls: Vec::new(),
            markers: Vec::new(),
            unknown: None,
        }
    }

    /// The changes of a diff that no reviewed comment showed. It asks GitHub only until all of them are found.
    pub async fn unseen<'d, C: Clock>(&mut self, diff: &'d Diff, github: &GitHubComments<C>) -> Vec<&'d Change> {
        loop {
            let unseen = review::unseen(diff, &self.markers);
            if unseen.is_empty() {
                return unseen;
            }
            let Some(commit) = self.commits.pop_front() else { return unseen };
            if let Err(error) = self.look_up(&commit, github).await {
                // Where this was not allowed or nobody answered, the next commit would only take longer.
                if error.downcast_ref::<StopReason>().is_some() {
                    self.commits.clear();
                }
                self.unknown.get_or_insert_with(|| format!("{error:#}"));
            }
        }
    }

    /// Why it is not known what reviewers were shown, in a sentence, if something could not be looked up.
    pub fn unknown(&self) -> Option<String> {
        let why = self.unknown.as_ref()?;
        Some(format!("GitHub did not say what reviewers were shown, so nothing counts as reviewed: {why}."))
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
