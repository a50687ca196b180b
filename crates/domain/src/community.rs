//! What a neighbourhood says about being visited: come, pause, not on these days. Whoever speaks for it has a code and no
//! account; the city keeps to it. Pure rules: may use places; promises that "not now" always wins over "come".

use jiff::civil::{Date, Weekday};

use crate::words;

words! {
    /// What a neighbourhood's group says.
    Stance {
        /// Visits are welcome.
        Come = "come",
        /// No visits for the time being.
        Pause = "pause",
    }
}

/// Days of the week, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Weekdays(u8);

impl Weekdays {
    /// Every day of the week by the word of its form field, Monday first.
    pub const ALL: [(&'static str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];

    /// As it is kept: bit 0 is Monday. What is not a day of the week is left out.
    pub const fn from_bits(bits: i64) -> Self {
        #[expect(clippy::cast_sign_loss, reason = "masked to seven bits")]
        let bits = (bits & 0x7f) as u8;
        Self(bits)
    }

    /// As it is kept.
    pub const fn bits(self) -> i64 {
        self.0 as i64
    }

    /// With one day more.
    #[must_use]
    pub const fn with(self, day: Weekday) -> Self {
        Self(self.0 | 1 << day.to_monday_zero_offset())
    }

    /// Whether the day is one of them.
    pub const fn has(self, day: Weekday) -> bool {
        self.0 & 1 << day.to_monday_zero_offset() != 0
    }

    /// Whether no day is left.
    pub const fn is_all(self) -> bool {
        self.0 == 0x7f
    }

    /// Their words, Monday first.
    pub fn words(self) -> Vec<&'static str> {
        Self::ALL.iter().filter(|(_, day)| self.has(*day)).map(|(word, _)| *word).collect()
    }
}

/// First and last day of a time, both in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    first: Date,
    last: Date,
}

/// The last day is before the first, or the time is longer than a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the last day must be the first or later, and within a year")]
pub struct NotDays;

impl Days {
    /// From a day to a day, at most a year.
    pub fn new(first: Date, last: Date) -> Result<Self, NotDays> {
        let year = first.saturating_add(jiff::Span::new().years(1));
        if last < first || last > year { Err(NotDays) } else { Ok(Self { first, last }) }
    }

    /// The first day.
    pub const fn first(self) -> Date {
        self.first
    }

    /// The last day.
    pub const fn last(self) -> Date {
        self.last
    }

    fn meets(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Why a visit does not suit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwelcome {
    /// The neighbourhood pauses, until this day when it said one.
    Paused(Option<Date>),
    /// Not on this day of the week.
    Weekday(Weekday),
    /// Not on these days.
    Days(Days),
}

impl Unwelcome {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paused(_) => "neighbourhood-pauses",
            Self::Weekday(_) => "neighbourhood-weekday",
            Self::Days(_) => "neighbourhood-days",
        }
    }
}

/// Everything that a neighbourhood said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Come or pause.
    pub stance: Stance,
    /// The last day of the pause, when one was said.
    pub until: Option<Date>,
    /// Days of the week that never suit.
    pub never_on: Weekdays,
    /// Days that do not suit.
    pub away: Vec<Days>,
}

impl Default for Word {
    fn default() -> Self {
        Self { stance: Stance::Come, until: None, never_on: Weekdays::default(), away: Vec::new() }
    }
}

impl Word {
    /// Whether it pauses on a day.
    pub fn pauses_on(&self, day: Date) -> bool {
        self.stance == Stance::Pause && self.until.is_none_or(|until| day <= until)
    }

