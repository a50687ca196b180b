//! Every kind of wrong file gets an answer that says what, where and what to do.

use freerange_intake::{
    people::read_people,
    places::{Level, ParentRule, PlaceMapping, read_places},
    shape::{Polygon, Projection, Shape},
};
use proptest::prelude::*;

const HEAD: &str = "id,name,email,team,manager_email,grade,languages,working_pattern\n";

fn told(csv: &str) -> Vec<String> {
    read_people(csv.as_bytes()).expect_err("refused").iter().map(ToString::to_string).collect()
}

#[test]
fn a_staff_list_is_read_with_mark_semicolons_quotes_and_any_order() {
    let csv = "\u{feff}Naam;E-mail;ID;Team;Talen\r\n\"Jansen; Jo\";JO@City.example;7;Housing / Permits;nl|en\r\n";
    let rows = read_people(csv.as_bytes()).expect("read");
    assert_eq!(rows[0].name, "Jansen; Jo");
    assert_eq!(rows[0].email, "jo@city.example");
    assert_eq!(rows[0].team, ["Housing", "Permits"]);
    assert_eq!(rows[0].languages, ["nl", "en"]);
    assert_eq!(rows[0].line, 2);
}

#[test]
fn each_wrong_line_is_told_with_line_column_and_reason() {
    for (body, line, says) in [
        ("1,Jo,jo-at-city,A,,,,\n", "line 2, email", "not an e-mail"),
        ("1,,jo@city.example,A,,,,\n", "line 2, name", "is empty"),
        ("1,Jo,jo@city.example,/,,,,\n", "line 2, team", "one to 8 parts"),
        ("1,Jo,jo@city.example,A\n", "line 2", "cells instead of 8"),
        ("1,Jo,jo@city.example,A,boss@city.example,,,\n", "line 2, manager_email", "nobody in this file"),
        ("1,Jo,jo@city.example,A,jo@city.example,,,\n", "line 2, manager_email", "own address"),
        ("1,Jo,jo@city.example,A,,,,\n1,Al,al@city.example,A,,,,\n", "line 3, id", "in line 2 too"),
        ("1,Jo,jo@city.example,A,,,,\n2,Al,JO@city.example,A,,,,\n", "line 3, email", "in line 2 too"),
        ("1,J\u{7}o,jo@city.example,A,,,,\n", "line 2, name", "control character"),
        (
            "1,Jo,jo@city.example,A,al@city.example,,,\n2,Al,al@city.example,A,jo@city.example,,,\n",
            "manager_email",
            "circle of managers",
        ),
    ] {
        let all = told(&format!("{HEAD}{body}"));
        assert!(all.iter().any(|e| e.contains(line) && e.contains(says)), "{body}: {all:?}");
    }
}

#[test]
fn a_wrong_file_is_told_as_a_whole() {
    assert!(told("id,name,team\n1,Jo,A\n")[0].contains("“email” is missing"));
    assert!(told("id,id,name,email,team\n")[0].contains("there twice"));
    assert!(told("")[0].contains("empty"));
    assert!(told(HEAD)[0].contains("no person"));
    let latin = [HEAD.as_bytes(), b"1,Jos\xe9,jo@city.example,A,,,,\n"].concat();
    let errors = read_people(&latin).expect_err("refused");
    assert_eq!(errors[0].line, 2);
    assert!(errors[0].problem.contains("UTF-8"));
    assert!(read_people(b"\xff\xfei\0d\0").expect_err("refused")[0].problem.contains("UTF-16"));
}

#[test]
fn of_very_many_errors_a_hundred_are_told_and_the_rest_counted() {
    let body = "1,Jo,wrong,A,,,,\n".repeat(500);
    let all = told(&format!("{HEAD}{body}"));
    assert_eq!(all.len(), 101);
    assert!(all[100].contains("400 more"));
}

fn mapping() -> PlaceMapping {
    PlaceMapping {
        level: Level::Neighbourhood,
        code_property: "code".into(),
        name_property: "name".into(),
        name_local_property: None,
        parent: ParentRule::CodePrefix(2),
    }
}

fn collection(geometry: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"code":"1101","name":"Hill"}},"geometry":{geometry}}}]}}"#
    )
}

#[test]
fn wrong_boundaries_say_where_and_what_to_do() {
    for (document, says) in [
        ("{".to_owned(), "not JSON"),
        ("[]".to_owned(), "FeatureCollection"),
        (r#"{"type":"FeatureCollection","features":[]}"#.to_owned(), "no features"),
        (collection("null"), "only Polygon"),
        (collection(r#"{"type":"Point","coordinates":[1,2]}"#), "“Point”"),
        (collection(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}"#), "fewer than four"),
        (collection(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}"#), "not closed"),
        (collection(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,91],[0,0]]]}"#), "outside the globe"),
        (collection(r#"{"type":"Polygon","coordinates":[[[155000,463000],[1,0],[1,1],[0,0]]]}"#), "metres"),
        (collection(r#"{"type":"Polygon","coordinates":[[["a",0],[1,0],[1,1],[0,0]]]}"#), "longitude and a latitude"),
        (collection(r#"{"type":"Polygon","coordinates":[]}"#), "no ring"),
        (
            collection(r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#)
                .replace("\"name\"", "\"title\""),
            "there is no such text",
        ),
        (
            collection("null").replacen('{', r#"{"crs":{"properties":{"name":"urn:ogc:def:crs:EPSG::28992"}},"#, 1),
            "convert them to WGS84",
        ),
    ] {
        let errors = read_places(document.as_bytes(), &mapping()).expect_err("refused");
        assert!(errors[0].to_string().contains(says), "{says}: {}", errors[0]);
    }
}

#[test]
fn a_place_knows_its_hole_and_what_it_lies_in() {
    let hole = r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]}"#;
    let rows = read_places(collection(hole).as_bytes(), &mapping()).expect("read");
    assert_eq!(rows[0].parent_code.as_deref(), Some("11"));
    assert!(rows[0].shape.contains(3.0, 3.0));
    assert!(!rows[0].shape.contains(1.5, 1.5));
    assert!(!rows[0].shape.contains(5.0, 1.0));
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_people(&bytes);
        let _ = read_places(&bytes, &mapping());
    }

    #[test]
    fn no_table_makes_the_reader_fall_over(body in "[a-z0-9@.,;\"\n/ ]{0,200}") {
        let _ = read_people(format!("{HEAD}{body}").as_bytes());
    }

    #[test]
    fn a_rectangle_contains_what_lies_within_and_stays_in_its_frame(w in 0.01f64..5.0, h in 0.01f64..5.0, x in 0.01f64..0.99, y in 0.01f64..0.99) {
        let shape = Shape(vec![Polygon { outer: vec![[0.0, 0.0], [w, 0.0], [w, h], [0.0, h], [0.0, 0.0]], holes: vec![] }]);
        prop_assert!(shape.contains(x * w, y * h));
        prop_assert!(!shape.contains(w + x, y * h));
        let path = shape.svg_path(&Projection::fit(shape.bounds().expect("not empty"), 1000.0, 760.0));
        for number in path.split(['M', 'L', 'Z', ' ']).filter(|n| !n.is_empty()) {
            let n: f64 = number.parse().expect("a number");
            prop_assert!((0.0..=1000.0).contains(&n), "{path}");
        }
    }
}
