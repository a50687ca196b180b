//! What it means: questions for thinking, private first, shared by choice.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{time, words};

words! {
    /// The four moments of thinking.
    Kind {
        /// Two minutes on the evening out.
        Evening = "evening",
        /// Within two days of coming back.
        Debrief = "debrief",
        /// Whom did we not meet?
        Bias = "bias",
        /// With the manager.
        ReturnTalk = "return-talk",
    }
}

impl Kind {
    /// The questions, as keys of the language files, in order.
    pub const fn questions(self) -> &'static [&'static str] {
        match self {
            Self::Evening => &["expected", "saw-heard", "struck", "not-understood"],
            Self::Debrief => &["what-happened", "meant-gap", "so-what", "now-what", "stop"],
            Self::Bias => &["near-far", "who-chose", "who-missing", "not-asked", "trade-blind"],
            Self::ReturnTalk => &["rule-blind", "two-weeks", "need-from-manager", "make-room", "who-hears"],
        }
    }
}

/// A moment of thinking on a placement: one of each kind, and of evening stops one for each day out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The evening of a day.
    Evening(Date),
    /// Within two days of coming back.
    Debrief,
    /// Whom did we not meet?
    Bias,
    /// With the manager.
    ReturnTalk,
}

impl Moment {
    /// The moment of a kind; of an evening stop that of this day.
    pub const fn of(kind: Kind, day: Date) -> Self {
        match kind {
            Kind::Evening => Self::Evening(day),
            Kind::Debrief => Self::Debrief,
            Kind::Bias => Self::Bias,
            Kind::ReturnTalk => Self::ReturnTalk,
        }
    }

    /// Which kind it is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Evening(_) => Kind::Evening,
            Self::Debrief => Kind::Debrief,
            Self::Bias => Kind::Bias,
            Self::ReturnTalk => Kind::ReturnTalk,
        }
    }

    /// Of an evening, which.
    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Evening(day) => Some(day),
            Self::Debrief | Self::Bias | Self::ReturnTalk => None,
        }
    }
}

/// The evenings of an outing that have come: from its first day to its last, or to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evenings {
    first: Date,
    latest: Date,
}

impl Evenings {
    /// Those of an outing, in the city's time.
    pub fn of(starts: Timestamp, ends: Timestamp, now: Timestamp, zone: &TimeZone) -> Self {
        let (first, last) = (time::day_of(starts, zone), time::day_of(ends, zone));
        Self { first, latest: time::day_of(now, zone).min(last).max(first) }
    }

    /// The one that is written when nothing else is said: today's, or the last.
    pub const fn latest(self) -> Date {
        self.latest
    }

    /// Whether that day is one of them.
    pub fn have(self, day: Date) -> bool {
        (self.first..=self.latest).contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    #[test]
    fn an_evening_is_of_a_day_in_the_city_and_not_of_one_to_come() {
        let zone = TimeZone::get("Asia/Seoul").expect("the machine knows its time zones");
        // From the 28th to the 30th in Seoul, although it is the 27th in Greenwich when it starts.
        let (starts, ends) = (at("2027-03-27T23:30:00Z"), at("2027-03-30T09:00:00Z"));
        let day = |d| jiff::civil::date(2027, 3, d);
        let on = |now: &str| Evenings::of(starts, ends, at(now), &zone);
        assert_eq!(on("2027-03-28T11:00:00Z").latest(), day(28));
        assert_eq!(on("2027-03-29T16:00:00Z").latest(), day(30), "after midnight it is the next day");
        assert_eq!(on("2027-04-09T11:00:00Z").latest(), day(30), "afterwards it is the last one");
        assert_eq!(on("2027-03-01T11:00:00Z").latest(), day(28));
        let second = on("2027-03-29T11:00:00Z");
        assert_eq!([27, 28, 29, 30].map(|d| second.have(day(d))), [false, true, true, false]);
    }

    #[test]
    fn only_evenings_have_a_day() {
        let day = jiff::civil::date(2027, 3, 28);
        for kind in Kind::ALL {
            let moment = Moment::of(*kind, day);
            assert_eq!(moment.kind(), *kind);
            assert_eq!(moment.day(), (*kind == Kind::Evening).then_some(day));
        }
    }
}
