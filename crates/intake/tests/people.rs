//! Staff lists as cities export them, and every kind of wrong one: each answer says where, what and what to do.

use freerange_intake::{
    Problem, RowError,
    people::{PersonRow, read_people},
};
use proptest::prelude::*;

const HEAD: &str = "id,name,email,team,manager_email,grade,languages,working_pattern\n";

fn read(csv: &str) -> Vec<PersonRow> {
    read_people(csv.as_bytes()).expect("is read")
}

fn errors(csv: impl AsRef<[u8]>) -> Vec<RowError> {
    read_people(csv.as_ref()).expect_err("is refused")
}

fn rows(count: u32, row: impl Fn(u32) -> String) -> String {
    (0..count).map(row).collect::<Vec<_>>().concat()
}

/// The only error of a body below the usual header.
fn only(body: &str) -> RowError {
    let mut errors = errors(format!("{HEAD}{body}"));
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}

#[test]
fn a_full_row_is_read_as_it_was_meant() {
    let csv = format!(
        "{HEAD}1, Jo  Jansen ,JO@City.example,Housing/Permits / Desk 3,,G7,\"nl, EN\",Mon-Thu\n2,Al,al@city.example,Housing,Jo@City.example,,ko|pt_BR|ko,\n"
    );
    let rows = read(&csv);
    assert_eq!(
        rows[0],
        PersonRow {
            line: 2,
            staff_no: "1".into(),
            name: "Jo Jansen".into(),
            email: "jo@city.example".into(),
            team: vec!["Housing".into(), "Permits".into(), "Desk 3".into()],
            manager_email: None,
            grade: "G7".into(),
            languages: vec!["nl".into(), "en".into()],
            working_pattern: "Mon-Thu".into(),
        }
    );
    assert_eq!(rows[1].manager_email.as_deref(), Some("jo@city.example"));
    assert_eq!(rows[1].languages, ["ko", "pt-br"]);
}

#[test]
fn headings_of_our_cities_are_understood_in_any_order() {
    for header in [
        "E-mail;Naam;Personeelsnummer;Afdeling;E-mail leidinggevende;Schaal;Talen;Werkdagen",
        "Correo electrónico;Nombre;Legajo;Dependencia;Correo de la jefatura;Categoría;Idiomas;Jornada",
        "이메일;이름;사번;부서;상급자 이메일;직급;언어;근무형태",
        "E_MAIL;Full name;Staff ID;Unit;Manager's e-mail;Grade;Language;Working pattern",
    ] {
        let rows = read(&format!("{header}\njo@city.example;Jo;7;A;;G;nl;Mon\n"));
        let row = &rows[0];
        assert_eq!(
            (row.staff_no.as_str(), row.name.as_str(), row.email.as_str(), row.grade.as_str()),
            ("7", "Jo", "jo@city.example", "G"),
            "{header}"
        );
        assert_eq!((row.team.as_slice(), row.languages.as_slice()), (&["A".to_owned()][..], &["nl".to_owned()][..]));
        assert_eq!(row.working_pattern, "Mon");
    }
}

#[test]
fn the_same_people_are_read_however_the_file_was_saved() {
    let plain = "id,name,email,team\n1,Jo,jo@city.example,A/B\n\n2,Al,al@city.example,A\n,,,\n";
    let wanted = read(plain);
    assert_eq!(wanted.iter().map(|r| r.line).collect::<Vec<_>>(), [2, 4]);
    let semicolons = plain.replace(',', ";");
    for saved in [
        plain.replace('\n', "\r\n"),
        plain.replace('\n', "\r"),
        format!("\u{feff}{plain}"),
        semicolons.clone(),
        format!("\u{feff}{}", semicolons.replace('\n', "\r\n")),
        plain.replace(',', "\t"),
        plain.replace("Jo", "\"Jo\""),
    ] {
        assert_eq!(read(&saved), wanted, "{saved:?}");
    }
}

#[test]
fn text_in_quotation_marks_may_hold_separators_and_line_breaks() {
    let rows = read(
        "id;name;email;team\r\n1;\"Jansen; \"\"Jo\"\"\r\nvan der Berg\";jo@city.example;A\r\n2;Al;al@city.example;A\r\n",
    );
    assert_eq!(rows[0].name, "Jansen; \"Jo\" van der Berg");
    assert_eq!((rows[0].line, rows[1].line), (2, 4));
}

