//! What the spine promises, tried with thousands of random histories.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Offer(Vec<Party>),
    Book(i64, i64),
    Approve(Party),
    Decline(Party),
    Agree,
    Prepare,
    Depart(bool),
    ComeBack,
    Embed,
    Close(bool),
    CutShort,
    Cancel(Canceller),
    PassBy,
    CloseOnReturn(bool),
}

const END: i64 = 1_000_000;
const FIRST_DAY: Date = Date::constant(2027, 3, 1);

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("in range")
}

fn why() -> Reason {
    Reason::parse("because of the flood").expect("a reason")
}

fn party() -> impl Strategy<Value = Party> {
    proptest::sample::select(Party::ALL)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        proptest::collection::vec(party(), 0..3).prop_map(Step::Offer),
        (-10i64..100_000, -10i64..100_000).prop_map(|(a, b)| Step::Book(a, b)),
        party().prop_map(Step::Approve),
        party().prop_map(Step::Decline),
        Just(Step::Agree),
        Just(Step::Agree),
        Just(Step::Prepare),
        any::<bool>().prop_map(Step::Depart),
        Just(Step::ComeBack),
        Just(Step::Embed),
        any::<bool>().prop_map(Step::Close),
        Just(Step::CutShort),
        proptest::sample::select(Canceller::ALL).prop_map(Step::Cancel),
        Just(Step::PassBy),
        any::<bool>().prop_map(Step::CloseOnReturn),
    ]
}

fn take(state: State, step: &Step) -> Result<State, PlacementError> {
    match step {
        Step::Offer(parties) => state.offer(parties),
        Step::Book(a, b) => state.book(ReturnDates::after(at(END), at(END + a), at(END + b))?),
        Step::Approve(p) => state.approve(*p),
        Step::Decline(p) => state.decline(*p, why()),
        Step::Agree => state.agree(),
        Step::Prepare => state.prepare(),
        Step::Depart(early) => {
            state.depart(FIRST_DAY, if *early { FIRST_DAY.yesterday().expect("a day") } else { FIRST_DAY })
        }
        Step::ComeBack => state.come_back(),
        Step::Embed => state.embed(),
        Step::Close(changed) => state.close(*changed, why()),
        Step::CutShort => state.cut_short(why()),
        Step::Cancel(by) => state.cancel(*by, why()),
        Step::PassBy => state.pass_by(why()),
        Step::CloseOnReturn(changed) => state.close_on_return(*changed, why()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn nobody_is_agreed_without_dates_after_the_outing_and_every_yes(steps in proptest::collection::vec(step(), 0..40)) {
        let mut state = State::wish(None);
        let mut asked: Vec<Party> = Vec::new();
        let mut said_yes: Vec<Party> = Vec::new();
        for s in &steps {
            let before = state.stage();
            if let Ok(next) = take(state.clone(), s) {
                prop_assert!(!matches!(s, Step::Depart(true)), "nobody leaves before the first day");
                match s {
                    Step::Offer(parties) => asked.clone_from(parties),
                    Step::Approve(p) => said_yes.push(*p),
                    _ => {}
                }
                state = next;
            }
            let now = state.stage();
            prop_assert!(now >= before, "the spine is never walked backwards");
            if (Stage::Agreed..Stage::Closed).contains(&now) {
                let dates = state.dates().expect("agreed means booked");
                prop_assert!(dates.reflection() >= at(END) && dates.talk() >= at(END));
                prop_assert!(asked.iter().all(|p| said_yes.contains(p)), "somebody was not asked");
            }
            if let State::Closed { ending, .. } = &state {
                prop_assert!(!ending.why.as_str().is_empty());
            }
        }
    }

    #[test]
    fn what_is_closed_stays_closed(changed in any::<bool>(), s in step()) {
        let dates = ReturnDates::after(at(END), at(END), at(END)).expect("after");
        let closed = State::Embedding(dates).close(changed, why()).expect("closes");
        prop_assert!(take(closed, &s).is_err());
    }

    #[test]
    fn from_every_state_there_is_an_honest_way_out(steps in proptest::collection::vec(step(), 0..30)) {
        let mut state = State::wish(None);
        for s in &steps {
            state = take(state.clone(), s).unwrap_or(state);
        }
        let ended = match state.stage() {
            Stage::Wished | Stage::Offered | Stage::Agreed | Stage::Preparing => state.cancel(Canceller::Person, why()),
            Stage::Out => state.cut_short(why()),
            Stage::Debriefing => state.embed().and_then(|s| s.close(false, why())),
            Stage::Embedding => state.close(true, why()),
            Stage::Closed => Ok(state),
        };
        prop_assert_eq!(ended.map(|s| s.stage()), Ok(Stage::Closed));
    }
}

#[test]
fn without_dates_agreement_is_refused_and_says_so() {
    let offered = State::wish(None).offer(&[Party::Manager]).expect("offer");
    let yes = offered.approve(Party::Manager).expect("yes");
    assert_eq!(yes.agree(), Err(PlacementError::NoReturnDates));
}

#[test]
fn a_no_ends_it_and_names_who_and_why() {
    let offered = State::wish(None).offer(&[Party::Manager, Party::ResidentsBody]).expect("offer");
    let ended = offered.decline(Party::ResidentsBody, why()).expect("ends");
    assert!(matches!(ended, State::Closed { ending: Ending { kind: EndingKind::CancelledByResidents, .. }, .. }));
}

#[test]
fn a_return_talk_before_the_outing_ends_is_refused() {
    assert_eq!(ReturnDates::after(at(END), at(END - 1), at(END)), Err(PlacementError::ReturnBeforeEnd));
    assert_eq!(ReturnDates::after(at(END), at(END), at(END - 1)), Err(PlacementError::ReturnBeforeEnd));
}

#[test]
fn whoever_was_never_placed_is_told_what_was_missing() {
    let dates = ReturnDates::after(at(END), at(END), at(END)).expect("after");
    assert_eq!(State::wish(None).missing(), Ok(Missing::Seat));
    let offered = State::wish(None).offer(&[Party::Manager, Party::Host]).expect("offer");
    let half = offered.approve(Party::Manager).expect("yes");
    assert_eq!(half.missing(), Ok(Missing::Answers(vec![Party::Host])));
    assert_eq!(half.approve(Party::Host).expect("yes").missing(), Ok(Missing::ReturnDates));
    let agreed = State::Agreed(dates);
    assert_eq!(agreed.missing(), Err(PlacementError::NotFrom(Stage::Agreed)));
    assert_eq!(agreed.pass_by(why()), Err(PlacementError::NotFrom(Stage::Agreed)), "who was agreed is not forgotten");
}
