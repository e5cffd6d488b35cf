//! `run`: what a workflow's event asks for. The parts are those of the other commands; here they meet the runner.

mod apply;
mod comment;
mod drift;
mod gate;
mod preview;

use std::path::Path;

use anyhow::Result;

use super::compare::Compared;
use super::plans::Located;
use super::target::{github, observe_as, variable};
use super::{Outcome, output, plans};
use crate::actions::command::in_github_actions;
use crate::actions::event::{Job, Task};
use crate::actions::inputs::Inputs;
use crate::actions::report::Runner;
use crate::cli::RunArgs;
use crate::plan::Severity;
use crate::plan::diagnostic::has_errors;
use crate::render;
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{GitHubComments, GitHubReader};

/// A job with everything that it works with.
struct Work {
    job: Job,
    inputs: Inputs,
    runner: Runner,
}

/// Does what the event asks for. In a workflow, what fails is annotated too.
pub async fn run(args: &RunArgs) -> Result<Outcome> {
    let mut runner = Runner::new(variable);
    let prepared = Inputs::new(args, variable).and_then(|inputs| Ok((inputs, Job::read(variable)?)));
    let result = match prepared {
        Ok((inputs, job)) => {
            let mut work = Work { job, inputs, runner };
            let result = work.run().await;
            runner = work.runner;
            result
        }
        Err(error) => Err(error),
    };
    match result {
        Err(error) if in_github_actions() => {
            let message = format!("{error:#}");
            output::error(&message);
            if let Some(command) = runner.remark(Severity::Error, &message) {
                output::command(&command)?;
            }
            let words = render::escape::title(&message);
            runner.summarise(&format!("**plan-action** could not do its work: {words}\n"))?;
            Ok(Outcome::Failed)
        }
        result => result,
    }
}

impl Work {
    async fn run(&mut self) -> Result<Outcome> {
        let task = self.job.task(self.inputs.mode)?;
        if let Task::Nothing(why) = task {
            output::say(&format!("nothing to do: {why}\n"));
            return Ok(Outcome::Done);
        }
        let proposed = self.job.pull_request().filter(|pull| pull.is_target).map(|pull| pull.head.clone());
        let Some(commit) = proposed else {
            let plans = self.plans_here()?;
            self.annotate(&plans)?;
            if task == Task::Check {
                return self.check(&plans);
            }
            let github = github(&self.job.repository).await?;
            let comments = GitHubComments::new(&github);
            return match task {
                _ if plans::has_errors(&plans) => self.refuse(&comments, &plans).await,
                Task::Apply => self.apply(&plans, &github).await,
                task => self.look(&task, &plans, &GitHubReader::new(&github), &comments).await,
            };
        };
        let github = github(&self.job.repository).await?;
        let (reader, comments) = (GitHubReader::new(&github), GitHubComments::new(&github));
        let plans = plans::read_at(&reader, &commit, &self.inputs.plans, &self.inputs.overrides).await?;
        self.annotate(&plans)?;
        match task {
            Task::Check => self.check(&plans),
            _ if plans::has_errors(&plans) => self.refuse(&comments, &plans).await,
            task => self.look(&task, &plans, &reader, &comments).await,
        }
    }

    /// What only looks at the repository.
    async fn look(
        &mut self,
        task: &Task,
        plans: &[Located<'_>],
        github: &GitHubReader<SystemClock>,
        comments: &GitHubComments<SystemClock>,
    ) -> Result<Outcome> {
        let snapshot = observe_as(github, &self.inputs.trust).await?;
        match task {
            Task::Drift => self.drift(plans, &snapshot).await,
            Task::Gate(tag) => self.gate(plans, &snapshot, tag).await,
            _ => self.preview(plans, &snapshot, github, comments).await,
        }
    }

    /// The plans in the workspace.
    fn plans_here(&self) -> Result<Vec<Located<'static>>> {
        let workspace = variable("GITHUB_WORKSPACE").unwrap_or_else(|| ".".into());
        plans::read_within(Path::new(&workspace), &self.inputs.plans, &self.inputs.overrides)
    }

    fn check(&mut self, plans: &[Located<'_>]) -> Result<Outcome> {
        for located in plans {
            self.summarise_findings(located)?;
            output::styled(&super::check::line(located))?;
        }
        Ok(if plans::has_errors(plans) { Outcome::Failed } else { Outcome::Done })
    }

    /// Puts what a plan holds, and what is wrong with it, into the job's summary.
    fn summarise_findings(&self, located: &Located<'_>) -> Result<()> {
        let counts = located.reading.plan.as_ref().map(render::plan_text::counts).unwrap_or_default();
        let findings = located.diagnostics();
        let room = self.runner.room();
        self.runner.summarise(&render::comment::summary_of_findings(&located.path, &counts, findings, room))
    }

    /// Shows the findings in their places.
    fn annotate(&mut self, plans: &[Located<'_>]) -> Result<()> {
        for command in plans.iter().flat_map(|plan| self.runner.findings(plan.diagnostics())) {
            output::command(&command)?;
        }
        Ok(())
    }

    /// Says, where a preview would stand, that plans have errors.
    async fn refuse(&mut self, github: &GitHubComments<SystemClock>, plans: &[Located<'_>]) -> Result<Outcome> {
        for located in plans.iter().filter(|located| has_errors(located.diagnostics())) {
            self.summarise_findings(located)?;
            self.comment_errors(github, located).await?;
        }
        output::error("nothing was written, because the plan has errors");
        Ok(Outcome::Failed)
    }

    /// Writes a sentence as an annotation of the whole run.
    fn remark(&mut self, severity: Severity, message: &str) -> Result<()> {
        match self.runner.remark(severity, message) {
            Some(command) => output::command(&command)?,
            None => output::say(&format!("{message}\n")),
        }
        Ok(())
    }

    /// Sets the outputs that a diff has.
    fn outputs(&self, compared: &[Compared<'_>]) -> Result<()> {
        let sum = |of: fn(&crate::diff::Summary) -> usize| -> usize {
            compared.iter().map(|compared| of(&compared.diff.summary())).sum()
        };
        let changed = compared.iter().any(|compared| !compared.diff.is_empty());
        let digests: Vec<String> = compared.iter().map(|compared| compared.diff.digest()).collect();
        self.runner.output("changed", if changed { "true" } else { "false" })?;
        self.runner.output("created", &sum(|it| it.create).to_string())?;
        self.runner.output("updated", &sum(|it| it.update + it.reopen).to_string())?;
        self.runner.output("closed", &sum(|it| it.close).to_string())?;
        self.runner.output("drift", &sum(|it| it.drift).to_string())?;
        self.runner.output("conflicts", &sum(|it| it.conflict).to_string())?;
        self.runner.output("digest", &digests.join(" "))?;
        let path = self.runner.keep(".json", &super::preview::json(compared)?)?;
        self.runner.output("diff", &path)
    }
}
