//! How changes lasted, as their owners answered: shares among those who answered, and apart from that how many did not.
//! It promises that each figure rests on at least five people, and that none is exact enough to count a few.

use super::{SMALLEST_GROUP, share};

/// How many, told roughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "shown", content = "count")]
pub enum Rough {
    /// None at all.
    Nothing,
    /// At least so many: down to the next five, so that no share can be counted out with it.
    AtLeast(i64),
    /// It would say something about one to four people.
    NotSaid,
}

impl Rough {
    /// A number of things that rest on so many people.
    pub const fn of(things: i64, people: i64) -> Self {
        if things <= 0 {
            Self::Nothing
        } else if people < SMALLEST_GROUP || things < SMALLEST_GROUP {
            Self::NotSaid
        } else {
            Self::AtLeast(things / SMALLEST_GROUP * SMALLEST_GROUP)
        }
    }
}

/// What was answered at one interval, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Kept.
    pub kept: i64,
    /// In part.
    pub partly: i64,
    /// Not kept, or given up, which says the same.
    pub not_kept: i64,
    /// People behind those answers.
    pub answered_by: i64,
    /// Asked and reminded, and no answer.
    pub silent: i64,
    /// People behind those.
    pub silent_of: i64,
}

/// What may be said of it. Shares are in tens of per cent of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lasted {
    /// Kept.
    pub kept: Option<i64>,
    /// In part.
    pub partly: Option<i64>,
    /// Not kept.
    pub not_kept: Option<i64>,
    /// Answers.
    pub answers: Rough,
    /// No answer.
    pub silent: Rough,
}

impl Tally {
    /// What may be said of it.
    pub const fn said(self) -> Lasted {
        let answers = self.kept + self.partly + self.not_kept;
        Lasted {
            kept: share(self.kept, answers, self.answered_by),
            partly: share(self.partly, answers, self.answered_by),
            not_kept: share(self.not_kept, answers, self.answered_by),
            answers: Rough::of(answers, self.answered_by),
            silent: Rough::of(self.silent, self.silent_of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_people_say_nothing_and_five_say_something() {
        let four = Tally { kept: 40, answered_by: 4, silent: 40, silent_of: 4, ..Tally::default() };
        let nothing =
            Lasted { kept: None, partly: None, not_kept: None, answers: Rough::NotSaid, silent: Rough::NotSaid };
        assert_eq!(four.said(), nothing);
        let five = Tally { kept: 3, partly: 1, not_kept: 1, answered_by: 5, ..Tally::default() };
        let said = Lasted {
            kept: Some(60),
            partly: Some(20),
            not_kept: Some(20),
            answers: Rough::AtLeast(5),
            silent: Rough::Nothing,
        };
        assert_eq!(five.said(), said);
    }

    proptest! {
        #[test]
        fn no_figure_rests_on_fewer_than_five_and_silence_moves_no_share(
            kept in 0_i64..60, partly in 0_i64..60, not_kept in 0_i64..60, silent in 0_i64..60, by in 0_i64..60, of in 0_i64..60
        ) {
            let answers = kept + partly + not_kept;
            let tally = Tally {
                kept, partly, not_kept, answered_by: by.min(answers), silent, silent_of: of.min(silent)
            };
            let said = tally.said();
            if tally.answered_by < SMALLEST_GROUP {
                prop_assert_eq!((said.kept, said.partly, said.not_kept), (None, None, None));
                prop_assert!(!matches!(said.answers, Rough::AtLeast(_)));
            }
            if tally.silent_of < SMALLEST_GROUP && silent > 0 && tally.silent_of > 0 {
                prop_assert_eq!(said.silent, Rough::NotSaid);
            }
            if let Rough::AtLeast(n) = said.answers {
                prop_assert!(n % SMALLEST_GROUP == 0 && n <= answers && answers - n < SMALLEST_GROUP);
            }
            let loud = Tally { silent: 0, silent_of: 0, ..tally }.said();
            prop_assert_eq!((loud.kept, loud.partly, loud.not_kept), (said.kept, said.partly, said.not_kept));
        }
    }
}
