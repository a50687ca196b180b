//! Who goes: seats, waiting, who is asked when, and what everybody is told.

use std::collections::BTreeMap;

use freerange_domain::{
    id::{OutingId, PlacementId},
    outing::{Kind, Party},
    people::Role,
    placement::{Canceller, EndingKind, PlacementError, Stage, State},
};
use freerange_store::{
    Actor, StoreError,
    outing::Offer,
    placement::{Placement, Say, Step},
};
use freerange_testkit::{House, both, city, line, reason, sign_in_as, staff, zone};
use jiff::{Timestamp, ToSpan as _};

const ANN: &str = "ann@city.example";
const BEN: &str = "ben@city.example";
const BO: &str = "bo@city.example";

/// An outing of the director's with so many seats.
async fn visit(house: &House, seats: i64) -> OutingId {
    let ada = sign_in_as(house, "ada").await;
    house.offer(&ada, Offer { seats, ..house.in_a_week(Kind::CommunityVisit) }).await
}

async fn seen(house: &House, who: &Actor, id: PlacementId) -> Placement {
    house.store.placement(who, id).await.expect("is visible").0
}

/// How it ended and why.
async fn ending(house: &House, who: &Actor, id: PlacementId) -> (EndingKind, String) {
    match seen(house, who, id).await.state {
        State::Closed { ending, .. } => (ending.kind, ending.why.into_string()),
        other => panic!("not closed but {:?}", other.stage()),
    }
}

#[test]
fn a_wish_for_a_full_outing_waits_and_nobody_is_asked_for_it() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 1).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let first = house.wish(&ann, outing).await;
        let second = house.wish(&ben, outing).await;
        assert_eq!(house.stage(&ann, first).await, Stage::Offered);
        assert_eq!(house.stage(&ben, second).await, Stage::Wished);
        assert_eq!(house.heard_by(BO).await, ["ask-to-agree"], "only about the one with a seat");
        assert_eq!(house.store.outing(&ann, outing, house.now()).await.expect("reads").listed.taken, 1);
    });
}

#[test]
fn when_somebody_cancels_the_one_who_waited_longest_gets_the_seat() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 1).await;
        let (ann, ben, cas) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "cas").await);
        let first = house.wish(&ann, outing).await;
        house.clock.advance(1.minute());
        let second = house.wish(&ben, outing).await;
        house.clock.advance(1.minute());
        let third = house.wish(&cas, outing).await;
        house.store.cancel_placement(&ann, first, &reason("a cold"), house.now()).await.expect("may cancel");
        assert_eq!(house.stage(&ben, second).await, Stage::Offered);
        assert_eq!(house.stage(&cas, third).await, Stage::Wished);
        assert_eq!(house.heard_by(BEN).await, ["seat-free"]);
        assert_eq!(house.heard_by(BO).await, ["ask-to-agree", "ask-to-agree"]);
        assert_eq!(ending(house, &ann, first).await, (EndingKind::CancelledByPerson, "a cold".to_owned()));
        // Whoever waits and gives up frees no seat.
        house.store.cancel_placement(&cas, third, &reason("no longer"), house.now()).await.expect("may cancel");
        assert_eq!(house.store.outing(&ann, outing, house.now()).await.expect("reads").listed.taken, 1);
    });
}

#[test]
fn a_no_frees_the_seat_and_says_who_and_why() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 1).await;
        let (ann, eli) = (sign_in_as(house, "ann").await, sign_in_as(house, "eli").await);
        let (first, second) = (house.wish(&ann, outing).await, house.wish(&eli, outing).await);
        let bo = house.by_link(BO).await;
        let no = Say::No(reason("We are two people short that week."));
        house.store.answer_placement(&bo, first, no, house.now()).await.expect("may say no");
        let told = ending(house, &ann, first).await;
        assert_eq!(told, (EndingKind::CancelledByManager, "We are two people short that week.".to_owned()));
        let letters = house.letters_to(ANN).await;
        assert_eq!(letters.last().expect("a letter").letter.subject, "called-off");
        assert!(letters[0].letter.body.contains("two people short"));
        let (_, events) = house.store.placement(&ann, first).await.expect("reads");
        let no = events.iter().find(|e| e.what == "said-no").expect("is in the history");
        assert_eq!((no.by.as_str(), no.why.as_deref()), ("Bo Berg", Some("We are two people short that week.")));
        assert_eq!(house.stage(&eli, second).await, Stage::Offered);
    });
}

