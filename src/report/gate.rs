//! Whether a release may go out: whether everything that its gate waits for is closed, and everything else of its
//! milestone.

mod tag;

use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    let gates: BTreeSet<usize> = gates.iter().filter_map(|gate| graph.at.get(gate.key.as_str()).copied()).collect();
    let mut members = graph.behind(&gates);
    let of_release =
        keys.into_iter().cloned().chain(gates.iter().filter_map(|gate| graph.nodes[*gate].milestone.clone()));
    for key in of_release {
        members.extend(graph.of_milestone(&key, snapshot));
    }
    members.retain(|node| !gates.contains(node));
    let open: BTreeSet<usize> = members.iter().copied().filter(|node| graph.nodes[*node].open).collect();
    let chain = graph.longest_chain(&open, &gates);
    Ok(Verdict {
        holding: open.iter().map(|node| graph.nodes[*node].held.clone()).collect(),
        chain: chain.into_iter().map(|node| graph.nodes[node].held.clone()).collect(),
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

/// The plan's issues and those that people made, with what each waits for, in the plan and on GitHub.
struct Graph<'p> {
    nodes: Vec<Node>,
    at: HashMap<&'p str, usize>,
    numbers: BTreeMap<IssueNumber, usize>,
    waits_for: Vec<BTreeSet<usize>>,
    milestones: BTreeMap<PlanKey, MilestoneNumber>,
}

impl<'p> Graph<'p> {
    fn new(plan: &'p Plan, snapshot: &Snapshot, deleted_plans: &BTreeSet<PlanId>) -> Self {
        let matches = matching::matches(plan, snapshot, deleted_plans);
        let mut graph = Self {
            nodes: Vec::new(),
            at: HashMap::new(),
            numbers: BTreeMap::new(),
            waits_for: Vec::new(),
            milestones: BTreeMap::new(),
        };
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
            graph.at.insert(issue.key.as_str(), graph.nodes.len());
            graph.push(Node { held, open, milestone: issue.milestone.clone() });
        }
        for issue in &snapshot.issues {
            if !graph.numbers.contains_key(&issue.number) {
                graph.push(Node { held: held(issue), open: !issue.closed, milestone: None });
            }
        }
        for (at, issue) in planned.iter().enumerate() {
            graph.waits_for[at].extend(issue.depends_on.iter().filter_map(|key| graph.at.get(key.as_str()).copied()));
        }
        for (blocked, blocker) in &snapshot.dependencies {
            if let (Some(blocked), Some(blocker)) = (graph.numbers.get(blocked), graph.numbers.get(blocker)) {
                graph.waits_for[*blocked].insert(*blocker);
            }
        }
        graph
    }

    fn push(&mut self, node: Node) {
        if let Some(number) = node.held.number {
            self.numbers.insert(number, self.nodes.len());
        }
        self.nodes.push(node);
        self.waits_for.push(BTreeSet::new());
    }

    /// Everything that some issues wait for, directly or not.
    fn behind(&self, from: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut next: Vec<usize> = from.iter().copied().collect();
        while let Some(node) = next.pop() {
            next.extend(self.waits_for[node].iter().filter(|other| found.insert(**other)));
        }
        found
    }

    /// The issues of a milestone, in the plan and on GitHub.
    fn of_milestone(&self, key: &PlanKey, snapshot: &Snapshot) -> BTreeSet<usize> {
        let planned = (0..self.nodes.len()).filter(|node| self.nodes[*node].milestone.as_ref() == Some(key));
        let number = self.milestones.get(key);
        let there = snapshot.issues.iter().filter(|issue| number.is_some() && issue.milestone.as_ref() == number);
        planned.chain(there.filter_map(|issue| self.numbers.get(&issue.number).copied())).collect()
    }

    /// The longest chain of open issues of which each waits for the next, from a gate on where there is one. It keeps
    /// its own stack: a chain may be as long as the plan.
    fn longest_chain(&self, open: &BTreeSet<usize>, gates: &BTreeSet<usize>) -> Vec<usize> {
        let mut length: HashMap<usize, (usize, Option<usize>)> = HashMap::new();
        for start in open.iter().chain(gates) {
            let mut stack = vec![(*start, false)];
            let mut on_path = BTreeSet::new();
            while let Some((node, done)) = stack.pop() {
                let behind = || self.waits_for[node].iter().copied().filter(|other| open.contains(other));
                if done {
                    on_path.remove(&node);
                    let best = behind().filter_map(|other| Some((length.get(&other)?.0, other))).max();
                    length.insert(node, (best.map_or(1, |(length, _)| length + 1), best.map(|(_, other)| other)));
                } else if !length.contains_key(&node) && on_path.insert(node) {
                    stack.push((node, true));
                    stack.extend(behind().filter(|other| !on_path.contains(other)).map(|other| (other, false)));
                }
            }
        }
        let longest = length.iter().map(|(node, (length, _))| (*length, gates.contains(node), *node)).max();
        let mut chain = Vec::new();
        let mut next = longest.filter(|(length, ..)| *length > 1).map(|(_, _, node)| node);
        while let Some(node) = next.filter(|node| !chain.contains(node)) {
            chain.push(node);
            next = length.get(&node).and_then(|(_, next)| *next);
        }
        chain
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
