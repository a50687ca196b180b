//! Safe out there: the server asks when somebody is not back, in the right order, once; nobody else ever sees anything,
//! and a day later nothing is left.

use freerange_domain::{
    id::{OutId, PlacementId},
    outing::Kind,
    people::Role,
    safety::Stage,
    text::Area,
};
use freerange_store::{
    Actor, Store, StoreError,
    mail::Reader,
    safety::{Arrived, GoOut, Heard},
};
use freerange_testkit::{House, Letters, both, city, sign_in_as};
use jiff::{Timestamp, ToSpan as _};

const ANN: &str = "ann@city.example";
const BEN: &str = "ben@city.example";
const DUTY: &str = "duty@city.example";

fn duty() -> Reader {
    Reader { name: "Duty desk".to_owned(), email: DUTY.to_owned(), lang: None }
}

/// Ann, on her way, and who she is; ben is her buddy.
async fn ann_out(house: &House) -> (Store, Actor, PlacementId) {
    city(house).await;
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    sign_in_as(house, "ben").await;
    let (_, placement) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
    (house.store.clone().with_duty(Some(duty())), ann, placement)
}

async fn says(house: &House, placement: PlacementId, hours: i64) -> GoOut {
    GoOut {
        id: OutId::new(),
        placement,
        area: Area::parse("Harbour, along the quay").expect("an area"),
        with: Area::parse("Jo of the harbour crew").ok(),
        buddy: house.id_of("ben").await,
        due: house.now() + hours.hours(),
        said_at: house.now(),
    }
}

/// What they were told about somebody who is out, oldest first.
async fn told(house: &House, email: &str) -> Vec<String> {
    let about = |subject: &String| ["overdue", "are-you-back", "overdue-ended"].contains(&subject.as_str());
    house.heard_by(email).await.into_iter().filter(about).collect()
}

async fn asks(house: &House, store: &Store) -> u64 {
    store.ask_after(house.now()).await.expect("asks")
}

fn rule(refused: Result<Arrived, StoreError>) -> &'static str {
    match refused {
        Err(StoreError::Rule { key, .. }) => key,
        other => panic!("a rule was to refuse it: {other:?}"),
    }
}

#[test]
fn who_is_not_back_is_asked_about_with_the_buddy_first_and_then_with_whoever_is_on_duty() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let go = says(house, placement, 3).await;
        assert_eq!(store.go_out(&ann, &go, house.now()).await.expect("is kept"), Arrived::Kept);
        house.clock.advance(3.hours().minutes(14));
        assert_eq!(asks(house, &store).await, 0, "within the quarter of an hour nobody is asked");
        house.clock.advance(1.minute());
        assert_eq!((asks(house, &store).await, asks(house, &store).await), (1, 0));
        assert_eq!(
            (told(house, BEN).await, told(house, ANN).await),
            (vec!["overdue".into()], vec!["are-you-back".into()])
        );
        let letter = house.letters_to(BEN).await.pop().expect("a letter").letter.body;
        for said in ["Ann Berg", "Harbour, along the quay", "Jo of the harbour crew", &go.due.to_string()] {
            assert!(letter.contains(said), "{said} in {letter}");
        }
        assert!(told(house, DUTY).await.is_empty());
        house.clock.advance(29.minutes());
        assert_eq!(asks(house, &store).await, 0);
        house.clock.advance(1.minute());
        assert_eq!((asks(house, &store).await, asks(house, &store).await), (1, 0));
        assert_eq!(
            (told(house, DUTY).await.len(), told(house, BEN).await.len(), told(house, ANN).await.len()),
            (1, 1, 1)
        );
        let mine = store.my_outs(&ann).await.expect("hers");
        assert_eq!((mine.len(), mine[0].stage), (1, Stage::AskedDuty));
    });
}

#[test]
fn whoever_was_asked_answers_by_the_link_and_then_it_opens_nothing() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let go = says(house, placement, 1).await;
        store.go_out(&ann, &go, house.now()).await.expect("is kept");
        house.clock.advance(76.minutes());
        asks(house, &store).await;
        let bens = house.last_link(BEN).await;
        let ben = store.watcher(&bens, house.now()).await.expect("the link opens");
        let seen = store.overdue(&ben, go.id).await.expect("sees it");
        assert_eq!((seen.person.as_str(), seen.due, seen.stage), ("Ann Berg", go.due, Stage::AskedBuddy));
        for _ in 0..2 {
            store.answer_overdue(&ben, go.id, Heard::PassOn, house.now()).await.expect("passes it on");
        }
        assert_eq!(told(house, DUTY).await, ["overdue"], "twice is once");
        let desk = store.watcher(&house.last_link(DUTY).await, house.now()).await.expect("opens");
        store.answer_overdue(&desk, go.id, Heard::Yes, house.now()).await.expect("has heard");
        assert_eq!(told(house, BEN).await, ["overdue", "overdue-ended"], "the buddy need not look any more");
        for who in [&ben, &desk] {
            assert!(matches!(store.overdue(who, go.id).await, Err(StoreError::NotFound)));
            let again = store.answer_overdue(who, go.id, Heard::Yes, house.now()).await;
            assert!(matches!(again, Err(StoreError::NotFound)));
        }
        assert!(matches!(store.watcher(&bens, house.now()).await, Err(StoreError::NotFound)));
        house.clock.advance(5.hours());
        assert_eq!(asks(house, &store).await, 0);
    });
}

