//! What is there: a snapshot, from REST and GraphQL.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use serde_json::{Value, json};

use super::clock::Clock;
use super::failure::Failure;
use super::pacer::Cost;
use super::wire::{WireIssue, WireLabel, WireMilestone, WireUser, read};
use super::{GitHub, Handle, graphql};
use crate::matching::block;
use crate::model::snapshot::{Issue, IssueNumber, Label, Lacks, Milestone, Snapshot};
use crate::repository::Observer;

/// How many issues one query asks for.
const NODES: usize = 100;

/// How many issues that are there no more may lie between the highest number that was listed and a newer one.
const MOST_GONE: usize = 20;
/// How many issues that the list lacks are asked for one by one.
const MOST_NEWER: usize = 1_000;

impl<C: Clock> Observer for GitHub<C> {
    async fn observe(&self) -> Result<Snapshot> {
        // What changed while the lists were read is read once more, so that an issue which was closed in between is
        // not missing from both.
        let since = self.now_for_github();
        let (open, closed) = (self.issues_path("state=open"), self.issues_path("state=closed"));
        let (open, closed) = tokio::join!(self.pages(&open), self.pages(&closed));
        let mut issues = BTreeMap::new();
        for json in open?.into_iter().chain(closed?) {
            self.take_issue(json, &mut issues)?;
        }
        for json in self.pages(&self.issues_path(&format!("state=all&since={since}"))).await? {
            self.take_issue(json, &mut issues)?;
        }
        self.newest(&mut issues).await?;
        let labels = self.pages(&format!("{}/labels?per_page=100", self.base())).await?;
        let labels = labels.into_iter().map(|json| Ok(Label::from(read::<WireLabel>(json, "a label")?)));
        let milestones = self.pages(&format!("{}/milestones?state=all&per_page=100", self.base())).await?;
        let milestones =
            milestones.into_iter().map(|json| Milestone::try_from(read::<WireMilestone>(json, "a milestone")?));
        let mut snapshot = Snapshot {
            target: Some(self.name.clone()),
            labels: labels.collect::<Result<_>>()?,
            milestones: milestones.collect::<Result<_>>()?,
            issues: issues.into_values().collect(),
            ..Snapshot::default()
        };
        self.viewer_and_pins(&mut snapshot).await?;
        self.links(&mut snapshot).await?;
        let features = self.features.borrow();
        snapshot.lacks =
            Lacks { dependencies: !features.dependencies, sub_issues: !features.sub_issues, pins: !features.pins };
        Ok(snapshot)
    }
}

impl<C: Clock> GitHub<C> {
    fn issues_path(&self, query: &str) -> String {
        format!("{}/issues?{query}&sort=created&direction=asc&per_page=100", self.base())
    }

