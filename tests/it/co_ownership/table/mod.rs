//! The contract's table: every field, changed by the plan or not, and changed by people or not, or to the same value.
//! Runs in a file and over HTTP, with `drift: keep` and `drift: restore`.

mod rows;

use std::collections::BTreeSet;

use plan_action::apply::{RunContext, apply};
use plan_action::diff::{Change, Diff, Kind, Why, diff};
use plan_action::model::snapshot::{Issue, IssueNumber, Milestone, MilestoneNumber, Snapshot};
use plan_action::repository::file::FileWriter;
use plan_action::repository::{IssuePatch, Link, MilestonePatch, Observer, Writer};

use crate::double::Double;
use crate::generated::read;
use crate::wire::run::{Run, Silent, wait};
use rows::FIELDS;

/// The numbers of issues and milestones equal those in their keys.
const LIGHTHOUSE: &str = "# Lighthouse

## Milestones

- `M1` Lamp
  - Target date: 2026-03-02
  - Purpose: a light that turns
- `M2` Horn
- `M3` Boat

## Issues

### `L1` Build the tower

- Milestone: `M1`

### `L2` Dig the well

- Milestone: `M1`

### `L3` Hang the lamp

- Milestone: `M1`
- `depends_on: [L1]`
- Parent: `L1`
- Labels: `glass`
- Assignees: @ada
- Acceptance criteria:
  - [ ] It turns once in ten seconds.
  - [x] Oil for a winter lies below.

### `L4` Blow the horn

- Milestone: `M2`

### `L5` Paint the door

- Milestone: `M3`
- Status: Done

## Setup checklist

- [ ] Pin `L4` as a release gate
";

/// An edit by a person.
enum Act {
    Issue(u64, fn(&Issue) -> IssuePatch),
    Milestone(u64, fn(&Milestone) -> MilestonePatch),
    Links(fn(&Snapshot) -> Vec<Link>),
}

/// A field, and how the plan and people change it.
struct Field {
    name: &'static str,
    /// The plan's edit, as a replacement of text.
    plan: (&'static str, &'static str),
    /// The edit by people, and its reversal.
    people: (Act, Act),
    /// The edit by people that gives the same value as the plan's edit.
    same: Act,
    /// Whether the two edits give different values. If not, there can be no conflict.
    can_disagree: bool,
    /// Whether the edit by people counts as drift. Closing an issue and ticking a box do not.
    is_drift: bool,
    /// Whether the plan's value is recorded if people set it first. A pin by people is not; it stays theirs.
    is_noted: bool,
    value: fn(&Snapshot) -> String,
    /// The initial value, the plan's, and the one that people set.
    values: [&'static str; 3],
}

/// What people did to the field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum People {
    Nothing,
    /// They changed it and changed it back.
    Back,
    Otherwise,
    TheSame,
}

/// One cell of the table.
#[derive(Debug, Clone, Copy)]
struct Cell {
    plan_changes: bool,
    people: People,
    restore: bool,
}

/// The expected result: the value, and the reason for writing it, if it is written.
struct Expected {
    value: &'static str,
    why: Option<Why>,
    drift: bool,
}

fn expected(field: &Field, cell: Cell) -> Expected {
    let [base, planned, observed] = field.values;
    let (value, why, drift) = match (cell.plan_changes, cell.people) {
        (false, People::Nothing | People::Back) => (base, None, false),
        (false, People::Otherwise) if !field.is_drift => (observed, None, false),
        (false, People::Otherwise) if cell.restore => (base, Some(Why::Drift), true),
        (false, People::Otherwise) => (observed, None, true),
        (false, People::TheSame) => unreachable!("the plan has nothing to be the same as"),
        (true, People::Nothing | People::Back) => (planned, Some(Why::Plan), false),
        (true, People::Otherwise) => (planned, Some(Why::Conflict), false),
        (true, People::TheSame) => (planned, None, false),
    };
    Expected { value, why, drift }
}

async fn act<T: Observer + Writer>(target: &mut T, act: &Act) {
    let snapshot = target.observe().await.unwrap();
    match act {
        Act::Issue(number, edit) => {
            let issue = snapshot.issue(IssueNumber(*number)).unwrap();
            target.update_issue(issue.number, &edit(issue)).await.unwrap();
        }
        Act::Milestone(number, edit) => {
            let milestone = snapshot.milestone(MilestoneNumber(*number)).unwrap();
            target.update_milestone(milestone.number, &edit(milestone)).await.unwrap();
        }
        Act::Links(links) => {
            for result in target.link(&links(&snapshot)).await {
                result.unwrap();
            }
        }
    }
}

async fn compared<T: Observer>(target: &T, text: &str) -> Diff {
    diff(&read(text), &target.observe().await.unwrap(), &BTreeSet::new())
}

async fn applied<T: Observer + Writer>(target: &mut T, text: &str) -> Diff {
    let diff = compared(target, text).await;
    let report = apply(&diff, target, &mut Silent, &RunContext::new("test")).await;
    assert!(report.failed.is_empty(), "{:#?}", report.failed);
    let left = compared(target, text).await;
    assert!(left.is_empty() && left.marker_updates.is_empty(), "left to do: {:#?}", left.changes);
    diff
}

