//! `init`: the first steps in a repository.

use std::path::Path;

use anyhow::Result;

use super::args::InitArgs;
use super::exit::Exit;
use super::findings::report_findings;
use super::output;
use crate::app::init::{Outcome, declare, plan_path, starter, workflow};
use crate::app::plans;
use crate::plan::settings::Overrides;

/// Writes what is missing, and says what to try next.
pub(super) fn run(args: &InitArgs) -> Result<Exit> {
    let path = plan_path(args.plan.as_deref())?;
    let name = path.display().to_string();
    let outcome = if path.exists() {
        let plans = report_findings(plans::load(std::slice::from_ref(&name), &Overrides::default())?)?;
        match plans.first() {
            Some(loaded) => declare(loaded, &path)?,
            None => Outcome::Kept,
        }
    } else {
        starter(&path)?
    };
    say(&path, &outcome)?;
    let (file, outcome) = workflow(&path)?;
    say(&file, &outcome)?;
    output::plain(&format!("\nTry next:\n  plan-action show {name}\n  plan-action preview {name} --repo origin\n"))?;
    Ok(Exit::Done)
}

/// Says what became of a file.
fn say(path: &Path, outcome: &Outcome) -> Result<()> {
    let path = path.display();
    let text = match outcome {
        Outcome::Written => format!("{path}: written\n"),
        Outcome::Kept => format!("{path}: there already, and left as it is\n"),
        Outcome::Declared(block) => {
            let block: String = block.lines().map(|line| format!("    {line}\n")).collect();
            format!("{path}: its form was recognised, and is declared in its front matter now:\n{block}")
        }
        Outcome::NotDeclared(why) => format!("{path}: left as it is, because {why}\n"),
    };
    output::plain(&text)?;
    Ok(())
}
