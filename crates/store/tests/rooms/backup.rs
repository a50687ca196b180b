//! A backup is everything, in one file, for either database; one that was altered or cut off restores nothing.

use std::io::{BufReader, Cursor};

use freerange_domain::{
    change::Kind as ChangeKind,
    outing::{Kind, Photos},
    people::Role,
    reflection,
};
use freerange_store::{Actor, Engine, Store, StoreError, backup::verify, note::Draft, outing::Offer, session::Attempt};
use freerange_testkit::{
    House, PASSWORD, answers, both, city, commitment, draft, invite, picture, sign_in_as, telling, uses, zone,
};
use sha2::{Digest as _, Sha256};

/// Something in every room.
async fn live(house: &House) {
    city(house).await;
    let (ann, bo) = (sign_in_as(house, "ann").await, sign_in_as(house, "bo").await);
    house.with_roles("ada", &[Role::ProgrammeLead, Role::Mayor]).await;
    let (store, until) = (&house.store, jiff::civil::date(2027, 12, 31));
    store.give_standing_yes(&bo, house.id_of("ben").await, 2, until, house.now()).await.expect("is given");
    store.invite(&Actor::Anybody, &invite("The lift", house.now()), &zone(), house.now()).await.expect("invites");
    let offer = Offer { photos: Photos::Yes, ..house.in_a_week(Kind::CommunityVisit) };
    let (_, id) = house.out(&ann, &bo, offer).await;
    let (consent, _) = house.consent(&ann, id, uses("use quote picture")).await;
    let seen = Draft {
        consent: Some(consent),
        picture: Some(picture("a “lift”\nwith a sign: 고장")),
        point: Some((5.38, 52.15)),
        ..draft("The lift — 승강기 — is out of order.", house.now())
    };
    let note = store.write_note(&ann, id, &seen, house.now()).await.expect("is kept");
    let gone = store.write_note(&ann, id, &draft("A door that sticks", house.now()), house.now()).await.expect("kept");
    store.remove_note(&ann, gone, house.now()).await.expect("is hers");
    for kind in [reflection::Moment::Evening(house.clock.today()), reflection::Moment::Debrief] {
        let given = answers(&[("struck", "for me alone")]);
        let text = store.write_reflection(&ann, id, kind, &given, house.now()).await.expect("is kept");
        if kind == reflection::Moment::Debrief {
            store.share_reflection(&ann, text, house.now()).await.expect("is shared");
        }
    }
    let change = freerange_store::change::Commitment {
        placement: Some(id),
        evidence: vec![note],
        ..commitment(ChangeKind::Start, "Ring first", house.clock.today())
    };
    let change = store.commit_change(&ann, &change, house.now()).await.expect("is committed");
    let told = freerange_store::practice::Telling { change: Some(change), quotes: vec![note], ..telling("Ring first") };
    store.tell_practice(&ann, &told, house.now()).await.expect("is told");
    store.set_setting("map-frame", "0 0 1 1").await.expect("is set");
}

async fn backup(store: &Store, house: &House) -> Vec<u8> {
    let mut file = Vec::new();
    store.backup(&mut file, house.now()).await.expect("is written");
    file
}

async fn restore(store: &Store, file: &[u8]) -> freerange_store::Result<()> {
    let now = "2027-03-01T09:00:00Z".parse().expect("a moment");
    store.restore(&mut BufReader::new(Cursor::new(file)), None, now).await.map(|_| ())
}

/// An empty `SQLite` database beside the house.
async fn empty() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_file(&folder.path().join("other.db")).await.expect("opens");
    (store, folder)
}

#[test]
fn everything_comes_back_also_in_the_other_database() {
    both(async |house| {
        live(house).await;
        let made = backup(&house.store, house).await;
        assert!(verify(&mut BufReader::new(Cursor::new(&made))).is_ok());
        let (other, _folder) = empty().await;
        restore(&other, &made).await.expect("is restored");
        assert_eq!(backup(&other, house).await, made, "not a byte is different");
        assert_eq!(other.check().await.expect("looks").problems, [""; 0]);
        // She signs in with her password, and it opens her diary.
        let attempt = Attempt { email: "ann@city.example", password: PASSWORD, from: "192.0.2.1", agent: "a test" };
        let token = other.sign_in(&attempt, house.now()).await.expect("the password fits");
        let ann = other.session_actor(&token, house.now()).await.expect("opens");
        let mine = other.my_reflections(&ann, None).await.expect("lists");
        assert!(mine.iter().all(|r| r.answers == Some(answers(&[("struck", "for me alone")]))) && mine.len() == 2);
        other.close().await;
        if house.store.engine() == Engine::Postgres {
            let all = "team, person, place, setting, audit, mail, attempt, link";
            house.tamper(&format!("TRUNCATE {all} CASCADE")).await;
            restore(&house.store, &made).await.expect("is restored");
            assert_eq!(backup(&house.store, house).await, made);
        }
    });
}