#[test]
fn each_wrong_cell_is_told_with_its_line_column_and_reason() {
    let long = "x".repeat(161);
    for (body, column, says) in [
        ("1,Jo,jo-at-city,A,,,,\n", "email", "not an e-mail"),
        ("1,Jo,jo@city,A,,,,\n", "email", "not an e-mail"),
        ("1,Jo,a b@city.example,A,,,,\n", "email", "not an e-mail"),
        ("1,Jo,jo@city.example,A,the boss,,,\n", "manager_email", "not an e-mail"),
        (",Jo,jo@city.example,A,,,,\n", "id", "is empty"),
        ("1,,jo@city.example,A,,,,\n", "name", "is empty"),
        ("1,Jo,,A,,,,\n", "email", "is empty"),
        ("1,Jo,jo@city.example,,,,,\n", "team", "is empty"),
        ("1,Jo,jo@city.example,/,,,,\n", "team", "one to 8 parts"),
        ("1,Jo,jo@city.example,a/b/c/d/e/f/g/h/i,,,,\n", "team", "one to 8 parts"),
        ("1,Jo,jo@city.example,A,boss@city.example,,,\n", "manager_email", "nobody in this file"),
        ("1,Jo,jo@city.example,A,JO@city.example,,,\n", "manager_email", "own address"),
        ("1,J\u{7}o,jo@city.example,A,,,,\n", "name", "control character"),
        ("1,Jo\u{202e}xe,jo@city.example,A,,,,\n", "name", "turns the text"),
        ("1,Jo,jo@city.example,A,,,Dutch,\n", "languages", "not a language code"),
        (&format!("1,{long},jo@city.example,A,,,,\n"), "name", "longer than 160"),
        (&format!("1,Jo,jo@city.example,A/{long},,,,\n"), "team", "longer than 160"),
        (&format!("1,Jo,{long}{long}@city.example,A,,,,\n"), "email", "not an e-mail"),
    ] {
        let error = only(body);
        assert_eq!((error.line, error.column.as_deref()), (2, Some(column)), "{body}");
        let told = error.to_string();
        assert!(told.starts_with(&format!("line 2, {column}")) && told.contains(says), "{told}");
        assert!(error.value.chars().count() <= 60 && !error.value.chars().any(char::is_control), "{told:?}");
    }
}

#[test]
fn doubles_name_both_lines() {
    let second = |row: &str| only(&format!("1,Jo,jo@city.example,A,,,,\n{row}\n"));
    let id = second("1,Al,al@city.example,A,,,,");
    assert_eq!((id.line, &id.problem), (3, &Problem::SameId { first: 2 }));
    let email = second("2,Al,JO@city.example,A,,,,");
    assert_eq!((email.line, &email.problem), (3, &Problem::SameEmail { first: 2 }));
    assert!(email.to_string().contains("in line 2 too"));
    let thrice = errors(format!("{HEAD}{}", "1,Jo,jo@city.example,A,,,,\n".repeat(3)));
    assert!(thrice.iter().all(|e| matches!(e.problem, Problem::SameId { first: 2 } | Problem::SameEmail { first: 2 })));
    assert_eq!(thrice.len(), 4);
}

#[test]
fn managers_in_a_circle_are_told_once_with_the_chain() {
    let person = |no: u32, above: &str| format!("{no},P,p{no}@city.example,A,{above},,,\n");
    let body = [
        person(1, "p2@city.example"),
        person(2, "p3@city.example"),
        person(3, "p4@city.example"),
        person(4, "p2@city.example"),
        person(5, ""),
    ]
    .concat();
    let error = only(&body);
    let chain = ["p2@city.example", "p3@city.example", "p4@city.example", "p2@city.example"].map(str::to_owned);
    assert_eq!((error.line, &error.problem), (3, &Problem::ManagerCircle(chain.to_vec())));
    assert!(error.to_string().contains("p2@city.example → p3@city.example → p4@city.example → p2@city.example"));
    let two = [body, person(6, "p7@city.example"), person(7, "p6@city.example")].concat();
    assert_eq!(errors(format!("{HEAD}{two}")).len(), 2);
}

#[test]
fn a_manager_whose_own_row_is_wrong_is_still_somebody() {
    let error = only("1,Jo,jo@city.example,A,al@city.example,,,\n2,,al@city.example,A,,,,\n");
    assert_eq!((error.line, error.problem), (3, Problem::Required));
}

#[test]
fn a_row_with_too_few_or_too_many_cells_is_told() {
    assert_eq!(only("1,Jo,jo@city.example,A\n").problem, Problem::WrongWidth { cells: 4, columns: 8 });
    assert_eq!(only("1,Jan, Jo,jo@city.example,A,,,,\n").problem, Problem::WrongWidth { cells: 9, columns: 8 });
}

#[test]
fn a_quotation_mark_left_open_is_told_instead_of_swallowing_those_who_follow() {
    let swallowed = errors(format!("{HEAD}1,Jo,jo@city.example,A,,,,\"Mon\n2,Al,al@city.example,A,,,,\n"));
    assert_eq!(swallowed, [RowError { line: 2, ..swallowed[0].clone() }]);
    assert_eq!(swallowed[0].problem, Problem::OpenQuote);
    let closed_later = only("1,\"Jo,jo@city.example,A,,,,\n2,\"Al\",al@city.example,A,,,,\n");
    assert_eq!((closed_later.line, closed_later.problem), (2, Problem::OpenQuote));
    assert_eq!(read("id,name,email,team\n1,Jo 5\" tall,jo@city.example,A\n")[0].name, "Jo 5\" tall");
}

