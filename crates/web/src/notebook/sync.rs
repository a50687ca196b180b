//! `POST /notebook/sync`: what the phone has for the server and what the server has for the phone.

use axum::{
    Json,
    body::Bytes,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode},
    response::IntoResponse as _,
    routing::post,
};
use freerange_notebook::{Batch, PROTOCOL, RECORDS_AT_ONCE, Synced};
use serde::Deserialize;

use super::signed_in;
use crate::{
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

/// A hundred of the longest notes or diary entries.
const LIMIT: usize = 12 * 1024 * 1024;

pub(super) fn routes() -> Vec<Route> {
    vec![routes::said::<Batch, Synced>(Method::POST, "/notebook/sync", post(sync).layer(DefaultBodyLimit::max(LIMIT)))]
}

/// What a phone of any protocol says of itself.
#[derive(Deserialize)]
struct Speaks {
    protocol: u32,
}

/// Reads a batch. A phone that is newer than this server is told so, before anything it says is misread.
fn read(body: &[u8]) -> Result<Batch, Problem> {
    let unreadable = || Problem::new(StatusCode::BAD_REQUEST, "problem-unreadable");
    match serde_json::from_slice::<Batch>(body) {
        Ok(batch) if batch.protocol <= PROTOCOL => Ok(batch),
        Ok(_) => Err(Problem::new(StatusCode::CONFLICT, "server-too-old")),
        Err(_) => match serde_json::from_slice::<Speaks>(body) {
            Ok(newer) if newer.protocol > PROTOCOL => Err(Problem::new(StatusCode::CONFLICT, "server-too-old")),
            _ => Err(unreadable()),
        },
    }
}

async fn sync(ctx: Ctx, body: Result<Bytes, axum::extract::rejection::BytesRejection>) -> Answer {
    signed_in(&ctx)?;
    let too_large = || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-many-records");
    let batch = read(&body.map_err(|_| too_large())?)?;
    if ctx.actor.person().is_none_or(|me| me.0 != batch.person) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "problem-other-person"));
    }
    if batch.records.len() > RECORDS_AT_ONCE {
        return Err(too_large());
    }
    let report = ctx.app.store.sync(&ctx.actor, &batch, ctx.now).await?;
    let mut synced = report.synced;
    for (answer, reason) in synced.answers.iter_mut().zip(report.reasons) {
        if let Some(error) = reason {
            let problem = Problem::from(error);
            (answer.why, answer.says) = (Some(problem.word().to_owned()), Some(problem.says(ctx.t)));
        }
    }
    Ok(Json(synced).into_response())
}
