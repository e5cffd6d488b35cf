//! `mode: pull`: one branch and one pull request for each plan, with what people changed on GitHub.

use std::path::Path;

use anyhow::Result;

use super::action_run::{ActionRun, Repositories};
use crate::app::observe::observe_as;
use crate::app::plans::LoadedPlan;
use crate::app::pull::{Also, as_file, pull};
use crate::cli::environment::variable;
use crate::cli::exit::Exit;
use crate::cli::output;
use crate::plan::Severity;
use crate::render::{self, comment};
use crate::report::pull::PullReport;
use crate::repository::github::http::clock::SystemClock;
use crate::repository::github::{GitHubProposals, GitHubReader, Proposal, Proposed};

impl ActionRun {
    /// Proposes what people changed. Nothing is written to issues.
    pub(super) async fn pull(&mut self, plans: &[LoadedPlan<'_>], repositories: &Repositories) -> Result<Exit> {
        let snapshot = observe_as(&GitHubReader::new(&repositories.issues), &self.inputs.trust).await?;
        let reports = pull(plans, &snapshot, Also::default()).await?;
        let proposals = GitHubProposals::new(&repositories.plans);
        let (mut urls, mut patches) = (Vec::new(), String::new());
        for report in &reports {
            output::styled(&render::pull::text(report, false))?;
            patches.push_str(&render::pull::patch(report));
            if report.is_changed() {
                urls.extend(self.propose(report, &proposals).await?);
            }
        }
        let is_changed = reports.iter().any(PullReport::is_changed);
        self.runner.output("changed", if is_changed { "true" } else { "false" })?;
        self.runner.output("pull-request-url", &urls.join(" "))?;
        if is_changed {
            let path = self.runner.keep(".patch", &patches)?;
            self.runner.output("patch", &path)?;
        }
        Ok(Exit::Done)
    }

    /// Proposes the changes of one plan, unless somebody declined the same ones; returns the pull request's address.
    async fn propose(
        &mut self,
        report: &PullReport<'_>,
        github: &GitHubProposals<SystemClock>,
    ) -> Result<Option<String>> {
        let links = self.comment_links();
        let branch = render::pull::branch(report.path);
        let digest = render::pull::digest(report);
        let pulls = github.pulls(&branch).await?;
        let newest = pulls.first();
        let is_same =
            newest.is_some_and(|pull| render::pull::digest_in(&pull.body).as_deref() == Some(digest.as_str()));
        if let Some(pull) = newest.filter(|pull| is_same && !pull.is_merged) {
            let what =
                if pull.is_open { "proposes these changes already" } else { "proposed these changes and was closed" };
            output::say(&format!("{}: {} {what}\n", report.path, pull.url));
            return Ok(pull.is_open.then(|| pull.url.clone()));
        }
        let document = render::pull::document(report, &links);
        let head = format!("{}\n{}", render::pull::marker(report, &digest), render::pull::INTRODUCTION);
        let body =
            comment::cut(&head, &document, render::pull::NOTE, crate::model::limits::COMMENT - 1, Some(&self.job.url));
        let workspace = variable("GITHUB_WORKSPACE").unwrap_or_else(|| ".".into());
        let text = as_file(&Path::new(&workspace).join(report.path.as_str()), &report.text);
        let proposal = Proposal {
            branch: &branch,
            base: &self.job.default_branch,
            commit: &self.job.commit,
            path: report.path.as_str(),
            text: &text,
            title: &render::pull::title(report),
            body: &body,
        };
        let open = newest.filter(|pull| pull.is_open);
        match github.propose(&proposal, open).await? {
            Proposed::At(url) => {
                output::say(&format!("{}: {url} proposes these changes\n", report.path));
                self.runner.summarise(&comment::cut("", &document, "", self.runner.room(), None))?;
                Ok(Some(url))
            }
            Proposed::NotAllowed(words) => {
                let document = render::pull::with_patch(report, document);
                self.runner.summarise(&comment::cut("", &document, "", self.runner.room(), None))?;
                self.annotate(Severity::Warning, &render::pull::not_allowed(report, &words))?;
                Ok(None)
            }
        }
    }
}
