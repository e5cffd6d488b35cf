//! Observing only the plan's issues gives the same diff as observing everything, whatever people did and whatever
//! happened to the hint.

use std::collections::BTreeSet;

use plan_action::diff::diff;
use plan_action::model::marker::{Found, IssueBase, Marker};
use plan_action::model::snapshot::Snapshot;

use crate::double::Double;
use crate::double::disaster::Random;
use crate::double::repository::{Gone, Issue, Repository};
use crate::requests::crowd;
use crate::wire::faults::{SHIP, on_all_processors};
use crate::wire::run::Run;

/// The number of random repositories.
const TRIALS: usize = 300;

/// Everything that a comparison produces, except for the hint itself.
fn outcome(run: &Run<'_>, snapshot: &Snapshot) -> String {
    let mut diff = diff(&run.plan, snapshot, &BTreeSet::new());
    diff.looked_through = None;
    format!("{diff:#?}")
}

fn any<'r>(repository: &'r mut Repository, random: &mut Random) -> &'r mut Issue {
    let at = random.below(repository.issues.len());
    &mut repository.issues[at]
}

/// A random author, and their association with the repository.
fn somebody(random: &mut Random) -> (&'static str, &'static str) {
    [("ada", "OWNER"), ("grace", "COLLABORATOR"), ("linus", "NONE"), ("helper[bot]", "NONE")][random.below(4)]
}

/// A random edit by people.
fn edit(repository: &mut Repository, random: &mut Random) {
    let other = any(repository, random).clone();
    let is_late = random.below(3) == 0;
    let (author, association) = somebody(random);
    match random.below(15) {
        0 => any(repository, random).title.push_str(" at once"),
        1 => any(repository, random).body.push_str("\nA remark."),
        2 => {
            let issue = any(repository, random);
            issue.closed = !issue.closed;
            issue.reason = issue.closed.then(|| "completed".to_owned());
        }
        3 => any(repository, random).milestone = Some(1),
        4 => _ = any(repository, random).blocked_by.insert(other.number),
        5 => any(repository, random).parent = Some(other.number),
        6 => any(repository, random).assignees = ["grace".to_owned()].into(),
        7 => any(repository, random).labels.clear(),
        // An issue copied with its marker, or transferred to this repository.
        8 => _ = repository.add(&other.title, &other.body, author, association),
        9 => _ = repository.add(&other.title, "Nothing yet.", author, association),
        10 => repository.lose(other.number, [Gone::Deleted, Gone::Transferred][random.below(2)]),
        11 => any(repository, random).body = "Written anew.".to_owned(),
        12 => any(repository, random).body = other.body.replacen("\"key\"", "\"k", 1),
        // Somebody gains write access, which changes no issue.
        13 => {
            for issue in repository.issues.iter_mut().filter(|it| it.author == "linus") {
                issue.association = "COLLABORATOR".into();
            }
            for (issue, _) in repository.updates.values_mut().filter(|(it, _)| it.author == "linus") {
                issue.association = "COLLABORATOR".into();
            }
        }
        _ => repository.pins = vec![other.number],
    }
    repository.note_updates();
    repository.now += if is_late { 86_400 } else { 5 };
}

/// Removes or damages the hints in all markers, or leaves them as they are.
fn spoil(repository: &mut Repository, random: &mut Random) {
    let how = random.below(8);
    for issue in &mut repository.issues {
        let Found::Marker(mut marker, block) = Marker::<IssueBase>::find(&issue.body) else { continue };
        let Some(hint) = marker.base.looked_through.clone() else { continue };
        let json = serde_json::to_string(&hint).unwrap();
        let spoilt = match how {
            0 => {
                marker.base.looked_through = None;
                issue.body = issue.body.replace(block.json, &marker.to_json());
                continue;
            }
            1 => json.replace("\"until\":\"2026", "\"until\":\"2031"),
            2 => json.replace("\"others\":[", "\"others\":[[1,900000000],[7,2],"),
            3 => json.replace("\"account\":\"ada\"", "\"account\":\"grace\""),
            4 => json.replace("\"repository\":1", "\"repository\":2"),
            5 => "[\"what\",\"is\",\"this\"]".to_owned(),
            _ => return,
        };
        issue.body = issue.body.replace(&json, &spoilt);
    }
    repository.note_updates();
}

/// Plays one repository. Returns whether observing the plan's issues was enough, or how the two diffs differ.
fn play(seed: u64) -> Result<bool, String> {
    let mut random = Random(seed);
    let double = Double::start();
    double.repository(|it| {
        it.refuses_assignees = false;
        crowd(it, 25, 10);
        it.now += 86_400;
        // Some items are adopted, and some issues already have markers.
        for at in 0..random.below(4) {
            let (author, association) = somebody(&mut random);
            let titles = ["S2 Lay the keel", "S3 Plank the hull", "S6 Write the log", "Something"];
            it.add(titles[at], "As it was.", author, association);
        }
        it.note_updates();
        it.now += 86_400;
        it.issues[0].title.push('!');
    });
    Run::new(&double, SHIP).try_apply().unwrap();
    double.repository(|it| {
        for _ in 0..random.below(7) {
            edit(it, &mut random);
        }
    });
    if random.below(2) == 0 {
        Run::new(&double, SHIP).try_apply().map_err(|error| format!("seed {seed}: {error:#}"))?;
    }
    double.repository(|it| {
        for _ in 0..random.below(4) {
            edit(it, &mut random);
        }
        spoil(it, &mut random);
        if random.below(8) == 0 {
            it.viewer = "grace".into();
        }
    });
    let plan = match random.below(4) {
        0 => SHIP.replacen("Lay the keel", "Lay the oak keel", 1),
        1 => SHIP.split_once("### `S6`").unwrap().0.to_owned(),
        2 => SHIP.replacen("- Labels: `hull`\n", "- Labels: `rig`\n", 1),
        _ => SHIP.to_owned(),
    };
    let run = Run::new(&double, &plan);
    let (quick, whole) = (run.quick_snapshot(), run.snapshot());
    let (from_quick, from_whole) = (outcome(&run, &quick), outcome(&run, &whole));
    if from_quick != from_whole {
        let differs = |(a, b): &(&str, &str)| a != b;
        let lines = from_quick.lines().zip(from_whole.lines()).filter(differs).take(12).collect::<Vec<_>>();
        return Err(format!("seed {seed}: {lines:#?}"));
    }
    Ok(quick.issues.len() < whole.issues.len())
}

#[test]
fn observing_the_plans_issues_gives_the_same_diff_as_observing_everything() {
    let enough = std::sync::atomic::AtomicUsize::new(0);
    let complaints = on_all_processors(TRIALS, |trial| {
        let was_enough = play(trial as u64)?;
        enough.fetch_add(usize::from(was_enough), std::sync::atomic::Ordering::SeqCst);
        Ok(())
    });
    let enough = enough.into_inner();
    eprintln!("{TRIALS} repositories; the plan's issues were enough in {enough} of them; {} differ", complaints.len());
    assert!(
        complaints.is_empty(),
        "{} differ:\n{}",
        complaints.len(),
        complaints[..complaints.len().min(4)].join("\n")
    );
    assert!(enough > TRIALS / 6, "the look at the plan's issues was hardly tried: {enough}");
}
