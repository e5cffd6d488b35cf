//! Links and pins: in mutations of GraphQL, many at a time, or one by one over REST where there is no GraphQL.

use anyhow::{Context, Result, anyhow};
use http::Method;
use serde_json::json;

use super::clock::Clock;
use super::failure::Failure;
use super::pacer::Cost;
use super::write::LOOKS;
use super::{GitHub, Handle, graphql};
use crate::model::snapshot::IssueNumber;
use crate::repository::{Link, Linked};

/// How many links go into one mutation.
const BATCH: usize = 20;

impl<C: Clock> GitHub<C> {
    /// Makes links with as few mutations as they fit in, or one by one where there is no GraphQL.
    pub(super) async fn link_all(&self, links: &[Link]) -> Vec<Result<Linked>> {
        if !self.features.borrow().graphql {
            let mut results = Vec::new();
            for link in links {
                results.push(self.link_by_rest(*link).await);
            }
            return results;
        }
        let mut results: Vec<Option<Result<Linked>>> = links.iter().map(|_| None).collect();
        let numbered: Vec<(usize, Link)> = links.iter().copied().enumerate().collect();
        for batch in numbered.chunks(BATCH) {
            self.link_batch(batch, &mut results).await;
        }
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(|| Err(anyhow!("GitHub said nothing about it"))))
            .collect()
    }

    pub(super) fn handle(&self, number: IssueNumber) -> Result<Handle> {
        self.handles.borrow().get(&number).cloned().with_context(|| format!("issue {number} is not known"))
    }

    /// Makes links with one mutation. A server that lacks a kind of link refuses the whole document; then the others
    /// are sent without it.
    async fn link_batch(&self, batch: &[(usize, Link)], results: &mut [Option<Result<Linked>>]) {
        let mut left: Vec<(usize, Link)> = batch.to_vec();
        loop {
            left.retain(|(at, link)| {
                let lacking = self.is_lacking(*link);
                if lacking {
                    results[*at] = Some(Ok(Linked::LeftOut));
                }
                !lacking
            });
            if left.is_empty() {
                return;
            }
            let node = |number| self.handle(number).ok().map(|handle| handle.node.0);
            let (document, variables) = graphql::mutation(&left, node);
            let reply = graphql::send(&self.client, &document, &variables, Cost::Mutation).await;
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
                let own = reply.errors.iter().find(|(about, _)| about.as_deref().is_none_or(|about| about == alias));
                results[*at] = Some(match own {
                    Some((_, message)) if !is_so_already(*link, message) => Err(anyhow!("GitHub answers: {message}")),
                    // An answer that does not speak of the link tells nothing about it.
                    None if reply.data[&alias].is_null() => Err(anyhow!("GitHub's answer says nothing about it")),
                    Some(_) | None => Ok(Linked::Done),
                });
            }
            return;
        }
    }

    fn is_lacking(&self, link: Link) -> bool {
        let features = self.features.borrow();
        match link {
            Link::AddDependency { .. } | Link::RemoveDependency { .. } => !features.dependencies,
            Link::AddSubIssue { .. } | Link::RemoveSubIssue { .. } => !features.sub_issues,
            Link::Pin(_) | Link::Unpin(_) => !features.pins,
        }
    }

    /// Notes what a server says it lacks; whether that is anything new.
    fn learn(&self, reply: &graphql::Reply) -> bool {
        let dependencies = ["addBlockedBy", "removeBlockedBy"].iter().any(|field| reply.lacks(field));
        let sub_issues = ["addSubIssue", "removeSubIssue"].iter().any(|field| reply.lacks(field));
        let pins = ["pinIssue", "unpinIssue"].iter().any(|field| reply.lacks(field));
        if dependencies {
            self.lacks_dependencies();
        }
        if sub_issues {
            self.lacks_sub_issues();
        }
        if pins {
            self.lacks_pins();
        }
        dependencies || sub_issues || pins
    }

    async fn link_by_rest(&self, link: Link) -> Result<Linked> {
        let issue = |number: IssueNumber| format!("{}/issues/{}", self.base(), number.0);
        if self.is_lacking(link) || matches!(link, Link::Pin(_) | Link::Unpin(_)) {
            return Ok(Linked::LeftOut);
        }
        let (method, path, body, lacking): (_, _, _, fn(&Self)) = match link {
            Link::AddDependency { blocked, blocker } => {
                let body = json!({"issue_id": self.handle(blocker)?.id.0});
                let path = format!("{}/dependencies/blocked_by", issue(blocked));
                (Method::POST, path, Some(body), Self::lacks_dependencies)
            }
            Link::RemoveDependency { blocked, blocker } => {
                let path = format!("{}/dependencies/blocked_by/{}", issue(blocked), self.handle(blocker)?.id.0);
                (Method::DELETE, path, None, Self::lacks_dependencies)
            }
            Link::AddSubIssue { child, parent } => {
                let body = json!({"sub_issue_id": self.handle(child)?.id.0});
                (Method::POST, format!("{}/sub_issues", issue(parent)), Some(body), Self::lacks_sub_issues)
            }
            Link::RemoveSubIssue { child, parent } => {
                let body = json!({"sub_issue_id": self.handle(child)?.id.0});
                (Method::DELETE, format!("{}/sub_issue", issue(parent)), Some(body), Self::lacks_sub_issues)
            }
            Link::Pin(_) | Link::Unpin(_) => return Ok(Linked::LeftOut),
        };
        for wait in LOOKS {
            self.client.pause(wait).await;
            match self.write(method.clone(), &path, body.clone()).await {
                Ok(answer) if answer.is_object() => return Ok(Linked::Done),
                Ok(_) => return Err(anyhow!("GitHub's answer says nothing about it")),
                // Sub-issues of one parent collide when they are added at once; one after another they do not.
                Err(Failure::Refused(refusal)) if refusal.message.contains("Priority has already been taken") => {}
                Err(Failure::Refused(refusal)) if is_so_already(link, &refusal.to_string()) => return Ok(Linked::Done),
                Err(Failure::Refused(refusal)) if refusal.status.as_u16() == 404 => {
                    lacking(self);
                    return Ok(Linked::LeftOut);
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        Err(anyhow!("other sub-issues were added to the same parent all the time"))
    }
}

/// Whether an error says that a link is as it should be: an earlier try made it, or somebody did.
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
