//! Figures for everybody: how many notes there are, by challenge, place, kind and month, told so that nothing about fewer than
//! `k` people follows, from one edition or from two.
//!
//! - Each note is counted in one cell of one edition at most, and there are no totals: no cell lies inside another one, so none
//!   is what is left when one is taken from another.
//! - A cell rests on notes of at least `k` people. Where there are fewer, place, month and kind are told more coarsely; what
//!   is too few even then is not told at all.
//! - A cell says a multiple of `k` that there are at least. Every difference of two cells is a multiple of `k` as well.
//! - An edition is of whole months that no other one is of, and does not change. A number that changed would say that somebody
//!   took something back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::{
    id::{ChallengeId, PersonId, PlaceId},
    note::Kind,
    overview::SMALLEST_GROUP,
};

/// The smallest number of people anything is said about.
pub const K: i64 = SMALLEST_GROUP;

/// A note as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The challenge.
    pub challenge: ChallengeId,
    /// Where: the place itself and what it lies in, the smallest first. The same length for all items is not needed.
    pub places: Vec<PlaceId>,
    /// Kind.
    pub kind: Kind,
    /// The first day of its month.
    pub month: Date,
    /// Who wrote it.
    pub author: PersonId,
}

/// What a cell is about. Nothing means: not told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    /// The challenge.
    pub challenge: ChallengeId,
    /// The place.
    pub place: Option<PlaceId>,
    /// Kind.
    pub kind: Option<Kind>,
    /// The first day of the month.
    pub month: Option<Date>,
}

/// A cell of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What it is about.
    pub about: About,
    /// There are at least so many notes: a multiple of `k`, at least `k`.
    pub at_least: i64,
}

/// How coarsely is told: steps up from the place, whether months and kinds are told apart.
const LADDER: &[(Option<usize>, bool, bool)] = &[
    (Some(0), true, true),
    (Some(1), true, true),
    (Some(1), true, false),
    (Some(2), true, true),
    (Some(2), true, false),
    (None, true, true),
    (None, true, false),
    (None, false, false),
];

fn about(item: &Item, (up, kind, month): (Option<usize>, bool, bool)) -> About {
    // Where there is nothing above, the highest there is.
    let place = up.and_then(|up| item.places.get(up).or(item.places.last()).copied());
    About { challenge: item.challenge, place, kind: kind.then_some(item.kind), month: month.then_some(item.month) }
}

/// Which items stand in which cell. Those that stand in none are too few to be told of.
fn groups(items: &[Item], k: i64) -> Vec<(About, Vec<usize>)> {
    let mut left: BTreeSet<usize> = (0..items.len()).collect();
    let mut told: Vec<(About, Vec<usize>)> = Vec::new();
    for step in LADDER {
        let mut at: BTreeMap<About, Vec<usize>> = BTreeMap::new();
        for i in &left {
            at.entry(about(&items[*i], *step)).or_default().push(*i);
        }
        for (about, group) in at {
            let people: BTreeSet<PersonId> = group.iter().map(|i| items[*i].author).collect();
            // The same description twice would be one cell in two pieces.
            let taken = told.iter().any(|(other, _)| *other == about);
            if i64::try_from(people.len()).unwrap_or(i64::MAX) >= k && !taken {
                for i in &group {
                    left.remove(i);
                }
                told.push((about, group));
            }
        }
    }
    told
}

/// The cells of an edition of these notes.
pub fn cells(items: &[Item], k: i64) -> Vec<Cell> {
    let k = k.max(K);
    let multiple = |notes: usize| i64::try_from(notes).unwrap_or(i64::MAX) / k * k;
    let mut cells: Vec<Cell> =
        groups(items, k).into_iter().map(|(about, group)| Cell { about, at_least: multiple(group.len()) }).collect();
    cells.sort_by_key(|c| c.about);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(kind: u128, n: u8) -> uuid::Uuid {
        uuid::Uuid::from_u128(kind * 1000 + u128::from(n))
    }

    fn item() -> impl Strategy<Value = Item> {
        (0..3_u8, 0..7_u8, 0..3_usize, 1..4_i8, 0..9_u8).prop_map(|(challenge, place, kind, month, author)| Item {
            challenge: ChallengeId(id(1, challenge)),
            // Some lie in a district and a city, some in a city only.
            places: match place {
                6 => vec![PlaceId(id(2, 6)), PlaceId(id(4, 0))],
                p => vec![PlaceId(id(2, p)), PlaceId(id(3, p / 3)), PlaceId(id(4, 0))],
            },
            kind: Kind::ALL[kind],
            month: jiff::civil::date(2026, month, 1),
            author: PersonId(id(5, author)),
        })
    }

    proptest! {
        #[test]
        fn no_cell_and_no_difference_of_cells_is_about_fewer_than_k(items in proptest::collection::vec(item(), 0..260), k in 5..9_i64) {
            let told = groups(&items, k);
            let mut seen = BTreeSet::new();
            for (_, group) in &told {
                let people: BTreeSet<PersonId> = group.iter().map(|i| items[*i].author).collect();
                prop_assert!(i64::try_from(people.len()).expect("few") >= k);
                // No note in two cells: no cell is a part of another, and taking one from another leaves the other.
                prop_assert!(group.iter().all(|i| seen.insert(*i)));
            }
            let cells = cells(&items, k);
            let abouts: BTreeSet<About> = cells.iter().map(|c| c.about).collect();
            prop_assert_eq!(abouts.len(), cells.len());
            for a in &cells {
                prop_assert!(a.at_least >= k);
                for b in &cells {
                    prop_assert!(!(1..k).contains(&(a.at_least - b.at_least)));
                }
            }
            prop_assert!(cells.iter().map(|c| c.at_least).sum::<i64>() <= i64::try_from(items.len()).expect("few"));
        }

        #[test]
        fn one_note_more_or_less_changes_no_cell_by_less_than_k(items in proptest::collection::vec(item(), 1..200), which: prop::sample::Index) {
            let (all, mut fewer) = (cells(&items, K), items.clone());
            fewer.remove(which.index(items.len()));
            let fewer = cells(&fewer, K);
            for a in &all {
                let b = fewer.iter().find(|c| c.about == a.about).map_or(0, |c| c.at_least);
                prop_assert!((a.at_least - b).abs() == 0 || (a.at_least - b).abs() >= K);
            }
        }
    }

    #[test]
    fn what_is_too_few_goes_up_the_tree_and_then_is_not_told() {
        let one = |place, author| Item {
            challenge: ChallengeId(id(1, 0)),
            places: vec![PlaceId(id(2, place)), PlaceId(id(3, 0)), PlaceId(id(4, 0))],
            kind: Kind::Saw,
            month: jiff::civil::date(2026, 3, 1),
            author: PersonId(id(5, author)),
        };
        let told =
            |items: &[Item]| cells(items, K).into_iter().map(|c| (c.about.place, c.at_least)).collect::<Vec<_>>();
        let at_home: Vec<Item> = (0..7).map(|a| one(0, a)).collect();
        assert_eq!(told(&at_home), [(Some(PlaceId(id(2, 0))), 5)]);
        let around: Vec<Item> = (0..6).map(|a| one(a, a)).collect();
        assert_eq!(told(&around), [(Some(PlaceId(id(3, 0))), 5)]);
        let by_few: Vec<Item> = (0..40).map(|n| one(0, n % 4)).collect();
        assert_eq!(told(&by_few), [], "many notes of four people are four people");
    }
}
