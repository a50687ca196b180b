//! Days and times as people write them, in the city's own time zone. A time that does not exist (the hour
//! that summer time skips) is refused; of a time that happens twice, the first is meant.

use jiff::{Timestamp, civil, tz::TimeZone};

/// Why a date or time was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    /// Nothing was written.
    #[error("is empty; give a date")]
    Empty,
    /// Not a date of the calendar.
    #[error("is not a date like 2027-03-28")]
    NotADate,
    /// Not a time of day.
    #[error("is not a time like 09:30")]
    NotATime,
    /// The clocks skip this hour on that day.
    #[error("does not exist: the clocks go forward in that hour")]
    Skipped,
    /// More than ten years away, so a typing error.
    #[error("is more than ten years away; check the year")]
    FarAway,
    /// Before what it must follow.
    #[error("is before the time it must come after")]
    TooEarly,
}

impl DateProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "date-empty",
            Self::NotADate => "not-a-date",
            Self::NotATime => "not-a-time",
            Self::Skipped => "date-skipped",
            Self::FarAway => "date-far-away",
            Self::TooEarly => "date-too-early",
        }
    }
}

/// Reads `2027-03-28`, at most ten years from `today`.
pub fn date(raw: &str, today: civil::Date) -> Result<civil::Date, DateProblem> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(DateProblem::Empty);
    }
    // `civil::Date` also reads whole timestamps; a form field must hold a date and nothing else.
    if raw.len() != 10 {
        return Err(DateProblem::NotADate);
    }
    let day: civil::Date = raw.parse().map_err(|_| DateProblem::NotADate)?;
    if (i32::from(day.year()) - i32::from(today.year())).abs() > 10 {
        return Err(DateProblem::FarAway);
    }
    Ok(day)
}

/// Reads `09:30` (or `09:30:00`).
pub fn time_of_day(raw: &str) -> Result<civil::Time, DateProblem> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Err(DateProblem::Empty);
    }
    if !matches!(raw.len(), 5 | 8) || raw.contains(|c: char| !c.is_ascii_digit() && c != ':') {
        return Err(DateProblem::NotATime);
    }
    raw.parse().map_err(|_| DateProblem::NotATime)
}

/// The moment at which the city's clocks show `day` and `time`.
pub fn moment(day: civil::Date, time: civil::Time, zone: &TimeZone) -> Result<Timestamp, DateProblem> {
    let ambiguous = zone.to_ambiguous_zoned_datetime(day.to_datetime(time));
    if matches!(ambiguous.offset(), jiff::tz::AmbiguousOffset::Gap { .. }) {
        return Err(DateProblem::Skipped);
    }
    ambiguous.earlier().map(|z| z.timestamp()).map_err(|_| DateProblem::NotADate)
}

/// The city's calendar day at a moment.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> civil::Date {
    at.to_zoned_datetime(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amsterdam() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").expect("known zone")
    }

    #[test]
    fn the_hour_that_summer_time_skips_is_refused() {
        let day = civil::date(2027, 3, 28);
        assert_eq!(moment(day, civil::time(2, 30, 0, 0), &amsterdam()), Err(DateProblem::Skipped));
        assert!(moment(day, civil::time(3, 0, 0, 0), &amsterdam()).is_ok());
    }

    #[test]
    fn of_the_hour_that_happens_twice_the_first_is_meant() {
        let at = moment(civil::date(2027, 10, 31), civil::time(2, 30, 0, 0), &amsterdam()).expect("exists");
        assert_eq!(at.to_string(), "2027-10-31T00:30:00Z");
    }

    #[test]
    fn wrong_dates_say_what_is_wrong() {
        let today = civil::date(2026, 11, 24);
        for (raw, problem) in [
            ("", DateProblem::Empty),
            ("2027-02-30", DateProblem::NotADate),
            ("28-03-2027", DateProblem::NotADate),
            ("2027-3-28", DateProblem::NotADate),
            ("2027-03-28T10:00", DateProblem::NotADate),
            ("2207-03-28", DateProblem::FarAway),
        ] {
            assert_eq!(date(raw, today), Err(problem), "{raw}");
        }
        for raw in ["25:00", "9:30", "half past nine", "09:30+02"] {
            assert_eq!(time_of_day(raw), Err(DateProblem::NotATime), "{raw}");
        }
    }
}
