//! What is imported, and how strictly each part is written.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use jiff::civil::Date;

use super::selection::Selection;
use super::{LeftOut, Reason, Subject, markdown};
use crate::diff::text;
use crate::model::marker::{Found, IssueBase, Marker, MilestoneBase};
use crate::model::snapshot::{Issue, IssueNumber, Label, Milestone, MilestoneNumber, Snapshot, StateReason, fold};
use crate::model::text::{printable, steers_direction};
use crate::model::{PlanId, limits};
use crate::plan::read::item_line::is_login;
use crate::plan::resolve::MAX_ITEMS;

/// How a title is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TitleForm {
    /// As it is.
    Plain,
    /// With markup escaped.
    Escaped,
    /// In a field of its own, in a code span, with every other field written out.
    Field,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TextForm {
    Plain,
    Fenced,
    /// Not at all.
    Absent,
}

/// A milestone that is imported.
#[derive(Debug)]
pub(super) struct DraftMilestone {
    pub(super) number: MilestoneNumber,
    pub(super) title: String,
    pub(super) due_on: Option<Date>,
    pub(super) description: String,
    pub(super) form: TitleForm,
    pub(super) text_form: TextForm,
}

/// An issue that is imported.
#[derive(Debug)]
pub(super) struct DraftIssue {
    pub(super) number: IssueNumber,
    pub(super) key: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) milestone: Option<MilestoneNumber>,
    pub(super) labels: BTreeSet<String>,
    pub(super) assignees: BTreeSet<String>,
    pub(super) depends_on: BTreeSet<IssueNumber>,
    pub(super) parent: Option<IssueNumber>,
    pub(super) closed: bool,
    /// Whether a plan pinned it as a release gate.
    pub(super) gate: bool,
    pub(super) title_form: TitleForm,
    pub(super) text_form: TextForm,
}

/// Everything that is imported.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) title: String,
    pub(super) labels: Vec<Label>,
    pub(super) milestones: Vec<DraftMilestone>,
    pub(super) issues: Vec<DraftIssue>,
}

/// The longest text of an issue that a plan may have.
const LONGEST_BODY: usize = limits::BODY - 8_192;

impl Draft {
    /// Selects what is imported, and says what cannot be.
    pub(super) fn new(
        snapshot: &Snapshot,
        selection: &Selection,
        deleted: &BTreeSet<PlanId>,
        left_out: &mut BTreeSet<LeftOut>,
    ) -> Result<Self> {
        selection.check(snapshot)?;
        let mut selector = Selector { snapshot, deleted, left_out };
        let selected = snapshot.issues.iter().filter(|issue| selection.has(issue, snapshot));
        let mut issues: Vec<DraftIssue> = selected.filter_map(|issue| selector.issue(issue)).collect();
        selector.links(&mut issues);
        let used: BTreeSet<MilestoneNumber> = issues.iter().filter_map(|issue| issue.milestone).collect();
        let wanted = |it: &&Milestone| selection.has_milestone(it) || used.contains(&it.number);
        let milestones: Vec<DraftMilestone> =
            snapshot.milestones.iter().filter(wanted).filter_map(|it| selector.milestone(it, &issues)).collect();
        let items = issues.len() + milestones.len();
        if items > MAX_ITEMS {
            bail!(
                "{items} milestones and issues are more than a plan can have, which is {MAX_ITEMS}; import fewer with \
                 --milestone, --label, --state or --since"
            );
        }
        let used: BTreeSet<String> = issues.iter().flat_map(|issue| &issue.labels).map(|name| fold(name)).collect();
        let is_used = |label: &&Label| selection.is_all() || used.contains(&fold(&label.name));
        let labels = snapshot.labels.iter().filter(is_used).filter_map(|label| selector.label(label)).collect();
        let title = format!("Plan of {}", snapshot.target.as_deref().unwrap_or("the repository"));
        let mut draft = Self { title: printable(&title), labels, milestones, issues };
        draft.forget_milestones();
        Ok(draft)
    }

    /// Leaves a milestone out; its issues stay, and keep their milestone on GitHub.
    pub(super) fn leave_out_milestone(&mut self, number: MilestoneNumber) {
        self.milestones.retain(|milestone| milestone.number != number);
        self.forget_milestones();
    }

    /// Leaves an issue out, and every link to it.
    pub(super) fn leave_out_issue(&mut self, number: IssueNumber, left_out: &mut BTreeSet<LeftOut>) {
        self.issues.retain(|issue| issue.number != number);
        for issue in &mut self.issues {
            if issue.depends_on.remove(&number) {
                left_out.insert(issue_left_out(issue.number, Reason::DependsOn(number.to_string())));
            }
            if issue.parent == Some(number) {
                issue.parent = None;
                left_out.insert(issue_left_out(issue.number, Reason::Parent(number.to_string())));
            }
        }
    }

