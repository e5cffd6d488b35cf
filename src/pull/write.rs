//! Writes values into a plan's text, each checked by reading the text again.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::accepted::{Accepted, Item, Unexpressible, Value};
use super::candidates::candidates;
use super::edit::{Edit, applied, are_apart};
use super::expected::{Expected, Places};
use crate::plan::source::Source;
use crate::plan::{self, Plan, PlanId, diagnostic};

/// A plan with what people changed in it.
#[derive(Debug)]
pub(crate) struct Pulled {
    /// The text.
    pub(crate) text: String,
    /// What was written into it.
    pub(crate) written: Vec<Accepted>,
    /// What could not be.
    pub(crate) refused: Vec<Unexpressible>,
}

/// Writes values into the text of a plan.
pub(crate) fn write(plan: &Plan, path: &PlanId, accepted: Vec<Accepted>) -> Pulled {
    let mut writer = Writer {
        path,
        name: plan.source.name.clone(),
        plan: plan.clone(),
        places: Places::of(plan),
        expected: Expected::of(plan),
        written: Vec::new(),
        refused: Vec::new(),
    };
    // A link that people added may close a circle that they opened elsewhere, so links come after all others. What moves
    // lines goes last, and by itself.
    let links = |accepted: &Accepted| matches!(accepted.value, Value::DependsOn(_, true) | Value::Parent(Some(_)));
    let moves = |accepted: &Accepted| matches!(accepted.value, Value::New(..) | Value::Milestone(_));
    let (moving, others): (Vec<Accepted>, Vec<Accepted>) = accepted.into_iter().partition(moves);
    let (linking, others): (Vec<Accepted>, Vec<Accepted>) = others.into_iter().partition(links);
    writer.all(others);
    writer.all(linking);
    moving.iter().for_each(|accepted| writer.attempt(std::slice::from_ref(accepted)));
    let Writer { plan, written, refused, .. } = writer;
    Pulled { text: plan.source.text.clone(), written, refused }
}

struct Writer<'p> {
    path: &'p PlanId,
    name: String,
    /// The plan as it is so far.
    plan: Plan,
    places: Places,
    expected: Expected,
    written: Vec<Accepted>,
    refused: Vec<Unexpressible>,
}

impl Writer<'_> {
    /// Writes values, one of each item at a time: the next one of the same item may stand in the same line.
    fn all(&mut self, mut left: Vec<Accepted>) {
        while !left.is_empty() {
            let mut seen: BTreeSet<Item> = BTreeSet::new();
            let (now, later): (Vec<Accepted>, Vec<Accepted>) =
                left.into_iter().partition(|accepted| seen.insert(accepted.item));
            left = later;
            self.attempt(&now);
        }
    }

    /// Writes several values at once, or each by itself where the text would say something else.
    fn attempt(&mut self, batch: &[Accepted]) {
        let ways: Vec<Vec<Vec<Edit>>> =
            batch.iter().map(|accepted| candidates(&self.plan, &self.places, accepted)).collect();
        let first: Option<Vec<Edit>> =
            ways.iter().map(|ways| ways.first().cloned()).collect::<Option<Vec<_>>>().map(|edits| edits.concat());
        if let Some(edits) = first
            && self.try_edits(batch, &edits)
        {
            return;
        }
        if let [only] = batch {
            let others = ways.into_iter().flatten().skip(1).any(|edits| self.try_edits(batch, &edits));
            if !others {
                self.refuse(only);
            }
            return;
        }
        let (front, back) = batch.split_at(batch.len() / 2);
        self.attempt(front);
        self.attempt(back);
    }

    /// Makes edits if the text says what it should afterwards, and nothing else.
    fn try_edits(&mut self, batch: &[Accepted], edits: &[Edit]) -> bool {
        if !are_apart(edits) {
            return false;
        }
        let mut expected = self.expected.clone();
        batch.iter().for_each(|accepted| expected.take(accepted));
        let source = Source::new(self.name.clone(), applied(&self.plan.source.text, edits));
        let reading = plan::read(&source, self.path.clone());
        let is_worse = diagnostic::stops_apply(&reading.diagnostics);
        let Some(plan) = reading.plan.filter(|plan| !is_worse && Arc::ptr_eq(&plan.source, &source)) else {
            return false;
        };
        let Some(places) = expected.is_met(&self.plan, &self.places, edits, &plan) else { return false };
        (self.plan, self.places, self.expected) = (plan, places, expected);
        self.written.extend(batch.iter().cloned());
        true
    }

    fn refuse(&mut self, accepted: &Accepted) {
        let Some(what) = accepted.value.cannot() else { return };
        let Accepted { number, title, .. } = accepted;
        self.refused.push(Unexpressible { number: *number, title: title.clone(), what });
    }
}

impl Value {
    /// Why a value is not in the plan, in words; nothing for what the plan never had, which is no drift.
    fn cannot(&self) -> Option<String> {
        let none = |is_there: &bool, noun: &str, name: &str| {
            (!is_there).then(|| format!("the plan has no place from which the {noun} `{name}` could be removed"))
        };
        match self {
            Self::Tick(..) => Some("one of its boxes cannot be ticked in the plan".into()),
            Self::Closed(true) => Some("the plan has no place to say that it is done".into()),
            Self::Closed(false) => Some("the plan has no place to say that it is open again".into()),
            Self::Label(name, is_there) => none(is_there, "label", name),
            Self::Assignee(login, is_there) => none(is_there, "assignee", login),
            Self::DependsOn(_, false) => Some("the plan has no place from which a dependency could be removed".into()),
            Self::DependsOn(_, true) => None,
            Self::Parent(_) => Some("the plan has no place for its new parent".into()),
            Self::DueOn(_) => Some("the plan has no place for its due date".into()),
            Self::Title(title) => Some(format!("its new title `{title}` would be read otherwise in the plan")),
            Self::Milestone(_) => Some("it cannot be moved to its new milestone in the plan".into()),
            Self::Key(_) => Some("the plan has no place for its key".into()),
            Self::New(..) => Some("it cannot be written like the issues of its milestone".into()),
        }
    }
}
