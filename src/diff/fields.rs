//! Sorts the edits of one item by merge outcome.

use super::change::IdentityEdits;
use super::edit::{Edit, MemberEdit, Why};
use super::merge::MergeOutcome;
use crate::model::marker::Marker;
use crate::model::{PlanId, PlanKey};

/// The edits of one item, by merge outcome.
#[derive(Debug, Default)]
pub(crate) struct Sides<Edits> {
    /// Values to write.
    pub written: Edits,
    /// Drift that stays: values that people changed, each with the plan's value as its target.
    pub kept: Edits,
    /// Values on which plan and people already agree, which the marker does not record yet.
    pub agreed: Edits,
}

impl<Edits> Sides<Edits> {
    /// Files one value under its outcome. `slot` is the field for it in `Edits`.
    pub(crate) fn take<T: Clone>(
        &mut self,
        verdict: MergeOutcome,
        slot: impl Fn(&mut Edits) -> &mut Option<Edit<T>>,
        observed: T,
        planned: T,
    ) {
        match verdict {
            MergeOutcome::Same => {}
            // The two are equal, even if they are spelled differently.
            MergeOutcome::Agreed => *slot(&mut self.agreed) = Some(Edit::plan(planned.clone(), planned)),
            MergeOutcome::Write(why) => *slot(&mut self.written) = Some(Edit::new(observed, planned, why)),
            MergeOutcome::Kept => *slot(&mut self.kept) = Some(Edit::new(observed, planned, Why::Drift)),
        }
    }

    /// Files one member of a set under its outcome. `planned` says whether the plan has the member.
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

/// The edits of plan and key, if the marker names others.
pub(crate) fn identity<Base>(old: Option<&Marker<Base>>, plan: &PlanId, key: &PlanKey) -> IdentityEdits {
    let Some(old) = old else { return IdentityEdits::default() };
    IdentityEdits {
        plan: (old.plan != *plan).then(|| Edit::plan(old.plan.clone(), plan.clone())),
        key: (old.key != *key).then(|| Edit::plan(old.key.clone(), key.clone())),
    }
}

/// An empty text counts as no value.
pub(crate) fn some(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}
