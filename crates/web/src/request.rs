//! A request, understood once: who asks (session cookie or bearer token), in which language, as page or as
//! JSON, at what moment. The outermost layer makes a [`Ctx`], refuses forged cross-site posts, and gives
//! every answer its headers.

use std::{net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    Json,
    extract::{ConnectInfo, FromRequestParts, OriginalUri, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use freerange_domain::time;
use freerange_i18n::{Lang, Text};
use freerange_store::{Actor, Token};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::{App, chrome::Chrome, form::Form, problem::Problem};

/// The prefix of the API. Every page is also there, as JSON.
pub const API: &str = "/api/v1";

/// What a handler needs to know about a request.
#[derive(Debug, Clone)]
pub struct Ctx(Arc<Inner>);

/// See [`Ctx`].
#[derive(Debug)]
pub struct Inner {
    /// The set-up.
    pub app: App,
    /// Who asks.
    pub actor: Actor,
    /// Texts in the reader's language.
    pub t: Text,
    /// The moment of the request.
    pub now: Timestamp,
    /// Whether the answer is JSON.
    pub api: bool,
    /// The address without the API's prefix.
    pub path: String,
    /// The session's secret, if there is one.
    pub token: Option<Token>,
    /// The network address it came from.
    pub from: String,
    /// The browser, as it names itself.
    pub agent: String,
    done: Option<String>,
}

impl std::ops::Deref for Ctx {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// What a handler returns.
pub type Answer = Result<Response, Problem>;

/// What a POST answers in the API: where the thing is that was made or changed.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Done {
    /// The address of the page about it.
    pub see: String,
}

impl Ctx {
    /// The frame around a page.
    pub fn chrome(&self) -> Chrome {
        Chrome::new(self.t, &self.actor, &self.path, &self.app, self.done.as_deref())
    }

    /// Today in the city.
    pub fn today(&self) -> Date {
        time::day_of(self.now, &self.app.zone)
    }

    /// An address of this server as it stands in letters and on cards.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.app.base_url)
    }

    /// A page, as HTML or JSON.
    pub fn page<T: Template + Serialize>(&self, page: &T) -> Answer {
        self.page_with(StatusCode::OK, page)
    }

    fn page_with<T: Template + Serialize>(&self, status: StatusCode, page: &T) -> Answer {
        if self.api {
            return Ok((status, Json(page)).into_response());
        }
        let html = page.render().map_err(|error| {
            tracing::error!(%error, "a template failed");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside")
        })?;
        Ok((status, Html(html)).into_response())
    }

    /// A page with a form: again with what was written and what is wrong with it, or fresh.
    pub fn form_page<T: Template + Serialize>(&self, form: &Form, page: &T) -> Answer {
        if !form.has_errors() {
            return self.page(page);
        }
        if self.api {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(form.report())).into_response());
        }
        self.page_with(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// Done: the browser goes to `see` and shows the sentence `done-KEY`; the API says where.
    pub fn done(&self, see: &str, key: &str) -> Answer {
        if self.api {
            return Ok((StatusCode::OK, Json(Done { see: see.to_owned() })).into_response());
        }
        let (path, fragment) = see.split_once('#').map_or((see, String::new()), |(p, f)| (p, format!("#{f}")));
        let mark = if path.contains('?') { '&' } else { '?' };
        Ok(Redirect::to(&format!("{path}{mark}done={key}{fragment}")).into_response())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside"))
    }
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, v)| (n == name).then_some(v))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn query_value(uri: &Uri, name: &str) -> Option<String> {
    uri.query()?.split('&').filter_map(|p| p.split_once('=')).find_map(|(n, v)| (n == name).then(|| v.to_owned()))
}

fn language(headers: &HeaderMap, uri: &Uri, actor: &Actor) -> Lang {
    query_value(uri, "lang")
        .and_then(|l| Lang::parse(&l))
        .or_else(|| cookie(headers, "lang").and_then(Lang::parse))
        .or_else(|| actor.staff().and_then(|s| s.lang.as_deref()).and_then(Lang::parse))
        .unwrap_or_else(|| {
            Lang::accept(headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default())
        })
}

/// A form that another site makes a signed-in browser send carries that site's name; ours carries ours.
/// Clients that are no browsers send neither header and no cookie by accident. (Fetch metadata, then Origin.)
fn forged(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return !matches!(site.to_str(), Ok("same-origin" | "none"));
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return false };
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
    origin.to_str().ok().and_then(|o| o.split_once("://")).is_none_or(|(_, o)| o != host)
}

