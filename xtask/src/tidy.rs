//! The order of the house, as rules over its files.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What each crate of ours may use of the others. Whatever is not named may use none.
const MAY_USE: &[(&str, &[&str])] = &[
    ("store", &["domain", "notebook", "vault"]),
    ("web", &["allocate", "domain", "export", "store", "i18n", "media", "notebook", "paper"]),
    ("testkit", &["domain", "notebook", "store", "vault"]),
    (
        "freerange",
        &["allocate", "demo", "domain", "i18n", "intake", "mail", "media", "notebook", "store", "vault", "web"],
    ),
];

/// The rooms of the domain, in the order of the loop. A room may use those before it.
const ROOMS: &[&str] = &[
    "people",
    "place",
    "community",
    "challenge",
    "outing",
    "placement",
    "safety",
    "round",
    "exchange",
    "note",
    "consent",
    "notebook",
    "reflection",
    "insight",
    "returning",
    "circle",
    "change",
    "practice",
    "overview",
    "figures",
];

/// Files that may be longer than the rest, and why.
const LONG: &[(&str, &str)] = &[
    ("crates/store/src/db.rs", "both databases side by side, so that nobody else has to know"),
    ("crates/store/src/placement.rs", "the spine is read in one piece"),
    ("crates/store/src/outing.rs", "search, one outing and its end share their columns"),
    ("crates/store/src/demo.rs", "one past, written in one transaction"),
    ("crates/web/src/placement.rs", "the pages of the spine"),
    ("crates/web/src/outing.rs", "offer and search share the form's fields"),
    ("crates/web/src/form.rs", "one way in for every form"),
    ("crates/web/src/people.rs", "signing in, one's account and the list of staff share their session"),
    ("crates/web/src/change.rs", "four pages of one room"),
    ("crates/domain/src/placement.rs", "the state machine is read in one piece"),
    ("crates/freerange/src/past.rs", "one year, told in the order of the loop"),
];
const LONGEST: usize = 420;

/// Everything that is not as it should be, a sentence each.
pub(crate) fn check(root: &Path) -> Vec<String> {
    let mut wrong = Vec::new();
    crates_in_order(root, &mut wrong);
    rooms_in_order(root, &mut wrong);
    migrations_in_step(root, &mut wrong);
    files(root, &mut wrong);
    pictures(root, &mut wrong);
    wrong
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).collect();
    all.sort();
    all
}

fn below(dir: &Path, found: &mut Vec<PathBuf>) {
    for path in entries(dir) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | ".git" | "results") {
            below(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

/// The crates of ours that a manifest names outside its dev-dependencies.
fn uses(manifest: &str) -> Vec<String> {
    let mut section = "";
    let mut uses = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let ours = line.strip_prefix("freerange-").and_then(|l| l.split(['.', ' ', '=']).next());
        if let (Some(name), true) = (ours, section == "[dependencies]") {
            uses.push(name.to_owned());
        }
    }
    uses
}

fn crates_in_order(root: &Path, wrong: &mut Vec<String>) {
    for path in entries(&root.join("crates")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let allowed = MAY_USE.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, uses)| uses);
        let manifest = read(&path.join("Cargo.toml"));
        for used in uses(&manifest) {
            if !allowed.contains(&used.as_str()) {
                wrong.push(format!("crates/{name}/Cargo.toml: {name} must not know {used}"));
            }
        }
        let sql = manifest.lines().any(|l| l.starts_with("sqlx"));
        if sql && !matches!(name.as_str(), "store" | "testkit") {
            wrong.push(format!("crates/{name}/Cargo.toml: SQL lives in store"));
        }
    }
}

fn rooms_in_order(root: &Path, wrong: &mut Vec<String>) {
    for (at, room) in ROOMS.iter().enumerate() {
        let text = read(&root.join(format!("crates/domain/src/{room}.rs")));
        // Notes and consents look at each other: a consent says which kinds of note may rest on it.
        for later in ROOMS[at + 1..].iter().filter(|later| text.contains(&format!("{later}::"))) {
            wrong.push(format!(
                "crates/domain/src/{room}.rs: {room} comes before {later} in the loop and must not use it"
            ));
        }
    }
}

