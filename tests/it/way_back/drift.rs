//! `drift` on the command line.

use serde_json::json;

use crate::common::{Workplace, stderr};

/// An applied plan with one issue renamed by somebody, and another closed.
fn edited() -> Workplace {
    let workplace = Workplace::applied();
    workplace.edit_repository(|repository| {
        repository["issues"][0]["title"] = json!("I1 Another name");
        repository["issues"][1]["state"] = json!("closed");
    });
    workplace
}

#[test]
fn drift_is_reported_with_the_progress_of_the_milestones() {
    let workplace = edited();
    let arguments = ["drift", "plan.md", "--offline", "repo.json"];
    let text = workplace.stdout(&arguments);
    assert!(text.contains("I1 Another name"), "{text}");
    assert!(text.contains("plan.md: 1 edit by people"), "{text}");
    assert!(text.contains(" done, due "), "{text}");
    let output = workplace.run(&[&arguments[..], &["--exit-code"]].concat());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let markdown = workplace.stdout(&[&arguments[..], &["--format", "markdown"]].concat());
    assert!(markdown.contains("| Milestone | Done | Due |"), "{markdown}");
    let json = workplace.stdout(&[&arguments[..], &["--format", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["drift"][0]["fields"][0]["from"], "I1 Another name");
    assert_eq!(json["changes"], json!([]));
}

#[test]
fn a_drift_report_writes_nothing_and_says_when_nothing_changed() {
    let workplace = Workplace::applied();
    let before = workplace.read("repo.json");
    let output = workplace.run(&["drift", "plan.md", "--offline", "repo.json", "--exit-code"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("no drift"));
    assert_eq!(workplace.read("repo.json"), before);
}

#[test]
fn a_drift_report_needs_a_repository() {
    let workplace = Workplace::applied();
    let output = workplace.run(&["drift", "plan.md"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("name the repository: --repo OWNER/NAME"), "{}", stderr(&output));
}
