//! Days and times as form tools write them, year first. `3/11/2026` is a day in March or in November, so it is none.

/// A day, perhaps with a time, perhaps with its distance from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Year, 1900 to 2199.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day, 1 to 31; whether the month has it is for whoever knows calendars.
    pub day: i8,
    /// Hour and minute, 24 hours.
    pub time: Option<(i8, i8)>,
    /// Minutes ahead of UTC; without it, it is the city's time.
    pub offset: Option<i16>,
}

/// A number of exactly so many digits at the beginning, and what follows.
fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<(i16, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    if !digits.contains(&count) {
        return None;
    }
    let (digits, rest) = text.split_at(count);
    Some((digits.parse().ok()?, rest))
}

fn small(text: &str, from: i16, to: i16) -> Option<(i8, &str)> {
    let (n, rest) = number(text, 1..=2)?;
    (from..=to).contains(&n).then_some(())?;
    Some((i8::try_from(n).ok()?, rest))
}

impl Moment {
    /// `2026-11-03`, `2026/11/03 10:20:31 am GMT+1`, `2026-11-03T10:20:31.000+01:00`, `2026. 11. 3`. Nothing when it is none of them.
    pub(super) fn read(cell: &str) -> Option<Self> {
        let (year, rest) = number(cell, 4..=4)?;
        let mark = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
        let (month, rest) = small(rest.strip_prefix(mark)?.trim_start(), 1, 12)?;
        let (day, rest) = small(rest.strip_prefix(mark)?.trim_start(), 1, 31)?;
        (1900..2200).contains(&year).then_some(())?;
        let rest = rest.trim_start_matches(['T', ' ', '.']);
        if rest.is_empty() {
            return Some(Self { year, month, day, time: None, offset: None });
        }
        let (time, rest) = time(rest)?;
        let offset = match rest.trim() {
            "" => None,
            ahead => Some(offset(ahead)?),
        };
        Some(Self { year, month, day, time: Some(time), offset })
    }
}

fn time(text: &str) -> Option<((i8, i8), &str)> {
    let (hour, rest) = small(text, 0, 23)?;
    let (minute, mut rest) = small(rest.strip_prefix(':')?, 0, 59)?;
    if let Some(seconds) = rest.strip_prefix(':') {
        rest = small(seconds, 0, 60)?.1;
        if let Some(fraction) = rest.strip_prefix('.') {
            rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    let rest = rest.trim_start();
    let half = rest.get(..2).map(str::to_lowercase).filter(|h| h == "am" || h == "pm");
    match half.as_deref() {
        None => Some(((hour, minute), rest)),
        Some(_) if !(1..=12).contains(&hour) => None,
        Some("am") => Some(((hour % 12, minute), &rest[2..])),
        Some(_) => Some(((hour % 12 + 12, minute), &rest[2..])),
    }
}

/// `Z`, `+01:00`, `+0100`, `GMT+1`: minutes ahead of UTC.
fn offset(text: &str) -> Option<i16> {
    let text = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC")).unwrap_or(text);
    if text.is_empty() || text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.strip_prefix(['+', '-'])?;
    let (hours, minutes) = match digits.split_once(':') {
        Some((h, m)) => (number(h, 1..=2)?, number(m, 2..=2)?),
        None if digits.len() == 4 => (number(digits.get(..2)?, 2..=2)?, number(digits.get(2..)?, 2..=2)?),
        None => (number(digits, 1..=2)?, (0, "")),
    };
    let fits = hours.1.is_empty() && minutes.1.is_empty() && hours.0 <= 14 && minutes.0 < 60;
    fits.then_some(sign * (hours.0 * 60 + minutes.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(cell: &str, time: Option<(i8, i8)>, offset: Option<i16>) {
        let third = Moment { year: 2026, month: 11, day: 3, time, offset };
        assert_eq!(Moment::read(cell), Some(third), "{cell}");
    }

    #[test]
    fn days_are_read_as_tools_write_them_and_no_day_is_guessed() {
        is("2026-11-03", None, None);
        is("2026. 11. 3", None, None);
        is("2026-11-03T10:20:31.000+01:00", Some((10, 20)), Some(60));
        is("2026-11-03 10:20:31", Some((10, 20)), None);
        is("2026/11/03 12:20:31 am GMT+1", Some((0, 20)), Some(60));
        is("2026/11/03 1:20 PM GMT-3", Some((13, 20)), Some(-180));
        is("2026-11-03T10:20Z", Some((10, 20)), Some(0));
        for none in [
            "",
            "3/11/2026",
            "2026-13-01",
            "2026-11",
            "2026-11-03T25:00",
            "2026-11-03T10:20 tomorrow",
            "yesterday",
            "26-11-03",
        ] {
            assert_eq!(Moment::read(none), None, "{none}");
        }
    }
}
