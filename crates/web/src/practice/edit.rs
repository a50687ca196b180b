//! `/practices/{slug}/edit`: one's own practice as long as it is not public.

use axum::extract::Path;
use freerange_domain::practice::Status;
use freerange_store::{About, Act, StoreError, may};

use super::{edit_page, read_telling};
use crate::{
    form::Form,
    request::{Answer, Ctx},
};

pub(super) async fn show(ctx: Ctx, Path(slug): Path<String>) -> Answer {
    let p = ctx.app.store.practice(&ctx.actor, &slug).await?;
    may(&ctx.actor, Act::EditPractice, &About::person(p.author_id))?;
    if p.status == Status::Published {
        return Err(StoreError::rule("form", "problem-practice-public").into());
    }
    let mut form = Form::empty(ctx.t)
        .with("change", p.change.map(|c| c.to_string()).unwrap_or_default())
        .with("title", p.title)
        .with("problem", p.problem)
        .with("what", p.what)
        .with("how", p.how)
        .with("needed", p.needed)
        .with("result", p.result)
        .with("careful", p.careful)
        .with("language", p.language)
        .with("origin", p.origin.map(|(slug, _)| slug).unwrap_or_default())
        .with("origin_url", p.origin_url.unwrap_or_default())
        .with("differs", p.differs.unwrap_or_default());
    for note in ctx.app.store.quoted_notes(&ctx.actor, &slug).await? {
        form = form.with("quotes", note);
    }
    edit_page(&ctx, Some(slug), form).await
}

pub(super) async fn save(ctx: Ctx, Path(slug): Path<String>, mut form: Form) -> Answer {
    let p = ctx.app.store.practice(&ctx.actor, &slug).await?;
    may(&ctx.actor, Act::EditPractice, &About::person(p.author_id))?;
    let Some(telling) = read_telling(&ctx, &mut form).await? else { return edit_page(&ctx, Some(slug), form).await };
    match ctx.app.store.edit_practice(&ctx.actor, &slug, &telling, ctx.now).await {
        Ok(()) => ctx.done(&format!("/practices/{slug}"), "practice-edited"),
        Err(error) => {
            form.refuse(error)?;
            edit_page(&ctx, Some(slug), form).await
        }
    }
}
