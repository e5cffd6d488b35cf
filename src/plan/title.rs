//! Titles as the contract wants them: the text as written, without what the document's structure added to it.

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

/// The date that a remark at the end of a title is, with `due`, `by` or `target` in front of it or without.
pub fn due(remark: &str) -> Option<jiff::civil::Date> {
    let lower = remark.trim().to_lowercase();
    let start = ["due date", "due by", "due on", "due", "by", "target", "until", "bis", "deadline"];
    let date = start.iter().find_map(|word| lower.strip_prefix(word)).unwrap_or(&lower);
    match super::date::parse(date.trim_start_matches([':', ' '])) {
        super::date::Written::Day(day) => Some(day),
        _ => None,
    }
}

fn without_schedule(title: &str) -> &str {
    let Some(open) = title.rfind(" (") else { return title };
    let Some(inner) = title[open + 2..].strip_suffix(')') else { return title };
    let lower = inner.to_lowercase();
    let first = lower.split([' ', '-', '–']).next().unwrap_or_default();
    let is_schedule = matches!(lower.as_str(), "ongoing" | "tbd")
        || due(inner).is_some()
        || (matches!(first, "week" | "weeks" | "month" | "months" | "day" | "days" | "sprint" | "sprints")
            && lower.contains(|character: char| character.is_ascii_digit()));
    if is_schedule { &title[..open] } else { title }
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
            ("evil\u{202e}txt\u{1b}[31m", "eviltxt[31m"),
        ] {
            assert_eq!(clean(written), expected);
        }
    }
}
