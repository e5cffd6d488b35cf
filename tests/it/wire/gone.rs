//! Deleted, transferred, converted and locked issues are reported, and the rest of the plan is applied.

use std::collections::BTreeSet;

use plan_action::apply::{RunContext, apply};
use plan_action::diff::{Change, diff};
use plan_action::repository::Observer;

use crate::common::OBSERVATORY;
use crate::double::Double;
use crate::double::repository::Gone;
use crate::wire::run::{Run, Silent, wait};

/// Applies changes to #3 and #6 while something happens to #3 after it was observed. Returns the failures.
fn applied_too_late(become_of: impl FnOnce(&mut crate::double::repository::Repository)) -> (Double, Vec<String>) {
    let double = Double::start();
    Run::new(&double, OBSERVATORY).apply();
    let text =
        OBSERVATORY.replace("Grind the mirror\n\n-", "Cast the mirror\n\n-").replace("within λ/8", "within λ/10");
    let text = text.replace("- Labels: `software`", "- Labels: `software`, `night`");
    assert_ne!(text.matches("`night`").count(), 0);
    let run = Run::new(&double, &text);
    let failed = wait(async {
        let mut github = run.github().await.unwrap();
        let diff = diff(&run.plan, &github.observe().await.unwrap(), &BTreeSet::new());
        double.repository(become_of);
        let report = apply(&diff, &mut github, &mut Silent, &RunContext::new("test")).await;
        assert_eq!(report.not_tried, 0, "the rest goes on");
        report.failed.iter().map(|(change, error)| format!("{}: {error:#}", change.key())).collect()
    });
    (double, failed)
}

#[test]
fn deleted_transferred_locked_and_converted_issues_are_reported_and_the_rest_is_applied() {
    for (how, words) in [
        (Gone::Deleted, "GitHub answered 410 (This issue was deleted); the issue is there no more"),
        (Gone::Transferred, "the issue was transferred to another repository, and nothing was changed there"),
        (Gone::Hidden, "GitHub answered 404 (Not Found); the issue is there no more"),
    ] {
        let (double, failed) = applied_too_late(|it| it.lose(3, how));
        assert_eq!(failed.len(), 1, "{failed:#?}");
        assert!(
            failed[0].starts_with("O3: PATCH /repos/stars/observatory/issues/3") && failed[0].contains(words),
            "{failed:#?}"
        );
        double.repository(|it| {
            let marked: Vec<u64> =
                it.issues.iter().filter(|issue| issue.labels.contains("night")).map(|issue| issue.number).collect();
            assert!(!marked.is_empty(), "the other issues are changed");
        });
        double.check();
    }
    let (double, failed) = applied_too_late(|it| it.issue(3).unwrap().is_shut = true);
    assert_eq!(failed.len(), 1, "{failed:#?}");
    assert!(failed[0].contains("the issue is locked"), "{failed:#?}");
    double.repository(|it| assert!(it.issues.iter().any(|issue| issue.labels.contains("night"))));
    double.check();
}

#[test]
fn deleted_issue_numbers_do_not_hide_a_newer_issue() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| {
        it.lose(7, Gone::Deleted);
        it.lose(6, Gone::Transferred);
        // The newest issue is missing in the list, and follows two that no longer exist.
        let body = it.issue(8).unwrap().body.clone();
        it.issues.retain(|issue| issue.number != 8);
        it.gone.insert(8, Gone::Deleted);
        let number = it.add("O8 Release `v1.0.0` (public nights)", &body, "ada", "OWNER");
        assert_eq!(number, 9);
        it.lagging_lists = 3;
    });
    assert!(run.snapshot().issues.iter().any(|issue| issue.number.0 == 9));
}

#[test]
fn links_to_other_repositories_are_left_alone() {
    for graphql in [true, false] {
        let double = Double::start();
        if !graphql {
            double.repository(|it| it.lacks.insert("graphql"));
        }
        let text = OBSERVATORY
            .replace("### `O4`", "### `O9` Wash the windows\n\n- Milestone: `M2`\n- Parent: `O3`\n\n### `O4`");
        let run = Run::new(&double, &text);
        run.apply();
        let parts = |it: &mut crate::double::repository::Repository| {
            let number = it.issues.iter().find(|issue| issue.title.starts_with("O9")).unwrap().number;
            let issue = it.issue(number).unwrap();
            (issue.parent, issue.parent_elsewhere) = (None, Some(1));
            // It is blocked by #1 of another repository, which is not #1 here.
            issue.blocked_elsewhere.insert(1);
        };
        double.repository(parts);
        let diff = run.diff();
        assert!(diff.changes.is_empty(), "{:#?}", diff.changes);
        let kept: Vec<_> = diff.drift.iter().flat_map(Change::fields).map(|it| it.from).collect();
        assert_eq!(kept, [Some("an issue of another repository".into())]);
        double.check();
    }
}

#[test]
fn a_label_rename_with_a_lost_answer_happens_once() {
    let double = Double::start();
    Run::new(&double, OBSERVATORY).apply();
    let plan = OBSERVATORY.replace("`civil`", "`masonry`");
    let run = Run::new(
        &double,
        &format!("---\nlabels:\n  masonry:\n    previously: civil\n    color: '112233'\n---\n{plan}"),
    );
    double.fail("PATCH", "/labels/civil", 0, 1, crate::double::Fault::ResetAfter);
    run.apply();
    double.repository(|it| {
        assert_eq!(it.labels.len(), 8);
        assert_eq!(it.label("masonry").unwrap().color, "112233");
        assert!(it.label("civil").is_none() && it.issue(1).unwrap().labels.contains("masonry"));
    });
    double.check();
}
