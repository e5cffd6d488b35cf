//! Reads a repository into a snapshot, from REST and GraphQL.

use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::Result;
use serde_json::Value;

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::http::pages;
use super::observed_links::LinkReader;
use super::wire::{WireIssue, WireLabel, WireMilestone, read};
use crate::model::snapshot::{Issue, IssueNumber, Label, Lacks, Milestone, Snapshot};
use crate::repository::Observer;

/// The most unavailable issue numbers to skip when looking for issues newer than the listed ones.
const MOST_GONE: usize = 20;
/// The most issues missing in the list that are requested one by one.
const MOST_NEWER: usize = 1_000;

/// Reads a repository. It cannot write.
pub struct GitHubReader<C>(pub(super) Rc<Connection<C>>);

impl<C> GitHubReader<C> {
    /// A reader for a repository.
    pub fn new(github: &Rc<Connection<C>>) -> Self {
        Self(Rc::clone(github))
    }
}

impl<C: Clock> Observer for GitHubReader<C> {
    async fn observe(&self) -> Result<Snapshot> {
        // Anything that changed while the lists were read is read again. Otherwise an issue closed in between could be
        // missing from both lists.
        let since = self.0.now_for_github();
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
        let labels = self.pages(&format!("{}/labels?per_page=100", self.0.base())).await?;
        let labels = labels.into_iter().map(|json| Ok(Label::from(read::<WireLabel>(json, "a label")?)));
        let milestones = self.pages(&format!("{}/milestones?state=all&per_page=100", self.0.base())).await?;
        let milestones =
            milestones.into_iter().map(|json| Milestone::try_from(read::<WireMilestone>(json, "a milestone")?));
        let mut snapshot = Snapshot {
            target: Some(self.0.name.clone()),
            labels: labels.collect::<Result<_>>()?,
            milestones: milestones.collect::<Result<_>>()?,
            issues: issues.into_values().collect(),
            ..Snapshot::default()
        };
        let links = LinkReader(&self.0);
        links.viewer_and_pins(&mut snapshot).await?;
        links.links(&mut snapshot).await?;
        self.0.tell_lacks();
        let features = self.0.features.borrow();
        snapshot.lacks =
            Lacks { dependencies: !features.dependencies, sub_issues: !features.sub_issues, pins: !features.pins };
        Ok(snapshot)
    }
}

impl<C: Clock> GitHubReader<C> {
    async fn pages(&self, path: &str) -> Result<Vec<Value>> {
        pages::read_all(&self.0.client, path, &self.0.name).await
    }

    fn issues_path(&self, query: &str) -> String {
        format!("{}/issues?{query}&sort=created&direction=asc&per_page=100", self.0.base())
    }

    /// Requests the issue numbers after the highest listed one. A list can lag by some seconds, but a single issue does
    /// not, so a run sees what the previous one just created.
    async fn newest(&self, issues: &mut BTreeMap<IssueNumber, Issue>) -> Result<()> {
        let mut gone = 0;
        for _ in 0..MOST_NEWER {
            let next = self.0.highest.get().saturating_add(1);
            match self.0.client.get(&format!("{}/issues/{next}", self.0.base())).await {
                Ok(answer) => {
                    self.take_issue(answer.json, issues)?;
                    // Even if the answer is about another issue, do not request the same number again.
                    self.0.highest.set(self.0.highest.get().max(next));
                }
                // This number was used once, so further issues may follow.
                Err(Failure::Refused(refusal)) if refusal.is_gone() && refusal.status.as_u16() != 404 => {
                    self.0.highest.set(next);
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

    /// Adds an issue, and remembers its ids. Pull requests are skipped.
    fn take_issue(&self, json: Value, issues: &mut BTreeMap<IssueNumber, Issue>) -> Result<()> {
        let issue: WireIssue = read(json, "an issue")?;
        self.0.highest.set(self.0.highest.get().max(issue.number.0));
        if issue.pull_request.is_none() {
            issues.insert(issue.number, self.0.known(issue));
        }
        Ok(())
    }
}
