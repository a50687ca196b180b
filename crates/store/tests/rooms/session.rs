//! Signing in and out, and the links with which a password is set.

use freerange_domain::{outing::Kind, people::Email, reflection};
use freerange_store::{Actor, StoreError, Token, session::Attempt};
use freerange_testkit::{House, PASSWORD, answers, both, city, sign_in_as, staff};
use jiff::ToSpan as _;

const ANOTHER: &str = "a window to the north";

async fn knock(house: &House, email: &str, password: &str, from: &str) -> freerange_store::Result<Token> {
    house.store.sign_in(&Attempt { email, password, from, agent: "a test" }, house.now()).await
}

fn ann() -> Email {
    Email::parse("ann@city.example").expect("an address")
}

#[test]
fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        for (email, password) in [
            ("ann@city.example", ANOTHER),
            ("ann@city.example", ""),
            ("nobody@city.example", PASSWORD),
            ("no address", PASSWORD),
            // Ben works here and has no password yet.
            ("ben@city.example", ""),
        ] {
            let refused = knock(house, email, password, "192.0.2.1").await;
            assert!(matches!(refused, Err(StoreError::WrongPassword)), "{email}: {refused:?}");
        }
        assert!(knock(house, " Ann@City.example ", PASSWORD, "192.0.2.1").await.is_ok());
    });
}

#[test]
fn too_many_tries_from_one_address_lock_that_address_and_nobody_else() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        for _ in 0..10 {
            assert!(knock(house, "ann@city.example", ANOTHER, "203.0.113.7").await.is_err());
        }
        let refused = knock(house, "ann@city.example", PASSWORD, "203.0.113.7").await;
        assert!(matches!(refused, Err(StoreError::TooManyTries)), "{refused:?}");
        assert!(knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.is_ok(), "ann herself is not locked out");
        house.clock.advance(16.minutes());
        assert!(knock(house, "ann@city.example", PASSWORD, "203.0.113.7").await.is_ok());
    });
}

#[test]
fn guessing_codes_is_slow() {
    both(async |house| {
        for n in 0..30_u8 {
            let code = freerange_domain::code::Code::from_random([n; 8]);
            let refused = house.store.resident(&code, "203.0.113.7", house.now()).await;
            assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
        }
        let code = freerange_domain::code::Code::from_random([99; 8]);
        let now = house.now();
        assert!(matches!(house.store.resident(&code, "203.0.113.7", now).await, Err(StoreError::TooManyTries)));
        assert!(matches!(house.store.inviter(&code, "203.0.113.7", now).await, Err(StoreError::TooManyTries)));
        assert!(matches!(house.store.resident(&code, "192.0.2.1", now).await, Err(StoreError::NotFound)));
    });
}

#[test]
fn signing_out_ends_this_session_and_signing_out_everywhere_ends_all() {
    both(async |house| {
        city(house).await;
        let me = sign_in_as(house, "ann").await;
        let ben = sign_in_as(house, "ben").await;
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.expect("comes in"));
        }
        house.store.sign_out(&tokens[0]).await.expect("goes out");
        assert!(matches!(house.store.session_actor(&tokens[0], house.now()).await, Err(StoreError::NotFound)));
        assert!(house.store.session_actor(&tokens[1], house.now()).await.is_ok());
        // Three left: the one made by signing in at first, and two of the three.
        assert_eq!(house.store.sign_out_everywhere(&me).await.expect("goes out"), 3);
        for token in &tokens {
            assert!(matches!(house.store.session_actor(token, house.now()).await, Err(StoreError::NotFound)));
        }
        assert_eq!(house.store.sessions(&ben, house.now()).await.expect("lists").len(), 1, "ben stays");
    });
}

#[test]
fn a_session_ends_after_two_weeks() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        let token = knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.expect("comes in");
        house.clock.advance(13.days().hours(23));
        assert!(house.store.session_actor(&token, house.now()).await.is_ok());
        house.clock.advance(2.hours());
        assert!(matches!(house.store.session_actor(&token, house.now()).await, Err(StoreError::NotFound)));
    });
}

#[test]
fn somebody_who_left_holds_no_session_even_if_one_was_overlooked() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        let token = knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.expect("comes in");
        house.tamper("UPDATE person SET active = FALSE WHERE staff_no = 'S-ann'").await;
        assert!(matches!(house.store.session_actor(&token, house.now()).await, Err(StoreError::NotFound)));
    });
}

#[test]
fn a_link_to_set_a_password_works_once_and_only_the_newest_does() {
    both(async |house| {
        city(house).await;
        let (store, now) = (&house.store, house.now());
        let (_, old) = store.password_link(&ann(), now).await.expect("makes one").expect("ann works here");
        let (_, new) = store.password_link(&ann(), now).await.expect("makes one").expect("ann works here");
        assert!(matches!(store.set_password(&old, ANOTHER, now).await, Err(StoreError::NotFound)));
        store.set_password(&new, ANOTHER, now).await.expect("is set");
        assert!(matches!(store.set_password(&new, PASSWORD, now).await, Err(StoreError::NotFound)));
        assert!(knock(house, "ann@city.example", ANOTHER, "192.0.2.1").await.is_ok());
        assert!(knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.is_err());
    });
}

#[test]
fn of_two_who_follow_the_same_link_at_once_one_sets_the_password() {
    both(async |house| {
        city(house).await;
        let now = house.now();
        let (_, link) = house.store.password_link(&ann(), now).await.expect("makes one").expect("ann works here");
        let (one, other) =
            tokio::join!(house.store.set_password(&link, PASSWORD, now), house.store.set_password(&link, ANOTHER, now));
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let kept = if one.is_ok() { PASSWORD } else { ANOTHER };
        assert!(knock(house, "ann@city.example", kept, "192.0.2.1").await.is_ok());
    });
}

