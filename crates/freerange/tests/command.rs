//! The command line as other programs and people at night rely on it: exit codes, sentences that say what to do, nothing
//! half done, nothing on the error channel when all went well and nobody watches.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use freerange_testkit::{both, city};
use tempfile::TempDir;

const STAFF: &str = "id,name,email,team,manager_email,grade,languages,working_pattern
1,Ada Berg,ada@city.example,City,,12,en,Mon-Fri
2,Bo Berg,bo@city.example,City/Housing,ada@city.example,9,en|nl,Mon-Thu
";

/// A folder to work in, and a database in it that is not there yet.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn database(&self) -> String {
        format!("sqlite:{}", self.path("city.sqlite").display())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        std::fs::write(self.path(name), text).expect("writes");
        self.path(name)
    }

    /// Runs the program in the folder, on its database.
    fn run(&self, words: &[&str]) -> Ran {
        self.run_on(&self.database(), words)
    }

    fn run_on(&self, database: &str, words: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_freerange"))
            .args(words)
            .current_dir(self.0.path())
            .env("FREERANGE_DATABASE", database)
            .output();
        Ran::from(&output.expect("the program starts"))
    }

    fn import(&self, kind: &str, file: &Path, options: &[&str]) -> Ran {
        let file = file.display().to_string();
        self.run(&[&["import", kind, &file][..], options].concat())
    }
}

/// What came of it.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    said: String,
    complained: String,
}

impl From<&Output> for Ran {
    fn from(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
        Self { code: output.status.code(), said: text(&output.stdout), complained: text(&output.stderr) }
    }
}

impl Ran {
    #[track_caller]
    fn done(self) -> String {
        assert_eq!((self.code, self.complained.as_str()), (Some(0), ""), "{}", self.said);
        self.said
    }

    #[track_caller]
    fn could_not(self) -> String {
        assert_eq!(self.code, Some(1), "{self:?}");
        self.complained
    }

    #[track_caller]
    fn wrong_usage(self) -> String {
        assert_eq!(self.code, Some(2), "{self:?}");
        self.complained
    }
}

#[test]
fn wrong_words_are_wrong_usage_and_asking_for_help_is_not() {
    let desk = Desk::new();
    for words in [
        &[][..],
        &["fly"],
        &["import", "people"],
        &["backup"],
        &["demo", "--people", "9"],
        &["import", "places", "x.geojson", "--level", "village"],
        &["import", "places", "x.geojson", "--level", "city", "--city", "c"],
        &["import", "places", "x.geojson", "--district", "d", "--parent-prefix", "2"],
    ] {
        assert!(!desk.run(words).wrong_usage().is_empty(), "{words:?}");
    }
    assert!(desk.run(&["--help"]).done().contains("freerange"));
    let description = desk.run(&["openapi"]).done();
    assert!(description.starts_with('{') && description.contains("\"openapi\""), "{description}");
    assert!(!desk.path("city.sqlite").exists());
}

#[test]
fn a_wrong_row_is_told_with_line_column_and_reason_and_nothing_is_imported() {
    let desk = Desk::new();
    let wrong = STAFF.replace("bo@city.example", "bo at city");
    let complained = desk.import("people", &desk.write("staff.csv", &wrong), &[]).could_not();
    assert!(complained.contains("staff.csv: line 3, email “bo at city”: is not an e-mail address"), "{complained}");
    assert!(complained.ends_with("Nothing was imported.\n"), "{complained}");
    assert!(!desk.path("city.sqlite").exists(), "not even a database");

    assert!(desk.import("people", &desk.write("right.csv", STAFF), &[]).done().starts_with("2 added, 0 updated"));
    let longer = format!("{wrong}3,Cy Berg,cy@city.example,City,,9,en,Mon-Fri\n");
    desk.import("people", &desk.write("longer.csv", &longer), &[]).could_not();
    assert!(desk.import("people", &desk.write("right.csv", STAFF), &[]).done().contains("2 unchanged"));
    assert!(desk.import("people", &desk.path("nowhere.csv"), &[]).could_not().contains("nowhere.csv"));
}

