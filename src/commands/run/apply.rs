//! An apply on the default branch: of the plan that is there now, and of what reviewers were shown.

use std::rc::Rc;

use anyhow::Result;

use super::Work;
use crate::actions::command::Command;
use crate::actions::event::Trigger;
use crate::actions::inputs::Reviewed;
use crate::apply::{RunContext, apply};
use crate::commands::apply::refusal;
use crate::commands::compare::{Compared, compare};
use crate::commands::plans::Located;
use crate::commands::reviewed::Shown;
use crate::commands::target::observe_as;
use crate::commands::{Outcome, output, signals};
use crate::diff::{Diff, diff};
use crate::plan::Severity;
use crate::plan::source::Source;
use crate::render::{applied, comment, escape, markdown, notices};
use crate::repository::Writer;
use crate::repository::github::contents::Content;
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{Connection, GitHubComments, GitHubReader, GitHubWriter};

/// Whether a plan may be applied.
enum Decision {
    /// It may; the sentences say what nobody was shown.
    Go(Vec<String>),
    /// It must not, and why.
    Stop(String),
}

impl Work {
    /// Makes plans true, one after the other, unless something must be known before anything is written.
    ///
    /// What may stop an apply is asked twice: for all plans before the first is written, and for each plan again when
    /// its turn comes, since the plans before it and people may have changed the repository meanwhile.
    pub(super) async fn apply(
        &mut self,
        plans: &[Located<'_>],
        github: &Rc<Connection<SystemClock>>,
    ) -> Result<Outcome> {
        let (mut writer, comments) = (GitHubWriter::new(github), GitHubComments::new(github));
        for located in plans {
            if let Some(message) = self.superseded(located, writer.reader()).await {
                self.remark(Severity::Note, &message)?;
                self.runner.summarise(&format!("{}\n", escape::title(&message)))?;
                return Ok(Outcome::Done);
            }
        }
        let mut snapshot = observe_as(&writer, &self.inputs.trust).await?;
        let compared = compare(plans, &snapshot).await?;
        self.outputs(&compared)?;
        let (commits, branch) = self.job.landed();
        let mut shown = Shown::new(commits, branch);
        for compared in &compared {
            if let Decision::Stop(why) = self.decide(&compared.diff, &mut shown, &comments).await {
                return self.stop(&format!("{why} Nothing was written."));
            }
        }
        let mut outcome = Outcome::Done;
        let context = signals::begin()?;
        writer.stop_on(&context.stop);
        for (at, located) in plans.iter().enumerate() {
            let Some(plan) = &located.reading.plan else { continue };
            if context.stop.is_requested() {
                let message = format!("`{}` was not applied, because the run was asked to stop.", located.path);
                self.remark(Severity::Error, &message)?;
                outcome = Outcome::Failed;
                continue;
            }
            if at > 0 {
                snapshot = observe_as(&writer, &self.inputs.trust).await?;
            }
            let diff = diff(plan, &snapshot, &located.vanished(plan, &snapshot).await?);
            let now = Compared { plan, diagnostics: located.diagnostics(), diff };
            let applied = match self.decide(&now.diff, &mut shown, &comments).await {
                Decision::Go(remarks) => self.apply_one(&now, remarks, &mut writer, &context).await?,
                Decision::Stop(why) => self.stop(&format!("{why} Nothing of `{}` was written.", located.path))?,
            };
            if applied != Outcome::Done {
                outcome = Outcome::Failed;
            }
        }
        writer.finish().await?;
        Ok(outcome)
    }

    /// Whether a diff may be applied, given what reviewers were shown.
    async fn decide(&self, diff: &Diff, shown: &mut Shown, comments: &GitHubComments<SystemClock>) -> Decision {
        if let Some(refusal) = refusal(diff, self.inputs.allow_mass_close) {
            return Decision::Stop(refusal);
        }
        if self.inputs.reviewed == Reviewed::Off {
            return Decision::Go(Vec::new());
        }
        let unseen = shown.unseen(diff, comments).await;
        if unseen.is_empty() {
            return Decision::Go(Vec::new());
        }
        let mut remark = format!("{}.", applied::unseen(&unseen));
        if let Some(unknown) = shown.unknown() {
            remark = format!("{remark} {unknown}");
        }
        match self.inputs.reviewed {
            Reviewed::Require => Decision::Stop(format!(
                "{remark} `reviewed: require` stops here: merge the change with a pull request whose preview shows it, \
                 or run once with `reviewed: warn`."
            )),
            Reviewed::Warn | Reviewed::Off => Decision::Go(vec![remark]),
        }
    }

    async fn apply_one(
        &mut self,
        compared: &Compared<'_>,
        remarks: Vec<String>,
        writer: &mut GitHubWriter<SystemClock>,
        context: &RunContext,
    ) -> Result<Outcome> {
        let Compared { plan, diff, .. } = compared;
        for remark in &remarks {
            self.remark(Severity::Warning, remark)?;
        }
        if !diff.writes_nothing() {
            writer.writable()?;
        }
        output::command(&Command::Group(format!("Apply of {}", plan.id)))?;
        output::styled(&crate::render::text::render(diff))?;
        let mut reporter = output::reporter(diff.changes.len());
        let report = apply(diff, writer, &mut reporter, context).await;
        reporter.finish();
        output::command(&Command::EndGroup)?;
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
        Ok(if report.is_complete() { Outcome::Done } else { Outcome::Failed })
    }

    /// Says why nothing is written.
    fn stop(&mut self, why: &str) -> Result<Outcome> {
        self.remark(Severity::Error, why)?;
        self.runner.summarise(&format!("> [!CAUTION]\n> {}\n\n", escape::title(why)))?;
        Ok(Outcome::Failed)
    }

    /// Why a plan is not applied: its branch has another version of it by now. A run that was queued, or that somebody
    /// starts once more, must not undo what came after it. A plan that an earlier step wrote is on no branch, or differs
    /// from what is at the commit and on the branch alike; it is applied. Where GitHub does not say, the plan counts as
    /// it is here.
    async fn superseded(&self, located: &Located<'_>, github: &GitHubReader<SystemClock>) -> Option<String> {
        let Trigger::Push(push) = &self.job.trigger else { return None };
        let (path, commit) = (located.path.as_str(), &self.job.commit);
        let on_branch = github.content(path, &format!("refs/heads/{}", push.branch)).await.ok()?;
        if matches!(&on_branch, Content::File(bytes) if same_text(bytes, located.source.text.as_bytes())) {
            return None;
        }
        let at_commit = github.content(path, commit).await.ok()?;
        let branch = &push.branch;
        match (at_commit, on_branch) {
            (Content::File(then), Content::File(now)) if same_text(&then, &now) => None,
            (Content::File(_) | Content::Missing, Content::File(_)) => Some(format!(
                "`{path}` has changed on `{branch}` since {commit}. Nothing was written; the run for the newer commit \
                 applies it."
            )),
            (Content::File(_), Content::Missing) => {
                Some(format!("`{path}` was deleted from `{branch}` after {commit}. Nothing was written."))
            }
            _ => None,
        }
    }
}

/// Whether two files have the same text. A checkout may have given one the line ends of its system.
fn same_text(one: &[u8], other: &[u8]) -> bool {
    let text = |bytes: &[u8]| Source::new("", String::from_utf8_lossy(bytes)).text.replace('\r', "");
    text(one) == text(other)
}
