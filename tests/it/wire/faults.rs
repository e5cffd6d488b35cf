//! Every request of an apply fails in every way, one at a time. The next run finishes the job; afterwards the
//! repository is the same as after an undisturbed apply.
//!
//! By default, only a sample of the pairs of request and fault is run. `PLAN_ACTION_ALL_FAULTS=fixtures` runs all pairs
//! for our own plans, and a sample for the plans in the folder `PLAN_ACTION_SEEDS`. Any other value runs all pairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use plan_action::model::block;
use plan_action::model::marker::{Found, IssueBase, Marker};

use crate::double::disaster::{Disaster, Then};
use crate::double::repository::{Issue, Repository};
use crate::double::{Double, Fault};
use crate::wire::run::{PlayedClock, Run};

/// A plan with everything that an apply can create.
pub(super) const SHIP: &str = include_str!("../../../fixtures/breakdown/ship.md");

/// A later version of the plan, with a change of every kind.
fn ship_later() -> String {
    let edits = [
        ("Lay the keel", "Lay the oak keel"),
        ("- Depends on: S1, S2\n- Parent: S1\n- Labels: `hull`\n", "- Depends on: S1\n- Parent: S2\n- Labels: `rig`\n"),
        ("- Milestone: `M2`\n- Depends on: S3\n", "- Milestone: `M1`\n- Depends on: S3, S7\n- Parent: S7\n"),
        ("- Labels: `rig`, `release-gate`\n", "- Labels: `rig`\n"),
        ("- Status: Done\n- Depends on: S4\n", "- Depends on: S4\n"),
        ("Target date: 2026-09-01", "Target date: 2026-10-01"),
        ("color: 8b4513", "color: 8b5a2b"),
    ];
    let mut text = SHIP.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "`{from}` is not in the plan");
        text = text.replacen(from, to, 1);
    }
    let (kept, _) = text.split_once("### `S6`").unwrap();
    format!(
        "{kept}### `S7` Paint the name\n\n- Milestone: `M2`\n- Labels: `paint`, `release-gate`\n- Depends on: S2\n\n\
         ### `S8` Christen it\n\n- Milestone: `M2`\n- Status: Done\n- Depends on: S7\n- Parent: S7\n"
    )
}

/// A plan, and the version of it that was applied before.
struct Scenario {
    name: String,
    /// Whether the plan is one of our fixtures.
    is_own: bool,
    before: Option<String>,
    plan: String,
}

impl Scenario {
    /// The GitHub double in its state before the apply.
    fn double(&self) -> Double {
        let double = Double::start();
        double.repository(|it| it.refuses_assignees = false);
        if let Some(before) = &self.before {
            Run::new(&double, before).try_apply().unwrap();
        }
        double.requests();
        double
    }
}

fn scenarios() -> Vec<Scenario> {
    let own = [("a new ship", None, SHIP.to_owned()), ("a ship that changes", Some(SHIP.to_owned()), ship_later())];
    let own = own.map(|(name, before, plan)| Scenario { name: name.to_owned(), is_own: true, before, plan });
    let seeds = std::env::var_os("PLAN_ACTION_SEEDS").map(|folder| std::fs::read_dir(folder).unwrap());
    let mut files: Vec<_> = seeds.into_iter().flatten().map(|it| it.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|it| it == "md"));
    files.sort();
    let seeds = files.into_iter().map(|file| Scenario {
        name: file.file_name().unwrap().to_string_lossy().into_owned(),
        is_own: false,
        before: None,
        plan: std::fs::read_to_string(file).unwrap(),
    });
    own.into_iter().chain(seeds).collect()
}

/// The ways in which a request can fail.
const FAULTS: [&str; 12] = [
    "lost answer",
    "lost request",
    "lost answer, then an outage of 10 s",
    "lost request, then an outage of 10 s",
    "401",
    "404",
    "422",
    "204",
    "empty 200",
    "done, but an empty answer",
    "cut off in mid-answer",
    "killed",
];

