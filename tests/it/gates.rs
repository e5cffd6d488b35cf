//! Release gates: pinned while open, and checked before a release.

use crate::common::{OBSERVATORY, Workplace, stderr};
use crate::double::{Double, TOKEN};
use serde_json::{Value, json};

/// A repository in a file, or on the GitHub double.
enum Place {
    File,
    GitHub(Double),
}

impl Place {
    fn run(&self, workplace: &Workplace, arguments: &[&str]) -> (i32, String) {
        let mut command = workplace.command();
        command.args(arguments);
        match self {
            Self::File => command.args(["--offline", "repo.json"]),
            Self::GitHub(double) => command
                .args(["--repo", "stars/observatory"])
                .env("GITHUB_TOKEN", TOKEN)
                .env("GITHUB_API_URL", &double.api),
        };
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
        (output.status.code().unwrap(), said)
    }

    fn apply(&self, workplace: &Workplace) {
        let (code, said) = self.run(workplace, &["apply", "plan.md", "--yes"]);
        assert_eq!(code, 0, "{said}");
    }

    fn close(&self, workplace: &Workplace, numbers: std::ops::RangeInclusive<u64>) {
        match self {
            Self::File => workplace.edit_repository(|repository| {
                for issue in repository["issues"].as_array_mut().unwrap() {
                    if numbers.contains(&issue["number"].as_u64().unwrap()) {
                        issue["state"] = "closed".into();
                    }
                }
            }),
            Self::GitHub(double) => double.repository(|repository| {
                numbers.for_each(|number| repository.issue(number).unwrap().closed = true);
            }),
        }
    }

    fn pins(&self, workplace: &Workplace) -> Vec<u64> {
        match self {
            Self::File => {
                let pins = workplace.repository()["pinned"].clone();
                pins.as_array().unwrap().iter().map(|pin| pin.as_u64().unwrap()).collect()
            }
            Self::GitHub(double) => double.repository(|repository| repository.pins.clone()),
        }
    }
}

/// Uses a plan from the folder in `PLAN_ACTION_SEEDS` whose release v0.2.0 is issue 8 and waits for all issues before
/// it.
#[test]
fn the_gates_of_a_real_plan_are_pinned_until_their_releases() {
    let Some(folder) = std::env::var_os("PLAN_ACTION_SEEDS").map(std::path::PathBuf::from) else { return };
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let is_it = |file: &std::path::PathBuf| {
        file.file_name().unwrap().to_string_lossy().starts_with("000") && file.extension().is_some_and(|it| it == "md")
    };
    let plan = std::fs::read_to_string(files.into_iter().find(is_it).unwrap()).unwrap();
    for place in [Place::File, Place::GitHub(Double::start())] {
        let workplace = Workplace::new();
        workplace.write("plan.md", &plan);
        place.apply(&workplace);
        assert_eq!(place.pins(&workplace), [8, 10]);
        let gate = ["gate", "plan.md", "--tag", "v0.2.0"];
        let (code, said) = place.run(&workplace, &gate);
        assert!(code == 1 && said.contains("7 of 7 issues are still open"), "{said}");
        assert!(said.contains("\n  1. #8 I8 ") && said.contains(". #7 I7 ") && said.contains(". #1 I1 "), "{said}");
        place.close(&workplace, 1..=7);
        let (code, said) = place.run(&workplace, &gate);
        assert_eq!(code, 0, "{said}");
        place.close(&workplace, 8..=8);
        place.apply(&workplace);
        assert_eq!(place.pins(&workplace), [10]);
    }
}

