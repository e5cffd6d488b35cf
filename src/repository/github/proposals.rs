//! Proposes changes to files: a branch with one commit, and a pull request for it.

use std::rc::Rc;

use anyhow::Result;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::connection::{Connection, segment};
use super::http::client::Repeat;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::http::pacer::Cost;
use super::http::pages::Lists;
use super::wire::{WireUser, read};
use crate::model::snapshot::is_account;

/// A pull request of this account for a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedPull {
    /// The number.
    pub number: u64,
    /// The text, in markdown.
    pub body: String,
    /// The web address.
    pub url: String,
    /// Whether it is open.
    pub is_open: bool,
    /// Whether it was merged.
    pub is_merged: bool,
}

/// A change to one file.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    /// The branch that holds the change.
    pub branch: &'a str,
    /// The branch that the change is for.
    pub base: &'a str,
    /// The commit that the change is made on.
    pub commit: &'a str,
    /// The path of the file.
    pub path: &'a str,
    /// The new text of the file.
    pub text: &'a str,
    /// The title of the commit and of the pull request.
    pub title: &'a str,
    /// The text of the pull request.
    pub body: &'a str,
}

/// The result of a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposed {
    /// The pull request is at this address.
    At(String),
    /// The token is not allowed to push or to create pull requests. Holds GitHub's message.
    NotAllowed(String),
}

#[derive(Deserialize)]
struct WirePull {
    number: u64,
    state: String,
    body: Option<String>,
    html_url: String,
    merged_at: Option<String>,
    user: Option<WireUser>,
    head: WireHead,
}

#[derive(Deserialize)]
struct WireHead {
    #[serde(rename = "ref")]
    branch: String,
}

#[derive(Deserialize)]
struct WireSha {
    sha: String,
}

#[derive(Deserialize)]
struct WireCommit {
    tree: WireSha,
}

/// Pushes branches and maintains pull requests. It cannot write to issues.
pub struct GitHubProposals<C>(Rc<Connection<C>>);

impl<C> GitHubProposals<C> {
    /// Access to the branches and pull requests of a repository.
    pub fn new(github: &Rc<Connection<C>>) -> Self {
        Self(Rc::clone(github))
    }
}

impl<C: Clock> GitHubProposals<C> {
    /// The pull requests of this account for a branch, the newest first.
    ///
    /// # Errors
    ///
    /// If GitHub does not return the pull requests.
    pub async fn pulls(&self, branch: &str) -> Result<Vec<ProposedPull>> {
        let account = self.0.account().await?;
        let owner = self.0.name.split('/').next().unwrap_or_default();
        let head = segment(&format!("{owner}:{branch}"));
        let path = format!("{}/pulls?state=all&head={head}&per_page=100", self.0.base());
        let mut pulls = Vec::new();
        for json in Lists::new(&self.0.client, &self.0.name).all(&path).await? {
            let pull: WirePull = read(json, "a pull request")?;
            let is_ours =
                pull.user.as_ref().zip(account.as_ref()).is_some_and(|(user, us)| is_account(us, &user.login));
            if is_ours && pull.head.branch == branch {
                pulls.push(ProposedPull {
                    number: pull.number,
                    body: pull.body.unwrap_or_default(),
                    url: pull.html_url,
                    is_open: pull.state == "open",
                    is_merged: pull.merged_at.is_some(),
                });
            }
        }
        pulls.sort_by_key(|pull| std::cmp::Reverse(pull.number));
        Ok(pulls)
    }

    /// Points the branch to a new commit with the change, and opens a pull request for it or updates the open one.
    ///
    /// # Errors
    ///
    /// If GitHub does not answer, or rejects a request for a reason other than a missing permission.
    pub async fn propose(&self, proposal: &Proposal<'_>, open: Option<&ProposedPull>) -> Result<Proposed> {
        match self.push_and_open(proposal, open).await {
            Ok(url) => Ok(Proposed::At(url)),
            Err(Failure::Refused(refusal)) if matches!(refusal.status.as_u16(), 403 | 404) => {
                Ok(Proposed::NotAllowed(refusal.message))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn push_and_open(&self, proposal: &Proposal<'_>, open: Option<&ProposedPull>) -> Result<String, Failure> {
        let Proposal { branch, base, title, body, .. } = *proposal;
        let commit = self.commit(proposal).await?;
        let reference = format!("{}/git/refs/{}", self.0.base(), segment(&format!("heads/{branch}")));
        let update = json!({"sha": commit, "force": true});
        if let Err(failure) = self.0.client.set(Method::PATCH, &reference, Some(update.clone())).await {
            // GitHub answers 422 for a branch that does not exist.
            if !matches!(&failure, Failure::Refused(refusal) if matches!(refusal.status.as_u16(), 404 | 422)) {
                return Err(failure);
            }
            let create = json!({"ref": format!("refs/heads/{branch}"), "sha": commit});
            self.0.client.set(Method::POST, &format!("{}/git/refs", self.0.base()), Some(create)).await?;
        }
        let pulls = format!("{}/pulls", self.0.base());
        if let Some(open) = open {
            let update = json!({"title": title, "body": body});
            self.0.client.set(Method::PATCH, &format!("{pulls}/{}", open.number), Some(update)).await?;
            return Ok(open.url.clone());
        }
        let create = json!({"title": title, "body": body, "head": branch, "base": base});
        let answer = self.0.client.request(Method::POST, &pulls, Some(&create), Cost::Create, Repeat::LookFirst).await;
        match answer {
            Ok(answer) => url(answer.json),
            // The answer was lost: the pull request may be there.
            Err(Failure::Unknown(why)) => {
                let there = self.pulls(branch).await.map_err(Failure::Fatal)?;
                let found = there.into_iter().find(|pull| pull.is_open).map(|pull| pull.url);
                found.ok_or(Failure::Unknown(why))
            }
            Err(failure) => Err(failure),
        }
    }

    /// Creates a commit with the change; no branch has it yet.
    async fn commit(&self, proposal: &Proposal<'_>) -> Result<String, Failure> {
        let Proposal { commit, path, text, title, .. } = *proposal;
        let git = format!("{}/git", self.0.base());
        let parent = self.0.client.get(&format!("{git}/commits/{commit}")).await?.json;
        let parent: WireCommit = read(parent, "a commit").map_err(Failure::Fatal)?;
        let file = json!({"path": path, "mode": "100644", "type": "blob", "content": text});
        let tree = json!({"base_tree": parent.tree.sha, "tree": [file]});
        let tree = sha(self.0.client.set(Method::POST, &format!("{git}/trees"), Some(tree)).await?)?;
        let new = json!({"message": title, "tree": tree, "parents": [commit]});
        sha(self.0.client.set(Method::POST, &format!("{git}/commits"), Some(new)).await?)
    }
}

fn sha(json: Value) -> Result<String, Failure> {
    Ok(read::<WireSha>(json, "what it created").map_err(Failure::Fatal)?.sha)
}

fn url(json: Value) -> Result<String, Failure> {
    Ok(read::<WirePull>(json, "the pull request").map_err(Failure::Fatal)?.html_url)
}
