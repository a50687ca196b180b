//! A manager's yes in advance: so many half-days a month on the ground, counted by the city's own calendar.

use freerange_domain::{
    outing::{Kind, Party, Span},
    placement::{EndingKind, PlacementError, Stage, State},
};
use freerange_store::{Actor, StoreError, placement::Step, standing::Walk};
use freerange_testkit::{House, both, city, draft, line, reason, sign_in_as, zone};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

const UNTIL: Date = Date::constant(2027, 12, 31);

/// So many hours on the ground from a moment on.
fn walk(from: &str, hours: i64) -> Walk {
    let starts: Timestamp = from.parse().expect("a moment");
    let ends = starts + hours.hours();
    Walk {
        plan: line("Along the dyke with the bin collectors"),
        place: None,
        span: Span::new(Kind::FreeRangeDay, starts, ends).expect("fits a day"),
        reflection: ends,
        talk: ends + 24.hours(),
        language: "nl".to_owned(),
    }
}

async fn plan(house: &House, who: &Actor, from: &str, hours: i64) -> freerange_store::Result<Stage> {
    let (_, id) = house.store.plan_walk(who, &walk(from, hours), &zone(), house.now()).await?;
    Ok(house.stage(who, id).await)
}

async fn allow(house: &House, half_days: i64, until: Date) -> Actor {
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    let id = house.id_of("ann").await;
    house.store.give_standing_yes(&bo, id, half_days, until, house.now()).await.expect("is given");
    ann
}

#[test]
fn a_free_range_day_is_agreed_at_once_and_nobody_is_asked() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 2, UNTIL).await;
        assert_eq!(plan(house, &ann, "2027-03-03T09:00:00+01:00", 4).await.expect("is planned"), Stage::Agreed);
        assert_eq!(house.heard_by("bo@city.example").await, [""; 0]);
        let mine = house.store.my_allowance(&ann, house.now(), &zone()).await.expect("reads");
        assert_eq!((mine.half_days, mine.used), (Some(2), 1));
    });
}

#[test]
fn a_free_range_day_ends_with_two_lines_on_coming_back() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 2, UNTIL).await;
        let planned = walk("2027-03-03T09:00:00+01:00", 4);
        let (outing, id) = house.store.plan_walk(&ann, &planned, &zone(), house.now()).await.expect("is planned");
        let home = async |why: &str| {
            let seen = draft("The collectors know every door by its dog.", house.now());
            house.store.come_home(&ann, id, &seen, (false, &reason(why)), &zone(), house.now()).await
        };
        let early = home("not gone yet").await;
        assert!(matches!(early, Err(StoreError::Placement(PlacementError::NotFrom(Stage::Agreed)))), "{early:?}");
        assert_eq!(house.count("note", "1 = 1").await, 0, "the note is kept with the ending or not at all");
        house.clock.set("2027-03-03T09:00:00+01:00");
        let leave = Step::Depart { checkin: line("With the crew, until one"), zone: zone() };
        house.store.step(&ann, id, leave, house.now()).await.expect("leaves");
        house.clock.advance(4.hours());
        home("It works well as it is.").await.expect("comes home");
        let (p, events) = house.store.placement(&ann, id).await.expect("reads");
        let State::Closed { ending, .. } = p.state else { panic!("two lines close it") };
        assert_eq!((ending.kind, ending.why.as_str()), (EndingKind::ChangedNothing, "It works well as it is."));
        assert!(events.iter().any(|e| e.what == "back" && e.by_the_day), "her own, and only the day");
        let bo = sign_in_as(house, "bo").await;
        let (seen, told) = house.store.placement(&bo, id).await.expect("her manager may look");
        assert_eq!(seen.state.stage(), Stage::Closed);
        assert!(told.iter().all(|e| e.at < p.starts_at), "nothing of when she left or came back");
        let moment = house.now().as_microsecond();
        assert_eq!(house.count("placement", &format!("updated_at = {moment}")).await, 0);
        assert_eq!(house.count("placement_event", &format!("at = {moment}")).await, 0);
        let notes = house.store.notes_of_outing(&ann, outing).await.expect("reads").items;
        assert_eq!(
            notes.iter().map(|n| n.seen.as_str()).collect::<Vec<_>>(),
            ["The collectors know every door by its dog."]
        );
    });
}

