//! Collects what becomes of the values of one item.

use super::change::IdentityEdits;
use super::edit::{Edit, MemberEdit, Why};
use super::merge::MergeOutcome;
use crate::model::marker::Marker;
use crate::model::{PlanId, PlanKey};

/// The edits of one item, by what becomes of them.
#[derive(Debug, Default)]
pub(crate) struct Sides<Edits> {
    /// What is written.
    pub written: Edits,
    /// What people changed and what stays so, as the plan would have it.
    pub kept: Edits,
    /// Where plan and people agree already, which the marker does not record yet.
    pub agreed: Edits,
}

impl<Edits> Sides<Edits> {
    /// Takes a value by its verdict. `slot` is where the edits keep it.
    pub(crate) fn take<T: Clone>(
        &mut self,
        verdict: MergeOutcome,
        slot: impl Fn(&mut Edits) -> &mut Option<Edit<T>>,
        observed: T,
        planned: T,
    ) {
        match verdict {
            MergeOutcome::Same => {}
            // Both mean the same, even where people write it differently.
            MergeOutcome::Agreed => *slot(&mut self.agreed) = Some(Edit::plan(planned.clone(), planned)),
            MergeOutcome::Write(why) => *slot(&mut self.written) = Some(Edit::new(observed, planned, why)),
            MergeOutcome::Kept => *slot(&mut self.kept) = Some(Edit::new(observed, planned, Why::Drift)),
        }
    }

    /// Takes one member of a set by its verdict: it is there or not, and the plan has it or not.
    pub(crate) fn take_member<T>(
        &mut self,
        verdict: MergeOutcome,
        slot: impl Fn(&mut Edits) -> &mut Vec<MemberEdit<T>>,
        member: T,
        planned: bool,
    ) {
        let (side, edit) = match verdict {
            MergeOutcome::Same => return,
            MergeOutcome::Agreed => (&mut self.agreed, Edit::plan(planned, planned)),
            MergeOutcome::Write(why) => (&mut self.written, Edit::new(!planned, planned, why)),
            MergeOutcome::Kept => (&mut self.kept, Edit::new(!planned, planned, Why::Drift)),
        };
        slot(side).push(MemberEdit { member, edit });
    }
}

/// Which plan and key an item had before, where those are others now.
pub(crate) fn identity<Base>(old: Option<&Marker<Base>>, plan: &PlanId, key: &PlanKey) -> IdentityEdits {
    let Some(old) = old else { return IdentityEdits::default() };
    IdentityEdits {
        plan: (old.plan != *plan).then(|| Edit::plan(old.plan.clone(), plan.clone())),
        key: (old.key != *key).then(|| Edit::plan(old.key.clone(), key.clone())),
    }
}

/// A text as a value: none when it is empty.
pub(crate) fn some(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}
