//! The parts of GitHub's responses that we use, and their conversion to our types. octocrab's own models are not used:
//! tests cannot construct them, and they reject responses of older servers.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::pacific;
use crate::model::snapshot::{AuthorAssociation, Issue, IssueNumber, Label, Milestone, MilestoneNumber, StateReason};

/// Deserializes a part of a response.
///
/// # Errors
///
/// If the response does not have the documented form.
pub(crate) fn read<T: DeserializeOwned>(json: Value, what: &str) -> Result<T> {
    serde_json::from_value(json).with_context(|| {
        format!(
            "GitHub's answer about {what} is not as GitHub's description has it; run it again, and check GITHUB_API_URL and \
             any proxy in between if it stays so"
        )
    })
}

/// A repository in a response.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub(crate) struct WireRepository {
    pub id: Option<u64>,
    pub full_name: String,
    #[serde(default)]
    pub archived: bool,
    #[serde(default = "yes")]
    pub has_issues: bool,
}

fn yes() -> bool {
    true
}

/// A label in a response.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct WireLabel {
    pub name: String,
    pub color: Option<String>,
    pub description: Option<String>,
}

impl From<WireLabel> for Label {
    fn from(WireLabel { name, color, description }: WireLabel) -> Self {
        let color = color.unwrap_or_default().to_lowercase();
        Self { name, color, description: description.unwrap_or_default() }
    }
}

/// A milestone in a response.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct WireMilestone {
    pub number: MilestoneNumber,
    pub title: String,
    pub description: Option<String>,
    pub due_on: Option<String>,
    pub state: String,
}

impl TryFrom<WireMilestone> for Milestone {
    type Error = anyhow::Error;

    fn try_from(WireMilestone { number, title, description, due_on, state }: WireMilestone) -> Result<Self> {
        let due_on = due_on.as_deref().map(pacific::day_of).transpose()?;
        Ok(Self { number, title, description: description.unwrap_or_default(), due_on, closed: state == "closed" })
    }
}

/// An account in a response.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct WireUser {
    pub login: String,
}

/// A label of an issue. GitHub documents it as a name or an object.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NameOrLabel {
    Name(String),
    Label { name: Option<String> },
}

/// The database id of an issue. The REST endpoints for dependencies and sub-issues take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct IssueId(pub u64);

/// The GraphQL id of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct NodeId(pub String);

/// An issue or a pull request; GitHub lists both together.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "GitHub's own words")]
pub struct WireIssue {
    pub number: IssueNumber,
    pub id: IssueId,
    pub node_id: NodeId,
    pub title: String,
    pub body: Option<String>,
    pub state: String,
    #[serde(default)]
    state_reason: Option<String>,
    labels: Vec<NameOrLabel>,
    #[serde(default)]
    pub assignees: Option<Vec<WireUser>>,
    pub milestone: Option<WireMilestone>,
    pub updated_at: Option<Timestamp>,
    pub user: Option<WireUser>,
    pub author_association: Option<AuthorAssociation>,
    pub pull_request: Option<Value>,
    /// The API address of the issue's repository. Linked issues can be in other repositories.
    pub repository_url: Option<String>,
}

impl From<WireIssue> for Issue {
    fn from(issue: WireIssue) -> Self {
        let labels = issue.labels.into_iter().filter_map(|label| match label {
            NameOrLabel::Name(name) => Some(name),
            NameOrLabel::Label { name } => name,
        });
        let assignees = issue.assignees.unwrap_or_default().into_iter().map(|user| user.login);
        Self {
            number: issue.number,
            title: issue.title,
            body: issue.body.unwrap_or_default(),
            closed: issue.state == "closed",
            state_reason: issue.state_reason.as_deref().and_then(StateReason::named),
            labels: labels.collect(),
            assignees: assignees.collect::<BTreeSet<_>>(),
            milestone: issue.milestone.map(|milestone| milestone.number),
            author: issue.user.map(|user| user.login).unwrap_or_default(),
            author_association: issue.author_association.unwrap_or(AuthorAssociation::None),
        }
    }
}

/// A page of a GraphQL list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "GitHub's own words")]
pub(crate) struct Nodes<T> {
    pub nodes: Vec<T>,
    pub page_info: PageInfo,
}

/// Whether a GraphQL list has further pages.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "GitHub's own words")]
pub(crate) struct PageInfo {
    pub has_next_page: bool,
    #[serde(default)]
    pub end_cursor: Option<String>,
}

#[derive(Debug, Deserialize)]
struct NodeLabel {
    name: String,
}

#[derive(Debug, Deserialize)]
struct NodeMilestone {
    number: MilestoneNumber,
}

#[derive(Debug, Deserialize)]
struct NodeActor {
    #[serde(rename = "__typename")]
    kind: String,
    login: String,
}

impl NodeActor {
    /// The login as REST returns it; that of an app ends with `[bot]`.
    fn login(self) -> String {
        let is_short = self.kind == "Bot" && !self.login.ends_with("[bot]");
        if is_short { format!("{}[bot]", self.login) } else { self.login }
    }
}

/// An issue in a GraphQL reply, without its links.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NodeIssue {
    pub id: NodeId,
    pub number: IssueNumber,
    title: String,
    body: String,
    state: String,
    state_reason: Option<String>,
    author: Option<NodeActor>,
    author_association: AuthorAssociation,
    milestone: Option<NodeMilestone>,
    labels: Option<Nodes<NodeLabel>>,
    assignees: Nodes<WireUser>,
}

impl NodeIssue {
    /// The issue; `None` if one of its lists has further pages.
    pub(crate) fn whole(self) -> Option<Issue> {
        let labels = self.labels?;
        if labels.page_info.has_next_page || self.assignees.page_info.has_next_page {
            return None;
        }
        Some(Issue {
            number: self.number,
            title: self.title,
            body: self.body,
            closed: self.state == "CLOSED",
            state_reason: self.state_reason.and_then(|reason| StateReason::named(&reason.to_lowercase())),
            labels: labels.nodes.into_iter().map(|label| label.name).collect(),
            assignees: self.assignees.nodes.into_iter().map(|user| user.login).collect(),
            milestone: self.milestone.map(|milestone| milestone.number),
            author: self.author.map(NodeActor::login).unwrap_or_default(),
            author_association: self.author_association,
        })
    }
}
