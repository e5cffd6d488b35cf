//! Dates as people write them in plans.

use jiff::Span;
use jiff::civil::{Date, date};

/// What a text in a date's place turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A day.
    Day(Date),
    /// A span of weeks whose last day is known only with a start: the number of the last week, from 1.
    Weeks(u32),
    /// The shape of a date, but of a day that does not exist (`2026-02-30`).
    Impossible,
    /// No date, and nothing that looks like one.
    No,
}

/// The months in English.
pub(super) const MONTHS: [&str; 12] = months(
    ["january", "february", "march", "april", "may", "june"],
    ["july", "august", "september", "october", "november", "december"],
);

const fn months(first: [&'static str; 6], second: [&'static str; 6]) -> [&'static str; 12] {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = second;
    [a, b, c, d, e, f, g, h, i, j, k, l]
}

/// The months in other languages, as dates have them.
const OTHER_MONTHS: [[&str; 12]; 5] = [
    months(
        ["januar", "februar", "märz", "april", "mai", "juni"],
        ["juli", "august", "september", "oktober", "november", "dezember"],
    ),
    months(
        ["enero", "febrero", "marzo", "abril", "mayo", "junio"],
        ["julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"],
    ),
    months(
        ["janeiro", "fevereiro", "março", "abril", "maio", "junho"],
        ["julho", "agosto", "setembro", "outubro", "novembro", "dezembro"],
    ),
    months(
        ["janvier", "février", "mars", "avril", "mai", "juin"],
        ["juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    ),
    months(
        ["января", "февраля", "марта", "апреля", "мая", "июня"],
        ["июля", "августа", "сентября", "октября", "ноября", "декабря"],
    ),
];

/// Words for weeks that are counted.
const WEEKS: [&str; 9] = ["week", "weeks", "woche", "wochen", "semana", "semanas", "semaine", "semaines", "неделя"];

/// Reads `2026-03-10`, `March 10, 2026`, `10 March 2026`, `18.05.2026`, `2026年3月10日`, `Q1 2025` (its last day) and
/// `Weeks 3-4`. Of two days with a dash between them the last one counts. A remark behind the date, in parentheses or
/// after a dash, is left out.
pub fn parse(text: &str) -> Written {
    let text = text.split(" (").next().unwrap_or(text);
    let text = text.trim().trim_matches(['*', '_', '`', '.']).trim();
    let first = text.split(' ').next().unwrap_or_default().to_lowercase();
    if WEEKS.contains(&first.as_str()) {
        return one(text);
    }
    let last =
        [" - ", " – ", " — ", "–", " to ", " bis ", " al ", " au "].iter().find_map(|dash| text.rsplit_once(dash));
    match last.map(|(_, last)| one(last.trim())) {
        Some(day @ Written::Day(_)) => day,
        _ => one(before_dash(text)),
    }
}

fn one(text: &str) -> Written {
    let words: Vec<String> = text
        .split([' ', ',', '\u{a0}'])
        .map(|word| word.trim_end_matches('.').to_lowercase())
        .filter(|word| !matches!(word.as_str(), "" | "de" | "du" | "le" | "г" | "года"))
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [day] if day.matches('.').count() == 2 => dotted_day(day),
        [first, ..] if first.contains(['年', '년']) => counted_day(text),
        [iso] => iso_day(iso),
        [week, weeks] if WEEKS.contains(&week) => last_week(weeks),
        [week, _, "-" | "–" | "to" | "bis", last] if WEEKS.contains(&week) => last_week(last),
        [quarter, year] if quarter.starts_with('q') => match (quarter[1..].parse(), year.parse()) {
            (Ok(quarter @ 1..=4), Ok(year)) => last_of_quarter(year, quarter),
            (Ok(_), Ok::<i16, _>(_)) => Written::Impossible,
            _ => Written::No,
        },
        [month, day, year] if month_number(month).is_some() => day_of(year, month, day),
        [day, month, year] if month_number(month).is_some() => day_of(year, month, day),
        _ => Written::No,
    }
}

/// `2026年3月10日`, `2026년 3월 10일`.
fn counted_day(text: &str) -> Written {
    let numbers: Vec<&str> = text.split(|it: char| !it.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let [year, month, day] = numbers[..] else { return Written::No };
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).map_or(Written::Impossible, Written::Day),
        _ => Written::No,
    }
}