fn disaster(name: &str, after: usize, clock: &PlayedClock) -> Disaster {
    let outage = || Then::Outage(clock.clone(), Duration::from_secs(10));
    let empty = |status| Fault::Answer(status, Vec::new(), String::new());
    let (fault, then) = match name {
        "lost answer" => (Fault::ResetAfter, Then::Well),
        "lost request" => (Fault::ResetBefore, Then::Well),
        "lost answer, then an outage of 10 s" => (Fault::ResetAfter, outage()),
        "lost request, then an outage of 10 s" => (Fault::ResetBefore, outage()),
        "401" => (Fault::message(401, "Bad credentials"), Then::Well),
        "404" => (Fault::message(404, "Not Found"), Then::Well),
        "422" => (Fault::message(422, "Validation Failed"), Then::Well),
        "204" => (empty(204), Then::Well),
        "empty 200" => (empty(200), Then::Well),
        "done, but an empty answer" => (Fault::EmptyAfter, Then::Well),
        "cut off in mid-answer" => (Fault::CutOffAfter, Then::Well),
        "killed" => (Fault::ResetBefore, Then::Dead),
        other => panic!("no such fault: {other}"),
    };
    Disaster::new(after, fault, then)
}

/// What must be the same after every fault: the repository, and the reported drift.
#[derive(Debug, PartialEq)]
pub(super) struct Outcome {
    repository: Vec<String>,
    drift: usize,
}

impl Outcome {
    /// Finishes the job, and records the outcome. A third run must find nothing to do.
    pub(super) fn after(double: &Double, plan: &str) -> Result<Self, String> {
        let run = Run::new(double, plan);
        let drift = run.diff().summary().drift;
        run.try_apply().map_err(|error| format!("the next run failed: {error:#}"))?;
        let left = run.diff();
        if !left.writes_nothing() {
            let changes: Vec<String> =
                left.changes.iter().map(|it| format!("{:?} {} {:?}", it.op(), it.key(), it.fields())).collect();
            return Err(format!("left to do: {changes:#?} {:?}", left.marker_updates));
        }
        if left.summary().drift != drift {
            return Err(format!("before: {drift} reported as changed by people, after: {:#?}", left.drift));
        }
        Ok(Self { repository: double.repository(|it| canonical(it)), drift })
    }

    /// Compares the outcome with that of another apply.
    pub(super) fn expect(&self, other: &Self) -> Result<(), String> {
        if self == other {
            return Ok(());
        }
        let missing: Vec<&String> = self.repository.iter().filter(|it| !other.repository.contains(it)).collect();
        let instead: Vec<&String> = other.repository.iter().filter(|it| !self.repository.contains(it)).collect();
        Err(format!("missing: {missing:#?}, instead: {instead:#?}, drift: {} and {}", self.drift, other.drift))
    }
}

/// The duplicates of issues, each with the issue that is kept. Runs that race may both close their issues of a finished
/// item; these stay as they are.
pub(super) fn duplicates(repository: &Repository) -> BTreeMap<u64, u64> {
    let mut of_one: BTreeMap<&str, Vec<(bool, u64)>> = BTreeMap::new();
    for issue in &repository.issues {
        let is_marked = issue.reason.as_deref() == Some("duplicate");
        of_one.entry(&issue.title).or_default().push((is_marked, issue.number));
    }
    let pairs = of_one.into_values().flat_map(|mut all| {
        all.sort_unstable();
        let kept = all[0].1;
        all.into_iter().skip(1).filter_map(move |(_, number)| {
            let there = repository.issues.iter().find(|it| it.number == number)?;
            there.closed.then_some((number, kept))
        })
    });
    pairs.collect()
}

