//! The clock that the test moves. It stands still until told otherwise, so nothing depends on speed.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};

/// When every story begins: a Monday morning in the city.
pub const START: &str = "2027-03-01T09:00:00+01:00";

/// The city's time zone.
///
/// # Panics
/// When the machine has no time zones.
pub fn zone() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").expect("the machine knows its time zones")
}

/// What time it is in the story.
#[derive(Debug)]
pub struct Clock(AtomicI64);

impl Default for Clock {
    fn default() -> Self {
        let clock = Self(AtomicI64::new(0));
        clock.set(START);
        clock
    }
}

impl Clock {
    /// The moment at which the clock stands.
    ///
    /// # Panics
    /// Never: only moments go in.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).expect("only moments go in")
    }

    /// The day in the city.
    pub fn today(&self) -> Date {
        self.now().to_zoned_datetime(zone()).date()
    }

    /// Sets it to a moment like `2027-03-01T09:00:00+01:00`.
    ///
    /// # Panics
    /// When that is no moment.
    pub fn set(&self, moment: &str) {
        let moment: Timestamp = moment.parse().expect("a moment");
        self.0.store(moment.as_microsecond(), Ordering::SeqCst);
    }

    /// Moves it forward, by days and months of the city's calendar.
    ///
    /// # Panics
    /// When that leaves the calendar.
    pub fn advance(&self, by: Span) {
        let later = self.now().to_zoned_datetime(zone()).checked_add(by).expect("within the calendar");
        self.0.store(later.timestamp().as_microsecond(), Ordering::SeqCst);
    }
}
