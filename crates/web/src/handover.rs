//! Handing a challenge, a change or an outing over to a colleague, by work address.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::id::{ChallengeId, ChangeId, OutingId};
use freerange_store::handover::Handed;
use serde::Serialize;

use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, must},
    request::{Answer, Ctx},
    routes::{self, Route},
};

const TO: &[Field] = &[must("email", Kind::Email)];

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<HandOver>("/challenges/{id}/owner", get(challenge)),
        routes::act("/challenges/{id}/owner", TO, post(give_challenge)),
        routes::page::<HandOver>("/changes/{id}/owner", get(change)),
        routes::act("/changes/{id}/owner", TO, post(give_change)),
        routes::page::<HandOver>("/outings/{id}/organiser", get(outing)),
        routes::act("/outings/{id}/organiser", TO, post(give_outing)),
    ]
}

/// `/challenges/{id}/owner`, `/changes/{id}/owner`, `/outings/{id}/organiser`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "handover/show.html")]
pub struct HandOver {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    title: String,
    /// Whose it is now.
    holder: String,
    #[serde(skip)]
    action: String,
}

/// Where a thing is.
fn address(what: Handed) -> (String, &'static str) {
    match what {
        Handed::Challenge(id) => (format!("/challenges/{id}"), "owner"),
        Handed::Change(id) => (format!("/changes/{id}"), "owner"),
        Handed::Outing(id) => (format!("/outings/{id}"), "organiser"),
    }
}

async fn challenge(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    page(&ctx, Handed::Challenge(id), Form::empty(ctx.t)).await
}

async fn change(ctx: Ctx, Path(id): Path<ChangeId>) -> Answer {
    page(&ctx, Handed::Change(id), Form::empty(ctx.t)).await
}

async fn outing(ctx: Ctx, Path(id): Path<OutingId>) -> Answer {
    page(&ctx, Handed::Outing(id), Form::empty(ctx.t)).await
}

async fn give_challenge(ctx: Ctx, Path(id): Path<ChallengeId>, form: Form) -> Answer {
    give(&ctx, Handed::Challenge(id), form).await
}

async fn give_change(ctx: Ctx, Path(id): Path<ChangeId>, form: Form) -> Answer {
    give(&ctx, Handed::Change(id), form).await
}

async fn give_outing(ctx: Ctx, Path(id): Path<OutingId>, form: Form) -> Answer {
    give(&ctx, Handed::Outing(id), form).await
}

async fn page(ctx: &Ctx, what: Handed, form: Form) -> Answer {
    let holding = ctx.app.store.holding(&ctx.actor, what).await?;
    let (path, noun) = address(what);
    let (title, holder) = (holding.title, holding.holder);
    let page = HandOver { page: ctx.chrome(), form, title, holder, action: format!("{path}/{noun}") };
    ctx.form_page(&page.form, &page)
}

async fn give(ctx: &Ctx, what: Handed, mut form: Form) -> Answer {
    let Some(to) = form.email("email") else { return page(ctx, what, form).await };
    match ctx.app.store.hand_over(&ctx.actor, what, &to, ctx.now).await {
        Ok(()) => ctx.done(&address(what).0, "handed-over"),
        Err(error) => {
            form.refuse(error)?;
            page(ctx, what, form).await
        }
    }
}
