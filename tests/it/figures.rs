//! What whole runs of the program cost when every answer takes 100 ms: a table, printed where the environment asks for it.
//!
//! `.ci/figures` runs this on release builds. Nothing that was timed is asserted.

#![allow(clippy::print_stdout, reason = "it prints a table for developers")]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::common::Workplace;
use crate::double::{Double, TOKEN};
use crate::requests::{a_day_later, applied, crowd, hint, plan};

const LATENCY: Duration = Duration::from_millis(100);

/// The most memory that a process used, in megabytes, as Linux counts it.
fn peak(process: u32) -> Option<usize> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<usize>().ok().map(|kilobytes| kilobytes / 1_000)
}

/// Runs the program, and returns a row of the table.
fn row(name: &str, double: &Double, text: &str, command: &[&str]) -> String {
    let workplace = Workplace::new();
    workplace.write("plan.md", text);
    double.wire.slow_down(LATENCY);
    let start = Instant::now();
    let built = workplace.command();
    let mut run = Command::new(built.get_program());
    run.current_dir(workplace.path("."));
    run.args(command).env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", &double.api);
    let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = None;
    while run.try_wait().unwrap().is_none() {
        most = peak(run.id()).or(most);
        std::thread::sleep(Duration::from_millis(2));
    }
    let time = start.elapsed();
    assert!(run.wait().unwrap().success(), "{name}");
    let (requests, rounds, bytes) = double.wire.measured();
    let memory = most.map_or("?".to_owned(), |megabytes| format!("{megabytes} MB"));
    format!(
        "| {name} | {requests} | {rounds} | {:.1} s | {:.1} MB | {memory} |",
        time.as_secs_f64(),
        bytes as f64 / 1e6
    )
}

const PREVIEW: [&str; 4] = ["preview", "plan.md", "--repo", "stars/observatory"];
const APPLY: [&str; 5] = ["apply", "plan.md", "--repo", "stars/observatory", "--yes"];

#[test]
fn whole_runs_cost_as_the_table_says() {
    if std::env::var_os("PLAN_ACTION_FIGURES").is_none() {
        return;
    }
    println!("| run | requests | rounds | time | answers | memory |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let text = plan(300);
    let with_plan = |issues: usize, others: usize, pulls: usize| {
        let double = Double::start();
        double.repository(|it| {
            applied(it, &plan(issues));
            crowd(it, others, pulls);
        });
        double.repository(a_day_later);
        double.repository(hint);
        double
    };
    let large = Double::start();
    large.repository(|it| crowd(it, 10_000, 4_000));
    large.repository(a_day_later);
    let beside = with_plan(300, 10_000, 4_000);
    let alone = with_plan(300, 0, 0);
    let huge = with_plan(5_000, 10_000, 4_000);
    println!("{}", row("first preview of 300 issues beside 14,000 others", &large, &text, &PREVIEW));
    println!("{}", row("preview of 300 applied issues beside 14,000 others", &beside, &text, &PREVIEW));
    println!("{}", row("the same in a repository with nothing else", &alone, &text, &PREVIEW));
    println!("{}", row("preview of 5,000 applied issues beside 14,000 others", &huge, &plan(5_000), &PREVIEW));
    println!("{}", row("apply of 100 issues", &Double::start(), &plan(100), &APPLY));
}
