//! What it means: questions for thinking, private first, shared by choice. Which of them are asked follows from the
//! template of the outing.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{outing::Template, placement::Stage, time, words};

words! {
    /// The moments of thinking.
    Kind {
        /// Two minutes on the evening out.
        Evening = "evening",
        /// A letter home from somewhere else, once a week.
        LettersHome = "letters-home",
        /// Within two days of coming back.
        Debrief = "debrief",
        /// Whom did we not meet?
        Bias = "bias",
        /// What of theirs we keep, adapt and leave behind.
        KeepAdaptLeave = "keep-adapt-leave",
        /// The report has reached whoever decides.
        ReportReceived = "report-received",
        /// With the manager.
        ReturnTalk = "return-talk",
    }
}

impl Kind {
    /// The questions, as keys of the language files, in order.
    pub const fn questions(self) -> &'static [&'static str] {
        match self {
            Self::Evening => &["expected", "saw-heard", "struck", "not-understood"],
            Self::LettersHome => &["they-do", "we-do", "question-home", "connect"],
            Self::Debrief => &["what-happened", "meant-gap", "so-what", "now-what", "stop"],
            Self::Bias => &["near-far", "who-chose", "who-missing", "not-asked", "trade-blind"],
            Self::KeepAdaptLeave => &["differs", "keep", "adapt", "leave", "owed"],
            Self::ReportReceived => &["report-says", "report-owner", "report-decides", "report-left-out"],
            Self::ReturnTalk => &["rule-blind", "two-weeks", "need-from-manager", "make-room", "who-hears"],
        }
    }

    /// At which point of the spine it is asked.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Evening | Self::LettersHome => Stage::Out,
            Self::Debrief | Self::Bias | Self::KeepAdaptLeave => Stage::Debriefing,
            Self::ReportReceived | Self::ReturnTalk => Stage::Embedding,
        }
    }

    /// Whether there is one for each day instead of one.
    pub const fn by_the_day(self) -> bool {
        matches!(self, Self::Evening | Self::LettersHome)
    }

    /// What an outing of this template asks, in the template's order.
    pub fn asked_by(template: &Template) -> Vec<Self> {
        template.returning.iter().filter_map(|word| word.parse().ok()).collect()
    }

    /// Every question of every kind.
    pub fn all_questions() -> Vec<&'static str> {
        Self::ALL.iter().flat_map(|kind| kind.questions()).copied().collect()
    }
}

/// A moment of thinking on a placement: one of each kind, and of evening stops and letters home one for each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The evening of a day.
    Evening(Date),
    /// A letter home, written on a day.
    Letter(Date),
    /// Within two days of coming back.
    Debrief,
    /// Whom did we not meet?
    Bias,
    /// What of theirs we keep, adapt and leave behind.
    KeepAdaptLeave,
    /// The report has reached whoever decides.
    ReportReceived,
    /// With the manager.
    ReturnTalk,
}

impl Moment {
    /// The moment of a kind; of what is written by the day that of this day.
    pub const fn of(kind: Kind, day: Date) -> Self {
        match kind {
            Kind::Evening => Self::Evening(day),
            Kind::LettersHome => Self::Letter(day),
            Kind::Debrief => Self::Debrief,
            Kind::Bias => Self::Bias,
            Kind::KeepAdaptLeave => Self::KeepAdaptLeave,
            Kind::ReportReceived => Self::ReportReceived,
            Kind::ReturnTalk => Self::ReturnTalk,
        }
    }

    /// Which kind it is.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Evening(_) => Kind::Evening,
            Self::Letter(_) => Kind::LettersHome,
            Self::Debrief => Kind::Debrief,
            Self::Bias => Kind::Bias,
            Self::KeepAdaptLeave => Kind::KeepAdaptLeave,
            Self::ReportReceived => Kind::ReportReceived,
            Self::ReturnTalk => Kind::ReturnTalk,
        }
    }

    /// Of what is written by the day, which.
    pub const fn day(self) -> Option<Date> {
        match self {
            Self::Evening(day) | Self::Letter(day) => Some(day),
            Self::Debrief | Self::Bias | Self::KeepAdaptLeave | Self::ReportReceived | Self::ReturnTalk => None,
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
    use crate::outing::{Kind as Outing, TEMPLATES};

    #[test]
    fn every_moment_of_thinking_is_asked_by_some_kind_of_outing() {
        for kind in Kind::ALL {
            assert!(TEMPLATES.iter().any(|t| Kind::asked_by(t).contains(kind)), "{kind}");
        }
    }

    #[test]
    fn a_walk_asks_nothing_but_two_lines_and_a_secondment_asks_for_letters() {
        assert_eq!(Kind::asked_by(Outing::FreeRangeDay.template()), []);
        let away = Kind::asked_by(Outing::Secondment.template());
        assert!(away.contains(&Kind::LettersHome) && away.contains(&Kind::KeepAdaptLeave));
        assert!(Kind::asked_by(Outing::UniversityProject.template()).contains(&Kind::ReportReceived));
    }

    #[test]
    fn no_question_stands_in_two_moments() {
        let mut all = Kind::all_questions();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

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
    fn only_evenings_and_letters_have_a_day() {
        let day = jiff::civil::date(2027, 3, 28);
        for kind in Kind::ALL {
            let moment = Moment::of(*kind, day);
            assert_eq!(moment.kind(), *kind);
            assert_eq!(moment.day(), kind.by_the_day().then_some(day));
        }
    }
}
