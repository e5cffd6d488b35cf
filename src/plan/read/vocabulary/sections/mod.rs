//! What the section below a heading holds, by the whole heading.

mod words;

use std::sync::LazyLock;

use self::words::{ENDINGS, STARTS};
use super::designator;
use super::lexicon::Lexicon;

pub(super) use self::words::{QUALIFIERS, SECTIONS};

/// What a section holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SectionKind {
    /// Milestones.
    Milestones,
    /// Issues.
    Issues,
    /// Deliverables: issues where there are no others, else criteria.
    Deliverables,
    /// Conditions for something to be done, and how that is checked.
    Criteria,
    /// Checks, which are work where they have boxes.
    Checks,
    /// Labels, declared.
    Labels,
    /// What depends on what.
    Dependencies,
    /// A checklist for setting up the repository.
    Setup,
    /// Text about the plan: nothing in it is work.
    About,
    /// The state of things or totals: it restates the plan.
    Progress,
    /// Work that is done.
    Done,
    /// Work that has begun or is still to do.
    Open,
    /// Work of one priority.
    Priority,
}

impl SectionKind {
    /// What the section holds, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Milestones => "milestones",
            Self::Issues => "issues",
            Self::Deliverables => "deliverables",
            Self::Criteria => "criteria",
            Self::Checks => "checks, which are work where they have boxes",
            Self::Labels => "labels",
            Self::Dependencies => "dependencies",
            Self::Setup => "repository setup",
            Self::About => "text about the plan",
            Self::Progress => "progress and totals",
            Self::Done => "finished work",
            Self::Open => "open work",
            Self::Priority => "work of one priority",
        }
    }

    /// Whether nothing in such a section is work of its own.
    pub fn is_apart(self) -> bool {
        matches!(
            self,
            Self::Criteria
                | Self::Checks
                | Self::Labels
                | Self::Dependencies
                | Self::Setup
                | Self::About
                | Self::Progress
        )
    }
}

/// What the section below a heading holds, if the whole heading says so.
pub fn section(title: &str) -> Option<SectionKind> {
    let lower = title.to_lowercase().replace(['_', '`', '*'], " ").replace('’', "'");
    let bare = lower.trim_start_matches(|it: char| !it.is_alphanumeric());
    let bare = unnumbered(bare);
    const ARTICLES: [&str; 12] =
        ["the ", "all ", "our ", "my ", "die ", "alle ", "los ", "las ", "les ", "os ", "as ", "todas "];
    let bare = ARTICLES.iter().find_map(|article| bare.strip_prefix(article)).unwrap_or(bare);
    let bare = bare.trim_end_matches([':', '：', ' ']);
    // A remark in parentheses ends the heading: `Team (draft) number 2` is not called `Team`.
    let after = bare.rfind([')', '）']).map_or("", |at| &bare[at..]);
    let end = bare.find(['(', '（']).filter(|_| !after.contains(char::is_alphanumeric)).unwrap_or(bare.len());
    let whole = bare.trim_end_matches([':', '：', ' ']).split_whitespace().collect::<Vec<_>>().join(" ");
    let head = bare[..end].trim().trim_end_matches(['.', '?', '!']).split_whitespace().collect::<Vec<_>>().join(" ");
    let head = head.trim_end_matches(|it: char| !it.is_alphanumeric());
    exact(&whole).or_else(|| exact(head)).or_else(|| of_parts(head)).or_else(|| around(head))
}

fn exact(title: &str) -> Option<SectionKind> {
    static KNOWN: LazyLock<Lexicon<SectionKind>> = LazyLock::new(|| Lexicon::new(SECTIONS));
    KNOWN.get(title).or_else(|| KNOWN.get(&title.replace('-', " ")).filter(|_| title.contains('-')))
}

/// `Risks & Mitigations`, `Notes and references`: every part names a kind that holds no work.
fn of_parts(title: &str) -> Option<SectionKind> {
    let title = [" and ", " und ", " y ", " e ", " et ", " и ", " / ", ", ", " + "]
        .iter()
        .fold(title.to_owned(), |title, joint| title.replace(joint, " & "));
    let mut kinds = title.split(" & ").map(exact);
    if !title.contains(" & ") {
        return None;
    }
    let first = kinds.next()??;
    kinds.all(|kind| kind.is_some_and(SectionKind::is_apart)).then_some(first).filter(|kind| kind.is_apart())
}

