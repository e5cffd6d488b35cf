//! Whether a release may go out, for people.

use std::fmt::Write;

use super::escape::{code, title};
use super::fit::{Document, Section};
use super::summary::{list, some};
use crate::model::text::printable;
use crate::plan::PlanId;
use crate::report::gate::{Asked, Held, Unknown, Verdict};

/// The verdict in one sentence.
pub fn sentence(asked: Asked<'_>, verdict: &Verdict) -> String {
    let name = printable(asked.name());
    if verdict.is_open() {
        return format!("{name}: the gate is open; all of {} are closed", some(verdict.all, "issue"));
    }
    let open = some(verdict.holding.len(), "issue");
    let are = if verdict.holding.len() == 1 { "is" } else { "are" };
    let first: Vec<String> = verdict.holding.iter().take(3).map(thing).collect();
    let more = verdict.holding.len().saturating_sub(first.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{name}: the gate is shut; {open} of {} {are} open: {}{more}", verdict.all, first.join(", "))
}

/// The verdict for the terminal.
pub fn text(asked: Asked<'_>, verdict: &Verdict) -> String {
    let mut text = format!("{}.\n", sentence(asked, verdict));
    if !verdict.holding.is_empty() {
        text.push_str("\nOpen:\n");
    }
    for held in &verdict.holding {
        _ = writeln!(text, "  {}{}", thing(held), who(held));
    }
    if !verdict.chain.is_empty() {
        _ = writeln!(text, "\nThe longest chain: {}", chain(verdict, thing));
    }
    text
}

/// The verdict as a job's summary.
pub fn document(plan: &PlanId, asked: Asked<'_>, verdict: &Verdict) -> Document {
    let mut document = Document::default();
    document.always(format!("**Plan** {}: {}.\n\n", code(plan.as_str()), title(&sentence(asked, verdict))));
    let row = |held: &Held| {
        let assignees: Vec<String> = held.assignees.iter().map(|login| code(login)).collect();
        format!("| {} | {} |\n", title(&thing(held)), list(&assignees))
    };
    if !verdict.holding.is_empty() {
        document.push(Section {
            open: "| Open | Who has it |\n| --- | --- |\n".into(),
            rows: verdict.holding.iter().map(row).collect(),
            close: "\n".into(),
            ..Section::default()
        });
    }
    if !verdict.chain.is_empty() {
        document.always(format!("The longest chain: {}\n\n", chain(verdict, |held| title(&thing(held)))));
    }
    document
}

/// What a plan knows, as an error has it.
pub fn unknown(plans: &[(&PlanId, Unknown)], asked: Asked<'_>) -> String {
    let what = match asked {
        Asked::Milestone(name) => format!("no milestone is called `{}`", printable(name)),
        Asked::Tag(tag) => format!("no milestone and no release gate names the tag `{}`", printable(tag)),
    };
    let all = |of: fn(&Unknown) -> &Vec<String>| {
        let titles = plans.iter().flat_map(|(_, unknown)| of(unknown));
        let titles: Vec<String> = titles.map(|title| format!("`{}`", printable(title).replace('`', ""))).collect();
        if titles.is_empty() { "none".to_owned() } else { list(&titles) }
    };
    format!("{what}; milestones: {}; release gates: {}", all(|it| &it.milestones), all(|it| &it.gates))
}

fn chain(verdict: &Verdict, name: impl Fn(&Held) -> String) -> String {
    // A chain may be as long as the plan; its ends are what matters.
    let names: Vec<String> = verdict.chain.iter().map(name).collect();
    match &names[..] {
        [first @ .., last] if first.len() > 20 => {
            format!("{} waits for {} others, and they for {last}", first[0], first.len() - 1)
        }
        _ => names.join(" waits for "),
    }
}

fn thing(held: &Held) -> String {
    match held.number {
        Some(number) => format!("{number} {}", printable(&held.title)),
        None => format!("{} (not created yet)", printable(&held.title)),
    }
}

fn who(held: &Held) -> String {
    if held.assignees.is_empty() { String::new() } else { format!("  @{}", printable(&held.assignees.join(", @"))) }
}