#[test]
fn notes_of_a_form_tool_are_refused_by_line_and_column_and_never_make_a_consent() {
    let desk = Desk::new();
    let placement = ["--placement", "0192aaaa-0000-7000-8000-000000000001"];
    let said = desk.write("said.csv", "kind,seen,date\nsaw,The lift,2026-11-03\nsaid,I stop at page four,2026-11-03\n");
    let complained = desk.import("notes", &said, &placement).could_not();
    assert!(
        complained.contains("said.csv: line 3, consent “I stop at page four”: is somebody's words without a consent"),
        "{complained}"
    );
    assert!(complained.ends_with("Nothing was imported.\n"), "{complained}");
    let never = desk.write("never.csv", "kind,seen,date\nsaw,The lift,2026-02-30\n");
    let complained = desk.import("notes", &never, &placement).could_not();
    assert!(complained.contains("line 2, happened_at: is a day or an hour that did not exist"), "{complained}");
    let fine = desk.write("fine.csv", "kind,seen\nsaw,The lift\n");
    assert!(desk.import("notes", &fine, &["--placement", "7"]).could_not().contains("--placement"));
    desk.import("notes", &fine, &placement).could_not();
    assert!(!desk.path("city.sqlite").exists(), "a mistyped database is not made");
}

#[test]
fn a_mistyped_database_is_told_and_not_made() {
    let desk = Desk::new();
    desk.import("people", &desk.write("staff.csv", STAFF), &[]).done();
    let mistyped = format!("sqlite:{}", desk.path("ctiy.sqlite").display());
    let copy = desk.path("copy").display().to_string();
    for words in [&["check"][..], &["backup", &copy], &["person", "role", "ada@city.example", "admin"]] {
        let complained = desk.run_on(&mistyped, words).could_not();
        assert!(complained.starts_with("freerange: there is no database at "), "{complained}");
        assert!(complained.contains("ctiy.sqlite; name the one you mean with --database"), "{complained}");
        assert!(!desk.path("ctiy.sqlite").exists() && !desk.path("copy").exists() && !desk.path("copy.part").exists());
    }
    assert!(desk.run_on("ctiy.sqlite", &["check"]).could_not().contains("sqlite:FILE"));
    assert!(desk.run(&["check"]).done().ends_with("Everything fits.\n"));
}

#[test]
fn a_backup_is_restored_whole_into_an_empty_database_of_either_kind_and_nowhere_else() {
    let desk = Desk::new();
    let made = desk.run(&["demo", "--data", ".", "--people", "60", "--no-serve"]).done();
    assert!(made.contains("sign in as staff: "), "{made}");
    let source = format!("sqlite:{}", desk.path("freerange.sqlite").display());
    let copied = desk.run_on(&source, &["backup", "copy"]).done();
    assert!(copied.ends_with(" rows in copy\n"), "{copied}");
    assert!(desk.run_on(&source, &["backup", "copy"]).could_not().contains("there already"));
    // Everything but the header, which holds the moment, and the checksum over it.
    let rows = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(desk.path(name)).expect("a copy");
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines[1..lines.len() - 1].to_vec()
    };
    both(async |house| {
        let target = house.url();
        desk.run_on(&target, &["restore", "copy"]).done();
        assert!(desk.run_on(&target, &["check"]).done().ends_with("Everything fits.\n"));
        let again = desk.path("again");
        let _ = std::fs::remove_file(&again);
        desk.run_on(&target, &["backup", "again"]).done();
        assert!(rows("copy").len() > 100 && rows("copy") == rows("again"), "the copy of the copy differs");
        let complained = desk.run_on(&target, &["restore", "copy"]).could_not();
        assert!(complained.contains("copy"), "{complained}");
    });
}

#[test]
fn a_damaged_backup_restores_nothing() {
    let desk = Desk::new();
    desk.import("people", &desk.write("staff.csv", STAFF), &[]).done();
    desk.run(&["backup", "copy"]).done();
    let text = std::fs::read_to_string(desk.path("copy")).expect("a copy");
    desk.write("damaged", &text.replace("Ada Berg", "Eve Berg"));
    let target = format!("sqlite:{}", desk.path("other.sqlite").display());
    assert!(desk.run_on(&target, &["restore", "damaged"]).could_not().contains("damaged"));
    desk.run_on(&target, &["restore", "copy"]).done();
}

#[test]
fn what_does_not_fit_makes_check_fail() {
    both(async |house| {
        city(house).await;
        let desk = Desk::new();
        assert!(desk.run_on(&house.url(), &["check"]).done().ends_with("Everything fits.\n"));
        house.tamper("UPDATE place SET level = 'village' WHERE code = 'MILL'").await;
        assert_eq!(desk.run_on(&house.url(), &["check"]).could_not(), "a level of places cannot be read\n");
    });
}

#[test]
fn a_matching_of_a_folder_that_is_not_there_is_told() {
    let desk = Desk::new();
    for what in ["round", "exchange"] {
        let complained =
            desk.run(&[what, "solve", "nowhere", "--out", "out.csv", "--certificate", "cert.json"]).could_not();
        assert!(complained.contains("nowhere"), "{complained}");
        assert!(!desk.path("out.csv").exists() && !desk.path("cert.json").exists());
    }
}

