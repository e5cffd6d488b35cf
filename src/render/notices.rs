//! What people should know about whose issues they are, and about what finds no place.

use super::summary::some;
use crate::diff::Diff;
use crate::identity::matching::Notice;
use crate::plan::title::printable;

/// A notice in one or two sentences. Keys and names in it may be a stranger's, and are only shown.
pub fn sentence(notice: &Notice) -> String {
    printable(&match notice {
        Notice::Distrusted(number, key) => format!(
            "{number} carries the marker of `{key}`, but its author may not write to the repository. It is ignored."
        ),
        Notice::DistrustedTitle(number, key) => format!(
            "{number} has the title of `{key}`, but its author may not write to the repository. It is not adopted."
        ),
        Notice::Damaged(number) => format!(
            "The marker in {number} is damaged, so nothing is known of what was applied to it. Put the comment that \
             begins with `<!-- plan-action:` back, or remove it."
        ),
        Notice::Newer(what) => {
            format!("A later version of plan-action wrote {what}. Use that version, or a later one.")
        }
        Notice::Copied(other) => format!(
            "Most issues of this plan are those of the plan `{other}`, which exists too. To go on with it in this \
             file, remove the other file or write `plan: {other}` into the front matter; to begin a plan of its own, \
             change its keys or titles."
        ),
    })
}

/// Everything that goes with a diff and is no change: notices, gates that wait, and a warning before a mass closing.
pub fn sentences(diff: &Diff) -> Vec<String> {
    let mut sentences: Vec<String> = diff.notices.iter().map(sentence).collect();
    if diff.closing.is_mass() {
        sentences.push(mass_close(diff));
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
            crate::limits::PINS,
            titles.join(", "),
        ));
    }
    sentences
}

/// Why an apply stops before it closes much.
pub fn mass_close(diff: &Diff) -> String {
    format!(
        "{} of {} left the plan and would be closed. An apply stops before it writes anything, unless it is run with \
         `--allow-mass-close`.",
        some(diff.closing.closing, "issue"),
        diff.closing.managed
    )
}
