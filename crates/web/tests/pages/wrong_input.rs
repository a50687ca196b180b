//! Whatever is wrong with a form, a code, a date or a file: a clear answer beside the field, and nothing written.

use crate::house::house;
use axum::http::StatusCode;

/// Who, where, what is sent, what the answer says.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("mira", "/challenges", "", "Write something here"),
    ("mira", "/challenges", "title=A&question=B&why=C&decision=D&decision_on=2027-02-30", "A day of the calendar"),
    ("mira", "/challenges", "title=A&question=B&why=C&decision=D&decision_on=2020-01-01", "This day is over"),
    ("mira", "/challenges", "title=A&question=B&why=C&decision=D&decision_on=2090-01-01", "ten years"),
    ("mira", "/challenges", "title=A%00B&question=B&why=C&decision=D&decision_on=2027-01-01", "cannot be kept"),
    ("owner", "/challenges/:challenge/outcome", "status=ended&why=-", "Say it in a sentence"),
    ("owner", "/challenges/:challenge/outcome", "status=perhaps&why=Because", "Choose one"),
    ("mira", "/outings", "kind=holiday", "Choose one"),
    (
        "mira",
        "/outings",
        "kind=community-visit&starts_date=2026-12-02&starts_time=09%3A00&ends_date=2026-12-01&ends_time=09%3A00",
        "It ends before it begins",
    ),
    (
        "mira",
        "/outings",
        "kind=shadowing&starts_date=2026-12-01&starts_time=09%3A00&ends_date=2026-12-20&ends_time=09%3A00",
        "At most 5 days",
    ),
    ("mira", "/outings", "kind=shadowing&starts_date=2026-12-01&starts_time=25%3A00", "A time, like 09:30"),
    // In the night to 28 March 2027 the city's clocks go from two to three.
    (
        "mira",
        "/outings",
        "kind=shadowing&starts_date=2027-03-28&starts_time=02%3A30&ends_date=2027-03-28&ends_time=12%3A00",
        "the clocks go forward in that hour",
    ),
    (
        "mira",
        "/placements/:placement/return-dates",
        "reflection_date=2027-03-28&reflection_time=02%3A00&talk_date=2027-03-29&talk_time=09%3A00",
        "the clocks go forward in that hour",
    ),
    ("mira", "/outings", "seats=many", "A whole number from 1 to 500"),
    (
        "mira",
        "/outings/:coming/wishes",
        "learn=A&reflection_date=2026-12-01&reflection_time=09%3A00&talk_date=2026-12-02&talk_time=09%3A00",
        "come after the outing",
    ),
    (
        "mira",
        "/outings/:outing/wishes",
        "learn=A&reflection_date=2026-12-01&reflection_time=09%3A00&talk_date=2026-12-02&talk_time=09%3A00",
        "on this outing already",
    ),
    ("mira", "/placements/:placement/notes", "kind=said&seen=They+said+so", "consent card"),
    ("mira", "/placements/:placement/notes", "kind=saw&seen=A&lon=200&lat=10", "Longitude"),
    ("mira", "/placements/:placement/notes", "kind=saw&seen=A&consent=not-an-id", "Choose one"),
    ("mira", "/placements/:placement/consents", "language=en&quote=yes", "Of minors nothing is kept"),
    ("nobody", "/invitations", "group_name=A&contact_name=B", "an e-mail address or a telephone number"),
    ("nobody", "/invitations", "contact_email=not-an-address", "An e-mail address"),
    ("mira", "/free-range", "plan=A&starts_date=2026-12-01&starts_time=09%3A00&ends_time=12%3A00", "no standing yes"),
    ("mira", "/changes", "kind=test&title=A&what=B&when_x=C&will_y=D", "Write something here"),
    ("owner", "/experiments/:change/result", "finding=unclear&result=A", "Only a test"),
    (
        "mira",
        "/practices",
        "title=A&problem=B&what=C&how=D&needed=E&result=F&careful=G&language=en&origin_url=javascript:alert(1)",
        "starts with https://",
    ),
];

#[tokio::test]
async fn every_wrong_form_is_answered_beside_its_field_and_nothing_is_written() {
    let house = house().await;
    let everything = [
        ("lead", "/challenges"),
        ("lead", "/outings"),
        ("mira", "/placements"),
        ("mira", "/notes"),
        ("lead", "/changes"),
        ("lead", "/practices"),
        ("lead", "/invitations"),
    ];
    let mut before = Vec::new();
    for (who, path) in everything {
        before.push(house.send(who, &format!("/api/v1{path}"), None).await.body);
    }
    for (who, pattern, form, says) in WRONG {
        let path = house.path(pattern);
        let page = house.send(who, &path, Some(form)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form}\n{}", page.body);
        assert!(page.body.contains(says), "{path} {form}: lacks “{says}”");
        assert!(page.body.contains("error-summary"), "{path} {form}: no list of errors");
        let api = house.send(who, &format!("/api/v1{path}"), Some(form)).await;
        assert_eq!(api.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form}");
        assert!(api.body.starts_with("{\"errors\":"), "{}", api.body);
    }
    for ((who, path), before) in everything.into_iter().zip(before) {
        assert_eq!(house.send(who, &format!("/api/v1{path}"), None).await.body, before, "{path} was changed");
    }
}

