//! `apply`: presents the steps of an apply to a person, and asks before the first write.

use std::io::{BufRead, IsTerminal, stderr, stdin};

use anyhow::Result;

use super::args::ApplyArgs;
use super::exit::{Exit, WrongUsage};
use super::findings::report_findings;
use super::repository::github;
use super::{output, signals};
use crate::app::apply::{Apply, NoReviews, Ready, Rules, Step, preflight};
use crate::app::plans::{self, LoadedPlan};
use crate::apply::Report;
use crate::diff::Diff;
use crate::plan::settings::Overrides;
use crate::render::{self, applied};
use crate::repository::file::FileWriter;
use crate::repository::github::GitHubWriter;
use crate::repository::{Observer, Writer};

/// Applies the plans, one after the other.
pub(super) async fn run(args: &ApplyArgs) -> Result<Exit> {
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::from(&args.settings))?)?;
    if plans::stop_apply(&plans) {
        output::error(&format!("nothing was written, because {}", why_not(&plans)));
        return Ok(Exit::Failed);
    }
    match (&args.target.offline, &args.target.repo) {
        (Some(path), _) => apply_all(args, &plans, FileWriter::open(path)?).await,
        (None, Some(name)) => apply_all(args, &plans, GitHubWriter::new(&github(name).await?)).await,
        (None, None) => {
            let message =
                "an apply needs a repository to write to: --repo OWNER/NAME on GitHub, or --offline FILE.json";
            Err(WrongUsage(message.into()).into())
        }
    }
}

/// Why plans that stop an apply do so.
pub(crate) fn why_not(plans: &[LoadedPlan<'_>]) -> &'static str {
    if plans::has_errors(plans) { "the plan has errors" } else { "it is not certain how the plan is meant" }
}

async fn apply_all(args: &ApplyArgs, plans: &[LoadedPlan<'_>], mut repository: impl Observer + Writer) -> Result<Exit> {
    // Until something is written, a signal ends the program at once: a question may be open.
    let rules = Rules { trust: &args.trust.trust, allow_mass_close: args.allow_mass_close, begin: signals::begin };
    let mut apply = match preflight(plans, &mut repository, rules, NoReviews).await?.begin() {
        Ok(apply) => apply,
        Err(refusal) => {
            output::error(&format!("{} Nothing was written.", render::refusal::sentence(&refusal)));
            return Ok(Exit::Failed);
        }
    };
    let mut exit = Exit::Done;
    while let Some(step) = apply.next().await? {
        let is_complete = match step {
            Step::Stopped(loaded) => {
                output::error(&format!("{} was not applied, because the run was asked to stop", loaded.path));
                false
            }
            Step::Refused(loaded, refusal) => {
                let refusal = render::refusal::sentence(&refusal);
                output::error(&format!("{refusal} Nothing of `{}` was written.", loaded.path));
                false
            }
            Step::Ready(ready) => apply_one(args, &mut apply, &ready).await?,
        };
        if !is_complete {
            exit = Exit::Failed;
        }
    }
    apply.finish().await?;
    Ok(exit)
}

/// Applies one plan: whether everything was done.
async fn apply_one<R: Observer + Writer>(
    args: &ApplyArgs,
    apply: &mut Apply<'_, R, NoReviews>,
    ready: &Ready<'_>,
) -> Result<bool> {
    let diff = &ready.compared.diff;
    if diff.writes_nothing() {
        output::styled(&render::text::render(diff))?;
        return Ok(true);
    }
    if !diff.is_empty() && !args.yes && stdin().is_terminal() && stderr().is_terminal() && !confirmed(diff)? {
        output::say("Nothing was written.\n");
        return Ok(false);
    }
    apply.ensure_writable(ready)?;
    let mut reporter = output::reporter(diff.changes.len());
    let report = apply.write(ready, &mut reporter).await?;
    reporter.finish();
    print_report(diff, &report)?;
    Ok(report.is_complete())
}

fn confirmed(diff: &Diff) -> Result<bool> {
    output::say_styled(&render::text::render(diff));
    let target = diff.target.as_deref().unwrap_or("the repository");
    output::say(&format!("\nMake these changes to {target}? [y/N] "));
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn print_report(diff: &Diff, report: &Report<'_>) -> Result<()> {
    for sentence in render::notices::sentences(diff) {
        output::say(&format!("warning: {sentence}\n"));
    }
    applied::failures(report).iter().for_each(|sentence| output::error(sentence));
    applied::left_out(report).iter().for_each(|sentence| output::say(&format!("warning: {sentence}\n")));
    output::styled(&format!("{}\n", applied::sentence(diff, report)))?;
    Ok(())
}
