//! However an instance is broken, whoever hands it in is told the file, the line, the column, what is wrong and what to do,
//! before anything is solved.

mod broken;

use std::fs;
use std::path::PathBuf;

use broken::{FORMS, Form, read, solved_and_proven, sound, tables};
use freerange_allocate::FileError;

/// The refusal of a sound instance in which one file was changed.
#[track_caller]
fn refused(form: Form, file: &str, change: impl FnOnce(&str) -> Vec<u8>) -> FileError {
    let dir = sound(form);
    let path = dir.path().join(file);
    let text = fs::read_to_string(&path).expect("just written");
    fs::write(&path, change(&text)).expect("the temporary folder can be written");
    let error = read(form, dir.path()).expect_err("it is not sound any more");
    assert!(!error.what.is_empty() && !error.remedy.is_empty());
    let told = error.to_string();
    assert!(told.contains(&*error.file.to_string_lossy()) && told.contains(&error.what), "{told}");
    error
}

/// Where the refusal points: file, line and column.
fn place(error: &FileError) -> (String, usize, &str) {
    let file = error.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (file, error.line, error.column.as_str())
}

/// Writes `value` into a cell; the header is line 1.
fn with_cell(text: &str, line: usize, column: usize, value: &str) -> Vec<u8> {
    let mut lines: Vec<String> = text.lines().map(ToOwned::to_owned).collect();
    let mut cells: Vec<&str> = lines[line - 1].split(',').collect();
    cells[column] = value;
    lines[line - 1] = cells.join(",");
    (lines.join("\n") + "\n").into()
}

/// What nobody can mean by a number here.
const NO_NUMBERS: [&str; 16] = [
    "-1",
    "-0",
    "+1",
    "NaN",
    "inf",
    "1.5",
    "1e3",
    "0x1",
    "",
    " 1",
    "1 ",
    "\"1\"",
    "１",
    "9223372036854775808",
    "99999999999999999999999999",
    "1;2",
];

#[test]
fn what_is_no_whole_number_is_refused_in_every_column_of_every_table() {
    for form in FORMS {
        for file in tables(form) {
            let header = fs::read_to_string(sound(form).path().join(file)).expect("just written");
            let columns: Vec<&str> = header.lines().next().expect("a header").split(',').collect();
            for (number, column) in columns.iter().enumerate() {
                for value in NO_NUMBERS {
                    let error = refused(form, file, |text| with_cell(text, 3, number, value));
                    assert_eq!(place(&error), ((*file).to_owned(), 3, *column), "{value}");
                }
            }
        }
    }
}

#[test]
fn ids_that_point_nowhere_are_refused_where_they_stand() {
    for (form, file, column, name) in [
        (Form::Round, "people.csv", 1, "team"),
        (Form::Round, "outings.csv", 2, "nbhd"),
        (Form::Round, "outings.csv", 3, "host"),
        (Form::Round, "edges.csv", 0, "person"),
        (Form::Round, "edges.csv", 1, "outing"),
        (Form::Exchange, "posts.csv", 1, "city"),
        (Form::Exchange, "staff.csv", 1, "city"),
        (Form::Exchange, "edges.csv", 0, "staff"),
        (Form::Exchange, "edges.csv", 1, "post"),
        (Form::Exchange, "pairs.csv", 0, "from"),
        (Form::Exchange, "pairs.csv", 1, "to"),
    ] {
        let error = refused(form, file, |text| with_cell(text, 2, column, "399999999"));
        assert_eq!(place(&error), (file.to_owned(), 2, name));
        assert!(error.remedy.contains("from 0 to "), "{error}");
    }
}

#[test]
fn ids_that_do_not_count_up_are_refused() {
    for form in FORMS {
        for file in tables(form).iter().filter(|file| !matches!(**file, "edges.csv" | "pairs.csv")) {
            for wrong in ["0", "2"] {
                let error = refused(form, file, |text| with_cell(text, 3, 0, wrong));
                assert_eq!((error.line, error.remedy.as_str()), (3, "Write 1: ids count 0, 1, 2, ..."));
            }
        }
    }
}