#[test]
fn back_and_later_tell_those_who_were_asked_and_later_asks_again() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let go = says(house, placement, 1).await;
        store.go_out(&ann, &go, house.now()).await.expect("is kept");
        house.clock.advance(2.hours());
        assert_eq!(asks(house, &store).await, 1, "the server was away: it asks everybody at once");
        assert_eq!((told(house, BEN).await.len(), told(house, DUTY).await.len()), (1, 1));
        let old = house.last_link(BEN).await;
        store.out_later(&ann, go.id, house.now() + 1.hour(), house.now()).await.expect("is noted");
        assert_eq!(
            (told(house, BEN).await, told(house, DUTY).await.len()),
            (vec!["overdue".into(), "overdue-ended".into()], 2)
        );
        assert!(store.watcher(&old, house.now()).await.is_err(), "that letter is over");
        house.clock.advance(76.minutes());
        asks(house, &store).await;
        assert_eq!(told(house, BEN).await, ["overdue", "overdue-ended", "overdue"]);
        for _ in 0..2 {
            store.out_back(&ann, go.id, house.now()).await.expect("is back");
        }
        assert_eq!(told(house, BEN).await.len(), 4);
        assert!(store.my_outs(&ann).await.expect("hers").is_empty());
    });
}

#[test]
fn whoever_is_back_in_time_was_asked_about_by_nobody_and_two_servers_write_one_letter() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let other = Store::open(&house.url()).await.expect("a second server").with_writer(std::sync::Arc::new(Letters));
        let other = other.with_duty(Some(duty()));
        let (first, second) = (says(house, placement, 1).await, says(house, placement, 2).await);
        for go in [&first, &second] {
            store.go_out(&ann, go, house.now()).await.expect("is kept");
        }
        store.out_back(&ann, first.id, house.now()).await.expect("is back");
        house.clock.advance(2.hours().minutes(20));
        let now = house.now();
        let (one, two) = tokio::join!(store.ask_after(now), other.ask_after(now));
        assert_eq!(one.expect("asks") + two.expect("asks"), 1);
        assert_eq!(told(house, BEN).await, ["overdue"]);
        // A restart between the two: the other server goes on where this one stopped.
        house.clock.advance(30.minutes());
        assert_eq!(asks(house, &other).await, 1);
        assert_eq!(told(house, DUTY).await, ["overdue"]);
        other.close().await;
    });
}

#[test]
fn a_letter_that_arrives_twice_or_late_changes_nothing() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let go = says(house, placement, 1).await;
        let ben = sign_in_as(house, "ben").await;
        assert!(matches!(store.out_back(&ann, go.id, house.now()).await, Err(StoreError::NotFound)), "it waits");
        assert_eq!(store.go_out(&ann, &go, house.now()).await.expect("kept"), Arrived::Kept);
        let other = GoOut { area: Area::parse("Elsewhere").expect("an area"), ..go.clone() };
        assert_eq!(store.go_out(&ann, &other, house.now()).await.expect("known"), Arrived::Known);
        assert_eq!(store.my_outs(&ann).await.expect("hers")[0].area, "Harbour, along the quay");
        assert!(matches!(store.go_out(&ben, &go, house.now()).await, Err(StoreError::NotFound)), "somebody else's");
        // Said on a phone without a network, heard of three hours later: there is time for the word that she is back.
        let late = says(house, placement, 1).await;
        house.clock.advance(4.hours());
        store.out_back(&ann, go.id, house.now()).await.expect("is back");
        store.go_out(&ann, &late, house.now()).await.expect("kept");
        assert_eq!(asks(house, &store).await, 0);
        store.out_back(&ann, late.id, house.now()).await.expect("is back");
        // And a day later it is history, about which nobody is asked.
        let old = says(house, placement, 1).await;
        house.clock.advance(2.days());
        store.go_out(&ann, &old, house.now()).await.expect("kept");
        house.clock.advance(1.hour());
        assert_eq!(asks(house, &store).await, 0);
        assert!(told(house, BEN).await.is_empty());
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_reason() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let go = || says(house, placement, 1);
        let (now, me) = (house.now(), house.id_of("ann").await);
        assert_eq!(rule(store.go_out(&ann, &GoOut { due: now, ..go().await }, now).await), "due-past");
        let far = GoOut { due: now + 25.hours(), ..go().await };
        assert_eq!(rule(store.go_out(&ann, &far, now).await), "due-too-far");
        assert_eq!(rule(store.go_out(&ann, &GoOut { buddy: me, ..go().await }, now).await), "buddy-oneself");
        let ben = sign_in_as(house, "ben").await;
        let anns = GoOut { buddy: me, ..go().await };
        assert!(matches!(store.go_out(&ben, &anns, now).await, Err(StoreError::NotFound)), "ann's placement");
        let kept = go().await;
        store.go_out(&ann, &kept, now).await.expect("is kept");
        let sooner = store.out_later(&ann, kept.id, now + 30.minutes(), now).await;
        assert!(matches!(sooner, Err(StoreError::Rule { key: "due-not-later", .. })), "{sooner:?}");
        for stranger in [&ben, &Actor::Anybody, &Actor::Watcher(kept.id)] {
            assert!(store.out_back(stranger, kept.id, now).await.is_err(), "{stranger:?}");
            assert!(store.out_later(stranger, kept.id, now + 2.hours(), now).await.is_err(), "{stranger:?}");
        }
    });
}

