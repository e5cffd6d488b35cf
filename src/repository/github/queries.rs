//! The GraphQL documents that are sent to GitHub.

use serde_json::{Value, json};

use crate::model::snapshot::IssueNumber;
use crate::repository::Link;

/// The account of the token, and the pinned issues.
pub(crate) const VIEWER_AND_PINS: &str = "query($owner: String!, $name: String!) { viewer { login } \
     repository(owner: $owner, name: $name) { pinnedIssues(first: 10) { nodes { issue { number } } } } }";

/// The account of the token.
pub(crate) const VIEWER: &str = "query { viewer { login } }";

/// The blockers and parents of issues.
pub(crate) const LINKS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     parent { number repository { nameWithOwner } } \
     blockedBy(first: 50) { nodes { number repository { nameWithOwner } } pageInfo { hasNextPage } } } } }";

/// [`LINKS`] for servers without sub-issues.
pub(crate) const BLOCKERS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     blockedBy(first: 50) { nodes { number repository { nameWithOwner } } pageInfo { hasNextPage } } } } }";

/// [`LINKS`] for servers without dependencies.
pub(crate) const PARENTS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     parent { number repository { nameWithOwner } } } } }";

/// Updates the body of an issue.
pub(crate) const WRITE_BODY: &str = "mutation($id: ID!, $body: String!) { updateIssue(input: {id: $id, body: $body}) \
     { issue { number } } }";

/// A mutation with one aliased field for each link, and its variables. `node` looks up the node id of an issue.
pub(crate) fn mutation(links: &[(usize, Link)], node: impl Fn(IssueNumber) -> Option<String>) -> (String, Value) {
    let mut parameters = Vec::new();
    let mut fields = Vec::new();
    let mut variables = serde_json::Map::new();
    for (at, link) in links {
        let (name, arguments) = match link {
            Link::AddDependency { blocked, blocker } => {
                ("addBlockedBy", vec![("issueId", *blocked), ("blockingIssueId", *blocker)])
            }
            Link::RemoveDependency { blocked, blocker } => {
                ("removeBlockedBy", vec![("issueId", *blocked), ("blockingIssueId", *blocker)])
            }
            Link::AddSubIssue { child, parent } => ("addSubIssue", vec![("issueId", *parent), ("subIssueId", *child)]),
            Link::RemoveSubIssue { child, parent } => {
                ("removeSubIssue", vec![("issueId", *parent), ("subIssueId", *child)])
            }
            Link::Pin(issue) => ("pinIssue", vec![("issueId", *issue)]),
            Link::Unpin(issue) => ("unpinIssue", vec![("issueId", *issue)]),
        };
        let mut inputs = Vec::new();
        for (place, (input, number)) in arguments.into_iter().enumerate() {
            let variable = format!("v{at}_{place}");
            parameters.push(format!("${variable}: ID!"));
            inputs.push(format!("{input}: ${variable}"));
            variables.insert(variable, json!(node(number)));
        }
        fields.push(format!("l{at}: {name}(input: {{{}}}) {{ issue {{ number }} }}", inputs.join(", ")));
    }
    (format!("mutation({}) {{ {} }}", parameters.join(", "), fields.join(" ")), variables.into())
}
