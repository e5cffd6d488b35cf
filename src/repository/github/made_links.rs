//! Writes links and pins: in batched GraphQL mutations, or one by one over REST if there is no GraphQL.

use anyhow::{Result, anyhow};
use http::Method;
use serde_json::json;

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::http::graphql;
use super::http::pacer::Cost;
use super::looks::LOOKS;
use super::queries;
use crate::model::snapshot::IssueNumber;
use crate::repository::{Link, LinkOutcome};

/// The most links in one mutation.
const BATCH: usize = 20;

/// Adds and removes links and pins.
pub(super) struct LinkWriter<'c, C>(pub(super) &'c Connection<C>);

impl<C: Clock> LinkWriter<'_, C> {
    /// Writes links with as few mutations as possible, or one by one if there is no GraphQL.
    pub(super) async fn link_all(&self, links: &[Link]) -> Vec<Result<LinkOutcome>> {
        if !self.0.features.borrow().graphql {
            let mut results = Vec::new();
            for link in links {
                results.push(self.link_by_rest(*link).await);
            }
            return results;
        }
        let mut results: Vec<Option<Result<LinkOutcome>>> = links.iter().map(|_| None).collect();
        let numbered: Vec<(usize, Link)> = links.iter().copied().enumerate().collect();
        for batch in numbered.chunks(BATCH) {
            self.link_batch(batch, &mut results).await;
        }
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(|| Err(anyhow!("GitHub's answer does not mention it; run it again"))))
            .collect()
    }

    /// Writes links with one mutation. A server that lacks a kind of link rejects the whole document; the other links
    /// are then sent without it.
    async fn link_batch(&self, batch: &[(usize, Link)], results: &mut [Option<Result<LinkOutcome>>]) {
        let mut left: Vec<(usize, Link)> = batch.to_vec();
        loop {
            left.retain(|(at, link)| {
                let lacking = self.is_lacking(*link);
                if lacking {
                    results[*at] = Some(Ok(LinkOutcome::LeftOut));
                }
                !lacking
            });
            if left.is_empty() {
                return;
            }
            let node = |number| self.0.handle(number).ok().map(|handle| handle.node.0);
            let (document, variables) = queries::mutation(&left, node);
            let reply = graphql::send(&self.0.client, &document, &variables, Cost::Mutation).await;
            let reply = match reply {
                Ok(reply) => reply,
                Err(failure) => {
                    let error = anyhow::Error::from(failure);
                    for (at, _) in &left {
                        results[*at] = Some(Err(anyhow!("{error:#}")));
                    }
                    return;
                }
            };
            if self.learn(&reply) {
                continue;
            }
            for (at, link) in &left {
                let alias = format!("l{at}");
                let own = reply.errors.iter().find(|error| error.alias().is_none_or(|about| about == alias));
                results[*at] = Some(match own {
                    Some(error) if is_so_already(*link, &error.message) => Ok(LinkOutcome::Done),
                    Some(error) => Err(anyhow!("GitHub answers: {}", error.message)),
                    // The reply to a successful link contains the issue. Without it, the outcome is unknown.
                    None if reply.data[&alias].is_object() => Ok(LinkOutcome::Done),
                    None => Err(anyhow!("GitHub's answer does not say whether it was done; the next run looks")),
                });
            }
            return;
        }
    }

    fn is_lacking(&self, link: Link) -> bool {
        let features = self.0.features.borrow();
        match link {
            Link::AddDependency { .. } | Link::RemoveDependency { .. } => !features.dependencies,
            Link::AddSubIssue { .. } | Link::RemoveSubIssue { .. } => !features.sub_issues,
            Link::Pin(_) | Link::Unpin(_) => !features.pins,
        }
    }

    /// Records the features that a server reports as missing. Returns whether any of them is new.
    fn learn(&self, reply: &graphql::Reply) -> bool {
        let dependencies = ["addBlockedBy", "removeBlockedBy"].iter().any(|field| reply.lacks(field));
        let sub_issues = ["addSubIssue", "removeSubIssue"].iter().any(|field| reply.lacks(field));
        let pins = ["pinIssue", "unpinIssue"].iter().any(|field| reply.lacks(field));
        let mut features = self.0.features.borrow_mut();
        let new =
            (features.dependencies && dependencies) || (features.sub_issues && sub_issues) || (features.pins && pins);
        features.dependencies &= !dependencies;
        features.sub_issues &= !sub_issues;
        features.pins &= !pins;
        drop(features);
        self.0.tell_lacks();
        new
    }

    async fn link_by_rest(&self, link: Link) -> Result<LinkOutcome> {
        let issue = |number: IssueNumber| format!("{}/issues/{}", self.0.base(), number.0);
        if self.is_lacking(link) {
            return Ok(LinkOutcome::LeftOut);
        }
        // The issue whose endpoint is called, the rest of the path, and the body with the other issue.
        let (method, owner, path, body) = match link {
            Link::AddDependency { blocked, blocker } => {
                let body = json!({"issue_id": self.0.handle(blocker)?.id()?.0});
                (Method::POST, blocked, "dependencies/blocked_by".to_owned(), Some(body))
            }
            Link::RemoveDependency { blocked, blocker } => {
                let path = format!("dependencies/blocked_by/{}", self.0.handle(blocker)?.id()?.0);
                (Method::DELETE, blocked, path, None)
            }
            Link::AddSubIssue { child, parent } => {
                let body = json!({"sub_issue_id": self.0.handle(child)?.id()?.0});
                (Method::POST, parent, "sub_issues".to_owned(), Some(body))
            }
            Link::RemoveSubIssue { child, parent } => {
                let body = json!({"sub_issue_id": self.0.handle(child)?.id()?.0});
                (Method::DELETE, parent, "sub_issue".to_owned(), Some(body))
            }
            Link::Pin(_) | Link::Unpin(_) => return Ok(LinkOutcome::LeftOut),
        };
        let owner = issue(owner);
        for wait in LOOKS {
            self.0.client.pause(wait).await;
            match self.0.client.set(method.clone(), &format!("{owner}/{path}"), body.clone()).await {
                Ok(answer) if answer.is_object() => return Ok(LinkOutcome::Done),
                Ok(_) => return Err(anyhow!("GitHub's answer does not say whether it was done; the next run looks")),
                // Adding several sub-issues to one parent at the same time can conflict. Trying again succeeds.
                Err(Failure::Refused(refusal)) if refusal.message.contains("Priority has already been taken") => {}
                Err(Failure::Refused(refusal)) if is_so_already(link, &refusal.to_string()) => {
                    return Ok(LinkOutcome::Done);
                }
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                    let is_dependency = matches!(link, Link::AddDependency { .. } | Link::RemoveDependency { .. });
                    let list = if is_dependency { "dependencies/blocked_by" } else { "sub_issues" };
                    let has_list = self.0.client.get(&format!("{owner}/{list}?per_page=1")).await.is_ok();
                    if has_list || self.0.client.get(&owner).await.is_err() {
                        return Err(Failure::Refused(refusal).into());
                    }
                    let mut features = self.0.features.borrow_mut();
                    *(if is_dependency { &mut features.dependencies } else { &mut features.sub_issues }) = false;
                    drop(features);
                    self.0.tell_lacks();
                    return Ok(LinkOutcome::LeftOut);
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(anyhow!(
            "{method} {owner}/{path}: other sub-issues were added to the same parent all the time; run it again"
        ))
    }
}

/// Whether an error says that the link already has the wanted state, because an earlier attempt or a person made it.
fn is_so_already(link: Link, message: &str) -> bool {
    let message = message.to_lowercase();
    match link {
        Link::AddDependency { .. } | Link::AddSubIssue { .. } | Link::Pin(_) => {
            let is_there = message.contains("already") || message.contains("duplicate sub-issues");
            is_there && !message.contains("priority")
        }
        Link::RemoveDependency { .. } | Link::RemoveSubIssue { .. } | Link::Unpin(_) => {
            message.contains("not pinned") || message.contains("does not exist")
        }
    }
}
