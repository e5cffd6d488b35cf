//! What makes a line that of a milestone: `Phase 2`, `M4`, `v0.1`, `Sprint 1`, `Week 3`, `Q1 2026`, `第一阶段`.

mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::lexicon::{Lexicon, each};
use crate::plan::date;
use crate::plan::read::item_line;

pub(super) use self::words::DESIGNATORS;

/// The words that a number follows, by their first letters, in the order of the table.
static NUMBERED: LazyLock<HashMap<char, Vec<(Class, &str)>>> = LazyLock::new(|| {
    let mut by_letter: HashMap<char, Vec<(Class, &str)>> = HashMap::new();
    for (class, row) in DESIGNATORS.iter().filter(|(class, _)| *class != Class::Horizon) {
        for word in each(row) {
            by_letter.entry(word.chars().next().unwrap_or_default()).or_default().push((*class, word));
        }
    }
    by_letter
});

/// What kind of thing a designator names, the weakest first: where several enclose an issue, the strongest is its
/// milestone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `Now`, `Next`, `Later`.
    Horizon,
    /// A day, week, month or quarter.
    Time,
    /// `Track A`, `Module B`, `Group 1`.
    Part,
    /// `Epic 3`, `WP2`.
    Epic,
    /// `Phase 1`, `Sprint 2`.
    Phase,
    /// `v0.1`, `Release 2`.
    Version,
    /// `Milestone 3`, `M3`.
    Milestone,
}

impl Class {
    /// What it names, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Horizon => "horizon",
            Self::Time => "time",
            Self::Part => "part",
            Self::Epic => "epic",
            Self::Phase => "phase",
            Self::Version => "version",
            Self::Milestone => "milestone",
        }
    }
}

/// Whether a word names a span of time: `week`, `Monat`.
pub(in crate::plan) fn is_time(word: &str) -> bool {
    static KNOWN: LazyLock<Lexicon<Class>> = LazyLock::new(|| Lexicon::new(DESIGNATORS));
    KNOWN.get(word) == Some(Class::Time)
}

/// What a line names as a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Designator {
    /// What kind of thing it is.
    pub class: Class,
    /// The word in lower case: `phase`, `v`, `m`.
    pub word: String,
    /// Word and number in lower case, by which the same one is known again: `phase 1`, `v0.1`.
    pub name: String,
}

/// The designator that a title begins with, if it does.
pub fn designator(title: &str) -> Option<Designator> {
    let bare = item_line::unnumbered(title.trim());
    let lower = bare.to_lowercase();
    let lower = lower.trim_start_matches(|it: char| !it.is_alphanumeric());
    let whole = title.trim().to_lowercase();
    if let Some(found) = version(&whole).filter(|_| starts_with_digit(&whole)) {
        return Some(found);
    }
    horizon(lower)
        .or_else(|| worded(lower))
        .or_else(|| short(lower))
        .or_else(|| counted(lower))
        .or_else(|| version(lower))
}

fn new(class: Class, word: &str, name: String) -> Option<Designator> {
    Some(Designator { class, word: word.to_owned(), name })
}

/// A whole title that is a horizon.
fn horizon(lower: &str) -> Option<Designator> {
    let end = lower.find(['(', ':', '–', '—', '/']).unwrap_or(lower.len());
    let words = lower[..end].trim_end_matches(" - ").trim();
    let words = words.split(" - ").next().unwrap_or(words).trim();
    let words = words.trim_start_matches("the ").trim_end_matches(" goals").trim_end_matches(" priorities");
    static KNOWN: LazyLock<Lexicon<Class>> = LazyLock::new(|| Lexicon::new(DESIGNATORS));
    if KNOWN.get(words) == Some(Class::Horizon) { new(Class::Horizon, "horizon", words.to_owned()) } else { None }
}

/// `Phase 2: …`, `Sprint A`, `Milestone: Beta`.
fn worded(lower: &str) -> Option<Designator> {
    let known = NUMBERED.get(&lower.chars().next()?)?;
    known.iter().find_map(|(class, word)| worded_by(lower, *class, word))
}

