//! Notices that go with a diff: which issue is which item, what GitHub did not answer, and gates without a pin.

use super::summary::some;
use crate::diff::{Closing, Diff};
use crate::matching::Notice;
use crate::model::snapshot::IssueNumber;
use crate::model::text::printable;

/// The most issues that a sentence names.
const MOST_NAMES: usize = 20;

/// A notice in one or two sentences. Keys and names in it may be a stranger's, and are shown as text.
pub fn sentence(notice: &Notice) -> String {
    printable(&match notice {
        Notice::Distrusted(number, key) => {
            format!("{number} has the marker of `{key}`, but its author cannot write to the repository. It is ignored.")
        }
        Notice::DistrustedTitle(number, key) => format!(
            "{number} has the title of `{key}`, but its author cannot write to the repository. It is not adopted."
        ),
        Notice::Alike(number, key) => format!(
            "{number} looks like `{key}`, but has no marker, so `{key}` gets a new issue. If they are the same, give \
             {number} the title of `{key}` before the plan is applied."
        ),
        Notice::Damaged(number, Some(key)) => format!(
            "The marker in {number} is damaged, so what was last applied is unknown. The issue is `{key}`, and the next apply \
             writes its marker again."
        ),
        Notice::Damaged(number, None) => format!(
            "The marker in {number} is damaged, so the issue cannot be matched with an item. Before the next apply creates a \
             second issue, restore the comment that begins with `<!-- plan-action:` from the issue's history, or give the \
             issue the title of its item. If it belongs to no item, remove the comment."
        ),
        Notice::Newer(what) => {
            format!("A newer version of plan-action wrote {what}. Use that version or a newer one.")
        }
        Notice::Copied(other) => format!(
            "Most issues of this plan belong to the plan `{other}`, which still exists. To continue that plan in this file, \
             remove the other file or add `plan: {other}` to the front matter. To start a separate plan, change its keys or \
             titles."
        ),
        Notice::OtherAccount(number, count, login) => other_account(*number, *count, login),
        Notice::NotCompared(count) => format!(
            "{} a new title and no written key: too many to compare each of them with the issues whose items left the \
             plan. An item that was only reworded gets a new issue, and its old issue is closed. To avoid this, give the \
             items keys or change fewer titles at a time.",
            if *count == 1 { "1 item has".to_owned() } else { format!("{count} items have") },
        ),
        Notice::UnknownLinks(numbers) => unknown_links(numbers),
        Notice::UnknownPins => {
            "GitHub did not return the pinned issues, even when asked again. Pins are neither compared nor \
                                changed. Run plan-action again."
                .to_owned()
        }
        Notice::DateKept(title, day) => format!(
            "The milestone `{title}` has no due date in the plan, but GitHub kept {day} when asked to remove it. Remove it on \
             the milestone's page."
        ),
        Notice::NotRenamed { old, new } => format!(
            "`{old}` is not renamed to `{new}`, because both labels exist. Issues that people labelled `{old}` keep it. Delete \
             `{old}` on GitHub once it is unused, or remove `previously: {old}` from the plan."
        ),
    })
}

fn unknown_links(numbers: &[IssueNumber]) -> String {
    let names: Vec<String> = numbers.iter().take(MOST_NAMES).map(ToString::to_string).collect();
    let more = numbers.len() - names.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!(
        "GitHub did not return the blockers or parents of {}{more}, even when asked again. These links are neither \
         compared nor changed. Run plan-action again.",
        names.join(", ")
    )
}

fn other_account(number: IssueNumber, count: usize, login: &str) -> String {
    format!(
        "{number}{} already exists for an item of this plan, but was opened by `{login}`, and plan-action now runs as a \
         different account. Every such item would get a second issue. {}",
        if count > 1 { format!(" (and {} more)", count - 1) } else { String::new() },
        match login.strip_suffix("[bot]") {
            Some(_) => format!(
                "If plan-action used to run as that app, run it as that app again or add `--trust {login}` (in a workflow, \
                 `trust: {login}`)."
            ),
            None => "Run it as the account that opened these issues, or close them and remove them from their milestone so that \
                     the plan creates new ones."
                .to_owned(),
        },
    )
}

/// Everything that goes with a diff besides its changes: notices, gates without a pin, and a warning before many issues are
/// closed.
pub fn sentences(diff: &Diff) -> Vec<String> {
    let mut sentences: Vec<String> = diff.notices.iter().map(sentence).collect();
    if diff.closing.is_mass() {
        sentences.push(mass_close(&diff.closing));
    }
    if !diff.waiting_gates.is_empty() {
        let titles: Vec<String> = diff.waiting_gates.iter().map(|title| format!("`{}`", printable(title))).collect();
        sentences.push(format!(
            "{} not pinned, because GitHub pins at most {} issues: {}. Earlier milestones go first.",
            if titles.len() == 1 { "1 release gate is".into() } else { format!("{} release gates are", titles.len()) },
            crate::model::limits::PINS,
            titles.join(", "),
        ));
    }
    sentences
}

/// Why an apply stops before it closes many issues.
pub fn mass_close(closing: &Closing) -> String {
    let leaving = &closing.leaving;
    let names: Vec<String> =
        leaving.iter().take(MOST_NAMES).map(|(number, title)| format!("{number} {}", printable(title))).collect();
    let more = leaving.len() - names.len();
    let more = if more > 0 { format!(", and {more} more") } else { String::new() };
    format!(
        "{} of {} left the plan and would be closed: {}{more}. To allow this, apply with `--allow-mass-close` (in a \
         workflow, `allow-mass-close: true`); without it, nothing is written.",
        leaving.len(),
        some(closing.managed, "issue"),
        names.join("; "),
    )
}
