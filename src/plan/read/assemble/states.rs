//! Which issues are done.

use std::collections::BTreeSet;

use super::Assembly;
use crate::plan::draft::{DraftIssue, Spanned};

use crate::plan::read::content;
use crate::plan::read::tree::At;
use crate::plan::read::vocabulary::{self, SectionKind};
use crate::plan::spans::{StateManner, StateSpan};

impl Assembly<'_> {
    /// Asks which issues of a milestone are done that says only that some are.
    pub(super) fn partly_done(&mut self) {
        for at in &self.form.milestones {
            let node = &self.context.tree.nodes[*at];
            let text = node.plain.to_lowercase();
            let number = self.milestone_at.get(at).copied();
            let says = ["partially complete", "partly complete", "partially done", "partly done", "teilweise"];
            let is_partly = says.iter().any(|word| text.contains(word));
            let mut inside = self.draft.issues.iter().filter(|issue| issue.place == number);
            if is_partly && inside.all(|issue| !issue.has_state) {
                self.diagnostics.warning(
                    "unclear-state",
                    node.span.clone(),
                    "some of this milestone's issues are done, but the plan does not say which ones",
                    "tick their boxes, or give them a status",
                );
            }
        }
    }

    /// Reports the words of states that are not known: their issues stay open, and some may be done.
    pub(super) fn unknown_states(&mut self) {
        let all: Vec<&Spanned> =
            self.draft.issues.iter().filter(|it| !it.closed).filter_map(|it| it.unknown_state.as_ref()).collect();
        let words: BTreeSet<&str> = all.iter().map(|state| state.text.as_str()).collect();
        let Some(first) = all.first() else { return };
        let listed: Vec<String> = words.iter().take(3).map(|word| format!("`{word}`")).collect();
        let others = if words.len() > listed.len() { ", …" } else { "" };
        let noun = if all.len() == 1 { "1 issue is".to_owned() } else { format!("{} issues are", all.len()) };
        self.diagnostics.warning(
            "unknown-state",
            first.span.clone(),
            format!("{noun} read as open, because the status is not a known word: {}{others}", listed.join(", ")),
            "write `done`, `open` or another known word, or tick a box",
        );
    }

    /// An issue whose line says nothing of its state has that of the section it stands in.
    pub(super) fn state(&self, at: At, issue: &mut DraftIssue) {
        if issue.has_state {
            return;
        }
        let tree = self.context.tree;
        for outer in tree.ancestors(at) {
            let node = &tree.nodes[outer];
            let state = match node.section {
                Some(SectionKind::Done) if Some(outer) != self.places.title => Some(true),
                Some(SectionKind::Open) if Some(outer) != self.places.title => Some(false),
                _ => self.milestone_state(outer),
            };
            if let Some(done) = state {
                issue.closed = done;
                let span = content::lines_around(self.context, outer).0;
                issue.spans.state = Some(StateSpan { manner: StateManner::Section, span });
                return;
            }
        }
    }

    /// What a milestone says of its own state.
    pub(super) fn milestone_state(&self, at: At) -> Option<bool> {
        if !self.form.milestones.contains(&at) {
            return None;
        }
        let node = &self.context.tree.nodes[at];
        let of_field = self.milestone_at.get(&at).and_then(|at| self.draft.milestones[*at].done);
        let ending = node.plain.rsplit(['(', '—', '–', '-', '[', ':']).next().unwrap_or_default();
        let of_words = vocabulary::is_done(ending.trim_end_matches([')', ']', ' '])) && ending.len() < node.plain.len();
        let glyph = node.head.done().filter(|done| !done || self.is_glyph_status());
        of_field.or_else(|| of_words.then_some(true)).or(glyph)
    }

    /// Whether the milestones beside one carry other glyphs of state: a lone `✅` decorates.
    pub(super) fn is_glyph_status(&self) -> bool {
        let all: Vec<Option<bool>> =
            self.form.milestones.iter().map(|it| self.context.tree.nodes[*it].head.done()).collect();
        all.contains(&Some(false)) || all.len() > 1 && all.iter().filter(|it| **it == Some(true)).count() > 1
    }
}
