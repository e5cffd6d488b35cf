//! `import`: a plan for what a repository already has.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Error, Result, anyhow};
use jiff::tz::TimeZone;

use super::args::ImportArgs;
use super::exit::Exit;
use super::{output, repository};
use crate::app::import::import;
use crate::import::{Imported, Reason, Selection, Subject};
use crate::render::summary::some;

/// The most things that a line names.
const MOST_NAMED: usize = 8;

/// Prints a plan, and says what it does not hold. It is handed nothing that it could write to.
pub(super) async fn run(args: &ImportArgs) -> Result<Exit> {
    repository::named(&args.target)?;
    let since = args.since.map(|day| day.to_zoned(TimeZone::UTC)).transpose()?.map(|day| day.timestamp());
    let selection =
        Selection { milestones: args.milestone.clone(), labels: args.label.clone(), state: args.state, since };
    let snapshot = repository::observe(&args.target, &args.trust).await?;
    let imported = import(&snapshot, &selection)?;
    match &args.output {
        Some(path) => write_new(path, &imported.text)?,
        None => output::plain(&imported.text)?,
    }
    report(&imported);
    Ok(Exit::Done)
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            anyhow!("`{}` exists already and is not overwritten; name another file", path.display())
        }
        _ => Error::new(error).context(format!("cannot write `{}`", path.display())),
    })?;
    file.write_all(text.as_bytes()).with_context(|| format!("cannot write `{}`", path.display()))
}

/// Says what was imported, and what of it the plan does not hold.
fn report(imported: &Imported) {
    let Imported { text: _, milestones, issues, left_out } = imported;
    output::say(&format!("imported {} and {}\n", some(*milestones, "milestone"), some(*issues, "issue")));
    let mut by_reason: BTreeMap<&Reason, Vec<&Subject>> = BTreeMap::new();
    for left_out in left_out {
        by_reason.entry(&left_out.why).or_default().push(&left_out.what);
    }
    for (why, what) in by_reason {
        let named: Vec<String> = what.iter().take(MOST_NAMED).map(ToString::to_string).collect();
        let more =
            if what.len() > named.len() { format!(" and {} more", what.len() - named.len()) } else { String::new() };
        output::say(&format!("  {} {}{more}: {why}\n", count(&what), named.join(", ")));
    }
}

/// How many things of a kind there are.
fn count(what: &[&Subject]) -> String {
    let kind = match what.first() {
        Some(Subject::Milestone(_)) => "milestone",
        Some(Subject::Label(_)) => "label",
        Some(Subject::Issue(_)) | None => "issue",
    };
    some(what.len(), kind)
}
