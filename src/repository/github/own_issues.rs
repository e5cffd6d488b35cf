//! Reads the issues that an account opened, and single issues by number, together with their links. This takes few
//! GraphQL requests, however many other issues the repository has.
//!
//! If an answer leaves any doubt about an issue or the number of issues, the result is `None`, and all issues have to
//! be listed.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::graphql::{self, Reply};
use super::http::pacer::Cost;
use super::observed_links::{Blockers, LinkReader, ObservedParent, take};
use super::queries;
use super::wire::{NodeIssue, PageInfo, read};
use crate::model::snapshot::{Issue, IssueNumber, Snapshot};

/// The number of issues on a page, and of issues requested by number at once.
const PAGE: usize = 100;

/// The length of the path of a listed issue: `repository`, `issues`, `nodes`, and its index.
const LISTED: usize = 4;
/// The length of the path of an issue requested by number: `repository`, and its alias.
const NUMBERED: usize = 2;

/// An issue and its links, as far as they are known.
pub(super) type Linked = (Issue, Blockers, Option<ObservedParent>);

/// The issues of one account.
pub(super) struct OwnIssues {
    /// The issues by number, with their links.
    pub(super) issues: BTreeMap<IssueNumber, Linked>,
    /// Whether the repository has issues of other accounts.
    pub(super) has_others: bool,
}

/// A page of a list.
struct Page {
    issues: Vec<Linked>,
    /// The number of issues of the account.
    total: usize,
    /// The number of issues in the repository.
    all: usize,
    /// The cursor of the next page.
    next: Option<String>,
}

/// The end of a list from which a page is read.
#[derive(Clone, Copy)]
enum End {
    Oldest,
    Newest,
}

/// Reads issues over GraphQL.
pub(super) struct OwnIssueReader<'c, C>(pub(super) &'c Connection<C>);

