//! Safe out there, on its pages: nobody but the person sees anything before it is overdue; whoever was asked answers from
//! the letter; the letter says what is known, and no position.

use axum::http::StatusCode;
use freerange_store::Actor;

use crate::house::{House, house, real_city};

const GO: &str = "area=The+stairs&with=Jo&due_date=2026-11-24&due_time=14%3A00";

async fn page(house: &House, who: &str, path: &str) -> (StatusCode, String) {
    let got = house.send(who, path, None).await;
    (got.status, got.body)
}

#[tokio::test]
async fn whoever_goes_out_sees_it_and_the_buddy_only_what_is_overdue() {
    let house = house().await;
    let (_, mine) = page(&house, "mira", "/safe").await;
    assert_eq!(mine.matches("The stairs behind the mill</h2>").count(), 2);
    assert!(mine.contains("tel:+31331234567"), "the numbers of the city");
    for (who, sees) in [("other", true), ("boss", false), ("lead", false), ("admin", false), ("auditor", false)] {
        let (_, home) = page(&house, who, "/").await;
        assert_eq!(home.contains(&format!("/watch/{}", house.ids["overdue"])), sees, "{who}");
        assert!(!home.contains(&house.ids["out"]), "{who}");
        let (status, _) = page(&house, who, &house.path("/watch/:overdue")).await;
        assert_eq!(status == StatusCode::OK, sees, "{who}");
        assert_ne!(page(&house, who, &house.path("/watch/:out")).await.0, StatusCode::OK, "{who}: not overdue");
    }
}

#[tokio::test]
async fn the_link_of_the_letter_decides_nothing_until_somebody_presses_and_then_it_is_over() {
    let house = house().await;
    let link = house.path("/watch/:watch_link");
    for _ in 0..2 {
        let (status, shown) = page(&house, "nobody", &link).await;
        assert_eq!(status, StatusCode::OK);
        for said in ["Person mira", "The stairs behind the mill", "Person other", "Duty desk"] {
            assert!(shown.contains(said), "{said}");
        }
    }
    assert_eq!(house.send("nobody", &link, Some("heard=maybe")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(house.send("nobody", &link, Some("heard=no")).await.status.is_redirection());
    let (_, passed) = page(&house, "nobody", &link).await;
    assert!(!passed.contains("value=\"no\""), "it was passed on");
    assert!(house.send("nobody", &link, Some("heard=yes")).await.status.is_redirection());
    let (status, over) = page(&house, "nobody", &link).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(over.contains("Nobody has to look any more"));
    assert_eq!(page(&house, "other", &house.path("/watch/:overdue")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_letters_say_area_time_and_numbers_and_no_position() {
    let house = house().await;
    let outbox = house.store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let to = |email: &str| {
        let mut letters = outbox.iter().filter(|w| w.letter.to_email == email);
        letters.find(|w| w.letter.body.contains("The stairs behind the mill")).expect("a letter").letter.clone()
    };
    let buddy = to("other@city.example");
    assert_eq!(buddy.subject, "Person mira is not back yet");
    for said in ["The stairs behind the mill", "24 November 2026, 11:00", "Duty desk: +31 33 123 45 67", "/watch/"] {
        assert!(buddy.body.contains(said), "{said} in {}", buddy.body);
    }
    for never in ["lat", "lon", "GPS"] {
        assert!(!buddy.body.split_whitespace().any(|word| word == never), "{never}");
    }
    assert!(to("mira@city.example").body.contains("http://city.example/safe"));
}

#[tokio::test]
async fn whoever_reads_the_outbox_of_a_city_learns_nothing_about_who_is_out_there() {
    let demo = house().await;
    let letters = |body: &str| -> serde_json::Value {
        let page: serde_json::Value = serde_json::from_str(body).expect("JSON");
        page["letters"].clone()
    };
    assert!(page(&demo, "admin", "/outbox").await.1.contains("Person mira is not back yet"), "the demo is invented");
    // A mail server that does not know the buddy says so, with the address.
    let waiting = demo.store.outbox(&Actor::Program, 1).await.expect("opens").items;
    let failed = waiting.iter().find(|w| w.letter.subject == "Person mira is not back yet").expect("a letter");
    let said = format!("550 <{}> is not here", failed.letter.to_email);
    demo.store.mail_failed(failed, &said, crate::house::now()).await.expect("is noted");
    let mut city = demo;
    city.router = real_city(&city.store);
    let got = letters(&page(&city, "admin", "/api/v1/outbox").await.1);
    let all = got.as_array().expect("a list");
    let withheld: Vec<_> = all.iter().filter(|l| l["to"] == "").collect();
    assert_eq!(withheld.len(), waiting.iter().filter(|w| w.brief).count());
    assert!(withheld.len() >= 2 && withheld.len() < all.len(), "{} of {}", withheld.len(), all.len());
    for letter in &withheld {
        let text = letter.to_string();
        for name in ["mira", "other", "Are you back", "not back yet", "/watch/", "stairs"] {
            assert!(!text.contains(name), "{name}: {text}");
        }
    }
    assert!(withheld.iter().any(|l| l["problem"] == "550 <…> is not here"), "what went wrong is still said");
    let html = page(&city, "admin", "/outbox").await.1;
    assert!(html.contains("About somebody who is out there") && !html.contains("not back yet"));
}

#[tokio::test]
async fn a_form_that_cannot_be_says_why_and_keeps_what_was_written() {
    let house = house().await;
    let (placement, buddy) = (&house.ids["placement"], &house.ids["other"]);
    let form = |more: &str| format!("{GO}&placement={placement}&{more}");
    let fine = house.send("mira", "/safe", Some(&form(&format!("buddy={buddy}")))).await;
    assert!(fine.status.is_redirection(), "{}", fine.status);
    for (wrong, says) in [
        (form(&format!("buddy={buddy}")).replace("14%3A00", "09%3A59"), "This time is over"),
        (form(&format!("buddy={buddy}")).replace("2026-11-24", "2026-11-26"), "next 24 hours"),
        (form(&format!("buddy={buddy}")).replace("The+stairs", "x"), "Say it in a sentence"),
        (form("buddy="), "Choose one"),
    ] {
        let got = house.send("mira", "/safe", Some(&wrong)).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(got.body.contains(says) && got.body.contains("value=\"Jo\""), "{says}: {wrong}");
    }
    let sooner =
        house.send("mira", &house.path("/safe/:out/later"), Some("due_date=2026-11-24&due_time=10%3A30")).await;
    assert!(sooner.body.contains("after the one you said"), "{}", sooner.status);
}
