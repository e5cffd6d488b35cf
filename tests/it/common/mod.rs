//! Helpers for running the built program in an empty folder with a clean environment.

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// The plan that most tests use.
pub(crate) const OBSERVATORY: &str = include_str!("../../../fixtures/breakdown/observatory.md");

/// A temporary folder to run the program in.
pub(crate) struct Workplace {
    folder: TempDir,
}

impl Workplace {
    /// A new folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A new folder with the observatory plan, applied to `repo.json`.
    pub(crate) fn applied() -> Self {
        let workplace = Self::new();
        workplace.write("plan.md", OBSERVATORY);
        let output = workplace.run(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        workplace
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Reads a file.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces a text that must occur in a file.
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "`{from}` is not in {name}");
        self.write(name, text.replacen(from, to, 1));
    }

    /// The offline repository as JSON.
    pub(crate) fn repository(&self) -> serde_json::Value {
        serde_json::from_str(&self.read("repo.json")).unwrap()
    }

    /// Edits the offline repository, as people would.
    pub(crate) fn edit_repository(&self, edit: impl FnOnce(&mut serde_json::Value)) {
        let mut repository = self.repository();
        edit(&mut repository);
        self.write("repo.json", serde_json::to_string(&repository).unwrap());
    }

    /// A command that runs the program in the folder.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::cargo_bin("plan-action").unwrap();
        for (name, _) in std::env::vars() {
            let ours = ["GITHUB_", "GH_", "INPUT_", "RUNNER_", "CLICOLOR", "NO_COLOR"]
                .iter()
                .any(|start| name.starts_with(start));
            if ours {
                command.env_remove(name);
            }
        }
        command.current_dir(self.folder.path());
        command
    }

    /// Runs the program and returns its output.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().unwrap()
    }

    /// Runs the program, which must succeed, and returns its standard output.
    pub(crate) fn stdout(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The preview of `plan.md` against `repo.json` as JSON.
    pub(crate) fn preview(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout(&["preview", "plan.md", "--offline", "repo.json", "--format", "json"]))
            .unwrap()
    }

    /// Applies `plan.md` to `repo.json`. Afterwards the preview must be empty, and a second apply must not change a
    /// byte.
    pub(crate) fn apply(&self) {
        self.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        let applied = self.read("repo.json");
        let left = self.preview();
        assert_eq!(left["changes"], serde_json::json!([]), "an apply left something to do");
        self.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
        assert_eq!(self.read("repo.json"), applied, "an apply after an apply wrote something");
    }
}

/// The standard error of a run.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The changes of a preview, each as `op kind key: field from → to`.
pub(crate) fn changes(preview: &serde_json::Value) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let list = preview["changes"].as_array().unwrap().iter();
    list.map(|change| {
        let fields: Vec<String> = change["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| format!("{} {} → {}", text(&field["field"]), text(&field["from"]), text(&field["to"])))
            .collect();
        format!("{} {} {}: {}", text(&change["op"]), text(&change["kind"]), text(&change["key"]), fields.join("; "))
    })
    .collect()
}

/// Whether a path is a file.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}
