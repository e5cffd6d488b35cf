//! Answers that are incomplete or have the wrong type: missing data is never interpreted.

use std::collections::BTreeSet;

use plan_action::app::gate::judge_all;
use plan_action::matching::Notice;
use plan_action::model::snapshot::IssueNumber;
use plan_action::report::gate::Asked;
use serde_json::{Value, json};

use crate::double::{Double, Fault};
use crate::wire::run::{Run, wait};
use crate::wire::servers::{FAMILY, links};

type Change = fn(&mut Value);

/// The ways in which pinned issues can be missing.
const PINS: [(&str, Change); 5] = [
    ("no list", |it| it["data"]["repository"]["pinnedIssues"] = Value::Null),
    ("no repository", |it| it["data"]["repository"] = Value::Null),
    ("no pin", |it| it["data"]["repository"]["pinnedIssues"]["nodes"] = json!([null])),
    ("no issue", |it| it["data"]["repository"]["pinnedIssues"]["nodes"] = json!([{"issue": null}])),
    ("no nodes and an error", |it| {
        it["data"]["repository"]["pinnedIssues"]["nodes"] = json!([]);
        it["errors"] = json!([{"message": "Something went wrong"}]);
    }),
];

/// C2 (#3) in an answer that contains it, and its index.
fn c2(answer: &mut Value) -> Option<(usize, &mut Value)> {
    let nodes = answer["data"]["nodes"].as_array_mut()?;
    nodes.iter_mut().enumerate().find(|(_, node)| node["number"] == 3)
}

/// Changes a field of C2, and adds an error about it.
fn with_error(answer: &mut Value, field: &str, value: Value) {
    let Some((at, node)) = c2(answer) else { return };
    node[field] = value;
    answer["errors"] = json!([{"message": "timed out", "path": ["nodes", at, field]}]);
}

/// The ways in which the links of C2 can be missing.
const LINKS: [(&str, Change); 10] = [
    ("no nodes", |it| it["data"]["nodes"] = Value::Null),
    ("no data", |it| *it = json!({"data": null, "errors": [{"message": "Something went wrong"}]})),
    ("no node", |it| _ = c2(it).map(|(_, node)| *node = Value::Null)),
    ("fewer nodes", |it| _ = it["data"]["nodes"].as_array_mut().map(|nodes| nodes.retain(|node| node["number"] != 3))),
    ("another node", |it| _ = c2(it).map(|(_, node)| node["number"] = json!(99))),
    ("no blockers", |it| _ = c2(it).map(|(_, node)| node["blockedBy"] = Value::Null)),
    ("no blocker", |it| _ = c2(it).map(|(_, node)| node["blockedBy"]["nodes"] = json!([null]))),
    ("more blockers", |it| {
        let blockers = json!({"nodes": [], "pageInfo": {"hasNextPage": true}});
        _ = c2(it).map(|(_, node)| node["blockedBy"] = blockers);
    }),
    ("an error beside no blocker", |it| {
        with_error(it, "blockedBy", json!({"nodes": [], "pageInfo": {"hasNextPage": false}}));
    }),
    ("an error beside no parent", |it| with_error(it, "parent", Value::Null)),
];

fn faults() -> impl Iterator<Item = (&'static str, &'static str, Change)> {
    let pins = PINS.iter().map(|(name, change)| ("pinnedIssues", *name, *change));
    pins.chain(LINKS.iter().map(|(name, change)| ("blockedBy(", *name, *change)))
}

#[test]
fn data_missing_once_is_requested_again() {
    for (part, name, change) in faults() {
        let double = Double::start();
        let run = Run::new(&double, FAMILY);
        run.apply();
        double.fail("POST", part, 0, 1, Fault::Changed(change));
        let diff = run.diff();
        assert!(diff.changes.is_empty() && diff.drift.is_empty(), "{name}: {:#?} {:#?}", diff.changes, diff.drift);
        assert_eq!(diff.notices, [], "{name}");
        double.check();
    }
}

#[test]
fn data_that_stays_missing_is_reported_and_is_neither_drift_nor_change() {
    let more = FAMILY.replace("- Depends on: C1", "- Labels: `later`\n- Depends on: C1, N1")
        + "\n### `N1` New\n\n- Parent: P1\n- Labels: `release-gate`\n";
    for drift in ["keep", "restore"] {
        let with_drift = |text: &str| format!("---\ndrift: {drift}\n---\n{text}");
        let undisturbed = Double::start();
        Run::new(&undisturbed, &with_drift(FAMILY)).apply();
        Run::new(&undisturbed, &with_drift(&more)).apply();
        for (part, name, change) in faults() {
            let double = Double::start();
            let run = Run::new(&double, &with_drift(FAMILY));
            run.apply();
            double.fail("POST", part, 0, 1_000, Fault::Changed(change));
            let diff = run.diff();
            assert!(diff.changes.is_empty() && diff.drift.is_empty(), "{name}: {:#?} {:#?}", diff.changes, diff.drift);
            let expected = match (part, name) {
                ("pinnedIssues", _) => Notice::UnknownPins,
                (_, "no nodes" | "no data") => Notice::UnknownLinks([1, 2, 3].map(IssueNumber).to_vec()),
                _ => Notice::UnknownLinks(vec![IssueNumber(3)]),
            };
            assert_eq!(diff.notices, [expected], "{name}");
            // A run that cannot see the links does what it can, and records no more than that.
            let run = Run::new(&double, &with_drift(&more));
            assert_eq!(run.try_apply().unwrap(), [""; 0], "{name}");
            double.heal();
            run.apply();
            assert!(run.diff().drift.is_empty() && run.diff().notices.is_empty(), "{name}: {:#?}", run.diff().drift);
            assert_eq!(links(&double), links(&undisturbed), "{name}");
        }
    }
}

