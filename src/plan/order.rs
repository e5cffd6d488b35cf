//! The orders in which the items of a plan are shown, created and chosen.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::iter::successors;

use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, IntoNeighbors, NodeFiltered};
use petgraph::{Direction, algo};

use super::{Plan, PlanKey, PlannedIssue, PlannedMilestone};
use crate::model::key::natural;

/// The earlier milestone first: by its due date, those without one last, then by title.
pub fn by_due(a: &PlannedMilestone, b: &PlannedMilestone) -> Ordering {
    let due = |milestone: &PlannedMilestone| (milestone.due_on.is_none(), milestone.due_on);
    due(a).cmp(&due(b)).then_with(|| natural(&a.title, &b.title))
}

/// The milestones of a plan, the earliest first.
pub fn milestones_by_due(plan: &Plan) -> Vec<&PlannedMilestone> {
    let mut milestones: Vec<&PlannedMilestone> = plan.milestones.iter().collect();
    milestones.sort_by(|a, b| by_due(a, b));
    milestones
}

/// The release gates of a plan, those of the earliest milestone first, then by key; those without a milestone last.
/// The order does not depend on how the document is arranged, and so neither do the gates that are pinned.
pub fn gates_by_due(plan: &Plan) -> Vec<&PlannedIssue> {
    let ranks: HashMap<&PlanKey, usize> =
        milestones_by_due(plan).into_iter().enumerate().map(|(rank, milestone)| (&milestone.key, rank)).collect();
    let rank =
        |issue: &PlannedIssue| issue.milestone.as_ref().and_then(|key| ranks.get(key)).copied().unwrap_or(usize::MAX);
    let mut gates: Vec<&PlannedIssue> = plan.issues.iter().filter(|issue| issue.gate).collect();
    gates.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.key.cmp(&b.key)));
    gates
}

/// The issues of a plan in the order of the document, but each after those that block it and after its parent. In a
/// cycle, which [`super::check`] rejects, the rest follows in the order of the document.
pub fn blockers_first(plan: &Plan) -> Vec<&PlannedIssue> {
    let graph = waiting(plan, |issue| issue.depends_on.iter().chain(&issue.parent));
    let mut waits_for: Vec<usize> = graph.node_indices().map(|issue| graph.edges(issue).count()).collect();
    let mut ready: BTreeSet<NodeIndex> = graph.externals(Direction::Outgoing).collect();
    let mut sorted = Vec::with_capacity(plan.issues.len());
    while let Some(issue) = ready.pop_first() {
        sorted.push(graph[issue]);
        for next in graph.neighbors_directed(issue, Direction::Incoming) {
            waits_for[next.index()] -= 1;
            if waits_for[next.index()] == 0 {
                ready.insert(next);
            }
        }
    }
    sorted.extend(graph.node_indices().filter(|issue| waits_for[issue.index()] > 0).map(|issue| graph[issue]));
    sorted
}

/// The cycles of dependencies: of the issues that all wait for each other, a shortest cycle through the one with the
/// least key, from that issue on.
pub fn cycles(plan: &Plan) -> Vec<Vec<&PlannedIssue>> {
    let graph = waiting(plan, |issue| issue.depends_on.iter());
    let mut cycles: Vec<Vec<&PlannedIssue>> = algo::kosaraju_scc(&graph)
        .iter()
        .filter_map(|component| shortest_cycle(&graph, component))
        .map(|cycle| cycle.into_iter().map(|issue| graph[issue]).collect())
        .collect();
    cycles.sort_by_key(|cycle| cycle.first().map(|issue| &issue.key));
    cycles
}

/// A shortest cycle through the least issue of a strongly connected component, if there is one.
fn shortest_cycle(graph: &DiGraph<&PlannedIssue, ()>, component: &[NodeIndex]) -> Option<Vec<NodeIndex>> {
    let start = component.iter().copied().min_by_key(|issue| &graph[*issue].key)?;
    let members: HashSet<NodeIndex> = component.iter().copied().collect();
    let inside = NodeFiltered::from_fn(graph, |issue| members.contains(&issue));
    let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut search = Bfs::new(&inside, start);
    while let Some(issue) = search.next(&inside) {
        for next in (&inside).neighbors(issue) {
            if next == start {
                let mut cycle: Vec<NodeIndex> = successors(Some(issue), |at| came_from.get(at).copied()).collect();
                cycle.reverse();
                return Some(cycle);
            }
            came_from.entry(next).or_insert(issue);
        }
    }
    None
}

/// The issues of a plan in the order of the document, each with an edge to those that it waits for.
fn waiting<'p, I: Iterator<Item = &'p PlanKey>>(
    plan: &'p Plan,
    waits_for: impl Fn(&'p PlannedIssue) -> I,
) -> DiGraph<&'p PlannedIssue, ()> {
    let mut graph = DiGraph::with_capacity(plan.issues.len(), 0);
    let at: HashMap<&PlanKey, NodeIndex> =
        plan.issues.iter().map(|issue| (&issue.key, graph.add_node(issue))).collect();
    for (issue, node) in plan.issues.iter().zip(graph.node_indices()) {
        for before in waits_for(issue).filter_map(|key| at.get(key)) {
            graph.add_edge(node, *before, ());
        }
    }
    graph
}
