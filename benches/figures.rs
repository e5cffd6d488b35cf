//! How long each stage takes compared with comrak's bare parse of the same text, as a table: `cargo bench`.
//!
//! Ratios of times that were measured in one run say more than times do, because machines differ. Each time is the shortest
//! of several.

#![allow(missing_docs, clippy::panic, clippy::print_stdout, clippy::unwrap_used, reason = "a program for developers")]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, diff};
use plan_action::model::snapshot::Snapshot;
use plan_action::plan::source::Source;
use plan_action::plan::{self, Plan, PlanId};
use plan_action::render;
use plan_action::repository::file::FileWriter;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many issues the plans have.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// How long a stage is measured at most.
const PATIENCE: Duration = Duration::from_millis(500);

/// A plan with issues as headings.
fn headings(issues: usize) -> String {
    let mut text = "# A plan\n\n".to_owned();
    for at in 0..issues {
        if at % 50 == 0 {
            write!(text, "## Milestone {}\n\n", at / 50).unwrap();
        }
        let before = at.saturating_sub(1);
        write!(
            text,
            "### `T{at}` Build part {at} of the telescope\n\n- Labels: `work`\n- Depends on: T{before}\n\nIt turns \
             without a sound.\n\n- [ ] It is measured\n- [ ] It is *documented*\n\n"
        )
        .unwrap();
    }
    text.replacen("- Depends on: T0\n", "", 1)
}

/// A plan whose issues are boxes.
fn checklist(issues: usize) -> String {
    let mut text = "# A plan\n".to_owned();
    for at in 0..issues {
        if at % 50 == 0 {
            write!(text, "\n## Phase {}\n\n", at / 50).unwrap();
        }
        writeln!(text, "- [ ] Check the {} number {at} in the workshop", ["mirror", "dome", "mount"][at % 3]).unwrap();
    }
    text
}

/// A plan whose issues are numbered tasks.
fn tasks(issues: usize) -> String {
    let mut text = "# Tasks\n".to_owned();
    for at in 0..issues {
        if at % 50 == 0 {
            write!(text, "\n## Phase {}: Part {}\n\n", at / 50 + 1, at / 50).unwrap();
        }
        writeln!(text, "- [ ] T{:05} [P] Write the module for part {at} in src/part_{at}.rs", at + 1).unwrap();
    }
    text
}

/// A plan whose issues are rows.
fn rows(issues: usize) -> String {
    let mut text = "# Roadmap\n".to_owned();
    for at in 0..issues {
        if at % 50 == 0 {
            write!(text, "\n## Quarter {}\n\n| ID | Task | Labels |\n| --- | --- | --- |\n", at / 50).unwrap();
        }
        writeln!(text, "| R{at} | Prepare the dome for night {at} | dome |").unwrap();
    }
    text
}

/// The shortest time that something takes.
fn shortest(mut run: impl FnMut()) -> Duration {
    let (begin, mut best, mut runs) = (Instant::now(), Duration::MAX, 0);
    while runs < 3 || (runs < 40 && begin.elapsed() < PATIENCE) {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed());
        runs += 1;
    }
    best
}

fn read(text: &str) -> Plan {
    let reading = plan::read(&Source::new("plan.md", text), PlanId::new("plan.md"));
    reading.plan.unwrap()
}

/// Writes a plan with so many issues.
type Form = fn(usize) -> String;

struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

/// The repository that a plan makes.
fn applied(plan: &Plan) -> Snapshot {
    let mut offline = FileWriter::in_memory(&Snapshot::default());
    let diff = diff(plan, &Snapshot::default(), &BTreeSet::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(apply(&diff, &mut offline, &mut Silent, &RunContext::new("bench")));
    offline.snapshot()
}

/// The time of each stage for one text.
fn stages(text: &str) -> [Duration; 5] {
    let parse = shortest(|| {
        let arena = comrak::Arena::new();
        let mut options = comrak::Options::default();
        options.extension.table = true;
        options.extension.tasklist = true;
        options.extension.strikethrough = true;
        black_box(comrak::parse_document(&arena, text, &options));
    });
    let source = Source::new("plan.md", text);
    let read_and_checked = shortest(|| _ = black_box(plan::read(&source, PlanId::new("plan.md"))));
    let plan = read(text);
    let (nothing, made) = (Snapshot::default(), applied(&plan));
    let first = shortest(|| _ = black_box(diff(&plan, &nothing, &BTreeSet::new())));
    let again = shortest(|| _ = black_box(diff(&plan, &made, &BTreeSet::new())));
    let whole = diff(&plan, &nothing, &BTreeSet::new());
    let rendered = shortest(|| _ = black_box(render::text::render(&whole)));
    assert!(diff(&plan, &made, &BTreeSet::new()).changes.is_empty(), "an apply left something to do");
    [parse, read_and_checked, first, again, rendered]
}

/// How long it takes to recognise a checklist of which every title was reworded.
fn reworded() -> Duration {
    let old = checklist(4_000);
    let made = applied(&read(&old));
    let new = read(&old.replace("Check the", "Inspect the").replace("in the workshop", "in the big workshop"));
    shortest(|| _ = black_box(diff(&new, &made, &BTreeSet::new())))
}

fn main() {
    println!(
        "| form | issues | bare parse | read and check | diff against nothing | diff of an applied plan | render |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let forms: [(&str, Form); 4] = [("headings", headings), ("checklist", checklist), ("tasks", tasks), ("rows", rows)];
    for (name, form) in forms {
        for issues in SIZES {
            let times = stages(&form(issues));
            let ratio = |time: Duration| time.as_secs_f64() / times[0].as_secs_f64();
            let cells = times.map(|time| format!("{:.2} ms ({:.1})", time.as_secs_f64() * 1e3, ratio(time)));
            println!("| {name} | {issues} | {} |", cells.join(" | "));
        }
    }
    println!("\n4,000 reworded titles of a checklist: {:.0} ms", reworded().as_secs_f64() * 1e3);
}
