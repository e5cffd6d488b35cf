//! GraphQL: what is read and written with it, and what its answers mean.

use anyhow::anyhow;
use serde_json::{Value, json};

use super::client::{Client, Repeat};
use super::clock::Clock;
use super::failure::Failure;
use super::pacer::Cost;
use crate::repository::Link;

/// Who runs this, and which issues are pinned.
pub const VIEWER_AND_PINS: &str = "query($owner: String!, $name: String!) { viewer { login } \
     repository(owner: $owner, name: $name) { pinnedIssues(first: 10) { nodes { issue { number } } } } }";

/// Who runs this.
pub const VIEWER: &str = "query { viewer { login } }";

/// What blocks issues and what they are a part of.
pub const LINKS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     parent { number repository { nameWithOwner } } \
     blockedBy(first: 50) { nodes { number repository { nameWithOwner } } } } } }";

/// [`LINKS`] for servers that know no dependencies.
pub const PARENTS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     parent { number repository { nameWithOwner } } } } }";

/// The text of an issue, written.
pub const WRITE_BODY: &str = "mutation($id: ID!, $body: String!) { updateIssue(input: {id: $id, body: $body}) \
     { issue { number } } }";

/// An answer of GraphQL: data may be there together with errors.
#[derive(Debug)]
pub struct Reply {
    /// The data, or null.
    pub data: Value,
    /// The errors, each with the alias that it is about, if it names one.
    pub errors: Vec<(Option<String>, String)>,
}

impl Reply {
    /// Whether the server does not know a field: it is older than the feature.
    pub fn lacks(&self, field: &str) -> bool {
        self.errors.iter().any(|(_, message)| message.contains("doesn't exist") && message.contains(field))
    }

    /// The first error as an error.
    pub fn error(&self) -> Option<anyhow::Error> {
        self.errors.first().map(|(_, message)| anyhow!("GitHub's GraphQL answers: {message}"))
    }
}

/// Sends a document. A query may be repeated; a mutation that sets what is there already is harmless too.
///
/// # Errors
///
/// When GitHub refuses or cannot be reached. Errors in the answer are in the [`Reply`].
pub async fn send<C: Clock>(
    client: &Client<C>,
    document: &str,
    variables: &Value,
    cost: Cost,
) -> Result<Reply, Failure> {
    let body = json!({"query": document, "variables": variables});
    let url = client.api.graphql.clone();
    let answer = client.request(http::Method::POST, &url, Some(&body), cost, Repeat::Harmless).await?;
    let data = answer.json.get("data").cloned().unwrap_or_default();
    let errors = answer.json["errors"].as_array().cloned().unwrap_or_default();
    let error = |error: &Value| {
        let alias = error["path"][0].as_str().map(str::to_owned);
        (alias, error["message"].as_str().unwrap_or("no message").to_owned())
    };
    Ok(Reply { data, errors: errors.iter().map(error).collect() })
}

/// One mutation with an alias for each link, and its variables. `node` gives the id of an issue.
pub fn mutation(
    links: &[(usize, Link)],
    node: impl Fn(crate::model::snapshot::IssueNumber) -> Option<String>,
) -> (String, Value) {
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
