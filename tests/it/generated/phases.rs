//! Plans in phases that grow over months: items and phases are inserted and reordered, and keys may restart in each
//! phase.

use std::collections::BTreeSet;
use std::fmt::Write;

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// How the items of a plan are keyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Without keys; the titles serve as keys.
    None,
    /// `T001`, `T002`, … throughout the plan.
    Continuous,
    /// `T001`, `T002`, … restarting in each phase.
    Restarting,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Item {
    pub key: Option<String>,
    pub title: &'static str,
    /// The key of an item in the same phase that this one depends on.
    pub after: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Phase {
    pub title: String,
    pub items: Vec<Item>,
}

/// A plan, and later versions of it.
#[derive(Debug, Clone)]
pub(crate) struct Growth {
    pub before: Vec<Phase>,
    pub after: Vec<Phase>,
    /// The grown plan with its phases and items in another order.
    pub shuffled: Vec<Phase>,
}

const TITLES: [&str; 9] = [
    "Write the tests",
    "Write the test",
    "Write the manual",
    "Review the design",
    "Ship it to the users",
    "Update the dependencies",
    "Check the backups",
    "Record a short film",
    "Measure the noise",
];

const NAMES: [&str; 6] = ["Foundation", "Tools", "Polish", "Rollout", "Care", "Archive"];

type Draft = (Vec<&'static str>, Vec<(bool, Index)>);

fn phase() -> impl Strategy<Value = Draft> {
    (btree_set(select(TITLES.to_vec()), 2..5), vec((any::<bool>(), any::<Index>()), 5))
        .prop_map(|(titles, links)| (titles.into_iter().collect(), links))
}

/// Writes the phase of a draft. `first` is the number of its first key.
fn written(name: &str, (titles, links): Draft, keys: Keys, first: usize) -> Phase {
    let key = |at: usize| (keys != Keys::None).then(|| format!("T{:03}", first + at));
    let items = titles.into_iter().zip(links).enumerate().map(|(at, (title, (linked, index)))| Item {
        key: key(at),
        title,
        after: if linked && at > 0 { key(index.index(at)) } else { None },
    });
    Phase { title: format!("Phase: {name}"), items: items.collect() }
}

/// A plan and its growth. Later phases repeat keys of the first ones, unless keys are continuous.
pub(crate) fn growth() -> impl Strategy<Value = Growth> {
    let keys = select(vec![Keys::None, Keys::Continuous, Keys::Restarting]);
    let places = vec(any::<Index>(), 12);
    (keys, any::<bool>(), vec(phase(), 1..4), vec(phase(), 0..3), places, Just(NAMES.to_vec()).prop_shuffle())
        .prop_flat_map(|(keys, pasted, old, new, places, names)| {
            let mut names = names.into_iter();
            let mut next = 1;
            let mut write = |draft: Draft, keys: Keys| {
                let count = draft.0.len();
                let first = if keys == Keys::Restarting { 1 } else { next };
                next += count;
                written(names.next().unwrap(), draft, keys, first)
            };
            let before: Vec<Phase> = old.into_iter().map(|draft| write(draft, keys)).collect();
            let later = if keys == Keys::Continuous && pasted { Keys::Restarting } else { keys };
            let mut after = before.clone();
            let mut places = places.into_iter();
            for draft in new {
                let at = places.next().unwrap().index(after.len() + 1);
                after.insert(at, write(draft, later));
            }
            for phase in &mut after {
                insert_item(phase, keys, places.next().unwrap(), &mut next);
            }
            shuffled(&after).prop_map(move |shuffled| Growth { before: before.clone(), after: after.clone(), shuffled })
        })
}

/// Inserts an item into a phase, with a title that is new in the phase and the next key.
fn insert_item(phase: &mut Phase, keys: Keys, place: Index, next: &mut usize) {
    let used: BTreeSet<&str> = phase.items.iter().map(|item| item.title).collect();
    let Some(title) = TITLES.into_iter().find(|title| !used.contains(title)) else { return };
    let number = if keys == Keys::Restarting { phase.items.len() + 1 } else { *next };
    *next += 1;
    let key = (keys != Keys::None).then(|| format!("T{number:03}"));
    phase.items.insert(place.index(phase.items.len() + 1), Item { key, title, after: None });
}

fn shuffled(phases: &[Phase]) -> impl Strategy<Value = Vec<Phase>> + use<> {
    let each: Vec<_> = phases
        .iter()
        .map(|phase| {
            let title = phase.title.clone();
            Just(phase.items.clone()).prop_shuffle().prop_map(move |items| Phase { title: title.clone(), items })
        })
        .collect();
    each.prop_shuffle()
}

/// Writes the document of a plan.
pub(crate) fn document(phases: &[Phase]) -> String {
    let mut text = "# Grown\n".to_owned();
    for phase in phases {
        _ = write!(text, "\n## {}\n\n", phase.title);
        for Item { key, title, after } in &phase.items {
            let key = key.as_ref().map(|key| format!("{key} ")).unwrap_or_default();
            let after = after.as_ref().map(|after| format!(" (depends on {after})")).unwrap_or_default();
            _ = writeln!(text, "- [ ] {key}{title}{after}");
        }
    }
    text
}
