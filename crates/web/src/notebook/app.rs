//! The notebook as an app: its shell, its parts and the worker that keeps them on the phone. Nothing here is anybody's:
//! the shell is the same for all, so that a lost phone gives away no more than the app. Every part's address carries one
//! version, made from all of them, so that parts of two versions never meet.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderName, header},
    response::{IntoResponse, Response},
    routing::get,
};
use freerange_i18n::{Lang, Text};
use serde_json::json;

use crate::{
    assets,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

const JS: &str = "text/javascript; charset=utf-8";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Nothing but what the app itself is made of; pictures and voices it holds are shown from memory.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' blob:; \
     media-src blob:; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct Part {
    name: &'static str,
    mime: &'static str,
    bytes: &'static [u8],
}

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(Part { name: $name, mime: JS, bytes: include_bytes!(concat!("../../assets/notebook/", $name)) }),*]
    };
}

const SCRIPTS: &[Part] = scripts![
    "app.js",
    "blur.js",
    "book.js",
    "carry.js",
    "code.js",
    "consent.js",
    "diary.js",
    "dom.js",
    "draft.js",
    "files.js",
    "id.js",
    "net.js",
    "notices.js",
    "pack.js",
    "page-both.js",
    "page-card.js",
    "page-diary.js",
    "page-home.js",
    "page-note.js",
    "page-safe.js",
    "page-sync.js",
    "passkey.js",
    "photo.js",
    "place.js",
    "pulse.js",
    "qr.js",
    "recorder.js",
    "room.js",
    "said.js",
    "shell.js",
    "store.js",
    "sync.js",
    "versions.js",
    "voice-worklet.js",
    "voice.js",
    "wav.js",
    "words.js",
];

const OTHERS: &[Part] = &[
    Part {
        name: "notebook.css",
        mime: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/notebook/notebook.css"),
    },
    Part { name: "icon-192.png", mime: "image/png", bytes: include_bytes!("../../assets/icon-192.png") },
    Part { name: "icon-512.png", mime: "image/png", bytes: include_bytes!("../../assets/icon-512.png") },
    Part { name: "icon-180.png", mime: "image/png", bytes: include_bytes!("../../assets/icon-180.png") },
];

const SHELL: &str = include_str!("../../assets/notebook/shell.html");
const WORKER: &str = include_str!("../../assets/notebook/sw.js");

/// Loaded when they are needed, and kept beforehand all the same.
const LATE: &[&str] = &["voice-worklet.js"];

/// What all parts are together: another one when any of them is.
fn version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let parts = SCRIPTS.iter().chain(OTHERS).map(|p| p.bytes);
        let words = Lang::ALL.iter().map(|l| l.notebook().as_bytes());
        let mut all = [SHELL.as_bytes(), WORKER.as_bytes()].concat();
        all.extend(parts.chain(words).flatten());
        format!("{:016x}", assets::version(&all))
    });
    &VERSION
}

fn href(name: &str) -> String {
    format!("/notebook/app/{}/{name}", version())
}

fn words_name(lang: Lang) -> String {
    format!("words-{}.json", lang.tag())
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::file("/notebook", get(shell)),
        routes::file("/notebook/sw.js", get(worker)),
        routes::file("/notebook/manifest.webmanifest", get(manifest)),
        routes::file("/notebook/app/{version}/{name}", get(part)),
    ]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// `GET /notebook`: the same for everybody.
async fn shell(ctx: Ctx) -> Response {
    let scripts = SCRIPTS.iter().filter(|p| !LATE.contains(&p.name));
    let ahead: Vec<String> =
        scripts.map(|p| format!("<link rel=\"modulepreload\" href=\"{}\">", href(p.name))).collect();
    let without: Vec<String> = Lang::ALL
        .iter()
        .map(|l| format!("<p lang=\"{}\">{}</p>", l.tag(), escaped(Text::new(*l).nb_noscript())))
        .collect();
    let html = SHELL
        .replace("{{ahead}}", &ahead.join("\n"))
        .replace("{{noscript}}", &without.join(""))
        .replace("{{app}}", &format!("/notebook/app/{}", version()))
        .replace("{{version}}", version())
        .replace("{{base}}", &escaped(&ctx.app.base_url))
        .replace("{{city}}", &escaped(&ctx.app.city));
    let here = "geolocation=(self), camera=(self), microphone=(self), publickey-credentials-get=(self), \
                publickey-credentials-create=(self), payment=(), usb=()";
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("permissions-policy"), here),
        // The worker keeps it; the browser's own memory must not serve an older one beside it.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, html).into_response()
}

/// `GET /notebook/sw.js`: what it keeps is written above it, so that a new version of any part is a new worker.
async fn worker() -> Response {
    let mut files = vec!["/notebook".to_owned(), "/notebook/manifest.webmanifest".to_owned()];
    files.extend(SCRIPTS.iter().chain(OTHERS).map(|p| href(p.name)));
    files.extend(Lang::ALL.iter().map(|l| href(&words_name(*l))));
    let body = format!("const VERSION = {};\nconst FILES = {};\n{WORKER}", json!(version()), json!(files));
    let headers = [
        (header::CONTENT_TYPE, JS),
        (HeaderName::from_static("service-worker-allowed"), "/notebook"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; connect-src 'self'"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, body).into_response()
}

/// `GET /notebook/manifest.webmanifest`: how it stands on the home screen.
async fn manifest(ctx: Ctx) -> Response {
    let icon = |name: &str, sizes: &str, purpose: &str| json!({ "src": href(name), "sizes": sizes, "type": "image/png", "purpose": purpose });
    let body = json!({
        "id": "/notebook",
        "name": format!("Freerange {}", ctx.app.city),
        "short_name": "Freerange",
        "lang": "en",
        "start_url": "/notebook",
        "scope": "/notebook",
        "display": "standalone",
        "background_color": "#073f34",
        "theme_color": "#073f34",
        "icons": [
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-512.png", "512x512", "maskable"),
        ],
    });
    let headers = [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")];
    (headers, body.to_string()).into_response()
}

/// `GET /notebook/app/{version}/{name}`: a part of this version. Of another there is none, and a worker that began to
/// fetch one begins again.
async fn part(Path((asked, name)): Path<(String, String)>) -> Answer {
    if asked != version() {
        return Err(Problem::not_found());
    }
    if let Some(lang) = Lang::ALL.iter().find(|l| words_name(**l) == name) {
        let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, FOREVER)];
        return Ok((headers, lang.notebook()).into_response());
    }
    let part = SCRIPTS.iter().chain(OTHERS).find(|p| p.name == name).ok_or(Problem::not_found())?;
    Ok(([(header::CONTENT_TYPE, part.mime), (header::CACHE_CONTROL, FOREVER)], part.bytes).into_response())
}