    fn forget_milestones(&mut self) {
        let there: BTreeSet<MilestoneNumber> = self.milestones.iter().map(|milestone| milestone.number).collect();
        for issue in &mut self.issues {
            issue.milestone = issue.milestone.filter(|number| there.contains(number));
        }
    }
}

pub(super) fn issue_left_out(number: IssueNumber, why: Reason) -> LeftOut {
    LeftOut { why, what: Subject::Issue(number) }
}

/// Takes over what is there, as far as a plan can say it.
struct Selector<'s> {
    snapshot: &'s Snapshot,
    deleted: &'s BTreeSet<PlanId>,
    left_out: &'s mut BTreeSet<LeftOut>,
}

impl Selector<'_> {
    fn without(&mut self, number: IssueNumber, why: Reason) {
        self.left_out.insert(issue_left_out(number, why));
    }

    fn issue(&mut self, issue: &Issue) -> Option<DraftIssue> {
        let number = issue.number;
        let (body, key) = match self.text_and_key(issue) {
            Ok(found) => found,
            Err(why) => {
                self.without(number, why);
                return None;
            }
        };
        let title = issue.title.trim().to_owned();
        if title != printable(&title) || title.is_empty() {
            self.without(number, Reason::Title);
            return None;
        }
        if matches!(issue.state_reason, Some(StateReason::NotPlanned | StateReason::Duplicate)) && issue.closed {
            self.without(number, Reason::NotPlanned);
        }
        let text_form = self.text_form(number, &body);
        Some(DraftIssue {
            number,
            key,
            title_form: if markdown::is_plain_title(&title) { TitleForm::Plain } else { TitleForm::Escaped },
            title,
            text_form,
            body,
            milestone: issue.milestone,
            labels: self.names(number, &issue.labels, |name| printable(name) == name, Reason::Label),
            assignees: self.names(number, &issue.assignees, is_login, Reason::Assignee),
            depends_on: BTreeSet::new(),
            parent: None,
            closed: issue.closed,
            gate: self.is_gate(issue),
        })
    }

    fn is_gate(&self, issue: &Issue) -> bool {
        let Found::Marker(marker, _) = Marker::<IssueBase>::find(&issue.body) else { return false };
        marker.base.pinned && self.snapshot.pins.contains(&issue.number)
    }

    fn text_form(&mut self, number: IssueNumber, body: &str) -> TextForm {
        if body.is_empty() {
            return TextForm::Absent;
        }
        if body.chars().count() > LONGEST_BODY {
            self.without(number, Reason::TextSize);
            return TextForm::Absent;
        }
        if !is_printable(body) {
            self.without(number, Reason::Text);
            return TextForm::Absent;
        }
        if markdown::is_plain_text(body) { TextForm::Plain } else { TextForm::Fenced }
    }

    /// The names that a plan can say; the others are reported.
    fn names(
        &mut self,
        number: IssueNumber,
        names: &BTreeSet<String>,
        fits: impl Fn(&str) -> bool,
        why: fn(String) -> Reason,
    ) -> BTreeSet<String> {
        let (fitting, others): (BTreeSet<String>, BTreeSet<String>) =
            names.iter().cloned().partition(|name| fits(name));
        for name in others {
            self.without(number, why(name));
        }
        fitting
    }

    /// The text that the plan takes over, and the key that the issue has in it.
    fn text_and_key(&self, issue: &Issue) -> Result<(String, String), Reason> {
        let own_key = format!("gh-{}", issue.number.0);
        if !self.snapshot.trusts(issue) {
            return Err(Reason::Stranger);
        }
        match Marker::<IssueBase>::find(&issue.body) {
            Found::Nothing => Ok((text::normal(&issue.body), own_key)),
            Found::Marker(marker, block) if self.deleted.contains(&marker.plan) => {
                let inside = block.inside.map(text::normal).unwrap_or_default();
                let written = marker
                    .base
                    .written_key
                    .clone()
                    .or_else(|| Some(marker.key.as_str()).filter(|_| !marker.key.is_derived()).map(str::to_owned));
                let fits = |key: &String| key.chars().all(|it| it.is_alphanumeric() || matches!(it, '.' | '_' | '-'));
                let inside = text::without_footer(&inside);
                Ok((text::split_blockers(&inside).0, written.filter(fits).unwrap_or(own_key)))
            }
            Found::Marker(marker, _) => Err(Reason::OtherPlan(marker.plan)),
            Found::Newer(_) | Found::Damaged(_) => Err(Reason::Marker),
        }
    }

    /// Takes over the links between issues that are imported. Issues that wait for each other lose the dependency that
    /// closes the circle, which no plan can have.
    fn links(&mut self, issues: &mut [DraftIssue]) {
        // The key of one issue may be that of another plan's issue that left the same plan: both get one of their own.
        let mut keys: BTreeMap<String, usize> = BTreeMap::new();
        issues.iter().for_each(|issue| *keys.entry(issue.key.to_lowercase()).or_default() += 1);
        for issue in issues.iter_mut().filter(|issue| keys.get(&issue.key.to_lowercase()).is_some_and(|it| *it > 1)) {
            issue.key = format!("gh-{}", issue.number.0);
        }
        let there: BTreeMap<IssueNumber, usize> =
            issues.iter().enumerate().map(|(at, issue)| (issue.number, at)).collect();
        for (blocked, blocker) in &self.snapshot.dependencies {
            let Some(at) = there.get(blocked) else { continue };
            if there.contains_key(blocker) {
                issues[*at].depends_on.insert(*blocker);
            } else {
                self.without(*blocked, Reason::DependsOn(blocker.to_string()));
            }
        }
        for (child, parent) in &self.snapshot.parents {
            let Some(at) = there.get(child) else { continue };
            if there.contains_key(parent) {
                issues[*at].parent = Some(*parent);
            } else {
                self.without(*child, Reason::Parent(parent.to_string()));
            }
        }
        for number in &self.snapshot.parents_elsewhere {
            if there.contains_key(number) {
                self.without(*number, Reason::Parent("of another repository".into()));
            }
        }
        for (blocked, blocker) in closing_edges(issues, &there) {
            issues[there[&blocked]].depends_on.remove(&blocker);
            self.without(blocked, Reason::DependsOn(format!("{blocker}, which waits for it")));
        }
    }

    fn milestone(&mut self, milestone: &Milestone, issues: &[DraftIssue]) -> Option<DraftMilestone> {
        let subject = || Subject::Milestone(printable(&milestone.title));
        let mut without = |why| self.left_out.insert(LeftOut { why, what: subject() });
        if milestone.title != printable(&milestone.title) || milestone.title.chars().count() > limits::TITLE {
            without(Reason::MilestoneTitle);
            return None;
        }
        let (description, is_marked) = match Marker::<MilestoneBase>::find(&milestone.description) {
            Found::Nothing => (text::normal(&milestone.description), false),
            Found::Marker(_, block) => (block.inside.map(text::normal).unwrap_or_default(), true),
            Found::Newer(_) | Found::Damaged(_) => {
                without(Reason::Marker);
                return None;
            }
        };
        let mut inside = issues.iter().filter(|issue| issue.milestone == Some(milestone.number)).peekable();
        let is_done = inside.peek().is_some() && inside.all(|issue| issue.closed);
        if is_done && !milestone.closed || is_marked && milestone.closed && !is_done {
            without(Reason::MilestoneState);
            return None;
        }
        let text_form = match () {
            () if description.is_empty() => TextForm::Absent,
            () if !is_printable(&description) => {
                without(Reason::MilestoneText);
                TextForm::Absent
            }
            () if markdown::is_plain_text(&description) => TextForm::Plain,
            () => TextForm::Fenced,
        };
        Some(DraftMilestone {
            number: milestone.number,
            title: milestone.title.clone(),
            due_on: milestone.due_on,
            description,
            text_form,
            form: if markdown::is_plain_title(&milestone.title) { TitleForm::Plain } else { TitleForm::Escaped },
        })
    }

    fn label(&mut self, label: &Label) -> Option<Label> {
        let subject = || Subject::Label(printable(&label.name));
        if printable(&label.name) != label.name || label.name.chars().count() > limits::LABEL_NAME {
            return None;
        }
        let is_readable = printable(&label.description) == label.description
            && label.description.chars().count() <= limits::LABEL_DESCRIPTION;
        if is_readable {
            return Some(label.clone());
        }
        self.left_out.insert(LeftOut { why: Reason::LabelText, what: subject() });
        Some(Label { description: String::new(), ..label.clone() })
    }
}

