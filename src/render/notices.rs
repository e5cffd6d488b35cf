//! What people should know about whose issues they are, and about what finds no place.

use super::summary::some;
use crate::diff::{Closing, Diff};
use crate::matching::Notice;
use crate::model::snapshot::IssueNumber;
use crate::model::text::printable;

/// How many issues a sentence names.
const MOST_NAMES: usize = 20;

/// A notice in one or two sentences. Keys and names in it may be a stranger's, and are only shown.
pub fn sentence(notice: &Notice) -> String {
    printable(&match notice {
        Notice::Distrusted(number, key) => format!(
            "{number} carries the marker of `{key}`, but its author may not write to the repository. It is ignored."
        ),
        Notice::DistrustedTitle(number, key) => format!(
            "{number} has the title of `{key}`, but its author may not write to the repository. It is not adopted."
        ),
        Notice::Alike(number, key) => format!(
            "{number} carries no marker and may be `{key}`, which has no issue and gets a new one. If they are the \
             same, give {number} the title that the plan has before the plan is applied."
        ),
        Notice::Damaged(number, Some(key)) => format!(
            "The marker in {number} is damaged, so nothing is known of what was applied to it. It is `{key}`, and an \
             apply writes the marker anew."
        ),
        Notice::Damaged(number, None) => format!(
            "The marker in {number} is damaged, and which item it is cannot be told. Put the comment that begins with \
             `<!-- plan-action:` back as the issue's history has it, or give the issue the title of its item, before an \
             apply makes a new one; or remove the comment."
        ),
        Notice::Newer(what) => {
            format!("A later version of plan-action wrote {what}. Use that version, or a later one.")
        }
        Notice::Copied(other) => format!(
            "Most issues of this plan are those of the plan `{other}`, which exists too. To go on with it in this \
             file, remove the other file or write `plan: {other}` into the front matter; to begin a plan of its own, \
             change its keys or titles."
        ),
        Notice::OtherAccount(number, count, login) => other_account(*number, *count, login),
        Notice::NotCompared(count) => format!(
            "{} a new title and no written key, and there are too many to compare each with the issues whose items left \
             the plan. An item that was only reworded gets a new issue, and its old one is closed. Give the items keys, \
             or change fewer titles at a time.",
            if *count == 1 { "1 item has".to_owned() } else { format!("{count} items have") },
        ),
        Notice::UnknownLinks(numbers) => unknown_links(numbers),
        Notice::UnknownPins => "GitHub did not say which issues are pinned, although it was asked again. Pins are \
                                neither compared nor changed. Run it again."
            .to_owned(),
        Notice::DateKept(title, day) => format!(
            "The plan no longer gives the milestone `{title}` a due date, but GitHub kept {day} when it was asked to \
             remove it. Remove it on the milestone's page."
        ),
        Notice::NotRenamed { old, new } => format!(
            "The labels `{old}` and `{new}` are both there, so `{old}` is not renamed; what people gave it to keeps it. \
             Delete it on GitHub once nothing needs it, or take `previously: {old}` out of the plan."
        ),
    })
}

fn unknown_links(numbers: &[IssueNumber]) -> String {
    let names: Vec<String> = numbers.iter().take(MOST_NAMES).map(ToString::to_string).collect();
    let more = numbers.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "GitHub did not say what blocks {}{more}, or what they are a part of, although it was asked again. These \
         links are neither compared nor changed. Run it again.",
        names.join(", ")
    )
}

fn other_account(number: IssueNumber, count: usize, login: &str) -> String {
    format!(
        "{number}{} already exists for an item of this plan, but `{login}` opened it, and plan-action runs as another \
         account now. Every such item would get a second issue. {}",
        if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() },
        match login.strip_suffix("[bot]") {
            Some(_) => format!(
                "Run it as that app again, or, if that is the app that plan-action ran as before, with `--trust \
                 {login}` (in a workflow, `trust: {login}`)."
            ),
            None => "Run it as an account that may write to the repository and opened these issues, or close them \
                     and take them out of their milestone so that the plan makes new ones."
                .to_owned(),
        },
    )
}

/// Everything that goes with a diff and is no change: notices, gates that wait, and a warning before a mass closing.
pub fn sentences(diff: &Diff) -> Vec<String> {
    let mut sentences: Vec<String> = diff.notices.iter().map(sentence).collect();
    if diff.closing.is_mass() {
        sentences.push(mass_close(&diff.closing));
    }
    if !diff.waiting_gates.is_empty() {
        let titles: Vec<String> = diff.waiting_gates.iter().map(|title| format!("`{}`", printable(title))).collect();
        sentences.push(format!(
            "{} no place among the pinned issues, because GitHub has {}: {}. Earlier milestones go first.",
            if titles.len() == 1 {
                "1 release gate finds".into()
            } else {
                format!("{} release gates find", titles.len())
            },
            crate::model::limits::PINS,
            titles.join(", "),
        ));
    }
    sentences
}

/// Why an apply stops before it closes much.
pub fn mass_close(closing: &Closing) -> String {
    let leaving = &closing.leaving;
    let names: Vec<String> =
        leaving.iter().take(MOST_NAMES).map(|(number, title)| format!("{number} {}", printable(title))).collect();
    let more = leaving.len() - names.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!(
        "{} of {} left the plan and would be closed: {}{more}. An apply stops before it writes anything, unless it is \
         run with `--allow-mass-close` (in a workflow, `allow-mass-close: true`).",
        some(leaving.len(), "issue"),
        closing.managed,
        names.join("; "),
    )
}
