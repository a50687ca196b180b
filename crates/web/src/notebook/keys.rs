//! `/notebook/keys`: the diary's key, wrapped on the phone. What comes and goes here opens nothing.

use axum::{
    Json,
    body::Bytes,
    extract::Path,
    http::{Method, StatusCode},
    response::IntoResponse as _,
    routing::{delete, get, put},
};
use freerange_notebook::{KeyPut, Keys};
use uuid::Uuid;

use super::signed_in;
use crate::{
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Keys>("/notebook/keys", get(list)),
        routes::said::<KeyPut, Keys>(Method::PUT, "/notebook/keys/{id}", put(keep)),
        routes::page::<Keys>("/notebook/keys/{id}", delete(remove)).by(Method::DELETE),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    signed_in(&ctx)?;
    Ok(Json(ctx.app.store.diary_keys(&ctx.actor).await?).into_response())
}

async fn keep(ctx: Ctx, Path(id): Path<Uuid>, body: Bytes) -> Answer {
    signed_in(&ctx)?;
    let unreadable = |_| Problem::new(StatusCode::BAD_REQUEST, "problem-unreadable");
    let key: KeyPut = serde_json::from_slice(&body).map_err(unreadable)?;
    ctx.app.store.keep_diary_key(&ctx.actor, id, &key, ctx.now).await?;
    list(ctx).await
}

async fn remove(ctx: Ctx, Path(id): Path<Uuid>) -> Answer {
    signed_in(&ctx)?;
    ctx.app.store.remove_diary_key(&ctx.actor, id).await?;
    list(ctx).await
}
