//! `/notebook/devices`: one's phones, and locking one out.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    chrome::Chrome,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Phones>("/notebook/devices", get(show)),
        routes::act("/notebook/devices/{id}/lock", &[], post(lock)),
    ]
}

/// A phone on the page.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct PhoneRow {
    id: Uuid,
    name: String,
    /// To the hour.
    seen_at: When,
    /// How many changes it has not fetched.
    waiting: i64,
    locked_at: Option<When>,
}

/// `/notebook/devices`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "notebook/devices.html")]
pub(super) struct Phones {
    #[serde(skip)]
    page: Chrome,
    phones: Vec<PhoneRow>,
}

async fn show(ctx: Ctx) -> Answer {
    let phones = ctx.app.store.phones(&ctx.actor).await?;
    let row = |p: freerange_store::notebook::Phone| PhoneRow {
        id: p.id,
        name: p.name,
        seen_at: When(p.seen_at),
        waiting: p.waiting,
        locked_at: p.locked_at.map(When),
    };
    ctx.page(&Phones { page: ctx.chrome(), phones: phones.into_iter().map(row).collect() })
}

async fn lock(ctx: Ctx, Path(id): Path<Uuid>) -> Answer {
    ctx.app.store.lock_phone(&ctx.actor, id, ctx.now).await?;
    ctx.done("/notebook/devices", "phone-locked")
}
