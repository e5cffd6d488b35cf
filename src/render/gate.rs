//! Whether a release may go out, for people.

use std::fmt::Write;

use super::escape::title;
use super::fit::{Document, Section};
use super::issue_links::{IssueLinks, logins};
use super::markdown;
use super::summary::{list, some};
use crate::model::text::printable;
use crate::plan::PlanId;
use crate::report::gate::{Asked, Held, UnknownRelease, Verdict};

/// The most links of a chain that are shown.
const MOST_LINKS: usize = 20;

/// The verdict in one sentence.
pub fn sentence(asked: Asked<'_>, verdict: &Verdict) -> String {
    let first: Vec<String> = verdict.holding.iter().take(3).map(thing).collect();
    let more = verdict.holding.len().saturating_sub(first.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let first = if first.is_empty() { String::new() } else { format!(": {}{more}", first.join(", ")) };
    format!("{}: the gate {}{first}", printable(asked.name()), found(verdict))
}

/// Whether it is open, and how many issues are.
fn found(verdict: &Verdict) -> String {
    let all = some(verdict.all, "issue");
    match verdict.holding.len() {
        0 => format!("is open; all of {all} are closed"),
        1 => format!("is shut; 1 of {all} is still open"),
        open => format!("is shut; {open} of {all} are still open"),
    }
}

/// The verdict for the terminal.
pub fn text(asked: Asked<'_>, verdict: &Verdict) -> String {
    let mut text = format!("{}.\n", sentence(asked, verdict));
    if !verdict.holding.is_empty() {
        text.push_str("\nOpen:\n");
    }
    for held in &verdict.holding {
        _ = writeln!(text, "  {}{}", thing(held), assignees(held));
    }
    let (chain, more) = chain(verdict);
    if !chain.is_empty() {
        _ = writeln!(text, "\n{CHAIN}:");
    }
    for (at, held) in chain.iter().enumerate() {
        _ = writeln!(text, "  {}. {}{}", at + 1, thing(held), assignees(held));
    }
    if more > 0 {
        _ = writeln!(text, "  … and {more} more");
    }
    text
}

/// What the list of blockers is.
const CHAIN: &str = "The longest chain of blockers, each waiting for the next";

/// The verdict as a job's summary.
pub fn document(plan: &PlanId, asked: Asked<'_>, verdict: &Verdict, links: &IssueLinks) -> Document {
    let mut document = Document::default();
    document.always(markdown::heading(plan, &title(&format!("the gate of {} {}", asked.name(), found(verdict)))));
    let name = |held: &Held| match held.number {
        Some(number) => format!("{} {}", links.number(number.0), title(&held.title)),
        None => title(&thing(held)),
    };
    let who = |held: &Held| logins(held.assignees.iter().map(String::as_str));
    if !verdict.holding.is_empty() {
        document.push(Section {
            open: "| Open issue | Assignee |\n| :-- | :-- |\n".into(),
            rows: verdict.holding.iter().map(|held| format!("| {} | {} |\n", name(held), who(held))).collect(),
            close: "\n".into(),
            ..Section::default()
        });
    }
    let (chain, more) = chain(verdict);
    if !chain.is_empty() {
        let more = if more > 0 { format!("\n… and {more} more\n") } else { String::new() };
        document.push(Section {
            open: format!("{CHAIN}:\n\n"),
            rows: chain.iter().enumerate().map(|(at, held)| format!("{}. {}\n", at + 1, name(held))).collect(),
            close: format!("{more}\n"),
            ..Section::default()
        });
    }
    document
}

/// An error that lists the milestones and release gates of the plans.
pub fn unknown(plans: &[(&PlanId, UnknownRelease)], asked: Asked<'_>) -> String {
    let what = match asked {
        Asked::Milestone(name) => format!("no milestone is called `{}`", printable(name)),
        Asked::Tag(tag) => format!("no milestone and no release gate names the tag `{}`", printable(tag)),
    };
    let all = |of: fn(&UnknownRelease) -> &Vec<String>| {
        let titles = plans.iter().flat_map(|(_, unknown)| of(unknown));
        let titles: Vec<String> = titles.map(|title| format!("`{}`", printable(title).replace('`', ""))).collect();
        if titles.is_empty() { "none".to_owned() } else { list(&titles) }
    };
    format!("{what}; milestones: {}; release gates: {}", all(|it| &it.milestones), all(|it| &it.gates))
}

/// The beginning of the longest chain, and how many more issues it has: a chain may be as long as the plan.
fn chain(verdict: &Verdict) -> (&[Held], usize) {
    let shown = verdict.chain.len().min(MOST_LINKS);
    (&verdict.chain[..shown], verdict.chain.len() - shown)
}

fn thing(held: &Held) -> String {
    match held.number {
        Some(number) => format!("{number} {}", printable(&held.title)),
        None => format!("{} (not created yet)", printable(&held.title)),
    }
}

fn assignees(held: &Held) -> String {
    if held.assignees.is_empty() { String::new() } else { format!("  @{}", printable(&held.assignees.join(", @"))) }
}
