//! GitHub's limits, quirks and failures: each has a test that fails without its handling. Time is played, so that
//! nothing waits.

#![allow(clippy::unwrap_used, reason = "a test that fails here has failed")]

mod common;
mod double;
mod generated;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use common::OBSERVATORY;
use double::{Double, Fault, TOKEN};
use plan_action::apply::{Progress, apply};
use plan_action::diff::{Change, Diff, diff};
use plan_action::plan::Plan;
use plan_action::snapshot::{IssueNumber, Snapshot};
use plan_action::target::Observer;
use plan_action::target::github::GitHub;
use plan_action::target::github::client::Client;
use plan_action::target::github::clock::Clock;
use plan_action::target::github::token::{Api, Token};
use plan_action::target::offline::OfflineWriter;
use proptest::prelude::ProptestConfig;

/// A clock whose waiting takes no time.
#[derive(Clone, Default)]
struct PlayedClock(Rc<Cell<Duration>>);

impl Clock for PlayedClock {
    fn now(&self) -> Duration {
        self.0.get()
    }

    fn unix(&self) -> u64 {
        1_800_000_000 + self.0.get().as_secs()
    }

    async fn sleep(&self, time: Duration) {
        self.0.set(self.0.get() + time);
    }
}

/// A run of the program against the double.
struct Run<'d> {
    double: &'d Double,
    plan: Plan,
    clock: PlayedClock,
    said: Rc<RefCell<Vec<String>>>,
}

struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

impl<'d> Run<'d> {
    fn new(double: &'d Double, text: &str) -> Self {
        Self { double, plan: generated::read(text), clock: PlayedClock::default(), said: Rc::default() }
    }

    async fn github(&self) -> Result<GitHub<PlayedClock>> {
        self.github_called("stars/observatory").await
    }

    async fn github_called(&self, name: &str) -> Result<GitHub<PlayedClock>> {
        let said = Rc::clone(&self.said);
        let voice = Box::new(move |text: &str| said.borrow_mut().push(text.to_owned()));
        let (api, token) = (Api::new(&self.double.api, None)?, Token::new(TOKEN).unwrap());
        let patience = Duration::from_millis(300);
        GitHub::connect(name, Client::new(api, &token, self.clock.clone(), patience, voice)?).await
    }

    fn snapshot(&self) -> Snapshot {
        wait(async { self.github().await.unwrap().observe().await.unwrap() })
    }

    fn diff(&self) -> Diff {
        diff(&self.plan, &self.snapshot(), &BTreeSet::new())
    }

    /// Applies the plan; gives what failed and what was left out.
    fn try_apply(&self) -> Result<Vec<String>> {
        wait(async {
            let mut github = self.github().await?;
            let diff = diff(&self.plan, &github.observe().await?, &BTreeSet::new());
            let report = apply(&diff, &mut github, &mut Silent).await;
            let failed = report.failed.iter().map(|(change, error)| format!("{}: {error:#}", change.key()));
            let incomplete = report.incomplete.iter().map(|(change, missing)| format!("{}: {missing}", change.key()));
            Ok(failed.chain(incomplete).collect())
        })
    }

    /// Applies the plan, which must go well, and checks that nothing is left to do and nothing is there twice.
    fn apply(&self) {
        assert_eq!(self.try_apply().unwrap(), [""; 0]);
        self.settled();
    }

    fn settled(&self) {
        let left = self.diff();
        assert!(left.changes.is_empty(), "left to do: {:#?}", left.changes);
        let titles: Vec<String> = self.double.repository(|it| it.issues.iter().map(|it| it.title.clone()).collect());
        let unique: BTreeSet<&String> = titles.iter().collect();
        assert_eq!(unique.len(), titles.len(), "an issue is there twice: {titles:?}");
    }

    fn said(&self, words: &str) -> bool {
        self.said.borrow().iter().any(|text| text.contains(words))
    }
}

proptest::proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_plans_become_the_same_on_github_as_in_a_file(
        (first, second) in (generated::spec(), generated::spec()),
    ) {
        let double = Double::start();
        let mut offline = OfflineWriter::in_memory(&Snapshot::default());
        // A due date cannot be taken away on GitHub, so the milestones stay.
        let second = generated::Spec { milestones: first.milestones.clone(), ..second };
        for spec in [first, second] {
            let run = Run::new(&double, &spec.document(false));
            proptest::prop_assert_eq!(run.try_apply().unwrap(), [""; 0]);
            let left = run.diff().changes;
            proptest::prop_assert!(left.is_empty(), "left to do: {:#?}", left);
            apply_offline(&run.plan, &mut offline);
            proptest::prop_assert_eq!(canonical(&run.snapshot()), canonical(&offline.snapshot()));
        }
        double.check();
    }
}