#[test]
fn the_manager_is_asked_before_anybody_outside() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let parties = vec![
            (Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned()),
            (Party::Shadowed, "Sjoerd".to_owned(), "sjoerd@harbour.example".to_owned()),
        ];
        let outing = house.offer(&ada, Offer { parties, ..house.in_a_week(Kind::Shadowing) }).await;
        let id = house.wish(&ann, outing).await;
        assert_eq!(house.heard_by(BO).await, ["ask-to-agree"]);
        assert_eq!(house.heard_by("crew@harbour.example").await, [""; 0]);
        house.yes_by_link(BO, id).await;
        assert_eq!(house.heard_by("crew@harbour.example").await, ["ask-to-agree"]);
        assert_eq!(house.heard_by("sjoerd@harbour.example").await, ["ask-to-agree"]);
        house.yes_by_link("crew@harbour.example", id).await;
        // A second click on the same yes changes nothing and asks nobody twice.
        house.yes_by_link("crew@harbour.example", id).await;
        assert_eq!(house.stage(&ann, id).await, Stage::Offered);
        assert_eq!(house.heard_by("sjoerd@harbour.example").await.len(), 1);
        house.yes_by_link("sjoerd@harbour.example", id).await;
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
        assert_eq!(house.heard_by(ANN).await, ["agreed"]);
    });
}

#[test]
fn a_party_that_nobody_named_is_answered_for_by_the_organiser() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, house.in_a_week(Kind::LearningVisit)).await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link(BO, id).await;
        let asked = house.by_link("ada@city.example").await;
        assert!(matches!(asked, Actor::Link { party: Party::PeerCity, .. }));
        house.yes_by_link("ada@city.example", id).await;
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
    });
}

#[test]
fn nothing_is_agreed_before_time_to_think_and_the_return_talk_have_dates() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 3).await;
        let ann = sign_in_as(house, "ann").await;
        let now = house.now();
        let id = house.store.wish(&ann, outing, &BTreeMap::new(), None, now).await.expect("may wish");
        house.yes_by_link(BO, id).await;
        assert_eq!(house.stage(&ann, id).await, Stage::Offered);
        let ends = seen(house, &ann, id).await.ends_at;
        let early = house.store.book_return(&ann, id, ends - 1.hour(), ends + 1.hour(), now).await;
        assert!(matches!(early, Err(StoreError::Placement(PlacementError::ReturnBeforeEnd))), "{early:?}");
        house.store.book_return(&ann, id, ends + 1.hour(), ends + 24.hours(), now).await.expect("is booked");
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
    });
}

#[test]
fn whoever_has_nobody_above_answers_for_themselves() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ann, house.in_a_week(Kind::CommunityVisit)).await;
        let id = house.wish(&ada, outing).await;
        assert_eq!(house.stage(&ada, id).await, Stage::Agreed);
        let (_, events) = house.store.placement(&ada, id).await.expect("reads");
        assert!(events.iter().any(|e| e.what == "no-manager"));
    });
}

#[test]
fn the_manager_can_answer_from_their_own_page_and_nobody_elses_manager_can() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 3).await;
        let (ann, bo, dee) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await, sign_in_as(house, "dee").await);
        let id = house.wish(&ann, outing).await;
        let waiting = house.store.waiting_for_me(&bo).await.expect("lists");
        assert_eq!(waiting.iter().map(|l| l.id).collect::<Vec<_>>(), [id]);
        assert!(house.store.waiting_for_me(&dee).await.expect("lists").is_empty());
        for stranger in [&dee, &ann, &Actor::Anybody] {
            let refused = house.store.answer_placement(stranger, id, Say::Yes, house.now()).await;
            assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        }
        assert!(
            matches!(house.store.placement(&dee, id).await, Err(StoreError::NotFound)),
            "not even that it is there"
        );
        house.store.answer_placement(&bo, id, Say::Yes, house.now()).await.expect("may say yes");
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
    });
}