#[test]
fn two_lines_do_not_close_what_needs_a_debrief() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let seen = draft("A door.", house.now());
        let refused = house.store.come_home(&ann, id, &seen, (true, &reason("too light")), &zone(), house.now()).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "needs-debrief", .. })), "{refused:?}");
        assert_eq!((house.stage(&ann, id).await, house.count("note", "1 = 1").await), (Stage::Out, 0));
    });
}

#[test]
fn without_a_standing_yes_or_after_its_end_there_is_no_free_range_day() {
    both(async |house| {
        city(house).await;
        let eli = sign_in_as(house, "eli").await;
        let refused = plan(house, &eli, "2027-03-03T09:00:00+01:00", 4).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "no-standing-yes", .. })), "{refused:?}");
        let ann = allow(house, 9, Date::constant(2027, 3, 10)).await;
        // The last day counts to its end in the city, also the evening that is the next day elsewhere.
        assert_eq!(plan(house, &ann, "2027-03-10T20:00:00+01:00", 3).await.expect("is planned"), Stage::Agreed);
        let refused = plan(house, &ann, "2027-03-11T00:30:00+01:00", 3).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "no-standing-yes", .. })), "{refused:?}");
        assert_eq!(house.count("outing", "1 = 1").await, 1, "what was refused left nothing");
    });
}

#[test]
fn the_last_evening_of_a_standing_yes_counts_west_of_greenwich_too() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 9, Date::constant(2027, 3, 10)).await;
        let bogota = TimeZone::get("America/Bogota").expect("known");
        // Eight in the evening there is one in the morning of the next day in Greenwich.
        let walk = walk("2027-03-10T20:00:00-05:00", 3);
        let (_, id) = house.store.plan_walk(&ann, &walk, &bogota, house.now()).await.expect("is planned");
        assert_eq!(house.stage(&ann, id).await, Stage::Agreed);
    });
}

#[test]
fn an_allowance_that_is_used_up_is_refused_until_the_next_month_or_a_cancellation() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 3, UNTIL).await;
        // Eight hours are two half-days.
        plan(house, &ann, "2027-03-03T09:00:00+01:00", 8).await.expect("is planned");
        let refused = plan(house, &ann, "2027-03-04T09:00:00+01:00", 8).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "allowance-used", .. })), "{refused:?}");
        plan(house, &ann, "2027-03-04T09:00:00+01:00", 5).await.expect("one half-day is left");
        assert!(plan(house, &ann, "2027-03-05T09:00:00+01:00", 1).await.is_err());
        plan(house, &ann, "2027-04-01T09:00:00+02:00", 8).await.expect("a new month");
        let first = house.store.my_placements(&ann).await.expect("lists").pop().expect("the first");
        house.store.cancel_placement(&ann, first.id, &reason("a cold"), house.now()).await.expect("may cancel");
        plan(house, &ann, "2027-03-05T09:00:00+01:00", 8).await.expect("two half-days came back");
    });
}

