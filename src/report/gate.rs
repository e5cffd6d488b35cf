//! Judges whether a release may go out: everything that its gate waits for, and everything else in its milestone, must
//! be closed. A plan and a snapshot come in, a [`Verdict`] goes out.

mod tag;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter::successors;

use petgraph::algo;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, NodeFiltered, Walker};

use crate::matching;
use crate::model::snapshot::{Issue, IssueNumber, MilestoneNumber, Snapshot};
use crate::plan::{Plan, PlanId, PlanKey, PlannedIssue, order};

/// The release in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// The release of a milestone, given by title or key.
    Milestone(&'a str),
    /// The release of a tag, which the title of a milestone or gate names.
    Tag(&'a str),
}

impl Asked<'_> {
    /// The milestone or tag as entered.
    pub fn name(&self) -> &str {
        let (Self::Milestone(name) | Self::Tag(name)) = self;
        name
    }
}

/// The state of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The open issues that hold the release back, in the order in which to do them.
    pub holding: Vec<Held>,
    /// The longest chain of open issues in which each waits for the next. It begins with the gate, or with the issue
    /// that waits longest.
    pub chain: Vec<Held>,
    /// The number of issues that the release waits for, open and closed.
    pub all: usize,
}

/// An issue that holds a release back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The number; `None` if the issue does not exist yet.
    pub number: Option<IssueNumber>,
    /// The title of the issue.
    pub title: String,
    /// The logins of the assignees.
    pub assignees: Vec<String>,
}

impl Verdict {
    /// Whether the release may go out.
    pub fn is_open(&self) -> bool {
        self.holding.is_empty()
    }
}

/// The releases that a plan knows, for the error about an unknown one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRelease {
    /// The titles of its milestones.
    pub milestones: Vec<String>,
    /// The titles of its gates.
    pub gates: Vec<String>,
}

/// Judges a release by the current state of the repository.
///
/// # Errors
///
/// If no milestone or gate of the plan belongs to the release.
pub fn judge(
    plan: &Plan,
    snapshot: &Snapshot,
    deleted_plans: &BTreeSet<PlanId>,
    asked: Asked<'_>,
) -> Result<Verdict, UnknownRelease> {
    let names = tagged(plan, asked);
    let milestones: Vec<_> = plan
        .milestones
        .iter()
        .filter(|milestone| match asked {
            Asked::Milestone(name) => {
                milestone.title.eq_ignore_ascii_case(name.trim()) || milestone.key.as_str() == name.trim()
            }
            Asked::Tag(_) => names(&milestone.title),
        })
        .collect();
    let keys: BTreeSet<_> = milestones.iter().map(|milestone| &milestone.key).collect();
    let named = |issue: &PlannedIssue| issue.gate && names(&issue.title);
    let mut gates: Vec<&PlannedIssue> = plan.issues.iter().filter(|issue| named(issue)).collect();
    if gates.is_empty() {
        let is_gate =
            |issue: &&PlannedIssue| issue.gate && issue.milestone.as_ref().is_some_and(|it| keys.contains(it));
        gates = plan.issues.iter().filter(is_gate).collect();
    }
    if milestones.is_empty() && gates.is_empty() {
        return Err(UnknownRelease {
            milestones: plan.milestones.iter().map(|milestone| milestone.title.clone()).collect(),
            gates: plan.issues.iter().filter(|issue| issue.gate).map(|issue| issue.title.clone()).collect(),
        });
    }
    let graph = Graph::new(plan, snapshot, deleted_plans);
    let gates: BTreeSet<NodeIndex> = gates.iter().filter_map(|gate| graph.at.get(gate.key.as_str()).copied()).collect();
    let mut members = graph.behind(&gates);
    let of_release =
        keys.into_iter().cloned().chain(gates.iter().filter_map(|gate| graph.waiting[*gate].milestone.clone()));
    for key in of_release {
        members.extend(graph.of_milestone(&key, snapshot));
    }
    members.retain(|node| !gates.contains(node));
    let open: BTreeSet<NodeIndex> = members.iter().copied().filter(|node| graph.waiting[*node].open).collect();
    let chain = graph.longest_chain(&open, &gates);
    Ok(Verdict {
        holding: open.iter().map(|node| graph.waiting[*node].held.clone()).collect(),
        chain: chain.into_iter().map(|node| graph.waiting[node].held.clone()).collect(),
        all: members.len(),
    })
}

/// Selects titles that name the tag: those with exactly its version, or else those that shorten it.
fn tagged<'a>(plan: &Plan, asked: Asked<'a>) -> impl Fn(&str) -> bool + use<'a> {
    let fit = move |title: &str| match asked {
        Asked::Tag(tag) => tag::fit(title, tag),
        Asked::Milestone(_) => None,
    };
    let gates = plan.issues.iter().filter(|issue| issue.gate).map(|issue| &issue.title);
    let best = plan.milestones.iter().map(|milestone| &milestone.title).chain(gates).filter_map(|it| fit(it)).min();
    move |title| best.is_some() && fit(title) == best
}

