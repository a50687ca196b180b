//! The description of the API, made from the table of routes: a form's fields are what a POST takes, a page
//! struct is what a GET answers. So it cannot say anything else than what the program does.

use freerange_i18n::Lang;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::{
    form::{Field, Kind, Report},
    routes::{self, Route},
};

fn field_schema(field: &Field) -> Value {
    match field.kind {
        Kind::Line => json!({ "type": "string", "maxLength": 160 }),
        Kind::Prose => json!({ "type": "string", "maxLength": 8000 }),
        Kind::Reason => json!({ "type": "string", "minLength": 3, "maxLength": 2000 }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Time => json!({ "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Many => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number => json!({ "type": "integer" }),
        Kind::Id => json!({ "type": "string", "format": "uuid" }),
        Kind::Email => json!({ "type": "string", "format": "email", "maxLength": 254 }),
        Kind::Password => json!({ "type": "string", "format": "password" }),
        Kind::File => json!({ "type": "string", "format": "binary" }),
    }
}

fn body(route: &Route) -> Value {
    let properties: Map<String, Value> = route.form.iter().map(|f| (f.name.to_owned(), field_schema(f))).collect();
    let required: Vec<&str> = route.form.iter().filter(|f| f.required).map(|f| f.name).collect();
    let mime = if route.form.iter().any(|f| f.kind == Kind::File) { "multipart/form-data" } else { "application/json" };
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    json!({ "required": !required.is_empty(), "content": { mime: { "schema": schema } } })
}

fn path_parameters(path: &str) -> Vec<Value> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect()
}

/// What a page reads from its address; each parameter may be left out.
fn query_parameters(route: &Route) -> Vec<Value> {
    // Written out in place: as parameters they have no names to refer to.
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.inline_subschemas = true;
        s.meta_schema = None;
    });
    let Some(query) = route.query else { return Vec::new() };
    let schema = query(&mut settings.for_deserialize().into_generator()).to_value();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let parameter = |(name, mut schema): (String, Value)| {
        let description = schema.as_object_mut().and_then(|s| {
            // An empty text stands for nothing chosen; it is no choice of its own.
            s.remove("default");
            s.remove("description")
        });
        json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema })
    };
    properties.into_iter().map(parameter).collect()
}

fn answer(description: &str, schema: &Value) -> Value {
    json!({ "description": description, "content": { "application/json": { "schema": schema } } })
}

fn operation_id(route: &Route) -> String {
    let words: Vec<&str> = route.path.split(['/', '{', '}', '-', '.', '_']).filter(|w| !w.is_empty()).collect();
    format!(
        "{}_{}",
        route.method.as_str().to_lowercase(),
        if words.is_empty() { "home".to_owned() } else { words.join("_") }
    )
}

/// Read for every request.
fn lang() -> Value {
    let tags: Vec<&str> = Lang::ALL.iter().map(|l| l.tag()).collect();
    json!({
        "name": "lang", "in": "query", "required": false, "schema": { "type": "string", "enum": tags },
        "description": "The language of sentences in the answer. Without it, that of the person or of Accept-Language.",
    })
}

/// The whole description (`OpenAPI` 3.1).
pub fn description() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    let mut schemas = settings.for_serialize().into_generator();
    let problem = json!({
        "type": "object", "required": ["problem", "message"],
        "properties": { "problem": { "type": "string" }, "message": { "type": "string" }, "act": { "type": ["string", "null"] } }
    });
    let report = schemas.subschema_for::<Report<'_>>().to_value();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes::all() {
        let Some(schema) = route.answer else { continue };
        let ok = schema(&mut schemas).to_value();
        let mut responses = json!({
            "200": answer("What is there, or where it is now", &ok),
            "401": answer("Wrong e-mail or password", &problem),
            "403": answer("Not allowed, and why", &problem),
            "404": answer("There is no such thing, or you may not know that there is", &problem),
        });
        if !route.form.is_empty() || route.takes.is_some() {
            for (status, text) in [
                ("400", "Not readable"),
                ("409", "Not now, and why"),
                ("413", "Too large"),
                ("415", "Not JSON"),
                ("429", "Too many tries"),
            ] {
                responses[status] = answer(text, &problem);
            }
            responses["422"] = answer("Every field that is wrong, and how to mend it", &report);
        }
        let language = json!({ "$ref": "#/components/parameters/lang" });
        let parameters = [path_parameters(route.path), query_parameters(&route), vec![language]].concat();
        let mut operation = json!({
            "operationId": operation_id(&route),
            "tags": [route.path.split('/').nth(1).filter(|s| !s.is_empty()).unwrap_or("home")],
            "parameters": parameters,
            "responses": responses,
        });
        if !route.form.is_empty() {
            operation["requestBody"] = body(&route);
        }
        if let Some(takes) = route.takes {
            let schema = takes(&mut schemas).to_value();
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        let address = format!("{}{}", crate::request::API, route.path);
        paths.entry(address).or_insert_with(|| json!({}))[route.method.as_str().to_lowercase()] = operation;
    }
    let definitions = schemas.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Freerange",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
            "description": "Everything the pages do. Sign in with POST /api/v1/session, send the token as a bearer token.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, {}],
        "paths": paths,
        "components": { "schemas": definitions, "parameters": { "lang": lang() }, "securitySchemes": { "bearer": { "type": "http", "scheme": "bearer" } } },
    })
}