fn before_dash(text: &str) -> &str {
    [" - ", " – ", " — "].iter().fold(text, |text, dash| text.split(dash).next().unwrap_or(text))
}

/// The last day of week `week` (from 1) when week 1 begins on `start`.
pub fn last_day_of_week(start: Date, week: u32) -> Option<Date> {
    let days = i64::from(week).checked_mul(7)?.checked_sub(1)?;
    start.checked_add(Span::new().try_days(days).ok()?).ok()
}

fn iso_day(text: &str) -> Written {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return Written::No;
    };
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
        return Written::No;
    }
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).map_or(Written::Impossible, Written::Day),
        _ => Written::Impossible,
    }
}

/// `18.05.2026`.
fn dotted_day(text: &str) -> Written {
    let parts: Vec<&str> = text.split('.').collect();
    let [day, month, year] = parts[..] else { return Written::No };
    match (year.len(), year.parse(), month.parse(), day.parse()) {
        (4, Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).map_or(Written::Impossible, Written::Day),
        _ => Written::No,
    }
}

fn last_week(text: &str) -> Written {
    let last = text.rsplit(['-', '–']).next().unwrap_or(text);
    match last.parse() {
        Ok(0) => Written::Impossible,
        Ok(week) => Written::Weeks(week),
        Err(_) => Written::No,
    }
}

fn last_of_quarter(year: i16, quarter: i8) -> Written {
    if !(1..=9999).contains(&year) {
        return Written::Impossible;
    }
    Written::Day(date(year, quarter * 3, 1).last_of_month())
}

fn month_number(name: &str) -> Option<i8> {
    if name.len() < 3 {
        return None;
    }
    let english = MONTHS.iter().position(|month| month.starts_with(name));
    let other = || OTHER_MONTHS.iter().find_map(|months| months.iter().position(|month| month.starts_with(name)));
    i8::try_from(english.or_else(other)? + 1).ok()
}

fn day_of(year: &str, month: &str, day: &str) -> Written {
    let day = day.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    match (year.parse(), month_number(month), day.parse()) {
        (Ok(year), Some(month), Ok(day)) => Date::new(year, month, day).map_or(Written::Impossible, Written::Day),
        _ => Written::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = |year, month, day| Written::Day(date(year, month, day));
        for (text, expected) in [
            ("2026-03-10", day(2026, 3, 10)),
            (" `2026-03-10` (tentative)", day(2026, 3, 10)),
            ("March 10, 2026", day(2026, 3, 10)),
            ("Mar. 10th, 2026", day(2026, 3, 10)),
            ("10 March 2026", day(2026, 3, 10)),
            ("18.05.2026", day(2026, 5, 18)),
            ("3. März 2026", day(2026, 3, 3)),
            ("10 de marzo de 2026", day(2026, 3, 10)),
            ("10 mars 2026", day(2026, 3, 10)),
            ("10 марта 2026 г.", day(2026, 3, 10)),
            ("2026年3月10日", day(2026, 3, 10)),
            ("2026년 3월 10일", day(2026, 3, 10)),
            ("2026-01-05 – 2026-01-16", day(2026, 1, 16)),
            ("03.03 - 16.03.2026", day(2026, 3, 16)),
            ("2026-03-10 - tentative", day(2026, 3, 10)),
            ("Semanas 1-2", Written::Weeks(2)),
            ("31.02.2026", Written::Impossible),
            ("Q1 2025", day(2025, 3, 31)),
            ("Q4 2025", day(2025, 12, 31)),
            ("Q5 2025", Written::Impossible),
            ("Weeks 3-4", Written::Weeks(4)),
            ("Weeks 3 – 4", Written::Weeks(4)),
            ("Week 2", Written::Weeks(2)),
            ("2026-02-30", Written::Impossible),
            ("February 30, 2026", Written::Impossible),
            ("2026-2-3", Written::No),
            ("soon", Written::No),
            ("", Written::No),
            ("1.2.3", Written::No),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn weeks_end_on_their_seventh_day() {
        assert_eq!(last_day_of_week(date(2026, 1, 5), 1), Some(date(2026, 1, 11)));
        assert_eq!(last_day_of_week(date(2026, 1, 5), 4), Some(date(2026, 2, 1)));
        assert_eq!(last_day_of_week(date(2026, 1, 5), u32::MAX), None);
    }
}
