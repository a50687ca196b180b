//! What is done differently: start, adapt, test or stop something; who owns it; when it is asked about again.

use jiff::{ToSpan, civil::Date};

use crate::words;

pub mod asking;
pub mod experiment;

words! {
    /// What kind of change.
    Kind {
        /// Something new begins.
        Start = "start",
        /// Something is done in another way.
        Adapt = "adapt",
        /// A small trial with an open result.
        Test = "test",
        /// Something ends, which frees time.
        Stop = "stop",
    }
}

words! {
    /// Where a change stands.
    Status {
        /// Being done.
        Running = "running",
        /// It is how things are done now.
        Done = "done",
        /// Not done after all, with a reason.
        Dropped = "dropped",
    }
}

words! {
    /// When a change is asked about again, counted from the day it was committed.
    Interval {
        /// After two weeks.
        TwoWeeks = "two-weeks",
        /// After three months.
        ThreeMonths = "three-months",
        /// After six months.
        SixMonths = "six-months",
        /// After twelve months.
        TwelveMonths = "twelve-months",
    }
}

words! {
    /// What the owner answers.
    Kept {
        /// Yes, it is done.
        Kept = "kept",
        /// In part.
        Partly = "partly",
        /// No.
        NotKept = "not-kept",
    }
}

words! {
    /// How a test ended. A negative result is as welcome as a positive one.
    Verdict {
        /// Do it from now on.
        Adopt = "adopt",
        /// Do it in another way.
        Adapt = "adapt",
        /// Do not do it.
        Stop = "stop",
        /// Somebody else should take it on.
        PassOn = "pass-on",
    }
}

impl Interval {
    /// The day on which the owner is asked.
    pub fn due(self, committed: Date) -> Date {
        let span = match self {
            Self::TwoWeeks => 2.weeks(),
            Self::ThreeMonths => 3.months(),
            Self::SixMonths => 6.months(),
            Self::TwelveMonths => 12.months(),
        };
        committed.saturating_add(span)
    }

    /// The published share of people who still apply what they learned (Saks and Belcourt 2006, trainers'
    /// estimates in 150 organisations): 62 % at once, 44 % after six months, 34 % after a year. In per cent. The study has no
    /// figure for two weeks or three months: beside them stands the one for at once.
    pub const fn published_share(self) -> i64 {
        match self {
            Self::TwoWeeks | Self::ThreeMonths => 62,
            Self::SixMonths => 44,
            Self::TwelveMonths => 34,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn follow_ups_fall_on_calendar_days_also_at_the_end_of_months() {
        let committed = date(2026, 11, 30);
        let due: Vec<String> = Interval::ALL.iter().map(|i| i.due(committed).to_string()).collect();
        assert_eq!(due, ["2026-12-14", "2027-02-28", "2027-05-30", "2027-11-30"]);
    }
}