/// What two colleagues got who reached for the last seat at the same moment.
async fn race(house: &House, outing: OutingId) -> (usize, usize) {
    let mut runs = Vec::new();
    for name in ["ann", "ben", "cas", "eli", "fay", "gus"] {
        let (actor, store, now) = (sign_in_as(house, name).await, house.store.clone(), house.now());
        let ends = store.outing(&actor, outing, now).await.expect("reads").listed.ends_at;
        runs.push(tokio::spawn(async move {
            let id = store
                .wish(&actor, outing, &BTreeMap::new(), Some((ends, ends)), now)
                .await
                .expect("nobody is turned away by an error");
            store.placement(&actor, id).await.expect("reads").0.state.stage()
        }));
    }
    let mut stages = Vec::new();
    for run in runs {
        stages.push(run.await.expect("does not panic"));
    }
    let count = |stage| stages.iter().filter(|s| **s == stage).count();
    (count(Stage::Offered), count(Stage::Wished))
}

#[test]
fn of_six_who_reach_for_the_last_seat_at_once_exactly_one_gets_it() {
    both(async |house| {
        city(house).await;
        for _ in 0..3 {
            let outing = visit(house, 1).await;
            assert_eq!(race(house, outing).await, (1, 5));
        }
    });
}

#[test]
fn two_who_say_yes_at_the_same_moment_are_both_heard() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let parties = vec![
            (Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned()),
            (Party::Shadowed, "Sjoerd".to_owned(), "sjoerd@harbour.example".to_owned()),
        ];
        for _ in 0..3 {
            let offer = Offer { parties: parties.clone(), ..house.in_a_week(Kind::Shadowing) };
            let outing = house.offer(&ada, offer).await;
            let id = house.wish(&ann, outing).await;
            house.yes_by_link(BO, id).await;
            let (one, other) =
                (house.by_link("crew@harbour.example").await, house.by_link("sjoerd@harbour.example").await);
            let yes = |actor: Actor| {
                let (store, now) = (house.store.clone(), house.now());
                tokio::spawn(async move { store.answer_placement(&actor, id, Say::Yes, now).await })
            };
            let (first, second) = (yes(one), yes(other));
            first.await.expect("does not panic").expect("yes is taken");
            second.await.expect("does not panic").expect("yes is taken");
            assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
        }
    });
}

#[test]
fn a_wish_that_meets_the_calling_off_is_called_off_or_refused_but_never_left_hanging() {
    both(async |house| {
        city(house).await;
        let ada = sign_in_as(house, "ada").await;
        for name in ["ann", "ben", "cas", "eli"] {
            let outing = visit(house, 2).await;
            let (actor, store, now) = (sign_in_as(house, name).await, house.store.clone(), house.now());
            let boss = ada.clone();
            let ends = store.outing(&actor, outing, now).await.expect("reads").listed.ends_at;
            let wishing = {
                let (store, actor) = (store.clone(), actor.clone());
                tokio::spawn(
                    async move { store.wish(&actor, outing, &BTreeMap::new(), Some((ends, ends)), now).await.ok() },
                )
            };
            let calling_off = tokio::spawn(async move {
                store.cancel_outing(&boss, outing, Canceller::Host, &reason("The boat is broken."), now).await
            });
            calling_off.await.expect("does not panic").expect("is called off");
            if let Some(id) = wishing.await.expect("does not panic") {
                assert_eq!(house.stage(&actor, id).await, Stage::Closed);
            }
        }
    });
}

