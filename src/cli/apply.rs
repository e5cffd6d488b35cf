//! `apply`: presents the steps of an apply to a person, and asks before the first write.

use std::io::{BufRead, IsTerminal, stderr, stdin};

use anyhow::Result;

use super::args::ApplyArgs;
use super::exit::Exit;
use super::findings::report_findings;
use super::repository::Named;
use super::{output, repository, signals};
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
    let repository = repository::named(&args.target)?;
    let plans = report_findings(plans::load(&args.plans.plans, &Overrides::from(&args.settings))?)?;
    if plans::stop_apply(&plans) {
        output::error(&format!("nothing was written, because {}", why_not(&plans)));
        return Ok(Exit::Failed);
    }
    plans::ensure_identity(&plans)?;
    match repository {
        Named::File(path) => apply_all(args, &plans, FileWriter::open(path)?).await,
        Named::GitHub(name) => apply_all(args, &plans, GitHubWriter::new(&repository::github(name).await?)).await,
    }
}

/// Why these plans stop an apply.
pub(crate) fn why_not(plans: &[LoadedPlan<'_>]) -> &'static str {
    if plans::has_errors(plans) { "the plan has errors" } else { "the plan can be read in more than one way" }
}

async fn apply_all(args: &ApplyArgs, plans: &[LoadedPlan<'_>], mut repository: impl Observer + Writer) -> Result<Exit> {
    // Until something is written, a signal ends the program at once: a question may be open.
    let rules = Rules { trust: &args.trust.trust, allow_mass_close: args.allow_mass_close, begin: signals::begin };
    let preflight = preflight(plans, &mut repository, rules, NoReviews).await?;
    let asks = !args.yes && preflight.compared.iter().any(|compared| !compared.diff.is_empty());
    let mut apply = match preflight.begin() {
        Ok(apply) => apply,
        Err(refusal) => {
            output::error(&format!("{} Nothing was written.", render::refusal::sentence(&refusal)));
            return Ok(Exit::Failed);
        }
    };
    if asks && !can_ask() {
        output::error(
            "apply asks before it writes, but nobody can answer here; check the changes with `plan-action preview`, \
             then pass --yes. Nothing was written.",
        );
        return Ok(Exit::Failed);
    }
    let mut exit = Exit::Done;
    while let Some(step) = apply.next().await? {
        let is_complete = match step {
            Step::Stopped(loaded) => {
                output::error(&format!("{} was not applied, because the run was stopped", loaded.path));
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
    if !diff.is_empty() && !args.yes && !confirmed(diff)? {
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

/// Whether a person sees a question and can answer it.
fn can_ask() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}

fn confirmed(diff: &Diff) -> Result<bool> {
    output::say_fitted(&render::text::render(diff));
    let target = diff.target.as_deref().unwrap_or("the repository");
    output::ask(&format!("\nMake these changes to {target}? [y/N] "));
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
    output::sentence(&applied::sentence(diff, report))?;
    Ok(())
}
