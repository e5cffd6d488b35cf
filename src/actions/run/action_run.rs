//! A run of the action: its job and inputs, and what every mode presents the same way.

use std::rc::Rc;

use anyhow::Result;

use crate::actions::event::Job;
use crate::actions::inputs::Inputs;
use crate::actions::outputs::Runner;
use crate::app::plans::LoadedPlan;
use crate::cli::output;
use crate::cli::repository::github;
use crate::plan::Severity;
use crate::render;
use crate::render::issue_links::IssueLinks;
use crate::report::preview::Preview;
use crate::repository::github::Connection;
use crate::repository::github::http::clock::SystemClock;

/// A job with its inputs and its runner.
pub(super) struct ActionRun {
    pub(super) job: Job,
    pub(super) inputs: Inputs,
    pub(super) runner: Runner,
}

/// The repositories that a run works with. They are the same one, unless the plan's issues are in another.
pub(super) struct Repositories {
    /// Where the plans, their pull requests and the comments on these are.
    pub(super) plans: Rc<Connection<SystemClock>>,
    /// Where the issues are.
    pub(super) issues: Rc<Connection<SystemClock>>,
}

impl ActionRun {
    /// Connects to the repositories of the run.
    pub(super) async fn repositories(&self) -> Result<Repositories> {
        let plans = github(&self.job.repository).await?;
        let issues = match self.elsewhere() {
            Some(name) => github(name).await?,
            None => Rc::clone(&plans),
        };
        Ok(Repositories { plans, issues })
    }

    /// The links to issues in a job's summary.
    pub(super) fn summary_links(&self) -> IssueLinks {
        self.links(IssueLinks::for_summary)
    }

    /// The links to issues in a comment or a pull request.
    pub(super) fn comment_links(&self) -> IssueLinks {
        self.links(IssueLinks::for_comment)
    }

    fn links(&self, of: fn(&str, &str) -> IssueLinks) -> IssueLinks {
        match self.elsewhere() {
            Some(name) => of(&self.job.server, name).from_elsewhere(name),
            None => of(&self.job.server, &self.job.repository),
        }
    }

    /// The repository of the issues, if the plan is in a different one.
    fn elsewhere(&self) -> Option<&str> {
        self.inputs.repository.as_deref().filter(|name| !name.eq_ignore_ascii_case(&self.job.repository))
    }

    /// Adds the counts and the findings of a plan to the job's summary.
    pub(super) fn summarise_findings(&self, loaded: &LoadedPlan<'_>) -> Result<()> {
        let counts = loaded.reading.plan.as_ref().map(render::plan_text::counts).unwrap_or_default();
        let findings = loaded.diagnostics();
        let room = self.runner.room();
        self.runner.summarise(&render::comment::summary_of_findings(&loaded.path, &counts, findings, room))
    }

    /// Annotates the findings at their places.
    pub(super) fn annotate_findings(&mut self, plans: &[LoadedPlan<'_>]) -> Result<()> {
        for command in plans.iter().flat_map(|plan| self.runner.findings(plan.diagnostics())) {
            output::command(&command)?;
        }
        Ok(())
    }

    /// Writes a sentence as an annotation of the whole run.
    pub(super) fn annotate(&mut self, severity: Severity, message: &str) -> Result<()> {
        match self.runner.annotate(severity, message) {
            Some(command) => output::command(&command)?,
            None => output::say(&format!("{message}\n")),
        }
        Ok(())
    }

    /// Sets the outputs of the step.
    pub(super) fn outputs(&self, previews: &[Preview<'_>]) -> Result<()> {
        let sum = |of: fn(&crate::diff::Summary) -> usize| -> usize {
            previews.iter().map(|preview| of(&preview.diff.summary())).sum()
        };
        let changed = previews.iter().any(|preview| !preview.diff.is_empty());
        let digests: Vec<String> = previews.iter().map(|preview| preview.diff.digest()).collect();
        self.runner.output("changed", if changed { "true" } else { "false" })?;
        self.runner.output("created", &sum(|it| it.create).to_string())?;
        self.runner.output("updated", &sum(|it| it.update + it.reopen).to_string())?;
        self.runner.output("closed", &sum(|it| it.close).to_string())?;
        self.runner.output("drift", &sum(|it| it.drift).to_string())?;
        self.runner.output("conflicts", &sum(|it| it.conflict).to_string())?;
        self.runner.output("digest", &digests.join(" "))?;
        let path = self.runner.keep(".json", &render::json::previews(previews)?)?;
        self.runner.output("diff", &path)
    }
}
