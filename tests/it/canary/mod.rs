//! The canary: a typical day of the built program in a scratch repository. By default, the repository is on the GitHub
//! double. With `CANARY_REPOSITORY` (`OWNER/NAME`) and `CANARY_TOKEN` it is on GitHub, or on the server at
//! `CANARY_API_URL`. `CANARY_SECOND_TOKEN` belongs to a second account that also edits, and `CANARY_RECORD` is the file
//! that the HTTP exchange is written to.

mod person;
mod recorder;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::{Command, Output, Stdio};
use std::time::SystemTime;

use serde_json::{Value, json};

use self::person::Person;
use self::recorder::{Recorder, Upstream};
use crate::common::{Workplace, changes, stderr};
use crate::double::{Double, TOKEN};

const PLAN: &str = include_str!("../../../fixtures/canary/plan.md");

/// A scratch repository, and the words that mark everything created by this run.
struct Canary {
    workplace: Workplace,
    recorder: Recorder,
    repository: String,
    night: String,
    has_second: bool,
}

#[test]
fn the_program_lives_through_a_day_in_a_scratch_repository() {
    let setting = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let Some(repository) = setting("CANARY_REPOSITORY") else { return against_the_double() };
    let token = setting("CANARY_TOKEN").expect("CANARY_TOKEN is not set");
    let api = setting("CANARY_API_URL").unwrap_or_else(|| "https://api.github.com".into());
    let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let tokens = [("program", Some(token)), ("second", setting("CANARY_SECOND_TOKEN"))];
    let exchange = live(&api, &tokens, &repository, &format!("run {seconds}"));
    if let Some(path) = setting("CANARY_RECORD") {
        std::fs::write(path, &exchange.text).unwrap();
    }
    exchange.result();
}

/// Runs twice in the same repository, on github.com's paths and on those of an Enterprise Server.
fn against_the_double() {
    for double in [Double::start(), Double::enterprise()] {
        for night in ["run 1001", "run 1002"] {
            let tokens = [("program", Some(TOKEN.to_owned())), ("second", Some(TOKEN.to_owned()))];
            let exchange = live(&double.api, &tokens, "stars/observatory", night);
            assert!(!exchange.text.contains(TOKEN), "the record has the token in it");
            assert!(exchange.text.lines().count() > 40, "the record is not whole");
            exchange.result();
        }
        double.repository(|it| {
            assert_eq!((it.issues.len(), it.milestones.len()), (12, 4), "two nights");
            assert!(it.issues.iter().all(|issue| issue.closed) && it.milestones.iter().all(|it| it.closed));
            assert!(it.pins.is_empty(), "a pin was not given back");
        });
    }
}

/// The result of a day.
struct Exchange {
    text: String,
    problems: Vec<String>,
    outcome: std::thread::Result<()>,
}

impl Exchange {
    /// Fails if the day failed, or if an answer did not match GitHub's API description.
    fn result(self) {
        if let Err(panic) = self.outcome {
            resume_unwind(panic);
        }
        assert!(self.problems.is_empty(), "not as GitHub describes it:\n{}", self.problems.join("\n"));
    }
}

