//! What may be said about people in figures: never anything about one to four of them, not by subtraction of what is
//! shown either. Everything that counts persons goes through [`Count`] and [`say`]; what is about places goes through
//! [`Load`], because visits weigh on residents whoever makes them.

use std::collections::BTreeMap;

use crate::words;

mod group;
mod lasting;

pub use group::{Group, Said, classes, joined, nameable, say};
pub use lasting::{Lasted, Rough, Tally};

/// The smallest group that anything is said about.
pub const SMALLEST_GROUP: i64 = 5;

/// One to four people: nothing may be said about them.
pub(crate) const fn few(people: i64) -> bool {
    people > 0 && people < SMALLEST_GROUP
}

/// A count of people, or of what rests on people, that is shown only when nothing about one to four of them follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "shown", content = "count")]
pub enum Count {
    /// The number.
    Exactly(i64),
    /// It would say something about one to four people.
    NotSaid,
}

impl Count {
    /// A count of people of whom nobody knows how many there could be.
    pub const fn of(people: i64) -> Self {
        Self::of_things(people, people)
    }

    /// A count of things, such as changes, that rest on so many people.
    pub const fn of_things(things: i64, people: i64) -> Self {
        if few(people) { Self::NotSaid } else { Self::Exactly(things) }
    }

    /// The number, when it may be said.
    pub const fn said(self) -> Option<i64> {
        match self {
            Self::Exactly(n) => Some(n),
            Self::NotSaid => None,
        }
    }
}

/// A share in tens of per cent of something that rests on so many people; coarse, so that no number of things can be
/// worked out from it. Nothing when there is nothing, or when it rests on fewer than five people.
pub const fn share(part: i64, whole: i64, people: i64) -> Option<i64> {
    if whole <= 0 || people < SMALLEST_GROUP { None } else { Some((part * 10 + whole / 2) / whole * 10) }
}

words! {
    /// How much a neighbourhood is visited. Counts outings, not people, and says no number of them.
    Load {
        /// Nobody has been there.
        Never = "never",
        /// A few outings.
        Few = "few",
        /// Some outings.
        Some = "some",
        /// Many: it may be time to let it rest.
        Many = "many",
    }
}

impl Load {
    /// Outings from which many begins.
    pub const MANY: i64 = 9;

    /// How much so many outings are.
    pub const fn of(outings: i64) -> Self {
        match outings {
            ..=0 => Self::Never,
            1..=3 => Self::Few,
            4..Self::MANY => Self::Some,
            _ => Self::Many,
        }
    }

    /// How dark it is on a map, of five.
    pub const fn shade(self) -> i64 {
        match self {
            Self::Never => 0,
            Self::Few => 1,
            Self::Some => 3,
            Self::Many => 5,
        }
    }
}

/// Who has been somewhere: departments, never a number, and nothing when they are fewer than five people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "who", content = "departments")]
pub enum Been {
    /// Nobody yet.
    Nobody,
    /// Fewer than five people.
    NotSaid,
    /// At least five people: departments of which at least five, or none where they are from several.
    People(Vec<String>),
}

impl Been {
    /// From how many people of each department have been there, each once.
    pub fn of(by_department: &BTreeMap<String, i64>) -> Self {
        match by_department.values().sum::<i64>() {
            0 => Self::Nobody,
            ..SMALLEST_GROUP => Self::NotSaid,
            _ => Self::People(
                by_department.iter().filter(|(_, n)| **n >= SMALLEST_GROUP).map(|(name, _)| name.clone()).collect(),
            ),
        }
    }
}

words! {
    /// What the programme lead must look at, each a list of exactly those.
    Exception {
        /// Somebody was asked for a yes or no more than a week ago.
        SlowAnswers = "slow-answers",
        /// Changes about which nobody answered, though their owner was reminded twice.
        SilentChanges = "silent-changes",
        /// Experiments whose last day is over and of which nobody has said what they showed.
        OpenTests = "open-tests",
        /// Neighbourhoods with too many outings.
        Crowded = "crowded",
        /// What belongs to somebody who no longer works here.
        Orphans = "orphans",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_about_nobody_or_about_at_least_five() {
        let said: Vec<_> = (0..7).map(|n| Count::of(n).said()).collect();
        assert_eq!(said, [Some(0), None, None, None, None, Some(5), Some(6)]);
        assert_eq!(Count::of_things(40, 2), Count::NotSaid);
        assert_eq!(Count::of_things(2, 5), Count::Exactly(2));
    }

    #[test]
    fn a_share_is_coarse_and_rests_on_five() {
        assert_eq!(share(1, 3, 4), None);
        assert_eq!(share(0, 0, 9), None);
        assert_eq!((share(1, 3, 5), share(20, 20, 5), share(0, 7, 5)), (Some(30), Some(100), Some(0)));
    }

    fn been(people: &[(&str, i64)]) -> Been {
        Been::of(&people.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect())
    }

    #[test]
    fn departments_are_named_from_five_people_on() {
        assert_eq!(been(&[]), Been::Nobody);
        assert_eq!(been(&[("Care", 4)]), Been::NotSaid);
        assert_eq!(been(&[("Care", 4), ("Streets", 4)]), Been::People(Vec::new()), "from several");
        assert_eq!(been(&[("Care", 5), ("Streets", 1)]), Been::People(vec!["Care".to_owned()]));
    }
}
