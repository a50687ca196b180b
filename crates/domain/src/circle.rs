//! Circles of peers (action learning sets): three to seven people who meet every four to six weeks, each with one question
//! and one action. What is said there is nobody's to keep; the system knows when they meet, who is in it, and seals for each
//! their own action. The size is the state: it cannot say "running" with two people.

use jiff::{Span, civil::Date};

/// Fewer than these do not meet.
pub const FEWEST: usize = 3;
/// More than these do not all come to speak.
pub const MOST: usize = 7;
/// Days between two meetings, at least and at most.
pub const RHYTHM: (i64, i64) = (28, 42);
/// Days before and after one's own return within which somebody came back around the same time.
pub const AROUND_DAYS: i64 = 60;

/// Where a circle stands, with how many are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Not yet three.
    Gathering(usize),
    /// Three to seven: it meets.
    Running(usize),
    /// It was running and is fewer than three now.
    Paused(usize),
    /// Nobody is left.
    Over,
}

crate::words! {
    /// The name of a state.
    Stage {
        /// Not yet three.
        Gathering = "gathering",
        /// It meets.
        Running = "running",
        /// Fewer than three now.
        Paused = "paused",
        /// Nobody is left.
        Over = "over",
    }
}

/// Why a step was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CircleProblem {
    /// Seven are in it.
    #[error("seven are in it already; begin a second circle")]
    Full,
    /// Fewer than three do not meet.
    #[error("a circle meets from three people on")]
    TooFew,
    /// Earlier than four weeks after the last meeting.
    #[error("is less than four weeks after the last meeting")]
    TooSoon,
    /// Later than six weeks after it, or from now.
    #[error("is more than six weeks away")]
    TooLate,
    /// Not to come.
    #[error("is not to come")]
    Past,
}

impl CircleProblem {
    /// The key under which the language files explain it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "circle-full",
            Self::TooFew => "circle-too-few",
            Self::TooSoon => "circle-too-soon",
            Self::TooLate => "circle-too-late",
            Self::Past => "circle-past",
        }
    }
}

impl State {
    /// As its members say it, and whether it ever ran.
    pub const fn of(members: usize, began: bool) -> Self {
        match members {
            0 => Self::Over,
            n if n >= FEWEST => Self::Running(n),
            n if began => Self::Paused(n),
            n => Self::Gathering(n),
        }
    }

    /// The name of this state.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Gathering(_) => Stage::Gathering,
            Self::Running(_) => Stage::Running,
            Self::Paused(_) => Stage::Paused,
            Self::Over => Stage::Over,
        }
    }

    /// How many are in it.
    pub const fn members(self) -> usize {
        match self {
            Self::Gathering(n) | Self::Running(n) | Self::Paused(n) => n,
            Self::Over => 0,
        }
    }

    /// Whether it ever ran.
    const fn began(self) -> bool {
        matches!(self, Self::Running(_) | Self::Paused(_))
    }

    /// Somebody says yes. From three on it runs; there is no eighth.
    pub const fn join(self) -> Result<Self, CircleProblem> {
        if self.members() >= MOST {
            return Err(CircleProblem::Full);
        }
        Ok(Self::of(self.members() + 1, self.began()))
    }

    /// Somebody leaves, at any time and without a reason. Below three it pauses.
    #[must_use]
    pub const fn leave(self) -> Self {
        Self::of(self.members().saturating_sub(1), self.began())
    }

    /// Whether it may meet on this day. Four to six weeks after the last meeting; when there was none, or the rhythm broke,
    /// within six weeks from today.
    pub fn meet(self, last: Option<Date>, on: Date, today: Date) -> Result<(), CircleProblem> {
        if !matches!(self, Self::Running(_)) {
            return Err(CircleProblem::TooFew);
        }
        if on < today {
            return Err(CircleProblem::Past);
        }
        let after = |day: Date, days: i64| day.checked_add(Span::new().days(days)).unwrap_or(Date::MAX);
        match last.filter(|last| after(*last, RHYTHM.1) >= today) {
            Some(last) if on < after(last, RHYTHM.0) => Err(CircleProblem::TooSoon),
            Some(last) if on > after(last, RHYTHM.1) => Err(CircleProblem::TooLate),
            None if on > after(today, RHYTHM.1) => Err(CircleProblem::TooLate),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: i64) -> Date {
        jiff::civil::date(2027, 3, 1).checked_add(Span::new().days(n)).expect("a day")
    }

    #[test]
    fn meetings_are_four_to_six_weeks_apart() {
        let meet = |last: Option<i64>, on, today| State::Running(4).meet(last.map(day), day(on), day(today));
        for (on, found) in
            [(27, Err(CircleProblem::TooSoon)), (28, Ok(())), (42, Ok(())), (43, Err(CircleProblem::TooLate))]
        {
            assert_eq!(meet(Some(0), on, 1), found, "{on}");
        }
        assert_eq!(meet(None, 0, 0), Ok(()), "the first may be today");
        assert_eq!(meet(None, 43, 0), Err(CircleProblem::TooLate));
        assert_eq!(meet(None, -1, 0), Err(CircleProblem::Past));
        assert_eq!(meet(Some(0), 50, 43), Ok(()), "after a broken rhythm it begins anew");
        assert_eq!(State::Paused(2).meet(None, day(3), day(0)), Err(CircleProblem::TooFew));
        assert_eq!(State::Gathering(2).meet(None, day(3), day(0)), Err(CircleProblem::TooFew));
    }

    proptest! {
        #[test]
        fn it_runs_with_three_to_seven_and_with_no_other_number(steps in proptest::collection::vec(any::<bool>(), 0..40)) {
            let mut state = State::of(1, false);
            let mut ran = false;
            for joins in steps {
                let before = state;
                if joins {
                    match state.join() {
                        Ok(next) => state = next,
                        Err(problem) => prop_assert_eq!((problem, before.members()), (CircleProblem::Full, MOST)),
                    }
                } else {
                    state = state.leave();
                }
                ran |= matches!(state, State::Running(_));
                prop_assert!(state.members() <= MOST);
                prop_assert_eq!(matches!(state, State::Running(_)), (FEWEST..=MOST).contains(&state.members()));
                prop_assert_eq!(state == State::Over, state.members() == 0);
                if state == State::Over {
                    ran = false;
                }
                prop_assert_eq!(matches!(state, State::Paused(_)), ran && (1..FEWEST).contains(&state.members()));
                prop_assert_eq!(state, State::of(state.members(), ran));
            }
        }
    }
}
