//! The phone notebook's addresses, one file for each part.

use axum::{http::HeaderMap, response::Response};
use freerange_store::Actor;

use crate::{problem::Problem, request::Ctx, routes::Route};

mod app;
mod devices;
mod files;
mod keys;
mod pack;
mod places;
mod sync;

pub(crate) fn routes() -> Vec<Route> {
    [
        app::routes(),
        sync::routes(),
        pack::routes(),
        places::routes(),
        keys::routes(),
        devices::routes(),
        files::routes(),
    ]
    .concat()
}

/// Addresses that only programs ask: whatever goes wrong is said as JSON, never as a page or a way to one.
const FOR_PROGRAMS: &[&str] = &["sync", "pack", "places", "keys", "files"];

/// Whether an address is one of them.
pub(crate) fn is_for_programs(path: &str) -> bool {
    let part = path.strip_prefix("/notebook/").and_then(|rest| rest.split('/').next());
    part.is_some_and(|part| FOR_PROGRAMS.contains(&part))
}

/// A phone whose session has ended keeps all it has and asks its owner to sign in again.
pub(crate) fn signed_in(ctx: &Ctx) -> Result<(), Problem> {
    match &ctx.actor {
        Actor::Staff(_) => Ok(()),
        _ => Err(Problem { sign_in: true, ..Problem::new(axum::http::StatusCode::UNAUTHORIZED, "problem-signed-out") }),
    }
}

/// JSON with a mark of what it says (`covered`, the answer without what changes by itself), or that nothing changed since the
/// one who asks had it.
fn marked(headers: &HeaderMap, covered: &[u8], answer: impl axum::response::IntoResponse) -> Response {
    use std::hash::{DefaultHasher, Hasher as _};

    use axum::{
        http::{HeaderValue, StatusCode, header},
        response::IntoResponse as _,
    };
    let mut hash = DefaultHasher::new();
    hash.write(covered);
    let mark = format!("\"{:016x}-{}\"", hash.finish(), covered.len());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let same = known.is_some_and(|k| k.split(',').any(|k| k.trim().trim_start_matches("W/") == mark));
    let mut response = if same { StatusCode::NOT_MODIFIED.into_response() } else { answer.into_response() };
    if let Ok(mark) = HeaderValue::from_str(&mark) {
        response.headers_mut().insert(header::ETAG, mark);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::is_for_programs;

    #[test]
    fn only_what_programs_ask_is_answered_to_programs() {
        for path in ["/notebook/sync", "/notebook/keys/1", "/notebook/files"] {
            assert!(is_for_programs(path), "{path}");
        }
        for path in
            ["/notebook", "/notebook/devices", "/notebook/devices/sync/lock", "/notes/sync", "/notebook/synchronous"]
        {
            assert!(!is_for_programs(path), "{path}");
        }
    }
}
