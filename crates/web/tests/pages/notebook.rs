//! The phone notebook's addresses: what a phone is told, in a form it can read, whatever goes wrong.

use axum::http::{StatusCode, header};
use freerange_notebook::{Batch, Outcome, PROTOCOL, Pack, Record, Synced, What};
use serde_json::Value;
use uuid::Uuid;

use crate::house::{Got, House, actor, batch, house, now};

const JSON: &str = "application/json";

async fn of_mira(house: &House) -> Batch {
    batch(&actor(&house.store, &house.tokens["mira"]).await, Uuid::now_v7())
}

async fn send(house: &House, walker: &str, batch: &Batch) -> Got {
    let body = serde_json::to_string(batch).expect("JSON");
    house.send_with(walker, "/notebook/sync", Some(&body), JSON, &[("sec-fetch-site", "same-origin")]).await
}

fn problem(got: &Got) -> String {
    let value: Value = serde_json::from_str(&got.body).unwrap_or_else(|_| panic!("not JSON: {}", got.body));
    assert!(!value["message"].as_str().unwrap_or_default().is_empty());
    value["problem"].as_str().unwrap_or_default().to_owned()
}

fn note(house: &House, seen: &str) -> Record {
    let says = freerange_notebook::NoteVersion {
        note: Uuid::now_v7(),
        placement: house.ids["placement"].parse().expect("an id"),
        follows: Vec::new(),
        sort: "saw".into(),
        seen: seen.into(),
        meaning: String::new(),
        place: None,
        point: None,
        consent: None,
        happened: now().as_microsecond(),
    };
    Record { id: Uuid::now_v7(), at: now().as_microsecond(), what: What::Note(says) }
}

#[tokio::test]
async fn a_phone_whose_session_has_ended_is_told_so_as_json_and_sends_the_same_after_signing_in() {
    let house = house().await;
    let mut batch = of_mira(&house).await;
    batch.records.push(note(&house, "Kept until I sign in"));
    for path in ["/notebook/pack", "/notebook/places", "/notebook/keys"] {
        let got = house.send("nobody", path, None).await;
        assert_eq!((got.status, problem(&got).as_str()), (StatusCode::UNAUTHORIZED, "problem-signed-out"), "{path}");
    }
    let got = send(&house, "nobody", &batch).await;
    assert_eq!((got.status, problem(&got).as_str()), (StatusCode::UNAUTHORIZED, "problem-signed-out"));
    assert!(got.headers.get(header::LOCATION).is_none());
    let got = send(&house, "mira", &batch).await;
    let synced: Synced = serde_json::from_str(&got.body).expect("an answer");
    assert_eq!(synced.answers[0].outcome, Outcome::Kept);
    assert!(synced.notes.iter().any(|n| n.heads[0].says.seen == "Kept until I sign in"));
}