async fn check<T: Observer + Writer>(target: &mut T, field: &Field, cell: Cell) {
    let name = format!("{}: {cell:?}", field.name);
    let front = if cell.restore { "---\ndrift: restore\n---\n" } else { "" };
    let base = format!("{front}{LIGHTHOUSE}");
    assert!(base.contains(field.plan.0), "{name}: `{}` is not in the plan", field.plan.0);
    let changed = base.replacen(field.plan.0, field.plan.1, 1);
    applied(target, &base).await;
    let value = (field.value)(&target.observe().await.unwrap());
    assert_eq!(value, field.values[0], "{name}: at first");
    match cell.people {
        People::Nothing => {}
        People::Back => {
            act(target, &field.people.0).await;
            act(target, &field.people.1).await;
        }
        People::Otherwise => act(target, &field.people.0).await,
        People::TheSame => act(target, &field.same).await,
    }
    let plan = if cell.plan_changes { &changed } else { &base };
    let expected = expected(field, cell);
    let before = compared(target, plan).await;
    let diff = applied(target, plan).await;
    assert_eq!(before.changes, diff.changes, "{name}: the preview announced what the apply did");
    let value = (field.value)(&target.observe().await.unwrap());
    assert_eq!(value, expected.value, "{name}: the value");
    // A finished issue may also close its milestone; each row only looks at one of them.
    let is_of_milestone = field.name.contains("of a milestone");
    let seen: BTreeSet<Why> = diff
        .changes
        .iter()
        // A grey label that GitHub created because people named it gets the plan's colour too.
        .filter(|change| change.kind() != Kind::Label)
        .filter(|change| change.is_visible() && (change.kind() == Kind::Milestone) == is_of_milestone)
        .flat_map(Change::fields)
        // The line of blockers in the text follows the plan's dependencies.
        .filter(|change| change.from != change.to && !(field.name.starts_with("dependency") && change.field.is_text()))
        .map(|change| change.why)
        .collect();
    assert_eq!(seen, expected.why.into_iter().collect(), "{name}: why, in {:#?}", diff.changes);
    let summary = diff.summary();
    assert_eq!(summary.drift > 0, expected.drift, "{name}: whether it is drift: {:#?} {:#?}", diff.changes, diff.drift);
    assert_eq!(summary.conflict > 0, expected.why == Some(Why::Conflict), "{name}: whether it is a conflict");
    if cell.plan_changes && cell.people == People::TheSame && field.can_disagree {
        // The agreement was recorded, so a later edit by people is drift and not a conflict with an old plan change.
        act(target, &field.people.0).await;
        let later = compared(target, plan).await;
        assert_eq!(later.summary().conflict, 0, "{name}: later");
        assert_eq!(later.summary().drift, 1, "{name}: later");
    }
    if cell.plan_changes && cell.people == People::TheSame && !field.can_disagree && field.is_noted {
        act(target, &field.people.1).await;
        let later = compared(target, plan).await;
        let undone: Vec<_> = later.changes.iter().flat_map(Change::fields).filter(|it| it.why == Why::Plan).collect();
        assert!(undone.is_empty(), "{name}: what people did later is not the plan's: {undone:?}");
    }
}

fn cells(field: &Field) -> Vec<Cell> {
    let rows = [
        (false, People::Nothing),
        (false, People::Back),
        (false, People::Otherwise),
        (true, People::Nothing),
        (true, People::Back),
        (true, People::Otherwise),
        (true, People::TheSame),
    ];
    let can_be =
        |(plan_changes, people): &(bool, People)| !*plan_changes || *people != People::Otherwise || field.can_disagree;
    let rows = rows.into_iter().filter(can_be);
    let both = |(plan_changes, people)| [true, false].map(|restore| Cell { plan_changes, people, restore });
    rows.flat_map(both).collect()
}

#[test]
fn every_cell_of_the_table_holds_in_a_file() {
    for field in FIELDS {
        for cell in cells(field) {
            let mut writer = FileWriter::in_memory(&Snapshot::default());
            wait(check(&mut writer, field, cell));
        }
    }
}

#[test]
fn every_cell_of_the_table_holds_on_github() {
    for field in FIELDS {
        for cell in cells(field) {
            let double = Double::start();
            let run = Run::new(&double, LIGHTHOUSE);
            wait(async {
                let mut github = run.github().await.unwrap();
                check(&mut github, field, cell).await;
            });
            double.check();
        }
    }
}

#[test]
fn every_field_has_three_cells_for_a_plan_that_changes_and_for_one_that_does_not() {
    for field in FIELDS {
        let cells = cells(field);
        let of = |plan_changes| cells.iter().filter(|cell| cell.plan_changes == plan_changes && !cell.restore).count();
        assert!(of(false) >= 3 && of(true) >= 3, "{}", field.name);
    }
}
