//! The GraphQL documents that are sent to GitHub.

use serde_json::{Value, json};

use crate::model::snapshot::IssueNumber;
use crate::repository::{LastStep, Link};

/// The account of the token, the pinned issues, and when an issue was last updated.
pub(crate) const VIEWER_AND_PINS: &str = "query($owner: String!, $name: String!) { viewer { login } \
     repository(owner: $owner, name: $name) { pinnedIssues(first: 10) { nodes { issue { number } } } \
     latest: issues(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { updatedAt } } } }";

/// The account of the token.
pub(crate) const VIEWER: &str = "query { viewer { login } }";

/// The blockers and parents of issues.
pub(crate) const LINKS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     parent { id number repository { nameWithOwner } } \
     blockedBy(first: 50) { nodes { number repository { nameWithOwner } } pageInfo { hasNextPage } } } } }";

/// [`LINKS`] for servers without sub-issues.
pub(crate) const BLOCKERS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     blockedBy(first: 50) { nodes { number repository { nameWithOwner } } pageInfo { hasNextPage } } } } }";

/// [`LINKS`] for servers without dependencies.
pub(crate) const PARENTS: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Issue { number \
     parent { id number repository { nameWithOwner } } } } }";

/// All fields of an issue, with the kinds of links that the server supports.
fn issue_fragment(has_dependencies: bool, has_sub_issues: bool) -> String {
    let blockers = "blockedBy(first: 50) { nodes { number repository { nameWithOwner } } pageInfo { hasNextPage } }";
    let parent = "parent { id number repository { nameWithOwner } }";
    format!(
        "fragment issue on Issue {{ id number title body state stateReason(enableDuplicate: true) \
         author {{ __typename login }} authorAssociation milestone {{ number }} repository {{ nameWithOwner }} \
         labels(first: 100) {{ nodes {{ name }} pageInfo {{ hasNextPage }} }} \
         assignees(first: 20) {{ nodes {{ login }} pageInfo {{ hasNextPage }} }} {} {} }}",
        if has_dependencies { blockers } else { "" },
        if has_sub_issues { parent } else { "" },
    )
}

/// A page of the issues that an account opened, and the number of all issues.
pub(crate) fn issues_by(has_dependencies: bool, has_sub_issues: bool) -> String {
    format!(
        "query($owner: String!, $name: String!, $login: String!, $direction: OrderDirection!, $after: String) {{ \
         repository(owner: $owner, name: $name) {{ all: issues {{ totalCount }} \
         issues(first: 100, after: $after, filterBy: {{createdBy: $login}}, \
         orderBy: {{field: CREATED_AT, direction: $direction}}) {{ \
         totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...issue }} }} }} }} {}",
        issue_fragment(has_dependencies, has_sub_issues)
    )
}

/// Issues by number. The alias of each is `i` followed by its number.
pub(crate) fn issues_numbered(numbers: &[IssueNumber], has_dependencies: bool, has_sub_issues: bool) -> String {
    let issues: Vec<String> = numbers
        .iter()
        .map(|IssueNumber(number)| format!("i{number}: issue(number: {number}) {{ ...issue }}"))
        .collect();
    format!(
        "query($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {} }} }} {}",
        issues.join(" "),
        issue_fragment(has_dependencies, has_sub_issues)
    )
}

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

/// One mutation with an alias for each step, and its variables. `node` gives the id of an issue.
pub(crate) fn last_steps(steps: &[LastStep], node: impl Fn(IssueNumber) -> Option<String>) -> (String, Value) {
    let (mut parameters, mut fields) = (Vec::new(), Vec::new());
    let mut variables = serde_json::Map::new();
    for (at, step) in steps.iter().enumerate() {
        variables.insert(format!("i{at}"), json!(node(step.issue())));
        parameters.push(format!("$i{at}: ID!"));
        let mutation = match step {
            LastStep::Close(_, reason) => {
                let reason = reason.as_str().to_uppercase();
                format!("closeIssue(input: {{issueId: $i{at}, stateReason: {reason}}})")
            }
            LastStep::Write(_, body) => {
                variables.insert(format!("b{at}"), json!(body));
                parameters.push(format!("$b{at}: String!"));
                format!("updateIssue(input: {{id: $i{at}, body: $b{at}}})")
            }
        };
        fields.push(format!("s{at}: {mutation} {{ issue {{ number }} }}"));
    }
    (format!("mutation({}) {{ {} }}", parameters.join(", "), fields.join(" ")), variables.into())
}
