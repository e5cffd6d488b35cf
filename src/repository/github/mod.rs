//! GitHub: the only door to it. octocrab stays inside, and so do GitHub's own forms of things.
//!
//! [`client`] sends requests, [`pacer`] keeps them under the limits, [`failure`] says what went wrong and what to do;
//! `observe` makes a snapshot, `write` and `links` change things; [`wire`] is what GitHub answers.

pub mod client;
pub mod clock;
pub mod contents;
pub mod failure;
mod graphql;
mod linked;
mod links;
mod observe;
pub mod pacer;
mod pacific;
mod pages;
pub mod pulls;
pub mod token;
pub mod wire;
mod write;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};

use self::client::Client;
use self::clock::Clock;
use self::failure::Failure;
use self::wire::{IssueId, NodeId, WireIssue, WireRepository, read};
use crate::model::snapshot::{Issue, IssueNumber};
use crate::repository::Hopeless;

/// The other names of an issue.
#[derive(Debug, Clone)]
struct Handle {
    id: IssueId,
    node: NodeId,
}

/// What a server can do; an Enterprise Server may lack some of it.
#[derive(Debug, Clone, Copy)]
struct Features {
    graphql: bool,
    dependencies: bool,
    sub_issues: bool,
    pins: bool,
}

/// A repository on GitHub.
pub struct GitHub<C> {
    client: Client<C>,
    /// `OWNER/NAME`, as GitHub writes it now.
    name: String,
    archived: bool,
    handles: RefCell<BTreeMap<IssueNumber, Handle>>,
    features: RefCell<Features>,
    /// What of that was told to people.
    told: RefCell<Vec<&'static str>>,
    /// The highest number that any issue or pull request is known to have.
    highest: Cell<u64>,
    /// The account, once it is known: what it made is ours.
    viewer: RefCell<Option<String>>,
}

impl<C: Clock> GitHub<C> {
    /// Finds a repository and whether it can be used.
    ///
    /// # Errors
    ///
    /// When it is not there, GitHub cannot be reached, or its issues are disabled.
    pub async fn connect(name: &str, client: Client<C>) -> Result<Self> {
        let is_name = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.chars().all(|it| it.is_ascii_alphanumeric() || "-_.".contains(it))
        };
        let parts: Vec<&str> = name.split('/').collect();
        ensure!(parts.len() == 2 && parts.iter().all(|part| is_name(part)), "`{name}` is not OWNER/NAME");
        let repository = repository(&client, &format!("/repos/{name}")).await?;
        if !repository.full_name.eq_ignore_ascii_case(name) {
            client.say(&format!("`{name}` is called `{}` now; write that name instead", repository.full_name));
        }
        ensure!(
            repository.has_issues,
            "issues are disabled in `{}`; turn them on in the repository's settings",
            repository.full_name
        );
        let features = Features { graphql: true, dependencies: true, sub_issues: true, pins: true };
        Ok(Self {
            client,
            archived: repository.archived,
            name: repository.full_name,
            handles: RefCell::default(),
            features: RefCell::new(features),
            told: RefCell::default(),
            highest: Cell::new(0),
            viewer: RefCell::default(),
        })
    }

    /// The path that everything of the repository is under.
    fn base(&self) -> String {
        format!("/repos/{}", self.name)
    }

    /// Takes an issue as ours, and remembers its other names.
    fn known(&self, issue: WireIssue) -> Issue {
        let handle = Handle { id: issue.id, node: issue.node_id.clone() };
        self.handles.borrow_mut().insert(issue.number, handle);
        Issue::from(issue)
    }

    /// This moment, less a minute for clocks that differ, as GitHub writes it.
    fn now_for_github(&self) -> String {
        let seconds = self.client.clock().unix().saturating_sub(60);
        let now = i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        now.unwrap_or_default().to_string()
    }

    /// Tells people what the server lacks, in one sentence for all that was not told before.
    fn tell_lacks(&self) {
        let Features { graphql: _, dependencies, sub_issues, pins } = *self.features.borrow();
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

/// Reads a repository; one that was renamed is followed, as long as GitHub's answers lead to its own host.
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

/// A name as one part of a path: everything that could end the part or mean something in it is encoded.
fn segment(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    name.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Nobody answers, although something was tried again and again.
fn no_answer(request: &str, tries: usize) -> anyhow::Error {
    let text =
        format!("{request}: GitHub gave no answer that can be used, {tries} times; run it again: it looks first");
    Hopeless::NoAnswer(text).into()
}
