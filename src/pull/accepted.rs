//! What people changed on GitHub since the last apply, where the plan says otherwise and did not change itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::diff::{Change, Diff, LinkChange, LinkEdit, ParentName, boxes, text};
use crate::matching::{How, MatchedIssue, Matches};
use crate::model::block;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Observed, Snapshot, fold};
use crate::model::text::printable;
use crate::plan::{Plan, PlanKey, PlannedIssue, PlannedMilestone};

/// An item of the plan, by its place in the list of issues or milestones of the plan as it was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Item {
    Milestone(usize),
    Issue(usize),
}

/// A value as it is on GitHub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// The box of the text with this number is ticked, or is not.
    Tick(usize, bool),
    /// Whether it is closed.
    Closed(bool),
    Label(String, bool),
    Assignee(String, bool),
    /// Whether the issue with this place in the plan blocks it.
    DependsOn(usize, bool),
    Parent(Option<usize>),
    DueOn(Option<Date>),
    Title(String),
    /// The milestone with this place in the plan.
    Milestone(Option<usize>),
    /// A key of its own, in a comment.
    Key(String),
    /// A new issue, which people opened in this milestone.
    New(String, usize),
}

/// A value that people changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) item: Item,
    pub(crate) value: Value,
    /// The issue on GitHub.
    pub(crate) number: Option<IssueNumber>,
    /// What people call the item.
    pub(crate) title: String,
}

/// A change by people that the plan cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unexpressible {
    pub(crate) number: Option<IssueNumber>,
    pub(crate) title: String,
    pub(crate) what: String,
}

/// Everything that people changed, and what of it no plan can say.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) accepted: Vec<Accepted>,
    pub(crate) unexpressible: Vec<Unexpressible>,
}

/// What people changed in the items of a plan.
pub(crate) fn accepted(plan: &Plan, snapshot: &Snapshot, matches: &Matches<'_>, diff: &Diff) -> Changes {
    let issue_at = plan.issues.iter().enumerate().map(|(at, issue)| (&issue.key, at)).collect();
    let milestone_at = plan.milestones.iter().enumerate().map(|(at, milestone)| (&milestone.key, at)).collect();
    let mut collector = Collector { plan, snapshot, matches, issue_at, milestone_at, changes: Changes::default() };
    for (at, planned) in plan.milestones.iter().enumerate() {
        collector.milestone(at, planned);
    }
    for (at, planned) in plan.issues.iter().enumerate() {
        collector.issue(at, planned);
    }
    for change in &diff.drift {
        if let Change::Link(link) = change {
            collector.link(link);
        }
    }
    collector.changes
}

/// The open issues that people with write access opened in the plan's milestones, and that are no items of any plan.
pub(crate) fn opened(plan: &Plan, snapshot: &Snapshot, matches: &Matches<'_>) -> Vec<Accepted> {
    let is_plans = |issue: &Issue| matches.key(issue.number).is_some() || block::beginning(&issue.body).is_some();
    let new = snapshot.issues.iter().filter(|issue| !issue.closed && snapshot.trusts(issue) && !is_plans(issue));
    new.filter_map(|issue| {
        let number = issue.milestone?;
        let milestone =
            plan.milestones.iter().position(|planned| matches.milestone_number(&planned.key) == Some(number))?;
        Some(Accepted {
            item: Item::Milestone(milestone),
            value: Value::New(printable(&issue.title), milestone),
            number: Some(issue.number),
            title: printable(&issue.title),
        })
    })
    .collect()
}

struct Collector<'c> {
    plan: &'c Plan,
    snapshot: &'c Snapshot,
    matches: &'c Matches<'c>,
    issue_at: BTreeMap<&'c PlanKey, usize>,
    milestone_at: BTreeMap<&'c PlanKey, usize>,
    changes: Changes,
}

