//! What a neighbourhood says about being visited is kept to by everybody, and its group sees everything but who came.

use freerange_domain::{
    code::Code,
    community::{Days, Stance, Weekdays},
    id::CommunityId,
    outing::{Kind, Span},
    people::{Email, Role},
};
use freerange_store::{
    Act, Actor, StoreError,
    community::Group,
    outing::{Edit, Offer},
    standing::Walk,
};
use freerange_testkit::{City, House, both, city, line, outing, prose, said, sign_in_as, uses, zone};
use jiff::{ToSpan as _, civil::Date};

use crate::editing::as_it_is;

fn group(city: &City, place: &str) -> Group {
    Group {
        place: city.place(place),
        name: line("Residents' council"),
        contact_name: line("Noor"),
        contact_email: Some(Email::parse("noor@mill.example").expect("an address")),
        language: "nl".to_owned(),
    }
}

/// The group of a neighbourhood, with its code.
async fn speaking(house: &House, city: &City, place: &str) -> (Actor, CommunityId, Code) {
    let cas = house.with_roles("cas", &[Role::Clerk]).await;
    let code = house.store.enter_community(&cas, &group(city, place), house.now()).await.expect("is entered");
    let who = house.store.neighbours(&code, "192.0.2.7", house.now()).await.expect("the code opens");
    let Actor::Neighbours(id) = who else { panic!("a group") };
    (who, id, code)
}

fn in_days(house: &House, days: i64) -> Date {
    let at = house.now().checked_add((days * 24).hours()).expect("soon");
    at.to_zoned_datetime(zone()).date()
}

fn at(house: &House, city: &City, days: i64) -> Offer {
    let starts = house.now().checked_add((days * 24).hours()).expect("soon");
    Offer { place: Some(city.place("Mill")), ..outing(Kind::Shadowing, starts) }
}

fn because(answer: Result<impl std::fmt::Debug, StoreError>) -> (String, String) {
    match answer.expect_err("is refused") {
        StoreError::Rule { field, key } => (field.to_string(), key.to_string()),
        other => panic!("a rule, not {other}"),
    }
}

