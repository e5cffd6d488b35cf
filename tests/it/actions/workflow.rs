//! Runs the program with the environment, files and events of a GitHub Actions runner.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common::{OBSERVATORY, Workplace, stderr};
use crate::double::{Double, TOKEN};

/// The commits named in the event fixtures.
pub(crate) const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const BASE: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
pub(crate) const LANDED: &str = "dddddddddddddddddddddddddddddddddddddddd";

/// A workflow: its workspace, and its repository on the GitHub double.
pub(crate) struct Workflow {
    pub workplace: Workplace,
    pub double: Double,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub summary: String,
    pub outputs: BTreeMap<String, String>,
}

impl Workflow {
    /// A workspace with the observatory plan, and an empty repository that the workflow's token may write to.
    pub(crate) fn new() -> Self {
        let workflow = Self { workplace: Workplace::new(), double: Double::start() };
        workflow.workplace.write("plan.md", OBSERVATORY);
        workflow.double.repository(|repository| repository.viewer = "github-actions".into());
        workflow
    }

    /// Like `new`, with the plan on the base branch and applied.
    pub(crate) fn applied() -> Self {
        let workflow = Self::new();
        workflow.land();
        assert_eq!(workflow.push(&[("reviewed", "off")]).code, 0);
        workflow
    }

    /// Puts the plan of the workspace on the base branch of the GitHub double.
    pub(crate) fn land(&self) {
        let text = self.workplace.read("plan.md");
        self.double.repository(|repository| {
            for place in ["main", BASE] {
                repository.files.insert((place.into(), "plan.md".into()), text.clone());
            }
        });
    }

    /// Records that pull request 12 brought the landed commit.
    pub(crate) fn merge(&self) {
        self.double.repository(|it| it.pulls.push((LANDED.into(), 12, Some("main".into()))));
        let text = self.workplace.read("plan.md");
        self.double.repository(|it| it.files.insert(("main".into(), "plan.md".into()), text));
    }

    pub(crate) fn pull_request(&self, inputs: &[(&str, &str)]) -> Ran {
        self.run("pull_request", include_str!("../../../fixtures/events/pull_request.json"), inputs)
    }

    pub(crate) fn push(&self, inputs: &[(&str, &str)]) -> Ran {
        self.run("push", include_str!("../../../fixtures/events/push.json"), inputs)
    }

    /// Runs the program for an event.
    pub(crate) fn run(&self, event: &str, payload: &str, inputs: &[(&str, &str)]) -> Ran {
        for name in ["output", "summary"] {
            self.workplace.write(name, "");
        }
        self.workplace.write("event.json", payload);
        let json: Value = serde_json::from_str(payload).unwrap_or_default();
        let path = |name: &str| self.workplace.path(name).display().to_string();
        let mut command = self.workplace.command();
        command
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_EVENT_NAME", event)
            .env("GITHUB_EVENT_PATH", path("event.json"))
            .env("GITHUB_REPOSITORY", "stars/observatory")
            .env("GITHUB_SERVER_URL", "https://github.com")
            .env("GITHUB_RUN_ID", "4711")
            .env("GITHUB_REF", reference(&json))
            .env("GITHUB_SHA", LANDED)
            .env("GITHUB_WORKSPACE", path(""))
            .env("GITHUB_OUTPUT", path("output"))
            .env("GITHUB_STEP_SUMMARY", path("summary"))
            .env("RUNNER_TEMP", path(""))
            .env("GITHUB_API_URL", &self.double.api)
            .env("GITHUB_TOKEN", TOKEN)
            .env("INPUT_PLAN", "plan.md");
        for (name, value) in inputs {
            command.env(format!("INPUT_{}", name.to_uppercase().replace('-', "_")), value);
        }
        let output = command.output().unwrap();
        let ran = Ran {
            code: output.status.code().unwrap(),
            stderr: stderr(&output),
            stdout: String::from_utf8(output.stdout).unwrap(),
            summary: self.workplace.read("summary"),
            outputs: outputs(&self.workplace.read("output")),
        };
        assert!(!format!("{ran:?}").contains(TOKEN), "the token was printed");
        ran
    }

    /// The comments on pull request 12.
    pub(crate) fn comments(&self) -> Vec<String> {
        self.double.repository(|repository| repository.comments.iter().map(|it| it.body.clone()).collect())
    }

    /// The only comment that the program wrote.
    pub(crate) fn comment(&self) -> String {
        let own = |repository: &mut crate::double::repository::Repository| {
            let own = repository.comments.iter().filter(|it| it.author == "github-actions[bot]");
            own.map(|it| it.body.clone()).collect::<Vec<_>>()
        };
        let comments = self.double.repository(own);
        assert_eq!(comments.len(), 1, "{comments:#?}");
        comments[0].clone()
    }
}

impl Ran {
    /// The workflow commands of one kind.
    pub(crate) fn commands(&self, kind: &str) -> Vec<&str> {
        let start = [format!("::{kind} "), format!("::{kind}::")];
        let lines = self.stdout.lines().chain(self.stderr.lines());
        lines.filter(|line| start.iter().any(|start| line.starts_with(start))).collect()
    }
}

/// The ref of an event's branch or tag.
fn reference(event: &Value) -> String {
    match (&event["ref"], &event["release"]["tag_name"]) {
        (Value::String(reference), _) => reference.clone(),
        (_, Value::String(tag)) => format!("refs/tags/{tag}"),
        _ => "refs/heads/main".into(),
    }
}

/// Parses the runner's output file as the runner does.
pub(crate) fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").expect("an output");
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}
