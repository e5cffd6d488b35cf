//! What makes a heading that of a milestone.

use super::super::head;

/// Words that begin the heading of a milestone when a number, a letter or a colon follows.
const DESIGNATORS: &[&str] = &[
    "milestone",
    "phase",
    "sprint",
    "iteration",
    "stage",
    "release",
    "week",
    "weeks",
    "month",
    "quarter",
    "day",
    "meilenstein",
    "etappe",
    "hito",
    "fase",
    "etapa",
    "jalon",
    "étape",
    "marco",
    "semana",
    "woche",
    "마일스톤",
    "단계",
    "스프린트",
    "マイルストーン",
    "フェーズ",
    "スプリント",
    "里程碑",
    "阶段",
    "этап",
    "веха",
    "фаза",
    "спринт",
    "faza",
    "vaihe",
];
/// The same in scripts that write the number first or without a blank.
const COUNTED: &[&str] =
    &["단계", "마일스톤", "스프린트", "주차", "マイルストーン", "フェーズ", "スプリント", "里程碑", "阶段", "期"];

/// What makes a heading that of a milestone: its designator in lower case (`phase 1`, `m2`, `v0.1`), so that the same
/// one is known again where it is named once more.
pub fn milestone(title: &str) -> Option<String> {
    let title = head::unnumbered(title).to_lowercase();
    let mut words = title.split(|it: char| it.is_whitespace() || ":：—–(".contains(it)).filter(|word| !word.is_empty());
    let first = words.next()?.trim_matches(['[', ']', '*', '`', '.', ',']);
    let second = words.next().unwrap_or_default().trim_matches(['#', '.', ',', '-', '*', '`']);
    let is_number = |word: &str| {
        word.starts_with(|it: char| it.is_ascii_digit())
            || (1..=4).contains(&word.len()) && word.bytes().all(|it| b"ivx".contains(&it))
            || word.len() == 1 && word.bytes().all(|it| it.is_ascii_lowercase())
            || ["one", "two", "three", "four", "five", "six", "zero", "一", "二", "三", "四", "五"].contains(&word)
    };
    if DESIGNATORS.contains(&first) {
        let after = title.trim_start_matches(|it: char| !it.is_alphanumeric()).strip_prefix(first).unwrap_or_default();
        let has_colon = after.trim_start().starts_with([':', '：', '—', '–']) && first != "release" && first != "day";
        let number =
            second.strip_prefix('v').filter(|it| it.starts_with(|it: char| it.is_ascii_digit())).unwrap_or(second);
        return match (is_number(number), has_colon) {
            (true, _) => Some(format!("{first} {number}")),
            (false, true) => Some(title.trim().to_owned()),
            _ => None,
        };
    }
    if let Some(digits) = first.strip_prefix('m')
        && (1..=3).contains(&digits.len())
        && digits.bytes().all(|it| it.is_ascii_digit())
    {
        return Some(first.to_owned());
    }
    if let Some(version) = first.strip_prefix('v')
        && version.starts_with(|it: char| it.is_ascii_digit())
        && version.contains('.')
    {
        return Some(first.to_owned());
    }
    if first.len() == 2 && first.starts_with('q') && first.ends_with(['1', '2', '3', '4']) {
        return Some(format!("{first} {second}"));
    }
    if second.len() == 2 && second.starts_with('q') && first.len() == 4 && first.bytes().all(|it| it.is_ascii_digit()) {
        return Some(format!("{second} {first}"));
    }
    let is_counted = COUNTED.iter().any(|word| {
        let before = first.strip_suffix(word).map(|it| it.trim_start_matches('第'));
        let after = first.strip_prefix(word);
        [before, after].into_iter().flatten().any(|it| !it.is_empty() && is_number(it))
    });
    is_counted.then(|| first.to_owned())
}

/// Whether a designator is that of a version or a time, which a changelog has too.
pub fn is_weak(designator: &str) -> bool {
    designator.starts_with(['v', 'q'])
        || ["week", "weeks", "day", "month", "release"].iter().any(|it| designator.starts_with(it))
}

/// The word for an epic that a title may begin with.
pub fn is_epic(title: &str) -> bool {
    let title = title.to_lowercase();
    title.starts_with("epic:") || title.starts_with("épico:") || title.starts_with("épica:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_are_known_by_their_designator() {
        for (title, designator) in [
            ("Phase 2: Core", "phase 2"),
            ("Milestone 3 — Search", "milestone 3"),
            ("M4: Launch", "m4"),
            ("v0.1 - Foundation", "v0.1"),
            ("1. Phase 1: Setup", "phase 1"),
            ("🚀 Sprint 3 (Weeks 5-6)", "sprint 3"),
            ("Week 1-2: Basics", "week 1-2"),
            ("Meilenstein 2: Suche", "meilenstein 2"),
            ("Fase 1 — Base", "fase 1"),
            ("1단계: 준비", "1단계"),
            ("フェーズ2：検索", "フェーズ2"),
            ("第1阶段：准备", "第1阶段"),
            ("Q1 2025", "q1 2025"),
            ("Phase A: x", "phase a"),
            ("Milestone: Beta", "milestone: beta"),
        ] {
            assert_eq!(milestone(title).as_deref(), Some(designator), "{title}");
        }
        for title in [
            "Technical Debt",
            "How to use this file",
            "Summary",
            "Phases",
            "Milestones",
            "Release notes",
            "1.2 API",
            "Issue #1: M1 - X",
            "Day by day",
        ] {
            assert_eq!(milestone(title), None, "{title}");
        }
    }
}
