//! Runs the steps of `action.yml` under bash as a runner would, against a local release server.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use serde_yaml::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const VERSION: &str = "1.2.3";
const ARCHIVE: &str = "plan-action-1.2.3-x86_64-unknown-linux-musl.tar.gz";
/// A stand-in for the program that prints how it was called.
const STAND_IN: &str = "#!/bin/sh\necho \"called with $*\"\nenv | grep ^INPUT_ | sort\n";

/// A server that release archives are downloaded from.
struct Host {
    address: String,
    files: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
    log: Arc<Mutex<Vec<String>>>,
}

impl Host {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let files: Arc<Mutex<BTreeMap<String, Vec<u8>>>> = Arc::default();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (served, asked) = (Arc::clone(&files), Arc::clone(&log));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                let path = lines.next().unwrap().unwrap().split(' ').nth(1).unwrap().to_owned();
                lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
                asked.lock().unwrap().push(path.clone());
                let (status, body) = match served.lock().unwrap().get(&path) {
                    Some(body) => ("200 OK", body.clone()),
                    None => ("404 Not Found", b"not found".to_vec()),
                };
                let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
                _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        Self { address, files, log }
    }

    fn serve(&self, archive: &[u8]) {
        self.files.lock().unwrap().insert(format!("/v{VERSION}/{ARCHIVE}"), archive.to_vec());
    }

    fn requests(&self) -> usize {
        std::mem::take(&mut *self.log.lock().unwrap()).len()
    }
}

/// A runner with a checkout of the action.
struct Runner {
    folder: TempDir,
    inputs: BTreeMap<String, String>,
    environment: BTreeMap<&'static str, String>,
}

/// The result of running the steps.
struct Ran {
    success: bool,
    log: String,
}

fn action() -> Value {
    serde_yaml::from_str(include_str!("../../action.yml")).unwrap()
}

impl Runner {
    /// A runner with the action at a tag that has the checksum `sum`, or untagged if there is none.
    fn new(host: &Host, sum: Option<&str>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["action/.github/release", "temp", "cache", "workspace", "bin"] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        let runner = Self { folder, inputs: BTreeMap::new(), environment: BTreeMap::new() };
        if let Some(sum) = sum {
            runner.write("action/.github/release/SHA256SUMS", &format!("{sum}  {ARCHIVE}\n"));
            runner.write("action/.github/release/VERSION", &format!("{VERSION}\n"));
            runner.write("action/.github/release/ADDRESS", &format!("{}/v{VERSION}\n", host.address));
        }
        let mut runner = runner.with("plan", "plan.md");
        runner.environment.insert("RUNNER_OS", "Linux".into());
        runner.environment.insert("RUNNER_ARCH", "X64".into());
        runner
    }

