//! The moves between two applies: somebody edits the plan, or people edit GitHub.

use anyhow::Result;
use plan_action::model::snapshot::{AuthorAssociation, Issue, IssueState, Milestone, Snapshot, StateReason};
use plan_action::repository::{IssuePatch, LabelPatch, Link, MilestonePatch, Writer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::generated::{Spec, words};

/// One move of the game.
#[derive(Debug, Clone)]
pub(crate) enum Move {
    Plan(Index, PlanEdit),
    People(Index, Edit),
    Apply,
}

/// An edit of the plan. If it concerns an item, the index selects which one.
#[derive(Debug, Clone)]
pub(crate) enum PlanEdit {
    Words(String),
    Text(String),
    Milestone(Option<Index>),
    Label(&'static str),
    Assignee(&'static str),
    DependsOn(Vec<Index>),
    Parent(Option<Index>),
    AddCriterion(Index, String),
    RemoveCriterion(Index),
    RewordCriterion(Index),
    TickCriterion(Index),
    MoveCriterion(Index, Index),
    Done,
    Gate,
    Present,
    Keyed,
    Prefix(&'static str),
    Drift,
    MilestoneWords(Index, String),
    MilestoneDay(Index, u8),
    MilestonePurpose(Index, String),
}

/// An edit by people. If it concerns an issue, the index selects which one.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Title(String),
    Before(String),
    After(String),
    Inside(String),
    Tick(Index),
    Untick(Index),
    NoBlockers,
    CarriageReturns,
    Close,
    Reopen,
    AddLabel(&'static str),
    RemoveLabel(&'static str),
    Assign(&'static str),
    Unassign(&'static str),
    Milestone(Option<Index>),
    Block(Index),
    Unblock(Index),
    Parent(Index),
    NoParent,
    Pin,
    Unpin,
    MilestoneTitle(Index, String),
    MilestoneDue(Index, u8),
    MilestoneText(Index, String),
    MilestoneState(Index, bool),
    Colour(Index),
    OpenEpic(String),
    /// A member opens an issue with the title of an item.
    OpenTitle(Index),
    /// A stranger opens an issue with a copied marker, or with the title of an item.
    CopyMarker,
    CopyTitle(Index),
}

fn plan_edit() -> impl Strategy<Value = PlanEdit> {
    let index = any::<Index>;
    prop_oneof![
        2 => words().prop_map(PlanEdit::Words),
        2 => words().prop_map(PlanEdit::Text),
        2 => proptest::option::of(index()).prop_map(PlanEdit::Milestone),
        2 => select(vec!["api", "docs", "priority: high"]).prop_map(PlanEdit::Label),
        1 => select(vec!["ada", "grace"]).prop_map(PlanEdit::Assignee),
        2 => vec(index(), 0..3).prop_map(PlanEdit::DependsOn),
        2 => proptest::option::of(index()).prop_map(PlanEdit::Parent),
        2 => (index(), words()).prop_map(|(at, words)| PlanEdit::AddCriterion(at, words)),
        1 => index().prop_map(PlanEdit::RemoveCriterion),
        2 => index().prop_map(PlanEdit::RewordCriterion),
        2 => index().prop_map(PlanEdit::TickCriterion),
        1 => (index(), index()).prop_map(|(from, to)| PlanEdit::MoveCriterion(from, to)),
        2 => Just(PlanEdit::Done),
        1 => Just(PlanEdit::Gate),
        2 => Just(PlanEdit::Present),
        1 => Just(PlanEdit::Keyed),
        1 => select(vec!["I", "N"]).prop_map(PlanEdit::Prefix),
        1 => Just(PlanEdit::Drift),
        1 => (index(), words()).prop_map(|(at, words)| PlanEdit::MilestoneWords(at, words)),
        1 => (index(), 1..28u8).prop_map(|(at, day)| PlanEdit::MilestoneDay(at, day)),
        1 => (index(), words()).prop_map(|(at, words)| PlanEdit::MilestonePurpose(at, words)),
    ]
}

/// One edit by people.
pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    let label = || select(vec!["api", "docs", "people's own"]);
    let login = || select(vec!["ada", "grace"]);
    prop_oneof![
        2 => words().prop_map(Edit::Title),
        1 => words().prop_map(Edit::Before),
        1 => words().prop_map(Edit::After),
        1 => prop_oneof![3 => words(), 1 => Just("Blocked by #3".to_owned())].prop_map(Edit::Inside),
        4 => index().prop_map(Edit::Tick),
        2 => index().prop_map(Edit::Untick),
        1 => Just(Edit::NoBlockers),
        1 => Just(Edit::CarriageReturns),
        2 => Just(Edit::Close),
        2 => Just(Edit::Reopen),
        2 => label().prop_map(Edit::AddLabel),
        2 => label().prop_map(Edit::RemoveLabel),
        1 => login().prop_map(Edit::Assign),
        1 => login().prop_map(Edit::Unassign),
        2 => proptest::option::of(index()).prop_map(Edit::Milestone),
        2 => index().prop_map(Edit::Block),
        2 => index().prop_map(Edit::Unblock),
        2 => index().prop_map(Edit::Parent),
        1 => Just(Edit::NoParent),
        1 => Just(Edit::Pin),
        1 => Just(Edit::Unpin),
        1 => (index(), words()).prop_map(|(at, words)| Edit::MilestoneTitle(at, words)),
        1 => (index(), 1..28u8).prop_map(|(at, day)| Edit::MilestoneDue(at, day)),
        1 => (index(), words()).prop_map(|(at, words)| Edit::MilestoneText(at, words)),
        1 => (index(), any::<bool>()).prop_map(|(at, closed)| Edit::MilestoneState(at, closed)),
        1 => index().prop_map(Edit::Colour),
        1 => words().prop_map(Edit::OpenEpic),
        1 => index().prop_map(Edit::OpenTitle),
        1 => Just(Edit::CopyMarker),
        1 => index().prop_map(Edit::CopyTitle),
    ]
}

pub(crate) fn moves(most: usize) -> impl Strategy<Value = Vec<Move>> {
    let index = any::<Index>;
    let one = prop_oneof![
        3 => (index(), plan_edit()).prop_map(|(at, edit)| Move::Plan(at, edit)),
        5 => (index(), edit()).prop_map(|(at, edit)| Move::People(at, edit)),
        2 => Just(Move::Apply),
    ];
    vec(one, most / 4..most)
}

impl PlanEdit {
    /// Makes the edit.
    pub(crate) fn of(&self, at: Index, spec: &mut Spec) {
        let of_milestones = spec.milestones.len();
        let item = at.get_mut(&mut spec.issues);
        let place = |at: &Index, length: usize| (length > 0).then(|| at.index(length));
        match self {
            Self::Words(words) => item.words.clone_from(words),
            Self::Text(text) => item.text.clone_from(text),
            Self::Milestone(milestone) => item.milestone = *milestone,
            Self::Label(label) => {
                if !item.labels.remove(label) {
                    item.labels.insert(label);
                }
            }
            Self::Assignee(login) => {
                if !item.assignees.remove(login) {
                    item.assignees.insert(login);
                }
            }
            Self::DependsOn(others) => item.depends_on.clone_from(others),
            Self::Parent(parent) => item.parent = *parent,
            Self::AddCriterion(at, words) => {
                item.criteria.insert(at.index(item.criteria.len() + 1), (false, words.clone()));
            }
            Self::RemoveCriterion(at) => {
                place(at, item.criteria.len()).map(|at| item.criteria.remove(at));
            }
            Self::RewordCriterion(at) => {
                if let Some(at) = place(at, item.criteria.len()) {
                    item.criteria[at].1.push('s');
                }
            }
            Self::TickCriterion(at) => {
                if let Some(at) = place(at, item.criteria.len()) {
                    item.criteria[at].0 = !item.criteria[at].0;
                }
            }
            Self::MoveCriterion(from, to) => {
                if let Some((from, to)) = place(from, item.criteria.len()).zip(place(to, item.criteria.len())) {
                    item.criteria.swap(from, to);
                }
            }
            Self::Done => item.done = !item.done,
            Self::Gate => item.gate = !item.gate,
            Self::Present => item.present = !item.present,
            Self::Keyed => item.keyed = !item.keyed,
            Self::Prefix(prefix) => spec.prefixes.1 = prefix,
            Self::Drift => spec.drift_restores = !spec.drift_restores,
            Self::MilestoneWords(at, words) => spec.milestones[at.index(of_milestones)].words.clone_from(words),
            Self::MilestoneDay(at, day) => spec.milestones[at.index(of_milestones)].day = Some(*day),
            Self::MilestonePurpose(at, words) => spec.milestones[at.index(of_milestones)].purpose.clone_from(words),
        }
    }
}

/// An issue that somebody opens.
pub(crate) struct Opened {
    pub title: String,
    pub body: String,
    pub association: AuthorAssociation,
}

impl Edit {
    /// Makes the edit. What GitHub rejects, such as a fourth pin, has no effect.
    pub(crate) async fn on(
        &self,
        at: Index,
        snapshot: &Snapshot,
        titles: &[String],
        writer: &mut impl Writer,
    ) -> Option<Opened> {
        if let Some(opened) = self.opens(at, snapshot, titles) {
            return Some(opened);
        }
        if self.on_milestone_or_label(snapshot, writer).await {
            return None;
        }
        if snapshot.issues.is_empty() {
            return None;
        }
        let issue = at.get(&snapshot.issues);
        _ = match self.on_issue(issue, snapshot) {
            Act::Patch(patch) => writer.update_issue(issue.number, &patch).await.map(drop),
            Act::Link(link) => writer.link(&[link]).await.pop().map_or(Ok(()), |result: Result<_>| result.map(drop)),
            Act::Nothing => Ok(()),
        };
        None
    }

    fn opens(&self, at: Index, snapshot: &Snapshot, titles: &[String]) -> Option<Opened> {
        let title = |at: &Index| (!titles.is_empty()).then(|| at.get(titles).clone());
        let (title, body, association) = match self {
            Self::OpenEpic(words) => (format!("Epic of people: {words}"), String::new(), AuthorAssociation::Member),
            Self::OpenTitle(at) => (title(at)?, "Notes of\r\npeople".to_owned(), AuthorAssociation::Member),
            Self::CopyTitle(at) => (title(at)?, String::new(), AuthorAssociation::None),
            Self::CopyMarker if snapshot.issues.is_empty() => return None,
            Self::CopyMarker => ("Mine now".to_owned(), at.get(&snapshot.issues).body.clone(), AuthorAssociation::None),
            _ => return None,
        };
        Some(Opened { title, body, association })
    }

    async fn on_milestone_or_label(&self, snapshot: &Snapshot, writer: &mut impl Writer) -> bool {
        let milestone = |at: &Index| (!snapshot.milestones.is_empty()).then(|| at.get(&snapshot.milestones));
        let (milestone, patch): (Option<&Milestone>, _) = match self {
            Self::MilestoneTitle(at, title) => {
                (milestone(at), MilestonePatch { title: Some(title.clone()), ..MilestonePatch::default() })
            }
            Self::MilestoneDue(at, day) => {
                let day = jiff::civil::date(2026, 6, i8::try_from(*day).unwrap());
                let milestone = milestone(at).filter(|milestone| milestone.due_on.is_some());
                (milestone, MilestonePatch { due_on: Some(Some(day)), ..MilestonePatch::default() })
            }
            Self::MilestoneText(at, text) => {
                let milestone = milestone(at);
                let description = milestone.map(|milestone| format!("{text}\r\n{}\n{text}", milestone.description));
                (milestone, MilestonePatch { description, ..MilestonePatch::default() })
            }
            Self::MilestoneState(at, closed) => {
                (milestone(at), MilestonePatch { closed: Some(*closed), ..MilestonePatch::default() })
            }
            Self::Colour(at) => {
                if !snapshot.labels.is_empty() {
                    let patch = LabelPatch { color: Some("123abc".into()), ..LabelPatch::default() };
                    _ = writer.update_label(&at.get(&snapshot.labels).name, &patch).await;
                }
                return true;
            }
            _ => return false,
        };
        // Milestone titles are unique.
        let is_taken = snapshot.milestones.iter().any(|it| Some(&it.title) == patch.title.as_ref());
        if let Some(milestone) = milestone.filter(|_| !is_taken) {
            _ = writer.update_milestone(milestone.number, &patch).await;
        }
        true
    }

    fn on_issue(&self, issue: &Issue, snapshot: &Snapshot) -> Act {
        let mut patch = IssuePatch::default();
        let number = issue.number;
        match self {
            Self::Title(title) => patch.title = Some(title.clone()),
            Self::Before(text) => patch.body = Some(format!("{text}\r\n\r\n{}", issue.body)),
            Self::After(text) => patch.body = Some(format!("{}\n\n{text}  \n", issue.body)),
            Self::Inside(text) => {
                let end = "<!-- /plan-action -->";
                patch.body = Some(issue.body.replacen(end, &format!("{text}\n{end}"), 1));
            }
            Self::Tick(at) => patch.body = with_box(&issue.body, at, "- [ ] ", "- [X] "),
            Self::Untick(at) => patch.body = with_box(&issue.body, at, "- [x] ", "- [ ] "),
            Self::NoBlockers => {
                let kept = issue.body.split_inclusive('\n').filter(|line| !line.starts_with("Blocked by #"));
                patch.body = Some(kept.collect());
            }
            Self::CarriageReturns => patch.body = Some(issue.body.replace("\r\n", "\n").replace('\n', "\r\n")),
            Self::Close => patch.state = Some(IssueState::Closed(StateReason::Completed)),
            Self::Reopen => patch.state = Some(IssueState::Open),
            Self::AddLabel(label) => patch.add_labels = vec![(*label).to_owned()],
            Self::RemoveLabel(label) => patch.remove_labels = vec![(*label).to_owned()],
            Self::Assign(login) => patch.add_assignees = vec![(*login).to_owned()],
            Self::Unassign(login) => patch.remove_assignees = vec![(*login).to_owned()],
            Self::Milestone(None) => patch.milestone = Some(None),
            Self::Milestone(Some(at)) => {
                let open: Vec<&Milestone> = snapshot.milestones.iter().collect();
                patch.milestone = (!open.is_empty()).then(|| Some(at.get(&open).number));
            }
            Self::Block(at) => {
                let blocker = at.get(&snapshot.issues).number;
                let is_new = blocker != number && !snapshot.dependencies.contains(&(number, blocker));
                return if is_new { Act::Link(Link::AddDependency { blocked: number, blocker }) } else { Act::Nothing };
            }
            Self::Unblock(at) => {
                let blockers: Vec<_> = snapshot.dependencies.iter().filter(|(blocked, _)| *blocked == number).collect();
                let Some((_, blocker)) = (!blockers.is_empty()).then(|| at.get(&blockers)) else { return Act::Nothing };
                return Act::Link(Link::RemoveDependency { blocked: number, blocker: *blocker });
            }
            Self::Parent(at) => {
                // An epic never has a parent, so there are no cycles.
                let is_epic = |issue: &&Issue| issue.title.starts_with("Epic of people");
                let epics: Vec<&Issue> = snapshot.issues.iter().filter(is_epic).collect();
                if epics.is_empty() || is_epic(&issue) || snapshot.parents.contains_key(&number) {
                    return Act::Nothing;
                }
                return Act::Link(Link::AddSubIssue { child: number, parent: at.get(&epics).number });
            }
            Self::NoParent => {
                let Some(parent) = snapshot.parents.get(&number) else { return Act::Nothing };
                return Act::Link(Link::RemoveSubIssue { child: number, parent: *parent });
            }
            Self::Pin => return if snapshot.pins.len() < 3 { Act::Link(Link::Pin(number)) } else { Act::Nothing },
            Self::Unpin => {
                return if snapshot.pins.contains(&number) { Act::Link(Link::Unpin(number)) } else { Act::Nothing };
            }
            _ => return Act::Nothing,
        }
        if patch == IssuePatch::default() { Act::Nothing } else { Act::Patch(patch) }
    }
}

/// The request that an edit stands for.
enum Act {
    Patch(IssuePatch),
    Link(Link),
    Nothing,
}

/// Changes one of the boxes in a text.
fn with_box(body: &str, at: &Index, from: &str, to: &str) -> Option<String> {
    let places: Vec<usize> = body.match_indices(from).map(|(place, _)| place).collect();
    let place = *(!places.is_empty()).then(|| at.get(&places))?;
    Some(format!("{}{to}{}", &body[..place], &body[place + from.len()..]))
}