#[test]
fn a_month_begins_and_ends_at_midnight_in_the_city_also_across_summer_time() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 1, UNTIL).await;
        // The clocks go forward on 28 March. The last hour of the month is still March, though the offset changed.
        plan(house, &ann, "2027-03-31T23:30:00+02:00", 2).await.expect("is planned in March");
        let refused = plan(house, &ann, "2027-03-01T00:00:00+01:00", 2).await;
        assert!(matches!(refused, Err(StoreError::Rule { key: "allowance-used", .. })), "the first moment of March");
        plan(house, &ann, "2027-04-01T00:00:00+02:00", 2).await.expect("the first moment of April");
        assert!(plan(house, &ann, "2027-04-30T23:59:00+02:00", 2).await.is_err(), "still April");
        // October has the hour that happens twice; its last evening is in winter time.
        plan(house, &ann, "2027-10-31T23:30:00+01:00", 2).await.expect("is planned in October");
        assert!(plan(house, &ann, "2027-10-01T00:00:00+02:00", 2).await.is_err(), "the first moment of October");
        plan(house, &ann, "2027-11-01T00:00:00+01:00", 2).await.expect("the first moment of November");
    });
}

#[test]
fn two_walks_planned_at_the_same_moment_do_not_use_the_same_half_day() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 1, UNTIL).await;
        let go = |from: &'static str| {
            let (store, ann, now) = (house.store.clone(), ann.clone(), house.now());
            tokio::spawn(async move { store.plan_walk(&ann, &walk(from, 4), &zone(), now).await.is_ok() })
        };
        let (one, other) = (go("2027-03-03T09:00:00+01:00"), go("2027-03-04T09:00:00+01:00"));
        let planned = [one.await.expect("does not panic"), other.await.expect("does not panic")];
        assert_eq!(planned.iter().filter(|p| **p).count(), 1);
    });
}

#[test]
fn a_standing_yes_counts_for_community_visits_and_not_for_a_month_away() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 2, UNTIL).await;
        let ada = sign_in_as(house, "ada").await;
        let visit = house.offer(&ada, house.in_a_week(Kind::CommunityVisit)).await;
        let stay = house.offer(&ada, house.in_a_week(Kind::Immersion)).await;
        let (near, far) = (house.wish(&ann, visit).await, house.wish(&ann, stay).await);
        assert_eq!(house.stage(&ann, near).await, Stage::Agreed);
        assert_eq!(house.stage(&ann, far).await, Stage::Offered);
        assert_eq!(house.heard_by("bo@city.example").await, ["ask-to-agree"]);
    });
}

#[test]
fn only_ones_own_manager_gives_a_standing_yes_and_takes_it_back() {
    both(async |house| {
        city(house).await;
        let ann = allow(house, 2, UNTIL).await;
        let (bo, dee) = (sign_in_as(house, "bo").await, sign_in_as(house, "dee").await);
        let (id, now) = (house.id_of("ann").await, house.now());
        for stranger in [&ann, &dee] {
            let refused = house.store.give_standing_yes(stranger, id, 9, UNTIL, now).await;
            assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        }
        let team = house.store.team_allowances(&bo, now, &zone()).await.expect("lists");
        assert_eq!(team.iter().map(|a| a.half_days).collect::<Vec<_>>(), [Some(2), None, None]);
        house.store.give_standing_yes(&bo, id, 0, UNTIL, now).await.expect("is taken back");
        assert!(plan(house, &ann, "2027-03-03T09:00:00+01:00", 4).await.is_err());
    });
}

#[test]
fn by_link_only_the_manager_gives_it() {
    both(async |house| {
        city(house).await;
        let (ada, ann) = (sign_in_as(house, "ada").await, sign_in_as(house, "ann").await);
        let mut offer = house.in_a_week(Kind::Immersion);
        offer.parties = vec![(Party::Host, "Harbour crew".to_owned(), "crew@harbour.example".to_owned())];
        let outing = house.offer(&ada, offer).await;
        let id = house.wish(&ann, outing).await;
        let bo = house.by_link("bo@city.example").await;
        house.yes_by_link("bo@city.example", id).await;
        let crew = house.by_link("crew@harbour.example").await;
        let refused = house.store.give_standing_yes_by_link(&crew, id, 9, UNTIL, house.now()).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        house.store.give_standing_yes_by_link(&bo, id, 2, UNTIL, house.now()).await.expect("is given");
        assert_eq!(house.count("standing_yes", "half_days_a_month = 2").await, 1);
    });
}