fn is_qualifier(word: &str) -> bool {
    static KNOWN: LazyLock<Lexicon<()>> = LazyLock::new(|| Lexicon::of_row(QUALIFIERS));
    KNOWN.has(word)
}

/// What is left of a title without the words that qualify it, in front or behind; nothing where there are none.
fn unqualified(title: &str) -> Option<&str> {
    let mut rest = title;
    loop {
        let first = rest.split(' ').next().unwrap_or_default();
        let last = rest.rsplit(' ').next().unwrap_or_default();
        if is_qualifier(first) && first.len() < rest.len() {
            rest = rest[first.len()..].trim_start();
        } else if is_qualifier(last) && last.len() < rest.len() {
            rest = rest[..rest.len() - last.len()].trim_end();
        } else {
            return Some(rest).filter(|rest| rest.len() < title.len());
        }
    }
}

/// `Sprint 1 acceptance criteria`, `Definition of done for phase 2`.
fn around(title: &str) -> Option<SectionKind> {
    for (start, kind) in STARTS {
        if title.starts_with(start) && (title.len() < start.len() + 30 || *kind == SectionKind::About) {
            return Some(*kind);
        }
    }
    let words = title.split(' ').count();
    for (ending, kind) in ENDINGS {
        if let Some(front) = title.strip_suffix(ending).filter(|_| words <= 6) {
            let is_qualified = front.split(' ').all(is_qualifier);
            if is_qualified || designator(front).is_some() {
                return Some(*kind);
            }
        }
    }
    if let Some(kind) = unqualified(title).and_then(exact) {
        return Some(kind);
    }
    // `Sprint 1 risks`: what is left without the designator.
    let mut rest = title.splitn(3, ' ');
    let (first, second, rest) = (rest.next()?, rest.next()?, rest.next()?);
    let is_phrase = rest.contains(' ')
        || matches!(
            rest,
            "risks"
                | "goal"
                | "goals"
                | "overview"
                | "summary"
                | "retrospective"
                | "metrics"
                | "tasks"
                | "deliverables"
        );
    designator(&format!("{first} {second}")).filter(|_| is_phrase).and_then(|_| exact(rest))
}

/// A title without a number such as `5.`, `1.2` or `3)` in front.
fn unnumbered(title: &str) -> &str {
    let end = title.find(|it: char| !(it.is_ascii_digit() || it == '.')).unwrap_or(title.len());
    let (number, rest) = title.split_at(end);
    let rest_bare = rest.trim_start_matches([')', ':', ' ', '-', '–', '—']);
    if !number.is_empty() && rest.starts_with([' ', ')', ':']) && !rest_bare.is_empty() { rest_bare } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_headings_name_a_kind_of_section() {
        for (title, kind) in [
            ("🎯 Overview", SectionKind::About),
            ("5. Risks & Mitigations", SectionKind::About),
            ("Sprint 1 Acceptance Criteria", SectionKind::Criteria),
            ("Definition of Done (MVP)", SectionKind::Criteria),
            ("How to use this file", SectionKind::About),
            ("Non-Goals:", SectionKind::About),
            ("Milestones (suggested)", SectionKind::Milestones),
            ("Sprint 2 Task Breakdown", SectionKind::Issues),
            ("Must-Have (blocks work)", SectionKind::Priority),
            ("Entregue", SectionKind::Done),
            ("验收标准", SectionKind::Criteria),
        ] {
            assert_eq!(section(title), Some(kind), "{title}");
        }
        for title in [
            "Set up the team page",
            "Label printer",
            "Context menus",
            "Context menu for the editor",
            "Setup",
            "Team A builds",
        ] {
            assert!(section(title).is_none_or(|kind| !kind.is_apart()), "{title}: {:?}", section(title));
        }
    }
}
