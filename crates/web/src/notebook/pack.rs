//! `GET /notebook/pack`: what the phone takes along.

use axum::{Json, http::HeaderMap, routing::get};
use freerange_notebook::{ConsentCard, Limits, PROTOCOL, Pack, SafetyNumber};

use super::{marked, signed_in};
use crate::{
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

/// What a picture may weigh, as on the page.
const PICTURE_BYTES: u64 = 12 * 1024 * 1024;
/// Three minutes of one voice: 16,000 samples a second of two bytes, and the head of the file.
const SOUND_BYTES: u64 = 3 * 60 * 16_000 * 2 + 44;

pub(super) fn routes() -> Vec<Route> {
    vec![routes::page::<Pack>("/notebook/pack", get(pack))]
}

async fn pack(ctx: Ctx, headers: HeaderMap) -> Answer {
    signed_in(&ctx)?;
    let packed = ctx.app.store.pack(&ctx.actor, ctx.now).await?;
    let numbers = ctx.app.numbers.0.iter();
    let mut pack = Pack {
        protocol: PROTOCOL,
        epoch: packed.epoch,
        now: 0,
        person: packed.person.0,
        name: packed.name,
        language: ctx.t.lang().tag().to_owned(),
        outings: packed.outings,
        colleagues: packed.colleagues,
        numbers: numbers.map(|n| SafetyNumber { label: n.label.clone(), number: n.number.clone() }).collect(),
        card: ConsentCard { basis: ctx.t.of("basis", "public-task"), purpose: ctx.t.of("purpose", "learn-and-decide") },
        limits: Limits { picture_bytes: PICTURE_BYTES, sound_bytes: SOUND_BYTES },
    };
    let covered = serde_json::to_vec(&pack).map_err(|error| {
        tracing::error!(%error, "a pack cannot be written");
        Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "problem-inside")
    })?;
    pack.now = ctx.now.as_microsecond();
    Ok(marked(&headers, &covered, Json(pack)))
}
