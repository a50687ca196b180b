use std::collections::BTreeMap;

use super::table::{LEFT_OUT, TABLES};

type Schema = BTreeMap<String, Vec<String>>;

/// Tables and their columns, as a migration changes them.
fn apply(sql: &str, tables: &mut Schema) {
    let mut table = String::new();
    for line in sql.lines().map(str::trim) {
        let words: Vec<&str> = line.trim_end_matches(';').split_whitespace().collect();
        match words.as_slice() {
            ["CREATE", "TABLE", name, "AS", ..] | ["DROP", "TABLE", name] => drop(tables.remove(*name)),
            ["CREATE", "TABLE", name, ..] => table = (*name).to_owned(),
            ["ALTER", "TABLE", name, "ADD", "COLUMN", column, ..] => {
                tables.entry((*name).to_owned()).or_default().push((*column).to_owned());
            }
            ["ALTER", "TABLE", name, "DROP", "COLUMN", column, ..] => {
                tables.entry((*name).to_owned()).or_default().retain(|c| c != column);
            }
            ["ALTER", "TABLE", name, "RENAME", "TO", new] => {
                let columns = tables.remove(*name).expect("a table that is there");
                tables.insert((*new).to_owned(), columns);
            }
            [first, ..] if first.starts_with(')') => table.clear(),
            [first, ..] if !table.is_empty() && first.starts_with(|c: char| c.is_ascii_lowercase()) => {
                tables.entry(table.clone()).or_default().push((*first).to_owned());
            }
            _ => {}
        }
    }
}

#[test]
fn no_table_and_no_column_is_forgotten() {
    for engine in ["sqlite", "postgres"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
        let files = std::fs::read_dir(folder).expect("migrations").map(|file| file.expect("a migration").path());
        // By name, which is their order.
        let files: std::collections::BTreeSet<std::path::PathBuf> = files.collect();
        let mut made = Schema::new();
        for file in files {
            apply(&std::fs::read_to_string(file).expect("is read"), &mut made);
        }
        assert!(made.len() > 25, "the migrations were read");
        made.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
        let names = |t: &super::table::Table| t.names().into_iter().map(str::to_owned).collect::<Vec<_>>();
        let mut kept: Schema = TABLES.iter().map(|t| (t.name.to_owned(), names(t))).collect();
        // The order of columns is the backup's own.
        made.values_mut().chain(kept.values_mut()).for_each(|columns| columns.sort());
        assert_eq!(made, kept, "{engine}");
    }
}
