//! Signals end an apply after the current request, and the next run finishes it.

use std::collections::BTreeSet;

use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, diff};
use plan_action::repository::Writer;
use plan_action::repository::file::FileWriter;
use plan_action::stop::{Stop, Stopper};

use crate::common::{OBSERVATORY, Workplace};
use crate::generated;
use crate::wire::run::wait;

/// Requests a stop while the change with this number is made.
struct StopAt(usize, Stopper);

impl Progress for StopAt {
    fn begin(&mut self, _: &Change) {
        self.0 -= 1;
        if self.0 == 0 {
            self.1.stop();
        }
    }
}

#[test]
fn an_interrupted_apply_to_a_file_is_saved_and_finished_by_the_next_run() {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    let (stopper, stop) = Stop::new();
    let context = RunContext { stop, ..RunContext::new("test") };
    let plan = generated::read(OBSERVATORY);
    let mut writer = FileWriter::open(&workplace.path("repo.json")).unwrap();
    let first = diff(&plan, &writer.snapshot(), &BTreeSet::new());
    let report = wait(apply(&first, &mut writer, &mut StopAt(14, stopper), &context));
    assert!(report.stopped && report.failed.is_empty() && !report.is_complete());
    assert_eq!((report.done.len(), report.not_tried), (14, first.changes.len() - 14));
    let said = plan_action::render::applied::sentence(&first, &report);
    assert!(said.ends_with("repo.json: stopped after 14 of 29 changes; run plan-action again to finish."), "{said}");
    wait(writer.finish()).unwrap();
    assert_eq!(workplace.repository()["issues"].as_array().unwrap().len(), 3);
    workplace.apply();
    let preview = workplace.preview();
    assert_eq!(
        (&preview["summary"]["drift"], workplace.repository()["issues"].as_array().unwrap().len()),
        (&0.into(), 8)
    );
}

#[cfg(unix)]
mod unix {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Child, ChildStderr, Command, Stdio};

    use crate::common::{OBSERVATORY, Workplace};
    use crate::double::{Double, TOKEN};
    use crate::wire::run::Run;

    fn start(workplace: &Workplace, double: &Double) -> (Child, BufReader<ChildStderr>) {
        workplace.write("plan.md", OBSERVATORY);
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("plan-action"));
        command.args(["apply", "plan.md", "--repo", "stars/observatory", "--yes"]).current_dir(workplace.path(""));
        command.env_remove("GITHUB_ACTIONS").env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", &double.api);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        (child, stderr)
    }

    fn send(signal: &str, child: &Child) {
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    }

    /// Reads until the program reports that it noticed a signal.
    fn await_notice(stderr: &mut BufReader<ChildStderr>) {
        let said = stderr.lines().map(Result::unwrap).find(|line| line.contains("press Ctrl-C again to stop at once"));
        assert!(said.is_some(), "it ended without having noticed the signal");
    }

    #[test]
    fn a_signal_ends_an_apply_after_the_request_in_flight_and_the_next_run_finishes_it() {
        for signal in ["-TERM", "-INT"] {
            let (workplace, double) = (Workplace::new(), Double::start());
            let (arrival, letting_go) = double.hold("/issues", 2);
            let (mut child, mut stderr) = start(&workplace, &double);
            arrival.recv().unwrap();
            double.requests();
            send(signal, &child);
            await_notice(&mut stderr);
            letting_go.send(()).unwrap();
            let mut said = String::new();
            child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
            assert_eq!(child.wait().unwrap().code(), Some(1), "{signal}");
            let words = "stars/observatory: stopped after 14 of 29 changes; run plan-action again to finish.";
            assert_eq!(said.trim(), words, "{signal}");
            assert_eq!(double.requests(), [""; 0], "no request was begun after the signal");
            let run = Run::new(&double, OBSERVATORY);
            run.apply();
            assert_eq!(run.diff().summary().drift, 0);
            double.repository(|it| assert_eq!((it.issues.len(), it.pins.len()), (8, 2)));
        }
    }

    #[test]
    fn a_second_signal_ends_the_run_at_once() {
        let (workplace, double) = (Workplace::new(), Double::start());
        let (arrival, letting_go) = double.hold("/issues", 2);
        let (mut child, mut stderr) = start(&workplace, &double);
        arrival.recv().unwrap();
        send("-TERM", &child);
        await_notice(&mut stderr);
        send("-INT", &child);
        assert_eq!(child.wait().unwrap().code(), Some(130));
        drop(letting_go);
    }
}