#[test]
fn nobody_sees_who_is_out_before_they_are_overdue_nor_anybody_but_the_buddy_afterwards() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let ben = sign_in_as(house, "ben").await;
        let boss = house.with_roles("bo", Role::ALL).await;
        let go = says(house, placement, 1).await;
        let before = (house.count("audit", "1 = 1").await, house.count("placement_event", "1 = 1").await);
        store.go_out(&ann, &go, house.now()).await.expect("is kept");
        assert!(store.overdue_for_me(&ben).await.expect("lists").is_empty());
        assert!(matches!(store.overdue(&ben, go.id).await, Err(StoreError::NotFound)), "not yet");
        house.clock.advance(90.minutes());
        asks(house, &store).await;
        assert_eq!(store.overdue_for_me(&ben).await.expect("lists").len(), 1);
        for other in [&boss, &ann, &Actor::Anybody, &Actor::Watcher(OutId::new())] {
            assert!(matches!(store.overdue(other, go.id).await, Err(StoreError::Refused(_))), "{other:?}");
            let said = store.answer_overdue(other, go.id, Heard::Yes, house.now()).await;
            assert!(matches!(said, Err(StoreError::Refused(_))), "{other:?}");
        }
        assert!(store.overdue_for_me(&boss).await.expect("lists").is_empty());
        assert!(store.my_outs(&boss).await.expect("his").is_empty());
        store.answer_overdue(&ben, go.id, Heard::Yes, house.now()).await.expect("signed in it works as well");
        assert!(store.overdue_for_me(&ben).await.expect("lists").is_empty());
        let after = (house.count("audit", "1 = 1").await, house.count("placement_event", "1 = 1").await);
        assert_eq!(after, before, "no trace of times in the log and in the history");
    });
}

#[test]
fn without_anybody_on_duty_the_programme_leads_are_asked_and_a_buddy_who_left_holds_up_nobody() {
    both(async |house| {
        let (_, ann, placement) = ann_out(house).await;
        house.with_roles("dee", &[Role::ProgrammeLead]).await;
        let go = says(house, placement, 1).await;
        house.store.go_out(&ann, &go, house.now()).await.expect("is kept");
        house.tamper("UPDATE person SET active = FALSE WHERE staff_no = 'S-ben'").await;
        house.clock.advance(76.minutes());
        assert_eq!(asks(house, &house.store).await, 1);
        assert_eq!(told(house, "dee@city.example").await, ["overdue"], "at the time of the buddy");
        assert!(told(house, BEN).await.is_empty());
        house.clock.advance(1.hour());
        assert_eq!(asks(house, &house.store).await, 0);
    });
}

#[test]
fn a_day_after_it_ended_nothing_is_left_and_it_is_in_no_backup() {
    both(async |house| {
        let (store, ann, placement) = ann_out(house).await;
        let (early, open) = (says(house, placement, 20).await, says(house, placement, 1).await);
        for go in [&early, &open] {
            store.go_out(&ann, go, house.now()).await.expect("is kept");
        }
        store.out_back(&ann, early.id, house.now()).await.expect("is back");
        house.clock.advance(76.minutes());
        asks(house, &store).await;
        for letter in store.mail_due(house.now()).await.expect("lists") {
            store.mail_sent(letter.id, house.now()).await.expect("is noted");
        }
        let mut backup = Vec::new();
        store.backup(&mut backup, house.now()).await.expect("is written");
        assert!(!String::from_utf8_lossy(&backup).contains("along the quay"));
        let sweep = async |now: Timestamp| {
            store.sweep(now).await.expect("sweeps");
            (house.count("going_out", "1 = 1").await, house.count("mail", "brief").await)
        };
        house.clock.advance(23.hours());
        assert_eq!(sweep(house.now()).await, (2, 2), "one was due less than a day ago and may be sent again");
        house.clock.advance(25.hours());
        assert_eq!(sweep(house.now()).await, (1, 0), "the one that nobody settled stays a week");
        house.clock.advance(5.days());
        assert_eq!(sweep(house.now()).await, (1, 0));
        house.clock.advance(2.days());
        assert_eq!(sweep(house.now()).await, (0, 0));
        assert!(store.check().await.expect("checks").problems.is_empty());
    });
}
