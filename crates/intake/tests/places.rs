//! Boundaries as offices publish them, and every kind of wrong one: each answer says where, what and what to do.

use freerange_intake::{
    Problem, RowError,
    places::{Above, Guess, Level, LevelRule, ParentRule, PlaceMapping, PlaceRow, guess, read_places},
};
use proptest::prelude::*;

const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}"#;

fn mapping() -> PlaceMapping {
    PlaceMapping {
        level: LevelRule::All(Level::Neighbourhood),
        code_property: "code".into(),
        name_property: "name".into(),
        name_local_property: None,
        parent: ParentRule::CodePrefix(2),
        above: Vec::new(),
    }
}

fn collection(features: &[String]) -> String {
    format!("{{\"type\":\"FeatureCollection\",\n\"features\":[\n{}\n]}}", features.join(",\n"))
}

fn feature(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{properties},"geometry":{geometry}}}"#)
}

fn one(geometry: &str) -> String {
    collection(&[feature(r#"{"code":"1101","name":"Hill"}"#, geometry)])
}

fn read(document: &str) -> Vec<PlaceRow> {
    read_places(document.as_bytes(), &mapping()).expect("is read")
}

fn errors(document: &str) -> Vec<RowError> {
    read_places(document.as_bytes(), &mapping()).expect_err("is refused")
}

fn polygon(coordinates: &str) -> String {
    one(&format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#))
}

#[test]
fn a_wrong_spot_is_told_by_its_path_its_feature_and_its_line() {
    let bad = r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],["x",1],[0,0]]]}"#;
    let named = |code: &str, geometry: &str| feature(&format!(r#"{{"code":"{code}","name":"Hill"}}"#), geometry);
    let document = collection(&[named("1101", SQUARE), named("1102", SQUARE), named("1103", bad)]);
    let [error] = errors(&document).try_into().expect("one error");
    assert_eq!((error.feature, error.line), (Some(3), 5));
    assert_eq!(error.column.as_deref(), Some("features[2].geometry.coordinates[0][2]"));
    assert_eq!(error.value, "[x, 1]");
    assert_eq!(
        error.to_string(),
        "feature 3 (line 5), features[2].geometry.coordinates[0][2] “[x, 1]”: is not a longitude and a latitude in numbers"
    );
}

#[test]
fn wrong_boundaries_say_what_to_do() {
    for (document, says) in [
        (polygon("[[[0,0],[1,0],[0,0]]]"), "has 3 points"),
        (polygon("[[[0,0],[1,0],[1,1],[0,1]]]"), "not closed"),
        (polygon("[[[0,0],[1,0],[1,1],[0,0.00000001]]]"), "not closed"),
        (polygon("[[[0,0],[190,0],[1,91],[0,0]]]"), "outside the globe"),
        (polygon("[[[37.5,127],[37.6,127],[37.6,127.1],[37.5,127]]]"), "longitude comes first"),
        (polygon("[[[155000,463000],[1,0],[1,1],[0,0]]]"), "RD (EPSG:28992)"),
        (polygon("[[[322000,4160000],[1,0],[1,1],[0,0]]]"), "UTM"),
        (polygon("[[[14135000,4518000],[1,0],[1,1],[0,0]]]"), "EPSG:3857"),
        (polygon("[[[957000,1953000],[1,0],[1,1],[0,0]]]"), "EPSG:5179"),
        (polygon("[[[0],[1,0],[1,1],[0,0]]]"), "not a longitude"),
        (polygon("[[[0,null],[1,0],[1,1],[0,0]]]"), "not a longitude"),
        (polygon("[7]"), "is not a list of points"),
        (polygon("[[]]"), "has 0 points"),
        (polygon("[]"), "not a list of rings"),
        (polygon("7"), "not a list of rings"),
        (one(r#"{"type":"MultiPolygon","coordinates":[]}"#), "not a list of rings"),
        (one(r#"{"type":"MultiPolygon","coordinates":[7]}"#), "not a list of rings"),
        (one("null"), "no geometry"),
        (one(r#"{"type":"Point","coordinates":[1,2]}"#), "“Point”"),
        (one(r#"{"type":"GeometryCollection","geometries":[]}"#), "only Polygon and MultiPolygon"),
        (collection(&["7".to_owned()]), "is not a Feature"),
        (collection(&[feature(r#"{"code":"1101","title":"Hill"}"#, SQUARE)]), "there are: code, title"),
        (collection(&[feature(r#"{"code":"1101","name":" "}"#, SQUARE)]), "is empty"),
        (collection(&[feature(r#"{"code":"1101","name":"a\u0007"}"#, SQUARE)]), "control character"),
        (collection(&[feature(r#"{"code":"1","name":"Hill"}"#, SQUARE)]), "shorter than the 2"),
        (collection(&[feature("null", SQUARE)]), "no such property"),
    ] {
        let errors = errors(&document);
        assert!(errors[0].to_string().contains(says), "{says}: {}", errors[0]);
        assert_eq!((errors[0].feature, errors[0].line), (Some(1), 3), "{}", errors[0]);
    }
}

#[test]
fn a_wrong_file_is_told_as_a_whole() {
    let system = |crs: &str| one(SQUARE).replacen('{', &format!(r#"{{"crs":{crs},"#), 1);
    let named = |name: &str| system(&format!(r#"{{"type":"name","properties":{{"name":"{name}"}}}}"#));
    for (document, says) in [
        (String::new(), "empty"),
        ("[]".to_owned(), "FeatureCollection"),
        ("7".to_owned(), "FeatureCollection"),
        ("{}".to_owned(), "without a type"),
        (feature("{}", SQUARE), "“Feature”"),
        (r#"{"type":"Topology","objects":{}}"#.to_owned(), "“Topology”"),
        (r#"{"type":"FeatureCollection"}"#.to_owned(), "without a list of features"),
        (r#"{"type":"FeatureCollection","features":7}"#.to_owned(), "without a list of features"),
        (r#"{"type":"FeatureCollection","features":[]}"#.to_owned(), "no features"),
        (named("urn:ogc:def:crs:EPSG::28992"), "convert them to WGS84"),
        (named("EPSG:14326"), "convert them to WGS84"),
        (system(r#"{"type":"link","properties":{"href":"x"}}"#), "convert them to WGS84"),
    ] {
        let errors = errors(&document);
        assert_eq!(errors.len(), 1);
        assert!(errors[0].to_string().contains(says), "{says}: {}", errors[0]);
    }
    for fine in [named("urn:ogc:def:crs:OGC:1.3:CRS84"), named("EPSG:4326"), system("null"), one(SQUARE)] {
        read(&fine);
    }
}

#[test]
fn what_is_not_json_is_told_by_line_and_column() {
    let [error] = errors("{\"type\":\n  \"FeatureCollection\",,}").try_into().expect("one error");
    assert_eq!(error.line, 2);
    assert!(matches!(error.problem, Problem::NotJson { column: 23, .. }), "{error}");
    for number in ["NaN", "1e999", "Infinity"] {
        let [error] = errors(&polygon(&format!("[[[0,{number}]]]"))).try_into().expect("one error");
        assert!(matches!(error.problem, Problem::NotJson { .. }) && error.line == 3, "{error}");
    }
    let deep = one(&"[".repeat(100_000));
    assert_eq!(errors(&deep)[0].problem, Problem::TooDeep);
    let cut = one(SQUARE);
    assert!(matches!(errors(&cut[..cut.len() - 1])[0].problem, Problem::NotJson { .. }));
    let latin = [b"{\n\"a\":\"", &b"\xe9\"}"[..]].concat();
    let errors = read_places(&latin, &mapping()).expect_err("is refused");
    assert_eq!((errors[0].line, &errors[0].problem), (2, &Problem::NotUtf8));
}

#[test]
fn all_errors_of_a_file_are_told_and_codes_are_compared() {
    let good = feature(r#"{"code":1101,"name":"Hill"}"#, SQUARE);
    let double = feature(r#"{"code":"1101.0","name":"Hill"}"#, SQUARE).replace(r#""1101.0""#, "1101.0");
    let two = feature("{}", "null");
    let found = errors(&collection(&[good, double, two]));
    let problems: Vec<_> = found.iter().map(|e| (e.feature, e.line, e.column.clone().unwrap_or_default())).collect();
    let spot = |feature, line, path: &str| (Some(feature), line, path.to_owned());
    assert_eq!(
        problems,
        [
            spot(2, 4, "properties.code"),
            spot(3, 5, "properties.code"),
            spot(3, 5, "properties.name"),
            spot(3, 5, "features[2].geometry"),
        ]
    );
    assert_eq!(found[0].problem, Problem::SameCode { first: 1 });
    let many = vec![feature("{}", "null"); 500];
    let told = errors(&collection(&many));
    assert_eq!((told.len(), &told[100].problem), (101, &Problem::More(1400)));
}

#[test]
fn holes_parts_heights_and_nearly_closed_rings_are_read() {
    let hole = polygon("[[[0,0,9],[4,0,9],[4,4,9],[0,4,9],[0,0.0000000001,9]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]");
    let rows = read(&hole);
    let (outer, holes) = (&rows[0].shape.0[0].outer, &rows[0].shape.0[0].holes);
    assert_eq!(outer.first(), outer.last());
    assert_eq!((outer.len(), holes.len(), holes[0].len()), (5, 1, 5));
    let parts = r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[5,5],[6,5],[6,6],[5,5]]]]}"#;
    assert_eq!(read(&one(parts))[0].shape.0.len(), 2);
}

#[test]
fn names_and_what_a_place_lies_in_come_from_the_properties_that_were_named() {
    let mapping = PlaceMapping {
        level: LevelRule::All(Level::District),
        name_property: "eng".into(),
        name_local_property: Some("name".into()),
        parent: ParentRule::Property("city".into()),
        ..mapping()
    };
    let features = [
        feature(r#"{"code":7,"eng":" Hill ","name":"언덕","city":"11"}"#, SQUARE),
        feature(r#"{"code":8,"eng":"Dale","name":null,"city":11}"#, SQUARE),
    ];
    let rows = read_places(collection(&features).as_bytes(), &mapping).expect("is read");
    assert_eq!(
        (rows[0].code.as_str(), rows[0].name.as_str(), rows[0].name_local.as_deref()),
        ("7", "Hill", Some("언덕"))
    );
    assert_eq!((rows[1].name_local.as_deref(), rows[1].parent_code.as_deref()), (None, Some("11")));
    assert_eq!(rows[0].level, Level::District);
    assert_eq!(read(&one(SQUARE))[0].parent_code.as_deref(), Some("11"));
}

/// Three neighbourhoods that name their district and their city, one on each line.
fn named_above(last: &str) -> Vec<String> {
    let place = |code: &str, district: &str, name: &str| {
        feature(&format!(r#"{{"code":"{code}","name":"{code}","d":"{district}","dn":"{name}","c":"1"}}"#), SQUARE)
    };
    vec![place("a", "11", "North"), place("b", "12", "South"), place("c", "11", last)]
}

fn three_levels() -> PlaceMapping {
    let above = |level, code: &str, name: Option<&str>| Above {
        level,
        code_property: code.into(),
        name_property: name.map(Into::into),
    };
    PlaceMapping {
        parent: ParentRule::None,
        above: vec![above(Level::District, "d", Some("dn")), above(Level::City, "c", None)],
        ..mapping()
    }
}

#[test]
fn districts_and_the_city_are_made_of_the_places_that_name_them() {
    let rows = read_places(collection(&named_above("North")).as_bytes(), &three_levels()).expect("is read");
    let told: Vec<_> = rows
        .iter()
        .map(|r| (r.level, r.code.as_str(), r.name.as_str(), r.parent_code.as_deref(), r.shape.0.len()))
        .collect();
    assert_eq!(
        told,
        [
            (Level::District, "11", "North", Some("1"), 2),
            (Level::City, "1", "1", None, 3),
            (Level::District, "12", "South", Some("1"), 1),
            (Level::Neighbourhood, "a", "a", Some("11"), 1),
            (Level::Neighbourhood, "b", "b", Some("12"), 1),
            (Level::Neighbourhood, "c", "c", Some("11"), 1),
        ]
    );
}

#[test]
fn a_district_with_two_names_or_in_two_cities_is_told_where() {
    let told = |features: &[String]| {
        let errors = read_places(collection(features).as_bytes(), &three_levels()).expect_err("is refused");
        errors.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(
        told(&named_above("Nord")),
        ["feature 3 (line 5), properties.dn “Nord”: is called “North” in feature 1; a place has one name"]
    );
    let mut features = named_above("North");
    features[2] = features[2].replace(r#""c":"1""#, r#""c":"2""#);
    assert_eq!(
        told(&features),
        ["feature 3 (line 5), properties.dn “11”: lies in “1” in feature 1; a place lies in one other"]
    );
}

#[test]
fn a_file_can_say_for_each_place_how_large_it_is() {
    let mapping = PlaceMapping {
        level: LevelRule::Property("level".into()),
        parent: ParentRule::Property("parent".into()),
        ..mapping()
    };
    let place = |level: &str, code: &str, parent: &str| {
        feature(&format!(r#"{{"level":"{level}","code":"{code}","name":"x","parent":{parent}}}"#), SQUARE)
    };
    // The same code may stand at two levels.
    let mixed = [place("City", "1", "null"), place("district", "1", "1"), place("Neighborhood", "7", "1")];
    let rows = read_places(collection(&mixed).as_bytes(), &mapping).expect("is read");
    let told: Vec<_> = rows.iter().map(|r| (r.level, r.parent_code.as_deref())).collect();
    assert_eq!(told, [(Level::City, None), (Level::District, Some("1")), (Level::Neighbourhood, Some("1"))]);
    let twice = [place("city", "1", "null"), place("city", "1", "null"), place("village", "2", "null")];
    let errors = read_places(collection(&twice).as_bytes(), &mapping).expect_err("is refused");
    assert_eq!(errors[0].problem, Problem::SameCode { first: 1 });
    assert_eq!(
        errors[1].to_string(),
        "feature 3 (line 5), properties.level “village”: is no level; write city, district or neighbourhood"
    );
}

#[test]
fn properties_are_guessed_by_the_names_that_offices_use() {
    let guessed = |properties: &[&str]| {
        let features: Vec<String> = properties.iter().map(|p| feature(p, SQUARE)).collect();
        guess(collection(&features).as_bytes()).expect("is read")
    };
    let some = |name: &str| Some(name.to_owned());
    let seoul = guessed(&[r#"{"code":"1","name":"길동","name_eng":"Gil-dong","base_year":"2013"}"#]);
    assert_eq!((seoul.code, seoul.name, seoul.name_local), (some("code"), some("name_eng"), some("name")));
    let dutch = guessed(&[r#"{"BUURTCODE":"1","BUURTNAAM":"Soesterkwartier"}"#]);
    assert_eq!((dutch.code, dutch.name, dutch.level), (some("BUURTCODE"), some("BUURTNAAM"), None));
    let mixed = guessed(&[
        r#"{"id":1,"name":"a","type":"city","extra":1}"#,
        r#"{"id":2,"name":"b","type":"district","parent":1}"#,
    ]);
    assert_eq!((mixed.level, mixed.parent), (some("type"), some("parent")));
    assert_eq!(mixed.there, ["id", "name", "type"]);
    // Neither a type that is no level nor a parent without levels is taken for one.
    let plain =
        guessed(&[r#"{"id":1,"name":"a","type":"polygon","parent":1}"#, r#"{"id":2,"name":"b","type":"city"}"#]);
    assert_eq!((plain.level, plain.parent), (None, None));
    assert_eq!(guessed(&[r#"{"x":1}"#]), Guess { there: vec!["x".into()], ..Guess::default() });
}

/// JSON of any form, often one that resembles boundaries.
fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("\"Polygon\"".to_owned()),
        Just("\"Feature\"".to_owned()),
        (-400.0..400.0f64).prop_map(|n| n.to_string()),
        "\"[a-z\\[\\]{},]{0,4}\"",
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        let key =
            prop::sample::select(vec!["type", "features", "geometry", "coordinates", "properties", "code", "name"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|list| format!("[{}]", list.join(","))),
            prop::collection::vec((key, inner), 0..4).prop_map(|members| {
                let members: Vec<String> = members.into_iter().map(|(k, v)| format!("\"{k}\":{v}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_the_reader_fall_over(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read_places(&bytes, &mapping());
        let _ = guess(&bytes);
    }

    #[test]
    fn no_json_makes_the_reader_fall_over_and_each_feature_has_its_line(
        values in prop::collection::vec(any_json(), 1..5),
    ) {
        let _ = read_places(values[0].as_bytes(), &mapping());
        let _ = read_places(one(&values[0]).as_bytes(), &mapping());
        // Features begin in line 3, one a line.
        match read_places(collection(&values).as_bytes(), &mapping()) {
            Ok(rows) => prop_assert_eq!(rows.len(), values.len()),
            Err(errors) => for error in errors {
                prop_assert_eq!(error.line, error.feature.map_or(0, |f| f + 2), "{}", error);
            },
        }
    }
}