fn apply_offline(plan: &Plan, offline: &mut OfflineWriter) {
    let diff = diff(plan, &offline.snapshot(), &BTreeSet::new());
    wait(apply(&diff, offline, &mut Silent));
}

/// A repository without what differs by where it lies: numbers' order, markers' order and times.
fn canonical(snapshot: &Snapshot) -> String {
    let mut snapshot = snapshot.clone();
    snapshot.target = None;
    snapshot.viewer = None;
    for issue in &mut snapshot.issues {
        issue.author = String::new();
    }
    snapshot.labels.sort_by(|a, b| a.name.cmp(&b.name));
    format!("{snapshot:#?}")
}

#[test]
fn a_repository_on_github_becomes_the_same_as_one_in_a_file() {
    for text in [OBSERVATORY, include_str!("../fixtures/breakdown/variants.md")] {
        let double = Double::start();
        double.repository(|it| it.assignable.insert("linus".into()));
        let run = Run::new(&double, text);
        run.apply();
        let mut offline = OfflineWriter::in_memory(&Snapshot::default());
        apply_offline(&run.plan, &mut offline);
        assert_eq!(canonical(&run.snapshot()), canonical(&offline.snapshot()));
        double.check();
    }
}

#[test]
fn an_apply_that_is_cut_off_anywhere_is_finished_by_the_next() {
    let double = Double::start();
    Run::new(&double, OBSERVATORY).apply();
    let requests = double.requests();
    let writes: Vec<&String> =
        requests.iter().filter(|it| !it.starts_with("GET") && !it.contains("GRAPHQL query")).collect();
    assert!(writes.len() > 20, "{writes:?}");
    // After so many writes, nothing gets through any more: the connection breaks before, or after, the next is done.
    for fault in [Fault::ResetBefore, Fault::ResetAfter] {
        for after in 0..writes.len() {
            let double = Double::start();
            let run = Run::new(&double, OBSERVATORY);
            cut_off(&double, after, &fault);
            let outcome = run.try_apply();
            assert!(outcome.as_ref().map_or(true, |failed| !failed.is_empty()), "it cannot have gone well");
            double.repository(|it| it.archived = false);
            double.heal();
            run.apply();
            double.repository(|it| {
                assert_eq!((it.labels.len(), it.milestones.len(), it.issues.len()), (8, 3, 8), "after {after}");
                assert_eq!(it.issues.iter().map(|it| it.blocked_by.len()).sum::<usize>(), 8, "after {after}");
                assert_eq!(it.pins.len(), 2, "after {after}");
            });
        }
    }
}

/// Lets nothing through after so many writes.
fn cut_off(double: &Double, after: usize, fault: &Fault) {
    double.fail_writes(after, fault.clone());
}

#[test]
fn a_link_that_people_remove_after_a_whole_apply_stays_removed() {
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
fn an_answer_that_is_lost_makes_no_second_thing() {
    for fault in [Fault::ResetAfter, Fault::SilenceAfter, Fault::CutOffAfter, Fault::message(502, "Bad Gateway")] {
        for path in ["/labels", "/milestones", "/issues"] {
            let double = Double::start();
            let run = Run::new(&double, OBSERVATORY);
            double.fail("POST", path, 2, 1, fault.clone());
            run.apply();
            double.repository(|it| assert_eq!((it.labels.len(), it.milestones.len(), it.issues.len()), (8, 3, 8)));
            double.check();
        }
    }
}

#[test]
fn a_lost_answer_is_looked_for_until_the_list_has_it() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("POST", "/issues", 2, 1, Fault::ResetAfter);
    // The lists of observing come first; the first two looks after the lost answer miss the newest issue.
    double.fail_lists(2);
    run.apply();
    assert!(run.said("looking whether the issue was made"));
    assert!(run.clock.now() >= Duration::from_secs(2 + 5));
}

#[test]
fn an_issue_that_the_list_does_not_have_yet_is_seen_all_the_same() {
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
        let run = Run::new(&double, OBSERVATORY);
        double.fail("GET", "/issues", 0, 2, fault.clone());
        double.fail("POST", "pinnedIssues", 0, 2, fault);
        run.apply();
        double.check();
        assert!(run.clock.now() >= Duration::from_secs(1), "it waits between tries");
    }
}

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
        // A 403 without any header: its message alone tells a limit from a permission.
        (limited(403, vec![], "You have exceeded a secondary rate limit. Please wait."), 60, 61),
    ] {
        let double = Double::start();
        let run = Run::new(&double, OBSERVATORY);
        double.fail("POST", "/issues", 1, 1, fault);
        run.apply();
        let waited = run.clock.now().as_secs();
        assert!((least..=most).contains(&waited), "waited {waited} s, not {least} to {most}");
        assert!(run.said("waiting"), "nobody was told");
        double.check();
    }
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
fn a_permission_that_is_missing_ends_at_once_and_is_named() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    double.fail("POST", "/labels", 0, 100, Fault::message(403, "Resource not accessible by integration"));
    let failed = run.try_apply().unwrap();
    assert!(failed[0].contains("issues: write"), "{failed:?}");
    assert_eq!(run.clock.now(), Duration::ZERO, "there is nothing to wait for");
}

