//! `/themes/{id}`: naming a theme, bringing two names together, its place among the others, dissolving it.

use askama::Template;
use axum::extract::Path;
use freerange_domain::{
    id::{ActId, ChallengeId, ThemeId, VersionId},
    insight::Act as Doing,
};
use serde::Serialize;

use super::{
    ThemeRow, WordingRow,
    board::{act, address, again},
};
use crate::{
    chrome::Chrome,
    form::Form,
    problem::Problem,
    request::{Answer, Ctx},
};

/// `/themes/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "insight/theme.html")]
pub(super) struct Edit {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    id: ThemeId,
    board: ChallengeId,
    /// Its name, and those that stand beside it.
    names: Vec<WordingRow>,
    /// The others, to stand before.
    others: Vec<(ThemeId, String)>,
    notes: usize,
    #[serde(skip)]
    fresh: (ActId, VersionId, ActId, ActId),
}

pub(super) async fn name(ctx: Ctx, Path(board): Path<ChallengeId>, mut form: Form) -> Answer {
    let (act_id, theme) = (form.maybe_word("act"), form.maybe_word::<ThemeId>("theme").unwrap_or_default());
    let wording = form.maybe_word::<VersionId>("wording").unwrap_or(VersionId(theme.0));
    let Some(name) = form.line("name").filter(|_| !form.has_errors()) else { return again(&ctx, board, form).await };
    match act(&ctx, board, act_id, Doing::Name { theme, wording, follows: Vec::new(), name }).await {
        Ok(()) => ctx.done(&address(board, None), "theme-named"),
        Err(error) => {
            form.refuse(error)?;
            again(&ctx, board, form).await
        }
    }
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<ThemeId>) -> Answer {
    show_page(&ctx, id, None).await
}

async fn show_page(ctx: &Ctx, id: ThemeId, form: Option<Form>) -> Answer {
    let (store, who) = (&ctx.app.store, &ctx.actor);
    let board = store.board_of_theme(who, id).await?;
    let mut themes: Vec<ThemeRow> =
        store.themes(who, board).await?.into_iter().map(|theme| ThemeRow::of(ctx.t, theme)).collect();
    let at = themes.iter().position(|t| t.id == id).ok_or(Problem::not_found())?;
    let theme = themes.remove(at);
    let page = Edit {
        page: ctx.chrome(),
        form: form.unwrap_or_else(|| Form::empty(ctx.t).with("name", &theme.name)),
        id,
        board,
        names: theme.names,
        notes: theme.weight.notes,
        others: themes.into_iter().map(|t| (t.id, t.name)).collect(),
        fresh: (ActId::new(), VersionId::default(), ActId::new(), ActId::new()),
    };
    ctx.form_page(&page.form, &page)
}

pub(super) async fn rename(ctx: Ctx, Path(id): Path<ThemeId>, mut form: Form) -> Answer {
    let board = ctx.app.store.board_of_theme(&ctx.actor, id).await?;
    let (act_id, wording) = (form.maybe_word("act"), form.maybe_word::<VersionId>("wording").unwrap_or_default());
    let follows: Vec<VersionId> = form.many("follows");
    let Some(name) = form.line("name").filter(|_| !form.has_errors()) else {
        return show_page(&ctx, id, Some(form)).await;
    };
    match act(&ctx, board, act_id, Doing::Name { theme: id, wording, follows, name }).await {
        Ok(()) => ctx.done(&address(board, Some(id)), "theme-named"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, Some(form)).await
        }
    }
}

pub(super) async fn order(ctx: Ctx, Path(id): Path<ThemeId>, mut form: Form) -> Answer {
    let board = ctx.app.store.board_of_theme(&ctx.actor, id).await?;
    let (act_id, before) = (form.maybe_word("act"), form.maybe_word("before"));
    if form.has_errors() {
        return show_page(&ctx, id, Some(form)).await;
    }
    act(&ctx, board, act_id, Doing::Order { theme: id, before }).await?;
    ctx.done(&address(board, None), "theme-ordered")
}

pub(super) async fn remove(ctx: Ctx, Path(id): Path<ThemeId>, mut form: Form) -> Answer {
    let board = ctx.app.store.board_of_theme(&ctx.actor, id).await?;
    let (act_id, seen) = (form.maybe_word("act"), form.many("seen"));
    act(&ctx, board, act_id, Doing::Drop { theme: id, seen }).await?;
    ctx.done(&address(board, None), "theme-dropped")
}
