//! What is acknowledged is there, what is not leaves nothing, and a database of another program is left as it is.

use std::{future::poll_fn, task::Poll};

use freerange_domain::{outing::Kind, people::Email};
use freerange_store::{Actor, Engine, Store, StoreError};
use freerange_testkit::{both, city, draft, sign_in_as, staff};

#[test]
fn a_database_from_the_future_is_refused_and_left_as_it_is() {
    both(async |house| {
        city(house).await;
        house.store.close().await;
        house
            .tamper(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 SELECT 9999, 'flying cars', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
            )
            .await;
        let before = house.everything().await;
        for _ in 0..2 {
            let refused = Store::open(&house.url()).await;
            assert!(matches!(refused, Err(StoreError::NewerThanProgram(9999))), "{refused:?}");
        }
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn a_database_whose_history_was_changed_is_refused_and_left_as_it_is() {
    both(async |house| {
        city(house).await;
        let other = match house.store.engine() {
            Engine::Sqlite => "x'0102'",
            Engine::Postgres => "'\\x0102'::bytea",
        };
        house.tamper(&format!("UPDATE _sqlx_migrations SET checksum = {other} WHERE version = 1")).await;
        let before = house.everything().await;
        let refused = Store::open(&house.url()).await;
        assert!(matches!(refused, Err(StoreError::ForeignMigration(1))), "{refused:?}");
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn opening_again_changes_nothing_and_finds_everything() {
    both(async |house| {
        city(house).await;
        let before = house.everything().await;
        house.store.close().await;
        for _ in 0..2 {
            let again = Store::open(&house.url()).await.expect("opens");
            again.ping().await.expect("answers");
            assert_eq!(again.people_count().await.expect("counts"), 12);
            again.close().await;
        }
        assert_eq!(house.everything().await, before);
    });
}

#[test]
fn an_import_that_is_broken_off_anywhere_leaves_all_of_it_or_nothing() {
    both(async |house| {
        let mut whole = 0;
        for patience in 0..60 {
            {
                let rows = staff();
                let mut import = Box::pin(house.store.import_people(&Actor::Program, &rows, house.now()));
                for _ in 0..patience {
                    let done = poll_fn(|cx| Poll::Ready(import.as_mut().poll(cx).is_ready())).await;
                    if done {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
            // Whatever became of it, the next one is not held up by it.
            house.store.set_setting("after", &patience.to_string()).await.expect("is written");
            let people = house.count("person", "1 = 1").await;
            let teams = house.count("team", "1 = 1").await;
            assert!((people, teams) == (0, 0) || (people, teams) == (12, 6), "{people} people and {teams} teams");
            whole += usize::from(people == 12);
        }
        // Broken off before it began it cannot have left anything.
        assert!(whole < 60);
    });
}

#[test]
fn two_programs_on_the_same_database_see_what_the_other_wrote() {
    both(async |house| {
        city(house).await;
        let other = Store::open(&house.url()).await.expect("opens a second time");
        let mut runs = Vec::new();
        for n in 0..40 {
            let store = if n % 2 == 0 { house.store.clone() } else { other.clone() };
            runs.push(tokio::spawn(async move { store.set_setting(&format!("name {n}"), "value").await }));
        }
        for run in runs {
            run.await.expect("does not panic").expect("nobody is turned away");
        }
        for n in 0..40 {
            let store = if n % 2 == 0 { &other } else { &house.store };
            assert_eq!(store.setting(&format!("name {n}")).await.expect("reads").as_deref(), Some("value"));
        }
        let email = Email::parse("ann@city.example").expect("an address");
        assert!(other.person_by_email(&email).await.is_ok());
        other.close().await;
    });
}

#[test]
fn several_programs_can_make_the_same_new_database_at_once() {
    both(async |house| {
        let Some(file) = house.file() else { return };
        for round in 0..3 {
            let url = format!("sqlite:{}", file.with_file_name(format!("new-{round}.db")).display());
            let mut runs = Vec::new();
            for _ in 0..4 {
                let url = url.clone();
                runs.push(tokio::spawn(async move { Store::open(&url).await }));
            }
            for run in runs {
                let store = run.await.expect("does not panic").expect("opens");
                assert_eq!(store.people_count().await.expect("counts"), 0);
                store.close().await;
            }
        }
    });
}

#[test]
fn a_note_sent_many_times_at_once_is_kept_once() {
    both(async |house| {
        city(house).await;
        let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
        let (_, id) = house.out(&ann, &bo, house.in_a_week(Kind::CommunityVisit)).await;
        let note = draft("The letter box is too high.", house.now());
        let mut runs = Vec::new();
        for _ in 0..6 {
            let (store, ann, note, now) = (house.store.clone(), ann.clone(), note.clone(), house.now());
            runs.push(tokio::spawn(async move { store.write_note(&ann, id, &note, now).await }));
        }
        for run in runs {
            assert_eq!(run.await.expect("does not panic").expect("every try is told that it is kept"), note.id);
        }
        assert_eq!(house.count("note", "1 = 1").await, 1);
    });
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    both(async |house| {
        let Some(file) = house.file() else { return };
        let other = file.with_file_name("letter.txt");
        let text = "Dear city, ".repeat(2_000);
        std::fs::write(&other, &text).expect("writes");
        assert!(Store::open_file(&other).await.is_err());
        assert_eq!(std::fs::read_to_string(&other).expect("reads"), text);
        for url in ["city.db", "mysql://localhost/city", ""] {
            assert!(matches!(Store::open(url).await, Err(StoreError::BadUrl)), "{url}");
        }
    });
}

#[test]
fn a_mistyped_name_makes_no_database() {
    both(async |house| {
        city(house).await;
        let there = Store::open_existing(&house.url()).await.expect("the right name opens it");
        assert_eq!(there.people_count().await.expect("counts"), 12);
        there.close().await;
        let Some(file) = house.file() else { return };
        let mistyped = file.with_file_name("ctiy.db");
        let refused = Store::open_existing(&format!("sqlite:{}", mistyped.display())).await;
        assert!(matches!(&refused, Err(StoreError::NoDatabase(name)) if name.ends_with("ctiy.db")), "{refused:?}");
        assert!(!mistyped.exists());
        // Nor is an empty file, or another program's, taken for one or touched.
        std::fs::write(&mistyped, "").expect("writes");
        let refused = Store::open_existing(&format!("sqlite:{}", mistyped.display())).await;
        assert!(matches!(refused, Err(StoreError::NoDatabase(_))), "{refused:?}");
        assert_eq!(std::fs::read(&mistyped).expect("reads"), b"");
    });
}

#[test]
fn a_server_without_our_tables_is_left_without_them() {
    both(async |house| {
        if house.store.engine() == Engine::Sqlite {
            return;
        }
        house.tamper("ALTER TABLE _sqlx_migrations RENAME TO of_somebody_else").await;
        let refused = Store::open_existing(&house.url()).await;
        assert!(
            matches!(&refused, Err(StoreError::NoDatabase(name)) if name.contains("freerange_test_")),
            "{refused:?}"
        );
        assert_eq!(house.count("pg_class", "relname = '_sqlx_migrations'").await, 0);
    });
}
