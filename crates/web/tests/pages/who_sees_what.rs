//! What a page and the API show to whom: of somebody's placement the boss and the organiser see that it is on its way and
//! the answers meant for them, on the page and in the API alike.

use crate::house::house;
use axum::http::StatusCode;

#[tokio::test]
async fn boss_and_organiser_see_no_check_in_and_no_coming_and_going() {
    let house = house().await;
    for prefix in ["", "/api/v1"] {
        let path = format!("{prefix}{}", house.path("/placements/:placement"));
        let own = house.send("mira", &path, None).await;
        assert_eq!(own.status, StatusCode::OK);
        assert!(own.body.contains("with Jo, until four") && own.body.contains("Left"), "that is how it looks");
        assert!(own.body.contains("How it feels"));
        for who in ["boss", "owner"] {
            let seen = house.send(who, &path, None).await;
            assert_eq!(seen.status, StatusCode::OK);
            for hidden in ["with Jo", "Left"] {
                assert!(!seen.body.contains(hidden), "{who} {path}: {hidden}\n{}", seen.body);
            }
            assert!(seen.body.contains("How it feels"), "an answer that is meant for them: {who}\n{}", seen.body);
        }
    }
}

#[tokio::test]
async fn the_api_gives_the_day_of_leaving_and_no_time() {
    let house = house().await;
    let path = format!("/api/v1{}", house.path("/placements/:placement"));
    let own: serde_json::Value = serde_json::from_str(&house.send("mira", &path, None).await.body).expect("JSON");
    let lines = own["history"].as_array().expect("a list");
    let left = lines.iter().find(|e| e["what"] == "Left").expect("is there for herself");
    assert_eq!((&left["day"], &left["at"]), (&serde_json::json!("2026-11-24"), &serde_json::Value::Null));
    assert!(lines.iter().any(|e| e["at"].is_string()), "other lines have their time");
}

#[tokio::test]
async fn sharing_words_that_were_taken_back_opens_the_text_with_the_reason_beside_it() {
    let house = house().await;
    let write = house.path("/placements/:placement/reflections/evening");
    let words = "struck=She+said%3A+nobody+told+me+that+page+five+is+the+easy+one";
    assert_eq!(house.send("mira", &write, Some(words)).await.status, StatusCode::SEE_OTHER);
    let taken_back = house.send("nobody", &house.path("/told/:code/withdrawal"), Some("")).await;
    assert_eq!(taken_back.status, StatusCode::SEE_OTHER);
    let list = house.send("mira", "/api/v1/reflections", None).await.body;
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let id = list["reflections"][0]["id"].as_str().expect("an id").to_owned();
    let page = house.send("mira", &format!("/reflections/{id}/sharing"), Some("")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("struck-error") || page.body.contains("error-struck"), "{}", page.body);
    assert!(page.body.contains("words that somebody took back") && page.body.contains("page five is the easy one"));
    let api = house.send("mira", &format!("/api/v1/reflections/{id}/sharing"), Some("")).await;
    let report: serde_json::Value = serde_json::from_str(&api.body).expect("JSON");
    assert_eq!((api.status, &report["errors"][0]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &"struck".into()));
}

#[tokio::test]
async fn every_evening_has_its_own_page_and_none_is_written_over() {
    let house = house().await;
    let write = house.path("/placements/:placement/reflections/evening");
    let today = house.send("mira", &write, None).await;
    assert!(today.body.contains("name=\"day\" value=\"2026-11-24\""), "{}", today.body);
    assert!(today.body.contains("How patient they are"), "today's is there already");
    // A day that has not come, one before the outing, and one that is none.
    for day in ["2026-11-25", "2026-11-23", "tomorrow"] {
        let refused = house.send("mira", &write, Some(&format!("day={day}&struck=A"))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{day}");
        assert!(refused.body.contains("Choose a day of this outing"), "{}", refused.body);
        assert_eq!(
            house.send("mira", &format!("{write}?day={day}"), None).await.status,
            StatusCode::NOT_FOUND,
            "{day}"
        );
    }
    let list = house.send("mira", "/api/v1/reflections", None).await.body;
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!(list["reflections"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["reflections"][0]["day"], "2026-11-24");
}

#[tokio::test]
async fn the_works_councils_page_has_a_sentence_for_every_line_in_every_language() {
    let house = house().await;
    let kept: serde_json::Value =
        serde_json::from_str(&house.send("mira", "/api/v1/works-council", None).await.body).expect("JSON");
    let lines = kept["kept"].as_array().expect("a list");
    assert_eq!(lines.len(), freerange_store::policy::KEPT.len());
    assert!(lines.iter().any(|l| l["seen_by"] == serde_json::json!(["nobody"])), "some things nobody sees");
    for lang in ["en", "ko", "nl", "es"] {
        let page = house.send_with("mira", "/works-council", None, "", &[("accept-language", lang)]).await.body;
        assert!(page.contains(&format!("lang=\"{lang}\"")), "{page}");
        for raw in ["kept-", "who-", "act-see-standing"] {
            assert!(!page.contains(raw), "{lang}: a key without its sentence: {raw}");
        }
    }
}