    fn with(mut self, input: &str, value: &str) -> Self {
        self.inputs.insert(input.into(), value.into());
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// The value of an expression such as `inputs.plan`; supports only what the action uses.
    fn value(&self, expression: &str, outputs: &BTreeMap<String, String>) -> String {
        let action = action();
        let one = |expression: &str| match expression.split('.').collect::<Vec<_>>()[..] {
            ["github", "action_path"] => self.path("action").display().to_string(),
            ["github", "token"] => "ghs_of_the_workflow".into(),
            ["inputs", name] => {
                let default = || self.expanded(action["inputs"][name]["default"].as_str().unwrap_or_default(), outputs);
                self.inputs.get(name).cloned().unwrap_or_else(default)
            }
            ["steps", step, "outputs", name] => outputs.get(&format!("{step}.{name}")).cloned().unwrap_or_default(),
            _ => panic!("an expression that the harness does not know: {expression}"),
        };
        expression.split("||").map(|part| one(part.trim())).find(|value| !value.is_empty()).unwrap_or_default()
    }

    fn expanded(&self, text: &str, outputs: &BTreeMap<String, String>) -> String {
        match text.split_once("${{").and_then(|(before, rest)| Some((before, rest.split_once("}}")?))) {
            Some((before, (expression, after))) => {
                format!("{before}{}{}", self.value(expression.trim(), outputs), self.expanded(after, outputs))
            }
            None => text.to_owned(),
        }
    }

    /// Runs the steps in order, and stops at the first that fails.
    fn run(&self) -> Ran {
        let action = action();
        let mut outputs = BTreeMap::new();
        let mut log = String::new();
        for step in action["runs"]["steps"].as_sequence().unwrap() {
            assert_eq!(step["shell"], "bash");
            let script = step["run"].as_str().unwrap();
            assert!(!script.contains("${{"), "an expression in a script can be anything: {script}");
            self.write("script", script);
            self.write("output", "");
            let output = self.bash(step, &outputs);
            log.push_str(&String::from_utf8_lossy(&output.stdout));
            log.push_str(&String::from_utf8_lossy(&output.stderr));
            let id = step["id"].as_str().unwrap();
            for line in std::fs::read_to_string(self.path("output")).unwrap().lines() {
                if let Some((name, value)) = line.split_once('=') {
                    outputs.insert(format!("{id}.{name}"), value.to_owned());
                }
            }
            if !output.status.success() {
                return Ran { success: false, log };
            }
        }
        Ran { success: true, log }
    }

    fn bash(&self, step: &Value, outputs: &BTreeMap<String, String>) -> Output {
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail"])
            .arg(self.path("script"))
            .current_dir(self.path("workspace"))
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("RUNNER_TOOL_CACHE", self.path("cache"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .envs(&self.environment);
        for (name, value) in step["env"].as_mapping().unwrap() {
            command.env(name.as_str().unwrap(), self.expanded(value.as_str().unwrap(), outputs));
        }
        command.output().unwrap()
    }
}

/// An archive with a program in it, in the form in which the release makes it.
fn archive(program: &Path) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("plan-action");
    std::fs::copy(program, &copy).unwrap();
    let mut tar = Command::new("tar");
    let output = tar.args(["-I", "gzip -1", "-cf", "-", "plan-action"]).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn stand_in() -> Vec<u8> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("program");
    std::fs::write(&program, STAND_IN).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    archive(&program)
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_archive_is_downloaded_verified_cached_and_run() {
    let (host, archive) = (Host::start(), stand_in());
    host.serve(&archive);
    let runner = Runner::new(&host, Some(&sum(&archive))).with("comment", "never");
    let ran = runner.run();
    assert!(ran.success, "{}", ran.log);
    assert!(ran.log.starts_with("called with run\n"), "{}", ran.log);
    assert!(ran.log.contains("\nINPUT_COMMENT=never\n") && ran.log.contains("\nINPUT_PLAN=plan.md\n"), "{}", ran.log);
    assert_eq!(host.requests(), 1);
    assert!(runner.run().success);
    assert_eq!(host.requests(), 0, "the second run takes it from the tool cache");
    // Somebody tampered with the cached archive.
    let cached = runner.path("cache/plan-action/1.2.3").join(ARCHIVE);
    std::fs::write(&cached, "not an archive").unwrap();
    assert!(runner.run().success);
    assert_eq!((host.requests(), sum(&std::fs::read(&cached).unwrap())), (1, sum(&archive)));
}

#[test]
fn the_real_program_runs_from_an_archive() {
    let host = Host::start();
    let archive = archive(Path::new(env!("CARGO_BIN_EXE_plan-action")));
    host.serve(&archive);
    let mut runner = Runner::new(&host, Some(&sum(&archive))).with("mode", "check");
    runner.write("workspace/plan.md", include_str!("../../fixtures/breakdown/observatory.md"));
    let event = include_str!("../../fixtures/events/push.json");
    runner.write("event.json", event);
    for (name, value) in [
        ("GITHUB_ACTIONS", "true".to_owned()),
        ("GITHUB_EVENT_NAME", "push".into()),
        ("GITHUB_EVENT_PATH", runner.path("event.json").display().to_string()),
        ("GITHUB_REPOSITORY", "stars/observatory".into()),
        ("GITHUB_REF", "refs/heads/main".into()),
        ("GITHUB_SHA", "d".repeat(40)),
        ("GITHUB_WORKSPACE", runner.path("workspace").display().to_string()),
    ] {
        runner.environment.insert(name, value);
    }
    let ran = runner.run();
    assert!(ran.success && ran.log.contains("plan.md: 3 milestones, 8 issues"), "{}", ran.log);
}

#[test]
fn an_archive_with_a_wrong_or_missing_checksum_is_not_run() {
    let (host, archive) = (Host::start(), stand_in());
    let refused = |runner: &Runner, words: &str| {
        let ran = runner.run();
        assert!(!ran.success && !ran.log.contains("called with"), "{}", ran.log);
        assert!(ran.log.contains("::error::plan-action: ") && ran.log.contains(words), "{words}: {}", ran.log);
        assert!(!runner.path("cache/plan-action/1.2.3").join(ARCHIVE).exists());
    };
    let right = Runner::new(&host, Some(&sum(&archive)));
    refused(&right, "cannot download http://127.0.0.1");
    host.serve(b"something else");
    refused(&right, "does not match the checksum of this release, so it was not run");
    host.serve(&archive);
    refused(&Runner::new(&host, Some(&"0".repeat(64))), "does not match the checksum");
    refused(&Runner::new(&host, Some("")), "this release has no checksum for plan-action-1.2.3-x86_64");
    let mut other = Runner::new(&host, Some(&sum(&archive)));
    other.environment.insert("RUNNER_ARCH", "ARM64".into());
    refused(&other, "this release has no checksum for plan-action-1.2.3-aarch64-unknown-linux-musl");
    other.environment.insert("RUNNER_ARCH", "S390X".into());
    refused(&other, "there is no binary for Linux on S390X");
    assert!(right.run().success, "and the right one runs after all that");
}

#[test]
fn a_requested_version_must_match_that_of_the_action() {
    let (host, archive) = (Host::start(), stand_in());
    host.serve(&archive);
    for (version, success) in [("1.2.3", true), ("v1.2.3", true), ("1.2", false), ("2.0.0", false)] {
        let ran = Runner::new(&host, Some(&sum(&archive))).with("version", version).run();
        assert_eq!(ran.success, success, "{version}: {}", ran.log);
        assert!(success || ran.log.contains("this is version 1.2.3"), "{}", ran.log);
    }
}

#[test]
fn an_untagged_checkout_is_built_from_source() {
    use std::os::unix::fs::PermissionsExt;
    let host = Host::start();
    let runner = Runner::new(&host, None);
    // A stand-in for cargo that prints its arguments.
    let target = runner.path("temp/plan-action/release");
    let cargo = format!(
        "#!/bin/sh\necho \"cargo $*\"\nmkdir -p '{target}'\nprintf '#!/bin/sh\\necho built and run\\n' > \
         '{target}/plan-action'\nchmod +x '{target}/plan-action'\n",
        target = target.display()
    );
    runner.write("bin/cargo", &cargo);
    std::fs::set_permissions(runner.path("bin/cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let ran = runner.run();
    assert!(ran.success, "{}", ran.log);
    let manifest = runner.path("action/Cargo.toml");
    assert!(ran.log.contains(&format!("cargo build --release --locked --manifest-path {}", manifest.display())));
    assert!(ran.log.ends_with("built and run\n"), "{}", ran.log);
    assert_eq!(host.requests(), 0);
    let ran = runner.with("version", "1.2.3").run();
    assert!(!ran.success && ran.log.contains("this commit is not a release"), "{}", ran.log);
}

#[test]
fn no_input_is_run_as_a_script() {
    let (host, archive) = (Host::start(), stand_in());
    host.serve(&archive);
    let hostile = "$(touch pwned) `touch pwned`; touch pwned; \"'\n&& touch pwned ${{ github.token }}";
    let mut runner = Runner::new(&host, Some(&sum(&archive)));
    for input in ["plan", "mode", "comment", "reviewed", "token"] {
        runner = runner.with(input, hostile);
    }
    let ran = runner.run();
    assert!(ran.success, "{}", ran.log);
    assert!(ran.log.contains("INPUT_MODE=$(touch pwned)"), "{}", ran.log);
    runner = runner.with("version", hostile);
    assert!(!runner.run().success);
    let places = ["workspace/pwned", "action/pwned", "temp/pwned", "cache/plan-action/1.2.3/pwned"];
    assert!(places.iter().all(|place| !runner.path(place).exists()));
}

#[test]
fn every_input_and_output_is_passed_through() {
    let action = action();
    let names = |key: &str| -> Vec<String> {
        action[key].as_mapping().unwrap().keys().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    let run = &action["runs"]["steps"][1];
    let given = run["env"].as_mapping().unwrap();
    for name in names("inputs").iter().filter(|name| !["token", "version"].contains(&name.as_str())) {
        let variable = format!("INPUT_{}", name.to_uppercase().replace('-', "_"));
        let value = given.get(variable.as_str()).unwrap_or_else(|| panic!("{variable} is not handed over"));
        assert_eq!(value.as_str().unwrap(), format!("${{{{ inputs.{name} }}}}"));
    }
    for name in names("outputs") {
        let value = action["outputs"][name.as_str()]["value"].as_str().unwrap();
        assert_eq!(value, format!("${{{{ steps.run.outputs.{name} }}}}"));
    }
    let documented = include_str!("../../.github/docs/workflow.md");
    for name in names("inputs").iter().chain(&names("outputs")) {
        assert!(documented.contains(&format!("| `{name}` |")), "`.github/docs/workflow.md` does not describe `{name}`");
    }
}