#[test]
fn sessions_links_and_tries_are_not_in_it_and_private_texts_only_sealed() {
    both(async |house| {
        live(house).await;
        let text = String::from_utf8(backup(&house.store, house).await).expect("text");
        let has = |table: &str| text.contains(&format!("\"table\":\"{table}\""));
        assert!(has("person"), "that is how a table is named, so this test can fail");
        assert!(!["session", "link", "attempt", "mail"].into_iter().any(has));
        assert!(
            house.count("mail", "body LIKE '%link: %'").await > 0 && !text.contains("link: "),
            "no secret of a letter"
        );
        assert_eq!(text.matches("for me alone").count(), 1, "the shared one, and not the private one");
    });
}

#[test]
fn an_altered_or_cut_off_backup_restores_nothing() {
    both(async |house| {
        live(house).await;
        let made = backup(&house.store, house).await;
        let (other, _folder) = empty().await;
        let mut altered = Vec::new();
        // Cut off anywhere, one byte changed anywhere, something added.
        for part in 0..12 {
            let at = made.len() * part / 12;
            altered.push(made[..at].to_vec());
            let mut changed = made.clone();
            changed[at] ^= 1;
            altered.push(changed);
        }
        altered.push(made[..made.len() - 1].to_vec());
        altered.push([made.as_slice(), b"[]\n"].concat());
        for file in &altered {
            let refused = restore(&other, file).await;
            assert!(matches!(refused, Err(StoreError::BadBackup(_))), "{refused:?}");
            assert!(other.is_empty().await.expect("looks"));
        }
        other.close().await;
    });
}

#[test]
fn a_backup_is_not_put_over_what_is_there() {
    both(async |house| {
        live(house).await;
        let made = backup(&house.store, house).await;
        let before = house.everything().await;
        assert!(restore(&house.store, &made).await.is_err());
        assert_eq!(house.everything().await, before);
    });
}

/// The same backup as the first program would have written it: with the moments of leaving and coming back, and evenings
/// without a day.
fn as_the_first_program_wrote_it(made: &[u8]) -> Vec<u8> {
    let mut old: Vec<String> = Vec::new();
    let mut table = String::new();
    for line in String::from_utf8(made.to_vec()).expect("text").lines() {
        let mut value: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if let Some(schema) = value.get_mut("schema") {
            *schema = 1.into();
        }
        if let Some(name) = value.get("table").and_then(serde_json::Value::as_str) {
            name.clone_into(&mut table);
        }
        match (table.as_str(), value.as_array_mut(), line.starts_with("{\"end\"")) {
            (.., true) | ("withdrawn_words", ..) => continue,
            ("placement", Some(row), _) => {
                row[10] = "With Sjoerd, until four".into();
                row.insert(11, serde_json::json!(1_804_500_000_123_456_i64));
                row.insert(12, serde_json::Value::Null);
            }
            ("reflection", Some(row), _) => drop(row.remove(4)),
            ("placement", None, _) => {
                let columns = value["columns"].as_array_mut().expect("names");
                assert_eq!(columns[10], "checkin");
                columns.insert(11, "out_at".into());
                columns.insert(12, "back_at".into());
            }
            ("reflection", None, _) => {
                assert_eq!(value["columns"].as_array_mut().expect("names").remove(4), "day");
            }
            _ => {}
        }
        old.push(value.to_string());
    }
    let rows = old.iter().filter(|line| line.starts_with('[')).count();
    let text = old.join("\n") + "\n";
    let sum = Sha256::digest(text.as_bytes());
    let sha256 = sum.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    (text + &serde_json::json!({ "end": { "rows": rows, "sha256": sha256 } }).to_string() + "\n").into_bytes()
}

#[test]
fn a_backup_of_the_first_program_comes_back_without_what_is_kept_no_longer() {
    both(async |house| {
        live(house).await;
        let ann = sign_in_as(house, "ann").await;
        let id = house.store.my_placements(&ann).await.expect("lists")[0].id;
        let home = freerange_store::placement::Step::ComeBack { zone: zone() };
        house.store.step(&ann, id, home, house.now()).await.expect("is back");
        let old = as_the_first_program_wrote_it(&backup(&house.store, house).await);
        let (other, _folder) = empty().await;
        restore(&other, &old).await.expect("is restored");
        let again = String::from_utf8(backup(&other, house).await).expect("text");
        for gone in ["With Sjoerd", "1804500000123456", "out_at"] {
            assert!(!again.contains(gone), "{gone}");
        }
        assert_eq!(other.check().await.expect("looks").problems, [""; 0], "every evening has its day");
        other.close().await;
        // A column that never was is not taken for one that is gone.
        let (other, _folder) = empty().await;
        let strange = String::from_utf8(old).expect("text").replace("\"out_at\"", "\"odd_at\"");
        let refused = restore(&other, strange.as_bytes()).await;
        assert!(matches!(&refused, Err(StoreError::BadBackup(why)) if why.contains("no such table")), "{refused:?}");
        assert!(other.is_empty().await.expect("looks"));
        other.close().await;
    });
}
