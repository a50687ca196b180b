//! `/challenges/{id}/edit`: other words for an open question, by its owner or the programme lead.

use axum::extract::Path;
use freerange_domain::{
    challenge::Status,
    id::{ChallengeId, PlaceId},
    place::Level,
};
use freerange_store::{About, Act, may};

use super::{New, read_ask};
use crate::{
    form::Form,
    request::{Answer, Ctx},
};

pub(super) async fn show(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let c = ctx.app.store.challenge(&ctx.actor, id).await?;
    let form = Form::empty(ctx.t)
        .with("title", &c.title)
        .with("question", &c.question)
        .with("why", &c.why)
        .with("decision", &c.decision)
        .with("decision_on", c.decision_on)
        .with("place", c.place.as_ref().map(|(id, _)| id.to_string()).unwrap_or_default());
    page(&ctx, id, form).await
}

async fn page(ctx: &Ctx, id: ChallengeId, form: Form) -> Answer {
    let c = ctx.app.store.challenge(&ctx.actor, id).await?;
    may(&ctx.actor, Act::CloseChallenge, &About::owner(c.owner_id))?;
    c.status.must_be_open().map_err(freerange_store::StoreError::from)?;
    let places = ctx.app.store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect();
    let page = New { page: ctx.chrome(), form, places, editing: Some(id) };
    ctx.form_page(&page.form, &page)
}

pub(super) async fn save(ctx: Ctx, Path(id): Path<ChallengeId>, mut form: Form) -> Answer {
    let was = ctx.app.store.challenge(&ctx.actor, id).await?;
    may(&ctx.actor, Act::CloseChallenge, &About::owner(was.owner_id))?;
    // A day that has passed meanwhile may stay; a new one must be to come.
    let earliest = if was.status == Status::Open { was.decision_on.min(ctx.today()) } else { ctx.today() };
    let read: Option<(_, Option<PlaceId>)> = read_ask(&mut form, &ctx, earliest);
    let Some((ask, place)) = read else { return page(&ctx, id, form).await };
    match ctx.app.store.edit_challenge(&ctx.actor, id, &ask, place, ctx.now).await {
        Ok(()) => ctx.done(&format!("/challenges/{id}"), "challenge-edited"),
        Err(error) => {
            form.refuse(error)?;
            page(&ctx, id, form).await
        }
    }
}