#[test]
fn a_gate_is_pinned_until_its_release() {
    for place in [Place::File, Place::GitHub(Double::start())] {
        let workplace = Workplace::new();
        workplace.write("plan.md", OBSERVATORY);
        place.apply(&workplace);
        assert_eq!(place.pins(&workplace), [5, 8]);
        let gate = ["gate", "plan.md", "--tag", "v0.2.0"];
        let (code, said) = place.run(&workplace, &gate);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("v0.2.0: the gate is shut; 4 of 4 issues are still open: #1 O1 Pour the pier"), "{said}");
        let chain =
            "each waiting for the next:\n  1. #5 O5 Release `v0.2.0` (first light)\n  2. #4 O4 Align the mount\n  3. #";
        assert!(said.contains(chain), "{said}");
        let (code, said) = place.run(&workplace, &["gate", "plan.md", "--milestone", "M1"]);
        assert!(code == 1 && said.contains("2 of 2 issues are still open"), "{said}");

        place.close(&workplace, 1..=4);
        let (code, said) = place.run(&workplace, &gate);
        assert_eq!((code, said.trim()), (0, "v0.2.0: the gate is open; all of 4 issues are closed."));
        let (code, said) = place.run(&workplace, &["gate", "plan.md", "--tag", "v0.1.0"]);
        assert_eq!(code, 0, "{said}");

        place.close(&workplace, 5..=5);
        place.apply(&workplace);
        assert_eq!(place.pins(&workplace), [8]);
    }
}

#[test]
fn issues_that_people_add_to_a_release_hold_it_too() {
    let workplace = Workplace::applied();
    let place = Place::File;
    place.close(&workplace, 1..=4);
    workplace.edit_repository(|repository| {
        let milestone = repository["issues"][4]["milestone"].clone();
        let own = json!({"number": 20, "title": "Leak in the dome", "milestone": milestone, "author": "grace",
            "assignees": ["grace"]});
        repository["issues"].as_array_mut().unwrap().push(own);
    });
    let (code, said) = place.run(&workplace, &["gate", "plan.md", "--tag", "v0.2.0"]);
    assert!(code == 1 && said.contains("  #20 Leak in the dome  @grace\n"), "{said}");
    let (code, said) = place.run(&workplace, &["gate", "plan.md", "--milestone", "Nowhere"]);
    assert_eq!(code, 1);
    assert!(said.contains("no milestone is called `Nowhere`; milestones: `M1 Dome and power (v0.1.0)`, "), "{said}");
}

fn five_gates() -> String {
    let mut plan = String::from("# Five\n\n## Milestones\n\n");
    for at in 1..=5 {
        plan.push_str(&format!("- `M{at}` Step {at}\n  - Target date: 2026-0{}-01\n", 9 - at));
    }
    plan.push_str("\n## Issues\n\n");
    for at in 1..=5 {
        plan.push_str(&format!("### `G{at}` Gate {at}\n\n- Milestone: M{at}\n- Labels: release-gate\n\n"));
    }
    plan
}

#[test]
fn the_earliest_three_gates_are_pinned_and_pins_by_people_stay() {
    let workplace = Workplace::new();
    workplace.write("plan.md", five_gates());
    let preview: Value = serde_json::from_str(&workplace.stdout(&["preview", "plan.md", "--format", "json"])).unwrap();
    let notices = preview["notices"].to_string();
    assert!(notices.contains("2 release gates are not pinned, because GitHub pins at most 3 issues"), "{notices}");
    assert!(notices.contains("`G2 Gate 2`, `G1 Gate 1`"), "{notices}");
    workplace.apply();
    let pinned = |workplace: &Workplace| -> Vec<String> {
        let repository = workplace.repository();
        let issues = repository["issues"].as_array().unwrap();
        let title = |pin: &Value| {
            let issue = issues.iter().find(|issue| issue["number"] == *pin).unwrap();
            issue["title"].as_str().unwrap().to_owned()
        };
        let mut titles: Vec<String> = repository["pinned"].as_array().unwrap().iter().map(title).collect();
        titles.sort();
        titles
    };
    assert_eq!(pinned(&workplace), ["G3 Gate 3", "G4 Gate 4", "G5 Gate 5"]);
    // People unpin one gate and pin an issue of their own instead.
    workplace.edit_repository(|repository| {
        let own = json!({"number": 20, "title": "Read this first", "author": "grace"});
        repository["issues"].as_array_mut().unwrap().push(own);
        let pins = repository["pinned"].as_array_mut().unwrap();
        pins.remove(0);
        pins.push(20.into());
    });
    let before = pinned(&workplace);
    workplace.stdout(&["apply", "plan.md", "--offline", "repo.json", "--yes"]);
    assert_eq!(pinned(&workplace), before, "what people pinned and unpinned stays so");
    assert!(before.contains(&"Read this first".to_owned()));
}
