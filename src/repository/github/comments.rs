//! Reads and writes this account's comments on issues and pull requests, and finds the pull requests of a commit.

use std::rc::Rc;

use anyhow::Result;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::connection::Connection;
use super::http::client::{Answer, Repeat};
use super::http::clock::Clock;
use super::http::failure::{Failure, no_answer};
use super::http::pacer::Cost;
use super::http::pages::Lists;
use super::wire::{WireUser, read};
use crate::model::snapshot::is_account;

/// The most attempts to create a comment. Before each new attempt, the comment is looked up.
const TRIES: usize = 3;

/// A comment that this account wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// The id of the comment.
    pub id: u64,
    /// The text, in markdown.
    pub body: String,
    /// The web address.
    pub url: String,
}

/// The result of writing a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// The comment exists at this address.
    At(String),
    /// The token is not allowed to comment, for instance in a run from a fork. Holds GitHub's message.
    NotAllowed(String),
}

#[derive(Deserialize)]
struct WireComment {
    id: u64,
    body: Option<String>,
    html_url: String,
    user: Option<WireUser>,
}

#[derive(Deserialize)]
struct WirePull {
    number: u64,
    merged_at: Option<String>,
    base: WireBase,
}

#[derive(Deserialize)]
struct WireBase {
    #[serde(rename = "ref")]
    branch: String,
}

/// Reads and writes comments: on pull requests for a preview, on issues for an apply.
pub struct GitHubComments<C>(Rc<Connection<C>>);

impl<C> GitHubComments<C> {
    /// Access to the comments of a repository.
    pub fn new(github: &Rc<Connection<C>>) -> Self {
        Self(Rc::clone(github))
    }
}

impl<C: Clock> GitHubComments<C> {
    async fn pages(&self, path: &str) -> Result<Vec<Value>> {
        Lists::new(&self.0.client, &self.0.name).all(path).await
    }

    /// The comments of this account on a pull request or issue, oldest first. Empty if the account is unknown, because
    /// somebody else's comment must not be mistaken for ours.
    ///
    /// # Errors
    ///
    /// If GitHub does not return the comments.
    pub async fn own_comments(&self, number: u64) -> Result<Vec<Comment>> {
        let Some(account) = self.0.account().await? else { return Ok(Vec::new()) };
        let path = format!("{}/issues/{number}/comments?per_page=100", self.0.base());
        let mut comments = Vec::new();
        for json in self.pages(&path).await? {
            let comment: WireComment = read(json, "a comment")?;
            if comment.user.is_some_and(|user| is_account(&account, &user.login)) {
                comments.push(Comment {
                    id: comment.id,
                    body: comment.body.unwrap_or_default(),
                    url: comment.html_url,
                });
            }
        }
        Ok(comments)
    }

    /// Creates a comment. If the answer is lost, the comment is looked up before it is created again.
    ///
    /// # Errors
    ///
    /// If GitHub does not answer, or rejects the request for a reason other than a missing permission.
    pub async fn comment(&self, number: u64, body: &str) -> Result<Posted> {
        let path = format!("{}/issues/{number}/comments", self.0.base());
        let json = json!({"body": body});
        for _ in 0..TRIES {
            match self.0.client.request(Method::POST, &path, Some(&json), Cost::Create, Repeat::LookFirst).await {
                Err(Failure::Unknown(_)) => {}
                answer => return posted(answer),
            }
            if let Some(there) = self.own_comments(number).await?.into_iter().find(|there| there.body == body) {
                return Ok(Posted::At(there.url));
            }
        }
        Err(no_answer(&format!("POST {path}"), TRIES))
    }

    /// Replaces the text of a comment.
    ///
    /// # Errors
    ///
    /// As for [`GitHubComments::comment`].
    pub async fn edit_comment(&self, id: u64, body: &str) -> Result<Posted> {
        let path = format!("{}/issues/comments/{id}", self.0.base());
        let json = json!({"body": body});
        posted(self.0.client.request(Method::PATCH, &path, Some(&json), Cost::Write, Repeat::Harmless).await)
    }

    /// The numbers of the merged pull requests that brought a commit into a branch.
    ///
    /// # Errors
    ///
    /// If GitHub does not return the pull requests.
    pub async fn merged_pulls(&self, commit: &str, branch: &str) -> Result<Vec<u64>> {
        let path = format!("{}/commits/{commit}/pulls?per_page=100", self.0.base());
        let pulls = self.pages(&path).await?.into_iter().map(|json| read::<WirePull>(json, "a pull request"));
        let pulls: Vec<WirePull> = pulls.collect::<Result<_>>()?;
        let brought = |pull: &WirePull| pull.merged_at.is_some() && pull.base.branch == branch;
        Ok(pulls.into_iter().filter(brought).map(|pull| pull.number).collect())
    }
}

fn posted(answer: Result<Answer, Failure>) -> Result<Posted> {
    match answer {
        Ok(answer) => Ok(Posted::At(read::<WireComment>(answer.json, "the comment")?.html_url)),
        Err(Failure::Refused(refusal)) if matches!(refusal.status.as_u16(), 403 | 404) => {
            Ok(Posted::NotAllowed(refusal.message))
        }
        Err(failure) => Err(failure.into()),
    }
}