/// A repository without numbers, timestamps and run ids, with one text for each thing.
fn canonical(repository: &Repository) -> Vec<String> {
    let marker = |issue: &Issue| match Marker::<IssueBase>::find(&issue.body) {
        Found::Marker(marker, block) => Some((marker, block.before.to_owned() + block.inside.unwrap() + block.after)),
        _ => None,
    };
    let duplicates = duplicates(repository);
    let is_duplicate = |issue: &Issue| duplicates.contains_key(&issue.number);
    let names: BTreeMap<u64, String> = repository
        .issues
        .iter()
        .map(|issue| {
            let name = marker(issue).map_or_else(|| issue.title.clone(), |(marker, _)| marker.key.to_string());
            (issue.number, if is_duplicate(issue) { format!("a duplicate of {name}") } else { name })
        })
        .collect();
    let named = |number: u64| names.get(&number).cloned().unwrap_or_else(|| format!("nothing at #{number}"));
    let mut all: Vec<String> = repository.labels.iter().map(|label| format!("{label:?}")).collect();
    let mut milestones = BTreeMap::new();
    for milestone in &repository.milestones {
        milestones.insert(milestone.number, milestone.title.clone());
        let number = 0;
        all.push(format!("{:?}", crate::double::repository::Milestone { number, ..milestone.clone() }));
    }
    for issue in repository.issues.iter().filter(|issue| !is_duplicate(issue)) {
        let (mut marker, text) = marker(issue).unwrap();
        marker.base.batch = None;
        marker.base.looked_through = None;
        let line = |line: &str| match line.strip_prefix("Blocked by ") {
            Some(list) => {
                let numbers =
                    list.split(", ").map(|it| it.trim_start_matches('#').parse().map_or(it.to_owned(), named));
                format!("Blocked by {:?}", numbers.collect::<BTreeSet<String>>())
            }
            None => line.to_owned(),
        };
        let text: Vec<String> = text.lines().map(line).collect();
        let blockers: BTreeSet<String> = issue.blocked_by.iter().map(|number| named(*number)).collect();
        all.push(format!(
            "{} closed: {} {:?} {:?} {:?} in {:?} blocked by {blockers:?} part of {:?} pinned: {}\n{}\n{text:?}",
            issue.title,
            issue.closed,
            issue.reason,
            issue.labels,
            issue.assignees,
            issue.milestone.map(|number| &milestones[&number]),
            issue.parent.map(named),
            repository.pins.contains(&issue.number),
            block::compose("", &marker.to_json(), None, ""),
        ));
    }
    all.sort();
    all
}

/// Runs jobs on all processors, and returns their errors.
pub(super) fn on_all_processors(jobs: usize, job: impl Fn(usize) -> Result<(), String> + Sync) -> Vec<String> {
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(at) = Some(next.fetch_add(1, Ordering::SeqCst)).filter(|at| *at < jobs) {
                    if let Err(complaint) = job(at) {
                        complaints.lock().unwrap().push(complaint);
                    }
                }
            });
        }
    });
    complaints.into_inner().unwrap()
}

/// The sampling interval. 11 is coprime to the number of faults, so a sample contains all of them.
fn step(scenario: &Scenario) -> usize {
    const SAMPLE: usize = 11;
    match std::env::var("PLAN_ACTION_ALL_FAULTS") {
        Ok(which) if which == "fixtures" && !scenario.is_own => SAMPLE,
        Ok(_) => 1,
        Err(_) => SAMPLE,
    }
}

#[test]
fn after_any_fault_of_one_request_the_next_run_ends_like_an_undisturbed_one() {
    let (mut pairs, mut all) = (Vec::new(), 0);
    let scenarios = scenarios();
    let undisturbed: Vec<Outcome> = scenarios
        .iter()
        .enumerate()
        .map(|(at, scenario)| {
            let double = scenario.double();
            Run::new(&double, &scenario.plan).try_apply().unwrap();
            let requests = double.requests().len();
            let every = (0..requests).flat_map(|after| FAULTS.map(|fault| (at, after, fault)));
            pairs.extend(every.step_by(step(scenario)));
            all += requests * FAULTS.len();
            Outcome::after(&double, &scenario.plan).unwrap()
        })
        .collect();
    let complaints = on_all_processors(pairs.len(), |at| {
        let (scenario, after, fault) = pairs[at];
        let (scenario, expected) = (&scenarios[scenario], &undisturbed[scenario]);
        let double = scenario.double();
        let run = Run::new(&double, &scenario.plan);
        double.strike(disaster(fault, after, &run.clock));
        // How the failure is reported is tested elsewhere.
        drop(run.try_apply());
        double.heal();
        let named = |what: String| format!("{}, request {after}, {fault}: {what}", scenario.name);
        let outcome = Outcome::after(&double, &scenario.plan).map_err(named)?;
        expected.expect(&outcome).map_err(named)
    });
    let (run, names) = (pairs.len(), scenarios.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", "));
    eprintln!("{run} of {all} pairs of a request and a fault were run ({names}); {} failed", complaints.len());
    assert!(
        complaints.is_empty(),
        "{} failed:\n{}",
        complaints.len(),
        complaints[..complaints.len().min(5)].join("\n\n")
    );
}
