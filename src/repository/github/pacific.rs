//! Converts due dates, which GitHub stores as midnight in US Pacific time.

use anyhow::{Context, Result};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The timestamp to send for a day: noon UTC, which is the same day in Pacific time all year round. Midnight UTC would
/// be the day before.
pub(crate) fn instant_of(day: Date) -> String {
    format!("{day}T12:00:00Z")
}

/// The day of a timestamp returned by GitHub: 07:00Z or 08:00Z, depending on daylight saving time.
///
/// # Errors
///
/// If the text is not a timestamp.
pub(crate) fn day_of(instant: &str) -> Result<Date> {
    let timestamp: Timestamp = instant.parse().with_context(|| format!("`{instant}` is not an instant"))?;
    let pacific = TimeZone::get("America/Los_Angeles").context("the time zones are missing")?;
    Ok(timestamp.to_zoned(pacific).date())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_survive_both_daylight_saving_changes() {
        for (instant, day) in [
            ("2026-03-07T08:00:00Z", date(2026, 3, 7)),
            ("2026-03-08T08:00:00Z", date(2026, 3, 8)),
            ("2026-03-09T07:00:00Z", date(2026, 3, 9)),
            ("2026-10-31T07:00:00Z", date(2026, 10, 31)),
            ("2026-11-01T07:00:00Z", date(2026, 11, 1)),
            ("2026-11-02T08:00:00Z", date(2026, 11, 2)),
            ("2026-11-02T07:59:59Z", date(2026, 11, 1)),
        ] {
            assert_eq!(day_of(instant).unwrap(), day, "{instant}");
        }
        for day in [date(2026, 3, 8), date(2026, 11, 1), date(2026, 7, 1), date(2026, 12, 31)] {
            assert_eq!(day_of(&instant_of(day)).unwrap(), day);
        }
    }
}