fn address(app: &App, headers: &HeaderMap, peer: Option<SocketAddr>) -> String {
    let forwarded = headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
    // The last address is the one our own proxy saw; those before it are what the client claims.
    let from = forwarded.filter(|_| app.behind_proxy).and_then(|v| v.rsplit(',').next()).map(str::trim);
    from.and_then(|f| f.parse::<std::net::IpAddr>().ok())
        .or_else(|| peer.map(|p| p.ip()))
        .map_or_else(|| "unknown".to_owned(), |ip| ip.to_string())
}

async fn understand(app: &App, parts: &Parts) -> Result<Ctx, Problem> {
    let headers = &parts.headers;
    let uri = parts.extensions.get::<OriginalUri>().map_or_else(|| parts.uri.clone(), |u| u.0.clone());
    let now = (app.clock)();
    let token = bearer(headers).or_else(|| cookie(headers, "session")).and_then(Token::parse);
    let actor = match &token {
        Some(token) => match app.store.session_actor(token, now).await {
            Ok(actor) => actor,
            Err(freerange_store::StoreError::NotFound) => Actor::Anybody,
            Err(other) => return Err(other.into()),
        },
        None => Actor::Anybody,
    };
    let full = uri.path();
    // The notebook on a telephone speaks JSON at addresses of its own.
    let path = full.strip_prefix(API).unwrap_or(full).to_owned();
    let api = full == API || full.starts_with("/api/") || crate::notebook::is_for_programs(&path);
    let t = Text::new(language(headers, &uri, &actor));
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0);
    Ok(Ctx(Arc::new(Inner {
        from: address(app, headers, peer),
        agent: headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned(),
        done: query_value(&uri, "done"),
        app: app.clone(),
        actor,
        t,
        now,
        api,
        path,
        token,
    })))
}

/// The outermost layer.
pub(crate) async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let understood = understand(&app, &parts).await;
    let mut request = Request::from_parts(parts, body);
    let ctx = match understood {
        Ok(ctx) => ctx,
        Err(problem) => return bare(&problem),
    };
    let response = if forged(request.method(), request.headers()) {
        Problem::new(StatusCode::FORBIDDEN, "problem-forged").into_response()
    } else {
        request.extensions_mut().insert(ctx.clone());
        next.run(request).await
    };
    let mut response = explain(&ctx, response);
    protect(&ctx, response.headers_mut());
    response
}

/// When not even the session could be read: the shortest true answer.
fn bare(problem: &Problem) -> Response {
    let text = problem.says(Text::new(Lang::En));
    (problem.status, text).into_response()
}

/// Gives a [`Problem`] its words; also gives axum's own refusals (no such route, wrong method, unreadable id) ours.
fn explain(ctx: &Ctx, response: Response) -> Response {
    let problem = response.extensions().get::<Problem>().cloned().or_else(|| {
        let plain =
            response.headers().get(header::CONTENT_TYPE).is_none_or(|t| t.as_bytes().starts_with(b"text/plain"));
        let status = response.status();
        let key = match status {
            StatusCode::METHOD_NOT_ALLOWED => "problem-method",
            StatusCode::PAYLOAD_TOO_LARGE => "problem-too-large",
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => "problem-not-found",
            _ => "problem-unreadable",
        };
        // An id that is no id names nothing: the same answer as for a thing that is not there.
        let status = if status == StatusCode::BAD_REQUEST && ctx.path != "/" { StatusCode::NOT_FOUND } else { status };
        (status.is_client_error() && plain).then(|| Problem::new(status, key))
    });
    let Some(problem) = problem else { return response };
    crate::home::problem_page(ctx, &problem)
}

fn protect(ctx: &Ctx, headers: &mut HeaderMap) {
    let mut set = |name, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; media-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; connect-src 'self'; manifest-src 'self'",
    );
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    // Addresses can be secrets (codes, links): they are told to nobody.
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(
        header::HeaderName::from_static("permissions-policy"),
        "geolocation=(), camera=(), microphone=(), payment=(), usb=()",
    );
    set(header::VARY, "Cookie, Accept-Language");
    if ctx.path.starts_with("/notebook/files") {
        // Each answer of the tus protocol says its version, refusals too; to one that speaks another, which is spoken here.
        set(header::HeaderName::from_static("tus-resumable"), "1.0.0");
        set(header::HeaderName::from_static("tus-version"), "1.0.0");
    }
    if ctx.app.base_url.starts_with("https://") {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}