#[test]
fn a_gate_is_not_reported_open_while_its_blockers_are_unknown() {
    let double = Double::start();
    let run = Run::new(&double, FAMILY);
    run.apply();
    double.fail("POST", "blockedBy(", 0, 1_000, Fault::Changed(|it| it["data"]["nodes"] = Value::Null));
    let snapshot = run.snapshot();
    let judged = wait(async { judge_all(&[], &snapshot, Asked::Tag("v1.0.0")).await.map(|_| ()) });
    let error = judged.unwrap_err().to_string();
    assert!(error.starts_with("GitHub did not return the blockers of #1, #2, #3, even when asked again"), "{error}");
    assert!(error.ends_with("run the check again"), "{error}");
}

#[test]
fn a_link_to_an_issue_that_the_token_may_not_see_is_left_alone() {
    let double = Double::start();
    let run = Run::new(&double, FAMILY);
    run.apply();
    let hide: Change = |it| {
        let (at, node) = c2(it).unwrap();
        let blockers = node["blockedBy"]["nodes"].as_array_mut().unwrap();
        blockers.push(Value::Null);
        let path = json!(["nodes", at, "blockedBy", "nodes", blockers.len() - 1]);
        it["errors"] = json!([{"message": "Resource not accessible", "type": "FORBIDDEN", "path": path}]);
    };
    double.fail("POST", "blockedBy(", 0, 1, Fault::Changed(hide));
    let diff = run.diff();
    assert!(diff.changes.is_empty() && diff.drift.is_empty() && diff.notices.is_empty(), "{:#?}", diff.changes);
    double.check();
}

#[test]
fn partial_rest_answers_are_requested_again_or_count_as_unknown() {
    let parts: [(&str, Change); 4] = [
        ("/3/dependencies/blocked_by", |it| *it = Value::Null),
        ("/3/dependencies/blocked_by", |it| *it = json!([null])),
        ("/3/parent", |it| *it = json!([])),
        ("/3/parent", |it| *it = Value::Null),
    ];
    for (part, change) in parts {
        for times in [1, 1_000] {
            let double = Double::enterprise();
            double.repository(|it| it.lacks.insert("graphql"));
            let run = Run::new(&double, FAMILY);
            run.apply();
            double.fail("GET", part, 0, times, Fault::Changed(change));
            let diff = run.diff();
            assert!(diff.changes.is_empty() && diff.drift.is_empty(), "{part}: {:#?} {:#?}", diff.changes, diff.drift);
            let unknown = if times == 1 { Vec::new() } else { vec![Notice::UnknownLinks(vec![IssueNumber(3)])] };
            assert_eq!(diff.notices, unknown, "{part}");
        }
    }
}

#[test]
fn an_answer_of_another_type_is_an_error_and_never_a_panic() {
    let odd: [Change; 12] = [
        |it| *it = Value::Null,
        |it| *it = json!([]),
        |it| *it = json!({}),
        |it| *it = json!("text"),
        |it| *it = json!(-1.5),
        |it| *it = json!(true),
        |it| *it = json!([null, [], {}, "text"]),
        |it| *it = json!({"data": []}),
        |it| *it = json!({"data": "text", "errors": [null, 1, {"path": {}, "message": []}]}),
        |it| *it = json!({"data": {"viewer": [], "repository": 1, "nodes": {"0": null}}}),
        |it| *it = json!({"data": {"viewer": {"login": 1}, "nodes": [1, "x", []]}, "errors": {}}),
        |it| *it = json!([{"number": -1, "id": "x", "title": null, "due_on": 3, "labels": {}}]),
    ];
    let parts = [
        ("GET", "/repos/stars/observatory"),
        ("GET", "/issues?state=open"),
        ("GET", "/issues?state=all"),
        ("GET", "/issues/"),
        ("GET", "/labels"),
        ("GET", "/milestones"),
        ("POST", "viewer"),
        ("POST", "blockedBy("),
        ("POST", "addBlockedBy"),
        ("POST", "/issues"),
        ("POST", "/labels"),
        ("POST", "/milestones"),
        ("PATCH", "/issues/"),
    ];
    let mut said = BTreeSet::new();
    for (method, part) in parts {
        for change in odd {
            let double = Double::start();
            double.fail(method, part, 0, 1_000, Fault::Changed(change));
            let run = Run::new(&double, FAMILY);
            let failed = run.try_apply().unwrap_or_else(|error| vec![format!("{error:#}")]);
            said.extend(failed);
        }
    }
    assert!(!said.is_empty());
}
