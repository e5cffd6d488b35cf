//! An apply on the default branch: presents its steps to the workflow, unless a newer commit changed the plan.

use anyhow::Result;

use super::action_run::{ActionRun, Repositories};
use crate::actions::event::Trigger;
use crate::app::apply::{Ready, Rules, Step, preflight};
use crate::app::plans::LoadedPlan;
use crate::app::preview::Compared;
use crate::app::reviewed::{PullRequestReviews, Shown};
use crate::apply::Report;
use crate::cli::exit::Exit;
use crate::cli::{output, signals};
use crate::plan::Severity;
use crate::plan::source::Source;
use crate::render::workflow_command::WorkflowCommand;
use crate::render::{applied, comment, escape, markdown, notices, refusal};
use crate::repository::github::contents::Content;
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{GitHubComments, GitHubReader, GitHubWriter};

impl ActionRun {
    /// Applies plans, one after the other, unless something forbids it before anything is written.
    pub(super) async fn apply(&mut self, plans: &[LoadedPlan<'_>], repositories: &Repositories) -> Result<Exit> {
        let mut writer = GitHubWriter::new(&repositories.issues);
        let home = GitHubReader::new(&repositories.plans);
        for loaded in plans {
            if let Some(message) = self.superseded(loaded, &home).await {
                self.annotate(Severity::Note, &message)?;
                self.runner.summarise(&format!("{}\n", escape::title(&message)))?;
                return Ok(Exit::Done);
            }
        }
        let (commits, branch) = self.job.landed();
        let (comments, shown) = (GitHubComments::new(&repositories.plans), Shown::new(commits, branch));
        let reviews = PullRequestReviews { comments, reviewed: self.inputs.reviewed, shown };
        let trust = self.inputs.trust.clone();
        let rules = Rules { trust: &trust, allow_mass_close: self.inputs.allow_mass_close, begin: signals::begin };
        let preflight = preflight(plans, &mut writer, rules, reviews).await?;
        self.outputs(&preflight.compared.iter().map(Compared::preview).collect::<Vec<_>>())?;
        let mut apply = match preflight.begin() {
            Ok(apply) => apply,
            Err(refused) => return self.stop(&format!("{} Nothing was written.", refusal::sentence(&refused))),
        };
        let mut exit = Exit::Done;
        while let Some(step) = apply.next().await? {
            let applied = match step {
                Step::Stopped(loaded) => {
                    let message = format!("`{}` was not applied, because the run was stopped.", loaded.path);
                    self.annotate(Severity::Error, &message)?;
                    Exit::Failed
                }
                Step::Refused(loaded, refused) => {
                    let why = refusal::sentence(&refused);
                    self.stop(&format!("{why} Nothing of `{}` was written.", loaded.path))?
                }
                Step::Ready(ready) => {
                    let remarks = self.begin_plan(&ready)?;
                    apply.ensure_writable(&ready)?;
                    let diff = &ready.compared.diff;
                    output::command(&WorkflowCommand::Group(format!("Apply of {}", ready.compared.plan.id)))?;
                    output::styled(&crate::render::text::render(diff))?;
                    let mut reporter = output::reporter(diff.changes.len());
                    let report = apply.write(&ready, &mut reporter).await?;
                    reporter.finish();
                    output::command(&WorkflowCommand::EndGroup)?;
                    self.present_report(&ready.compared, &report, remarks)?
                }
            };
            if applied != Exit::Done {
                exit = Exit::Failed;
            }
        }
        apply.finish().await?;
        Ok(exit)
    }

    /// Warns of changes that were not reviewed, and returns the sentences for the summary.
    fn begin_plan(&mut self, ready: &Ready<'_>) -> Result<Vec<String>> {
        let remarks: Vec<String> = ready.unreviewed.iter().map(refusal::unreviewed).collect();
        for remark in &remarks {
            self.annotate(Severity::Warning, remark)?;
        }
        Ok(remarks)
    }

    fn present_report(&mut self, compared: &Compared<'_>, report: &Report<'_>, remarks: Vec<String>) -> Result<Exit> {
        let diff = &compared.diff;
        for sentence in notices::sentences(diff).into_iter().chain(applied::left_out(report)) {
            self.annotate(Severity::Warning, &sentence)?;
        }
        for sentence in applied::failures(report) {
            self.annotate(Severity::Error, &sentence)?;
        }
        output::styled(&format!("{}\n", applied::sentence(diff, report)))?;
        let document = applied::document(&compared.preview(), report, remarks, &self.summary_links());
        let foot = markdown::footer(diff);
        self.runner.summarise(&comment::cut("", &document, &foot, self.runner.room(), None))?;
        Ok(if report.is_complete() { Exit::Done } else { Exit::Failed })
    }

    /// Reports why nothing is written.
    fn stop(&mut self, why: &str) -> Result<Exit> {
        self.annotate(Severity::Error, why)?;
        self.runner.summarise(&format!("> [!CAUTION]\n> {}\n\n", escape::title(why)))?;
        Ok(Exit::Failed)
    }

    /// Why a plan is not applied: its branch has a newer version. A run that was queued or is run again must not undo newer
    /// changes. A plan that an earlier step of the job wrote is applied: it is not on the branch, or differs from the file both
    /// at the commit and on the branch. If GitHub does not answer, the plan is applied.
    async fn superseded(&self, loaded: &LoadedPlan<'_>, github: &GitHubReader<SystemClock>) -> Option<String> {
        let Trigger::Push(push) = &self.job.trigger else { return None };
        let (path, commit) = (loaded.path.as_str(), &self.job.commit);
        let on_branch = github.content(path, &format!("refs/heads/{}", push.branch)).await.ok()?;
        if matches!(&on_branch, Content::File(bytes) if same_text(bytes, loaded.source.text.as_bytes())) {
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

/// Whether two files have the same text. A checkout may have changed line endings.
fn same_text(one: &[u8], other: &[u8]) -> bool {
    let text = |bytes: &[u8]| Source::new("", String::from_utf8_lossy(bytes)).text.replace('\r', "");
    text(one) == text(other)
}