fn place(properties: &str, west: u32) -> String {
    let (x, far) = (west, west + 1);
    format!(
        r#"{{"type":"Feature","properties":{properties},"geometry":{{"type":"Polygon","coordinates":[[[{x},52],[{far},52],[{far},53],[{x},52]]]}}}}"#
    )
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}", features.join(",\n"))
}

#[test]
fn a_file_of_neighbourhoods_needs_no_options_and_what_was_taken_is_told() {
    let desk = Desk::new();
    let file = collection(&[
        place(r#"{"code":"1","name":"길동","name_eng":"Gil-dong"}"#, 5),
        place(r#"{"code":"2","name":"둔촌동","name_eng":"Dunchon-dong"}"#, 6),
    ]);
    let said = desk.import("places", &desk.write("places.geojson", &file), &[]).done();
    assert_eq!(
        said,
        "All places are neighbourhoods, code from “code”, name from “name_eng”, local name from “name”.\n\
         neighbourhoods: 2 added, 0 updated, 0 unchanged, 0 no longer in the file\n"
    );
    let unnamed = desk.write("unnamed.geojson", &collection(&[place(r#"{"code":"1","mayor":"Ada"}"#, 5)]));
    let complained = desk.import("places", &unnamed, &[]).could_not();
    assert!(complained.contains("say which with --name (there are: code, mayor)"), "{complained}");
    assert!(desk.import("places", &unnamed, &["--name", "mayor"]).done().contains("0 added, 1 updated"));
}

#[test]
fn one_file_holds_city_districts_and_neighbourhoods() {
    let desk = Desk::new();
    let quarter = |code: &str, district: &str, west| {
        place(&format!(r#"{{"code":"{code}","name":"Q{code}","d":"{district}","dn":"D{district}","c":"A"}}"#), west)
    };
    let file = collection(&[quarter("1", "N", 5), quarter("2", "N", 6), quarter("3", "S", 7)]);
    let file = desk.write("named.geojson", &file);
    let options = ["--neighbourhood", "code", "--district", "d", "--district-name", "dn", "--city", "c"];
    let added = desk.import("places", &file, &options).done();
    for line in ["cities: 1 added", "districts: 2 added", "neighbourhoods: 3 added"] {
        assert!(added.contains(line), "{added}");
    }
    assert!(desk.import("places", &file, &options).done().contains("neighbourhoods: 0 added, 0 updated, 3 unchanged"));
    assert!(desk.run(&["check"]).done().contains("Everything fits."));

    // Drawn each for itself, and saying what they are: no options.
    let other = Desk::new();
    let drawn = collection(&[
        place(r#"{"level":"city","id":"A","name":"Aville"}"#, 5),
        place(r#"{"level":"district","id":"N","name":"North","parent":"A"}"#, 5),
        place(r#"{"level":"neighbourhood","id":"1","name":"Mill","parent":"N"}"#, 5),
    ]);
    let added = other.import("places", &other.write("drawn.geojson", &drawn), &[]).done();
    assert!(added.starts_with("Level from “level”, code from “id”, name from “name”, lies in “parent”.\n"), "{added}");
    assert!(added.contains("cities: 1 added") && added.contains("neighbourhoods: 1 added"), "{added}");
}

#[test]
fn a_place_in_a_district_that_is_not_there_is_named_and_leaves_nothing_not_even_the_frame() {
    let desk = Desk::new();
    let astray = collection(&[place(r#"{"code":"77","name":"Far","d":"9"}"#, 90)]);
    let complained =
        desk.import("places", &desk.write("astray.geojson", &astray), &["--parent-property", "d"]).could_not();
    assert!(complained.contains("the place “77” lies in “9”, which is not there"), "{complained}");
    assert!(complained.contains("Nothing was imported."), "{complained}");
    let twice = collection(&[place(r#"{"code":"1","name":"A"}"#, 5), place(r#"{"code":"1","name":"B"}"#, 6)]);
    let complained = desk.import("places", &desk.write("twice.geojson", &twice), &[]).could_not();
    assert!(
        complained.contains("feature 2 (line 3), properties.code “1”: is the code of feature 1 too"),
        "{complained}"
    );
    desk.import("places", &desk.write("right.geojson", &collection(&[place(r#"{"code":"1","name":"A"}"#, 5)])), &[])
        .done();
    desk.run(&["backup", "copy"]).done();
    let copy = std::fs::read_to_string(desk.path("copy")).expect("a copy");
    assert!(copy.contains("[5.0,52.0,6.0,53.0]"), "the frame is that of the file that was taken");
}
