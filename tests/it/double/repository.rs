//! The state of the double, and its JSON representation.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use super::description::{NEW_VERSION, OLD_VERSION, object};

/// A repository and everything in it.
#[derive(Debug, Clone)]
pub(crate) struct Repository {
    pub name: String,
    /// The repository that contains the plan, if it is a different one. It has files, pull requests and comments, but no
    /// issues.
    pub home: Option<String>,
    /// The name before it was renamed.
    pub former_name: Option<String>,
    pub archived: bool,
    pub has_issues: bool,
    /// The account of the token. A workflow's token cannot look it up over REST.
    pub viewer: String,
    pub viewer_may_write: bool,
    pub assignable: BTreeSet<String>,
    /// Whether an unassignable login makes issue creation fail, as on github.com.
    pub refuses_assignees: bool,
    /// An issue that is closed while lists are read: it is missing in them, and only in the list of recent changes.
    pub moving: Option<u64>,
    /// An issue that somebody closes after the first page of open issues was read.
    pub closed_while_listed: Option<u64>,
    /// The number of lists that will miss the newest issue.
    pub lagging_lists: usize,
    /// Missing features: names of GraphQL fields, or `graphql`, `dependencies`, `sub_issues` for all of a feature.
    pub lacks: BTreeSet<&'static str>,
    /// The REST versions that the server supports.
    pub versions: Vec<&'static str>,
    /// The effect of `due_on: null` on a milestone.
    pub null_date: NullDate,
    /// The number of sub-issue additions that will conflict.
    pub collisions: usize,
    pub labels: Vec<Label>,
    pub milestones: Vec<Milestone>,
    pub issues: Vec<Issue>,
    pub gone: BTreeMap<u64, Gone>,
    pub pins: Vec<u64>,
    /// Whether the token may comment. In a run from a fork it may not.
    pub may_comment: bool,
    pub comments: Vec<Comment>,
    /// A commit, its pull request, and the branch that it was merged into, if any.
    pub pulls: Vec<(String, u64, Option<String>)>,
    /// Whether the token may push branches and open pull requests.
    pub may_push: bool,
    /// Trees and commits that were created: the files that differ from the main branch.
    pub trees: BTreeMap<String, BTreeMap<String, String>>,
    /// The commits of branches.
    pub branches: BTreeMap<String, String>,
    pub proposals: Vec<Proposed>,
    /// Files by commit or branch, and path.
    pub files: BTreeMap<(String, String), String>,
    /// The server's time, in seconds since the start of 2026.
    pub now: u64,
    /// The last seen state of each issue, and when it changed.
    pub updates: HashMap<u64, (Issue, u64)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Comment {
    pub id: u64,
    pub issue: u64,
    pub author: String,
    pub body: String,
}

/// A pull request that the program opened.
#[derive(Debug, Clone)]
pub(crate) struct Proposed {
    pub number: u64,
    pub branch: String,
    pub title: String,
    pub body: String,
    pub is_open: bool,
    pub is_merged: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub name: String,
    pub color: String,
    pub description: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Milestone {
    pub number: u64,
    pub title: String,
    pub description: String,
    pub due_on: Option<String>,
    pub closed: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Issue {
    pub number: u64,
    pub is_pull_request: bool,
    pub title: String,
    pub body: String,
    pub closed: bool,
    pub reason: Option<String>,
    pub labels: BTreeSet<String>,
    pub assignees: BTreeSet<String>,
    pub milestone: Option<u64>,
    pub author: String,
    pub association: String,
    pub blocked_by: BTreeSet<u64>,
    pub parent: Option<u64>,
    /// Blockers and parent in another repository, by their numbers there.
    pub blocked_elsewhere: BTreeSet<u64>,
    pub parent_elsewhere: Option<u64>,
    /// Whether nobody can write to it, for instance because it became a discussion.
    pub is_shut: bool,
}

/// The effect of `due_on: null`, which GitHub's description does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NullDate {
    /// Removes the due date, as users report.
    Removes,
    /// Does nothing; the answer is 200.
    Ignored,
    /// Is rejected with 422, as when a milestone is created.
    Refused,
}

/// What happened to an issue that is no longer available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gone {
    Deleted,
    /// Transferred to a repository that the token can see.
    Transferred,
    /// Transferred to a repository that the token cannot see.
    Hidden,
}

impl Default for Repository {
    fn default() -> Self {
        Self {
            name: "stars/observatory".into(),
            home: None,
            former_name: None,
            archived: false,
            has_issues: true,
            viewer: "ada".into(),
            viewer_may_write: true,
            assignable: ["ada", "grace"].map(str::to_owned).into(),
            refuses_assignees: true,
            moving: None,
            closed_while_listed: None,
            lagging_lists: 0,
            lacks: BTreeSet::new(),
            versions: vec![OLD_VERSION, NEW_VERSION],
            null_date: NullDate::Removes,
            collisions: 0,
            labels: Vec::new(),
            milestones: Vec::new(),
            issues: Vec::new(),
            gone: BTreeMap::new(),
            pins: Vec::new(),
            may_comment: true,
            comments: Vec::new(),
            pulls: Vec::new(),
            may_push: true,
            trees: BTreeMap::new(),
            branches: BTreeMap::new(),
            proposals: Vec::new(),
            files: BTreeMap::new(),
            now: 0,
            updates: HashMap::new(),
        }
    }
}

/// Another repository that links lead to.
pub(crate) const ELSEWHERE: &str = "stars/elsewhere";

/// The database id of an issue; it differs from the number and the node id.
pub(crate) fn id_of(number: u64) -> u64 {
    3_000_000_000 + number * 7
}

pub(crate) fn number_of_id(id: u64) -> Option<u64> {
    let offset = id.checked_sub(3_000_000_000)?;
    offset.is_multiple_of(7).then_some(offset / 7)
}

pub(crate) fn node_of(number: u64) -> String {
    format!("I_kwDO{:06x}", number * 31)
}

/// Parses a timestamp into the server's time.
pub(crate) fn seconds_of(time: &str) -> u64 {
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    u64::try_from(time.parse::<jiff::Timestamp>().unwrap().duration_since(start).as_secs()).unwrap_or(0)
}

/// Formats the server's time as GitHub does.
pub(crate) fn time_of(seconds: u64) -> String {
    let start: jiff::Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    (start + jiff::SignedDuration::from_secs(seconds.try_into().unwrap())).to_string()
}

impl Repository {
    /// Records which issues have changed since the last call, whoever changed them.
    pub(crate) fn note_updates(&mut self) {
        let mut is_changed = false;
        for issue in &self.issues {
            if self.updates.get(&issue.number).is_none_or(|(known, _)| known != issue) {
                self.updates.insert(issue.number, (issue.clone(), self.now));
                is_changed = true;
            }
        }
        self.now += u64::from(is_changed);
    }

