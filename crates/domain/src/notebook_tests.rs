use proptest::prelude::*;

use super::*;
use crate::{
    placement::{Ending, ReturnDates},
    text::Reason,
};

const NOW: i64 = 1_800_000_000_000_000;
const DAY: i64 = 86_400_000_000;

fn at(us: i64) -> Timestamp {
    Timestamp::from_microsecond(us).expect("a moment of our time")
}

fn closed(kind: EndingKind) -> State {
    State::Closed { ending: Ending { kind, why: Reason::parse("because").expect("a reason") }, dates: None }
}

fn states() -> Vec<State> {
    let dates = ReturnDates::stored(at(NOW), at(NOW));
    let mut all = vec![
        State::Wished { dates: None },
        State::Offered { dates: None, approvals: Vec::new() },
        State::Agreed(dates),
        State::Preparing(dates),
        State::Out(dates),
        State::Debriefing(dates),
        State::Embedding(dates),
    ];
    all.extend(EndingKind::ALL.iter().map(|kind| closed(*kind)));
    all
}

proptest! {
    #[test]
    fn a_wrong_clock_makes_no_difference(skew in -4_000 * DAY..4_000 * DAY, ago in 0..400 * DAY) {
        let right = PhoneClock { phone: NOW, server: at(NOW) };
        let wrong = PhoneClock { phone: NOW + skew, server: at(NOW) };
        prop_assert_eq!(right.corrected(NOW - ago), at(NOW - ago));
        prop_assert_eq!(wrong.corrected(NOW + skew - ago), at(NOW - ago));
    }

    #[test]
    fn what_is_to_come_is_as_far_away_as_the_phone_says(skew in -4_000 * DAY..4_000 * DAY, ahead in -40 * DAY..40 * DAY) {
        let wrong = PhoneClock { phone: NOW + skew, server: at(NOW) };
        prop_assert_eq!(wrong.translated(NOW + skew + ahead), at(NOW + ahead));
    }

    #[test]
    fn nothing_happened_in_the_future_or_before_1970(phone: i64, said: i64, starts in -DAY..2 * NOW) {
        let clock = PhoneClock { phone, server: at(NOW) };
        for moment in [clock.corrected(said), clock.happened(said, at(starts))] {
            prop_assert!(moment <= at(NOW));
        }
        prop_assert!(clock.corrected(said) >= Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn what_happened_on_an_outing_did_not_happen_days_before_it(phone in 0..2 * NOW, said in 0..2 * NOW, ago in 0..40 * DAY) {
        let starts = at(NOW - ago);
        let happened = PhoneClock { phone, server: at(NOW) }.happened(said, starts);
        prop_assert!(happened >= starts - EARLY, "{} before {}", happened, starts);
    }

    #[test]
    fn a_coarser_boundary_stays_as_near_as_was_asked(
        points in proptest::collection::vec((-1.0_f64..1.0, -1.0_f64..1.0), 0..40), off in 0.0_f64..0.5, ring: bool,
    ) {
        let mut line = points;
        if ring && let Some(first) = line.first().copied() {
            line.push(first);
        }
        let kept = coarser(&line, off);
        prop_assert_eq!((kept.first(), kept.last()), (line.first(), line.last()));
        prop_assert!(kept.iter().all(|point| line.contains(point)) && kept.len() <= line.len());
        let near = |p: &(f64, f64)| kept.contains(p) || kept.windows(2).any(|w| from_chord(*p, w[0], w[1]) <= off + 1e-9);
        prop_assert!(line.iter().all(near));
    }
}

#[test]
fn a_straight_line_needs_its_ends_only_and_a_square_its_corners() {
    let straight: Vec<(f64, f64)> = (0..9).map(|n| (f64::from(n), 0.0)).collect();
    assert!(coarser(&straight, 0.1).len() <= 3);
    let square =
        [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5), (1.0, 1.0), (0.5, 1.0), (0.0, 1.0), (0.0, 0.5), (0.0, 0.0)];
    assert_eq!(coarser(&square, 0.01), [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]);
}

#[test]
fn whoever_was_out_there_can_have_written_and_nobody_else() {
    let ended = at(NOW);
    for state in states() {
        let before = room(&state, ended, at(NOW - DAY));
        let after = room(&state, ended, at(NOW + 1));
        let expected = match state.stage() {
            Stage::Out | Stage::Debriefing | Stage::Embedding => (Room::Open, Room::Open),
            Stage::Closed => match &state {
                State::Closed { ending, .. }
                    if ending.kind.as_str().starts_with('c') && !ending.kind.as_str().starts_with("cancelled") =>
                {
                    (Room::Open, Room::Over)
                }
                _ => (Room::NeverWent, Room::NeverWent),
            },
            _ => (Room::NotYet, Room::NotYet),
        };
        assert_eq!((before, after), expected, "{state:?}");
    }
}