/// Whether a text holds nothing that would not be printed.
fn is_printable(text: &str) -> bool {
    text.chars().all(|it| {
        matches!(it, '\n' | '\t') || !(it.is_control() || steers_direction(it) || matches!(it, '\u{2028}' | '\u{2029}'))
    })
}

/// The dependencies that close a cycle, as pairs of blocked issue and blocker. petgraph's search is recursive, and a chain can
/// be as long as the repository, so this one keeps its own stack.
fn closing_edges(issues: &[DraftIssue], there: &BTreeMap<IssueNumber, usize>) -> Vec<(IssueNumber, IssueNumber)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnPath,
        Done,
    }
    let edges: Vec<Vec<usize>> =
        issues.iter().map(|issue| issue.depends_on.iter().map(|number| there[number]).collect()).collect();
    let mut marks = vec![Mark::New; issues.len()];
    let mut closing = Vec::new();
    for start in 0..issues.len() {
        if marks[start] != Mark::New {
            continue;
        }
        marks[start] = Mark::OnPath;
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let Some(&to) = edges[node].get(*next) else {
                marks[node] = Mark::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match marks[to] {
                Mark::New => {
                    marks[to] = Mark::OnPath;
                    path.push((to, 0));
                }
                Mark::OnPath => closing.push((issues[node].number, issues[to].number)),
                Mark::Done => {}
            }
        }
    }
    closing
}
