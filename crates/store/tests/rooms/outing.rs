//! Outings as they are found: by what somebody needs there, until a day, in the language spoken; and whom to ask.

use freerange_domain::outing::{Access, Kind};
use freerange_store::{
    Actor,
    outing::{Offer, Search},
};
use freerange_testkit::{House, both, city, line, sign_in_as};
use jiff::{Timestamp, ToSpan as _};
use sqlx::{Connection as _, Row as _};

async fn found(house: &House, who: &Actor, search: Search) -> Vec<String> {
    let titles = |o: freerange_store::outing::Listed| o.title;
    house.store.outings(who, &search, 1).await.expect("is searched").items.into_iter().map(titles).collect()
}

#[test]
fn whoever_needs_several_things_finds_outings_that_have_all_of_them() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        for (title, access) in [
            ("Stairs", vec![]),
            ("Ramp", vec![Access::StepFree]),
            ("Hall", vec![Access::Seating, Access::Toilet, Access::StepFree]),
            ("Screen", vec![Access::NoOvernight, Access::Remote, Access::StepFree]),
        ] {
            house.offer(&ann, Offer { title: line(title), access, ..house.in_a_week(Kind::CommunityVisit) }).await;
        }
        let with = |access: &[Access]| Search { access: access.to_vec(), from: house.now(), ..Search::default() };
        assert_eq!(found(house, &ann, with(&[])).await.len(), 4);
        assert_eq!(found(house, &ann, with(&[Access::StepFree])).await, ["Ramp", "Hall", "Screen"]);
        // In whatever order they are asked for.
        assert_eq!(found(house, &ann, with(&[Access::Toilet, Access::StepFree])).await, ["Hall"]);
        assert_eq!(
            found(house, &ann, with(&[Access::StepFree, Access::Remote, Access::NoOvernight])).await,
            ["Screen"]
        );
        assert!(found(house, &ann, with(&[Access::Hearing])).await.is_empty());
        let listed = house.store.outings(&ann, &with(&[Access::Toilet]), 1).await.expect("is searched").items;
        assert_eq!(listed[0].access, [Access::StepFree, Access::Toilet, Access::Seating], "in the order people read");
    });
}

#[test]
fn outings_are_found_up_to_a_day_and_in_languages_that_are_spoken() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        for (title, language, days) in [("Soon", "tr", 2), ("Later", "ar", 20), ("Much later", "tr", 40)] {
            let at = house.now() + (days * 24).hours();
            let offer = freerange_testkit::outing(Kind::CommunityVisit, at);
            house.offer(&ann, Offer { title: line(title), language: language.to_owned(), ..offer }).await;
        }
        let day = |n: i64| -> Timestamp { house.now() + (n * 24).hours() };
        let until = |from, until| Search { from, until: Some(until), ..Search::default() };
        assert_eq!(found(house, &ann, until(day(0), day(21))).await, ["Soon", "Later"]);
        assert_eq!(found(house, &ann, until(day(3), day(21))).await, ["Later"]);
        let languages = house.store.outing_languages(&ann, house.now()).await.expect("are read");
        assert_eq!(languages, ["ar", "tr"], "only what is spoken somewhere");
        assert_eq!(house.store.outing_languages(&ann, day(30)).await.expect("are read"), ["tr"]);
    });
}

#[test]
fn colleagues_are_named_only_when_they_chose_so_and_only_as_long_as_they_do() {
    both(async |house| {
        let town = city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let offer = Offer { place: Some(town.place("Mill")), ..house.in_a_week(Kind::CommunityVisit) };
        let (_, id) = house.out(&ann, &bo, offer).await;
        house.home_again(&ann, id).await;
        let again = Offer { place: Some(town.place("Mill")), ..house.in_a_week(Kind::CommunityVisit) };
        let next = house.offer(&bo, again).await;
        let askable = async || house.store.voices(&bo, next).await.expect("is for everybody here").askable;
        assert!(askable().await.is_empty());
        assert!(house.store.let_ask(&bo, id, true).await.is_err(), "nobody says it for somebody else");
        house.store.let_ask(&ann, id, true).await.expect("is one's own");
        assert_eq!(askable().await, ["Ann Berg"]);
        // Another host is another matter.
        let other = Offer { place: Some(town.place("Dyke")), ..house.in_a_week(Kind::CommunityVisit) };
        let other = house.offer(&bo, other).await;
        assert!(house.store.voices(&bo, other).await.expect("reads").askable.is_empty());
        house.store.let_ask(&ann, id, false).await.expect("is one's own");
        assert!(askable().await.is_empty());
    });
}

/// What was known of steps before access needs were several stays true.
#[tokio::test]
async fn an_outing_without_steps_stays_one_after_the_migration() {
    let before = include_str!("../../migrations/sqlite/0001_house.sql");
    let change = include_str!("../../migrations/sqlite/0004_editing.sql");
    assert_eq!(change, include_str!("../../migrations/postgres/0004_editing.sql"), "the same for both");
    let mut old = sqlx::SqliteConnection::connect("sqlite::memory:").await.expect("opens");
    sqlx::raw_sql(before).execute(&mut old).await.expect("the house as it was");
    sqlx::raw_sql(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO outing (id, kind, title, description, organiser_id, meeting_point, host_name, host_wants, host_gets, safety_plan,
            access_notes, step_free, language, starts_at, ends_at, seats, photos, notes_allowed, publicity, status, created_at)
         VALUES (x'01', 'community-visit', 'Ramp', '', x'02', '', '', '', '', '', '', TRUE, 'nl', 1, 2, 3, 'none', TRUE, 'none', 'open', 0),
                (x'03', 'community-visit', 'Stairs', '', x'02', '', '', '', '', '', '', FALSE, 'nl', 1, 2, 3, 'none', TRUE, 'none', 'open', 0)",
    )
    .execute(&mut old)
    .await
    .expect("two outings");
    sqlx::raw_sql(change).execute(&mut old).await.expect("the change");
    let rows = sqlx::query("SELECT title, access FROM outing ORDER BY title").fetch_all(&mut old).await.expect("reads");
    let now: Vec<(String, String)> = rows.iter().map(|r| (r.get("title"), r.get("access"))).collect();
    let expected = [("Ramp", r#"["step-free"]"#), ("Stairs", "[]")].map(|(t, a)| (t.to_owned(), a.to_owned()));
    assert_eq!(now, expected);
}
