//! The live board's modules and its sheet. All their addresses carry one version, made from all of them, so that parts of two
//! versions never meet.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse as _, Response},
};

use crate::{assets, problem::Problem};

const JS: &str = "text/javascript; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";

macro_rules! parts {
    ($($name:literal as $mime:ident),* $(,)?) => {
        &[$(($name, $mime, include_bytes!(concat!("../../assets/board/", $name)))),*]
    };
}

const PARTS: &[(&str, &str, &[u8])] = parts![
    "board.css" as CSS,
    "board.js" as JS,
    "drag.js" as JS,
    "keys.js" as JS,
    "line.js" as JS,
    "menu.js" as JS,
    "state.js" as JS,
    "tray.js" as JS,
    "view.js" as JS,
];

/// What all parts are together: another one when any of them is.
fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let all: Vec<u8> = PARTS.iter().flat_map(|(_, _, bytes)| bytes.iter().copied()).collect();
        format!("{:016x}", assets::version(&all))
    });
    &VERSION
}

/// Where the board finds its parts.
pub(crate) fn folder() -> String {
    format!("/assets/board/{}", version())
}

/// `GET /assets/board/{version}/{name}`
pub(crate) async fn part(Path((asked, name)): Path<(String, String)>) -> Result<Response, Problem> {
    let part = PARTS.iter().find(|(n, _, _)| *n == name && asked == version());
    let (_, mime, bytes) = part.ok_or(Problem::not_found())?;
    let headers = [(header::CONTENT_TYPE, *mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, *bytes).into_response())
}