#[test]
fn a_link_to_set_a_password_opens_for_three_days() {
    both(async |house| {
        city(house).await;
        let (_, link) = house.store.password_link(&ann(), house.now()).await.expect("makes one").expect("ann");
        house.clock.advance(71.hours());
        assert!(house.store.password_link_opens(&link, house.now()).await.is_ok());
        house.clock.advance(2.hours());
        assert!(matches!(house.store.set_password(&link, ANOTHER, house.now()).await, Err(StoreError::NotFound)));
    });
}

#[test]
fn asking_for_a_link_tells_nobody_whether_somebody_works_here_and_floods_no_mailbox() {
    both(async |house| {
        city(house).await;
        let stranger = Email::parse("stranger@city.example").expect("an address");
        house.store.send_password_link(&stranger, "192.0.2.1", house.now()).await.expect("the same answer");
        for _ in 0..9 {
            house.store.send_password_link(&ann(), "192.0.2.1", house.now()).await.expect("is sent");
        }
        let refused = house.store.send_password_link(&ann(), "192.0.2.1", house.now()).await;
        assert!(matches!(refused, Err(StoreError::TooManyTries)));
        assert_eq!(house.heard_by("ann@city.example").await.len(), 9);
        assert_eq!(house.heard_by("stranger@city.example").await.len(), 0);
        let link = house.last_link("ann@city.example").await;
        assert!(house.store.password_link_opens(&link, house.now()).await.is_ok());
    });
}

#[test]
fn a_new_password_ends_all_sessions_and_deletes_what_nobody_can_open_any_more() {
    both(async |house| {
        city(house).await;
        let (me, boss) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, placement) = house.out(&me, &boss, house.in_a_week(Kind::CommunityVisit)).await;
        let write = async |kind, text: &str| {
            let given = answers(&[("struck", text)]);
            house.store.write_reflection(&me, placement, kind, &given, house.now()).await.expect("is kept")
        };
        write(reflection::Moment::Evening(house.clock.today()), "for me alone").await;
        let shared = write(reflection::Moment::Debrief, "for all of us").await;
        house.store.share_reflection(&me, shared, house.now()).await.expect("is shared");
        let (_, link) = house.store.password_link(&ann(), house.now()).await.expect("makes one").expect("ann");
        house.store.set_password(&link, ANOTHER, house.now()).await.expect("is set");
        assert_eq!(house.count("session", "1 = 1").await, 1, "only the manager's is left");
        let token = knock(house, "ann@city.example", ANOTHER, "192.0.2.1").await.expect("comes in");
        let me = house.store.session_actor(&token, house.now()).await.expect("opens");
        let left = house.store.my_reflections(&me, None).await.expect("lists");
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].answers, Some(answers(&[("struck", "for all of us")])));
        // The new password has a diary of its own.
        let given = answers(&[("struck", "again for me alone")]);
        let kind = reflection::Moment::Evening(house.clock.today());
        house.store.write_reflection(&me, placement, kind, &given, house.now()).await.expect("is kept");
        let mine = house.store.my_reflections(&me, None).await.expect("lists");
        assert!(mine.iter().any(|r| r.answers.as_ref() == Some(&given)));
    });
}

#[test]
fn the_first_password_is_set_only_where_there_is_none() {
    both(async |house| {
        city(house).await;
        sign_in_as(house, "ann").await;
        let again = house.store.first_password(house.id_of("ann").await, ANOTHER, house.now()).await;
        assert!(matches!(again, Err(StoreError::NotFound)));
        assert!(knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.is_ok());
    });
}

#[test]
fn no_secret_shows_in_a_debug_text_nor_stands_in_the_database() {
    both(async |house| {
        city(house).await;
        let me = sign_in_as(house, "ann").await;
        let token = knock(house, "ann@city.example", PASSWORD, "192.0.2.1").await.expect("comes in");
        let attempt = Attempt { email: "ann@city.example", password: PASSWORD, from: "192.0.2.1", agent: "a test" };
        let debug = format!("{attempt:?} {token:?} {me:?} {:?}", house.store);
        assert!(!debug.contains(PASSWORD), "{debug}");
        assert!(!debug.contains(token.expose()), "{debug}");
        assert_eq!(house.where_it_says(PASSWORD).await, [""; 0]);
        assert_eq!(house.where_it_says(token.expose()).await, [""; 0]);
    });
}

#[test]
fn a_session_knows_roles_and_whether_somebody_reports() {
    both(async |house| {
        use freerange_domain::people::Role;
        city(house).await;
        let boss = house.with_roles("bo", &[Role::Mayor, Role::Clerk]).await;
        let boss = boss.staff().expect("staff").clone();
        assert!(boss.manages);
        assert_eq!(boss.roles.len(), 2);
        let Actor::Staff(ann) = sign_in_as(house, "ann").await else { panic!("signed in") };
        assert!(!ann.manages && ann.roles.is_empty());
        // When the whole team has left, nobody reports any more.
        let gone: Vec<_> =
            staff().into_iter().filter(|r| r.manager_email.as_deref() != Some("bo@city.example")).collect();
        house.store.import_people(&Actor::Program, &gone, house.now()).await.expect("is taken");
        let Actor::Staff(boss) = house.enter("bo").await else { panic!("signed in") };
        assert!(!boss.manages);
    });
}