struct Node {
    held: Held,
    open: bool,
    milestone: Option<PlanKey>,
}

/// The dependency graph of planned and other issues. Each issue has edges to the issues that it waits for, according to
/// the plan or GitHub.
struct Graph<'p> {
    waiting: DiGraph<Node, ()>,
    at: HashMap<&'p str, NodeIndex>,
    numbers: BTreeMap<IssueNumber, NodeIndex>,
    milestones: BTreeMap<PlanKey, MilestoneNumber>,
}

impl<'p> Graph<'p> {
    fn new(plan: &'p Plan, snapshot: &Snapshot, deleted_plans: &BTreeSet<PlanId>) -> Self {
        let matches = matching::matches(plan, snapshot, deleted_plans);
        let mut graph =
            Self { waiting: DiGraph::new(), at: HashMap::new(), numbers: BTreeMap::new(), milestones: BTreeMap::new() };
        graph.milestones = plan
            .milestones
            .iter()
            .filter_map(|milestone| Some((milestone.key.clone(), matches.milestone_number(&milestone.key)?)))
            .collect();
        let planned = order::blockers_first(plan);
        for issue in &planned {
            let observed = matches.issues.get(&issue.key).map(|matched| matched.observed);
            let held = observed.map_or_else(|| not_yet(issue), held);
            let open = observed.map_or(!issue.closed, |observed| !observed.closed);
            let node = graph.add(Node { held, open, milestone: issue.milestone.clone() });
            graph.at.insert(issue.key.as_str(), node);
        }
        for issue in &snapshot.issues {
            if !graph.numbers.contains_key(&issue.number) {
                graph.add(Node { held: held(issue), open: !issue.closed, milestone: None });
            }
        }
        for issue in &planned {
            for blocker in &issue.depends_on {
                if let (Some(blocked), Some(blocker)) =
                    (graph.at.get(issue.key.as_str()), graph.at.get(blocker.as_str()))
                {
                    graph.waiting.add_edge(*blocked, *blocker, ());
                }
            }
        }
        for (blocked, blocker) in &snapshot.dependencies {
            if let (Some(blocked), Some(blocker)) = (graph.numbers.get(blocked), graph.numbers.get(blocker)) {
                graph.waiting.add_edge(*blocked, *blocker, ());
            }
        }
        graph
    }

    fn add(&mut self, node: Node) -> NodeIndex {
        let number = node.held.number;
        let index = self.waiting.add_node(node);
        self.numbers.extend(number.map(|number| (number, index)));
        index
    }

    /// Everything that the given issues wait for, directly or indirectly.
    fn behind(&self, from: &BTreeSet<NodeIndex>) -> BTreeSet<NodeIndex> {
        let mut search = Dfs::empty(&self.waiting);
        search.stack.extend(from.iter().flat_map(|node| self.waiting.neighbors(*node)));
        search.iter(&self.waiting).collect()
    }

    /// The issues of a milestone, according to the plan or GitHub.
    fn of_milestone(&self, key: &PlanKey, snapshot: &Snapshot) -> BTreeSet<NodeIndex> {
        let planned = self.waiting.node_indices().filter(|node| self.waiting[*node].milestone.as_ref() == Some(key));
        let number = self.milestones.get(key);
        let there = snapshot.issues.iter().filter(|issue| number.is_some() && issue.milestone.as_ref() == number);
        planned.chain(there.filter_map(|issue| self.numbers.get(&issue.number).copied())).collect()
    }

    /// The longest chain of open issues in which each waits for the next, starting at a gate if there is one. A cycle,
    /// which people can create on GitHub, is followed once.
    fn longest_chain(&self, open: &BTreeSet<NodeIndex>, gates: &BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
        let held = NodeFiltered::from_fn(&self.waiting, |node| open.contains(&node) || gates.contains(&node));
        let mut length: HashMap<NodeIndex, (usize, Option<NodeIndex>)> = HashMap::new();
        // Blockers come before the issues that they block.
        for node in algo::kosaraju_scc(&held).into_iter().flatten() {
            let behind = self.waiting.neighbors(node).filter(|other| open.contains(other));
            let best = behind.filter_map(|other| Some((length.get(&other)?.0, other))).max();
            length.insert(node, (best.map_or(1, |(length, _)| length + 1), best.map(|(_, other)| other)));
        }
        let longest = length.iter().map(|(node, (length, _))| (*length, gates.contains(node), *node)).max();
        let first = longest.filter(|(length, ..)| *length > 1).map(|(_, _, node)| node);
        successors(first, |node| length.get(node)?.1).collect()
    }
}

fn held(issue: &Issue) -> Held {
    Held {
        number: Some(issue.number),
        title: issue.title.clone(),
        assignees: issue.assignees.iter().cloned().collect(),
    }
}

fn not_yet(issue: &PlannedIssue) -> Held {
    Held { number: None, title: issue.title.clone(), assignees: issue.assignees.iter().cloned().collect() }
}
