//! Runs the library against the GitHub double, with a test clock.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use plan_action::apply::{Progress, RunContext, apply};
use plan_action::diff::{Change, Diff, diff};
use plan_action::matching::needs_no_unmarked;
use plan_action::model::snapshot::Snapshot;
use plan_action::plan::Plan;
use plan_action::repository::Observer;
use plan_action::repository::github::http::client::Client;
use plan_action::repository::github::http::clock::Clock;
use plan_action::repository::github::http::token::{Api, Token};
use plan_action::repository::github::{Connection, GitHubWriter};

use crate::double::{Double, TOKEN};
use crate::generated;

/// A clock on which waiting takes no real time.
#[derive(Clone, Default)]
pub(crate) struct PlayedClock(Arc<AtomicU64>);

impl PlayedClock {
    /// The time that has passed on the clock.
    pub(crate) fn time(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::SeqCst))
    }
}

impl Clock for PlayedClock {
    fn now(&self) -> Duration {
        self.time()
    }

    fn unix(&self) -> u64 {
        1_800_000_000 + self.time().as_secs()
    }

    async fn sleep(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_nanos()).unwrap(), Ordering::SeqCst);
    }
}

/// The run id that belongs to the usual token.
pub(crate) const RUN: &str = "a run";

/// A run against the GitHub double.
pub(crate) struct Run<'d> {
    pub double: &'d Double,
    pub plan: Plan,
    pub clock: PlayedClock,
    pub token: &'static str,
    /// The time limit for answers, in real time. Only tests of silent servers shorten it.
    pub patience: Duration,
    pub said: Rc<RefCell<Vec<String>>>,
}

pub(crate) struct Silent;

impl Progress for Silent {
    fn begin(&mut self, _: &Change) {}
}

pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

impl<'d> Run<'d> {
    pub(crate) fn new(double: &'d Double, text: &str) -> Self {
        let plan = generated::read(text);
        let patience = Duration::from_secs(20);
        Self { double, plan, clock: PlayedClock::default(), token: TOKEN, patience, said: Rc::default() }
    }

    /// A run with a short time limit for answers.
    pub(crate) fn impatient(double: &'d Double, text: &str) -> Self {
        Self { patience: Duration::from_millis(400), ..Self::new(double, text) }
    }

    pub(crate) async fn github(&self) -> Result<GitHubWriter<PlayedClock>> {
        self.github_called("stars/observatory").await
    }

    pub(crate) async fn github_called(&self, name: &str) -> Result<GitHubWriter<PlayedClock>> {
        Ok(GitHubWriter::new(&self.connection(name).await?))
    }

    pub(crate) async fn connection(&self, name: &str) -> Result<Rc<Connection<PlayedClock>>> {
        let said = Rc::clone(&self.said);
        let notifier = Box::new(move |text: &str| said.borrow_mut().push(text.to_owned()));
        let (api, token) = (Api::new(&self.double.api, None)?, Token::new(self.token).unwrap().unwrap());
        let client = Client::new(api, &token, self.clock.clone(), self.patience, notifier)?;
        Connection::open(name, client).await
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        wait(async { self.github().await.unwrap().observe().await.unwrap() })
    }

    /// The snapshot that the program observes for this plan, which may be incomplete.
    pub(crate) fn quick_snapshot(&self) -> Snapshot {
        let suffices = |snapshot| needs_no_unmarked(&self.plan, &snapshot).then_some(snapshot);
        wait(async { self.github().await.unwrap().observe_plans(&suffices).await.unwrap() })
    }

    /// The diff against that snapshot.
    pub(crate) fn quick_diff(&self) -> Diff {
        diff(&self.plan, &self.quick_snapshot(), &BTreeSet::new())
    }

    pub(crate) fn diff(&self) -> Diff {
        diff(&self.plan, &self.snapshot(), &BTreeSet::new())
    }

    /// The run id, one for each token, so that concurrent runs differ. It must not contain the token, which is redacted
    /// in everything sent.
    fn id(&self) -> &'static str {
        if self.token == TOKEN { RUN } else { "another run" }
    }

    /// Applies the plan. Returns failures and ignored parts.
    pub(crate) fn try_apply(&self) -> Result<Vec<String>> {
        wait(async {
            let mut github = self.github().await?;
            let suffices = |snapshot| needs_no_unmarked(&self.plan, &snapshot).then_some(snapshot);
            let diff = diff(&self.plan, &github.observe_plans(&suffices).await?, &BTreeSet::new());
            let report = apply(&diff, &mut github, &mut Silent, &RunContext::new(self.id())).await;
            let failed = report.failed.iter().map(|(change, error)| format!("{}: {error:#}", change.key()));
            let incomplete = report.incomplete.iter().map(|(change, missing)| format!("{}: {missing}", change.key()));
            Ok(failed.chain(incomplete).collect())
        })
    }

    /// Applies the plan, which must succeed, and checks that nothing is left to do and nothing is duplicated.
    pub(crate) fn apply(&self) {
        assert_eq!(self.try_apply().unwrap(), [""; 0]);
        self.settled();
    }

    pub(crate) fn settled(&self) {
        for left in [self.diff(), self.quick_diff()] {
            assert!(left.changes.is_empty(), "left to do: {:#?}", left.changes);
        }
        let titles: Vec<String> = self.double.repository(|it| it.issues.iter().map(|it| it.title.clone()).collect());
        let unique: BTreeSet<&String> = titles.iter().collect();
        assert_eq!(unique.len(), titles.len(), "an issue is there twice: {titles:?}");
    }

    pub(crate) fn said(&self, words: &str) -> bool {
        self.said.borrow().iter().any(|text| text.contains(words))
    }
}
