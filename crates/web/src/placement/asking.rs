//! "Colleagues may ask me about it": an act of whoever has been there, and taken back in the same way.

use axum::extract::Path;
use freerange_domain::id::PlacementId;

use crate::{
    form::{Field, Form, Kind, may},
    request::{Answer, Ctx},
};

pub(super) const ASKING: &[Field] = &[may("askable", Kind::Flag)];

pub(super) async fn let_ask(ctx: Ctx, Path(id): Path<PlacementId>, form: Form) -> Answer {
    ctx.app.store.let_ask(&ctx.actor, id, form.flag("askable")).await?;
    ctx.done(&format!("/placements/{id}"), "asking-saved")
}