/// Plays the day, and closes everything that was created, however it ended.
fn live(api: &str, tokens: &[(&'static str, Option<String>)], repository: &str, night: &str) -> Exchange {
    let tokens: BTreeMap<&'static str, String> =
        tokens.iter().filter_map(|(name, token)| Some((*name, token.clone()?))).collect();
    let has_second = tokens.contains_key("second");
    let recorder = Recorder::start(Upstream { api: api.trim_end_matches('/').to_owned(), tokens });
    let (repository, night) = (repository.to_owned(), night.to_owned());
    let canary = Canary { workplace: Workplace::new(), recorder, repository, night, has_second };
    let outcome = catch_unwind(AssertUnwindSafe(|| canary.day()));
    let closed = catch_unwind(AssertUnwindSafe(|| canary.tidy()));
    let (text, problems) = (canary.recorder.exchange(), canary.recorder.problems());
    Exchange { text, problems, outcome: outcome.and(closed) }
}

impl Canary {
    fn day(&self) {
        self.write(str::to_owned);
        assert!(!self.preview().is_empty(), "the first run has something to do");
        self.apply();
        self.people();
        self.plug();
    }

    /// People edit issues as if in the browser. Then the plan changes, and their edits survive.
    fn people(&self) {
        let person = self.person(if self.has_second { "second" } else { "program" });
        let pond = person.issue(&self.titled("Dig the pond"));
        let body = pond["body"].as_str().unwrap().replacen("- [ ]", "- [x]", 1) + "\n\nMind the roots.";
        let fields = json!({"title": self.titled("Dig the big pond"), "body": body});
        person.change("issues", &pond["number"], &fields);
        let bridge = person.issue(&self.titled("Build the bridge"));
        person.change("issues", &bridge["number"], &json!({"state": "closed"}));
        assert_eq!(self.preview(), [""; 0], "what people change is kept");

        self.write(|plan| {
            plan.replace("2031-04-01", "2031-04-08").replace("It holds water", "It holds water all summer")
        });
        assert_eq!(self.preview().len(), 2, "a date and a text: {:?}", self.preview());
        self.apply();
        let pond = person.issue(&self.titled("Dig the big pond"));
        let body = pond["body"].as_str().unwrap();
        assert!(body.contains("- [x]") && body.contains("all summer") && body.contains("Mind the roots."), "{body}");
        assert_eq!(person.issue(&self.titled("Build the bridge"))["state"], "closed");
    }

    /// Kills the program while it creates issues. The next apply finishes the job without duplicates.
    fn plug(&self) {
        self.write(|plan| plan.replace("<!--", "").replace("-->", ""));
        let mut program = self.command(&["apply", "plan.md", "--repo", &self.repository, "--yes"]);
        program.stdout(Stdio::null()).stderr(Stdio::null());
        assert!(self.recorder.pull_the_plug(2, &mut program), "the program was not killed in mid-apply");
        self.apply();
        let person = self.person("program");
        for title in ["Plant the reeds", "Release the frogs", "Open the gate"] {
            person.issue(&self.titled(title));
        }
        assert_eq!(person.find("issues", &self.night).len(), 6);
    }

    /// Closes everything. The next apply unpins the gate, whose release is over.
    fn tidy(&self) {
        self.person("program").close_all(&self.night);
        let output = self.run(&["apply", "plan.md", "--repo", &self.repository, "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    }

    /// Applies the plan, then checks that nothing is left to do and that a second apply writes nothing.
    fn apply(&self) {
        let arguments = ["apply", "plan.md", "--repo", &self.repository, "--yes"];
        let output = self.run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(self.preview(), [""; 0], "an apply left something to do");
        let before = self.recorder.length();
        assert_eq!(self.run(&arguments).status.code(), Some(0));
        assert_eq!(self.recorder.writes_since(before), [""; 0], "an apply after an apply wrote something");
    }

    fn preview(&self) -> Vec<String> {
        let output = self.run(&["preview", "plan.md", "--repo", &self.repository, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        changes(&serde_json::from_slice::<Value>(&output.stdout).unwrap())
    }

    fn write(&self, edit: impl FnOnce(&str) -> String) {
        self.workplace.write("plan.md", edit(PLAN).replace("RUN", &self.night));
    }

    fn titled(&self, title: &str) -> String {
        format!("{title} ({})", self.night)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The built program, in an environment with a stand-in token only.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_plan-action"));
        command.args(arguments).current_dir(self.workplace.path("")).env_clear();
        command.env("GITHUB_TOKEN", "program").env("GITHUB_API_URL", &self.recorder.api);
        command
    }

    fn person<'c>(&'c self, account: &'c str) -> Person<'c> {
        Person { account, api: &self.recorder.api, repository: &self.repository }
    }
}
