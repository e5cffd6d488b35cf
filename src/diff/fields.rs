//! Collects what becomes of the fields of one item.

use super::merge::Verdict;
use super::{Field, FieldChange, Why};
use crate::matching::marker::Marker;
use crate::plan::{PlanId, PlanKey};

/// The fields of one item, by what becomes of them.
#[derive(Debug, Default)]
pub struct Fields {
    /// What is written.
    pub written: Vec<FieldChange>,
    /// What people changed and what stays so, as the plan would have it.
    pub kept: Vec<FieldChange>,
    /// Where plan and people came to the same.
    pub agreed: Vec<FieldChange>,
}

impl Fields {
    /// Takes a field by its verdict.
    pub fn take(&mut self, verdict: Verdict, field: Field, observed: Option<&str>, planned: Option<&str>) {
        match verdict {
            Verdict::Same => {}
            // What both mean is the same, also where people call it otherwise.
            Verdict::Agreed => self.agreed.push(FieldChange::new(field, planned, planned, Why::Plan)),
            Verdict::Write(why) => self.written.push(FieldChange::new(field, observed, planned, why)),
            Verdict::Kept => self.kept.push(FieldChange::new(field, observed, planned, Why::Drift)),
        }
    }

    /// Takes whose an item was before and by which key, where that is another plan or key now.
    pub fn take_identity<Base>(&mut self, old: Option<&Marker<Base>>, plan: &PlanId, key: &PlanKey) {
        let Some(old) = old else { return };
        let names = [(Field::Plan, old.plan.as_str(), plan.as_str()), (Field::Key, old.key.as_str(), key.as_str())];
        let changed = names.into_iter().filter(|(_, from, to)| from != to);
        self.written.extend(changed.map(|(field, from, to)| FieldChange::plan(field, Some(from), Some(to))));
    }

    /// Takes one member of a set by its verdict: it is there or not, and the plan has it or not.
    pub fn take_member(&mut self, verdict: Verdict, field: Field, name: &str, planned: bool) {
        let (from, to) = if planned { (None, Some(name)) } else { (Some(name), None) };
        match verdict {
            Verdict::Agreed => self.agreed.push(FieldChange::new(field, to, to, Why::Plan)),
            _ => self.take(verdict, field, from, to),
        }
    }
}

/// A text for a field: none when it is empty.
pub fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
