//! Whether a release may go out: whether everything that its gate waits for is closed, and everything else of its
//! milestone.

mod tag;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::iter::successors;

use petgraph::algo;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, NodeFiltered, Walker};

use crate::matching;
use crate::model::snapshot::{Issue, IssueNumber, MilestoneNumber, Snapshot};
use crate::plan::{Plan, PlanId, PlanKey, PlannedIssue, order};

/// Which release is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// That of a milestone, by title or key.
    Milestone(&'a str),
    /// That of a tag, which a milestone or a gate names.
    Tag(&'a str),
}

impl Asked<'_> {
    /// What was asked for, as people wrote it.
    pub fn name(&self) -> &str {
        let (Self::Milestone(name) | Self::Tag(name)) = self;
        name
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What is open and holds it, the first to do first.
    pub holding: Vec<Held>,
    /// The longest chain of open issues that wait for each other, the gate or what waits longest first.
    pub chain: Vec<Held>,
    /// How many issues it waits for, open and closed.
    pub all: usize,
}

/// An issue that holds a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Its number; none for one that is not created yet.
    pub number: Option<IssueNumber>,
    /// Its title.
    pub title: String,
    /// Who has it.
    pub assignees: Vec<String>,
}

impl Verdict {
    /// Whether the release may go out.
    pub fn is_open(&self) -> bool {
        self.holding.is_empty()
    }
}

/// What a plan knows, when it does not know what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The titles of its milestones.
    pub milestones: Vec<String>,
    /// The titles of its gates.
    pub gates: Vec<String>,
}

/// Judges a release by what is there.
///
/// # Errors
///
/// When neither a milestone nor a gate of the plan is what was asked for.
pub fn judge(
    plan: &Plan,
    snapshot: &Snapshot,
    deleted_plans: &BTreeSet<PlanId>,
    asked: Asked<'_>,
) -> Result<Verdict, Unknown> {
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
        return Err(Unknown {
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

/// Which titles name the tag that is asked for: those that name its version exactly, or else those that shorten it.
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

/// The plan's issues and those that people made, each with an edge to those that it waits for, in the plan and on GitHub.
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

    /// Everything that some issues wait for, directly or not.
    fn behind(&self, from: &BTreeSet<NodeIndex>) -> BTreeSet<NodeIndex> {
        let mut search = Dfs::empty(&self.waiting);
        search.stack.extend(from.iter().flat_map(|node| self.waiting.neighbors(*node)));
        search.iter(&self.waiting).collect()
    }

    /// The issues of a milestone, in the plan and on GitHub.
    fn of_milestone(&self, key: &PlanKey, snapshot: &Snapshot) -> BTreeSet<NodeIndex> {
        let planned = self.waiting.node_indices().filter(|node| self.waiting[*node].milestone.as_ref() == Some(key));
        let number = self.milestones.get(key);
        let there = snapshot.issues.iter().filter(|issue| number.is_some() && issue.milestone.as_ref() == number);
        planned.chain(there.filter_map(|issue| self.numbers.get(&issue.number).copied())).collect()
    }

    /// The longest chain of open issues of which each waits for the next, from a gate on where there is one. A cycle,
    /// which people can make on GitHub, is followed once.
    fn longest_chain(&self, open: &BTreeSet<NodeIndex>, gates: &BTreeSet<NodeIndex>) -> Vec<NodeIndex> {
        let held = NodeFiltered::from_fn(&self.waiting, |node| open.contains(&node) || gates.contains(&node));
        let mut length: HashMap<NodeIndex, (usize, Option<NodeIndex>)> = HashMap::new();
        // What others wait for comes first.
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
