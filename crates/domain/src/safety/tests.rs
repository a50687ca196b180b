use proptest::prelude::*;

use super::*;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).expect("a moment")
}

/// What may arrive, in minutes of the story.
#[derive(Debug, Clone, Copy)]
enum Word {
    Later(i64),
    Heard,
    PassOn,
    Ask,
}

fn words() -> impl Strategy<Value = Vec<(i64, Word)>> {
    let word =
        prop_oneof![(0_i64..2_000).prop_map(Word::Later), Just(Word::Heard), Just(Word::PassOn), Just(Word::Ask)];
    proptest::collection::vec((0_i64..2_500, word), 0..12).prop_map(|mut said| {
        said.sort_by_key(|(minute, _)| *minute);
        said
    })
}

fn say(out: &mut GoingOut, minute: i64, word: Word) -> Option<Ask> {
    match word {
        Word::Later(due) => drop(out.later(at(due), at(minute))),
        Word::Heard => drop(out.heard()),
        Word::PassOn => drop(out.pass_on()),
        Word::Ask => return out.ask(at(minute)),
    }
    None
}

#[test]
fn the_buddy_is_asked_a_quarter_of_an_hour_after_it_was_due_and_the_duty_manager_half_an_hour_later() {
    let mut out = GoingOut::heard_of(at(60), at(0));
    let asked: Vec<(i64, Ask)> = (0..300).filter_map(|m| Some((m, out.ask(at(m))?))).collect();
    assert_eq!(asked, [(75, Ask::Buddy), (105, Ask::Duty)]);
    assert_eq!(out.stage, Stage::AskedDuty);
}

#[test]
fn a_server_that_was_away_asks_everybody_at_once() {
    let mut out = GoingOut::heard_of(at(60), at(0));
    assert_eq!((out.ask(at(300)), out.ask(at(300))), (Some(Ask::Both), None));
}

#[test]
fn what_is_heard_of_late_leaves_time_for_the_word_that_they_are_back_and_a_day_later_it_is_history() {
    let mut late = GoingOut::heard_of(at(60), at(200));
    assert_eq!((late.ask(at(200)), late.ask(at(204)), late.ask(at(205))), (None, None, Some(Ask::Buddy)));
    let mut old = GoingOut::heard_of(at(60), at(60 + 24 * 60 + 1));
    assert_eq!((old.stage, old.ask(at(9_000))), (Stage::Settled, None));
}

#[test]
fn who_passes_it_on_at_once_asks_the_duty_manager_once_and_a_late_word_calls_nobody_off() {
    let mut out = GoingOut::heard_of(at(60), at(0));
    assert!(!out.pass_on(), "nobody is overdue");
    assert_eq!(out.ask(at(75)), Some(Ask::Buddy));
    assert_eq!((out.pass_on(), out.pass_on(), out.ask(at(500))), (true, false, None));
    assert!(out.later(at(80), at(120)), "it is noted");
    assert_eq!(
        out.stage,
        Stage::AskedDuty,
        "but at ten past two that they would be back at twenty past one is no news"
    );
    assert!(out.later(at(180), at(121)));
    assert_eq!((out.stage, out.ask(at(195))), (Stage::Later, Some(Ask::Buddy)));
    assert!(out.heard());
    assert_eq!((out.stage, out.asks_at), (Stage::Settled, None));
}

#[test]
fn one_is_back_after_now_and_within_a_day() {
    assert_eq!(check_due(at(0), at(0)), Err(DueProblem::Past));
    assert_eq!(check_due(at(24 * 60 + 1), at(0)), Err(DueProblem::TooFar));
    assert_eq!((check_due(at(1), at(0)), check_due(at(24 * 60), at(0))), (Ok(()), Ok(())));
}

#[test]
fn numbers_are_read_with_their_labels_or_not_at_all() {
    let Numbers(read) = "Duty desk = +31 33 123 45 67; Emergency=112;".parse().expect("reads");
    let said: Vec<(&str, &str)> = read.iter().map(|n| (n.label.as_str(), n.number.as_str())).collect();
    assert_eq!(said, [("Duty desk", "+31 33 123 45 67"), ("Emergency", "112")]);
    assert_eq!("".parse(), Ok(Numbers::default()));
    for wrong in ["112", "=112", "Desk=", "Desk=call me", "Desk=+-"] {
        assert!(wrong.parse::<Numbers>().is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn nobody_is_asked_before_it_is_due(due in 1_i64..1_440, said in words()) {
        let mut out = GoingOut::heard_of(at(due), at(0));
        for (minute, word) in said {
            let before = out;
            if say(&mut out, minute, word).is_some() {
                prop_assert!(before.due < at(minute), "{before:?} at {minute}");
                prop_assert!(out.stage.is_overdue());
            }
        }
    }

    #[test]
    fn when_nobody_says_back_or_heard_everybody_was_asked_by_the_latest_moment(
        due in 1_i64..1_440,
        said in words(),
    ) {
        let mut out = GoingOut::heard_of(at(due), at(0));
        let mut latest = 0;
        for (minute, word) in said.into_iter().filter(|(_, w)| !matches!(w, Word::Heard)) {
            say(&mut out, minute, word);
            latest = latest.max(minute);
        }
        // Forty-five minutes after the last time that was said, or after the last word that was late.
        let end = after(out.due, GRACE + THEN_DUTY).max(after(at(latest), SETTLE_IN + THEN_DUTY));
        out.ask(end);
        prop_assert_eq!(out.stage, Stage::AskedDuty);
    }

    #[test]
    fn back_is_the_end_in_any_order_of_arrival(due in 1_i64..1_440, said in words(), place in 0_usize..13) {
        let mut out = GoingOut::heard_of(at(due), at(0));
        let place = place.min(said.len());
        for (minute, word) in &said[..place] {
            say(&mut out, *minute, *word);
        }
        out.back();
        for (minute, word) in &said[place..] {
            prop_assert_eq!(say(&mut out, *minute, *word), None);
        }
        prop_assert_eq!((out.stage, out.asks_at), (Stage::Back, None));
    }

    #[test]
    fn later_words_commute(due in 1_i64..1_440, one in 0_i64..2_000, other in 0_i64..2_000) {
        let told = |first, second| {
            let mut out = GoingOut::heard_of(at(due), at(0));
            out.later(at(first), at(0));
            out.later(at(second), at(0));
            (out.due, out.asks_at)
        };
        prop_assert_eq!(told(one, other), told(other, one));
        prop_assert_eq!(told(one, other).0, at(due.max(one).max(other)));
    }
}
