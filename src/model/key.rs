//! The names that stay the same while titles change: of plans and of the items in them.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::text::printable;

/// The identity of a plan: `plan:` of its front matter, or its path in the repository with `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanId(String);

impl PlanId {
    /// Takes a text as an identity.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the path of a file rather than a name that somebody gave: only a path can cease to exist.
    pub fn is_path(&self) -> bool {
        let lower = self.0.to_lowercase();
        [".md", ".markdown", ".mdx"].iter().any(|end| lower.ends_with(end))
    }
}

impl fmt::Display for PlanId {
    /// The identity as it can be shown: a path may have any character in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.0))
    }
}

/// The key of a milestone or an issue within its plan.
///
/// A written key (`I4`, `T001`) has no slash; one that was derived from milestone and title has exactly one, and so has
/// a written key that is qualified with its milestone (`phase-2/T001`).
///
/// Keys are ordered as people count: `I2` before `I10`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PlanKey(String);

impl PlanKey {
    /// The longest written key in characters; longer words are text, not keys.
    pub const MAX_CHARS: usize = 64;

    /// A key as it was written.
    pub fn written(key: &str) -> Self {
        Self(key.replace('/', "-"))
    }

    /// A key made of a milestone's key or title (empty for none) and an item's title.
    pub fn derived(milestone: &str, title: &str) -> Self {
        Self(format!("{}/{}", slug(milestone), slug(title)))
    }

    /// A written key that another milestone of the plan has too: `phase-2/T001`.
    pub fn qualified(milestone: &str, key: &str) -> Self {
        let milestone = milestone.trim_matches('/');
        Self(format!("{}/{}", slug(milestone), key.replace('/', "-")))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it was put together from a milestone and a title or key. It does not tell whether the item has a written
    /// key, because a qualified one looks the same.
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

/// Compares texts as people count: runs of digits by their value, ties by the plain text.
pub fn natural(a: &str, b: &str) -> Ordering {
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

/// The first run of digits or of other characters, the rest, and whether the run is of digits.
fn run(text: &str) -> (&str, &str, bool) {
    let digits = text.starts_with(|character: char| character.is_ascii_digit());
    let end = text.find(|character: char| character.is_ascii_digit() != digits).unwrap_or(text.len());
    (&text[..end], &text[end..], digits)
}

/// Lower case words joined with hyphens; letters and digits of every script stay.
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
    fn keys_are_ordered_as_people_count() {
        let mut keys = ["I10", "I2", "I1", "A", "I02", "I2b"].map(PlanKey::written);
        keys.sort();
        assert_eq!(keys.map(|key| key.to_string()), ["A", "I1", "I02", "I2", "I2b", "I10"]);
    }

    #[test]
    fn the_path_of_a_plan_is_shown_without_what_steers_a_terminal() {
        let id = PlanId::new("a\u{1b}[2J\u{202e}b\n::c.md");
        assert_eq!(id.to_string(), "a[2Jb ::c.md");
    }

    #[test]
    fn derived_keys_are_told_from_written_ones() {
        let derived = PlanKey::derived("M1", "Ship `the` Thing: größer!");
        assert_eq!(derived.as_str(), "m1/ship-the-thing-größer");
        assert!(derived.is_derived());
        assert!(!PlanKey::written("a/b").is_derived());
        assert!(PlanKey::derived("", "x").is_derived());
    }
}
