//! Changes over HTTP: what a letter's link opens, and what is told of how they lasted.

use crate::house::{House, house};
use axum::http::StatusCode;

async fn answered(house: &House) -> bool {
    let got = house.send("owner", &format!("/api/v1{}", house.path("/changes/:change")), None).await;
    got.body.contains("\"kept\":\"partly\"")
}

#[tokio::test]
async fn one_click_shows_the_question_a_second_one_answers_it_and_then_the_link_is_dead() {
    let house = house().await;
    let door = house.path("/follow-ups/:kept_link");
    let page = house.send("nobody", &format!("{door}?kept=partly"), None).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("No more page four") && page.body.contains("value=\"partly\" checked"), "{}", page.body);
    assert!(!answered(&house).await, "opening it decides nothing");
    let unsaid = house.send("nobody", &door, Some("")).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = house.send("nobody", &door, Some("kept=partly&said=On+Tuesdays")).await;
    assert!(said.status.is_redirection(), "{}", said.status);
    assert!(answered(&house).await);
    for again in [house.send("nobody", &door, None).await, house.send("nobody", &door, Some("kept=kept")).await] {
        assert_eq!(again.status, StatusCode::NOT_FOUND);
        assert!(again.body.contains("answered already"), "{}", again.body);
    }
}

#[tokio::test]
async fn the_curve_says_what_is_compared_and_withholds_what_few_people_said() {
    let house = house().await;
    let page = house.send("mayor", "/overview/kept", None).await.body;
    for said in
        ["self-reported", "trainers in 150 organisations estimated", "at least five people", "62%", "44%", "34%"]
    {
        assert!(page.contains(said), "{said}");
    }
    house.send("nobody", &house.path("/follow-ups/:kept_link"), Some("kept=kept")).await;
    let json = house.send("mayor", "/api/v1/overview/kept", None).await.body;
    assert!(!json.contains("\"kept\":100"), "{json}");
}

#[tokio::test]
async fn a_negative_result_is_public_like_a_positive_one_in_the_list_the_feed_and_for_programs() {
    let house = house().await;
    let (page, id) = (house.send("nobody", &house.path("/experiments/:shown"), None).await, &house.ids["shown"]);
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("It does not hold") && page.body.contains("Nobody came."), "{}", page.body);
    assert!(!page.body.contains("Person owner"), "nobody is named");
    for door in ["/practices", "/practices.atom", "/api/v1/practices"] {
        let body = house.send("nobody", door, None).await.body;
        assert!(body.contains(id), "{door}");
    }
    let running = house.send("nobody", &house.path("/experiments/:experiment"), None).await;
    assert_eq!(running.status, StatusCode::NOT_FOUND);
    let portfolio = house.send("mayor", "/experiments", None).await.body;
    assert!(portfolio.contains("We have a hunch") && !portfolio.contains("Person owner"), "{portfolio}");
}

#[tokio::test]
async fn a_test_without_its_whole_card_is_sent_back_with_every_field_that_is_missing() {
    let house = house().await;
    let form = "kind=test&title=A&what=B&when_x=C&will_y=D&belief=E";
    let got = house.send("mira", "/changes", Some(form)).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["smallest_test", "baseline", "change_mind", "ends_on", "cost", "could_harm", "who_asked", "sureness"]
    {
        assert!(got.body.contains(&format!("href=\"#{field}")), "{field}: {}", got.body);
    }
}
