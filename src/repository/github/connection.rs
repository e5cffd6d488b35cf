//! The state shared by the reader, the writer and the comments of one repository: the client, the ids of issues, and
//! the features of the server.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::{Context, Result, bail, ensure};

use super::http::client::Client;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::wire::{IssueId, NodeId, WireIssue, WireRepository, read};
use crate::model::snapshot::{Issue, IssueNumber};

/// The ids of an issue that GitHub's API uses besides its number.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    /// The database id. Only REST returns it, and only REST takes it.
    id: Option<IssueId>,
    pub(super) node: NodeId,
    /// When the issue was last changed, if a list said so.
    pub(super) updated: Option<jiff::Timestamp>,
}

impl Handle {
    /// The database id, for REST.
    pub(super) fn id(&self) -> Result<IssueId> {
        self.id.context("GitHub's GraphQL does not say which id REST has for an issue; run it again")
    }
}

/// The features of a server. A GitHub Enterprise Server may lack some.
#[derive(Debug, Clone, Copy)]
pub(super) struct Features {
    pub(super) graphql: bool,
    pub(super) dependencies: bool,
    pub(super) sub_issues: bool,
    pub(super) pins: bool,
    /// Whether the server has answered a query with links, so that the other fields are confirmed.
    pub(super) are_links_known: bool,
}

/// A repository on GitHub, shared by its reader, its writer and its comments.
pub struct Connection<C> {
    pub(super) client: Client<C>,
    /// `OWNER/NAME`, in GitHub's current spelling.
    pub(super) name: String,
    /// The id, which stays the same when the repository is renamed.
    pub(super) id: Option<u64>,
    pub(super) archived: bool,
    handles: RefCell<BTreeMap<IssueNumber, Handle>>,
    pub(super) features: RefCell<Features>,
    /// Missing features that were already reported.
    told: RefCell<Vec<&'static str>>,
    /// The highest known number of an issue or pull request.
    pub(super) highest: Cell<u64>,
    /// The account that the token belongs to, once known.
    pub(super) viewer: RefCell<Option<String>>,
}

impl<C: Clock> Connection<C> {
    /// Looks up a repository and checks that it can be used.
    ///
    /// # Errors
    ///
    /// If the repository does not exist, GitHub cannot be reached, or issues are disabled.
    pub async fn open(name: &str, client: Client<C>) -> Result<Rc<Self>> {
        ensure!(is_repository_name(name), "`{name}` is not OWNER/NAME");
        let repository = repository(&client, &format!("/repos/{name}")).await?;
        if !repository.full_name.eq_ignore_ascii_case(name) {
            client.say(&format!("`{name}` is called `{}` now; write that name instead", repository.full_name));
        }
        ensure!(
            repository.has_issues,
            "issues are disabled in `{}`; turn them on in the repository's settings",
            repository.full_name
        );
        let features =
            Features { graphql: true, dependencies: true, sub_issues: true, pins: true, are_links_known: false };
        Ok(Rc::new(Self {
            client,
            id: repository.id,
            archived: repository.archived,
            name: repository.full_name,
            handles: RefCell::default(),
            features: RefCell::new(features),
            told: RefCell::default(),
            highest: Cell::new(0),
            viewer: RefCell::default(),
        }))
    }

    /// The API path of the repository.
    pub(super) fn base(&self) -> String {
        format!("/repos/{}", self.name)
    }

    /// Converts an issue, and remembers its ids.
    pub(super) fn known(&self, issue: WireIssue) -> Issue {
        let handle = Handle { id: Some(issue.id), node: issue.node_id.clone(), updated: issue.updated_at };
        self.handles.borrow_mut().insert(issue.number, handle);
        Issue::from(issue)
    }

    /// Remembers the GraphQL id of an issue.
    pub(super) fn remember(&self, number: IssueNumber, node: NodeId) {
        self.handles.borrow_mut().entry(number).or_insert(Handle { id: None, node, updated: None });
    }

    /// The ids of an issue that was read before.
    pub(super) fn handle(&self, number: IssueNumber) -> Result<Handle> {
        let handle = self.handles.borrow().get(&number).cloned();
        handle.with_context(|| format!("issue {number} was not in GitHub's lists when this run began; run it again"))
    }

    /// The current time minus one minute, to allow for clock differences, in GitHub's format.
    pub(super) fn now_for_github(&self) -> String {
        let seconds = self.client.clock().unix().saturating_sub(60);
        let now = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        now.unwrap_or_default().to_string()
    }

    /// Reports the features that the server lacks, each of them once.
    pub(super) fn tell_lacks(&self) {
        let Features { graphql: _, dependencies, sub_issues, pins, are_links_known: _ } = *self.features.borrow();
        let kinds =
            [(dependencies, "dependencies between issues"), (sub_issues, "sub-issues"), (pins, "pinned issues")];
        let told = |name: &&str| !self.told.borrow().contains(name);
        let new: Vec<&str> = kinds.iter().filter(|(has, _)| !has).map(|(_, name)| *name).filter(told).collect();
        if !new.is_empty() {
            self.client.say(&format!(
                "this server has no {}: they are neither compared nor written, and made once it has them",
                new.join(", no ")
            ));
        }
        self.told.borrow_mut().extend(new);
    }
}

/// Whether a text is `OWNER/NAME`, with only the characters that GitHub allows.
pub(crate) fn is_repository_name(text: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// Reads a repository. Follows redirects of renamed repositories, as long as they stay on the API's host.
async fn repository<C: Clock>(client: &Client<C>, path: &str) -> Result<WireRepository> {
    let mut path = path.to_owned();
    for _ in 0..3 {
        match client.get(&path).await {
            Ok(answer) => return read(answer.json, "the repository"),
            Err(Failure::Refused(refusal)) if refusal.status.is_redirection() => path = refusal.message,
            Err(failure) => return Err(failure.into()),
        }
    }
    bail!("GET {path}: GitHub leads from one address of the repository to the next without end; check its name")
}

/// Percent-encodes a name for use as one segment of a path.
pub(super) fn segment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