#[tokio::test]
async fn another_person_a_newer_phone_and_another_site_are_turned_away_each_with_its_reason() {
    let house = house().await;
    let batch = of_mira(&house).await;
    let got = send(&house, "other", &batch).await;
    assert_eq!((got.status, problem(&got).as_str()), (StatusCode::FORBIDDEN, "problem-other-person"));
    let newer = format!(r#"{{"protocol":{},"something":"new"}}"#, PROTOCOL + 1);
    let got = house.send_with("mira", "/notebook/sync", Some(&newer), JSON, &[]).await;
    assert_eq!((got.status, problem(&got).as_str()), (StatusCode::CONFLICT, "server-too-old"));
    let body = serde_json::to_string(&batch).expect("JSON");
    let got = house.send_with("mira", "/notebook/sync", Some(&body), JSON, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!((got.status, problem(&got).as_str()), (StatusCode::FORBIDDEN, "problem-forged"));
    let got = house.send_with("mira", "/notebook/sync", Some("[]"), JSON, &[]).await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
    let mut many = batch.clone();
    many.records = (0..101).map(|n| note(&house, &format!("note {n}"))).collect();
    let got = send(&house, "mira", &many).await;
    assert_eq!((got.status, problem(&got).as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "too-many-records"));
}

#[tokio::test]
async fn what_is_refused_says_why_in_the_readers_language() {
    let house = house().await;
    let mut batch = of_mira(&house).await;
    let mut said = note(&house, "Nobody asked me");
    if let What::Note(says) = &mut said.what {
        says.sort = "said".into();
    }
    let mut waits = note(&house, "On a card that is on its way");
    if let What::Note(says) = &mut waits.what {
        says.consent = Some(Uuid::now_v7());
    }
    let mut long = note(&house, "x");
    if let What::Note(says) = &mut long.what {
        says.seen = "long ".repeat(2_000);
    }
    batch.records = vec![said, waits, long];
    let body = serde_json::to_string(&batch).expect("JSON");
    let mut sentences = Vec::new();
    for lang in ["en", "nl"] {
        let path = format!("/notebook/sync?lang={lang}");
        let got = house.send_with("mira", &path, Some(&body), JSON, &[]).await;
        let synced: Synced = serde_json::from_str(&got.body).expect("an answer");
        let why: Vec<&str> = synced.answers.iter().filter_map(|a| a.why.as_deref()).collect();
        assert_eq!(why, ["quote-without-consent", "waits-for-consent", "note-too-long"]);
        let says: Vec<String> = synced.answers.into_iter().filter_map(|a| a.says).collect();
        assert!(says.iter().all(|s| s.contains(' ') && !s.starts_with("error-")), "{says:?}");
        sentences.push(says);
    }
    assert_ne!(sentences[0], sentences[1]);
}

#[tokio::test]
async fn the_pack_and_the_places_are_sent_once_and_again_only_when_they_changed() {
    let house = house().await;
    for path in ["/notebook/pack", "/notebook/places"] {
        let got = house.send("mira", path, None).await;
        assert_eq!(got.status, StatusCode::OK, "{path}");
        let mark = got.headers[header::ETAG].to_str().expect("a mark").to_owned();
        let again = house.send_with("mira", path, None, JSON, &[("if-none-match", &mark)]).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        let other = house.send_with("mira", path, None, JSON, &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, StatusCode::OK, "{path}");
    }
    let got = house.send("mira", "/notebook/pack", None).await;
    let pack: Pack = serde_json::from_str(&got.body).expect("a pack");
    assert_eq!((pack.name.as_str(), pack.now), ("Person mira", now().as_microsecond()));
    assert!(pack.outings.iter().any(|o| o.placement.to_string() == house.ids["placement"] && o.may_write));
    assert_eq!((pack.numbers[0].label.as_str(), pack.numbers[0].number.as_str()), ("Duty desk", "+31 33 123 45 67"));
    assert!(pack.card.basis.contains(' '));
}

#[tokio::test]
async fn a_phone_is_on_its_owners_page_and_forgets_everything_once_it_is_locked_there() {
    let house = house().await;
    let mut batch = of_mira(&house).await;
    batch.device = house.ids["device"].parse().expect("an id");
    let page = house.send("mira", "/notebook/devices", None).await.body;
    assert!(page.contains("Pixel 7, Chrome") && page.contains("/lock"));
    let path = house.path("/notebook/devices/:device/lock");
    assert_eq!(house.send("mira", &path, Some("")).await.status, StatusCode::SEE_OTHER);
    batch.records.push(note(&house, "From a thief"));
    let got = send(&house, "mira", &batch).await;
    let synced: Synced = serde_json::from_str(&got.body).expect("an answer");
    assert!(synced.locked && synced.notes.is_empty() && synced.answers.is_empty());
    let page = house.send("mira", "/notebook/devices", None).await.body;
    assert!(!page.contains("/lock\""));
}

#[tokio::test]
async fn keys_of_the_diary_come_and_go_and_open_nothing_here() {
    let house = house().await;
    let path = format!("/notebook/keys/{}", Uuid::now_v7());
    let key = br#"{"sort":"passphrase","salt":"AAEC","wrapped":"AwQF"}"#;
    for _ in 0..2 {
        let got = house.send_as("PUT", "mira", &path, Some(key), JSON, &[]).await;
        assert_eq!(got.status, StatusCode::OK, "{}", got.body);
    }
    let other = br#"{"sort":"passphrase","salt":"AAEC","wrapped":"AAAA"}"#;
    let got = house.send_as("PUT", "mira", &path, Some(other), JSON, &[]).await;
    assert_eq!((got.status, problem(&got).as_str()), (StatusCode::CONFLICT, "other-content"));
    assert!(house.send("mira", "/notebook/keys", None).await.body.contains("AwQF"));
    assert!(!house.send("other", "/notebook/keys", None).await.body.contains("AwQF"));
    let got = house.send_as("DELETE", "mira", &path, None, JSON, &[]).await;
    assert_eq!((got.status, got.body.as_str()), (StatusCode::OK, r#"{"keys":[]}"#));
}

#[tokio::test]
async fn a_note_in_two_wordings_shows_both_on_its_page_and_the_edit_page_brings_them_together() {
    let house = house().await;
    let mut batch = of_mira(&house).await;
    let first = note(&house, "Three lamps are out");
    let What::Note(says) = first.what.clone() else { panic!("a note") };
    let edit = |seen: &str| {
        let says = freerange_notebook::NoteVersion { follows: vec![first.id], seen: seen.into(), ..says.clone() };
        Record { id: Uuid::now_v7(), at: now().as_microsecond(), what: What::Note(says) }
    };
    batch.records = vec![first.clone(), edit("Four lamps are out"), edit("Three lamps are out, one flickers")];
    assert_eq!(send(&house, "mira", &batch).await.status, StatusCode::OK);
    let path = format!("/notes/{}", says.note);
    let page = house.send("other", &path, None).await.body;
    assert!(page.contains("Four lamps are out") && page.contains("one flickers"));
    assert!(!page.contains(">Three lamps are out<"), "what was there before is the author's own");
    assert!(house.send("mira", &path, None).await.body.contains(">Three lamps are out<"));
    let form = house.send("mira", &format!("{path}/edit"), None).await.body;
    let follows: Vec<&str> =
        form.split("name=\"follows\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(follows.len(), 2);
    let body = format!("kind=saw&seen=Four+lamps&follows={}&follows={}", follows[0], follows[1]);
    assert_eq!(house.send("mira", &path, Some(&body)).await.status, StatusCode::SEE_OTHER);
    let page = house.send("other", &path, None).await.body;
    assert!(page.contains("Four lamps") && !page.contains("one flickers"));
}
