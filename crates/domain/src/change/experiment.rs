//! A test as an experiment: it runs, it has ended with what it showed, it is decided. What it showed is as welcome one way as
//! the other, and how sure somebody is may go both ways. Knows only days that it is given.

use jiff::civil::Date;

use super::{Status, Verdict};
use crate::words;

words! {
    /// What an experiment showed.
    Finding {
        /// What was believed holds.
        Supported = "supported",
        /// It does not.
        NotSupported = "not-supported",
        /// It cannot be said.
        Unclear = "unclear",
    }
}

words! {
    /// How sure its owner is of what they believe, from the least to the most.
    Sureness {
        /// It may as well be the other way round.
        Open = "open",
        /// More likely than not.
        Hunch = "hunch",
        /// It would be a surprise if it were not so.
        FairlySure = "fairly-sure",
        /// We would act on it.
        Sure = "sure",
    }
}

words! {
    /// Which way somebody's sureness went the last time it changed.
    Turn {
        /// Surer than before.
        Surer = "surer",
        /// Less sure than before: something was learned as well.
        LessSure = "less-sure",
    }
}

words! {
    /// Where an experiment stands.
    Stage {
        /// It is being done.
        Running = "running",
        /// Its last day is over, or its owner ended it.
        Ended = "ended",
        /// It was said what follows.
        Decided = "decided",
    }
}

/// Where an experiment stands, with what is known by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is being done.
    Running,
    /// Its last day is over and nobody has said what it showed.
    Over,
    /// It ended with this.
    Ended(Finding),
    /// It was said what follows: on what it showed, or on nothing when it was given up.
    Decided(Option<Finding>, Verdict),
}

/// Why something cannot be said of an experiment now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotNow {
    /// It is decided; what it showed stays as it was put before the decision.
    #[error("this experiment is decided already")]
    Decided,
    /// Nobody has said what it showed.
    #[error("say first what it showed")]
    NoResult,
}

impl NotNow {
    /// The key of the sentence in the language files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Decided => "experiment-decided",
            Self::NoResult => "experiment-no-result",
        }
    }
}

impl Sureness {
    /// Which way it went to get here; nothing when it is where it was.
    pub fn turn(self, before: Self) -> Option<Turn> {
        match self.cmp(&before) {
            std::cmp::Ordering::Greater => Some(Turn::Surer),
            std::cmp::Ordering::Less => Some(Turn::LessSure),
            std::cmp::Ordering::Equal => None,
        }
    }
}

impl State {
    /// From what is kept. It follows from the day: no job has to come by for an experiment to be over.
    pub fn of(status: Status, ends_on: Date, finding: Option<Finding>, verdict: Option<Verdict>, today: Date) -> Self {
        match (status, verdict, finding) {
            (_, Some(verdict), finding) => Self::Decided(finding, verdict),
            (Status::Dropped, None, finding) => Self::Decided(finding, Verdict::Stop),
            (_, None, Some(finding)) => Self::Ended(finding),
            (Status::Running | Status::Done, None, None) if ends_on < today => Self::Over,
            (Status::Running | Status::Done, None, None) => Self::Running,
        }
    }

    /// The word for it.
    pub const fn stage(self) -> Stage {
        match self {
            Self::Running => Stage::Running,
            Self::Over | Self::Ended(_) => Stage::Ended,
            Self::Decided(..) => Stage::Decided,
        }
    }

    /// What it showed, as far as that was said.
    pub const fn finding(self) -> Option<Finding> {
        match self {
            Self::Ended(finding) | Self::Decided(Some(finding), _) => Some(finding),
            Self::Running | Self::Over | Self::Decided(None, _) => None,
        }
    }

    /// What it showed is said when it ends, before its last day too, and corrected until somebody decided on it.
    pub const fn end(self, finding: Finding) -> Result<Self, NotNow> {
        match self {
            Self::Running | Self::Over | Self::Ended(_) => Ok(Self::Ended(finding)),
            Self::Decided(..) => Err(NotNow::Decided),
        }
    }

    /// What follows is said once, on what it showed.
    pub const fn decide(self, verdict: Verdict) -> Result<Self, NotNow> {
        match self {
            Self::Ended(finding) => Ok(Self::Decided(Some(finding), verdict)),
            Self::Running | Self::Over => Err(NotNow::NoResult),
            Self::Decided(..) => Err(NotNow::Decided),
        }
    }

    /// Whatever it showed may be published, and nothing else.
    pub const fn publish(self) -> Result<(), NotNow> {
        if self.finding().is_some() { Ok(()) } else { Err(NotNow::NoResult) }
    }

    /// Whether it may still be said how sure one is.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Decided(..))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan as _, civil::date};
    use proptest::prelude::*;

    fn any<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
        proptest::sample::select(all)
    }

    #[test]
    fn it_is_over_the_day_after_its_last_without_anybody_doing_anything() {
        let last = date(2027, 4, 30);
        let at = |today| State::of(Status::Running, last, None, None, today);
        assert_eq!(at(last), State::Running);
        assert_eq!(at(last.saturating_add(1.day())), State::Over);
        assert_eq!(at(last.saturating_add(1.day())).stage(), Stage::Ended);
    }

    #[test]
    fn a_test_that_was_given_up_is_decided_without_a_finding_and_cannot_be_published() {
        let dropped = State::of(Status::Dropped, date(2027, 4, 30), None, None, date(2027, 4, 1));
        assert_eq!(dropped, State::Decided(None, Verdict::Stop));
        assert_eq!(dropped.publish(), Err(NotNow::NoResult));
    }

    proptest! {
        #[test]
        fn whatever_it_showed_it_goes_the_same_way(
            one in any(Finding::ALL), other in any(Finding::ALL), verdict in any(Verdict::ALL), over in 0_i32..2
        ) {
            let (last, today) = (date(2027, 4, 30), date(2027, 4, 30).saturating_add(over.days()));
            let start = State::of(Status::Running, last, None, None, today);
            prop_assert_eq!(start.decide(verdict), Err(NotNow::NoResult));
            prop_assert_eq!(start.publish(), Err(NotNow::NoResult));
            // A negative or unclear result is corrected, decided on and published exactly as a positive one.
            let ended = start.end(one).and_then(|s| s.end(other)).expect("ends");
            prop_assert_eq!(ended, State::Ended(other));
            prop_assert_eq!(ended.publish(), Ok(()));
            let decided = ended.decide(verdict).expect("is decided");
            prop_assert_eq!(decided.publish(), Ok(()));
            prop_assert_eq!(decided.finding(), Some(other));
            prop_assert_eq!(decided.end(one), Err(NotNow::Decided));
            prop_assert_eq!(decided.decide(verdict), Err(NotNow::Decided));
            // What is kept says the same as what was done.
            prop_assert_eq!(State::of(Status::Running, last, Some(other), None, today), ended);
            prop_assert_eq!(State::of(Status::Done, last, Some(other), Some(verdict), today), decided);
        }

        #[test]
        fn sureness_turns_one_way_or_the_other_or_not(now in any(Sureness::ALL), before in any(Sureness::ALL)) {
            let (there, back) = (now.turn(before), before.turn(now));
            prop_assert_eq!(there.is_none(), now == before);
            prop_assert_eq!(there == Some(Turn::Surer), back == Some(Turn::LessSure));
        }
    }
}
