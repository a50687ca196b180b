//! Outings that pass while somebody still waits: an honest ending, in a sentence that is true, for each of them.

use freerange_domain::{
    outing::{Kind, Party},
    placement::{EndingKind, PlacementError, Stage, State},
};
use freerange_store::{
    Actor, StoreError,
    outing::Offer,
    placement::{Say, Step},
};
use freerange_testkit::{House, both, city, line, reason, sign_in_as, zone};
use jiff::ToSpan as _;

async fn ending(house: &House, who: &Actor, id: freerange_domain::id::PlacementId) -> (EndingKind, String) {
    match house.store.placement(who, id).await.expect("is visible").0.state {
        State::Closed { ending, .. } => (ending.kind, ending.why.into_string()),
        other => panic!("not closed but {:?}", other.stage()),
    }
}

#[test]
fn whoever_waits_when_the_outing_passes_is_told_what_was_missing() {
    both(async |house| {
        city(house).await;
        let ada = sign_in_as(house, "ada").await;
        let parties = vec![
            (Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned()),
            (Party::Shadowed, "Sjoerd".to_owned(), "sjoerd@harbour.example".to_owned()),
        ];
        let outing = house.offer(&ada, Offer { parties, seats: 1, ..house.in_a_week(Kind::Shadowing) }).await;
        let (ann, ben) = (sign_in_as(house, "ann").await, sign_in_as(house, "ben").await);
        let (offered, wished) = (house.wish(&ann, outing).await, house.wish(&ben, outing).await);
        house.yes_by_link("bo@city.example", offered).await;
        house.yes_by_link("crew@harbour.example", offered).await;
        house.clock.advance(7.days());
        assert_eq!(house.store.close_passed(house.now()).await.expect("looks"), 0, "it has begun, it is not over");
        house.clock.advance(1.day());
        assert_eq!(house.store.close_passed(house.now()).await.expect("closes"), 2);
        assert_eq!(house.store.close_passed(house.now()).await.expect("closes"), 0, "once is enough");
        assert_eq!(ending(house, &ann, offered).await, (EndingKind::NotPlaced, "Answers([Shadowed])".to_owned()));
        assert_eq!(ending(house, &ben, wished).await, (EndingKind::NotPlaced, "Seat".to_owned()));
        for (email, why) in [("ann@city.example", "Answers([Shadowed])"), ("ben@city.example", "Seat")] {
            let letters = house.letters_to(email).await;
            let told = &letters.last().expect("is told").letter;
            assert_eq!(told.subject, "not-placed");
            assert!(told.body.contains(why), "{}", told.body);
        }
        let late = house.store.link_actor(&house.last_link("sjoerd@harbour.example").await, house.now()).await;
        assert!(matches!(late, Err(StoreError::NotFound)), "a yes that comes too late opens nothing");
        assert!(house.store.calendar(house.id_of("ann").await).await.expect("lists").is_empty());
    });
}

#[test]
fn who_was_agreed_is_not_closed_behind_their_back() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let outing = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link("bo@city.example", id).await;
        house.clock.advance(9.days());
        assert_eq!(house.store.close_passed(house.now()).await.expect("looks"), 0);
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
    });
}

#[test]
fn whoever_called_it_off_may_wish_again_while_the_outing_is_ahead() {
    both(async |house| {
        city(house).await;
        let (ada, ann, bo) =
            (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let outing = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let first = house.wish(&ann, outing).await;
        house.store.cancel_placement(&ann, first, &reason("a cold"), house.now()).await.expect("may cancel");
        let second = house.wish(&ann, outing).await;
        let no = Say::No(reason("We are short that week."));
        house.store.answer_placement(&bo, second, no, house.now()).await.expect("may say no");
        let third = house.wish(&ann, outing).await;
        house.store.answer_placement(&bo, third, Say::Yes, house.now()).await.expect("and yes");
        assert_eq!(house.stage(&ann, third).await, Stage::Agreed);
        assert_eq!(house.stage(&ann, first).await, Stage::Closed, "what was stays as it was");
        assert!(matches!(house.try_wish(&ann, outing).await, Err(StoreError::Rule { key: "already-wished", .. })));
        house.clock.advance(9.days());
        house.store.cancel_placement(&ann, third, &reason("never left"), house.now()).await.expect("may cancel");
        assert!(matches!(house.try_wish(&ann, outing).await, Err(StoreError::Rule { key: "outing-over", .. })));
    });
}

#[test]
fn nobody_leaves_before_the_first_day_has_come_in_the_city() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        house.clock.set("2027-03-05T12:00:00+01:00");
        let outing = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let id = house.wish(&ann, outing).await;
        house.yes_by_link("bo@city.example", id).await;
        let leave = || Step::Depart { checkin: line("On my way"), zone: zone() };
        // A minute before midnight in the city, where UTC is an hour behind.
        house.clock.set("2027-03-11T23:59:00+01:00");
        let early = house.store.step(&ann, id, leave(), house.now()).await;
        assert!(matches!(early, Err(StoreError::Placement(PlacementError::NotYet))), "{early:?}");
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
        house.clock.set("2027-03-12T00:01:00+01:00");
        house.store.step(&ann, id, leave(), house.now()).await.expect("the day has come");
    });
}
