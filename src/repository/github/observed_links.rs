//! Reads blockers, parents and pins. If an answer is incomplete, the missing part is requested again; what is still
//! missing is recorded as unknown in the snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Result, anyhow};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::http::graphql::{self, Reply};
use super::http::pacer::Cost;
use super::queries;
use super::wire::{NodeId, WireIssue, read};
use crate::model::block;
use crate::model::snapshot::{Issue, IssueNumber, Snapshot};

/// The number of issues in one query.
const NODES: usize = 100;
/// The wait before each attempt to read something.
const ASKS: [Duration; 3] = [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(4)];

/// The blockers of an issue within this repository; `None` if unknown.
pub(super) type Blockers = Option<BTreeSet<IssueNumber>>;

/// The parent of an issue.
#[derive(Clone, Copy)]
pub(super) enum ObservedParent {
    None,
    Here(IssueNumber),
    Elsewhere,
}

/// Reads links and pins into a snapshot.
pub(super) struct LinkReader<'c, C>(pub(super) &'c Connection<C>);

impl<C: Clock> LinkReader<'_, C> {
    /// Reads the account of the token and the pinned issues. Returns when an issue was last updated, if the server
    /// tells.
    pub(super) async fn viewer_and_pins(&self, snapshot: &mut Snapshot) -> Result<Option<Timestamp>> {
        let (owner, name) = self.0.name.split_once('/').unwrap_or_default();
        let variables = json!({"owner": owner, "name": name});
        let mut failed = None;
        let mut is_missing = false;
        let mut latest = None;
        for wait in ASKS {
            self.0.client.pause(wait).await;
            let has_pins = self.0.features.borrow().pins;
            let (document, variables) =
                if has_pins { (queries::VIEWER_AND_PINS, variables.clone()) } else { (queries::VIEWER, json!({})) };
            let mut reply = match graphql::send(&self.0.client, document, &variables, Cost::Query).await {
                Ok(reply) => reply,
                // A single such answer may be an error, and would make us forget which pins are ours.
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 && !is_missing => {
                    is_missing = true;
                    continue;
                }
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                    self.0.features.borrow_mut().graphql = false;
                    self.0.features.borrow_mut().pins = false;
                    snapshot.viewer = self.0.viewer_by_rest().await?;
                    self.0.viewer.borrow_mut().clone_from(&snapshot.viewer);
                    return Ok(None);
                }
                Err(failure) => return Err(failure.into()),
            };
            if reply.lacks("pinnedIssues") {
                self.0.features.borrow_mut().pins = false;
                reply = graphql::send(&self.0.client, queries::VIEWER, &json!({}), Cost::Query).await?;
            }
            snapshot.viewer = reply.data["viewer"]["login"].as_str().map(str::to_owned).or(snapshot.viewer.take());
            let pins = if self.0.features.borrow().pins { pins(&reply) } else { Some(BTreeSet::new()) };
            snapshot.unknown.pins = pins.is_none();
            snapshot.pins = pins.unwrap_or_default();
            failed = reply.error();
            let updated = reply.data["repository"]["latest"]["nodes"][0]["updatedAt"].as_str();
            latest = updated.and_then(|updated| updated.parse().ok());
            if snapshot.viewer.is_some() && !snapshot.unknown.pins {
                break;
            }
        }
        if snapshot.viewer.is_none() {
            let error = failed.unwrap_or_else(|| anyhow!("GitHub's GraphQL does not say it"));
            return Err(error.context("it cannot be found out who the token belongs to; run it again"));
        }
        self.0.viewer.borrow_mut().clone_from(&snapshot.viewer);
        Ok(latest)
    }

    /// Reads the links of issues with a marker. Links of other issues are not needed.
    pub(super) async fn links(&self, snapshot: &mut Snapshot) -> Result<()> {
        let is_managed = |issue: &&Issue| block::all(&issue.body).next().is_some();
        let managed: Vec<IssueNumber> = snapshot.issues.iter().filter(is_managed).map(|issue| issue.number).collect();
        if self.0.features.borrow().graphql {
            if managed.is_empty() && !self.0.features.borrow().are_links_known {
                // This only detects the server's features, before markers record anything about links.
                self.ask_for_links(&[]).await?;
            }
            self.links_of(&managed, snapshot).await?;
        } else {
            if let Some(first) = managed.first() {
                self.find_sub_issues(*first).await?;
            }
            for number in managed {
                let blockers = self.blockers_by_rest(number).await?;
                let parent = self.parent_by_rest(number).await?;
                take(snapshot, number, blockers, parent);
            }
        }
        let known: BTreeSet<IssueNumber> = snapshot.issues.iter().map(|issue| issue.number).collect();
        snapshot.dependencies.retain(|(_, blocker)| known.contains(blocker));
        snapshot.parents.retain(|_, parent| known.contains(parent));
        Ok(())
    }

    /// Reads the links of the given issues.
    pub(super) async fn links_of(&self, numbers: &[IssueNumber], snapshot: &mut Snapshot) -> Result<()> {
        for numbers in numbers.chunks(NODES) {
            self.links_by_graphql(numbers, snapshot).await?;
        }
        Ok(())
    }

    async fn links_by_graphql(&self, numbers: &[IssueNumber], snapshot: &mut Snapshot) -> Result<()> {
        let mut missing = numbers.to_vec();
        for wait in ASKS {
            self.0.client.pause(wait).await;
            let Some(reply) = self.ask_for_links(&missing).await? else { return Ok(()) };
            for (number, (blockers, parent)) in self.read_links(&missing, &reply) {
                take(snapshot, number, blockers, parent);
            }
            let unknown = &snapshot.unknown;
            missing.retain(|number| unknown.blockers.contains(number) || unknown.parents.contains(number));
            if missing.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Requests the kinds of links that the server supports; `None` if it supports neither.
    async fn ask_for_links(&self, numbers: &[IssueNumber]) -> Result<Option<Reply>> {
        let ids: Vec<Option<String>> = numbers.iter().map(|number| self.node_id(*number)).collect();
        let variables = json!({"ids": ids});
        loop {
            let (dependencies, sub_issues) =
                (self.0.features.borrow().dependencies, self.0.features.borrow().sub_issues);
            let document = match (dependencies, sub_issues) {
                (true, true) => queries::LINKS,
                (true, false) => queries::BLOCKERS,
                (false, true) => queries::PARENTS,
                (false, false) => return Ok(None),
            };
            let reply = graphql::send(&self.0.client, document, &variables, Cost::Query).await?;
            let lacks_dependencies = dependencies && reply.lacks("blockedBy");
            let lacks_sub_issues = sub_issues && reply.lacks("parent");
            if !lacks_dependencies && !lacks_sub_issues {
                self.0.features.borrow_mut().are_links_known = true;
                return Ok(Some(reply));
            }
            self.0.features.borrow_mut().dependencies &= !lacks_dependencies;
            self.0.features.borrow_mut().sub_issues &= !lacks_sub_issues;
        }
    }

    /// Reads the links of each requested issue from a reply.
    fn read_links(
        &self,
        numbers: &[IssueNumber],
        reply: &Reply,
    ) -> BTreeMap<IssueNumber, (Blockers, Option<ObservedParent>)> {
        // An error without an index may concern any of the issues, unless it only says that an issue no longer exists.
        let is_gone = |error: &graphql::Error| {
            error.kind == "NOT_FOUND" && reply.data["nodes"].as_array().is_some_and(|it| it.contains(&Value::Null))
        };
        let names_one = |error: &graphql::Error| error.path.get(1).is_some_and(Value::is_u64);
        let is_of_all = reply.errors.iter().any(|error| !names_one(error) && !is_gone(error));
        let read = |(at, number): (usize, &IssueNumber)| {
            let node = &reply.data["nodes"][at];
            if is_of_all || node["number"].as_u64() != Some(number.0) {
                return (*number, (None, None));
            }
            (*number, self.read_node(node, &[json!("nodes"), json!(at)], reply))
        };
        numbers.iter().enumerate().map(read).collect()
    }

    /// The links of one issue in a reply, where `path` leads to the issue.
    pub(super) fn read_node(&self, node: &Value, path: &[Value], reply: &Reply) -> (Blockers, Option<ObservedParent>) {
        (self.read_blockers(node, path, reply), self.read_parent(node, path, reply))
    }

    fn read_blockers(&self, node: &Value, path: &[Value], reply: &Reply) -> Blockers {
        if !self.0.features.borrow().dependencies {
            return Some(BTreeSet::new());
        }
        let blockers = &node["blockedBy"];
        if blockers["pageInfo"]["hasNextPage"] != false {
            return None;
        }
        let whole = [path, &[json!("blockedBy")]].concat();
        let read = |(place, blocker): (usize, &Value)| {
            if blocker.is_null() && reply.is_hidden(&[&whole[..], &[json!("nodes"), json!(place)]].concat()) {
                return Some(None);
            }
            let number = IssueNumber(blocker["number"].as_u64()?);
            self.is_repository(blocker).map(|is_here| is_here.then_some(number))
        };
        // An error that concerns none of the blockers concerns the whole list.
        if reply.errors.iter().any(|error| error.path.starts_with(&whole) && !error.is_hidden()) {
            return None;
        }
        let all: Option<Vec<_>> = blockers["nodes"].as_array()?.iter().enumerate().map(read).collect();
        all.map(|all| all.into_iter().flatten().collect())
    }

    fn read_parent(&self, node: &Value, path: &[Value], reply: &Reply) -> Option<ObservedParent> {
        if !self.0.features.borrow().sub_issues {
            return Some(ObservedParent::None);
        }
        let path = [path, &[json!("parent")]].concat();
        match node.get("parent")? {
            Value::Null if reply.is_hidden(&path) => Some(ObservedParent::Elsewhere),
            Value::Null if reply.errors.iter().any(|error| error.path.starts_with(&path)) => None,
            Value::Null => Some(ObservedParent::None),
            parent => {
                let number = IssueNumber(parent["number"].as_u64()?);
                let is_here = self.is_repository(parent)?;
                if let Some(node) = parent["id"].as_str().filter(|_| is_here) {
                    self.0.remember(number, NodeId(node.to_owned()));
                }
                Some(if is_here { ObservedParent::Here(number) } else { ObservedParent::Elsewhere })
            }
        }
    }

    /// Whether an issue in a GraphQL reply belongs to this repository; `None` if not stated.
    pub(super) fn is_repository(&self, issue: &Value) -> Option<bool> {
        let name = issue["repository"]["nameWithOwner"].as_str()?;
        Some(name.eq_ignore_ascii_case(&self.0.name))
    }

    /// Detects whether a server without GraphQL supports sub-issues. A 404 alone does not tell: it also means that an
    /// issue has no parent.
    async fn find_sub_issues(&self, number: IssueNumber) -> Result<()> {
        let path = format!("{}/issues/{}", self.0.base(), number.0);
        match self.0.client.get(&format!("{path}/sub_issues?per_page=1")).await {
            Ok(_) => Ok(()),
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                if self.0.client.get(&path).await.is_ok() {
                    self.0.features.borrow_mut().sub_issues = false;
                }
                Ok(())
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn blockers_by_rest(&self, number: IssueNumber) -> Result<Blockers> {
        if !self.0.features.borrow().dependencies {
            return Ok(Some(BTreeSet::new()));
        }
        let issue = format!("{}/issues/{}", self.0.base(), number.0);
        for wait in ASKS {
            self.0.client.pause(wait).await;
            match self.0.client.get(&format!("{issue}/dependencies/blocked_by?per_page=100")).await {
                Ok(answer) if answer.next.is_none() => {
                    let Value::Array(blockers) = answer.json else { continue };
                    let blockers: Result<Vec<WireIssue>> =
                        blockers.into_iter().map(|it| read(it, "a blocker")).collect();
                    let Ok(blockers) = blockers else { continue };
                    let here = blockers.iter().filter(|blocker| self.is_here(blocker));
                    return Ok(Some(here.map(|blocker| blocker.number).collect()));
                }
                // GitHub allows half as many blockers as fit on a page.
                Ok(_) => {}
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                    if self.0.client.get(&issue).await.is_ok() {
                        self.0.features.borrow_mut().dependencies = false;
                        return Ok(Some(BTreeSet::new()));
                    }
                    return Ok(None);
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(None)
    }

    async fn parent_by_rest(&self, number: IssueNumber) -> Result<Option<ObservedParent>> {
        if !self.0.features.borrow().sub_issues {
            return Ok(Some(ObservedParent::None));
        }
        for wait in ASKS {
            self.0.client.pause(wait).await;
            match self.0.client.get(&format!("{}/issues/{}/parent", self.0.base(), number.0)).await {
                Ok(answer) => {
                    let Ok(parent) = read::<WireIssue>(answer.json, "a parent") else { continue };
                    let here = self.is_here(&parent);
                    return Ok(Some(if here {
                        ObservedParent::Here(parent.number)
                    } else {
                        ObservedParent::Elsewhere
                    }));
                }
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                    return Ok(Some(ObservedParent::None));
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(None)
    }

    /// Whether an issue belongs to this repository. Its repository URL ends with the name; without a URL, it does.
    fn is_here(&self, issue: &WireIssue) -> bool {
        let Some(url) = issue.repository_url.as_deref() else { return true };
        let (url, name) = (url.trim_end_matches('/').to_lowercase(), self.0.name.to_lowercase());
        url.strip_suffix(&name).is_some_and(|rest| rest.ends_with('/'))
    }

    fn node_id(&self, number: IssueNumber) -> Option<String> {
        self.0.handle(number).ok().map(|handle| handle.node.0)
    }
}

/// Adds the known links of an issue to a snapshot, and records which are unknown.
pub(super) fn take(snapshot: &mut Snapshot, number: IssueNumber, blockers: Blockers, parent: Option<ObservedParent>) {
    let unknown = &mut snapshot.unknown;
    match blockers {
        Some(blockers) => {
            unknown.blockers.remove(&number);
            snapshot.dependencies.extend(blockers.into_iter().map(|blocker| (number, blocker)));
        }
        None => _ = unknown.blockers.insert(number),
    }
    match parent {
        Some(parent) => {
            unknown.parents.remove(&number);
            match parent {
                ObservedParent::None => {}
                ObservedParent::Here(parent) => _ = snapshot.parents.insert(number, parent),
                ObservedParent::Elsewhere => _ = snapshot.parents_elsewhere.insert(number),
            }
        }
        None => _ = unknown.parents.insert(number),
    }
}

/// The pinned issues in a reply; `None` if the list is incomplete.
fn pins(reply: &Reply) -> Option<BTreeSet<IssueNumber>> {
    let is_about_them = |error: &graphql::Error| error.path.first().is_none_or(|field| field == "repository");
    if reply.errors.iter().any(is_about_them) {
        return None;
    }
    let pins = reply.data["repository"]["pinnedIssues"]["nodes"].as_array()?;
    pins.iter().map(|pin| pin["issue"]["number"].as_u64().map(IssueNumber)).collect()
}
