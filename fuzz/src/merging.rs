//! Merging a text that both people and the plan changed. No character outside of the block changes, and an apply after
//! an apply writes nothing.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, diff, text};
use plan_action::matching::Notice;
use plan_action::model::block;
use plan_action::model::marker::{Found, IssueBase, Marker};
use plan_action::model::snapshot::Snapshot;
use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use plan_action::repository::file::FileWriter;

use crate::wait;

/// Separates the texts in an input. UTF-8 never contains this byte.
const SEPARATOR: u8 = 0xff;

static PLAN: LazyLock<Plan> = LazyLock::new(|| {
    let source = Source::new("plan.md", "# Plan\n\n## Phase 1: Ground\n\n- [ ] Dig the hole\n- [ ] Fill the hole\n");
    plan::read(&source, PlanId::new("plan.md")).plan.unwrap()
});

struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

/// The input has the plan's text, its next text, what people write before and after the block, and their replacement of
/// the text inside.
pub fn merging(bytes: &[u8]) {
    let mut parts = bytes.split(|byte| *byte == SEPARATOR);
    let mut part = || std::str::from_utf8(parts.next().unwrap_or_default()).ok();
    let (Some(first), Some(second), Some(before), Some(after), Some(edit)) = (part(), part(), part(), part(), part())
    else {
        return;
    };
    let mut there = applied(&planned(first), &Snapshot::default());
    let issue = &mut there.issues[0];
    issue.body = edited(&issue.body, before, after, edit);
    let old = issue.body.clone();
    let plan = planned(second);
    let now = applied(&plan, &there);
    let new = &now.issues.iter().find(|issue| issue.number == there.issues[0].number).unwrap().body;
    match Marker::<IssueBase>::find(&old) {
        Found::Marker(_, block) if block.inside.is_some() => {
            assert!(new.starts_with(block.before), "{old:?} became {new:?}: what stands before changed");
            assert!(new.ends_with(block.after), "{old:?} became {new:?}: what stands after changed");
        }
        Found::Newer(_) => assert_eq!(*new, old, "a later version's marker is never touched"),
        _ => {}
    }
    let left = diff(&plan, &now, &BTreeSet::new());
    if left.notices.iter().any(Notice::is_error) {
        return;
    }
    assert!(left.changes.is_empty(), "{old:?} became {new:?}, and then this was left to do: {:?}", left.changes);
}

/// The plan with this text in its first issue, normalised as the reader does it.
fn planned(body: &str) -> Plan {
    let mut plan = PLAN.clone();
    plan.issues[0].body = text::normal(body);
    plan
}

fn applied(plan: &Plan, snapshot: &Snapshot) -> Snapshot {
    let diff = diff(plan, snapshot, &BTreeSet::new());
    if diff.notices.iter().any(Notice::is_error) {
        return snapshot.clone();
    }
    let mut writer = FileWriter::in_memory(snapshot);
    let report = wait(apply(&diff, &mut writer, &mut Silent, &RunContext::new("run")));
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    writer.snapshot()
}

/// An edited body: with text by people around the block and, if `edit` is not empty, inside it.
fn edited(body: &str, before: &str, after: &str, edit: &str) -> String {
    let block = block::all(body).next().unwrap();
    let inside = if edit.is_empty() { block.inside.map(|it| it.trim_matches('\n')) } else { Some(edit) };
    let (before, after) = (format!("{before}{}", block.before), format!("{}{after}", block.after));
    block::compose(&before, block.json, inside, &after)
}
