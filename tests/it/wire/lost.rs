//! Lost, late, truncated and foreign answers: nothing is created twice, and nothing is missed.

use std::time::Duration;

use plan_action::diff::Op;
use plan_action::repository::Observer;
use plan_action::repository::github::Connection;
use plan_action::repository::github::http::client::Client;
use plan_action::repository::github::http::clock::Clock;
use plan_action::repository::github::http::token::{Api, Token};

use super::servers::FAMILY;
use crate::common::{OBSERVATORY, Workplace};
use crate::double::repository::Repository;
use crate::double::{Double, Fault, TOKEN};
use crate::wire::run::{Run, wait};

#[test]
fn an_apply_interrupted_anywhere_is_finished_by_the_next() {
    // The plan contains a milestone and two issues that are already done.
    let plan = OBSERVATORY.replace("- Milestone: `M1`\n", "- Milestone: `M1`\n- Status: Done\n");
    let double = Double::start();
    Run::new(&double, &plan).apply();
    let requests = double.requests();
    let writes: Vec<&String> =
        requests.iter().filter(|it| !it.starts_with("GET") && !it.contains("GRAPHQL query")).collect();
    assert!(writes.len() > 20, "{writes:?}");
    // After this many writes, every write fails, with the connection broken before or after it is done.
    for fault in [Fault::ResetBefore, Fault::ResetAfter] {
        for after in 0..writes.len() {
            let double = Double::start();
            let run = Run::new(&double, &plan);
            double.fail_writes(after, fault.clone());
            let outcome = run.try_apply();
            assert!(outcome.as_ref().map_or(true, |failed| !failed.is_empty()), "it cannot have gone well");
            double.heal();
            run.apply();
            double.repository(|it| {
                assert_eq!((it.labels.len(), it.milestones.len(), it.issues.len()), (8, 3, 8), "after {after}");
                assert_eq!(it.issues.iter().map(|it| it.blocked_by.len()).sum::<usize>(), 8, "after {after}");
                assert_eq!(it.pins.len(), 2, "after {after}");
                assert_eq!(it.issues.iter().filter(|it| it.closed).count(), 2, "after {after}");
                assert_eq!(it.milestones.iter().filter(|it| it.closed).count(), 1, "after {after}");
            });
        }
    }
}

#[test]
fn a_link_that_people_remove_after_a_complete_apply_stays_removed() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| {
        it.issue(8).unwrap().blocked_by.clear();
        it.pins.retain(|pin| *pin != 8);
    });
    let diff = run.diff();
    assert!(diff.changes.is_empty(), "{:#?}", diff.changes);
    assert_eq!(diff.summary().drift, 3);
}

#[test]
fn links_of_an_issue_whose_creation_had_no_answer_are_added_by_the_next_run() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    // The answer to the creation of O1 is lost, as are the answers to the lookups for it. The run continues.
    double.fail("POST", "/issues", 0, 1, Fault::ResetAfter);
    double.fail("GET", "state=all&sort=created&direction=desc", 0, 5, Fault::message(502, "Bad Gateway"));
    assert!(run.try_apply().unwrap().len() > 1);
    double.check();
    assert_eq!(run.diff().summary().drift, 0, "nobody removed anything");
    run.apply();
    double.repository(|it| {
        assert_eq!((it.issues.len(), it.pins.len()), (8, 2));
        assert_eq!(it.issues.iter().map(|it| it.blocked_by.len()).sum::<usize>(), 8);
        assert!(it.issue(2).unwrap().body.contains("Blocked by #1"));
    });
    assert_eq!(run.diff().summary().drift, 0);
}

#[test]
fn a_link_that_people_remove_after_another_run_finished_the_job_stays_removed() {
    for (part, after) in [("addBlockedBy", 0), ("pinIssue", 0), ("updateIssue", 0), ("/issues", 5)] {
        let double = Double::start();
        let run = Run::new(&double, OBSERVATORY);
        double.fail("POST", part, after, 1, Fault::message(422, "Validation Failed"));
        assert!(!run.try_apply().unwrap().is_empty());
        run.apply();
        double.repository(|it| {
            it.issues.iter_mut().for_each(|issue| issue.blocked_by.clear());
            it.pins.clear();
        });
        let diff = run.diff();
        assert!(diff.changes.is_empty(), "{part}: {:#?}", diff.changes);
        assert_eq!(diff.drift.iter().filter(|it| matches!(it.op(), Op::Link | Op::Pin)).count(), 8 + 2, "{part}");
    }
}

