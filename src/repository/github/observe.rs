//! What is there: a snapshot, from REST and GraphQL.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Value, json};

use super::clock::Clock;
use super::failure::Failure;
use super::pacer::Cost;
use super::wire::{WireIssue, WireLabel, WireMilestone, WireUser, read};
use super::{GitHub, graphql};
use crate::model::snapshot::{Issue, IssueNumber, Label, Lacks, Milestone, Snapshot};
use crate::repository::Observer;

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
        self.tell_lacks();
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
    pub(super) async fn viewer_by_rest(&self) -> Result<Option<String>> {
        match self.client.get("/user").await {
            Ok(answer) => Ok(Some(read::<WireUser>(answer.json, "the token's account")?.login)),
            Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 403 => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }
}