fn worded_by(lower: &str, class: Class, word: &str) -> Option<Designator> {
    let after = lower.strip_prefix(word).filter(|after| !after.starts_with(char::is_alphabetic))?;
    let is_glued = after.starts_with(|it: char| it.is_ascii_digit());
    let rest = after.trim_start().trim_start_matches(['#', '(', '[']);
    let has_colon = after.trim_start().starts_with([':', '：', '—', '–']);
    let second = rest.split(|it: char| it.is_whitespace() || ":：—–)(]·|,".contains(it)).next().unwrap_or_default();
    let second = second.trim_matches(['#', '.', ',', '-', '*', '`', '~']);
    let number = second.strip_prefix('v').filter(|it| starts_with_digit(it)).unwrap_or(second);
    // `Release a beta`, `Day one`: an article and a word are no number.
    let is_article = number == "a" && after.starts_with(' ') && !ends_name(rest, second);
    if is_number(number) && !is_article && (is_glued || after.starts_with([' ', '-', '_', '#'])) {
        return new(class, word, format!("{word} {number}"));
    }
    let is_name = has_colon && class >= Class::Phase && !matches!(word, "release" | "version" | "期" | "차");
    if is_name { new(class, word, lower.trim().to_owned()) } else { None }
}

/// Whether nothing but a separator follows a word.
fn ends_name(rest: &str, word: &str) -> bool {
    let after = rest.get(word.len()..).unwrap_or_default().trim_start();
    after.is_empty() || after.starts_with([':', '-', '–', '—', '(', '.', '：', '|', '·'])
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit())
}

fn is_number(word: &str) -> bool {
    const NAMES: [&str; 14] =
        ["one", "two", "three", "four", "five", "six", "zero", "一", "二", "三", "四", "五", "六", "七"];
    starts_with_digit(word)
        || (1..=4).contains(&word.len()) && word.bytes().all(|it| b"ivx".contains(&it))
        || word.len() == 1 && word.bytes().all(|it| it.is_ascii_lowercase())
        || NAMES.contains(&word)
}

/// `M4`, `Q1 2026`, `2026 Q1`, `2026-03`, `2/28`, `WP3`.
fn short(lower: &str) -> Option<Designator> {
    let mut words = lower.split(|it: char| it.is_whitespace() || ":：—–(".contains(it)).filter(|word| !word.is_empty());
    let first = words.next()?.trim_matches(['[', ']', '*', '`', '.', ',', ')']);
    let second = words.next().unwrap_or_default().trim_matches(['#', '.', ',', '-', '*', '`', ')']);
    if let Some(digits) = first.strip_prefix('m')
        && is_decimal(digits)
    {
        return new(Class::Milestone, "m", first.to_owned());
    }
    let is_quarter = |it: &str| it.len() == 2 && it.starts_with('q') && it.ends_with(['1', '2', '3', '4']);
    let is_year = |it: &str| it.len() == 4 && it.starts_with("20") && it.bytes().all(|byte| byte.is_ascii_digit());
    let first_quarter = first.split(['-', '/']).next().unwrap_or(first);
    if is_quarter(first_quarter) {
        return new(
            Class::Time,
            "q",
            format!("{first} {}", if is_year(second) { second } else { "" }).trim().to_owned(),
        );
    }
    if is_year(first) && is_quarter(second) {
        return new(Class::Time, "q", format!("{second} {first}"));
    }
    let is_date = first.len() >= 3
        && first.bytes().all(|it| it.is_ascii_digit() || b"-/.".contains(&it))
        && [first.matches('-').count(), first.matches('/').count()].iter().any(|count| (1..=2).contains(count))
        && starts_with_digit(first)
        && (is_year(first.get(..4).unwrap_or_default()) || first.contains('/'));
    if is_date {
        return new(Class::Time, "date", first.to_owned());
    }
    if date::MONTHS.contains(&first) && (is_year(second) || second.is_empty() || lower == first) {
        return new(Class::Time, "month", format!("{first} {second}").trim().to_owned());
    }
    None
}

fn is_decimal(text: &str) -> bool {
    (1..=5).contains(&text.len())
        && starts_with_digit(text)
        && text.bytes().all(|it| it.is_ascii_digit() || it == b'.')
        && text.len() - text.replace('.', "").len() <= 1
}

/// `1단계`, `第一阶段`, `フェーズ2`, `3주차`.
fn counted(lower: &str) -> Option<Designator> {
    let first =
        lower.split(|it: char| it.is_whitespace() || ":：—–(（-、".contains(it)).find(|word| !word.is_empty())?;
    if first.is_ascii() {
        return None;
    }
    let known = NUMBERED.values().flatten().filter(|(_, word)| !word.is_ascii() && !word.contains(' '));
    let found = known.filter_map(|(class, word)| {
        let before = first.strip_suffix(word).map(|it| it.trim_start_matches('第'));
        let number = [before, first.strip_prefix(word)].into_iter().flatten().find(|it| is_counting(it))?;
        Some((*class, *word, number))
    });
    // The longest word says most: `スプリント1` over `ト1`.
    let (class, word, number) = found.max_by_key(|(_, word, _)| (word.len(), *word))?;
    new(class, word, format!("{word} {number}"))
}

