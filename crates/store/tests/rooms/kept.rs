//! The works council's page is true: whatever the tables say about somebody who works here is in one of its lines.

use std::collections::BTreeMap;

use freerange_store::policy::KEPT;
use freerange_testkit::{House, both, city, sign_in_as};
use jiff::ToSpan as _;
use sqlx::{Connection as _, Row as _, SqliteConnection};

/// The rows of one text column, from the database of the story where that is a file.
async fn names(house: &House, sql: &'static str) -> Option<Vec<String>> {
    let url = format!("sqlite:{}", house.file()?.display());
    let mut door = SqliteConnection::connect(&url).await.expect("opens beside the store");
    let rows = sqlx::query(sql).fetch_all(&mut door).await.expect("reads the schema");
    door.close().await.expect("closes");
    Some(rows.iter().map(|r| r.get(0)).collect())
}

/// How often each column is named.
fn named() -> BTreeMap<&'static str, usize> {
    let mut named = BTreeMap::new();
    for column in KEPT.iter().flat_map(|k| k.columns) {
        *named.entry(*column).or_default() += 1;
    }
    named
}

#[test]
fn every_column_that_points_to_a_person_is_in_exactly_one_line() {
    both(async |house| {
        let pointing = "SELECT m.name || '.' || f.\"from\" FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
             WHERE m.type = 'table' AND f.\"table\" = 'person' ORDER BY 1";
        let Some(pointing) = names(house, pointing).await else { return };
        assert!(pointing.len() > 14 && pointing.contains(&"consent.recorded_by".to_owned()), "{pointing:?}");
        let named = named();
        let missing: Vec<&String> = pointing.iter().filter(|c| named.get(c.as_str()) != Some(&1)).collect();
        assert!(missing.is_empty(), "say on the works council's page what is kept here, once: {missing:?}");
    });
}

#[test]
fn every_column_about_a_person_and_their_session_is_in_a_line_and_no_line_names_what_is_not_there() {
    both(async |house| {
        let all = "SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
        let Some(all) = names(house, all).await else { return };
        let named = named();
        for column in all.iter().filter(|c| c.starts_with("person.") && *c != "person.id") {
            assert_eq!(named.get(column.as_str()), Some(&1), "{column}");
        }
        for (column, times) in named {
            assert!(all.iter().any(|c| c == column), "{column} is not there");
            assert_eq!(times, 1, "{column}");
        }
    });
}

#[test]
fn a_secret_address_is_forgotten_when_a_new_one_replaced_it() {
    both(async |house| {
        city(house).await;
        let ann = sign_in_as(house, "ann").await;
        for _ in 0..3 {
            house.store.new_calendar_link(&ann, house.now()).await.expect("makes one");
        }
        house.clock.advance(1.hour());
        house.store.sweep(house.now()).await.expect("sweeps");
        assert_eq!(house.count("link", "purpose = 'calendar'").await, 1);
    });
}
