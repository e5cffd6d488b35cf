//! `apply`: make the plan true.

use std::io::{BufRead, IsTerminal, stderr, stdin};

use anyhow::Result;

use super::plans::Located;
use super::target::{github, observe_as};
use super::{Outcome, WrongUsage, output, plans, signals};
use crate::apply::{Report, RunContext, apply};
use crate::cli::ApplyArgs;
use crate::diff::{Diff, diff};
use crate::model::snapshot::Snapshot;
use crate::plan::Plan;
use crate::plan::settings::Overrides;
use crate::render::{self, applied};
use crate::repository::file::FileWriter;
use crate::repository::github::GitHubWriter;
use crate::repository::{Observer, Writer};

/// Makes the plans true, one after the other.
pub async fn run(args: &ApplyArgs) -> Result<Outcome> {
    let plans = plans::read(&args.plans, &Overrides::from(&args.settings))?;
    if plans::has_errors(&plans) {
        output::error("nothing was written, because the plan has errors");
        return Ok(Outcome::Failed);
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

async fn apply_all(args: &ApplyArgs, plans: &[Located<'_>], mut target: impl Observer + Writer) -> Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut context = None;
    for located in plans {
        let Some(plan) = &located.reading.plan else { continue };
        if context.as_ref().is_some_and(|context: &RunContext| context.stop.is_requested()) {
            output::error(&format!("{} was not applied, because the run was asked to stop", located.path));
            outcome = Outcome::Failed;
            continue;
        }
        let snapshot = observe_as(&target, &args.trust.trust).await?;
        match apply_one(args, located, plan, &snapshot, &mut target, &mut context).await? {
            Outcome::Done => {}
            other => outcome = other,
        }
    }
    target.finish().await?;
    Ok(outcome)
}

async fn apply_one(
    args: &ApplyArgs,
    located: &Located<'_>,
    plan: &Plan,
    snapshot: &Snapshot,
    writer: &mut impl Writer,
    context: &mut Option<RunContext>,
) -> Result<Outcome> {
    let diff = diff(plan, snapshot, &located.vanished(plan, snapshot).await?);
    if let Some(refusal) = refusal(&diff, args.allow_mass_close) {
        output::error(&format!("{refusal} Nothing was written."));
        return Ok(Outcome::Failed);
    }
    if diff.writes_nothing() {
        output::styled(&render::text::render(&diff))?;
        return Ok(Outcome::Done);
    }
    if !diff.is_empty() && !args.yes && stdin().is_terminal() && stderr().is_terminal() && !confirmed(&diff)? {
        output::say("Nothing was written.\n");
        return Ok(Outcome::Failed);
    }
    writer.writable()?;
    // Until here, a signal ends the program at once: nothing is written, and a question may be open.
    let context = match context {
        Some(context) => &*context,
        None => context.insert(signals::begin()?),
    };
    writer.stop_on(&context.stop);
    let mut reporter = output::reporter(diff.changes.len());
    let report = apply(&diff, writer, &mut reporter, context).await;
    reporter.finish();
    tell(&diff, &report)?;
    Ok(if report.is_complete() { Outcome::Done } else { Outcome::Failed })
}

/// Why a diff must not be applied, if there is a reason.
pub fn refusal(diff: &Diff, allow_mass_close: bool) -> Option<String> {
    let error = diff.notices.iter().find(|notice| notice.is_error());
    let mass_close = diff.closing.is_mass() && !allow_mass_close;
    error.map(render::notices::sentence).or_else(|| mass_close.then(|| render::notices::mass_close(diff)))
}

fn confirmed(diff: &Diff) -> Result<bool> {
    output::say_styled(&render::text::render(diff));
    let target = diff.target.as_deref().unwrap_or("the repository");
    output::say(&format!("\nMake these changes to {target}? [y/N] "));
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn tell(diff: &Diff, report: &Report<'_>) -> Result<()> {
    for sentence in render::notices::sentences(diff) {
        output::say(&format!("warning: {sentence}\n"));
    }
    applied::failures(report).iter().for_each(|sentence| output::error(sentence));
    applied::left_out(report).iter().for_each(|sentence| output::say(&format!("warning: {sentence}\n")));
    output::styled(&format!("{}\n", applied::sentence(diff, report)))?;
    Ok(())
}