    /// When an issue was last changed.
    pub(crate) fn updated_at(&self, number: u64) -> u64 {
        self.updates.get(&number).map_or(self.now, |(_, at)| *at)
    }

    pub(crate) fn issue(&mut self, number: u64) -> Option<&mut Issue> {
        self.issues.iter_mut().find(|issue| issue.number == number)
    }

    pub(crate) fn number_of_node(&self, node: &str) -> Option<u64> {
        self.issues.iter().map(|issue| issue.number).find(|number| node_of(*number) == node)
    }

    pub(crate) fn label(&mut self, name: &str) -> Option<&mut Label> {
        self.labels.iter_mut().find(|label| label.name.eq_ignore_ascii_case(name))
    }

    /// The next number; issues and pull requests share them.
    pub(crate) fn next_number(&self) -> u64 {
        self.issues.iter().map(|issue| issue.number).chain(self.gone.keys().copied()).max().unwrap_or(0) + 1
    }

    /// Removes an issue and its links.
    pub(crate) fn lose(&mut self, number: u64, how: Gone) {
        self.issues.retain(|issue| issue.number != number);
        self.pins.retain(|pin| *pin != number);
        for issue in &mut self.issues {
            issue.blocked_by.remove(&number);
            issue.parent = issue.parent.filter(|parent| *parent != number);
        }
        self.gone.insert(number, how);
    }

