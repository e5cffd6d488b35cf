//! Reads a repository into a snapshot, from REST and GraphQL.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::connection::Connection;
use super::http::clock::Clock;
use super::http::failure::Failure;
use super::http::pages::Lists;
use super::observed_links::LinkReader;
use super::own_issues::{Linked, OwnIssueReader, take_all};
use super::wire::{WireIssue, WireLabel, WireMilestone, read};
use crate::model::block;
use crate::model::looked_through::LookedThrough;
use crate::model::marker::{Found, IssueBase, Marker};
use crate::model::snapshot::{Issue, IssueNumber, Label, Lacks, Milestone, MilestoneNumber, Snapshot, is_account};
use crate::repository::Observer;

/// The most unavailable issue numbers to skip when looking for issues newer than the listed ones.
const MOST_GONE: usize = 20;
/// How far the clock of this machine is expected to be from GitHub's at most.
const MOST_SKEW: Duration = Duration::from_secs(5);
/// How often the lists of issues are read while they keep changing.
const MOST_READS: usize = 3;
/// The most issues missing in the list that are requested one by one.
const MOST_NEWER: usize = 1_000;

/// Reads a repository. It cannot write.
pub struct GitHubReader<C>(pub(super) Rc<Connection<C>>);

impl<C> GitHubReader<C> {
    /// A reader for a repository.
    pub fn new(github: &Rc<Connection<C>>) -> Self {
        Self(Rc::clone(github))
    }
}

/// The parts of a repository that are read before its issues.
struct Frame {
    /// A snapshot without issues.
    snapshot: Snapshot,
    /// When an issue was last changed, by GitHub's clock.
    latest: Option<Timestamp>,
}

impl<C: Clock> Observer for GitHubReader<C> {
    async fn observe(&self) -> Result<Snapshot> {
        let frame = self.frame().await?;
        self.everything(frame).await
    }

    async fn observe_plans(&self, suffices: &dyn Fn(Snapshot) -> Option<Snapshot>) -> Result<Snapshot> {
        let frame = self.frame().await?;
        match self.marked(&frame).await?.and_then(suffices) {
            Some(snapshot) => Ok(snapshot),
            None => self.everything(frame).await,
        }
    }
}

impl<C: Clock> GitHubReader<C> {
    async fn frame(&self) -> Result<Frame> {
        let mut snapshot = Snapshot { target: Some(self.0.name.clone()), ..Snapshot::default() };
        let links = LinkReader(&self.0);
        let (labels, milestones, latest) =
            tokio::join!(self.pages_of("labels?per_page=100"), self.milestones(), links.viewer_and_pins(&mut snapshot));
        let labels = labels?.into_iter().map(|json| Ok(Label::from(read::<WireLabel>(json, "a label")?)));
        snapshot.labels = labels.collect::<Result<_>>()?;
        snapshot.milestones = milestones?;
        Ok(Frame { snapshot, latest: latest? })
    }

    async fn milestones(&self) -> Result<Vec<Milestone>> {
        let milestones = self.pages_of("milestones?state=all&per_page=100").await?;
        let read = |json| Milestone::try_from(read::<WireMilestone>(json, "a milestone")?);
        milestones.into_iter().map(read).collect()
    }

    /// Reads every issue, open and closed.
    async fn everything(&self, frame: Frame) -> Result<Snapshot> {
        let Frame { mut snapshot, latest } = frame;
        let since = self.begin(latest);
        let mut issues = BTreeMap::new();
        let mut reads = 1;
        while !self.read_lists(&mut issues, &since).await? {
            ensure!(
                reads < MOST_READS,
                "issues of {} were closed or reopened each of the {MOST_READS} times that its lists were read, so some may \
                 be missing; run it again when the repository is quieter",
                self.0.name
            );
            reads += 1;
        }
        self.newest(&mut issues).await?;
        snapshot.issues = issues.into_values().collect();
        if lacks_milestone(&snapshot) {
            // A milestone was created after the milestones were read.
            snapshot.milestones = self.milestones().await?;
        }
        LinkReader(&self.0).links(&mut snapshot).await?;
        Ok(self.finished(snapshot, latest))
    }

