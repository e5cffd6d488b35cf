//! GitHub's rate limits: respected, avoided and reported.

use std::time::Duration;

use plan_action::repository::github::http::clock::Clock;

use crate::common::OBSERVATORY;
use crate::double::{Double, Fault};
use crate::wire::run::{Run, wait};

#[test]
fn limits_are_waited_for_as_github_says() {
    let limited = |status, headers: Vec<(&'static str, String)>, words: &str| {
        Fault::Answer(status, headers, serde_json::json!({"message": words}).to_string())
    };
    let reset = (1_800_000_000 + 500).to_string();
    for (fault, least, most) in [
        (limited(429, vec![("retry-after", "7".into())], "slow down"), 7, 8),
        (limited(403, vec![("retry-after", "30".into())], "You have exceeded a secondary rate limit"), 30, 31),
        (
            limited(
                403,
                vec![("x-ratelimit-remaining", "0".into()), ("x-ratelimit-reset", reset)],
                "API rate limit exceeded",
            ),
            400,
            502,
        ),
        // A 403 without rate-limit headers. Only its message distinguishes a limit from a missing permission.
        (limited(403, vec![], "You have exceeded a secondary rate limit. Please wait."), 60, 61),
    ] {
        let double = Double::start();
        let run = Run::new(&double, OBSERVATORY);
        double.fail("POST", "/issues", 1, 1, fault);
        run.apply();
        let waited = run.clock.now().as_secs();
        assert!((least..=most).contains(&waited), "waited {waited} s, not {least} to {most}");
        assert!(run.said("waiting"), "the wait was not reported");
        double.check();
    }
}

#[test]
fn a_limit_reported_by_graphql_with_status_200_is_waited_for() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    let reset = (1_800_000_000 + 90).to_string();
    let headers = vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset)];
    let body = r#"{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}"#;
    double.fail("POST", "addBlockedBy", 0, 1, Fault::Answer(200, headers, body.into()));
    run.apply();
    assert_eq!(run.clock.now().as_secs(), 91);
    double.check();
}

#[test]
fn a_limit_without_an_end_is_waited_for_twice_as_long_each_time() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("POST", "/labels", 0, 3, Fault::message(429, "slow down"));
    run.apply();
    assert_eq!(run.clock.now().as_secs(), 60 + 120 + 240);
}

#[test]
fn a_missing_permission_ends_the_run_at_once_and_is_named() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("POST", "/labels", 0, 100, Fault::message(403, "Resource not accessible by integration"));
    let failed = run.try_apply().unwrap();
    assert!(failed[0].contains("issues: write"), "{failed:?}");
    assert_eq!(run.clock.now(), Duration::ZERO, "there is nothing to wait for");
}

/// A plan with this many issues, and with milestones and labels for them.
fn large(issues: usize, groups: usize) -> String {
    let mut text = "# Large\n".to_owned();
    for at in 0..issues {
        if at % (issues / groups) == 0 {
            text.push_str(&format!("\n## Milestone {at}\n"));
        }
        text.push_str(&format!("\n### `T{at}` Thing {at}\n\n- Labels: `work {}`\n", at % groups));
    }
    text
}

#[test]
fn a_hundred_issues_are_created_without_a_pause_if_github_asks_for_none() {
    let double = Double::start();
    let run = Run::new(&double, &large(100, 5));
    run.apply();
    assert_eq!(run.clock.now(), Duration::ZERO);
    double.repository(|it| assert_eq!([it.issues.len(), it.milestones.len(), it.labels.len()], [100, 5, 5]));
}

