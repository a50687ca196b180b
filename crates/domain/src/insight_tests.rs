//! On how much something rests: never on more than there is.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn id(n: u8) -> Uuid {
    Uuid::from_u128(u128::from(n))
}

fn grounds() -> impl Strategy<Value = Vec<Ground>> {
    let one = (0_u8..6, proptest::option::of(0_u8..5), proptest::option::of(0_u8..7)).prop_map(|(o, p, v)| Ground {
        outing: OutingId(id(o)),
        place: p.map(|p| PlaceId(id(p))),
        voice: v.map(|v| ConsentId(id(v))),
    });
    proptest::collection::vec(one, 0..40)
}

proptest! {
    #[test]
    fn nothing_is_counted_more_often_than_there_are_notes(all in grounds()) {
        let w = weigh(all.iter().copied());
        prop_assert_eq!(w.notes, all.len());
        prop_assert!(w.outings <= w.notes && w.places <= w.notes && w.voices + w.own <= w.notes);
        prop_assert!(all.is_empty() || w.outings > 0);
    }

    #[test]
    fn another_note_of_the_same_walk_and_the_same_resident_adds_a_note_and_nothing_else(
        all in grounds(), which in any::<prop::sample::Index>(), times in 1_usize..10
    ) {
        prop_assume!(!all.is_empty());
        let again = *which.get(&all);
        let before = weigh(all.iter().copied());
        let after = weigh(all.iter().copied().chain(std::iter::repeat_n(again, times)));
        prop_assert_eq!(after.notes, before.notes + times);
        prop_assert_eq!((after.outings, after.places, after.voices), (before.outings, before.places, before.voices));
        let own = if again.voice.is_none() { times } else { 0 };
        prop_assert_eq!(after.own, before.own + own);
    }

    #[test]
    fn the_order_of_notes_makes_no_difference_and_taking_one_away_adds_nothing(all in grounds()) {
        let whole = weigh(all.iter().copied());
        prop_assert_eq!(weigh(all.iter().rev().copied()), whole);
        let fewer = weigh(all.iter().skip(1).copied());
        prop_assert!(fewer.outings <= whole.outings && fewer.places <= whole.places && fewer.voices <= whole.voices);
    }

    #[test]
    fn outings_that_are_apart_are_counted_apart(count in 0_u8..50) {
        let apart = (0..count).map(|n| Ground { outing: OutingId(id(n)), place: None, voice: Some(ConsentId(id(n))) });
        let w = weigh(apart);
        prop_assert_eq!((w.outings, w.voices, w.places, w.own), (usize::from(count), usize::from(count), 0, 0));
    }
}