#[test]
fn a_pause_holds_for_whoever_offers_moves_or_walks_and_for_nobody_who_was_invited() {
    both(async |house| {
        let city = city(house).await;
        let (mill, id, _) = speaking(house, &city, "Mill").await;
        let (ada, ann, bo) =
            (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let before = house.offer(&ada, Offer { place: Some(city.place("Dyke")), ..at(house, &city, 9) }).await;
        house
            .store
            .say_stance(&mill, id, Stance::Pause, Some(in_days(house, 20)), "Let us rest.", (&zone(), house.now()))
            .await
            .expect("is said");
        let challenge = house.ask(&ada, "Why do people leave?").await;
        let offered = |offer: Offer| {
            let ada = ada.clone();
            async move {
                house
                    .store
                    .offer_outing(&ada, &Offer { challenge: Some(challenge), ..offer }, &zone(), house.now())
                    .await
            }
        };
        let paused = ("place".to_owned(), "neighbourhood-pauses".to_owned());
        assert_eq!(because(offered(at(house, &city, 9)).await), paused);
        offered(at(house, &city, 22)).await.expect("after the pause they are welcome");
        let edit = Edit { place: Some(city.place("Mill")), ..as_it_is(house, &ada, before).await };
        assert_eq!(because(house.store.edit_outing(&ada, before, &edit, &zone(), house.now()).await), paused);
        let until = in_days(house, 300);
        house.store.give_standing_yes(&bo, house.id_of("ann").await, 4, until, house.now()).await.expect("is given");
        let span = at(house, &city, 9).span;
        let walk = Walk {
            plan: line("Along the dyke"),
            place: Some(city.place("Mill")),
            span: Span::new(Kind::FreeRangeDay, span.starts(), span.ends()).expect("fits a day"),
            reflection: span.ends(),
            talk: span.ends() + 24.hours(),
            language: "nl".to_owned(),
        };
        assert_eq!(because(house.store.plan_walk(&ann, &walk, &zone(), house.now()).await), paused);
    });
}

#[test]
fn whoever_planned_a_visit_that_does_not_suit_any_more_is_told_once() {
    both(async |house| {
        let city = city(house).await;
        let (mill, id, _) = speaking(house, &city, "Mill").await;
        let ada = sign_in_as(house, "ada").await;
        house.offer(&ada, at(house, &city, 9)).await;
        house.offer(&ada, at(house, &city, 40)).await;
        let letters = async || house.heard_by("ada@city.example").await.iter().filter(|l| **l == "unwelcome").count();
        let away = Days::new(in_days(house, 8), in_days(house, 10)).expect("days");
        house.store.say_days(&mill, id, away, "The festival", (&zone(), house.now())).await.expect("is said");
        assert_eq!(letters().await, 1, "of the one visit, not of the other");
        house.store.say_days(&mill, id, away, "The festival again", (&zone(), house.now())).await.expect("is said");
        assert_eq!(letters().await, 1);
        let seen = house.store.community(&mill, id, house.now()).await.expect("sees itself");
        assert_eq!(seen.away, [(away, "The festival again".to_owned())]);
        assert_eq!(seen.planned.len(), 2, "nothing was called off behind anybody's back");
    });
}

#[test]
fn a_day_of_the_week_can_be_closed_but_not_all_seven() {
    both(async |house| {
        let city = city(house).await;
        let (mill, id, _) = speaking(house, &city, "Mill").await;
        let ada = sign_in_as(house, "ada").await;
        let challenge = house.ask(&ada, "Why do people leave?").await;
        let all = Weekdays::from_bits(0x7f);
        let every = house.store.say_weekdays(&mill, id, all, (&zone(), house.now())).await;
        assert_eq!(because(every).1, "pause-instead");
        let day = in_days(house, 9).weekday();
        house
            .store
            .say_weekdays(&mill, id, Weekdays::default().with(day), (&zone(), house.now()))
            .await
            .expect("is said");
        let offer = Offer { challenge: Some(challenge), ..at(house, &city, 9) };
        assert_eq!(
            because(house.store.offer_outing(&ada, &offer, &zone(), house.now()).await).1,
            "neighbourhood-weekday"
        );
        let offer = Offer { challenge: Some(challenge), ..at(house, &city, 10) };
        house.store.offer_outing(&ada, &offer, &zone(), house.now()).await.expect("the day after suits");
    });
}

#[test]
fn another_group_takes_the_place_of_the_one_before_and_its_code_opens_nothing() {
    both(async |house| {
        let city = city(house).await;
        let (_, id, old) = speaking(house, &city, "Mill").await;
        let (_, same, new) = speaking(house, &city, "Mill").await;
        assert_eq!(id, same, "what the neighbourhood said stays");
        let closed = house.store.neighbours(&old, "192.0.2.7", house.now()).await;
        assert!(matches!(closed, Err(StoreError::NotFound)));
        house.store.holder(&new, "192.0.2.8", house.now()).await.expect("the new one opens");
        let (harbour, elsewhere, _) = speaking(house, &city, "Harbour").await;
        let other = house.store.community(&harbour, id, house.now()).await;
        assert!(matches!(other, Err(StoreError::Refused(Act::SeeCommunity))));
        let speak = house.store.say_stance(&harbour, id, Stance::Pause, None, "", (&zone(), house.now())).await;
        assert!(matches!(speak, Err(StoreError::Refused(Act::SayWelcome))));
        assert_ne!(elsewhere, id);
    });
}

#[test]
fn a_group_sees_every_department_what_was_heard_and_when_the_city_is_late_but_nobody_who_came() {
    both(async |house| {
        let city = city(house).await;
        let (mill, id, _) = speaking(house, &city, "Mill").await;
        let ann = sign_in_as(house, "ann").await;
        let offer = Offer { place: Some(city.place("Mill")), ..house.in_a_week(Kind::CommunityVisit) };
        let bo = sign_in_as(house, "bo").await;
        let (outing, placement) = house.out(&ann, &bo, offer).await;
        let (open, code) = house.consent(&ann, placement, uses("use quote")).await;
        for note in [said("The dyke is soft where the willows were", Some(open), house.now())] {
            house.store.write_note(&ann, placement, &note, house.now()).await.expect("is kept");
        }
        house
            .store
            .say_stance(
                &mill,
                id,
                Stance::Come,
                None,
                "They said: The dyke is soft where the willows were",
                (&zone(), house.now()),
            )
            .await
            .expect("is said");
        house.clock.advance(5.hours());
        house.home_again(&ann, placement).await;
        house.clock.advance((3 * 24).hours());
        let seen = house.store.community(&mill, id, house.now()).await.expect("sees itself");
        let visit = &seen.past[0];
        assert_eq!(visit.id, outing);
        assert_eq!((visit.department.as_str(), visit.happened, visit.owes()), ("Space", true, false));
        assert_eq!(visit.heard, ["The dyke is soft where the willows were"]);
        assert!(!format!("{seen:?}").contains("Ann"), "nobody who came is named");
        house.clock.advance((30 * 24).hours());
        let seen = house.store.community(&mill, id, house.now()).await.expect("sees itself");
        assert_eq!((seen.owed(), seen.past[0].owes()), (1, true), "a month later the city is late");
        house.store.tell_back(&ann, outing, &prose("The dyke is mended in May."), house.now()).await.expect("is told");
        let resident = house.store.resident(&code, "192.0.2.9", house.now()).await.expect("opens");
        house.store.withdraw(&resident, None, house.now()).await.expect("is taken back");
        let seen = house.store.community(&mill, id, house.now()).await.expect("sees itself");
        assert_eq!((seen.owed(), seen.past[0].heard.len()), (0, 0));
        assert_eq!(seen.why, "They said: […]", "also where the group quoted it");
    });
}
