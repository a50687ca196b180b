use proptest::prelude::*;

use super::*;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + hours * 3_600).expect("a moment")
}

fn why() -> Reason {
    Reason::parse("The children are ill").expect("a reason")
}

fn booked(hours: i64) -> Booking {
    Booking { at: at(hours), moves: 0, dropped: false }
}

#[test]
fn the_first_move_needs_no_word_and_the_second_does() {
    let mut b = booked(24);
    assert_eq!(b.move_to(at(48), None, at(0)), Ok(true));
    assert_eq!(b.move_to(at(48), None, at(0)), Ok(false), "the same time is no move");
    assert_eq!(b.move_to(at(72), None, at(0)), Err(ReturnProblem::NeedsReason));
    assert_eq!((b.move_to(at(72), Some(&why()), at(0)), b.moves), (Ok(true), 2));
}

#[test]
fn nothing_is_dropped_before_somebody_is_back_nor_twice() {
    for stage in Stage::ALL {
        let mut b = booked(24);
        let back = matches!(stage, Stage::Debriefing | Stage::Embedding);
        assert_eq!(b.drop_it(*stage, &why()).is_ok(), back, "{stage}");
        assert_eq!(b.dropped, back);
        if back {
            assert_eq!(b.drop_it(*stage, &why()), Err(ReturnProblem::Dropped));
            assert_eq!((b.move_to(at(48), None, at(0)), b.dropped), (Ok(true), false), "it can be booked again");
        }
    }
}

#[test]
fn a_debrief_together_is_soon_and_among_those_who_were_there() {
    let check = |stage, others, hours| check_debrief(stage, others, at(hours), at(0));
    assert_eq!(check(Stage::Debriefing, 1, 1), Ok(()));
    assert_eq!(check(Stage::Debriefing, 0, 1), Err(DebriefProblem::Alone));
    assert_eq!(check(Stage::Agreed, 3, 1), Err(DebriefProblem::NotNow));
    assert_eq!(check(Stage::Out, 1, 0), Err(DebriefProblem::When));
    assert_eq!(check(Stage::Embedding, 1, 14 * 24 + 1), Err(DebriefProblem::When));
}

proptest! {
    #[test]
    fn whatever_is_tried_a_time_moves_only_forward_of_now_and_moves_are_counted(
        tries in proptest::collection::vec((0_i64..500, 0_i64..500, any::<bool>()), 0..12)
    ) {
        let mut b = booked(24);
        let mut moved = 0;
        for (to, now, says) in tries {
            let (before, reason) = (b, why());
            match b.move_to(at(to), says.then_some(&reason), at(now)) {
                Ok(true) => {
                    moved += 1;
                    prop_assert!(at(to) > at(now) && (moved == 1 || says));
                }
                Ok(false) => prop_assert_eq!(b, before),
                Err(_) => prop_assert_eq!(b, before),
            }
            prop_assert_eq!(b.moves, moved);
            prop_assert!(!b.dropped, "no move drops it");
        }
    }

    #[test]
    fn nobody_is_asked_on_the_day_itself_nor_about_what_was_written_or_dropped(
        hours in 0_i64..200, days in -5_i8..5, written: bool, dropped: bool
    ) {
        let b = Booking { dropped, ..booked(hours) };
        let day = time::day_of(b.at, &TimeZone::UTC);
        let today = day.checked_add(jiff::Span::new().days(i64::from(days))).expect("a day");
        prop_assert_eq!(b.may_ask(written, today, &TimeZone::UTC), days > 0 && !written && !dropped);
    }
}