    /// Whether a visit on these days suits; if not, the first reason why. A visit of a week or longer, as somebody who lives
    /// there, cannot spare a day of the week: only its first and last day count there.
    pub fn suits(&self, visit: Days) -> Result<(), Unwelcome> {
        if self.pauses_on(visit.first) {
            return Err(Unwelcome::Paused(self.until));
        }
        if let Some(away) = self.away.iter().find(|days| days.meets(visit)) {
            return Err(Unwelcome::Days(*away));
        }
        let mut asked = visit.first.series(jiff::Span::new().days(1)).take_while(|day| *day <= visit.last).take(7);
        let whole_week = visit.last >= visit.first.saturating_add(jiff::Span::new().days(6));
        let closed = if whole_week {
            [visit.first, visit.last].into_iter().find(|day| self.never_on.has(day.weekday()))
        } else {
            asked.find(|day| self.never_on.has(day.weekday()))
        };
        closed.map_or(Ok(()), |day| Err(Unwelcome::Weekday(day.weekday())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn day(offset: i64) -> Date {
        date(2027, 1, 1).saturating_add(jiff::Span::new().days(offset))
    }

    prop_compose! {
        fn days()(first in 0_i64..400, length in 0_i64..30) -> Days {
            Days::new(day(first), day(first + length)).expect("within a year")
        }
    }

    prop_compose! {
        fn word()(pause in any::<bool>(), until in proptest::option::of(0_i64..400), bits in 0_i64..128,
            away in proptest::collection::vec(days(), 0..4)) -> Word {
            Word {
                stance: if pause { Stance::Pause } else { Stance::Come },
                until: until.map(day),
                never_on: Weekdays::from_bits(bits),
                away,
            }
        }
    }

    proptest! {
        #[test]
        fn what_was_said_to_be_unwelcome_is_never_welcome(word in word(), visit in days()) {
            let day_by_day = visit.first().series(jiff::Span::new().days(1)).take_while(|d| *d <= visit.last());
            let away = day_by_day.clone().any(|d| word.away.iter().any(|a| a.first() <= d && d <= a.last()));
            let first = visit.first();
            let suits = word.suits(visit).is_ok();
            prop_assert!(!(suits && (word.pauses_on(first) || away || word.never_on.has(first.weekday()))));
        }

        #[test]
        fn who_says_nothing_is_open_on_every_day(visit in days()) {
            prop_assert_eq!(Word::default().suits(visit), Ok(()));
        }

        #[test]
        fn saying_no_to_more_never_opens_a_day(word in word(), more in days(), visit in days()) {
            let mut stricter = word.clone();
            stricter.away.push(more);
            stricter.stance = Stance::Pause;
            prop_assert!(word.suits(visit).is_ok() || stricter.suits(visit).is_err());
        }

        #[test]
        fn weekdays_are_read_back_as_they_were_kept(bits in 0_i64..128) {
            let days = Weekdays::from_bits(bits);
            let again = Weekdays::ALL.iter().filter(|(word, _)| days.words().contains(word)).fold(Weekdays::default(), |d, (_, w)| d.with(*w));
            prop_assert_eq!((again, again.bits()), (days, bits));
        }
    }

    #[test]
    fn a_pause_ends_on_its_day() {
        let word = Word { stance: Stance::Pause, until: Some(date(2027, 3, 31)), ..Word::default() };
        let on = |d| word.suits(Days::new(d, d).expect("a day"));
        assert_eq!(on(date(2027, 3, 31)), Err(Unwelcome::Paused(Some(date(2027, 3, 31)))));
        assert_eq!(on(date(2027, 4, 1)), Ok(()));
        let open = Word { until: None, ..word };
        assert_eq!(
            open.suits(Days::new(date(2031, 1, 1), date(2031, 1, 1)).expect("a day")),
            Err(Unwelcome::Paused(None))
        );
    }

    #[test]
    fn who_lives_there_for_a_month_is_there_on_market_day_too() {
        let word = Word { never_on: Weekdays::default().with(Weekday::Saturday), ..Word::default() };
        // 1 March 2027 is a Monday.
        let from_to = |a, b| word.suits(Days::new(date(2027, 3, a), date(2027, 3, b)).expect("days"));
        assert_eq!(from_to(1, 5), Ok(()));
        assert_eq!(from_to(4, 7), Err(Unwelcome::Weekday(Weekday::Saturday)));
        assert_eq!(from_to(1, 31), Ok(()), "a month, from Monday to Wednesday");
        assert_eq!(from_to(6, 31), Err(Unwelcome::Weekday(Weekday::Saturday)), "arrives on one");
    }

    #[test]
    fn days_end_after_they_begin() {
        assert_eq!(Days::new(date(2027, 3, 2), date(2027, 3, 1)), Err(NotDays));
        assert_eq!(Days::new(date(2027, 3, 2), date(2028, 3, 3)), Err(NotDays));
    }
}
