//! The project's own workflows: which commands run with which permissions.

use std::process::Command;

use serde_yaml::Value;

use crate::common::Workplace;

const RELEASE: &str = include_str!("../../.github/workflows/release.yml");
/// Commands that download or run third-party code.
const RUNS_OTHERS_CODE: [&str; 12] =
    ["cargo", "rustup", "rustc", ".ci/", "npm", "npx", "node", "pip", "python", "apt-get", "curl", "wget"];
/// The actions allowed in jobs that can write or sign; all are GitHub's own.
const TRUSTED: [&str; 3] = ["actions/checkout@", "actions/download-artifact@", "actions/attest@"];

#[test]
fn no_third_party_code_runs_in_release_jobs_that_can_write_or_sign() {
    let workflow: Value = serde_yaml::from_str(RELEASE).unwrap();
    assert_eq!(workflow["permissions"], Value::Mapping(serde_yaml::Mapping::new()), "nothing is granted to all jobs");
    let jobs = workflow["jobs"].as_mapping().unwrap();
    let mut privileged = Vec::new();
    for (name, job) in jobs {
        let permissions = job["permissions"].as_mapping().unwrap();
        let writes = permissions.values().any(|permission| permission != "read");
        let steps = job["steps"].as_sequence().unwrap();
        if !writes {
            assert!(permissions.keys().all(|permission| permission == "contents"), "{name:?} needs less");
            continue;
        }
        privileged.push(name.as_str().unwrap());
        for step in steps {
            let run = step["run"].as_str().unwrap_or_default();
            let words: Vec<&str> = run.split_whitespace().collect();
            let found = RUNS_OTHERS_CODE.iter().find(|it| words.iter().any(|word| word.starts_with(**it)));
            assert_eq!(found, None, "{name:?}: {run}");
            let uses = step["uses"].as_str().unwrap_or("actions/checkout@");
            assert!(TRUSTED.iter().any(|trusted| uses.starts_with(trusted)), "{name:?}: {uses}");
        }
    }
    assert_eq!(privileged, ["attest", "publish"]);
    let permissions = |job: &str| -> Vec<&str> {
        jobs[job]["permissions"].as_mapping().unwrap().keys().map(|it| it.as_str().unwrap()).collect()
    };
    assert_eq!(permissions("attest"), ["id-token", "attestations"]);
    assert_eq!(permissions("publish"), ["contents"]);
}

#[test]
fn the_tag_comes_last() {
    let places = ["refs/heads/release-$VERSION\"\n", "gh release create", "--draft=false", "refs/tags/v${VERSION%%.*}"];
    let places: Vec<usize> = places.iter().map(|place| RELEASE.find(place).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn release_notes_are_the_section_of_the_changelog() {
    let workflow: Value = serde_yaml::from_str(RELEASE).unwrap();
    let steps = workflow["jobs"]["publish"]["steps"].as_sequence().unwrap();
    let step = steps.iter().find(|step| step["name"] == "Take the release notes from the changelog").unwrap();
    let workplace = Workplace::new();
    workplace.write(
        "CHANGELOG.md",
        "# Changelog\n\n## [1.10.0] - x\n\n- New.\n\n## [1.1.0] - y\n\n### Added\n\n- One.\n\n## [1.0.0]\n\n- Old.\n",
    );
    let notes = |version: &str| {
        let mut bash = Command::new("bash");
        bash.args(["-eo", "pipefail", "-c", step["run"].as_str().unwrap()]).env("VERSION", version);
        let success = bash.current_dir(workplace.path("")).status().unwrap().success();
        success.then(|| workplace.read("notes.md"))
    };
    assert_eq!(notes("1.1.0").as_deref(), Some("\n### Added\n\n- One.\n\n"));
    assert_eq!(notes("1.0.0").as_deref(), Some("\n- Old.\n"));
    assert_eq!(notes("1.2.0"), None, "a release without notes is stopped");
}
