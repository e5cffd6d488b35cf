//! `run`: does what the event of a workflow calls for. It runs the same use cases as the other commands and presents their
//! outcomes to the runner.

mod action_run;
mod apply;
mod comment;
mod drift;
mod gate;
mod preview;
mod pull;

use std::path::Path;

use anyhow::Result;

use self::action_run::{ActionRun, Repositories};
use crate::actions::event::{Job, Task};
use crate::actions::inputs::Inputs;
use crate::actions::outputs::Runner;
use crate::app::observe::{observe_as, observe_for};
use crate::app::plans::{self, LoadedPlan};
use crate::cli::args::RunArgs;
use crate::cli::environment::{in_github_actions, variable};
use crate::cli::exit::Exit;
use crate::cli::findings::report_findings;
use crate::cli::{check_line, output, why_not};
use crate::plan::Severity;
use crate::plan::diagnostic::stops_apply;
use crate::render;
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{GitHubComments, GitHubReader};

/// Does what the event calls for. In a workflow, errors are also annotations.
pub async fn run(args: &RunArgs) -> Result<Exit> {
    let mut runner = Runner::new(variable);
    let prepared = Inputs::new(args, variable).and_then(|inputs| Ok((inputs, Job::read(variable)?)));
    let result = match prepared {
        Ok((inputs, job)) => {
            let mut action = ActionRun { job, inputs, runner };
            let result = action.run().await;
            runner = action.runner;
            result
        }
        Err(error) => Err(error),
    };
    match result {
        Err(error) if in_github_actions() => {
            let message = format!("{error:#}");
            output::error(&message);
            if let Some(command) = runner.annotate(Severity::Error, &message) {
                output::command(&command)?;
            }
            let words = render::escape::title(&message);
            runner.summarise(&format!("**plan-action failed:** {words}\n"))?;
            Ok(Exit::Failed)
        }
        result => result,
    }
}

impl ActionRun {
    async fn run(&mut self) -> Result<Exit> {
        let task = self.job.task(self.inputs.mode)?;
        if let Task::Nothing(why) = task {
            output::say(&format!("nothing to do: {why}\n"));
            return Ok(Exit::Done);
        }
        let proposed = self.job.pull_request().filter(|pull| pull.is_target).map(|pull| pull.head.clone());
        let Some(commit) = proposed else {
            let plans = self.plans_here()?;
            self.annotate_findings(&plans)?;
            if task == Task::Check {
                return self.check(&plans);
            }
            let repositories = self.repositories().await?;
            let comments = GitHubComments::new(&repositories.plans);
            return match task {
                _ if plans::has_errors(&plans) => self.refuse(&comments, &plans).await,
                Task::Apply if plans::stop_apply(&plans) => self.refuse(&comments, &plans).await,
                Task::Apply => self.apply(&plans, &repositories).await,
                Task::Pull if plans::stop_apply(&plans) => self.refuse(&comments, &plans).await,
                Task::Pull => self.pull(&plans, &repositories).await,
                task => self.look(&task, &plans, &repositories).await,
            };
        };
        let repositories = self.repositories().await?;
        let (reader, comments) = (GitHubReader::new(&repositories.plans), GitHubComments::new(&repositories.plans));
        let loaded = plans::load_at(&reader, &commit, &self.inputs.plans, &self.inputs.overrides).await?;
        let plans = report_findings(loaded)?;
        self.annotate_findings(&plans)?;
        match task {
            Task::Check => self.check(&plans),
            _ if plans::has_errors(&plans) => self.refuse(&comments, &plans).await,
            task => self.look(&task, &plans, &repositories).await,
        }
    }

    /// The tasks that only read the repository.
    async fn look(&mut self, task: &Task, plans: &[LoadedPlan<'_>], repositories: &Repositories) -> Result<Exit> {
        let (trust, github) = (&self.inputs.trust, &GitHubReader::new(&repositories.issues));
        match task {
            Task::Drift => {
                let snapshot = observe_as(github, trust).await?;
                self.drift(plans, &snapshot).await
            }
            Task::Gate(tag) => {
                let snapshot = observe_as(github, trust).await?;
                self.gate(plans, &snapshot, tag).await
            }
            _ => {
                let snapshot = observe_for(plans, github, trust).await?;
                self.preview(plans, &snapshot, repositories).await
            }
        }
    }

    /// The plans in the workspace.
    fn plans_here(&self) -> Result<Vec<LoadedPlan<'static>>> {
        let workspace = variable("GITHUB_WORKSPACE").unwrap_or_else(|| ".".into());
        let loaded = plans::load_within(Path::new(&workspace), &self.inputs.plans, &self.inputs.overrides)?;
        let mut plans = report_findings(loaded)?;
        let Job { server, repository, commit, .. } = &self.job;
        plans.iter_mut().for_each(|plan| plan.set_commit(server, repository, commit));
        Ok(plans)
    }

    fn check(&mut self, plans: &[LoadedPlan<'_>]) -> Result<Exit> {
        for loaded in plans {
            self.summarise_findings(loaded)?;
            if let Some(line) = check_line(loaded) {
                output::sentence(&line)?;
            }
        }
        Ok(if plans::has_errors(plans) { Exit::Failed } else { Exit::Done })
    }

    /// Lists the errors of plans where a preview would be.
    async fn refuse(&mut self, github: &GitHubComments<SystemClock>, plans: &[LoadedPlan<'_>]) -> Result<Exit> {
        for loaded in plans.iter().filter(|loaded| stops_apply(loaded.diagnostics())) {
            self.summarise_findings(loaded)?;
            self.comment_errors(github, loaded).await?;
        }
        output::error(&format!("nothing was written, because {}", why_not(plans)));
        Ok(Exit::Failed)
    }
}
