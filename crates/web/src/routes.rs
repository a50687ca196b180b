//! Every address of the site, in one table: the server, the API description and the test that walks every
//! route as every role are all made from it.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path, Query, RawQuery},
    handler::Handler,
    http::{Method, StatusCode},
    middleware,
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, Predicate as _,
        predicate::{DefaultPredicate, NotForContentType},
    },
};

use crate::{
    App, assets,
    form::{FORM_LIMIT, Field, Kind, UPLOAD_LIMIT},
    problem::Problem,
    request::{self, API, Ctx, Done},
};

/// One address and method.
#[derive(Debug, Clone)]
pub struct Route {
    /// `GET` or `POST`; for the notebook on a telephone, others too.
    pub method: Method,
    /// The address, with `{id}` and the like.
    pub path: &'static str,
    /// The fields of the form it takes.
    pub form: &'static [Field],
    /// What it takes as JSON instead of a form.
    pub takes: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// The parameters it reads from its address.
    pub query: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// What the API answers. `None` when the address is not part of the API: files, feeds, letters' links.
    pub answer: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Who handles it.
    pub handler: MethodRouter<App>,
}

/// A page that is also an answer of the API.
pub fn page<T: JsonSchema>(path: &'static str, handler: MethodRouter<App>) -> Route {
    let answer: fn(&mut SchemaGenerator) -> Schema = SchemaGenerator::subschema_for::<T>;
    Route { method: Method::GET, path, form: &[], takes: None, query: None, answer: Some(answer), handler }
}

/// The arguments of a handler that reads parameters from its address.
pub trait Asks {
    /// What it reads.
    type Parameters: JsonSchema;
}

impl<M, Q: JsonSchema> Asks for (M, Ctx, Query<Q>) {
    type Parameters = Q;
}

/// With parameters that may stand there several times, which the handler reads by itself.
impl<M, Q: JsonSchema> Asks for (M, Ctx, Query<Q>, RawQuery) {
    type Parameters = Q;
}

impl<M, P, Q: JsonSchema> Asks for (M, Ctx, Path<P>, Query<Q>) {
    type Parameters = Q;
}

/// A page that reads parameters from its address. They are those of the handler's own argument, so the description
/// cannot name others than are read.
pub fn asked<T: JsonSchema, A: Asks + 'static>(path: &'static str, handler: impl Handler<A, App>) -> Route {
    let query: fn(&mut SchemaGenerator) -> Schema = <A::Parameters as JsonSchema>::json_schema;
    Route { query: Some(query), ..page::<T>(path, get(handler)) }
}

/// A form that does something.
pub fn act(path: &'static str, form: &'static [Field], handler: MethodRouter<App>) -> Route {
    let limit = if form.iter().any(|f| f.kind == Kind::File) { UPLOAD_LIMIT } else { FORM_LIMIT };
    Route {
        method: Method::POST,
        path,
        form,
        takes: None,
        query: None,
        answer: Some(SchemaGenerator::subschema_for::<Done>),
        handler: handler.layer(DefaultBodyLimit::max(limit)),
    }
}

/// Something that programs say as JSON.
pub fn said<T: JsonSchema, A: JsonSchema>(method: Method, path: &'static str, handler: MethodRouter<App>) -> Route {
    Route {
        method,
        path,
        form: &[],
        takes: Some(SchemaGenerator::subschema_for::<T>),
        query: None,
        answer: Some(SchemaGenerator::subschema_for::<A>),
        handler,
    }
}

impl Route {
    /// The same route with another verb.
    #[must_use]
    pub fn by(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// The same route, when the API answers one of two: another for those who are not signed in, say.
    #[must_use]
    pub fn or<A: JsonSchema, B: JsonSchema>(self) -> Self {
        let either: fn(&mut SchemaGenerator) -> Schema =
            |schemas| json_schema!({ "oneOf": [schemas.subschema_for::<A>(), schemas.subschema_for::<B>()] });
        Self { answer: Some(either), ..self }
    }

    /// The same route, when the API answers more than where the thing is.
    #[must_use]
    pub fn answering<A: JsonSchema>(self) -> Self {
        Self { answer: Some(SchemaGenerator::subschema_for::<A>), ..self }
    }
}

/// A file or feed that has one form only.
pub fn file(path: &'static str, handler: MethodRouter<App>) -> Route {
    Route { method: Method::GET, path, form: &[], takes: None, query: None, answer: None, handler }
}

/// A file that reads parameters from its address.
pub fn asked_file<A: Asks + 'static>(path: &'static str, handler: impl Handler<A, App>) -> Route {
    let query: fn(&mut SchemaGenerator) -> Schema = <A::Parameters as JsonSchema>::json_schema;
    Route { query: Some(query), ..file(path, get(handler)) }
}

/// All of them, room by room.
pub fn all() -> Vec<Route> {
    [
        crate::home::routes(),
        crate::people::routes(),
        crate::challenge::routes(),
        crate::invitation::routes(),
        crate::community::routes(),
        crate::outing::routes(),
        crate::placement::routes(),
        crate::safety::routes(),
        crate::round::routes(),
        crate::visit::routes(),
        crate::exchange::routes(),
        crate::note::routes(),
        crate::notebook::routes(),
        crate::consent::routes(),
        crate::reflection::routes(),
        crate::insight::routes(),
        crate::returning::routes(),
        crate::circle::routes(),
        crate::change::routes(),
        crate::experiment::routes(),
        crate::practice::routes(),
        crate::handover::routes(),
        crate::overview::routes(),
        crate::figures::routes(),
    ]
    .concat()
}

/// The server: pages at their addresses, the same as JSON under `/api/v1`.
pub fn router(app: App) -> Router {
    let mut pages = Router::new();
    let mut api = Router::new();
    for route in all() {
        if route.path == "/" {
            // A nested router has no root with a slash of its own.
            pages = pages.route(&format!("{API}/"), route.handler.clone());
        }
        if route.answer.is_some() {
            api = api.route(route.path, route.handler.clone());
        }
        pages = pages.route(route.path, route.handler);
    }
    pages
        .nest(API, api)
        .route("/assets/{name}", get(assets::show))
        .route("/assets/board/{version}/{name}", get(crate::insight::part))
        .fallback(|| async { Problem::not_found() })
        .layer(middleware::from_fn_with_state(app.clone(), request::layer))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a request panicked");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong inside. Nothing was saved. Please try again.")
                .into_response()
        }))
        // A sound is sent as it is, so that parts of it can be asked for.
        .layer(
            CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::const_new("audio/"))),
        )
        // Outside all that: answers without session, language or database page.
        .route("/healthz", get(crate::home::health))
        .with_state(app)
}