#[test]
fn a_cancelled_outing_tells_everybody_who_goes_waits_or_hosts() {
    both(async |house| {
        city(house).await;
        let ada = sign_in_as(house, "ada").await;
        let parties = vec![(Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned())];
        let offer = Offer { seats: 1, parties, ..house.in_a_week(Kind::CommunityVisit) };
        let outing = house.offer(&ada, offer).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let (first, second) = (house.wish(&ann, outing).await, house.wish(&ben, outing).await);
        house.yes_by_link(BO, first).await;
        let why = reason("The boat is broken.");
        let (by, now) = (Canceller::Host, house.now());
        let refused = house.store.cancel_outing(&ann, outing, by, &why, now).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "only the organiser calls off");
        house.store.cancel_outing(&ada, outing, by, &why, now).await.expect("is called off");
        for (actor, id) in [(&ann, first), (&ben, second)] {
            assert_eq!(ending(house, actor, id).await, (EndingKind::CancelledByHost, "The boat is broken.".to_owned()));
        }
        for email in [ANN, BEN, "crew@harbour.example"] {
            let letters = house.letters_to(email).await;
            let last = &letters.last().unwrap_or_else(|| panic!("{email} heard nothing")).letter;
            assert_eq!(last.subject, "called-off", "{email}");
            assert!(last.body.contains("The boat is broken."), "{email}");
        }
        let late = house.try_wish(&sign_in_as(house, "cas").await, outing).await;
        assert!(matches!(late, Err(StoreError::Rule { key: "outing-cancelled", .. })));
        let twice = house.store.cancel_outing(&ada, outing, by, &why, now).await;
        assert!(matches!(twice, Err(StoreError::Rule { key: "already-cancelled", .. })));
    });
}

#[test]
fn an_old_link_opens_nothing_once_the_placement_is_closed() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 3).await;
        let ann = sign_in_as(house, "ann").await;
        let id = house.wish(&ann, outing).await;
        let token = house.last_link(BO).await;
        let bo = house.store.link_actor(&token, house.now()).await.expect("opens");
        house.store.cancel_placement(&ann, id, &reason("a cold"), house.now()).await.expect("may cancel");
        assert!(matches!(house.store.link_actor(&token, house.now()).await, Err(StoreError::NotFound)));
        // Also when the page was open already.
        let late = house.store.answer_placement(&bo, id, Say::Yes, house.now()).await;
        assert!(matches!(late, Err(StoreError::Placement(PlacementError::NotFrom(Stage::Closed)))), "{late:?}");
    });
}

#[test]
fn a_link_opens_for_sixty_days() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 3).await;
        house.wish(&sign_in_as(house, "ann").await, outing).await;
        let token = house.last_link(BO).await;
        house.clock.advance(59.days());
        assert!(house.store.link_actor(&token, house.now()).await.is_ok());
        house.clock.advance(2.days());
        assert!(matches!(house.store.link_actor(&token, house.now()).await, Err(StoreError::NotFound)));
    });
}

#[test]
fn a_seat_that_becomes_free_after_the_outing_is_offered_to_nobody() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 1).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let (first, second) = (house.wish(&ann, outing).await, house.wish(&ben, outing).await);
        house.clock.advance(8.days());
        house.store.cancel_placement(&ann, first, &reason("never left"), house.now()).await.expect("may cancel");
        assert_eq!(house.stage(&ben, second).await, Stage::Wished);
        assert_eq!(house.heard_by(BEN).await, [""; 0]);
    });
}

#[test]
fn a_seat_is_not_kept_for_somebody_who_left_the_city_while_waiting() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 1).await;
        let (ann, ben, cas) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "cas").await);
        let first = house.wish(&ann, outing).await;
        house.wish(&ben, outing).await;
        house.clock.advance(1.minute());
        let third = house.wish(&cas, outing).await;
        let rows: Vec<_> = staff().into_iter().filter(|r| r.staff_no != "S-ben").collect();
        house.store.import_people(&Actor::Program, &rows, house.now()).await.expect("is taken");
        house.store.cancel_placement(&ann, first, &reason("a cold"), house.now()).await.expect("may cancel");
        assert_eq!(house.stage(&cas, third).await, Stage::Offered);
    });
}

