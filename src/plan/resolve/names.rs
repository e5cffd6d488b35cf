//! Finds items by what people call them.

use std::collections::{HashMap, HashSet};

use crate::plan::diagnostic::nearest;
use crate::plan::draft::DraftIssue;
use crate::plan::read::{item_line, references, vocabulary};
use crate::plan::{PlanKey, PlannedMilestone};

/// The most keys that a wrong one is compared with.
const MOST_COMPARED: usize = 500;

/// Why a name means no item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotFound {
    /// There is none.
    Unknown,
    /// There are several, none of them nearer than the others.
    Ambiguous,
}

/// Finds items by what people call them.
pub(super) struct Names {
    /// Keys, then numbers, then titles, then titles without their keys: where items are by each.
    by_rank: [HashMap<String, Vec<usize>>; 4],
    items: Vec<(PlanKey, Option<PlanKey>)>,
}

impl Names {
    /// The names of milestones.
    pub(super) fn of_milestones(milestones: &[PlannedMilestone], designators: &[Option<String>]) -> Self {
        let items = milestones.iter().zip(designators);
        Self::new(items.map(|(it, designator)| (it.key.clone(), None, None, designator.as_deref(), it.title.as_str())))
    }

    /// The names of issues, each with its key and its milestone.
    pub(super) fn of_issues(issues: &[DraftIssue], keys: &[PlanKey], groups: &[Option<PlanKey>]) -> Self {
        let designators: Vec<Option<String>> =
            issues.iter().map(|issue| vocabulary::designator(&issue.title).map(|it| it.name)).collect();
        let items = issues.iter().zip(keys).zip(groups).zip(&designators);
        Self::new(items.map(|(((issue, key), group), designator)| {
            let number = issue.number.as_deref().or(designator.as_deref());
            (key.clone(), group.clone(), issue.key.as_deref(), number, issue.title.as_str())
        }))
    }

    fn new<'a>(
        items: impl Iterator<Item = (PlanKey, Option<PlanKey>, Option<&'a str>, Option<&'a str>, &'a str)>,
    ) -> Self {
        let mut names = Self { by_rank: Default::default(), items: Vec::new() };
        for (at, (key, group, written, number, title)) in items.enumerate() {
            let mut add = |rank: usize, name: &str| {
                let list = names.by_rank[rank].entry(lookup_form(name)).or_default();
                if list.last() != Some(&at) {
                    list.push(at);
                }
            };
            add(0, key.as_str());
            written.into_iter().for_each(|key| add(0, key));
            number.into_iter().for_each(|number| add(1, number));
            add(2, title);
            if let Some(rest) = title.trim_start_matches('[').strip_prefix(written.unwrap_or(key.as_str())) {
                add(3, rest.trim_start_matches([':', '-', '–', '—', '.', ' ', ']']));
            }
            // `Story: Search` is called `Search`.
            if let Some((word, rest)) = title.split_once(": ")
                && item_line::is_structural_word(word)
            {
                add(3, rest);
            }
            names.items.push((key, group));
        }
        names
    }

    /// The item that a text names, by its key, number or title; a remark in parentheses, `#` and a full stop are let
    /// be. Of several, the one that lies in the same milestone.
    pub(super) fn find(&self, text: &str, group: Option<&PlanKey>) -> Result<PlanKey, NotFound> {
        let without_remark = text.split(" (").next().unwrap_or(text);
        let bare = without_remark.trim().trim_start_matches('#').trim_end_matches('.');
        let last = references::bare(bare);
        let mut ambiguous = false;
        let designator = vocabulary::designator(text).map(|it| it.name).unwrap_or_default();
        // `T30 plus the release`: a key and a remark.
        let first = bare.split(' ').next().filter(|word| item_line::looks_like_key(word)).unwrap_or_default();
        for name in [text, without_remark, bare, &last, &designator, first] {
            for rank in &self.by_rank {
                let Some(found) = rank.get(&lookup_form(name)) else { continue };
                let near = found.iter().copied().filter(|at| self.items[*at].1.as_ref() == group);
                let near: Vec<usize> = near.take(2).collect();
                let key = |at: &usize| &self.items[*at].0;
                match (&found[..], &near[..]) {
                    ([only], _) | (_, [only]) => return Ok(key(only).clone()),
                    // That a key is there twice is an error of its own.
                    ([first, rest @ ..], _) if rest.iter().all(|at| key(at) == key(first)) => {
                        return Ok(key(first).clone());
                    }
                    _ => ambiguous = true,
                }
            }
        }
        Err(if ambiguous { NotFound::Ambiguous } else { NotFound::Unknown })
    }

    /// How many items have a key that another one has already.
    pub(crate) fn duplicates(&self) -> usize {
        self.items.len() - self.items.iter().map(|(key, _)| key).collect::<HashSet<_>>().len()
    }

    /// The keys of all items.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.items.iter().map(|(key, _)| key.as_str())
    }

    /// The key that a text was probably meant to be. Among very many nobody looks: each that is wrong would be compared
    /// with each that is there.
    pub(super) fn nearest(&self, text: &str) -> Option<&str> {
        if self.items.len() > MOST_COMPARED { None } else { nearest(text, self.keys()) }
    }
}

fn lookup_form(name: &str) -> String {
    name.replace('`', "").trim().to_lowercase()
}
