//! Servers at other addresses, older servers, and renamed repositories.

use std::collections::BTreeSet;

use plan_action::repository::Observer;

use crate::common::OBSERVATORY;
use crate::double::Double;
use crate::double::repository::Issue;
use crate::wire::run::{Run, wait};

pub(super) const FAMILY: &str = "# Family\n\n## Issues\n\n### `P1` Parent\n\n- Labels: `release-gate`\n\n### `C1` One\n\n- Parent: P1\n\n\
                      ### `C2` Two\n\n- Parent: P1\n- Depends on: C1\n";

#[test]
fn an_enterprise_server_without_graphql_is_served_over_rest() {
    let double = Double::enterprise();
    double.repository(|it| {
        it.lacks.insert("graphql");
        it.collisions = 2;
    });
    let run = Run::new(&double, FAMILY);
    run.apply();
    double.repository(|it| {
        assert_eq!(it.issue(3).unwrap().blocked_by, BTreeSet::from([2]));
        assert_eq!((it.issue(2).unwrap().parent, it.issue(3).unwrap().parent), (Some(1), Some(1)));
    });
    assert!(run.said("this server has no pinned issues: they are neither compared nor written"));
    double.check();
}

#[test]
fn an_enterprise_server_has_its_own_paths() {
    let double = Double::enterprise();
    Run::new(&double, FAMILY).apply();
    double.repository(|it| assert_eq!(it.pins, [1]));
    double.check();
}

#[test]
fn missing_features_are_reported_once_and_the_rest_works() {
    for lacks in [["blockedBy", "addBlockedBy"].as_slice(), &["graphql", "dependencies"], &["graphql", "sub_issues"]] {
        let double = Double::start();
        double.repository(|it| it.lacks.extend(lacks));
        let run = Run::new(&double, FAMILY);
        run.apply();
        run.apply();
        double.repository(|it| assert!(it.issue(3).unwrap().body.contains("Blocked by #2")));
        double.check();
    }
}

/// Features that a server may lack, over GraphQL and over REST.
const LACKS: [&[&str]; 5] = [
    &["blockedBy", "addBlockedBy", "removeBlockedBy"],
    &["parent", "addSubIssue", "removeSubIssue"],
    &["pinnedIssues", "pinIssue", "unpinIssue"],
    &[
        "blockedBy",
        "addBlockedBy",
        "removeBlockedBy",
        "parent",
        "addSubIssue",
        "removeSubIssue",
        "pinnedIssues",
        "pinIssue",
        "unpinIssue",
    ],
    &["graphql", "dependencies", "sub_issues"],
];

/// All links and pins, as text for comparison.
pub(super) fn links(double: &Double) -> Vec<String> {
    double.repository(|it| {
        let of = |issue: &Issue| format!("#{}: {:?} {:?}", issue.number, issue.blocked_by, issue.parent);
        it.issues.iter().map(of).chain([format!("pins {:?}", it.pins)]).collect()
    })
}

#[test]
fn unsupported_links_are_neither_drift_nor_change_and_are_added_once_supported() {
    let whole = Double::start();
    Run::new(&whole, FAMILY).apply();
    for lacks in LACKS {
        for applied_before in [true, false] {
            for drift in ["keep", "restore"] {
                let double = Double::start();
                let text = format!("---\ndrift: {drift}\n---\n{FAMILY}");
                if applied_before {
                    Run::new(&double, &text).apply();
                }
                double.repository(|it| {
                    it.lacks.extend(lacks);
                    let is_lacking = |field: &str| lacks.contains(&field);
                    for issue in &mut it.issues {
                        if is_lacking("blockedBy") || is_lacking("dependencies") {
                            issue.blocked_by.clear();
                        }
                        if is_lacking("parent") || is_lacking("sub_issues") {
                            issue.parent = None;
                        }
                    }
                    if is_lacking("pinnedIssues") || is_lacking("graphql") {
                        it.pins.clear();
                    }
                });
                let run = Run::new(&double, &text);
                if applied_before {
                    let diff = run.diff();
                    assert!(diff.changes.is_empty() && diff.drift.is_empty(), "{lacks:?}: {:#?}", diff.drift);
                    let told = run.said.borrow().iter().filter(|it| it.contains("this server has no ")).count();
                    assert_eq!(told, 1, "{:?}", run.said.borrow());
                }
                run.apply();
                double.requests();
                run.apply();
                let writes = double.requests();
                let writes: Vec<_> =
                    writes.iter().filter(|it| !it.starts_with("GET") && !it.contains("query")).collect();
                assert!(writes.is_empty(), "an apply after an apply writes nothing: {writes:#?}");
                assert!(run.diff().drift.is_empty(), "{lacks:?}: {:#?}", run.diff().drift);
                double.repository(|it| it.lacks.clear());
                let diff = run.diff();
                assert!(diff.drift.is_empty() && diff.notices.is_empty(), "{lacks:?}: {:#?}", diff.drift);
                run.apply();
                assert_eq!(links(&double), links(&whole), "{lacks:?}, applied before: {applied_before}");
                // From now on, links that people remove stay removed.
                double.repository(|it| it.issue(3).unwrap().blocked_by.clear());
                if drift == "keep" {
                    assert_eq!((run.diff().changes.len(), run.diff().drift.len()), (0, 1), "{lacks:?}");
                }
            }
        }
    }
}

#[test]
fn the_newest_api_version_is_requested() {
    let double = Double::start();
    Run::new(&double, OBSERVATORY).apply();
    assert_eq!(BTreeSet::from_iter(double.versions()), BTreeSet::from(["2026-03-10".to_owned()]));
    double.check();
}

#[test]
fn the_previous_api_version_is_used_after_the_first_rejection_in_a_run() {
    for double in [Double::start(), Double::enterprise()] {
        double.repository(|it| it.versions = vec!["2022-11-28"]);
        let run = Run::new(&double, OBSERVATORY);
        assert_eq!(run.try_apply().unwrap(), [""; 0]);
        let versions = double.versions();
        assert_eq!(versions.iter().filter(|it| *it == "2026-03-10").count(), 1, "{versions:?}");
        assert_eq!(versions[1], "2022-11-28");
        run.settled();
        double.repository(|it| assert_eq!(it.issues.len(), 8));
        double.check();
    }
}

#[test]
fn a_server_that_supports_no_known_version_is_reported() {
    let double = Double::start();
    double.repository(|it| it.versions.clear());
    let error = format!("{:#}", Run::new(&double, OBSERVATORY).try_apply().unwrap_err());
    assert!(error.contains("GitHub answered 400 (The version you specified"), "{error}");
    assert!(
        error.contains("this program knows the versions 2026-03-10 and 2022-11-28; use a later release"),
        "{error}"
    );
    assert_eq!(double.requests().len(), 2);
}

#[test]
fn a_renamed_repository_is_found_and_its_new_name_is_reported() {
    let double = Double::start();
    double.repository(|it| it.former_name = Some("stars/hill".into()));
    let run = Run::new(&double, OBSERVATORY);
    let snapshot = wait(async { run.github_called("stars/hill").await.unwrap().observe().await.unwrap() });
    assert_eq!(snapshot.target.as_deref(), Some("stars/observatory"));
    assert!(run.said("`stars/hill` is called `stars/observatory` now"));
}
