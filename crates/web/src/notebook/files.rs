//! `/notebook/files`: pictures and sounds that come in pieces over a connection that breaks, by the tus protocol 1.0.0 (core,
//! creation, checksum with SHA-256, termination; <https://tus.io/protocols/resumable-upload>). The telephone makes the id, so
//! creating twice is creating once. A piece is taken whole or not at all, and is on disk when it is acknowledged. With the
//! last piece the file is made safe and attached to its note; only then is that piece acknowledged.

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{delete, head, options, patch, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use freerange_domain::{
    id::{MediaId, NoteId},
    text::Prose,
    upload::UploadProblem,
};
use freerange_media::{Limits, Refusal, SoundLimits, clean, clean_sound, digest};
use freerange_store::{
    StoreError,
    media::Safe,
    upload::{Begin, Upload, Whole},
};

use crate::{
    problem::Problem,
    request::{Answer, Ctx},
    routes::Route,
};

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const PIECE_TYPE: &str = "application/offset+octet-stream";

pub(super) fn routes() -> Vec<Route> {
    let bare =
        |method, path, handler| Route { method, path, form: &[], takes: None, query: None, answer: None, handler };
    vec![
        bare(Method::OPTIONS, "/notebook/files", options(able)),
        bare(Method::POST, "/notebook/files", post(create)),
        bare(Method::HEAD, "/notebook/files/{id}", head(how_far)),
        bare(Method::PATCH, "/notebook/files/{id}", patch(take)),
        bare(Method::DELETE, "/notebook/files/{id}", delete(end)),
    ]
}

/// The largest file of any kind, in bytes.
fn largest() -> usize {
    Limits::default().bytes.max(SoundLimits::default().bytes)
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "problem-unreadable")
}

/// Only whoever is signed in, and only the version of the protocol that is spoken here.
fn speaks(ctx: &Ctx, asked: &HeaderMap) -> Result<(), Problem> {
    if ctx.actor.person().is_none() {
        return super::signed_in(ctx);
    }
    if asked.get(RESUMABLE).is_none_or(|v| v != VERSION) {
        return Err(Problem::new(StatusCode::PRECONDITION_FAILED, "tus-version"));
    }
    Ok(())
}

fn text<'a>(asked: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    asked.get(name)?.to_str().ok()
}

fn number(asked: &HeaderMap, name: &HeaderName) -> Option<u64> {
    text(asked, name)?.parse().ok()
}

fn headers<const N: usize>(pairs: [(HeaderName, String); N]) -> HeaderMap {
    pairs.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::from_str(&value).ok()?))).collect()
}

/// `OPTIONS`: what this server can.
async fn able() -> Response {
    let said = headers([
        (HeaderName::from_static("tus-version"), VERSION.to_owned()),
        (HeaderName::from_static("tus-extension"), "creation,checksum,termination".to_owned()),
        (HeaderName::from_static("tus-checksum-algorithm"), "sha256".to_owned()),
        (HeaderName::from_static("tus-max-size"), largest().to_string()),
    ]);
    (StatusCode::NO_CONTENT, said).into_response()
}

/// `name base64,name base64`: one value by its name.
fn metadata(asked: &HeaderMap, name: &str) -> Option<String> {
    let all = text(asked, &HeaderName::from_static("upload-metadata"))?;
    let value = all.split(',').find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix(' '))?;
    String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A SHA-256 in base64, as hexadecimal digits.
fn sha256(given: &str) -> Option<String> {
    STANDARD.decode(given.trim()).ok().filter(|sum| sum.len() == 32).map(|sum| hex(&sum))
}

fn begin(asked: &HeaderMap) -> Result<Begin, Problem> {
    let length = number(asked, &LENGTH).filter(|n| *n > 0).ok_or_else(unreadable)?;
    let id: MediaId = metadata(asked, "id").and_then(|v| v.parse().ok()).ok_or_else(unreadable)?;
    let note: NoteId = metadata(asked, "note").and_then(|v| v.parse().ok()).ok_or_else(unreadable)?;
    let sha256 = metadata(asked, "checksum").and_then(|v| sha256(&v)).ok_or_else(unreadable)?;
    let mime = metadata(asked, "mime").unwrap_or_default();
    let limit = match mime.as_str() {
        "image/jpeg" | "image/png" | "image/webp" => Limits::default().bytes,
        "audio/wav" => SoundLimits::default().bytes,
        _ => return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "file-type")),
    };
    if length > u64::try_from(limit).unwrap_or(u64::MAX) {
        return Err(StoreError::from(UploadProblem::TooBig).into());
    }
    let said = metadata(asked, "text").unwrap_or_default();
    let description =
        Prose::parse(&said).map_err(|_| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "picture-text"))?;
    Ok(Begin { id, note, mime, description, sha256, length })
}

/// What consent and words do not allow is final, and not a matter of trying again.
fn final_if_rule(error: StoreError) -> Problem {
    let rule = matches!(error, StoreError::Note(_) | StoreError::Rule { .. });
    let problem = Problem::from(error);
    if rule { Problem { status: StatusCode::UNPROCESSABLE_ENTITY, ..problem } } else { problem }
}