#[test]
fn every_run_has_its_own_id_which_does_not_affect_the_digest() {
    let ids: Vec<(String, String)> = (0..2)
        .map(|_| {
            let workplace = Workplace::new();
            workplace.write("plan.md", OBSERVATORY);
            let digest = workplace.preview()["digest"].as_str().unwrap().to_owned();
            workplace.apply();
            let text = workplace.read("repo.json");
            let (_, rest) = text.split_once(r#"\"batch\":{\"id\":\""#).unwrap();
            (digest, rest.split('\\').next().unwrap().to_owned())
        })
        .collect();
    assert_eq!(ids[0].0, ids[1].0);
    assert_ne!(ids[0].1, ids[1].1);
}

#[test]
fn a_lost_answer_causes_no_duplicate() {
    for fault in [Fault::ResetAfter, Fault::SilenceAfter, Fault::CutOffAfter, Fault::message(502, "Bad Gateway")] {
        for path in ["/labels", "/milestones", "/issues"] {
            let double = Double::start();
            let run = Run::impatient(&double, OBSERVATORY);
            double.fail("POST", path, 2, 1, fault.clone());
            run.apply();
            double.repository(|it| assert_eq!((it.labels.len(), it.milestones.len(), it.issues.len()), (8, 3, 8)));
            double.check();
        }
    }
}

#[test]
fn links_whose_answer_is_lost_are_added_once() {
    for (part, fault) in [
        ("addBlockedBy", Fault::ResetAfter),
        ("addSubIssue", Fault::CutOffAfter),
        ("pinIssue", Fault::SilenceAfter),
        ("updateIssue", Fault::message(502, "Bad Gateway")),
    ] {
        let double = Double::start();
        double.fail("POST", part, 0, 1, fault);
        Run::impatient(&double, FAMILY).apply();
        double.repository(|it| assert_eq!((it.issues[2].blocked_by.len(), it.pins.len()), (1, 1)));
        double.check();
    }
}

#[test]
fn an_issue_with_a_lost_answer_is_looked_up_until_the_list_has_it() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("POST", "/issues", 2, 1, Fault::ResetAfter);
    // The lists for observing come first. The first two lookups after the lost answer miss the newest issue.
    double.fail_lists(2);
    run.apply();
    assert!(run.said("looking whether the issue was made"));
    assert!(run.clock.now() >= Duration::from_secs(2 + 5));
}

#[test]
fn an_issue_missing_in_the_list_is_still_seen() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| it.lagging_lists = 3);
    assert!(run.diff().changes.is_empty());
}

#[test]
fn an_issue_that_is_closed_while_the_lists_are_read_is_not_missed() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| it.moving = Some(3));
    assert!(run.diff().changes.is_empty());
}

#[test]
fn an_issue_that_moves_to_a_page_that_was_read_already_is_not_missed() {
    let others = |count: usize| {
        move |repository: &mut Repository| {
            for at in 0..count {
                repository.add(&format!("Other {at}"), "", "tom", "NONE");
            }
        }
    };
    let double = Double::start();
    double.repository(others(100));
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(others(300));
    double.repository(|it| it.closed_while_listed = Some(3));
    let changes = run.diff().changes;
    assert!(changes.is_empty(), "{changes:#?}");
}

#[test]
fn reads_are_repeated_after_failures_of_every_kind() {
    for fault in [
        Fault::message(500, "oops"),
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::SilenceAfter,
        Fault::CutOffAfter,
        Fault::Answer(502, vec![("content-type", "text/html".into())], "<html>Unicorn!</html>".into()),
    ] {
        let double = Double::start();
        let run = Run::impatient(&double, OBSERVATORY);
        double.fail("GET", "/issues", 0, 2, fault.clone());
        double.fail("POST", "pinnedIssues", 0, 2, fault);
        run.apply();
        double.check();
        assert!(run.clock.now() >= Duration::from_secs(1), "it waits between tries");
    }
}

#[test]
fn answers_that_lead_to_another_host_are_not_followed() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    let elsewhere = vec![("link", "<https://evil.example/issues?after=x>; rel=\"next\"".to_owned())];
    double.fail("GET", "/issues", 0, 1, Fault::Answer(200, elsewhere, "[]".into()));
    let error = wait(async { run.github().await.unwrap().observe().await.unwrap_err() });
    assert!(format!("{error:#}").contains("another host"), "{error:#}");
}

#[test]
fn a_network_outage_and_a_proxy_login_page_are_reported_clearly() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    let page = || (vec![("content-type", "text/html".to_owned())], "<!DOCTYPE html><p>Log in".to_owned());
    let (headers, body) = page();
    double.fail("GET", "/repos/stars/observatory", 0, 5, Fault::Answer(200, headers, body));
    let error = format!("{:#}", run.try_apply().unwrap_err());
    assert!(error.contains("a web page, not GitHub's; is there a proxy in between"), "{error}");
    let (headers, body) = page();
    double.fail("GET", "/repos/stars/observatory", 0, 1, Fault::Answer(407, headers, body));
    let error = format!("{:#}", run.try_apply().unwrap_err());
    assert!(error.contains("is there a proxy in between"), "{error}");
    let error = wait(async {
        let (api, token) = (Api::new("http://127.0.0.1:1", None).unwrap(), Token::new(TOKEN).unwrap().unwrap());
        let client = Client::new(api, &token, run.clock.clone(), Duration::from_secs(1), Box::new(|_| {})).unwrap();
        Connection::open("stars/observatory", client).await.err().unwrap()
    });
    let error = format!("{error:#}");
    assert!(error.contains("GitHub cannot be reached") && error.contains("check the network"), "{error}");
}
