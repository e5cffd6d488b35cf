//! GitHub's quirks: what it lists, drops and rejects.

use plan_action::matching::Notice;
use plan_action::model::snapshot::IssueNumber;
use plan_action::plan::PlanKey;

use crate::common::OBSERVATORY;
use crate::double::repository::NullDate;
use crate::double::{self, Double, Fault};
use crate::wire::run::Run;

#[test]
fn long_lists_are_paginated_by_cursor_and_pull_requests_are_skipped() {
    let double = Double::start();
    double.repository(|it| {
        for number in 1..=14_000 {
            it.issues.push(double::repository::Issue {
                number,
                title: format!("People's own {number}"),
                author: "mallory".into(),
                association: "NONE".into(),
                is_pull_request: number % 7 < 2,
                closed: number % 2 == 0,
                ..double::repository::Issue::default()
            });
        }
    });
    let run = Run::new(&double, OBSERVATORY);
    let snapshot = run.snapshot();
    assert_eq!(snapshot.issues.len(), 10_000, "and 4,000 pull requests, which are passed over");
    let requests = double.requests();
    assert!(requests.iter().all(|it| !it.contains("&page=") && !it.contains("?page=")), "{requests:#?}");
    let pages = requests.iter().filter(|it| it.contains("/issues?state=open") || it.contains("/issues?state=closed"));
    let pages = pages.count();
    // Where the two readers of a list meet, each reads a page that the other has read: only that shows that they met.
    assert!((140..=144).contains(&pages), "{pages} pages");
    assert!(requests.len() <= 150, "{} requests", requests.len());
    run.apply();
    double.check();
}

#[test]
fn label_case_is_ignored_and_silently_dropped_fields_are_reported() {
    let double = Double::start();
    double.repository(|it| {
        let (name, color, description) = ("Civil".into(), "000000".into(), String::new());
        it.labels.push(double::repository::Label { name, color, description });
    });
    Run::new(&double, OBSERVATORY).apply();
    double.repository(|it| assert_eq!(it.labels.len(), 8, "`Civil` is `civil`"));

    let double = Double::start();
    double.repository(|it| (it.viewer_may_write, it.viewer) = (false, "stranger".into()));
    let failed = Run::new(&double, OBSERVATORY).try_apply().unwrap();
    assert!(failed.iter().any(|it| it.contains("label civil: GitHub silently ignored it")), "{failed:#?}");
    assert!(failed.iter().any(|it| it.contains("milestone: GitHub silently ignored it")), "{failed:#?}");
}

#[test]
fn disabled_issues_are_reported() {
    let double = Double::start();
    double.fail("GET", "/issues", 0, 2, Fault::message(410, "Issues has been disabled in this repository."));
    let error = format!("{:#}", Run::new(&double, OBSERVATORY).try_apply().unwrap_err());
    assert!(error.contains("410") && error.contains("turn them on in its settings"), "{error}");
    double.check();
}

#[test]
fn one_invalid_assignee_does_not_prevent_the_issue() {
    for refuses in [true, false] {
        let double = Double::start();
        double.repository(|it| it.refuses_assignees = refuses);
        let text = OBSERVATORY.replacen("- Labels: `optics`\n", "- Labels: `optics`\n- Assignees: @ada, @nobody\n", 1);
        let run = Run::new(&double, &text);
        let failed = run.try_apply().unwrap();
        assert_eq!(failed.len(), 1, "{failed:?}");
        assert!(failed[0].starts_with("O3: ") && failed[0].contains("nobody"), "{failed:?}");
        double.repository(|it| assert_eq!(it.issues.len(), 8));
        double.check();
    }
}

#[test]
fn the_account_of_a_workflow_recognises_its_own_issues() {
    for viewer in ["github-actions", "github-actions[bot]"] {
        let double = Double::start();
        double.repository(|it| it.viewer = viewer.into());
        Run::new(&double, OBSERVATORY).apply();
    }
    // An app is not the person with the same name.
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| {
        it.issue(3).unwrap().author = "ada[bot]".into();
        it.issue(3).unwrap().association = "NONE".into();
    });
    let other = Notice::OtherAccount(IssueNumber(3), 1, "ada[bot]".into());
    let distrusted = Notice::Distrusted(IssueNumber(3), PlanKey::written("O3"));
    assert_eq!(run.diff().notices, [other, distrusted]);
}

#[test]
fn due_dates_survive_both_daylight_saving_changes() {
    for day in ["2026-03-07", "2026-03-08", "2026-03-09", "2026-10-31", "2026-11-01", "2026-11-02"] {
        let double = Double::start();
        let run = Run::new(&double, &OBSERVATORY.replace("2026-05-18", day));
        run.apply();
        let snapshot = run.snapshot();
        let milestone = snapshot.milestones.iter().find(|it| it.title.starts_with("M2")).unwrap();
        assert_eq!(milestone.due_on.unwrap().to_string(), day);
        double.check();
    }
}

const UNDATED: [&str; 2] = ["   - Target date: 2026-05-18\n", ""];

#[test]
fn a_due_date_that_the_plan_drops_is_removed() {
    let double = Double::start();
    Run::new(&double, OBSERVATORY).apply();
    let run = Run::new(&double, &OBSERVATORY.replace(UNDATED[0], UNDATED[1]));
    assert_eq!(run.diff().changes.len(), 1);
    run.apply();
    double.repository(|it| assert_eq!(it.milestones[1].due_on, None));
    assert!(run.diff().drift.is_empty() && run.diff().notices.is_empty());
    double.check();
}