    /// The time from which on changes may not be in lists that are read now. It is told by GitHub's clock if that is known,
    /// because the clock of this machine may be wrong. Many issues may have changed in the latest second, so it only
    /// counts if more can change in it.
    fn begin(&self, latest: Option<Timestamp>) -> String {
        let Some(latest) = latest else { return self.0.now_for_github() };
        let now = i64::try_from(self.0.client.clock().unix()).unwrap_or(i64::MAX);
        let is_over = now.abs_diff(latest.as_second()) > MOST_SKEW.as_secs();
        let begin = if is_over { latest.checked_add(SignedDuration::from_secs(1)).unwrap_or(latest) } else { latest };
        begin.to_string()
    }

    /// Reads the lists of open and of closed issues, then what changed since a time before. Returns whether they stayed the same meanwhile: when something leaves
    /// a list, what follows moves up, and the first entry of the next page is never listed.
    async fn read_lists(&self, issues: &mut BTreeMap<IssueNumber, Issue>, since: &str) -> Result<bool> {
        let mut states: BTreeMap<u64, String> = BTreeMap::new();
        let mut is_whole = true;
        let lists = self.lists();
        let take = RefCell::new(|json: Value| {
            if let (Some(number), Some(state)) = (json["number"].as_u64(), json["state"].as_str()) {
                is_whole &= states.insert(number, state.to_owned()).is_none_or(|before| before == state);
            }
            self.take_issue(json, issues)
        });
        let (open, closed) = tokio::join!(
            lists.each_from_both_ends(|direction| self.issues_path("state=open", direction), &take),
            lists.each_from_both_ends(|direction| self.issues_path("state=closed", direction), &take)
        );
        open.and(closed)?;
        for json in self.lists().all(&self.issues_path(&format!("state=all&since={since}"), "asc")).await? {
            let listed = json["number"].as_u64().and_then(|number| states.get(&number));
            is_whole &= listed.is_none_or(|listed| json["state"] == **listed);
            self.take_issue(json, issues)?;
        }
        Ok(is_whole)
    }

    /// Reads the issues that this account opened, and those of other accounts that have markers. `None` if they cannot
    /// be found without listing all issues.
    async fn marked(&self, frame: &Frame) -> Result<Option<Snapshot>> {
        let mut snapshot = frame.snapshot.clone();
        let Some(account) = snapshot.viewer.clone().filter(|_| self.0.features.borrow().graphql) else {
            return Ok(None);
        };
        let reader = OwnIssueReader(&self.0);
        let Some(own) = reader.all_by(&account).await? else { return Ok(None) };
        let hint = self.hint(&own.issues, &account, frame.latest);
        let mut issues = BTreeMap::new();
        take_all(own.issues.into_values(), &mut issues, &mut snapshot);
        let mut unlinked = BTreeSet::new();
        if own.has_others {
            let Some(hint) = hint else { return Ok(None) };
            let others: Vec<IssueNumber> = hint.others().filter(|number| !issues.contains_key(number)).collect();
            let since = self.issues_path(&format!("state=all&since={}", hint.until()), "asc");
            let lists = self.lists();
            let (others, changed) = tokio::join!(reader.numbered(&others), lists.all(&since));
            let Some(others) = others? else { return Ok(None) };
            take_all(others, &mut issues, &mut snapshot);
            let linked: BTreeSet<IssueNumber> = issues.keys().copied().collect();
            for json in changed? {
                self.take_issue(json, &mut issues)?;
            }
            let new = issues.values().filter(|issue| !linked.contains(&issue.number) && is_marked(issue));
            unlinked.extend(new.map(|issue| issue.number));
        }
        unlinked.extend(snapshot.unknown.blockers.union(&snapshot.unknown.parents));
        LinkReader(&self.0).links_of(&unlinked.into_iter().collect::<Vec<_>>(), &mut snapshot).await?;
        snapshot.dependencies.retain(|(_, blocker)| issues.contains_key(blocker));
        snapshot.issues = issues.into_values().collect();
        Ok((!lacks_milestone(&snapshot)).then(|| self.finished(snapshot, frame.latest)))
    }