impl<C: Clock> OwnIssueReader<'_, C> {
    /// All issues that an account opened; `None` if they may be incomplete.
    pub(super) async fn all_by(&self, account: &str) -> Result<Option<OwnIssues>> {
        // GraphQL may return the login of a workflow's account without its suffix, but does not find the account
        // without it.
        let login = if account == "github-actions" { "github-actions[bot]" } else { account };
        let Some(first) = self.page(login, End::Oldest, None).await? else { return Ok(None) };
        let (total, mut all) = (first.total, first.all);
        let mut issues = BTreeMap::new();
        let mut next = (first.next.clone(), None);
        let mut newest_is_open = true;
        insert(&mut issues, first);
        while issues.len() < total {
            let before = issues.len();
            if next.0.is_none() {
                return Ok(None);
            }
            let from_newest = total - issues.len() > PAGE && newest_is_open;
            let (oldest, newest) = tokio::join!(self.page(login, End::Oldest, next.0.as_deref()), async {
                if from_newest { self.page(login, End::Newest, next.1.as_deref()).await.map(Some) } else { Ok(None) }
            });
            let Some(oldest) = oldest? else { return Ok(None) };
            next.0.clone_from(&oldest.next);
            all = all.max(oldest.all);
            insert(&mut issues, oldest);
            if let Some(newest) = newest? {
                let Some(newest) = newest else { return Ok(None) };
                next.1.clone_from(&newest.next);
                newest_is_open = next.1.is_some();
                insert(&mut issues, newest);
            }
            if issues.len() == before {
                return Ok(None);
            }
        }
        Ok(Some(OwnIssues { issues, has_others: all > total }))
    }

    /// The issues with these numbers, as far as they exist; `None` if an answer leaves that open.
    pub(super) async fn numbered(&self, numbers: &[IssueNumber]) -> Result<Option<Vec<Linked>>> {
        let mut found = Vec::new();
        for numbers in numbers.chunks(PAGE) {
            let document = |dependencies, sub_issues| queries::issues_numbered(numbers, dependencies, sub_issues);
            let Some(reply) = self.ask(document, &self.repository()).await? else { return Ok(None) };
            // Deleted and transferred issues, and numbers of pull requests, are reported as missing.
            let is_gone = |error: &graphql::Error| error.is_hidden() && error.path.len() == 2;
            if !reply.errors.iter().all(|error| is_gone(error) || is_about_links(error, NUMBERED)) {
                return Ok(None);
            }
            for number in numbers {
                let alias = format!("i{}", number.0);
                let node = &reply.data["repository"][&alias];
                if node.is_null() || self.links().is_repository(node) != Some(true) {
                    continue;
                }
                let Some(issue) = self.issue(node, &[json!("repository"), json!(alias)], &reply) else {
                    return Ok(None);
                };
                found.push(issue);
            }
        }
        Ok(Some(found))
    }

    fn links(&self) -> LinkReader<'_, C> {
        LinkReader(self.0)
    }

    fn repository(&self) -> Value {
        let (owner, name) = self.0.name.split_once('/').unwrap_or_default();
        json!({"owner": owner, "name": name})
    }

    async fn page(&self, login: &str, end: End, after: Option<&str>) -> Result<Option<Page>> {
        let mut variables = self.repository();
        variables["login"] = json!(login);
        variables["direction"] = json!(match end {
            End::Oldest => "ASC",
            End::Newest => "DESC",
        });
        variables["after"] = json!(after);
        let Some(reply) = self.ask(queries::issues_by, &variables).await? else { return Ok(None) };
        if !reply.errors.iter().all(|error| is_about_links(error, LISTED)) {
            return Ok(None);
        }
        Ok(self.read_page(&reply))
    }

    fn read_page(&self, reply: &Reply) -> Option<Page> {
        let repository = &reply.data["repository"];
        let list = &repository["issues"];
        let count = |value: &Value| usize::try_from(value["totalCount"].as_u64()?).ok();
        let (all, total) = (count(&repository["all"])?, count(list)?);
        let PageInfo { has_next_page, end_cursor } = read(list["pageInfo"].clone(), "a page of issues").ok()?;
        let path = |at: usize| [json!("repository"), json!("issues"), json!("nodes"), json!(at)];
        let nodes = list["nodes"].as_array()?.iter().enumerate();
        let issues = nodes.map(|(at, node)| self.issue(node, &path(at), reply)).collect::<Option<Vec<_>>>()?;
        let next = if has_next_page { Some(end_cursor?) } else { None };
        Some(Page { issues, total, all, next })
    }

    fn issue(&self, node: &Value, path: &[Value], reply: &Reply) -> Option<Linked> {
        let issue: NodeIssue = read(node.clone(), "an issue").ok()?;
        self.0.remember(issue.number, issue.id.clone());
        let (blockers, parent) = self.links().read_node(node, path, reply);
        Some((issue.whole()?, blockers, parent))
    }

    /// Queries issues, with the kinds of links that the server supports.
    async fn ask(&self, document: impl Fn(bool, bool) -> String, variables: &Value) -> Result<Option<Reply>> {
        loop {
            let (dependencies, sub_issues) =
                (self.0.features.borrow().dependencies, self.0.features.borrow().sub_issues);
            let text = document(dependencies, sub_issues);
            let reply = graphql::send(&self.0.client, &text, variables, Cost::Query).await?;
            let lacks_dependencies = dependencies && reply.lacks("blockedBy");
            let lacks_sub_issues = sub_issues && reply.lacks("parent");
            let mut features = self.0.features.borrow_mut();
            features.dependencies &= !lacks_dependencies;
            features.sub_issues &= !lacks_sub_issues;
            if !lacks_dependencies && !lacks_sub_issues {
                // An older server may lack other fields too, and then gives no usable answer.
                let is_understood = reply.data["repository"].is_object();
                features.are_links_known |= is_understood;
                return Ok(is_understood.then_some(reply));
            }
        }
    }
}

fn insert(issues: &mut BTreeMap<IssueNumber, Linked>, page: Page) {
    issues.extend(page.issues.into_iter().map(|linked| (linked.0.number, linked)));
}

/// Whether an error concerns the links of an issue whose path has this length.
fn is_about_links(error: &graphql::Error, length: usize) -> bool {
    error.path.get(length).is_some_and(|field| field == "blockedBy" || field == "parent")
}

/// Adds issues and their known links to a snapshot.
pub(super) fn take_all(
    linked: impl IntoIterator<Item = Linked>,
    issues: &mut BTreeMap<IssueNumber, Issue>,
    snapshot: &mut Snapshot,
) {
    for (issue, blockers, parent) in linked {
        take(snapshot, issue.number, blockers, parent);
        issues.insert(issue.number, issue);
    }
}