#[test]
fn lines_that_are_doubled_or_out_of_order_are_refused() {
    let doubled = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.insert(2, lines[1]);
        (lines.join("\n") + "\n").into_bytes()
    };
    let last_first = |text: &str| {
        let mut lines: Vec<&str> = text.lines().collect();
        let last = lines.pop().expect("a last line");
        lines.insert(1, last);
        (lines.join("\n") + "\n").into_bytes()
    };
    for form in FORMS {
        for file in tables(form) {
            assert_eq!(refused(form, file, doubled).line, 3, "{file}");
        }
        assert_eq!(refused(form, "edges.csv", last_first).line, 3);
    }
}

#[test]
fn a_minimum_above_the_maximum_a_rising_bonus_and_a_post_at_home_are_refused() {
    let error = refused(Form::Round, "outings.csv", |text| with_cell(text, 2, 4, "999"));
    assert_eq!(place(&error), ("outings.csv".to_owned(), 2, "min"));
    let error = refused(Form::Round, "people.csv", |text| with_cell(text, 2, 8, "301"));
    assert_eq!(place(&error), ("people.csv".to_owned(), 2, "b1"));
    let dir = sound(Form::Exchange);
    let post = fs::read_to_string(dir.path().join("edges.csv")).expect("just written");
    let post: usize = post.lines().nth(1).and_then(|line| line.split(',').nth(1)?.parse().ok()).expect("a post");
    let staff = fs::read_to_string(dir.path().join("staff.csv")).expect("just written");
    let home = staff.lines().nth(1).and_then(|line| line.split(',').nth(1)).expect("a city").to_owned();
    let error = refused(Form::Exchange, "posts.csv", |text| with_cell(text, post + 2, 1, &home));
    assert_eq!(place(&error), ("edges.csv".to_owned(), 2, "post"));
}

#[test]
fn a_header_that_is_not_the_one_is_refused_and_the_right_one_told() {
    for form in FORMS {
        for file in tables(form) {
            let header = fs::read_to_string(sound(form).path().join(file)).expect("just written");
            let header = header.lines().next().expect("a header").to_owned();
            let without = |text: &str| text.split_once('\n').expect("two lines").1.to_owned().into_bytes();
            for error in [
                refused(form, file, without),
                refused(form, file, |text| format!("{},\n", text.trim_end()).replacen(',', ";", 1).into()),
                refused(form, file, |text| text.to_uppercase().into()),
                refused(form, file, |text| text.replacen('\n', ",more\n", 1).into()),
            ] {
                assert_eq!((place(&error), error.remedy.contains(&header)), (((*file).to_owned(), 1, ""), true));
            }
            let mark = refused(form, file, |text| format!("\u{feff}{text}").into());
            assert!(mark.line == 1 && mark.what.contains("byte order mark"), "{mark}");
            let nothing = refused(form, file, |_| Vec::new());
            assert!(nothing.line == 0 && nothing.what.contains("empty") && nothing.remedy.contains(&header));
        }
    }
}

#[test]
fn a_table_that_is_only_a_header_is_refused() {
    for form in FORMS {
        for file in tables(form) {
            let header_only = |text: &str| text.lines().next().map_or(Vec::new(), |line| format!("{line}\n").into());
            let error = refused(form, file, header_only);
            assert!(place(&error).0 != "meta.json" || error.what.contains(file), "{error}");
        }
    }
}

#[test]
fn lines_cut_short_or_too_long_are_refused() {
    for form in FORMS {
        for file in tables(form) {
            let lines = fs::read_to_string(sound(form).path().join(file)).expect("just written").lines().count();
            let cut = refused(form, file, |text| text.trim_end().into());
            assert!(cut.line == lines && cut.remedy.contains("line break"), "{cut}");
            let few = refused(form, file, |text| format!("{text}0\n").into());
            assert_eq!((few.line, few.what.as_str()), (lines + 1, "the value is missing"));
            let many = refused(form, file, |text| text.replacen("\n0,", "\n0,0,0,0,0,0,0,0,0,0,", 1).into());
            assert!(many.line == 2, "{many}");
            let endless = refused(form, file, |text| [text.as_bytes(), &vec![b'7'; 50_000_000]].concat());
            assert_eq!(endless.line, lines + 1);
            let blank = refused(form, file, |text| format!("{text}\n").into());
            assert_eq!(blank.line, lines + 1);
            let binary = refused(form, file, |text| [text.as_bytes(), b"\0\xFF\xFE,\x01\n"].concat());
            assert_eq!(binary.line, lines + 1);
        }
    }
}

