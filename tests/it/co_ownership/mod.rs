//! Random long games in which people and the plan edit the same issues. No edit is lost, nothing is duplicated, and
//! every preview matches what its apply does.

mod announced;
pub(crate) mod moves;
mod oracle;
mod table;

use std::collections::BTreeSet;

use crate::double::Double;
use crate::generated::{Spec, read, spec};
use crate::wire::run::{Run, Silent, wait};
use moves::{Move, Opened, moves};
use oracle::{Broken, Oracle};
use plan_action::apply::{RunContext, apply};
use plan_action::diff::diff;
use plan_action::model::snapshot::{Issue, IssueNumber, Snapshot};
use plan_action::repository::file::FileWriter;
use plan_action::repository::{Observer, Writer};
use proptest::prelude::*;

/// Plays a game: makes each move, and checks every promise after each apply. `open` opens an issue as another account.
async fn play<T: Observer + Writer>(
    target: &mut T,
    mut spec: Spec,
    moves: Vec<Move>,
    open: impl Fn(&mut T, Opened),
) -> Result<(), Broken> {
    let mut oracle = Oracle::default();
    let mut since = Vec::new();
    for step in [Move::Apply].into_iter().chain(moves).chain([Move::Apply]) {
        since.push(step.clone());
        match step {
            Move::Plan(at, edit) => edit.of(at, &mut spec),
            Move::People(at, edit) => {
                let snapshot = target.observe().await.unwrap();
                let titles: Vec<String> =
                    read(&spec.document(false)).issues.into_iter().map(|issue| issue.title).collect();
                if let Some(opened) = edit.on(at, &snapshot, &titles, target).await {
                    open(target, opened);
                }
            }
            Move::Apply => {
                let outcome = apply_once(target, &spec, &mut oracle).await;
                outcome.map_err(|broken| format!("{broken}\nafter {since:?}"))?;
                since.clear();
            }
        }
    }
    Ok(())
}

async fn apply_once<T: Observer + Writer>(target: &mut T, spec: &Spec, oracle: &mut Oracle) -> Result<(), Broken> {
    let plan = read(&spec.document(false));
    let before = target.observe().await.unwrap();
    let preview = diff(&plan, &before, &BTreeSet::new());
    let report = apply(&preview, target, &mut Silent, &RunContext::new("test")).await;
    let failed: Vec<String> = report.failed.iter().map(|(change, error)| format!("{change:?}: {error:#}")).collect();
    if !failed.is_empty() {
        return Err(format!("not done: {failed:#?}"));
    }
    let after = target.observe().await.unwrap();
    let left = diff(&plan, &after, &BTreeSet::new());
    if !left.changes.is_empty() || !left.marker_updates.is_empty() {
        return Err(format!(
            "left after an apply: {:#?} {:?}\nof {:#?}",
            left.changes, left.marker_updates, preview.changes
        ));
    }
    let context = |broken: Broken| format!("{broken}\nin {:#?}\nof {:#?}", preview.changes, spec.document(false));
    announced::check(&preview, &before, &after).map_err(context)?;
    oracle.judge(&plan, &before, &after).map_err(context)
}

fn open_offline(writer: &mut FileWriter, opened: Opened) {
    let mut snapshot = writer.snapshot();
    let number = snapshot.issues.iter().map(|issue| issue.number.0).max().unwrap_or(0) + 1;
    let Opened { title, body, association } = opened;
    snapshot.issues.push(Issue {
        number: IssueNumber(number),
        title,
        body,
        closed: false,
        state_reason: None,
        labels: BTreeSet::new(),
        assignees: BTreeSet::new(),
        milestone: None,
        author: "somebody".into(),
        author_association: association,
    });
    *writer = FileWriter::in_memory(&snapshot);
}

/// The number of games, which `PROPTEST_CASES` overrides.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn people_and_the_plan_never_undo_each_other(spec in spec(), moves in moves(80)) {
        let mut writer = FileWriter::in_memory(&Snapshot::default());
        let outcome = wait(play(&mut writer, spec, moves, open_offline));
        prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn people_and_the_plan_never_undo_each_other_on_github(spec in spec(), moves in moves(50)) {
        let double = Double::start();
        double.repository(|it| {
            it.refuses_assignees = false;
            (1..4).for_each(|number| _ = it.add_comment(number, "somebody", "What people say."));
        });
        let run = Run::new(&double, &spec.document(false));
        let open = |_: &mut _, opened: Opened| {
            let association = serde_json::to_value(opened.association).unwrap().as_str().unwrap().to_owned();
            double.repository(|it| it.add(&opened.title, &opened.body, "somebody", &association));
        };
        let outcome = wait(async {
            let mut github = run.github().await.unwrap();
            play(&mut github, spec, moves, open).await
        });
        prop_assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        let said = double.repository(|it| it.comments.iter().map(|it| it.body.clone()).collect::<Vec<_>>());
        prop_assert_eq!(said, ["What people say."; 3]);
        double.check();
    }
}
