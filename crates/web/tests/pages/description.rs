//! The description of the API says what the program does: every parameter that is read, every answer that is given.

use std::collections::BTreeSet;

use crate::house::{PASSWORD, house};
use axum::http::StatusCode;
use serde_json::Value;

fn described() -> Value {
    freerange_web::openapi::description()
}

fn operation<'d>(description: &'d Value, method: &str, path: &str) -> &'d Value {
    &description["paths"][format!("/api/v1{path}")][method]
}

/// The parameters in the query of an address, `$ref`s aside.
fn query(description: &Value, path: &str) -> Vec<(String, Value)> {
    let parameters = operation(description, "get", path)["parameters"].as_array().expect("parameters").clone();
    let in_query = parameters.into_iter().filter(|p| p["in"] == "query");
    in_query.map(|p| (p["name"].as_str().expect("a name").to_owned(), p["schema"].clone())).collect()
}

/// What an answer must and may hold: the keys of each schema it may be.
fn shapes(description: &Value, method: &str, path: &str) -> Vec<BTreeSet<String>> {
    let schema = &operation(description, method, path)["responses"]["200"]["content"]["application/json"]["schema"];
    let either = schema["oneOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
    let named = either.iter().map(|s| {
        let name = s["$ref"].as_str().and_then(|r| r.rsplit('/').next()).expect("a reference");
        &description["components"]["schemas"][name]["properties"]
    });
    named.map(|p| p.as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default()).collect()
}

fn keys(json: &str) -> BTreeSet<String> {
    let value: Value = serde_json::from_str(json).expect("JSON");
    value.as_object().expect("an object").keys().cloned().collect()
}

#[test]
fn names_every_address_once() {
    let description = described();
    let operations: Vec<&str> = description["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|p| p.as_object().expect("methods").values())
        .filter_map(|o| o["operationId"].as_str())
        .collect();
    let distinct: BTreeSet<&str> = operations.iter().copied().collect();
    assert_eq!(operations.len(), distinct.len());
    assert_eq!(operations.len(), freerange_web::routes::all().iter().filter(|r| r.answer.is_some()).count());
}

#[test]
fn search_paging_and_codes_can_be_asked_for_with_their_types() {
    let description = described();
    let outings = query(&description, "/outings");
    let kind = |name: &str| {
        let (_, schema) = outings.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name}: {outings:?}"));
        schema.clone()
    };
    assert_eq!(kind("q")["type"], "string");
    assert_eq!(kind("page")["type"], "integer");
    assert_eq!(kind("place")["format"], "uuid");
    assert_eq!(kind("from")["format"], "date");
    let kinds = kind("kind")["oneOf"].as_array().cloned().unwrap_or_default();
    assert!(kinds.iter().any(|k| k["const"] == "immersion"), "{outings:?}");
    for (path, name) in [("/told", "code"), ("/challenges", "status"), ("/people", "q"), ("/audit", "page")] {
        assert!(query(&description, path).iter().any(|(n, _)| n == name), "{path}?{name}=");
    }
    assert!(query(&description, "/me").is_empty());
    assert_eq!(description["components"]["parameters"]["lang"]["name"], "lang");
}

#[test]
fn no_handler_reads_parameters_that_are_not_described() {
    let mut readers = 0;
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for file in std::fs::read_dir(folder).expect("the source") {
            let path = file.expect("a file").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("routes.rs") {
                readers += std::fs::read_to_string(path).expect("text").matches(": Query<").count();
            }
        }
    }
    let described = freerange_web::routes::all().iter().filter(|r| r.query.is_some()).count();
    assert_eq!(readers, described, "a handler with a Query is declared by `routes::asked`");
    assert!(described > 10);
}

#[tokio::test]
async fn what_is_answered_before_and_at_signing_in_is_what_is_described() {
    let (house, description) = (house().await, described());
    let homes = shapes(&description, "get", "/");
    assert_eq!(homes.len(), 2);
    for walker in ["nobody", "mira"] {
        let got = house.send(walker, "/api/v1/", None).await;
        assert_eq!(homes.iter().filter(|shape| **shape == keys(&got.body)).count(), 1, "{walker}: {}", got.body);
    }
    let form = format!("email=mira%40city.example&password={}", PASSWORD.replace(' ', "+"));
    let got = house.send("nobody", "/api/v1/session", Some(&form)).await;
    assert_eq!(got.status, StatusCode::OK);
    assert_eq!(shapes(&description, "post", "/session"), [keys(&got.body)]);
    let door = shapes(&description, "get", "/told");
    for path in ["/api/v1/told".to_owned(), format!("/api/v1/told?code={}", house.ids["code"])] {
        let got = house.send("nobody", &path, None).await;
        assert_eq!(door.iter().filter(|shape| **shape == keys(&got.body)).count(), 1, "{path}: {}", got.body);
    }
}