    /// A list can lag by some seconds, an issue by itself does not: asks for the numbers after the highest one that
    /// was listed, so that what a run made a moment ago is seen by the next.
    async fn newest(&self, issues: &mut BTreeMap<IssueNumber, Issue>) -> Result<()> {
        let mut gone = 0;
        for _ in 0..MOST_NEWER {
            let next = self.highest.get().saturating_add(1);
            match self.client.get(&format!("{}/issues/{next}", self.base())).await {
                Ok(answer) => {
                    self.take_issue(answer.json, issues)?;
                    // An answer about another issue would be asked for again and again.
                    self.highest.set(self.highest.get().max(next));
                }
                // It was here once, so others may follow it.
                Err(Failure::Refused(refusal)) if refusal.is_gone() && refusal.status.as_u16() != 404 => {
                    self.highest.set(next);
                    gone += 1;
                    if gone == MOST_GONE {
                        return Ok(());
                    }
                }
                Err(Failure::Refused(refusal)) if matches!(refusal.status.as_u16(), 301 | 404 | 410) => return Ok(()),
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
    }

    /// Takes an issue, and remembers its ids; a pull request is let be.
    fn take_issue(&self, json: Value, issues: &mut BTreeMap<IssueNumber, Issue>) -> Result<()> {
        let issue: WireIssue = read(json, "an issue")?;
        self.highest.set(self.highest.get().max(issue.number.0));
        if issue.pull_request.is_none() {
            issues.insert(issue.number, self.known(issue));
        }
        Ok(())
    }

    async fn viewer_and_pins(&self, snapshot: &mut Snapshot) -> Result<()> {
        let (owner, name) = self.name.split_once('/').unwrap_or_default();
        let variables = json!({"owner": owner, "name": name});
        let reply = graphql::send(&self.client, graphql::VIEWER_AND_PINS, &variables, Cost::Query).await;
        let reply = match reply {
            Ok(reply) => reply,
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                self.features.borrow_mut().graphql = false;
                self.features.borrow_mut().pins = false;
                self.client.say("this server has no GraphQL, so pins are left alone");
                snapshot.viewer = self.viewer_by_rest().await?;
                self.viewer.borrow_mut().clone_from(&snapshot.viewer);
                return Ok(());
            }
            Err(failure) => return Err(failure.into()),
        };
        let reply = if reply.lacks("pinnedIssues") {
            self.lacks_pins();
            graphql::send(&self.client, graphql::VIEWER, &json!({}), Cost::Query).await?
        } else {
            reply
        };
        if let Some(error) = reply.error() {
            return Err(error.context("it cannot be found out who the token belongs to"));
        }
        if reply.data.is_null() {
            return Err(anyhow!("GitHub's GraphQL answers nothing about the token and the pinned issues"));
        }
        snapshot.viewer = reply.data["viewer"]["login"].as_str().map(str::to_owned);
        self.viewer.borrow_mut().clone_from(&snapshot.viewer);
        let pins = reply.data["repository"]["pinnedIssues"]["nodes"].as_array().cloned().unwrap_or_default();
        snapshot.pins = pins.iter().filter_map(|pin| pin["issue"]["number"].as_u64()).map(IssueNumber).collect();
        Ok(())
    }

    /// Who the token belongs to, where that can be found out.
    pub(super) async fn account(&self) -> Result<Option<String>> {
        if self.viewer.borrow().is_none() {
            let viewer = match graphql::send(&self.client, graphql::VIEWER, &json!({}), Cost::Query).await {
                Ok(reply) => reply.data["viewer"]["login"].as_str().map(str::to_owned),
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => self.viewer_by_rest().await?,
                Err(failure) => return Err(failure.into()),
            };
            *self.viewer.borrow_mut() = viewer;
        }
        Ok(self.viewer.borrow().clone())
    }

    /// Who the token belongs to; the token of a workflow may not ask that.
    async fn viewer_by_rest(&self) -> Result<Option<String>> {
        match self.client.get("/user").await {
            Ok(answer) => Ok(Some(read::<WireUser>(answer.json, "the token's account")?.login)),
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 403 => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// The links of the issues that carry a marker: other issues' are nobody's business.
    async fn links(&self, snapshot: &mut Snapshot) -> Result<()> {
        let is_managed = |issue: &&Issue| block::all(&issue.body).next().is_some();
        let managed: Vec<IssueNumber> = snapshot.issues.iter().filter(is_managed).map(|issue| issue.number).collect();
        for numbers in managed.chunks(NODES) {
            if self.features.borrow().graphql {
                self.links_by_graphql(numbers, snapshot).await?;
            } else {
                self.probe_sub_issues(numbers).await?;
                for number in numbers {
                    self.links_by_rest(*number, snapshot).await?;
                }
            }
        }
        let known: BTreeSet<IssueNumber> = snapshot.issues.iter().map(|issue| issue.number).collect();
        snapshot.dependencies.retain(|(_, blocker)| known.contains(blocker));
        snapshot.parents.retain(|_, parent| known.contains(parent));
        Ok(())
    }

    async fn links_by_graphql(&self, numbers: &[IssueNumber], snapshot: &mut Snapshot) -> Result<()> {
        let ids: Vec<String> = numbers.iter().filter_map(|number| self.node_id(*number)).collect();
        let variables = json!({"ids": ids});
        let document = if self.features.borrow().dependencies { graphql::LINKS } else { graphql::PARENTS };
        let mut reply = graphql::send(&self.client, document, &variables, Cost::Query).await?;
        if reply.lacks("blockedBy") {
            self.lacks_dependencies();
            reply = graphql::send(&self.client, graphql::PARENTS, &variables, Cost::Query).await?;
        }
        if reply.lacks("parent") {
            self.lacks_sub_issues();
            return Ok(());
        }
        if reply.data.is_null() {
            return Err(reply.error().unwrap_or_else(|| anyhow!("GitHub's GraphQL answers nothing")))
                .context("the links of issues cannot be read");
        }
        for node in reply.data["nodes"].as_array().into_iter().flatten() {
            let Some(number) = node["number"].as_u64().map(IssueNumber) else { continue };
            let is_here = |other: &Value| {
                let name = other["repository"]["nameWithOwner"].as_str();
                name.is_some_and(|name| name.eq_ignore_ascii_case(&self.name))
            };
            let parent = &node["parent"];
            match parent["number"].as_u64() {
                Some(parent_number) if is_here(parent) => {
                    snapshot.parents.insert(number, IssueNumber(parent_number));
                }
                Some(_) => _ = snapshot.parents_elsewhere.insert(number),
                None => {}
            }
            let blockers = node["blockedBy"]["nodes"].as_array().into_iter().flatten().filter(|it| is_here(it));
            let blockers = blockers.filter_map(|blocker| blocker["number"].as_u64());
            snapshot.dependencies.extend(blockers.map(|blocker| (number, IssueNumber(blocker))));
        }
        Ok(())
    }

    /// Finds out whether the server has sub-issues: a parent that is not there is a 404 as well.
    async fn probe_sub_issues(&self, numbers: &[IssueNumber]) -> Result<()> {
        let Some(number) = numbers.first().filter(|_| self.features.borrow().sub_issues) else { return Ok(()) };
        let path = format!("{}/issues/{}/sub_issues?per_page=1", self.base(), number.0);
        self.optional(self.client.get(&path).await, GitHub::lacks_sub_issues).map(drop)
    }

    async fn links_by_rest(&self, number: IssueNumber, snapshot: &mut Snapshot) -> Result<()> {
        let issue = format!("{}/issues/{}", self.base(), number.0);
        if self.features.borrow().dependencies {
            let answer = self.client.get(&format!("{issue}/dependencies/blocked_by?per_page=100")).await;
            if let Some(Value::Array(blockers)) = self.optional(answer, GitHub::lacks_dependencies)? {
                for blocker in blockers {
                    let blocker: WireIssue = read(blocker, "a blocker")?;
                    if self.is_here(&blocker) {
                        snapshot.dependencies.insert((number, blocker.number));
                    }
                }
            }
        }
        if !self.features.borrow().sub_issues {
            return Ok(());
        }
        match self.client.get(&format!("{issue}/parent")).await {
            Ok(answer) => {
                let parent: WireIssue = read(answer.json, "a parent")?;
                if self.is_here(&parent) {
                    snapshot.parents.insert(number, parent.number);
                } else {
                    snapshot.parents_elsewhere.insert(number);
                }
            }
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {}
            Err(failure) => return Err(failure.into()),
        }
        Ok(())
    }

    /// Whether an issue is of this repository, whose address ends with its name; an answer that does not say so is.
    fn is_here(&self, issue: &WireIssue) -> bool {
        let Some(url) = issue.repository_url.as_deref() else { return true };
        let (url, name) = (url.trim_end_matches('/').to_lowercase(), self.name.to_lowercase());
        url.strip_suffix(&name).is_some_and(|rest| rest.ends_with('/'))
    }

    /// The body of an answer; nothing where the server lacks the feature.
    fn optional(&self, answer: Result<super::client::Answer, Failure>, lacking: fn(&Self)) -> Result<Option<Value>> {
        match answer {
            Ok(answer) => Ok(Some(answer.json)),
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                lacking(self);
                Ok(None)
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn node_id(&self, number: IssueNumber) -> Option<String> {
        self.handles.borrow().get(&number).map(|Handle { node, .. }| node.0.clone())
    }
}
