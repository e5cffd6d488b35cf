//! The text around a marker: the block is the plan's and people's together, everything else is people's.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::edit::Why;
use super::merge::{self, MergeOutcome};
use super::{boxes, text};
use crate::model::block;
use crate::model::marker::{Found, Marker};
use crate::plan::settings::Drift;

/// From so many characters on, a line is told from others that people could write.
const TELLING: usize = 40;

/// A text as it is there, cut into what is people's and what was the plan's.
pub(crate) struct ExistingText<'t, Base> {
    /// What stands before the block, to the byte.
    pub before: &'t str,
    /// What stands in the block; `None` where its end is gone, so that nobody can tell.
    pub inside: Option<&'t str>,
    /// What stands after the block, to the byte.
    pub after: &'t str,
    /// What was last applied, where that is known.
    pub base: Option<Base>,
}

impl<'t, Base: Serialize + DeserializeOwned> ExistingText<'t, Base> {
    /// Cuts a text; `None` where nothing of it is the plan's. `wanted` is what the plan says.
    pub(crate) fn new(whole: &'t str, wanted: &str) -> Option<Self> {
        let (block, base) = match Marker::<Base>::find(whole) {
            Found::Marker(marker, block) => (Some(block), Some(marker.base)),
            Found::Damaged(damaged) => (damaged.block, None),
            Found::Nothing | Found::Newer(_) => (None, None),
        };
        if let Some(block) = block {
            return Some(Self { before: block.before, inside: block.inside, after: block.after, base });
        }
        Self::without_marker(whole, wanted)
    }

    /// Finds the plan's text where somebody copied it by hand, or took the comment away that began the block.
    fn without_marker(whole: &'t str, wanted: &str) -> Option<Self> {
        let cut = |inside: Range<usize>, after: usize| Self {
            before: &whole[..inside.start],
            inside: Some(&whole[inside]),
            after: &whole[after..],
            base: None,
        };
        if wanted.is_empty() {
            return block::lone_end(whole, 0).map(|end| cut(end.start..end.start, end.end));
        }
        let place = text::find(whole, wanted)?;
        let is_end = |end: &Range<usize>| text::split_blockers(&whole[place.end..end.start]).0.trim().is_empty();
        if let Some(end) = block::lone_end(whole, place.end).filter(is_end) {
            return Some(cut(place.start..end.start, end.end));
        }
        // A short line may be anybody's.
        let is_telling = wanted.lines().count() > 1 || wanted.chars().count() >= TELLING;
        is_telling.then(|| cut(place.clone(), place.end))
    }
}

/// What was last applied of a text.
#[derive(Clone, Copy)]
pub(crate) struct BaseText<'b> {
    /// Its digest, boxes aside.
    pub text: &'b String,
    /// The digests of the lines that the plan had ticked.
    pub ticked: &'b BTreeSet<String>,
}

/// What becomes of the text in a block.
pub(crate) struct MergedText {
    /// The text as it will be.
    pub text: String,
    /// Whether and why it is written; never [`MergeOutcome::Kept`].
    pub verdict: MergeOutcome,
    /// What people changed and what stays so: the text as the plan would have it.
    pub drift: Option<String>,
}

/// Merges the text as a whole, and each of its boxes by itself. `observed` is as [`boxes::canonical`] has it.
pub(crate) fn merge(wanted: &str, base: Option<BaseText<'_>>, observed: &str, drift: Drift) -> MergedText {
    let none = BTreeSet::new();
    let base_ticked = base.map_or(&none, |base| base.ticked);
    let verdict = merge::value(&text::digest(wanted), base.map(|base| base.text), &text::digest(observed), drift);
    let boxes = boxes::merge(wanted, base_ticked, observed, drift);
    let (text, goal) = if verdict == MergeOutcome::Kept {
        (boxes::follow(observed, base_ticked, wanted), Some(boxes.drift.unwrap_or(boxes.text)))
    } else {
        (boxes.text, boxes.drift)
    };
    let is_there = |text: &str| text == observed;
    let verdict = match verdict {
        MergeOutcome::Write(why) => MergeOutcome::Write(why),
        MergeOutcome::Agreed if is_there(&text) => MergeOutcome::Agreed,
        // Boxes that plan and people ticked alike are noted, as every field is.
        MergeOutcome::Same | MergeOutcome::Kept if is_there(&text) => {
            if *base_ticked == boxes::ticked(wanted) {
                MergeOutcome::Same
            } else {
                MergeOutcome::Agreed
            }
        }
        MergeOutcome::Same | MergeOutcome::Agreed | MergeOutcome::Kept => {
            // Only the plan changes boxes here, unless it takes back what people did.
            let kept = boxes::merge(wanted, base_ticked, observed, Drift::Keep);
            MergeOutcome::Write(if is_there(&kept.text) { Why::Drift } else { Why::Plan })
        }
    };
    MergedText { text, verdict, drift: goal }
}