fn is_counting(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_digit() || "一二三四五六七八九十零.".contains(it))
}

/// `v0.1`, `0.3.0 stable`, `Atlas 1.21`: a version that begins or ends a short title.
fn version(lower: &str) -> Option<Designator> {
    let end = lower.find(['(', ':', '—', '–', '：']).unwrap_or(lower.len());
    let head = lower[..end].split(" - ").next().unwrap_or_default().trim();
    if item_line::is_structural(head) {
        return None;
    }
    let words: Vec<&str> = head.split_whitespace().map(|word| word.trim_matches(['[', ']', '*', '`', ','])).collect();
    let at = words.iter().position(|word| is_version(word))?;
    const ASKING: [&str; 10] = ["why", "how", "what", "since", "until", "from", "before", "after", "in", "for"];
    if ASKING.contains(words.first()?) {
        return None;
    }
    let is_short = words.len() <= 4;
    let starts = at == 0 && words[0].starts_with('v');
    let fits = starts
        || at == 0 && is_short && has_part(words[0]) && words[0].matches('.').count() >= 2
        || at == 0 && words.get(1).is_some_and(|word| matches!(*word, "release" | "stable" | "alpha" | "beta"))
        || at > 0 && is_short && at + 2 >= words.len();
    if fits { new(Class::Version, "v", format!("v{}", words[at].trim_start_matches('v'))) } else { None }
}

fn has_part(word: &str) -> bool {
    word.contains('.')
}

/// Whether a word is a version: `v1`, `v0.1`, `0.3.0`, `v1.x`, `v1.1+`.
fn is_version(word: &str) -> bool {
    if word.ends_with('.') {
        return false;
    }
    let bare = word.trim_end_matches(['+', '.', 'x']);
    let (bare, has_v) = bare.strip_prefix('v').map_or((bare, false), |it| (it, true));
    let numeric = starts_with_digit(bare)
        && bare
            .split('.')
            .all(|part| !part.is_empty() && part.chars().take(2).all(|it| it.is_ascii_digit()) || part.contains('-'));
    numeric && (bare.contains('.') || has_v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_are_known_by_their_designator() {
        for (title, name) in [
            ("Phase 2: Core", "phase 2"),
            ("Milestone 3 — Search", "milestone 3"),
            ("M4: Launch", "m4"),
            ("M3.5 Provider", "m3.5"),
            ("v0.1 - Foundation", "v0.1"),
            ("1. Phase 1: Setup", "phase 1"),
            ("🚀 Sprint 3 (Weeks 5-6)", "sprint 3"),
            ("Week 1-2: Basics", "week 1-2"),
            ("Meilenstein 2: Suche", "meilenstein 2"),
            ("Fase 1 — Base", "fase 1"),
            ("1단계: 준비", "단계 1"),
            ("フェーズ2：検索", "フェーズ 2"),
            ("第1阶段：准备", "阶段 1"),
            ("第一阶段：准备", "阶段 一"),
            ("Q1 2025", "q1 2025"),
            ("Phase A: x", "phase a"),
            ("Milestone: Beta", "milestone: beta"),
            ("KW 13-14", "kw 13-14"),
            ("Possible 0.4.0 build", "v0.4.0"),
            ("Pixel 0.1.0", "v0.1.0"),
            ("1.0 release", "v1.0"),
            ("Epic 2 : Search", "epic 2"),
            ("Track A — World", "track a"),
            ("Near Term", "near term"),
            ("2/28", "2/28"),
            ("WP1 — Review", "wp 1"),
        ] {
            assert_eq!(designator(title).map(|it| it.name).as_deref(), Some(name), "{title}");
        }
        for title in [
            "Technical Debt",
            "How to use this file",
            "Summary",
            "Phases",
            "Milestones",
            "Release notes",
            "Release a beta",
            "1.2 API",
            "1.2. Design an API",
            "Issue #1: M1 - X",
            "Day by day",
            "Step by step",
            "Support Python 3.12 in the installer and the docs",
            "Future work on parsers",
        ] {
            assert_eq!(designator(title), None, "{title}");
        }
    }
}
