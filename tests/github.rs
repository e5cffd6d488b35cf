//! Whole runs of the program against the GitHub double.

#![allow(clippy::unwrap_used, reason = "a test that fails here has failed")]

mod common;
mod double;

use std::process::Output;

use common::{OBSERVATORY, Workplace, changes, stderr};
use double::{Double, TOKEN};
use serde_json::Value;

fn run(workplace: &Workplace, double: &Double, arguments: &[&str]) -> Output {
    let mut command = workplace.command();
    command.env("GITHUB_TOKEN", TOKEN).env("GITHUB_API_URL", &double.api).args(arguments);
    let output = command.output().unwrap();
    assert!(!stderr(&output).contains(TOKEN), "the token was printed");
    output
}

fn done(workplace: &Workplace, double: &Double, arguments: &[&str]) -> String {
    let output = run(workplace, double, arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

const APPLY: [&str; 4] = ["apply", "plan.md", "--repo", "stars/observatory"];
const PREVIEW: [&str; 6] = ["preview", "plan.md", "--repo", "stars/observatory", "--format", "json"];

fn observatory() -> Workplace {
    let workplace = Workplace::new();
    workplace.write("plan.md", OBSERVATORY);
    workplace
}

fn count(requests: &[String], start: &str) -> usize {
    requests.iter().filter(|request| request.starts_with(start)).count()
}

#[test]
fn a_plan_is_applied_with_one_request_for_each_thing_and_only_read_the_second_time() {
    let (workplace, double) = (observatory(), Double::start());
    done(&workplace, &double, &APPLY);
    let requests = double.requests();
    let creating =
        |path: &str| requests.iter().filter(|it| **it == format!("POST /repos/stars/observatory/{path}")).count();
    assert_eq!([creating("labels"), creating("milestones"), creating("issues")], [8, 3, 8], "{requests:#?}");
    assert_eq!([count(&requests, "PATCH"), count(&requests, "PUT"), count(&requests, "DELETE")], [0, 0, 0]);
    double.repository(|repository| {
        assert_eq!(repository.issues.iter().map(|issue| issue.blocked_by.len()).sum::<usize>(), 8);
        assert_eq!(repository.pins, [5, 8]);
        assert_eq!(repository.milestones[0].due_on.as_deref(), Some("2026-03-02T08:00:00Z"));
        assert_eq!(repository.milestones[1].due_on.as_deref(), Some("2026-05-18T07:00:00Z"));
    });
    let preview: Value = serde_json::from_str(&done(&workplace, &double, &PREVIEW)).unwrap();
    assert_eq!(changes(&preview), [""; 0]);
    assert_eq!(preview["target"], "stars/observatory");
    double.requests();
    done(&workplace, &double, &APPLY);
    let requests = double.requests();
    assert!(requests.iter().all(|it| it.starts_with("GET") || it.starts_with("GRAPHQL query")), "{requests:#?}");
    double.check();
}