#[test]
fn a_wrong_file_is_told_as_a_whole() {
    let missing = errors("id,name,team\n1,Jo,A\n");
    assert!(missing[0].to_string().contains("“email” is missing") && missing[0].to_string().contains("id, name, team"));
    assert!(errors("id,name,E-mail,Mail,team\n")[0].to_string().contains("the same: E-mail, Mail"));
    assert_eq!(errors("")[0].problem, Problem::FileEmpty);
    assert_eq!(errors(" \r\n \n")[0].problem, Problem::FileEmpty);
    assert_eq!(errors(HEAD)[0].problem, Problem::NoPeople);
    let latin = errors([HEAD.as_bytes(), b"1,Jo,jo@city.example,A,,,,\r\n2,Jos\xe9,a@city.example,A,,,,\n"].concat());
    assert_eq!((latin[0].line, &latin[0].problem), (3, &Problem::NotUtf8));
    assert!(latin[0].to_string().contains("save the file as UTF-8"));
    assert_eq!(errors(b"\xff\xfei\0d\0")[0].problem, Problem::Utf16);
    assert_eq!(errors(vec![b'a'; 64 * 1024 * 1024 + 1])[0].problem, Problem::FileTooLarge(64));
}

#[test]
fn of_very_many_errors_a_hundred_are_told_in_the_order_of_the_file_and_the_rest_counted() {
    let body = rows(15_000, |i| format!("{i},Jo,wrong{i},A,,,,\n"));
    let all = errors(format!("{HEAD}{body}"));
    assert_eq!(all.len(), 101);
    assert!(all[..100].iter().zip(2..).all(|(e, line)| e.line == line));
    assert_eq!(all[100].problem, Problem::More(14_900));
    assert!(all[100].to_string().starts_with("and 14900 more"));
}

#[test]
fn what_a_large_city_exports_is_read_whole() {
    let body =
        rows(50_000, |i| format!("{i},Person {i},p{i}@city.example,A/B{},p{}@city.example,,nl|en,\n", i % 90, i / 8));
    let csv = format!("{HEAD}{}", body.replacen("p0@city.example,,nl", ",,nl", 1));
    let rows = read(&csv);
    assert_eq!(rows.len(), 50_000);
    assert_eq!(rows[49_999].manager_email.as_deref(), Some("p6249@city.example"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_people(&bytes);
        let _ = read_people(&[HEAD.as_bytes(), &bytes].concat());
    }

    #[test]
    fn every_answer_about_a_random_table_is_complete(body in "([a-c1-2@., \"\r\n;/]|[a-b]@c\\.d,){0,120}") {
        let csv = format!("{HEAD}{body}");
        let lines = csv.replace("\r\n", "\n").split(['\n', '\r']).count() as u64;
        match read_people(csv.as_bytes()) {
            Ok(rows) => for row in &rows {
                prop_assert!((2..=lines).contains(&row.line));
                prop_assert!(!row.staff_no.is_empty() && !row.name.is_empty() && !row.team.is_empty());
                prop_assert!(rows.iter().filter(|r| r.staff_no == row.staff_no || r.email == row.email).count() == 1);
                prop_assert!(row.manager_email.as_ref().is_none_or(|m| rows.iter().any(|r| r.email == *m)));
            },
            Err(errors) => {
                prop_assert!(!errors.is_empty() && errors.len() <= 101);
                prop_assert!(errors.iter().all(|e| e.line <= lines && !e.problem.to_string().is_empty()));
            }
        }
    }

    #[test]
    fn what_is_written_with_quotation_marks_is_read_back(
        names in proptest::collection::vec("[a-zA-Zé가-힣][a-z ;,\"'é가-힣]{0,20}[a-z]", 1..20),
        semicolon in any::<bool>(),
        crlf in any::<bool>(),
    ) {
        let (separator, end) = (if semicolon { ";" } else { "," }, if crlf { "\r\n" } else { "\n" });
        let mut csv = ["id", "name", "email", "team"].join(separator) + end;
        for (i, name) in names.iter().enumerate() {
            let name = format!("\"{}\"", name.replace('"', "\"\""));
            csv += &([i.to_string(), name, format!("p{i}@city.example"), "A".to_owned()].join(separator) + end);
        }
        let rows = read_people(csv.as_bytes()).map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
        for ((row, name), line) in rows.iter().zip(&names).zip(2..) {
            prop_assert_eq!(&row.name, &name.split_whitespace().collect::<Vec<_>>().join(" "));
            prop_assert_eq!(row.line, line);
        }
        prop_assert_eq!(rows.len(), names.len());
    }
}
