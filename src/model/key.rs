//! The stable names of plans and of the items in them. They stay the same when titles change.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::printable;

/// The identity of a plan: `plan:` in its front matter, or else its path in the repository, with `/` as separator.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(String);

impl PlanId {
    /// Any text can be an identity.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The raw identity. Use `Display` to show it to people.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the identity is a file path and not a chosen name. Only a path can be checked for deletion.
    pub fn is_path(&self) -> bool {
        let lower = self.0.to_lowercase();
        [".md", ".markdown", ".mdx"].iter().any(|end| lower.ends_with(end))
    }
}

impl fmt::Display for PlanId {
    /// A path can contain any character, so control characters and line breaks are removed.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.0))
    }
}

/// The key of a milestone or an issue within its plan.
///
/// A written key (`I4`, `T001`) contains no slash. A key derived from milestone and title contains exactly one, and so
/// does a written key that is qualified with its milestone (`phase-2/T001`).
///
/// Keys sort in natural order: `I2` before `I10`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanKey(String);

impl PlanKey {
    /// The longest written key, in characters. A longer word is read as text, not as a key.
    pub const MAX_CHARS: usize = 64;

    /// A key as written in the plan; slashes become hyphens.
    pub fn written(key: &str) -> Self {
        Self(key.replace('/', "-"))
    }

    /// A key made from the milestone's key or title (empty if there is none) and the item's title.
    pub fn derived(milestone: &str, title: &str) -> Self {
        Self(format!("{}/{}", slug(milestone), slug(title)))
    }

    /// A written key that another milestone of the plan also uses: `phase-2/T001`.
    pub fn qualified(milestone: &str, key: &str) -> Self {
        let milestone = milestone.trim_matches('/');
        Self(format!("{}/{}", slug(milestone), key.replace('/', "-")))
    }

    /// The key as it is stored in markers.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the key was built from a milestone and a title or key. This does not tell whether the item has a written
    /// key, because a qualified written key looks the same.
    pub fn is_derived(&self) -> bool {
        self.0.contains('/')
    }
}

impl fmt::Display for PlanKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Ord for PlanKey {
    fn cmp(&self, other: &Self) -> Ordering {
        natural(&self.0, &other.0)
    }
}

impl PartialOrd for PlanKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Natural order: runs of digits compare by value, ties by the plain text.
pub fn natural(a: &str, b: &str) -> Ordering {
    // Equal runs at the start decide nothing, and keys of one plan begin alike.
    let equal = a.bytes().zip(b.bytes()).take_while(|(left, right)| left == right).count();
    let same_run = |at: &usize| a.as_bytes()[*at].is_ascii_digit() == a.as_bytes()[equal - 1].is_ascii_digit();
    let start = equal - (0..equal).rev().take_while(same_run).count();
    by_runs(&a[start..], &b[start..])
}

fn by_runs(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (left_run, left_rest, left_digits) = run(left);
        let (right_run, right_rest, right_digits) = run(right);
        if left_run.is_empty() || right_run.is_empty() {
            return left.cmp(right).then_with(|| a.cmp(b));
        }
        let order = if left_digits && right_digits {
            let (left_value, right_value) = (left_run.trim_start_matches('0'), right_run.trim_start_matches('0'));
            left_value.len().cmp(&right_value.len()).then_with(|| left_value.cmp(right_value))
        } else {
            left_run.cmp(right_run)
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}

/// The leading run of digits or of other characters, the rest, and whether the run consists of digits.
fn run(text: &str) -> (&str, &str, bool) {
    let digits = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
    let end = text.bytes().position(|byte| byte.is_ascii_digit() != digits).unwrap_or(text.len());
    (&text[..end], &text[end..], digits)
}

/// Lower-case words joined with hyphens. Letters and digits of every script are kept.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_common_beginning_changes_nothing_about_the_order_of_keys() {
        let parts = ["a", "ab", "é", "1", "01", "10", "-", ""];
        let mut keys = vec![String::new()];
        for _ in 0..3 {
            keys = keys.iter().flat_map(|key| parts.map(|part| format!("{key}{part}"))).collect();
        }
        for a in &keys {
            for b in &keys {
                assert_eq!(natural(a, b), by_runs(a, b), "{a} and {b}");
            }
        }
    }

    #[test]
    fn keys_sort_in_natural_order() {
        let mut keys = ["I10", "I2", "I1", "A", "I02", "I2b"].map(PlanKey::written);
        keys.sort();
        assert_eq!(keys.map(|key| key.to_string()), ["A", "I1", "I02", "I2", "I2b", "I10"]);
    }

    #[test]
    fn a_displayed_plan_path_has_no_control_characters() {
        let id = PlanId::new("a\u{1b}[2J\u{202e}b\n::c.md");
        assert_eq!(id.to_string(), "a[2Jb ::c.md");
    }

    #[test]
    fn derived_keys_differ_from_written_keys() {
        let derived = PlanKey::derived("M1", "Ship `the` Thing: größer!");
        assert_eq!(derived.as_str(), "m1/ship-the-thing-größer");
        assert!(derived.is_derived());
        assert!(!PlanKey::written("a/b").is_derived());
        assert!(PlanKey::derived("", "x").is_derived());
    }
}
