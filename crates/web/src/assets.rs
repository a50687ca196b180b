//! Style sheet, script and icons, served from the program itself. Their addresses carry a hash of what is in
//! them, so browsers keep them for good and still never show an old one.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};

use crate::problem::Problem;

struct Asset {
    name: &'static str,
    mime: &'static str,
    bytes: &'static [u8],
}

const ASSETS: &[Asset] = &[
    Asset { name: "freerange.css", mime: "text/css; charset=utf-8", bytes: include_bytes!("../assets/freerange.css") },
    Asset {
        name: "freerange.js",
        mime: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../assets/freerange.js"),
    },
    Asset { name: "favicon.svg", mime: "image/svg+xml", bytes: include_bytes!("../assets/favicon.svg") },
];

/// FNV-1a, 64 bits: names a version, protects nothing.
pub(crate) fn version(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

fn href(name: &str) -> String {
    let bytes = ASSETS.iter().find(|a| a.name == name).map_or(&[][..], |a| a.bytes);
    format!("/assets/{name}?v={:x}", version(bytes))
}

pub(crate) fn css_href() -> &'static str {
    static HREF: LazyLock<String> = LazyLock::new(|| href("freerange.css"));
    &HREF
}

pub(crate) fn js_href() -> &'static str {
    static HREF: LazyLock<String> = LazyLock::new(|| href("freerange.js"));
    &HREF
}

/// `GET /assets/{name}`
pub(crate) async fn show(Path(name): Path<String>) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|a| a.name == name).ok_or(Problem::not_found())?;
    let headers = [(header::CONTENT_TYPE, asset.mime), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.bytes).into_response())
}
