//! Dates: when somebody can go, when a place can receive, and the stay that fits into both. Working days are Monday to
//! Friday; holidays differ from city to city and are for people to see.

use jiff::{ToSpan as _, civil::Date, civil::Weekday};

/// From a day to a day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: Date,
    to: Date,
}

/// The days of one stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The first working day.
    pub starts: Date,
    /// The last working day.
    pub ends: Date,
}

impl Stay {
    /// Whether it has begun on this day. A leg that was final by then has happened: it stays in the ledger, and is neither
    /// called off nor asked about again.
    pub fn has_begun(&self, today: Date) -> bool {
        self.starts <= today
    }
}

fn works(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl Window {
    /// In order, or nothing.
    pub fn new(from: Date, to: Date) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// The first day.
    pub const fn from(self) -> Date {
        self.from
    }

    /// The last day.
    pub const fn to(self) -> Date {
        self.to
    }

    /// The days both have.
    pub fn and(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// The earliest stay of so many working days, if one fits.
    pub fn stay(self, days: i64) -> Option<Stay> {
        let mut starts = None;
        let mut counted = 0;
        let mut day = self.from;
        while day <= self.to && days > 0 {
            if works(day) {
                starts.get_or_insert(day);
                counted += 1;
                if counted == days {
                    return starts.map(|starts| Stay { starts, ends: day });
                }
            }
            day = day.checked_add(1.day()).ok()?;
        }
        None
    }
}