    /// The newest valid hint in the issues that this account opened.
    fn hint(
        &self,
        own: &BTreeMap<IssueNumber, Linked>,
        account: &str,
        latest: Option<Timestamp>,
    ) -> Option<LookedThrough> {
        let (repository, latest) = (self.0.id?, latest?);
        let hints = own.values().filter_map(|(issue, ..)| match Marker::<IssueBase>::find(&issue.body) {
            Found::Marker(marker, _) => marker.base.looked_through,
            Found::Nothing | Found::Newer(_) | Found::Damaged(_) => None,
        });
        hints.filter(|hint| hint.is_of(repository, account, latest)).max_by_key(LookedThrough::until)
    }

    /// Completes a snapshot with the missing features and the hint for the next run.
    fn finished(&self, mut snapshot: Snapshot, latest: Option<Timestamp>) -> Snapshot {
        self.0.tell_lacks();
        let updated = |issue: &Issue| Some((issue.number, self.0.handle(issue.number).ok()?.updated?));
        snapshot.updated = snapshot.issues.iter().filter_map(updated).collect();
        let features = self.0.features.borrow();
        snapshot.lacks =
            Lacks { dependencies: !features.dependencies, sub_issues: !features.sub_issues, pins: !features.pins };
        snapshot.looked_through =
            self.0.id.zip(snapshot.viewer.as_deref()).zip(latest).and_then(|((repository, account), latest)| {
                let others = snapshot.issues.iter().filter(|it| is_marked(it) && !is_account(account, &it.author));
                LookedThrough::new(repository, account, latest, &others.map(|issue| issue.number).collect())
            });
        snapshot
    }

    async fn pages_of(&self, list: &str) -> Result<Vec<Value>> {
        self.lists().all(&format!("{}/{list}", self.0.base())).await
    }

    fn lists(&self) -> Lists<'_, C> {
        Lists::new(&self.0.client, &self.0.name)
    }

    fn issues_path(&self, query: &str, direction: &str) -> String {
        format!("{}/issues?{query}&sort=created&direction={direction}&per_page=100", self.0.base())
    }

    /// Requests the issue numbers after the highest listed one. A list can lag by some seconds, but a single issue does
    /// not, so a run sees what the previous one just created.
    async fn newest(&self, issues: &mut BTreeMap<IssueNumber, Issue>) -> Result<()> {
        let mut gone = 0;
        for _ in 0..MOST_NEWER {
            let next = self.0.highest.get().saturating_add(1);
            match self.0.client.get(&format!("{}/issues/{next}", self.0.base())).await {
                Ok(answer) => {
                    self.take_issue(answer.json, issues)?;
                    // Even if the answer is about another issue, do not request the same number again.
                    self.0.highest.set(self.0.highest.get().max(next));
                }
                // This number was used once, so further issues may follow.
                Err(Failure::Refused(refusal)) if refusal.is_gone() && refusal.status.as_u16() != 404 => {
                    self.0.highest.set(next);
                    gone += 1;
                    if gone == MOST_GONE {
                        return Ok(());
                    }
                }
                Err(Failure::Refused(refusal)) if matches!(refusal.status.as_u16(), 301 | 404 | 410) => return Ok(()),
                Err(failure) => return Err(failure.into()),
            }
        }
        Ok(())
    }

    /// Adds an issue, and remembers its ids. Pull requests are skipped.
    fn take_issue(&self, json: Value, issues: &mut BTreeMap<IssueNumber, Issue>) -> Result<()> {
        let issue: WireIssue = read(json, "an issue")?;
        self.0.highest.set(self.0.highest.get().max(issue.number.0));
        if issue.pull_request.is_none() {
            issues.insert(issue.number, self.0.known(issue));
        }
        Ok(())
    }
}

/// Whether the body of an issue contains anything that looks like a marker.
fn is_marked(issue: &Issue) -> bool {
    block::beginning(&issue.body).is_some()
}

/// Whether an issue is in a milestone that was created after the milestones were read.
fn lacks_milestone(snapshot: &Snapshot) -> bool {
    let milestones: BTreeSet<MilestoneNumber> = snapshot.milestones.iter().map(|it| it.number).collect();
    snapshot.issues.iter().filter_map(|issue| issue.milestone).any(|number| !milestones.contains(&number))
}
