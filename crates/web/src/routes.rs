//! Every address of the site, in one table: the server, the API description and the test that walks every
//! route as every role are all made from it.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode},
    middleware,
    response::IntoResponse,
    routing::{MethodRouter, get},
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

use crate::{
    App, assets,
    form::{FORM_LIMIT, Field, Kind, UPLOAD_LIMIT},
    problem::Problem,
    request::{self, API, Done},
};

/// One address and method.
#[derive(Debug, Clone)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: Method,
    /// The address, with `{id}` and the like.
    pub path: &'static str,
    /// The fields of the form it takes.
    pub form: &'static [Field],
    /// What the API answers. `None` when the address is not part of the API: files, feeds, letters' links.
    pub answer: Option<fn(&mut SchemaGenerator) -> Schema>,
    /// Who handles it.
    pub handler: MethodRouter<App>,
}

/// A page that is also an answer of the API.
pub fn page<T: JsonSchema>(path: &'static str, handler: MethodRouter<App>) -> Route {
    Route { method: Method::GET, path, form: &[], answer: Some(SchemaGenerator::subschema_for::<T>), handler }
}

/// A form that does something.
pub fn act(path: &'static str, form: &'static [Field], handler: MethodRouter<App>) -> Route {
    let limit = if form.iter().any(|f| f.kind == Kind::File) { UPLOAD_LIMIT } else { FORM_LIMIT };
    Route {
        method: Method::POST,
        path,
        form,
        answer: Some(SchemaGenerator::subschema_for::<Done>),
        handler: handler.layer(DefaultBodyLimit::max(limit)),
    }
}

/// A file or feed that has one form only.
pub fn file(path: &'static str, handler: MethodRouter<App>) -> Route {
    Route { method: Method::GET, path, form: &[], answer: None, handler }
}

/// All of them, room by room.
pub fn all() -> Vec<Route> {
    [
        crate::home::routes(),
        crate::people::routes(),
        crate::challenge::routes(),
        crate::invitation::routes(),
        crate::outing::routes(),
        crate::placement::routes(),
        crate::note::routes(),
        crate::consent::routes(),
        crate::reflection::routes(),
        crate::change::routes(),
        crate::practice::routes(),
        crate::handover::routes(),
        crate::overview::routes(),
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
        .fallback(|| async { Problem::not_found() })
        .layer(middleware::from_fn_with_state(app.clone(), request::layer))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a request panicked");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong inside. Nothing was saved. Please try again.")
                .into_response()
        }))
        .layer(CompressionLayer::new())
        // Outside all that: answers without session, language or database page.
        .route("/healthz", get(crate::home::health))
        .with_state(app)
}