impl Collector<'_> {
    fn accept(&mut self, item: Item, number: Option<IssueNumber>, title: &str, value: Value) {
        self.changes.accepted.push(Accepted { item, value, number, title: title.to_owned() });
    }

    fn refuse(&mut self, number: Option<IssueNumber>, title: &str, what: impl Into<String>) {
        self.changes.unexpressible.push(Unexpressible { number, title: title.to_owned(), what: what.into() });
    }

    fn milestone(&mut self, at: usize, planned: &PlannedMilestone) {
        let Some(matched) = self.matches.milestones.get(&planned.key) else { return };
        let Some(base) = matched.marker.as_ref().filter(|_| matched.how != How::Shared).map(|marker| &marker.base)
        else {
            return;
        };
        let observed = matched.observed;
        let item = Item::Milestone(at);
        self.title(item, None, (&planned.title, &base.title, &observed.title));
        let is_kept = base.removed_due_on.is_some() && base.removed_due_on == observed.due_on;
        if base.due_on == planned.due_on && observed.due_on != planned.due_on && !is_kept {
            self.accept(item, None, &planned.title, Value::DueOn(observed.due_on));
        }
        if planned.closed && base.closed && !observed.closed {
            self.refuse(None, &planned.title, "it is open again, although all of its issues are done");
        }
    }

    /// A title that people gave. In a plan, blanks are single, and nothing is hidden.
    fn title(&mut self, item: Item, number: Option<IssueNumber>, (planned, base, observed): (&str, &str, &str)) {
        let title = printable(observed);
        if base != planned || observed.trim() == planned {
            return;
        }
        if title == observed.trim() {
            self.accept(item, number, planned, Value::Title(title));
        } else {
            self.refuse(
                number,
                planned,
                format!(
                    "no plan can say its new title `{title}`, which has special blanks or characters that are not shown"
                ),
            );
        }
    }

    fn issue(&mut self, at: usize, planned: &PlannedIssue) {
        let Some(matched) = self.matches.issues.get(&planned.key) else { return };
        let Some(marker) = &matched.marker else { return };
        let (base, observed) = (&marker.base, matched.observed);
        let (item, number) = (Item::Issue(at), Some(observed.number));
        self.boxes(at, planned, matched, base);
        if base.closed == planned.closed && observed.closed != planned.closed {
            self.accept(item, number, &planned.title, Value::Closed(observed.closed));
        }
        self.members(item, planned, matched, &planned.labels, &base.labels, &observed.labels, Value::Label);
        self.members(item, planned, matched, &planned.assignees, &base.assignees, &observed.assignees, Value::Assignee);
        self.dependencies(at, planned, matched, base);
        self.title(item, number, (&planned.title, &base.title, &observed.title));
        self.issue_milestone(at, planned, matched, base);
    }

    fn boxes(&mut self, at: usize, planned: &PlannedIssue, matched: &MatchedIssue<'_>, base: &IssueBase) {
        let observed = matched.observed;
        let Found::Marker(_, block) = Marker::<IssueBase>::find(&observed.body) else { return };
        let Some(inside) = block.inside else { return };
        let wanted = block::neutral(&text::normal(&planned.body));
        let whole = boxes::canonical(&text::normal(inside));
        let is_wanted = |text: &str| text::digest(text) == text::digest(&wanted);
        let whole = if is_wanted(&whole) { whole } else { text::without_footer(&whole) };
        let is_whole = is_wanted(&whole);
        let (there, _) = if is_whole { (whole, BTreeSet::new()) } else { text::split_blockers(&whole) };
        if base.text == text::digest(&wanted) && text::digest(&there) != base.text {
            self.refuse(Some(observed.number), &planned.title, "its text was edited");
        }
        let planned_boxes = boxes::states(&wanted);
        for (number, left) in boxes::observed(&wanted, &base.ticked, &there).into_iter().enumerate() {
            if let Some(ticked) = left.filter(|ticked| planned_boxes.get(number) != Some(ticked)) {
                self.accept(Item::Issue(at), Some(observed.number), &planned.title, Value::Tick(number, ticked));
            }
        }
    }

    /// Members of a set that people took away from the plan's, and those that they added.
    #[expect(clippy::too_many_arguments, reason = "the three sides of a merge, and what it is about")]
    fn members(
        &mut self,
        item: Item,
        planned: &PlannedIssue,
        matched: &MatchedIssue<'_>,
        wanted: &BTreeSet<String>,
        base: &BTreeSet<String>,
        observed: &BTreeSet<String>,
        value: fn(String, bool) -> Value,
    ) {
        let folded = |names: &BTreeSet<String>| names.iter().map(|name| fold(name)).collect::<BTreeSet<String>>();
        let (planned_names, base_names, there) = (folded(wanted), folded(base), folded(observed));
        let number = Some(matched.observed.number);
        for name in wanted.iter().filter(|name| base_names.contains(&fold(name)) && !there.contains(&fold(name))) {
            self.accept(item, number, &planned.title, value(name.clone(), false));
        }
        let is_new = |name: &&String| !planned_names.contains(&fold(name)) && !base_names.contains(&fold(name));
        for name in observed.iter().filter(is_new) {
            self.accept(item, number, &planned.title, value(name.clone(), true));
        }
    }

    /// Dependencies that people added between issues of the plan.
    fn dependencies(&mut self, at: usize, planned: &PlannedIssue, matched: &MatchedIssue<'_>, base: &IssueBase) {
        let number = matched.observed.number;
        let Observed::Known(there) = self.snapshot.blockers(Some(number)) else { return };
        for blocker in there {
            let Some(key) = self.matches.key(blocker) else { continue };
            let was = base.depends_on.iter().any(|key| self.matches.issue_number(key) == Some(blocker));
            if !planned.depends_on.contains(key) && !was {
                let blocker = self.issue_at[key];
                self.accept(Item::Issue(at), Some(number), &planned.title, Value::DependsOn(blocker, true));
            }
        }
    }

    /// Links that people took away or changed, and pins.
    fn link(&mut self, change: &LinkChange) {
        let (title, number) = (change.title.as_str(), change.issue().number);
        let Some(at) = self.issue_at.get(&change.issue().key).copied() else { return };
        match &change.link {
            LinkEdit::Dependency { blocker, edit, .. } => {
                if let Some(blocker) = self.issue_at.get(&blocker.key).copied().filter(|_| !edit.from && edit.to) {
                    self.accept(Item::Issue(at), number, title, Value::DependsOn(blocker, false));
                }
            }
            LinkEdit::SubIssue { edit, .. } => match &edit.from {
                None => self.accept(Item::Issue(at), number, title, Value::Parent(None)),
                Some(ParentName::Issue(key)) if self.issue_at.contains_key(key) => {
                    let parent = self.issue_at[key];
                    self.accept(Item::Issue(at), number, title, Value::Parent(Some(parent)));
                }
                Some(_) => self.refuse(number, title, "its parent is no issue of the plan"),
            },
            LinkEdit::Pin { .. } => self.refuse(number, title, "a plan pins its release gates, and nothing else"),
        }
    }

    fn issue_milestone(&mut self, at: usize, planned: &PlannedIssue, matched: &MatchedIssue<'_>, base: &IssueBase) {
        let observed = matched.observed;
        let number = |key: &PlanKey| self.matches.milestone_number(key);
        let wanted = planned.milestone.as_ref().and_then(number);
        let was = base.milestone.as_ref().and_then(number);
        if planned.milestone.is_some() != wanted.is_some() || was != wanted || observed.milestone == wanted {
            return;
        }
        if base.keeps_milestone && wanted.is_none() {
            return;
        }
        let known = observed.milestone.and_then(|there| {
            let key = self.plan.milestones.iter().find(|milestone| number(&milestone.key) == Some(there))?;
            self.milestone_at.get(&key.key).copied()
        });
        if observed.milestone.is_some() && known.is_none() {
            self.refuse(Some(observed.number), &planned.title, "its milestone is none of the plan's");
        } else {
            self.accept(Item::Issue(at), Some(observed.number), &planned.title, Value::Milestone(known));
        }
    }
}
