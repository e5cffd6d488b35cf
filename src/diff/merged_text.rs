//! Merges the text of an issue or milestone. Plan and people share the block; everything around it belongs to people.

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

/// A single line of at least this many characters is long enough to be recognised as the plan's text.
const TELLING: usize = 40;

/// An existing text, split into the parts that belong to people and the block.
pub(crate) struct ExistingText<'t, Base> {
    /// The text before the block, byte for byte.
    pub before: &'t str,
    /// The text in the block; `None` if the closing comment is missing, because then nobody can tell where the block
    /// ends.
    pub inside: Option<&'t str>,
    /// The text after the block, byte for byte.
    pub after: &'t str,
    /// What was last applied, if the marker can be read.
    pub base: Option<Base>,
}

impl<'t, Base: Serialize + DeserializeOwned> ExistingText<'t, Base> {
    /// Splits a text; `None` if no part of it belongs to the plan. `wanted` is the plan's text.
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

    /// Finds the plan's text in an issue without a marker: somebody copied it by hand, or removed the opening comment.
    fn without_marker(whole: &'t str, wanted: &str) -> Option<Self> {
        let cut = |inside: Range<usize>, after: usize| Self {
            before: &whole[..inside.start],
            inside: Some(&whole[inside]),
            after: &whole[after..],
            base: None,
        };
        // A text that is equal to the plan's becomes the block, however short it is.
        if !wanted.is_empty() && text::digest(&text::normal(whole)) == text::digest(wanted) {
            return Some(cut(0..whole.len(), whole.len()));
        }
        if wanted.is_empty() {
            return block::lone_end(whole, 0).map(|end| cut(end.start..end.start, end.end));
        }
        let place = text::find(whole, wanted)?;
        let is_end = |end: &Range<usize>| {
            let rest = text::without_footer(&whole[place.end..end.start]);
            text::split_blockers(&rest).0.trim().is_empty()
        };
        if let Some(end) = block::lone_end(whole, place.end).filter(is_end) {
            return Some(cut(place.start..end.start, end.end));
        }
        // Anybody could have written a short line.
        let is_telling = wanted.lines().count() > 1 || wanted.chars().count() >= TELLING;
        is_telling.then(|| cut(place.clone(), place.end))
    }
}

/// What was last applied of a text.
#[derive(Clone, Copy)]
pub(crate) struct BaseText<'b> {
    /// The digest of the text, ignoring whether boxes are ticked.
    pub text: &'b String,
    /// The digests of the lines that the plan had ticked.
    pub ticked: &'b BTreeSet<String>,
}

/// The result of merging the text in a block.
pub(crate) struct MergedText {
    /// The text to write.
    pub text: String,
    /// Whether and why the text is written; never [`MergeOutcome::Kept`].
    pub verdict: MergeOutcome,
    /// Drift that stays: the text as the plan wants it.
    pub drift: Option<String>,
}

/// Merges the text as a whole and each of its boxes separately. `observed` must be [`boxes::canonical`].
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
        // Boxes that plan and people ticked alike are recorded in the marker, like any other field.
        MergeOutcome::Same | MergeOutcome::Kept if is_there(&text) => {
            if *base_ticked == boxes::ticked(wanted) {
                MergeOutcome::Same
            } else {
                MergeOutcome::Agreed
            }
        }
        MergeOutcome::Same | MergeOutcome::Agreed | MergeOutcome::Kept => {
            // Here the plan alone changes boxes, unless it reverts a change by people.
            let kept = boxes::merge(wanted, base_ticked, observed, Drift::Keep);
            MergeOutcome::Write(if is_there(&kept.text) { Why::Drift } else { Why::Plan })
        }
    };
    MergedText { text, verdict, drift: goal }
}