async fn create(ctx: Ctx, asked: HeaderMap) -> Answer {
    speaks(&ctx, &asked)?;
    let upload = ctx.app.store.begin_upload(&ctx.actor, &begin(&asked)?, ctx.now).await.map_err(final_if_rule)?;
    let said = headers([
        (header::LOCATION, format!("/notebook/files/{}", upload.id)),
        (OFFSET, upload.progress.received.to_string()),
    ]);
    Ok((StatusCode::CREATED, said).into_response())
}

fn at(status: StatusCode, upload: &Upload) -> Response {
    let said = headers([(OFFSET, upload.progress.received.to_string()), (LENGTH, upload.progress.length.to_string())]);
    (status, said).into_response()
}

/// `HEAD`: how far the file is. One of which every piece came before the server stopped is finished here.
async fn how_far(ctx: Ctx, Path(id): Path<MediaId>, asked: HeaderMap) -> Answer {
    speaks(&ctx, &asked)?;
    let mut upload = ctx.app.store.upload(&ctx.actor, id).await?;
    if !upload.kept && upload.progress.whole() {
        match finish(&ctx, id).await {
            Ok(()) => {}
            // The telephone begins anew, from where this says.
            Err(problem) if problem.status.as_u16() == 460 => {}
            Err(problem) => return Err(problem),
        }
        upload = ctx.app.store.upload(&ctx.actor, id).await?;
    }
    Ok(at(StatusCode::OK, &upload))
}

/// `PATCH`: a piece.
async fn take(ctx: Ctx, Path(id): Path<MediaId>, asked: HeaderMap, body: Body) -> Answer {
    speaks(&ctx, &asked)?;
    if text(&asked, &header::CONTENT_TYPE) != Some(PIECE_TYPE) {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "problem-unreadable"));
    }
    let offset = number(&asked, &OFFSET).ok_or_else(unreadable)?;
    let sum = match text(&asked, &HeaderName::from_static("upload-checksum")) {
        None => None,
        Some(given) => Some(given.strip_prefix("sha256 ").and_then(sha256).ok_or_else(unreadable)?),
    };
    // Whether there is such a file, before its bytes are taken in.
    let upload = ctx.app.store.upload(&ctx.actor, id).await?;
    if upload.kept {
        return Err(StoreError::from(UploadProblem::Kept).into());
    }
    let left = upload.progress.length.saturating_sub(offset);
    let limit = usize::try_from(left).unwrap_or(usize::MAX).min(largest());
    // Longer than what is left of the file, or broken off: nothing of it is kept, and the telephone goes on where it was.
    let bytes = axum::body::to_bytes(body, limit).await.map_err(|_| StoreError::from(UploadProblem::TooBig))?;
    if sum.is_some_and(|sum| sum != digest(&bytes)) {
        return Err(StoreError::from(UploadProblem::Mismatch).into());
    }
    let upload = match ctx.app.store.upload_piece(&ctx.actor, id, offset, bytes.into(), ctx.now).await {
        Err(StoreError::Upload(UploadProblem::NotAtOffset)) => {
            // The protocol's own conflict, without a reason of ours: whoever sent it asks where to go on.
            return Ok((StatusCode::CONFLICT, [(header::CONTENT_TYPE, PIECE_TYPE)]).into_response());
        }
        taken => taken?,
    };
    if upload.progress.whole() {
        finish(&ctx, id).await?;
    }
    Ok(at(StatusCode::NO_CONTENT, &upload))
}

/// `DELETE`: not to be finished.
async fn end(ctx: Ctx, Path(id): Path<MediaId>, asked: HeaderMap) -> Answer {
    speaks(&ctx, &asked)?;
    ctx.app.store.end_upload(&ctx.actor, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Makes a whole file safe and attaches it. What can never be kept is forgotten, and the answer says why.
async fn finish(ctx: &Ctx, id: MediaId) -> Result<(), Problem> {
    let store = &ctx.app.store;
    let whole = match store.upload_whole(&ctx.actor, id).await {
        Err(StoreError::Upload(UploadProblem::Kept)) => return Ok(()),
        whole => whole?,
    };
    let sound = whole.upload.sound();
    // Decoding takes tens of milliseconds and must not hold up others.
    let worked = tokio::task::spawn_blocking(move || {
        let safe = if sound { safe_sound(&whole) } else { safe_picture(&whole) };
        (whole, safe)
    });
    let inside = |_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "problem-inside");
    let (whole, safe) = worked.await.map_err(inside)?;
    let refused = match safe {
        Ok(safe) => match store.finish_upload(&ctx.actor, whole, safe, ctx.now).await {
            Ok(()) => return Ok(()),
            Err(error @ (StoreError::Note(_) | StoreError::Rule { .. })) => final_if_rule(error),
            Err(other) => return Err(other.into()),
        },
        Err(refusal) => {
            drop(whole);
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code())
        }
    };
    store.end_upload(&ctx.actor, id).await?;
    Err(refused)
}

fn safe_picture(whole: &Whole) -> Result<Safe, Refusal> {
    let c = clean(&whole.bytes, &Limits::default())?;
    Ok(Safe { mime: c.mime, width: c.width, height: c.height, duration_ms: 0, bytes: c.bytes })
}

fn safe_sound(whole: &Whole) -> Result<Safe, Refusal> {
    let s = clean_sound(&whole.bytes, &SoundLimits::default())?;
    Ok(Safe { mime: s.mime, width: 0, height: 0, duration_ms: s.duration_ms, bytes: s.bytes })
}
