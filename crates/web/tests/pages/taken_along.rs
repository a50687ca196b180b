//! Notes as files: what is in them, and what their holders are told.

use axum::http::StatusCode;

use crate::house::house;

#[tokio::test]
async fn the_owner_finds_the_files_on_the_page_and_nobody_else_does() {
    let house = house().await;
    let page = house.path("/challenges/:challenge");
    let link = house.path("/challenges/:challenge/notes.qdpx");
    assert!(house.send("owner", &page, None).await.body.contains(&link));
    assert!(!house.send("mira", &page, None).await.body.contains(&link));
}

#[tokio::test]
async fn every_file_names_where_withdrawals_are_listed_and_no_author() {
    let house = house().await;
    let there = house.path("/challenges/:challenge/withdrawals");
    for form in ["csv", "json", "md"] {
        let got = house.send("owner", &house.path(&format!("/challenges/:challenge/notes.{form}")), None).await;
        assert_eq!(got.status, StatusCode::OK);
        assert!(got.body.contains(&there), "{form}: {}", got.body);
        assert!(got.body.contains(&house.ids["note"]), "{form}: {}", got.body);
        assert!(!got.body.contains("Person mira"), "{form}: {}", got.body);
    }
}

#[tokio::test]
async fn what_was_taken_back_is_listed_for_whoever_holds_a_copy_and_is_in_no_file_any_more() {
    let house = house().await;
    let gone = house.send("mira", &house.path("/notes/:note/removal"), Some("")).await;
    assert!(gone.status.is_redirection(), "{}", gone.status);
    let list = house.send("nobody", &house.path("/api/v1/challenges/:challenge/withdrawals"), None).await;
    assert!(list.body.contains(&house.ids["note"]), "{}", list.body);
    let later = house.path("/api/v1/challenges/:challenge/withdrawals?since=2026-11-25");
    assert!(!house.send("nobody", &later, None).await.body.contains(&house.ids["note"]), "not since tomorrow");
    let file = house.send("owner", &house.path("/challenges/:challenge/notes.csv"), None).await;
    assert!(!file.body.contains(&house.ids["note"]), "{}", file.body);
}

#[tokio::test]
async fn the_list_of_what_was_taken_back_leads_to_its_challenge_for_those_who_may_see_it() {
    let house = house().await;
    let list = house.path("/challenges/:challenge/withdrawals");
    let back = format!("href=\"{}\"", house.path("/challenges/:challenge"));
    assert!(house.send("owner", &list, None).await.body.contains(&back));
    assert!(!house.send("nobody", &list, None).await.body.contains(&back));
}

#[tokio::test]
async fn the_record_of_a_consent_is_for_its_holder_and_says_nothing_of_anybody() {
    let house = house().await;
    let got = house.send("nobody", &house.path("/told/:code/record.json"), None).await;
    assert_eq!(got.status, StatusCode::OK);
    let record: serde_json::Value = serde_json::from_str(&got.body).expect("JSON");
    assert_eq!(record["event"][0]["event_state"], "given");
    assert_eq!(record["pii_processing"]["purposes"].as_array().map(Vec::len), Some(4));
    assert!(record["pii_processing"]["privacy_notice"].as_str().is_some_and(|n| n.contains("take it back")));
    assert!(!got.body.contains(&house.ids["code"]) && !got.body.contains("Person mira"), "{}", got.body);
    let all = house.send("auditor", "/consents.json", None).await;
    assert!(all.body.contains("\"given\"") && !all.body.contains(&house.ids["code"]), "{}", all.body);
}
