//! Links in letters and codes on cards: each opens its own door, for its own thing, and stands for nobody in particular.

use crate::house::{House, house, secrets};
use axum::http::StatusCode;

/// What people without an account hold, by name of whoever holds it.
fn held(house: &House) -> [(&'static str, String); 6] {
    let calendar = house.ids["calendar_file"].trim_end_matches(".ics").to_owned();
    let id = |name: &str| house.ids[name].clone();
    [
        ("link-manager", id("manager_link")),
        ("link-host", id("host_link")),
        ("resident", id("code")),
        ("inviter", id("invited")),
        ("neighbours", id("spoken")),
        ("calendar", calendar),
    ]
}

/// Pages for whoever is signed in.
const INSIDE: &[&str] = &[
    "/me",
    "/people",
    "/challenges",
    "/challenges/:challenge",
    "/invitations",
    "/communities",
    "/communities/:community",
    "/outings",
    "/outings/:outing",
    "/placements",
    "/placements/:placement",
    "/placements/:placement/consents",
    "/team",
    "/notes",
    "/notes/:note",
    "/media/:picture",
    "/reflections",
    "/changes",
    "/changes/:change",
    "/overview",
    "/works-council",
    "/audit",
    "/outbox",
];

#[tokio::test]
async fn what_somebody_holds_opens_its_own_door_and_no_other() {
    let house = house().await;
    for (holder, secret) in held(&house) {
        for (door, opens_for) in [
            (format!("/answer/{secret}"), &["link-manager", "link-host"][..]),
            (format!("/calendar/{secret}.ics"), &["calendar"]),
            (format!("/told/{secret}"), &["resident"]),
            (format!("/told/{secret}/withdrawal"), &["resident"]),
            (format!("/invited/{secret}"), &["inviter"]),
            (format!("/communities/{secret}"), &["neighbours"]),
            (format!("/communities/{secret}/notice"), &["neighbours"]),
            (format!("/password/{secret}"), &[]),
        ] {
            let got = house.send("nobody", &door, None).await;
            if opens_for.contains(&holder) {
                assert_eq!(got.status, StatusCode::OK, "{holder} at {door}");
            } else {
                let shut = matches!(got.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
                assert!(shut, "{holder} at {door}: {}", got.status);
            }
        }
    }
}

#[tokio::test]
async fn whoever_shows_a_link_or_a_code_as_if_it_were_a_session_is_nobody() {
    let house = house().await;
    for (holder, secret) in held(&house) {
        for pattern in INSIDE {
            let path = house.path(pattern);
            let (cookie, bearer) = (format!("session={secret}"), format!("Bearer {secret}"));
            for header in [("cookie", cookie.as_str()), ("authorization", bearer.as_str())] {
                let got = house.send_with("nobody", &path, None, "text/plain", &[header]).await;
                let shut =
                    matches!(got.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
                assert!(shut, "{holder} at {path} with {}: {}", header.0, got.status);
            }
        }
    }
}

#[tokio::test]
async fn a_managers_link_decides_its_own_placement_and_no_other() {
    let house = house().await;
    // Somebody else of the same team wants to go somewhere else.
    let wish = "learn=A&reflection_date=2026-12-20&reflection_time=09%3A00&talk_date=2026-12-25&talk_time=09%3A00";
    house.send("other", &house.path("/outings/:coming/wishes"), Some(wish)).await;
    let (others, miras) =
        (secrets(&house.store, "boss@city.example").await.remove(0), house.ids["manager_link"].clone());
    assert_ne!(others, miras);
    let said = house.send("nobody", &format!("/api/v1/answer/{others}"), Some("answer=yes")).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    for (link, person, open) in [(&others, "Person other", false), (&miras, "Person mira", true)] {
        let page = house.send("nobody", &format!("/api/v1/answer/{link}"), None).await;
        let page: serde_json::Value = serde_json::from_str(&page.body).expect("JSON");
        assert_eq!((page["person"].as_str(), page["open"].as_bool()), (Some(person), Some(open)), "{page}");
    }
}

#[tokio::test]
async fn a_no_by_link_ends_the_link_and_leaves_the_others_open() {
    let house = house().await;
    let [manager, host] = ["manager_link", "host_link"].map(|name| format!("/answer/{}", house.ids[name]));
    let no = house.send("nobody", &host, Some("answer=no&why=We+are+full")).await;
    assert_eq!(no.status, StatusCode::SEE_OTHER);
    let after = house.send("nobody", &host, None).await;
    assert!(matches!(after.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{}", after.status);
    assert_eq!(house.send("nobody", &manager, None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_calendar_link_shows_its_owners_days_and_ends_when_a_new_one_is_made() {
    let house = house().await;
    let path = house.path("/calendar/:calendar_file");
    let feed = house.send("nobody", &path, None).await;
    assert!(feed.body.starts_with("BEGIN:VCALENDAR") && feed.body.contains("Tea in the stairwell"), "{}", feed.body);
    house.send("mira", "/me/calendar", Some("")).await;
    assert_eq!(house.send("nobody", &path, None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_picture_is_shown_to_staff_as_what_it_is_and_to_nobody_else() {
    let house = house().await;
    let got = house.send("boss", &house.path("/media/:picture"), None).await;
    assert_eq!((got.status, got.headers["content-type"].as_bytes()), (StatusCode::OK, &b"image/jpeg"[..]));
    let refused = house.send("nobody", &house.path("/media/:picture"), None).await;
    assert!(matches!(refused.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND));
}