#[test]
fn lines_that_end_as_windows_ends_them_are_read() {
    for form in FORMS {
        let dir = sound(form);
        for file in tables(form).iter().chain(&["meta.json"]) {
            let path = dir.path().join(file);
            let text = fs::read_to_string(&path).expect("just written");
            fs::write(&path, text.replace('\n', "\r\n")).expect("the temporary folder can be written");
        }
        assert_eq!(read(form, dir.path()), Ok(()));
        solved_and_proven(form, dir.path());
    }
}

#[test]
fn files_that_are_missing_or_folders_are_named() {
    for form in FORMS {
        for file in tables(form).iter().chain(&["meta.json"]) {
            let dir = sound(form);
            let path = dir.path().join(file);
            fs::remove_file(&path).expect("just written");
            let missing = read(form, dir.path()).expect_err("a file is missing");
            assert!(missing.file == path && missing.what.contains("cannot be opened"), "{missing}");
            fs::create_dir(&path).expect("the temporary folder can be written");
            let folder = read(form, dir.path()).expect_err("a folder is no file");
            assert!(folder.file == path && folder.what.contains("folder"), "{folder}");
        }
        assert!(read(form, &PathBuf::from("/nowhere")).is_err_and(|error| error.file.ends_with("meta.json")));
    }
}

#[test]
fn counts_that_do_not_fit_and_another_form_are_refused() {
    for (form, other) in [(Form::Round, "exchange"), (Form::Exchange, "round")] {
        for file in tables(form) {
            let shorter = |text: &str| {
                let lines: Vec<&str> = text.lines().collect();
                (lines[..lines.len() - 1].join("\n") + "\n").into_bytes()
            };
            let error = refused(form, file, shorter);
            assert!(place(&error).0 == "meta.json" || !error.column.is_empty(), "{error}");
        }
        let name = if form == Form::Round { "round" } else { "exchange" };
        for wrong in [
            refused(form, "meta.json", |text| text.replace(&format!("\"{name}\""), &format!("\"{other}\"")).into()),
            refused(form, "meta.json", |text| text.replace("\"version\": 1", "\"version\": 2").into()),
            refused(form, "meta.json", |text| text.replace("\"edges\": ", "\"edges\": 1").into()),
            refused(form, "meta.json", |text| text.replace("\"edges\"", "\"edge\"").into()),
            refused(form, "meta.json", |_| b"[]".to_vec()),
        ] {
            assert_eq!(place(&wrong), ("meta.json".to_owned(), 0, ""), "{wrong}");
        }
    }
}

#[test]
fn a_meta_file_that_is_no_small_plain_json_is_refused_with_its_line() {
    for form in FORMS {
        for (change, line) in [
            ("", 1),
            ("{", 1),
            ("\u{feff}{}", 1),
            ("{\n\"people\": NaN}", 2),
            ("{\n\n\"people\": 1.5}", 3),
            ("{\n\"people\": 99999999999999999999}", 2),
            ("{\n\"people\": -}", 2),
            ("{\n\"a\": 1,\n\"a\": 2}", 3),
            ("{\n\"a\": \"\\u0000\"}", 2),
        ] {
            let error = refused(form, "meta.json", |_| change.as_bytes().to_vec());
            assert_eq!(place(&error), ("meta.json".to_owned(), line, ""), "{change}");
        }
        let deep = refused(form, "meta.json", |_| vec![b'['; 1_000_000]);
        assert!(deep.what.contains("nested"), "{deep}");
        let dir = sound(form);
        // A thousand million bytes that take no place on the disk.
        let huge = fs::File::create(dir.path().join("meta.json")).expect("the temporary folder can be written");
        huge.set_len(1_000_000_000).expect("a sparse file");
        let error = read(form, dir.path()).expect_err("too large");
        assert!(error.what.contains("too large") && error.remedy.contains("bytes"), "{error}");
    }
}
