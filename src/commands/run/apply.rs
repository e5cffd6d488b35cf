//! An apply on the default branch: of the plan that is there now, and of what reviewers were shown.

use anyhow::Result;

use super::Work;
use crate::actions::event::Trigger;
use crate::actions::inputs::Reviewed;
use crate::apply::apply;
use crate::commands::apply::refusal;
use crate::commands::compare::{Compared, compare};
use crate::commands::plans::Located;
use crate::commands::target::observe_as;
use crate::commands::{Outcome, output};
use crate::diff::diff;
use crate::plan::Severity;
use crate::plan::source::Source;
use crate::render::progress::Reporter;
use crate::render::{applied, comment, escape, markdown, notices};
use crate::repository::Writer;
use crate::repository::github::GitHub;
use crate::repository::github::clock::SystemClock;
use crate::repository::github::contents::Content;
use crate::review::{self, Marker};

/// How many commits of a push are looked up: each is a request.
const MOST_COMMITS: usize = 30;

impl Work {
    /// Makes plans true, one after the other, unless something must be known before anything is written.
    pub(super) async fn apply(&mut self, plans: &[Located<'_>], github: &mut GitHub<SystemClock>) -> Result<Outcome> {
        for located in plans {
            if let Some(branch) = self.moved_on(located, github).await {
                let message = format!(
                    "`{}` is another on `{branch}` by now than at {}, and that one counts. Nothing was written; the \
                     run of the newer commit does it.",
                    located.path, self.job.commit
                );
                self.remark(Severity::Note, &message)?;
                self.runner.summarise(&format!("{}\n", escape::title(&message)))?;
                return Ok(Outcome::Done);
            }
        }
        let mut snapshot = observe_as(github, &self.inputs.trust).await?;
        let compared = compare(plans, &snapshot).await?;
        self.outputs(&compared)?;
        let remarks = match self.unseen(&compared, github).await? {
            remarks if remarks.is_empty() => remarks,
            remarks if self.inputs.reviewed == Reviewed::Require => {
                return self.stop(&format!("{} Nothing was written (`reviewed: require`).", remarks.join(" ")));
            }
            remarks => {
                for remark in &remarks {
                    self.remark(Severity::Warning, remark)?;
                }
                remarks
            }
        };
        for compared in &compared {
            if let Some(refusal) = refusal(&compared.diff, self.inputs.allow_mass_close) {
                return self.stop(&format!("{refusal} Nothing was written."));
            }
        }
        let mut outcome = Outcome::Done;
        for (at, located) in plans.iter().enumerate() {
            let Some(plan) = &located.reading.plan else { continue };
            if at > 0 {
                snapshot = observe_as(github, &self.inputs.trust).await?;
            }
            let diff = diff(plan, &snapshot, &located.vanished(plan, &snapshot).await?);
            let now = Compared { plan, diagnostics: located.diagnostics(), diff };
            if self.apply_one(&now, remarks.clone(), github).await? != Outcome::Done {
                outcome = Outcome::Failed;
            }
        }
        github.finish().await?;
        Ok(outcome)
    }

    async fn apply_one(
        &mut self,
        compared: &Compared<'_>,
        remarks: Vec<String>,
        github: &mut GitHub<SystemClock>,
    ) -> Result<Outcome> {
        let Compared { plan, diff, .. } = compared;
        if !diff.writes_nothing() {
            github.writable()?;
        }
        output::command(&format!("::group::Apply of {}\n", crate::actions::log::value(plan.id.as_str())))?;
        output::styled(&crate::render::text::render(diff))?;
        let mut reporter = Reporter::new(diff.changes.len(), output::say);
        let report = apply(diff, github, &mut reporter).await;
        reporter.finish();
        output::command("::endgroup::\n")?;
        for sentence in notices::sentences(diff).into_iter().chain(applied::left_out(&report)) {
            self.remark(Severity::Warning, &sentence)?;
        }
        for sentence in applied::failures(&report) {
            self.remark(Severity::Error, &sentence)?;
        }
        output::styled(&format!("{}\n", applied::sentence(diff, &report)))?;
        let document = applied::document(&compared.preview(), &report, remarks);
        let foot = markdown::footer(diff);
        self.runner.summarise(&comment::cut("", &document, &foot, self.runner.room(), None))?;
        Ok(if report.failed.is_empty() { Outcome::Done } else { Outcome::Failed })
    }

    /// Says why nothing is written.
    fn stop(&mut self, why: &str) -> Result<Outcome> {
        self.remark(Severity::Error, why)?;
        self.runner.summarise(&format!("> [!CAUTION]\n> {}\n\n", escape::title(why)))?;
        Ok(Outcome::Failed)
    }

    /// The branch, if a plan is another there by now: a run that was queued, or that somebody starts once more, must
    /// not undo what came after it. Where that cannot be found out, the plan counts as it is here.
    async fn moved_on(&self, located: &Located<'_>, github: &GitHub<SystemClock>) -> Option<String> {
        let Trigger::Push(push) = &self.job.trigger else { return None };
        let is_same = match github.content(located.path.as_str(), &format!("refs/heads/{}", push.branch)).await {
            Ok(Content::File(bytes)) => {
                let there = Source::new("", String::from_utf8_lossy(&bytes));
                // A checkout may have given it the line ends of its system.
                there.text.replace('\r', "") == located.source.text.replace('\r', "")
            }
            Ok(Content::Missing) => false,
            Ok(Content::Folder(_)) | Err(_) => true,
        };
        (!is_same).then(|| push.branch.clone())
    }

    /// What reviewers were not shown, in a sentence for each plan.
    async fn unseen(&self, compared: &[Compared<'_>], github: &GitHub<SystemClock>) -> Result<Vec<String>> {
        if self.inputs.reviewed == Reviewed::Off || compared.iter().all(|compared| compared.diff.is_empty()) {
            return Ok(Vec::new());
        }
        let (commits, branch) = self.job.landed();
        let mut markers: Vec<Marker> = Vec::new();
        let mut pulls: Vec<u64> = Vec::new();
        let is_seen = |markers: &[Marker]| compared.iter().all(|it| review::unseen(&it.diff, markers).is_empty());
        for commit in commits.iter().take(MOST_COMMITS) {
            for pull in github.merged_pulls(commit, branch).await? {
                if !pulls.contains(&pull) {
                    pulls.push(pull);
                    let comments = github.own_comments(pull).await?;
                    markers.extend(comments.iter().filter_map(|comment| Marker::find(&comment.body)));
                }
            }
            if is_seen(&markers) {
                return Ok(Vec::new());
            }
        }
        let of_one = |compared: &Compared<'_>| {
            let unseen = review::unseen(&compared.diff, &markers);
            (!unseen.is_empty()).then(|| format!("{}.", applied::unseen(&unseen)))
        };
        Ok(compared.iter().filter_map(of_one).collect())
    }
}