#[tokio::test]
async fn what_was_written_is_shown_again_and_escaped() {
    let house = house().await;
    let page = house.send("mira", "/challenges", Some("title=%3Cscript%3Ealert(1)%3C%2Fscript%3E&question=")).await;
    assert!(page.body.contains("&#60;script&#62;alert(1)"), "the title is kept, as text");
    assert!(!page.body.contains("<script>alert"));
}

#[tokio::test]
async fn codes_and_links_that_are_wrong_say_so_and_open_nothing() {
    let house = house().await;
    for (typed, says) in [
        ("", "nine letters"),
        ("K7MW", "nine letters"),
        ("K7MW-4QXT-0", "no code has"),
        ("2222-2222-3", "does not fit"),
    ] {
        let got = house.send("nobody", &format!("/told?code={typed}"), None).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(got.body.contains(says), "{typed}: lacks “{says}”");
    }
    for path in [
        "/told/2222-2222-2",
        "/invited/2222-2222-2",
        "/answer/abc",
        "/calendar/abc.ics",
        "/outings/not-an-id",
        "/nowhere",
    ] {
        let got = house.send("nobody", path, None).await;
        let there = matches!(got.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN);
        assert!(there && got.body.contains("<h1>"), "{path}: {}", got.status);
    }
}

#[tokio::test]
async fn guessing_codes_is_stopped() {
    let house = house().await;
    let mut last = StatusCode::OK;
    for _ in 0..40 {
        last = house.send("nobody", "/told/2222-2222-2", None).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_form_from_another_site_does_nothing() {
    let house = house().await;
    let form = "application/x-www-form-urlencoded";
    for header in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example"), ("origin", "null")] {
        let got = house.send_with("mira", "/sessions/end", Some(""), form, &[header]).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{header:?}");
    }
    assert_eq!(house.send("mira", "/me", None).await.status, StatusCode::OK, "still signed in");
}

fn upload(bytes: &[u8]) -> Vec<u8> {
    let part =
        |name: &str, value: &str| format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let head = "--B\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.jpg\"\r\n\r\n";
    let before =
        [part("kind", "saw"), part("seen", "A door"), part("picture_text", "A door"), head.to_owned()].concat();
    [before.as_bytes(), bytes, b"\r\n--B--\r\n"].concat()
}

/// The checksum of a PNG chunk (ISO 3309), so that a reader believes what the chunk says.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let all = bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
    (!all).to_be_bytes()
}

fn chunk(name: &[u8], data: &[u8]) -> Vec<u8> {
    let (length, content) = (u32::try_from(data.len()).expect("short"), [name, data].concat());
    [&length.to_be_bytes()[..], &content, &crc(&content)].concat()
}

/// A PNG with a true header that claims so many pixels each way, eight bits a colour, and holds none.
fn png_claiming(side: u32) -> Vec<u8> {
    let header = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let empty = b"\x78\x9c\x03\0\0\0\0\x01";
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header), chunk(b"IDAT", empty), chunk(b"IEND", b"")].concat()
}

#[tokio::test]
async fn files_that_are_no_pictures_too_large_or_bombs_are_refused_with_a_reason() {
    let house = house().await;
    let path = house.path("/placements/:placement/notes");
    let (no_picture, wrong) = ("Only JPEG, PNG or WebP pictures", StatusCode::UNPROCESSABLE_ENTITY);
    for (bytes, status, says) in [
        (b"<svg onload=alert(1)>".to_vec(), wrong, no_picture),
        (b"%PDF-1.7".to_vec(), wrong, no_picture),
        (b"GIF89a\x01\x00\x01\x00".to_vec(), wrong, no_picture),
        // Ten gigabytes when decoded; and the same header with a size that would be taken, but without its pixels.
        (png_claiming(50_000), wrong, "more than 40 million pixels"),
        (png_claiming(50), wrong, "The picture cannot be read"),
        (vec![0x20; 14 * 1024 * 1024], StatusCode::PAYLOAD_TOO_LARGE, "too large"),
    ] {
        let mime = "multipart/form-data; boundary=B";
        let got = house.send_bytes("mira", &path, Some(&upload(&bytes)), mime, &[]).await;
        assert_eq!(got.status, status, "{:?}", &bytes[..8]);
        assert!(got.body.contains(says), "{:?}: lacks “{says}”", &bytes[..8]);
    }
    let notes = house.send("mira", "/api/v1/notes", None).await.body;
    assert!(!notes.contains("\"seen\":\"A door\""), "nothing was kept");
}

#[tokio::test]
async fn an_offer_on_a_challenge_that_was_just_closed_loses_nothing_that_was_written() {
    let house = house().await;
    let close = house.path("/challenges/:challenge/outcome");
    let closed = house.send("owner", &close, Some("status=ended&why=No+money+this+year")).await;
    assert!(closed.status.is_redirection(), "{}", closed.status);
    let offer = format!(
        "kind=learning-visit&title=A+whole+evening+of+writing&description=B&challenge={}&meeting_point=C&host_name=D&safety_plan=E&language=en&starts_date=2026-12-01&starts_time=09%3A00&ends_date=2026-12-02&ends_time=09%3A00&seats=2&photos=none&publicity=none&peer_city_name=P&peer_city_email=p%40peer.example",
        house.ids["challenge"]
    );
    let got = house.send("owner", "/outings", Some(&offer)).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(got.body.contains("A whole evening of writing"), "what was written is there again");
    assert!(got.body.contains("This challenge was closed meanwhile"), "and why");
}