#[test]
fn a_large_plan_never_runs_into_the_limits() {
    let mut text = "# Large\n\n## Issues\n".to_owned();
    for at in 0..200 {
        text.push_str(&format!("\n### `T{at}` Thing {at}\n\n- Labels: `work`\n"));
    }
    let double = Double::start();
    let run = Run::new(&double, &text);
    run.apply();
    let seconds = run.clock.now().as_secs();
    assert!((120..200).contains(&seconds), "201 creating requests take over two minutes, not {seconds} s");
}

#[test]
fn pull_requests_and_other_issues_are_passed_over_page_by_page_without_numbers() {
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
    assert_eq!(pages.count(), 70 + 70);
    assert!(requests.len() <= 140 + 8, "{} requests", requests.len());
    run.apply();
    double.check();
}

#[test]
fn labels_are_the_same_in_any_case_and_missing_fields_are_reported() {
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
    assert!(failed.iter().any(|it| it.contains("label civil: GitHub left it out")), "{failed:#?}");
    assert!(failed.iter().any(|it| it.contains("milestone: GitHub left it out")), "{failed:#?}");
}

#[test]
fn one_bad_assignee_does_not_cost_the_issue() {
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
    // An app is not the person of the same name.
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    double.repository(|it| {
        it.issue(3).unwrap().author = "ada[bot]".into();
        it.issue(3).unwrap().association = "NONE".into();
    });
    assert_eq!(run.diff().notices.len(), 1);
}

#[test]
fn due_dates_are_the_days_that_were_written_around_both_changes_of_the_clock() {
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

const FAMILY: &str = "# Family\n\n## Issues\n\n### `P1` Parent\n\n- Labels: `release-gate`\n\n### `C1` One\n\n- Parent: P1\n\n\
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
    assert!(run.said("no GraphQL"));
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
fn what_a_server_lacks_is_said_once_and_left_out_and_the_rest_works() {
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

#[test]
fn a_repository_that_was_renamed_is_found_and_its_new_name_told() {
    let double = Double::start();
    double.repository(|it| it.former_name = Some("stars/hill".into()));
    let run = Run::new(&double, OBSERVATORY);
    let snapshot = wait(async { run.github_called("stars/hill").await.unwrap().observe().await.unwrap() });
    assert_eq!(snapshot.target.as_deref(), Some("stars/observatory"));
    assert!(run.said("`stars/hill` is called `stars/observatory` now"));
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
fn a_due_date_that_the_plan_takes_away_is_said_to_stay() {
    let double = Double::start();
    Run::new(&double, OBSERVATORY).apply();
    let run = Run::new(&double, &OBSERVATORY.replace("   - Target date: 2026-05-18\n", ""));
    let failed = run.try_apply().unwrap();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].starts_with("M2: GitHub's API describes no way to take a due date away"), "{failed:?}");
    double.check();
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

#[test]
fn a_network_that_is_down_and_a_proxy_that_wants_a_login_are_said_plainly() {
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
        let (api, token) = (Api::new("http://127.0.0.1:1", None).unwrap(), Token::new(TOKEN).unwrap());
        let client = Client::new(api, &token, run.clock.clone(), Duration::from_secs(1), Box::new(|_| {})).unwrap();
        GitHub::connect("stars/observatory", client).await.err().unwrap()
    });
    let error = format!("{error:#}");
    assert!(error.contains("GitHub cannot be reached") && error.contains("check the network"), "{error}");
}

#[test]
fn a_wait_that_is_longer_than_a_job_may_take_ends_the_run_and_says_so() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    let headers = vec![("retry-after", (7 * 3_600).to_string())];
    double.fail("POST", "/labels", 1, 1, Fault::Answer(429, headers, "{}".into()));
    let failed = run.try_apply().unwrap();
    assert_eq!(failed.len(), 1, "the others are not tried: {failed:?}");
    assert!(failed[0].contains("420 minutes would have to be waited; run it again then"), "{failed:?}");
    run.apply();
}

#[test]
fn a_plan_that_is_far_from_the_limits_never_waits() {
    let double = Double::start();
    let run = Run::new(&double, OBSERVATORY);
    run.apply();
    assert_eq!(run.clock.now(), Duration::ZERO);
    assert!(run.said.borrow().is_empty(), "{:?}", run.said.borrow());
}
