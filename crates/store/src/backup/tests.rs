use std::collections::BTreeMap;

use super::table::{LEFT_OUT, TABLES};

/// Tables and their columns, as the migrations make them.
fn schema(sql: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut tables: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut table = "";
    for line in sql.lines().map(str::trim) {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            table = rest.split_whitespace().next().expect("a name");
        } else if line.starts_with(')') {
            table = "";
        } else if !table.is_empty()
            && let Some(first) = line.split_whitespace().next()
            && first.starts_with(|c: char| c.is_ascii_lowercase())
        {
            tables.entry(table).or_default().push(first);
        }
    }
    tables
}

/// What a later migration adds to tables and takes from them, a statement a line.
fn altered<'a>(tables: &mut BTreeMap<&'a str, Vec<&'a str>>, sql: &'a str) {
    for line in sql.lines() {
        let words: Vec<&str> = line.trim_end_matches(';').split_whitespace().collect();
        match words.as_slice() {
            ["ALTER", "TABLE", table, "ADD", "COLUMN", column, ..] => tables.entry(table).or_default().push(column),
            ["ALTER", "TABLE", table, "DROP", "COLUMN", column] => {
                tables.entry(table).or_default().retain(|c| c != column);
            }
            _ => {}
        }
    }
}

#[test]
fn no_table_and_no_column_is_forgotten() {
    for (first, later) in [
        (
            include_str!("../../migrations/sqlite/0001_house.sql"),
            include_str!("../../migrations/sqlite/0004_editing.sql"),
        ),
        (
            include_str!("../../migrations/postgres/0001_house.sql"),
            include_str!("../../migrations/postgres/0004_editing.sql"),
        ),
    ] {
        let mut made = schema(first);
        assert!(made.len() > 25, "the migration was read");
        altered(&mut made, later);
        made.retain(|name, _| !LEFT_OUT.contains(name));
        let kept: BTreeMap<&str, Vec<&str>> = TABLES.iter().map(|t| (t.name, t.names())).collect();
        assert_eq!(made, kept);
    }
}
