//! Titles as the contract wants them: the text as written, without what the document's structure added to it.

use super::date::{self, Written};
use super::read::vocabulary::{self, FieldKind};
pub use crate::model::text::printable;

/// Cleans a title: white space is folded, control and direction characters go, and so do a trailing colon and a
/// schedule in parentheses at the end (`(Weeks 1-2)`, `(Ongoing)`).
pub fn clean(text: &str) -> String {
    let mut title = printable(text);
    loop {
        let shorter = without_schedule(title.trim_end().trim_end_matches(':').trim_end()).to_owned();
        if shorter == title {
            return title;
        }
        title = shorter;
    }
}

/// The date that a remark at the end of a title is, with a word such as `due`, `by` or `bis` in front of it or without.
pub fn due(remark: &str) -> Option<jiff::civil::Date> {
    const WORDS: [&str; 13] =
        ["due by", "due", "by", "until", "ends", "bis", "bis zum", "hasta", "para", "até", "avant le", "до", "за"];
    let remark = remark.trim();
    let named = vocabulary::words_of_field(FieldKind::Due).chain(WORDS);
    let rests = named.filter_map(|word| vocabulary::after_word(remark, word));
    let rest = rests.filter(|rest| rest.starts_with([':', '：', ' '])).min_by_key(|rest| rest.len());
    match date::parse(rest.unwrap_or(remark).trim_start_matches([':', '：', ' '])) {
        Written::Day(day) => Some(day),
        _ => None,
    }
}

fn without_schedule(title: &str) -> &str {
    let Some(open) =
        title.rfind(['(', '（']).filter(|open| title[*open..].starts_with('（') || title[..*open].ends_with(' '))
    else {
        return title;
    };
    let Some(inner) = title[open..].trim_start_matches(['(', '（']).strip_suffix([')', '）']) else { return title };
    let lower = inner.to_lowercase();
    let first = lower.split([' ', '-', '–']).next().unwrap_or_default();
    let has_digit = lower.contains(|character: char| character.is_ascii_digit());
    let is_time = vocabulary::is_time(first) || first.starts_with("sprint");
    let is_schedule = matches!(lower.as_str(), "ongoing" | "tbd") || due(inner).is_some() || is_time && has_digit;
    if is_schedule { title[..open].trim_end() } else { title }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structure_goes_and_text_stays() {
        for (written, expected) in [
            ("v0.1 - Foundation (Weeks 1-2)", "v0.1 - Foundation"),
            ("Operations (Ongoing):", "Operations"),
            ("Release  (incremental\nsync)", "Release (incremental sync)"),
            ("Stabilization (`v0.1.3` patch line)", "Stabilization (`v0.1.3` patch line)"),
            ("A (weekend trip)", "A (weekend trip)"),
            ("Fase 1. Base (semanas 1-2)", "Fase 1. Base"),
            ("Meilenstein 1 (fällig: 31.03.2026)", "Meilenstein 1"),
            ("Etappe 2 (bis 30. April 2026)", "Etappe 2"),
            ("第一阶段（2026年3月10日）", "第一阶段"),
            ("evil\u{202e}txt\u{1b}[31m", "eviltxt[31m"),
        ] {
            assert_eq!(clean(written), expected);
        }
    }
}
