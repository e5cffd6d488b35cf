//! Two concurrent runs, one of which is killed. Whatever the order of their requests, later runs reach the same state
//! as a single undisturbed run, and every item has exactly one issue.

use super::faults::{Outcome, SHIP, duplicates, on_all_processors};
use crate::double::disaster::Random;
use crate::double::repository::Repository;
use crate::double::{Double, OTHER_TOKEN, TOKEN};
use crate::wire::run::Run;

const TRIALS: usize = 200;

/// Runs the same plan twice at once; `seed` determines the order of the requests. With `dies`, one of the runs is
/// killed after that many of its requests.
fn race(double: &Double, plan: &str, seed: u64, dies: Option<usize>) {
    let tokens = [TOKEN, OTHER_TOKEN];
    if let Some(after) = dies {
        double.kill(tokens[Random(seed).below(2)], after);
    }
    double.turns().begin(&tokens, seed);
    std::thread::scope(|scope| {
        for token in tokens {
            scope.spawn(move || {
                let run = Run { token, ..Run::new(double, plan) };
                // The killed run fails, and the other may fail because of what it left behind.
                drop(run.try_apply());
                double.turns().end(token);
            });
        }
    });
    double.heal();
}

/// The number of duplicates. Each must be closed, without a pin, and refer to the issue that is kept.
fn closed_duplicates(repository: &Repository) -> Result<usize, String> {
    let all = duplicates(repository);
    for (number, kept) in &all {
        if repository.pins.contains(number) {
            return Err(format!("#{number} is still pinned"));
        }
        let comments: Vec<&str> =
            repository.comments.iter().filter(|it| it.issue == *number).map(|it| it.body.as_str()).collect();
        let is_marked =
            repository.issues.iter().any(|it| it.number == *number && it.reason.as_deref() == Some("duplicate"));
        let has_comment =
            matches!(comments.as_slice(), [comment] if comment.contains(&format!("duplicate of #{kept}:")));
        if is_marked && !has_comment {
            return Err(format!("#{number} does not point to #{kept}: {comments:?}"));
        }
    }
    Ok(all.len())
}

#[test]
fn two_concurrent_runs_with_one_killed_end_like_one_undisturbed_run() {
    let double = Double::start();
    Run::new(&double, SHIP).apply();
    let requests = double.requests().len();
    let undisturbed = Outcome::after(&double, SHIP).unwrap();
    let found = std::sync::atomic::AtomicUsize::new(0);
    let complaints = on_all_processors(TRIALS, |trial| {
        let seed = trial as u64;
        // In every tenth trial, both runs survive.
        let dies = (trial % 10 > 0).then(|| Random(!seed).below(requests));
        let double = Double::start();
        race(&double, SHIP, seed, dies);
        let named = |what: String| format!("trial {trial}, killed after {dies:?}: {what}");
        let outcome = Outcome::after(&double, SHIP).map_err(named)?;
        undisturbed.expect(&outcome).map_err(named)?;
        let duplicates = double.repository(|it| closed_duplicates(it)).map_err(named)?;
        found.fetch_add(duplicates, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    });
    let found = found.into_inner();
    eprintln!("{TRIALS} trials of two runs at once; {found} duplicates were closed; {} failed", complaints.len());
    assert!(
        complaints.is_empty(),
        "{} failed:\n{}",
        complaints.len(),
        complaints[..complaints.len().min(3)].join("\n\n")
    );
    assert!(found > TRIALS, "the runs hardly met: {found} duplicates");
}