fn migrations_in_step(root: &Path, wrong: &mut Vec<String>) {
    let dir = root.join("crates/store/migrations");
    let names = |engine: &str| -> BTreeSet<String> {
        entries(&dir.join(engine)).iter().filter_map(|p| Some(p.file_name()?.to_string_lossy().into_owned())).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    for name in sqlite.symmetric_difference(&postgres) {
        wrong.push(format!("migrations: {name} is there for one database only"));
    }
    for name in &sqlite {
        for engine in ["sqlite", "postgres"] {
            for (at, line) in read(&dir.join(engine).join(name)).to_uppercase().lines().enumerate() {
                if line.contains("ADD COLUMN") && line.contains("NOT NULL") && !line.contains("DEFAULT") {
                    wrong.push(format!(
                        "migrations/{engine}/{name}:{}: a new column that must be filled needs a default",
                        at + 1
                    ));
                }
            }
        }
    }
}

fn files(root: &Path, wrong: &mut Vec<String>) {
    let mut all = Vec::new();
    for part in ["crates", "xtask", "e2e", "scripts"] {
        below(&root.join(part), &mut all);
    }
    for path in all {
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        let end = path.extension().unwrap_or_default().to_string_lossy().into_owned();
        if !matches!(end.as_str(), "rs" | "css" | "js" | "mjs" | "html") {
            continue;
        }
        let text = read(&path);
        let lines = text.lines().count();
        // A story test is read in one piece.
        let longest = if name.contains("/tests/") { LONGEST + 200 } else { LONGEST };
        if lines > longest && !LONG.iter().any(|(long, _)| *long == name) {
            wrong.push(format!("{name}: {lines} lines; split it by what it is about"));
        }
        let source = end == "rs" && name.contains("/src/");
        if source
            && name.starts_with("crates/web/src")
            && ["SELECT ", "INSERT INTO", "UPDATE "].iter().any(|w| text.contains(w))
        {
            wrong.push(format!("{name}: SQL lives in store"));
        }
        let later = ["TO", "FIX"].map(|w| format!("{w}{}", if w == "TO" { "DO" } else { "ME" }));
        if source && later.iter().any(|word| text.contains(word.as_str())) {
            wrong.push(format!("{name}: write down what is missing where people look, not in the source"));
        }
    }
}

/// Every picture the README shows is there.
fn pictures(root: &Path, wrong: &mut Vec<String>) {
    for part in read(&root.join("README.md")).split("](").skip(1) {
        let target = part.split(')').next().unwrap_or_default();
        if Path::new(target).extension().is_some_and(|e| e == "png") && !root.join(target).exists() {
            wrong.push(format!("README.md: {target} is not there"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dependencies_count() {
        let manifest = "[dependencies]\nfreerange-store.workspace = true\nserde = \"1\"\n[dev-dependencies]\nfreerange-demo.workspace = true\n";
        assert_eq!(uses(manifest), ["store"]);
    }

    #[test]
    fn a_house_out_of_order_is_told() {
        let root = std::env::temp_dir().join(format!("freerange-tidy-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("has a folder")).expect("made");
            fs::write(path, text).expect("written");
        };
        write("crates/domain/Cargo.toml", "[dependencies]\nfreerange-store.workspace = true\n");
        write("crates/web/Cargo.toml", "[dependencies]\nsqlx.workspace = true\n");
        write("crates/domain/src/outing.rs", "use crate::practice::Status;\n");
        write("crates/store/migrations/sqlite/0001_a.sql", "ALTER TABLE a ADD COLUMN b TEXT NOT NULL;\n");
        write("crates/web/src/long.rs", &"//\n".repeat(LONGEST + 1));
        write("README.md", "![x](docs/missing.png)");
        let wrong = check(&root).join("\n");
        fs::remove_dir_all(&root).expect("removed");
        for part in [
            "must not know store",
            "SQL lives in store",
            "comes before practice",
            "one database only",
            "needs a default",
            "split it",
            "is not there",
        ] {
            assert!(wrong.contains(part), "{part} in\n{wrong}");
        }
    }
}