#[test]
fn the_same_wish_twice_is_one_wish_and_one_for_the_past_is_refused() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 3).await;
        let ann = sign_in_as(house, "ann").await;
        house.wish(&ann, outing).await;
        let again = house.try_wish(&ann, outing).await;
        assert!(matches!(again, Err(StoreError::Rule { key: "already-wished", .. })));
        house.clock.advance(8.days());
        let late = house.try_wish(&sign_in_as(house, "ben").await, outing).await;
        assert!(matches!(late, Err(StoreError::Rule { key: "outing-over", .. })));
        assert_eq!(house.count("placement", "1 = 1").await, 1);
    });
}

#[test]
fn a_step_that_does_not_follow_is_refused_and_changes_nothing() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let before = house.everything().await;
        for step in [
            Step::Prepare,
            Step::Depart { checkin: line("again"), zone: zone() },
            Step::Embed,
            Step::Close { changed: true, why: reason("too early") },
        ] {
            let refused = house.store.step(&ann, id, step, house.now()).await;
            assert!(matches!(refused, Err(StoreError::Placement(PlacementError::NotFrom(Stage::Out)))), "{refused:?}");
        }
        let refused = house.store.step(&bo, id, Step::ComeBack, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "only the person moves it");
        assert_eq!(house.everything().await, before);
        house.store.step(&ann, id, Step::CutShort(reason("a storm")), house.now()).await.expect("may stop");
        assert_eq!(ending(house, &ann, id).await, (EndingKind::CutShort, "a storm".to_owned()));
    });
}

#[test]
fn only_the_manager_sees_who_of_the_team_is_away() {
    both(async |house| {
        city(house).await;
        let ada = sign_in_as(house, "ada").await;
        let parties = vec![(Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned())];
        let outing = house.offer(&ada, Offer { parties, ..house.in_a_week(Kind::Immersion) }).await;
        let (ann, ben, bo) =
            (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await, sign_in_as(house, "bo").await);
        let first = house.wish(&ann, outing).await;
        let id = house.wish(&ben, outing).await;
        let away = house.store.team_away(&house.by_link(BO).await, id).await.expect("is for the manager");
        assert_eq!(away.iter().map(|a| a.person.as_str()).collect::<Vec<_>>(), ["Ann Berg"]);
        let foreign = house.store.team_away(&house.by_link(BO).await, first).await;
        assert!(matches!(foreign, Err(StoreError::Refused(_))), "a link is about one placement");
        house.yes_by_link(BO, id).await;
        let crew = house.by_link("crew@harbour.example").await;
        let Actor::Link { placement, .. } = &crew else { panic!("a link") };
        assert!(house.store.team_away(&crew, *placement).await.expect("is empty").is_empty());
        let (from, until) = (house.now(), house.now() + (30 * 24).hours());
        assert_eq!(house.store.my_team_away(&bo, from, until).await.expect("lists").len(), 2);
        let dee = house.with_roles("dee", Role::ALL).await;
        assert!(house.store.my_team_away(&dee, from, until).await.expect("lists").is_empty());
        assert!(matches!(house.store.team_away(&dee, id).await, Err(StoreError::Refused(_))));
    });
}

#[test]
fn the_calendar_holds_what_is_agreed_and_its_address_can_be_changed() {
    both(async |house| {
        city(house).await;
        let outing = visit(house, 3).await;
        let ann = sign_in_as(house, "ann").await;
        let id = house.wish(&ann, outing).await;
        let old = house.store.new_calendar_link(&ann, house.now()).await.expect("makes one");
        let new = house.store.new_calendar_link(&ann, house.now()).await.expect("makes one");
        assert!(matches!(house.store.calendar_owner(&old, house.now()).await, Err(StoreError::NotFound)));
        let owner = house.store.calendar_owner(&new, house.now()).await.expect("opens");
        assert_eq!(house.store.calendar(owner).await.expect("lists").len(), 0);
        house.yes_by_link(BO, id).await;
        let dates = house.store.calendar(owner).await.expect("lists");
        assert!(dates[0].reflection_at.is_some_and(|at: Timestamp| at > dates[0].ends_at));
        house.store.cancel_placement(&ann, id, &reason("a cold"), house.now()).await.expect("may cancel");
        assert_eq!(house.store.calendar(owner).await.expect("lists").len(), 0);
    });
}