/// The observatory with a twin of O5, a pinned gate, which people have edited.
fn with_twin(double: &Double) -> u64 {
    Run::new(double, OBSERVATORY).apply();
    double.repository(|it| {
        let body = it.issue(5).unwrap().body.replacen("- [ ]", "- [x]", 1);
        let labels = it.spelled(&["people's own".to_owned()]);
        let twin = it.add("O5 Release `v0.2.0`", &body, "ada", "OWNER");
        let issue = it.issue(twin).unwrap();
        issue.labels = labels;
        issue.assignees = ["grace".to_owned()].into();
        it.issue(6).unwrap().blocked_by = [twin].into();
        it.pins = vec![8, twin];
        twin
    })
}

#[test]
fn a_duplicate_passes_on_edits_by_people_refers_to_the_kept_issue_and_loses_its_pin() {
    let double = Double::start();
    let twin = with_twin(&double);
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| {
        let closed = it.issue(twin).unwrap().clone();
        assert_eq!((closed.closed, closed.reason.as_deref()), (true, Some("duplicate")));
        let comments: Vec<&str> = it.comments.iter().filter(|it| it.issue == twin).map(|it| it.body.as_str()).collect();
        assert!(
            matches!(comments.as_slice(), [comment] if comment.starts_with("This is a duplicate of #5:")),
            "{comments:?}"
        );
        let kept = it.issue(5).unwrap();
        assert!(kept.labels.contains("people's own") && kept.assignees.contains("grace"), "{kept:?}");
        assert!(kept.body.contains("- [x]") && !kept.closed, "{}", kept.body);
        assert!(!it.pins.contains(&twin));
        assert_eq!(it.issue(6).unwrap().blocked_by, [5].into(), "the link leads to the issue that is kept");
    });
    double.check();
}

#[test]
fn a_duplicate_gets_one_comment_however_often_its_closing_is_interrupted() {
    let double = Double::start();
    let twin = with_twin(&double);
    // The comment is written, but then its answer is lost, or the closing fails.
    double.fail("POST", "/comments", 0, 1, Fault::ResetAfter);
    double.fail("PATCH", "/issues/9", 0, 1, Fault::message(422, "Validation Failed"));
    let run = Run::new(&double, OBSERVATORY);
    assert_eq!(run.try_apply().unwrap().len(), 1);
    run.apply();
    double.repository(|it| {
        assert_eq!(it.comments.iter().filter(|it| it.issue == twin).count(), 1);
        assert!(it.issue(twin).unwrap().closed);
    });
    double.check();
}

#[test]
fn if_people_closed_one_twin_as_a_duplicate_the_open_one_is_kept() {
    for reason in ["duplicate", "not_planned"] {
        let double = Double::start();
        let twin = with_twin(&double);
        double.repository(|it| {
            let issue = it.issue(5).unwrap();
            (issue.closed, issue.reason) = (true, Some(reason.into()));
        });
        let run = Run::new(&double, OBSERVATORY);
        run.apply();
        double.repository(|it| {
            assert!(!it.issue(twin).unwrap().closed && it.issue(5).unwrap().closed, "{reason}");
            assert_eq!(it.issue(6).unwrap().blocked_by, [twin].into());
        });
    }
}

#[test]
fn a_due_date_that_the_server_keeps_is_reported_and_is_neither_drift_nor_change() {
    for (null_date, drift) in [
        (NullDate::Ignored, "keep"),
        (NullDate::Ignored, "restore"),
        (NullDate::Refused, "keep"),
        (NullDate::Refused, "restore"),
    ] {
        let with_drift = |text: &str| format!("---\ndrift: {drift}\n---\n{text}");
        let double = Double::start();
        double.repository(|it| it.null_date = null_date);
        Run::new(&double, &with_drift(OBSERVATORY)).apply();
        let run = Run::new(&double, &with_drift(&OBSERVATORY.replace(UNDATED[0], UNDATED[1])));
        let said = run.try_apply().unwrap();
        let words = "M2: due date 2026-05-18: GitHub keeps it, although it was asked to remove it; remove it on the \
                     milestone's page";
        assert_eq!(said, [words], "{null_date:?}");
        double.repository(|it| assert!(it.milestones[1].due_on.is_some()));
        // Other changes to the milestone are written, and the removal of the date is not requested again.
        double.requests();
        let diff = run.diff();
        assert!(diff.changes.is_empty() && diff.drift.is_empty(), "{:#?} {:#?}", diff.changes, diff.drift);
        let title = "M2 First light (v0.2.0)".to_owned();
        assert_eq!(diff.notices, [Notice::DateKept(title, jiff::civil::date(2026, 5, 18))]);
        run.apply();
        assert!(!double.requests().iter().any(|it| it.starts_with("PATCH")));
        // A new date is a change of the plan, not a conflict.
        let run = Run::new(&double, &with_drift(&OBSERVATORY.replace("2026-05-18", "2026-06-01")));
        assert_eq!(run.diff().summary().conflict, 0);
        run.apply();
        double.repository(|it| assert_eq!(it.milestones[1].due_on.as_deref(), Some("2026-06-01T07:00:00Z")));
        double.check();
    }
}

#[test]
fn duplicates_are_closed_over_the_wire() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| {
        let body = it.issue(3).unwrap().body.clone();
        it.add("O3 Grind the mirror", &body, "ada", "OWNER");
    });
    assert_eq!(run.try_apply().unwrap(), [""; 0]);
    double.repository(|it| assert_eq!(it.issue(9).unwrap().reason.as_deref(), Some("duplicate")));
    assert_eq!(run.snapshot().issue(IssueNumber(3)).map(|it| it.closed), Some(false));
    double.check();
}
