//! What a plan should say once values are changed in it, and whether a text that was read says so.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::accepted::{Accepted, Item, Value};
use super::edit::{self, Edit};
use crate::diff::{boxes, text};
use crate::model::snapshot::fold;
use crate::plan::{Plan, PlanKey, PlannedIssue, PlannedMilestone};

/// What is expected of an issue. Other items are named by their places in the plan as it was loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ExpectedIssue {
    key: Option<String>,
    title: String,
    milestone: Option<usize>,
    labels: BTreeSet<String>,
    assignees: BTreeSet<String>,
    depends_on: BTreeSet<usize>,
    parent: Option<usize>,
    closed: bool,
    gate: bool,
    body: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct ExpectedMilestone {
    title: String,
    due_on: Option<Date>,
    description: String,
}

/// What is expected of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    issues: Vec<ExpectedIssue>,
    milestones: Vec<ExpectedMilestone>,
}

/// Which item of the plan as it was loaded each item of a reading is.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    /// For each issue of the plan as it was loaded, its place in the reading.
    pub(crate) issues: Vec<usize>,
    /// The same for milestones.
    pub(crate) milestones: Vec<usize>,
}

impl Places {
    pub(crate) fn of(plan: &Plan) -> Self {
        Self { issues: (0..plan.issues.len()).collect(), milestones: (0..plan.milestones.len()).collect() }
    }
}

impl Expected {
    pub(crate) fn of(plan: &Plan) -> Self {
        let issue_at: BTreeMap<&PlanKey, usize> =
            plan.issues.iter().enumerate().map(|(at, issue)| (&issue.key, at)).collect();
        let milestone_at: BTreeMap<&PlanKey, usize> =
            plan.milestones.iter().enumerate().map(|(at, milestone)| (&milestone.key, at)).collect();
        let issue = |issue: &PlannedIssue| ExpectedIssue {
            key: issue.written_key.clone(),
            title: issue.title.clone(),
            milestone: issue.milestone.as_ref().and_then(|key| milestone_at.get(key)).copied(),
            labels: issue.labels.iter().map(|name| fold(name)).collect(),
            assignees: issue.assignees.iter().map(|login| fold(login)).collect(),
            depends_on: issue.depends_on.iter().filter_map(|key| issue_at.get(key)).copied().collect(),
            parent: issue.parent.as_ref().and_then(|key| issue_at.get(key)).copied(),
            closed: issue.closed,
            gate: issue.gate,
            body: issue.body.clone(),
        };
        let milestone = |milestone: &PlannedMilestone| ExpectedMilestone {
            title: milestone.title.clone(),
            due_on: milestone.due_on,
            description: milestone.description.clone(),
        };
        Self {
            issues: plan.issues.iter().map(issue).collect(),
            milestones: plan.milestones.iter().map(milestone).collect(),
        }
    }

    /// Expects a value.
    pub(crate) fn take(&mut self, accepted: &Accepted) {
        let member = |set: &mut BTreeSet<String>, name: &str, is_there: bool| {
            if is_there {
                set.insert(fold(name))
            } else {
                set.remove(&fold(name))
            };
        };
        let Accepted { item, value, .. } = accepted;
        match (item, value) {
            (_, Value::New(title, milestone)) => self.issues.push(ExpectedIssue {
                key: None,
                title: title.clone(),
                milestone: Some(*milestone),
                labels: BTreeSet::new(),
                assignees: BTreeSet::new(),
                depends_on: BTreeSet::new(),
                parent: None,
                closed: false,
                gate: false,
                body: String::new(),
            }),
            (Item::Milestone(at), Value::Title(title)) => self.milestones[*at].title.clone_from(title),
            (Item::Milestone(at), Value::DueOn(day)) => self.milestones[*at].due_on = *day,
            (Item::Milestone(_), _) | (Item::Issue(_), Value::DueOn(_)) => {}
            (Item::Issue(at), value) => {
                let issue = &mut self.issues[*at];
                match value {
                    Value::Tick(number, ticked) => {
                        issue.body = boxes::with_box(&text::normal(&issue.body), *number, *ticked);
                    }
                    Value::Closed(closed) => issue.closed = *closed,
                    Value::Label(name, is_there) => {
                        member(&mut issue.labels, name, *is_there);
                        issue.gate &= *is_there || !name.eq_ignore_ascii_case("release-gate");
                    }
                    Value::Assignee(login, is_there) => member(&mut issue.assignees, login, *is_there),
                    Value::DependsOn(other, true) => _ = issue.depends_on.insert(*other),
                    Value::DependsOn(other, false) => _ = issue.depends_on.remove(other),
                    Value::Parent(parent) => issue.parent = *parent,
                    Value::Title(title) => issue.title.clone_from(title),
                    Value::Milestone(milestone) => issue.milestone = *milestone,
                    Value::Key(key) => issue.key = Some(key.clone()),
                    Value::DueOn(_) | Value::New(..) => {}
                }
            }
        }
    }