#[test]
fn a_large_plan_stays_under_the_limits_once_github_has_asked_for_a_pause() {
    let double = Double::start();
    let run = Run::new(&double, &large(250, 5));
    let headers = vec![("retry-after", "60".to_owned())];
    double.fail("POST", "/issues", 80, 1, Fault::Answer(403, headers, r#"{"message": "secondary rate limit"}"#.into()));
    run.apply();
    let seconds = run.clock.now().as_secs();
    assert!((180..250).contains(&seconds), "250 issues take over three minutes, not {seconds} s");
    assert!(run.said("waiting"), "the wait was not reported");
    double.check();
}

#[test]
fn a_wait_that_is_longer_than_a_job_may_take_ends_the_run_and_says_so() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    let headers = vec![("retry-after", (7 * 3_600).to_string())];
    double.fail("POST", "/labels", 1, 1, Fault::Answer(429, headers, "{}".into()));
    let failed = run.try_apply().unwrap();
    assert_eq!(failed.len(), 1, "the others are not tried: {failed:?}");
    assert!(failed[0].contains("asks to wait 420 minutes, longer than this run may take; run it again"), "{failed:?}");
    run.apply();
}

#[test]
fn a_limit_with_an_absurd_wait_ends_the_run_without_a_panic() {
    for name in ["retry-after", "x-ratelimit-reset"] {
        let double = Double::start();
        let headers = vec![(name, u64::MAX.to_string()), ("x-ratelimit-remaining", "0".to_owned())];
        double.fail("POST", "/labels", 0, 1, Fault::Answer(429, headers, "{}".into()));
        let run = Run::new(&double, OBSERVATORY);
        wait(run.clock.sleep(Duration::from_secs(2)));
        let failed = run.try_apply().unwrap();
        assert!(failed[0].contains("asks to wait more than a day, which no limit of GitHub takes"), "{failed:?}");
    }
}

#[test]
fn a_limit_with_no_wait_or_a_past_end_is_not_retried_for_ever() {
    let over = || vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", "1700000000".to_owned())];
    for headers in [vec![("retry-after", "0".to_owned())], over(), vec![("retry-after", "-5".to_owned())], Vec::new()] {
        let double = Double::start();
        let run = Run::new(&double, OBSERVATORY);
        double.fail("POST", "/labels", 0, 1_000, Fault::Answer(429, headers.clone(), "{}".into()));
        let failed = run.try_apply().unwrap();
        assert_eq!(failed.len(), 1, "the others are not tried: {failed:?}");
        assert!(failed[0].contains("that was the answer 8 times in a row"), "{failed:?}");
        assert!(failed[0].contains("check what else uses the same token"), "{failed:?}");
        let tries =
            double.requests().iter().filter(|it| it.starts_with("POST /repos/stars/observatory/labels")).count();
        assert_eq!(tries, 8, "{headers:?}");
        double.heal();
        run.apply();
    }
}

#[test]
fn a_single_limit_with_no_wait_is_retried_at_once() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("POST", "/labels", 0, 1, Fault::Answer(429, vec![("retry-after", "0".into())], "{}".into()));
    run.apply();
    assert_eq!(run.clock.now(), Duration::ZERO);
    double.check();
}

#[test]
fn an_endless_graphql_limit_ends_the_run() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    let headers = vec![("retry-after", "0".to_owned())];
    let body = r#"{"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}"#;
    double.fail("POST", "viewer", 0, 1_000, Fault::Answer(200, headers, body.into()));
    let error = format!("{:#}", run.try_apply().unwrap_err());
    assert!(error.contains("8 times in a row"), "{error}");
}

/// Reads a repository whose list of labels continues at `next` for ever, with `entry` on every page. Returns the error.
fn endless(next: &str, entry: &str) -> String {
    let double = Double::start();
    let host = double.api.clone();
    let link = format!("<{host}/repositories/1/labels?page={next}>; rel=\"next\"");
    double.fail("GET", "/labels", 0, 1_000, Fault::Answer(200, vec![("link", link)], entry.into()));
    let error = format!("{:#}", Run::new(&double, OBSERVATORY).try_apply().unwrap_err());
    assert!(error.contains("the list has no end; run it again, and report it to whoever runs the server"), "{error}");
    assert!(double.requests().len() < 20, "it ends soon");
    error
}

#[test]
fn circular_and_endless_pages_are_not_followed_for_ever() {
    let label = r#"[{"id": 1, "name": "a", "color": "000000"}]"#;
    let again = "GitHub names a page as the next one that was read";
    assert!(endless("2", label).contains(again));
    assert!(endless("2", "[]").contains(again));
}

#[test]
fn pages_that_bring_nothing_new_are_not_followed_for_ever() {
    let double = Double::start();
    for at in 0..100 {
        let link = format!("<{}/repositories/1/labels?page={at}>; rel=\"next\"", double.api);
        let label = r#"[{"id": 1, "name": "a", "color": "000000"}]"#;
        double.fail("GET", "/labels", 0, 1, Fault::Answer(200, vec![("link", link)], label.into()));
    }
    let error = format!("{:#}", Run::new(&double, OBSERVATORY).try_apply().unwrap_err());
    assert!(error.contains("3 pages in a row brought nothing new"), "{error}");
    assert_eq!(double.requests().iter().filter(|it| it.contains("/labels")).count(), 4);
}

#[test]
fn answers_about_the_wrong_issue_cause_no_endless_loop() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.requests();
    let issue = double.repository(|it| {
        let issue = it.issue(3).unwrap().clone();
        it.issue_json(&issue).to_string()
    });
    double.fail("GET", "/issues/", 0, 2_000, Fault::Answer(200, Vec::new(), issue));
    assert_eq!(run.snapshot().issues.len(), 8);
    assert!(double.requests().len() < 1_020);
}

#[test]
fn a_plan_that_is_far_from_the_limits_never_waits() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    assert_eq!(run.clock.now(), Duration::ZERO);
    assert!(run.said.borrow().is_empty(), "{:?}", run.said.borrow());
}
