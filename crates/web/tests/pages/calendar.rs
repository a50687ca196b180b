//! The calendar as a calendar program reads it: ids that stay, moments in UTC, titles and nothing that anybody thought.

use std::collections::BTreeMap;

use crate::house::{House, actor, house, now};
use axum::http::{StatusCode, header};
use icalendar::{Calendar, CalendarComponent, Component as _, parser};
use jiff::{Timestamp, ToSpan as _};

/// The feed of one of the walkers, read by the parser: entries by id.
async fn feed(house: &House, address: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let got = house.send("nobody", address, None).await;
    assert_eq!(got.status, StatusCode::OK, "the address is the secret: no session is needed");
    assert_eq!(got.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
    assert!(!got.body.contains("patient"), "a reflection's words are in no calendar");
    let read: Calendar = parser::read_calendar(&parser::unfold(&got.body)).expect("is a calendar").into();
    let event = |c: &CalendarComponent| {
        let CalendarComponent::Event(event) = c else { panic!("only events: {c:?}") };
        let properties = event.properties().iter().map(|(k, p)| (k.clone(), p.value().to_owned())).collect();
        (event.get_uid().expect("an id").to_owned(), properties)
    };
    let events: Vec<(String, BTreeMap<String, String>)> = read.components.iter().map(event).collect();
    let by_id: BTreeMap<_, _> = events.iter().cloned().collect();
    assert_eq!(by_id.len(), events.len(), "each id is there once");
    by_id
}

/// Makes a calendar address as somebody who is signed in.
async fn address(house: &House, walker: &str) -> String {
    let got = house.send(walker, "/api/v1/me/calendar", Some("")).await;
    let done: serde_json::Value = serde_json::from_str(&got.body).expect("JSON");
    done["see"].as_str().expect("an address").trim_start_matches("http://city.example").to_owned()
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[tokio::test]
async fn ones_own_dates_are_in_it_with_ids_that_stay() {
    let house = house().await;
    let mine = address(&house, "mira").await;
    let first = feed(&house, &mine).await;
    let id = &house.ids["placement"];
    let ids: Vec<&str> = first.keys().map(String::as_str).collect();
    let expected =
        [format!("outing-{id}@freerange"), format!("reflection-{id}@freerange"), format!("talk-{id}@freerange")];
    assert_eq!(ids, expected);
    for (id, entry) in &first {
        assert_eq!(entry["DTSTAMP"], utc(now()), "{id}");
        assert!(entry["DTSTART"].ends_with('Z') && entry["DTEND"].ends_with('Z'), "{id}: {entry:?}");
        assert!(entry["DTSTART"] < entry["DTEND"], "{id}");
    }
    assert_eq!(first[&expected[0]]["DTSTART"], utc(now()));
    assert_eq!(first[&expected[2]]["DTSTART"], utc(now() + (9 * 24).hours()));
    // Another day for the talk is the same entry.
    let mira = actor(&house.store, &house.tokens["mira"]).await;
    let (thinking, talk) = (now() + 72.hours(), now() + (11 * 24).hours());
    let placement = id.parse().expect("an id");
    house.store.book_return(&mira, placement, thinking, talk, now()).await.expect("is booked");
    let second = feed(&house, &mine).await;
    assert_eq!(second.keys().collect::<Vec<_>>(), first.keys().collect::<Vec<_>>());
    assert_eq!(second[&expected[2]]["DTSTART"], utc(talk));
    assert_eq!((first[&expected[2]]["SEQUENCE"].as_str(), second[&expected[2]]["SEQUENCE"].as_str()), ("0", "1"));
    assert_eq!(second[&expected[1]]["SEQUENCE"], "0", "what did not move is the same");
}

/// The entry in the file that goes with the last letter to somebody about this.
async fn file_to(house: &House, email: &str, subject: &str) -> BTreeMap<String, String> {
    let due = house.store.mail_due(now()).await.expect("lists");
    let letter = due.into_iter().rfind(|l| l.letter.to_email == email && l.letter.subject == subject);
    let file = letter.expect("a letter").letter.calendar.expect("a file for the calendar");
    let read: Calendar = parser::read_calendar(&parser::unfold(&file)).expect("is a calendar").into();
    let Some(CalendarComponent::Event(event)) = read.components.first() else { panic!("an entry: {file}") };
    let mut entry: BTreeMap<_, _> = event.properties().iter().map(|(k, p)| (k.clone(), p.value().to_owned())).collect();
    entry.insert("UID".into(), event.get_uid().expect("an id").to_owned());
    entry.insert("METHOD".into(), read.property_value("METHOD").unwrap_or_default().to_owned());
    entry
}

#[tokio::test]
async fn a_return_talk_that_moves_moves_in_both_calendars_and_one_that_is_dropped_leaves_them() {
    use freerange_store::placement::Step;
    let house = house().await;
    let id = house.ids["placement"].clone();
    let placement = id.parse().expect("an id");
    let mira = actor(&house.store, &house.tokens["mira"]).await;
    for letter in house.store.mail_due(now()).await.expect("lists") {
        house.store.mail_sent(letter.id, now()).await.expect("is noted");
    }
    let (thinking, talk) = (now() + 72.hours(), now() + (11 * 24).hours());
    house.store.book_return(&mira, placement, thinking, talk, now()).await.expect("is moved");
    let theirs = file_to(&house, "boss@city.example", "Return talk with Person mira").await;
    assert_eq!(theirs["UID"], format!("team-talk-{id}@freerange"), "the id of the feed, so that nothing doubles");
    assert_eq!((theirs["SEQUENCE"].as_str(), theirs["METHOD"].as_str()), ("1", "PUBLISH"));
    assert_eq!(theirs["DTSTART"], utc(talk));
    assert!(!format!("{theirs:?}").contains("stairwell"), "where she was is not in it: {theirs:?}");
    let hers = file_to(&house, "mira@city.example", "Return talk with the manager").await;
    assert_eq!((hers["UID"].as_str(), hers["SEQUENCE"].as_str()), (format!("talk-{id}@freerange").as_str(), "1"));
    let zone = jiff::tz::TimeZone::UTC;
    house.store.step(&mira, placement, Step::ComeBack { zone }, now()).await.expect("is back");
    let form = "what=talk&drop_why=We+said+it+all+on+the+train";
    let got = house.send("mira", &format!("/placements/{id}/return-waiver"), Some(form)).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    let gone = file_to(&house, "boss@city.example", "Return talk with Person mira").await;
    assert_eq!((gone["SEQUENCE"].as_str(), gone["METHOD"].as_str()), ("2", "CANCEL"));
    assert_eq!(gone["STATUS"], "CANCELLED");
    let team = feed(&house, &address(&house, "boss").await).await;
    assert!(!team.contains_key(&format!("team-talk-{id}@freerange")), "{team:?}");
    // He reads why; whoever organised the outing does not.
    assert!(house.send("boss", &format!("/placements/{id}"), None).await.body.contains("on the train"));
    assert!(!house.send("owner", &format!("/placements/{id}"), None).await.body.contains("on the train"));
}

#[tokio::test]
async fn a_manager_finds_return_talks_and_who_is_away_and_nothing_else_of_the_team() {
    let house = house().await;
    let team = feed(&house, &address(&house, "boss").await).await;
    let id = &house.ids["placement"];
    let (away, talk) = (format!("away-{id}@freerange"), format!("team-talk-{id}@freerange"));
    assert_eq!(team.keys().collect::<Vec<_>>(), [&away, &talk]);
    assert_eq!(team[&away]["SUMMARY"], "Away: Person mira");
    assert_eq!(team[&talk]["SUMMARY"], "Return talk with Person mira");
    assert_eq!(team[&talk]["DTSTART"], utc(now() + (9 * 24).hours()));
    for entry in team.values() {
        let titles = format!("{entry:?}");
        assert!(!titles.contains("stairwell"), "where somebody is, is not the calendar's to tell: {titles}");
    }
    // Whoever manages nobody has an empty one.
    assert!(feed(&house, &address(&house, "auditor").await).await.is_empty());
}