    /// Whether a reading of a text says what is expected: then which of its items is which. `before` is what the edits
    /// were made in.
    pub(crate) fn is_met(&self, before: &Plan, places: &Places, edits: &[Edit], after: &Plan) -> Option<Places> {
        if after.issues.len() != self.issues.len() || after.milestones.len() != self.milestones.len() {
            return None;
        }
        // Issues stay in their order, but for those that moved.
        let known = places
            .issues
            .iter()
            .map(|at| before.issues.get(*at).map(|issue| edit::place(edits, issue.spans.line.start)));
        let new = (places.issues.len()..self.issues.len()).map(|_| None);
        let mut order: Vec<(Option<usize>, usize)> =
            known.chain(new).enumerate().map(|(number, place)| (place, number)).collect();
        let mut found: Vec<(usize, usize)> =
            after.issues.iter().enumerate().map(|(at, issue)| (issue.spans.line.start, at)).collect();
        found.sort_unstable();
        let mut issues = vec![usize::MAX; self.issues.len()];
        order.sort_unstable();
        let (fresh, settled): (Vec<_>, Vec<_>) = order.into_iter().partition(|(place, _)| place.is_none());
        let mut free = Vec::new();
        let mut settled = settled.into_iter().peekable();
        for (start, at) in found {
            match settled.peek() {
                Some((place, number)) if fresh.is_empty() || place.is_some_and(|place| place <= start) => {
                    issues[*number] = at;
                    settled.next();
                }
                _ => free.push(at),
            }
        }
        for (_, number) in fresh {
            let at = free.iter().position(|at| after.issues[*at].title == self.issues[number].title)?;
            issues[number] = free.remove(at);
        }
        let titles: BTreeMap<&str, usize> =
            after.milestones.iter().enumerate().map(|(at, milestone)| (milestone.title.as_str(), at)).collect();
        let milestones: Option<Vec<usize>> =
            self.milestones.iter().map(|milestone| titles.get(milestone.title.as_str()).copied()).collect();
        let places = Places { issues, milestones: milestones? };
        self.is_said(after, &places).then_some(places)
    }

    fn is_said(&self, after: &Plan, places: &Places) -> bool {
        if places.issues.contains(&usize::MAX) {
            return false;
        }
        let said = Self::of(after);
        let of_issue: BTreeMap<usize, usize> =
            places.issues.iter().enumerate().map(|(number, at)| (*at, number)).collect();
        let of_milestone: BTreeMap<usize, usize> =
            places.milestones.iter().enumerate().map(|(number, at)| (*at, number)).collect();
        let issue = |(number, expected): (usize, &ExpectedIssue)| {
            let Some(mut said) = said.issues.get(places.issues[number]).cloned() else { return false };
            said.milestone = said.milestone.and_then(|at| of_milestone.get(&at)).copied();
            said.depends_on = said.depends_on.iter().filter_map(|at| of_issue.get(at)).copied().collect();
            said.parent = said.parent.and_then(|at| of_issue.get(&at)).copied();
            said.body = text::normal(&said.body);
            let expected = ExpectedIssue { body: text::normal(&expected.body), ..expected.clone() };
            said == expected
        };
        let milestone = |(number, expected): (usize, &ExpectedMilestone)| {
            said.milestones.get(places.milestones[number]) == Some(expected)
        };
        self.issues.iter().enumerate().all(issue) && self.milestones.iter().enumerate().all(milestone)
    }
}