    /// Adds an issue by somebody, and returns its number.
    pub(crate) fn add(&mut self, title: &str, body: &str, author: &str, association: &str) -> u64 {
        let number = self.next_number();
        self.issues.push(Issue {
            number,
            title: title.into(),
            body: body.into(),
            author: author.into(),
            association: association.into(),
            ..Issue::default()
        });
        number
    }

    /// The login of the account, as REST reports it for authors.
    pub(crate) fn author(&self) -> String {
        if self.viewer == "github-actions" { "github-actions[bot]".into() } else { self.viewer.clone() }
    }

    /// Adds a comment by somebody.
    pub(crate) fn add_comment(&mut self, issue: u64, author: &str, body: &str) -> &Comment {
        let id = 9_000 + self.comments.len() as u64;
        self.comments.push(Comment { id, issue, author: author.into(), body: body.into() });
        self.comments.last().unwrap()
    }

    /// Resolves label names for an issue. Like GitHub, creates missing labels in grey.
    pub(crate) fn spelled(&mut self, names: &[String]) -> BTreeSet<String> {
        for name in names {
            if self.label(name).is_none() {
                let (color, description) = ("ededed".into(), String::new());
                self.labels.push(Label { name: name.clone(), color, description });
            }
        }
        names.iter().filter_map(|name| self.label(name).map(|label| label.name.clone())).collect()
    }

    pub(crate) fn label_json(label: &Label) -> Value {
        let id = label.name.bytes().fold(7_u64, |id, byte| (id * 31 + u64::from(byte)) % 1_000_000_007);
        object("label", json!({"id": id, "name": label.name, "color": label.color, "description": label.description}))
    }

    pub(crate) fn milestone_json(milestone: &Milestone) -> Value {
        let fields = json!({
            "id": 5_000 + milestone.number,
            "number": milestone.number,
            "title": milestone.title,
            "description": milestone.description,
            "due_on": milestone.due_on,
            "state": if milestone.closed { "closed" } else { "open" },
            "creator": user("ada"),
        });
        object("milestone", fields)
    }

    pub(crate) fn issue_json(&self, issue: &Issue) -> Value {
        let label = |name: &String| {
            let label = self.labels.iter().find(|label| label.name == *name).unwrap();
            json!({"name": label.name, "color": label.color})
        };
        let milestone = issue.milestone.and_then(|number| self.milestones.iter().find(|it| it.number == number));
        let mut fields = json!({
            "number": issue.number,
            "id": id_of(issue.number),
            "node_id": node_of(issue.number),
            "title": issue.title,
            "body": issue.body,
            "state": if issue.closed { "closed" } else { "open" },
            "state_reason": issue.reason,
            "labels": issue.labels.iter().map(label).collect::<Vec<_>>(),
            "assignees": issue.assignees.iter().map(|login| user(login)).collect::<Vec<_>>(),
            "assignee": issue.assignees.first().map(|login| user(login)),
            "milestone": milestone.map(Self::milestone_json),
            "user": user(&issue.author),
            "author_association": issue.association,
            "repository_url": format!("https://api.github.example/repos/{}", self.name),
            "locked": issue.is_shut,
            "updated_at": time_of(self.updated_at(issue.number)),
        });
        if issue.is_pull_request {
            let address = "https://github.example/pull";
            fields["pull_request"] =
                json!({"url": address, "html_url": address, "diff_url": address, "patch_url": address});
        }
        object("issue", fields)
    }
}

pub(crate) fn comment_json(comment: &Comment) -> Value {
    let url = format!("https://github.example/pull/{}#issuecomment-{}", comment.issue, comment.id);
    object(
        "issue-comment",
        json!({"id": comment.id, "body": comment.body, "html_url": url, "user": user(&comment.author)}),
    )
}

pub(crate) fn pull_json(number: u64, merged_into: Option<&str>) -> Value {
    let base = json!({"label": "x", "ref": merged_into.unwrap_or("main"), "sha": "0", "user": user("ada"),
        "repo": object("repository", json!({}))});
    let merged = merged_into.map(|_| "2026-01-02T00:00:00Z");
    object("pull-request-simple", json!({"id": 7_000 + number, "number": number, "merged_at": merged, "base": base}))
}

fn user(login: &str) -> Value {
    object("simple-user", json!({"login": login}))
}
