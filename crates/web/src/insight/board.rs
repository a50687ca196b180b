//! `/challenges/{id}/board`: the board, a page of notes at a time. Notes are ticked and moved together.

use askama::Template;
use axum::extract::{Path, Query};
use freerange_domain::{
    challenge::Status,
    id::{ActId, ChallengeId, NoteId, ThemeId, VersionId},
    insight::{Act as Doing, Done},
};
use freerange_store::{
    StoreError,
    insight::{Asked, Became, Where},
};
use serde::{Deserialize, Serialize};

use super::{LyingRow, Row, ThemeRow, app};
use crate::{
    chrome::Chrome,
    form::Form,
    request::{Answer, Ctx},
    values::Day,
};

/// `/challenges/{id}/board`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "insight/board.html")]
pub(super) struct Board {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    /// The challenge.
    id: ChallengeId,
    title: String,
    /// Whether the board can still be arranged.
    open: bool,
    themes: Vec<ThemeRow>,
    /// How many notes are not placed yet.
    not_placed: i64,
    /// The theme whose notes these are; nothing for those that are not placed.
    at: Option<ThemeId>,
    notes: Vec<LyingRow>,
    insights: Vec<Row>,
    number: i64,
    more: bool,
    #[serde(skip)]
    query: String,
    #[serde(skip)]
    folder: String,
    #[serde(skip)]
    fresh: (ActId, ActId, ThemeId),
}

impl Board {
    /// The theme whose notes are shown.
    fn here(&self) -> Option<&ThemeRow> {
        self.themes.iter().find(|t| Some(t.id) == self.at)
    }

    /// Whether a theme is the one whose notes are shown.
    fn is_at(&self, theme: &ThemeRow) -> bool {
        self.at == Some(theme.id)
    }

    /// Themes that notes can be moved to from here.
    fn elsewhere(&self) -> Vec<(String, String)> {
        let others = self.themes.iter().filter(|t| Some(t.id) != self.at);
        others.map(|t| (t.id.to_string(), t.name.clone())).collect()
    }
}

/// Which notes.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct Which {
    /// The theme; without it, notes that are not placed yet.
    #[serde(default)]
    #[schemars(with = "ThemeId")]
    theme: String,
    /// From 1.
    #[serde(default)]
    page: i64,
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<ChallengeId>, Query(which): Query<Which>) -> Answer {
    show_page(&ctx, id, &which, Form::empty(ctx.t)).await
}

/// The board again, with what is wrong with a form on it.
pub(super) async fn again(ctx: &Ctx, id: ChallengeId, form: Form) -> Answer {
    show_page(ctx, id, &Which::default(), form).await
}

async fn show_page(ctx: &Ctx, id: ChallengeId, which: &Which, form: Form) -> Answer {
    let (store, who) = (&ctx.app.store, &ctx.actor);
    let challenge = store.challenge(who, id).await?;
    let themes: Vec<ThemeRow> =
        store.themes(who, id).await?.into_iter().map(|theme| ThemeRow::of(ctx.t, theme)).collect();
    let at = which.theme.parse().ok().filter(|theme| themes.iter().any(|t| t.id == *theme));
    let found = store.lying(who, id, at.map_or(Where::NotPlaced, Where::Theme), which.page).await?;
    let page = Board {
        page: ctx.chrome(),
        form,
        id,
        title: challenge.title,
        open: challenge.status == Status::Open,
        not_placed: store.not_placed(who, id).await?,
        notes: found.items.into_iter().map(LyingRow::from).collect(),
        insights: store.insights(who, id).await?.into_iter().map(|i| Row::of(ctx.t, i)).collect(),
        number: found.number,
        more: found.more,
        query: at.map(|theme| format!("theme={theme}&")).unwrap_or_default(),
        at,
        themes,
        folder: app::folder(),
        fresh: (ActId::new(), ActId::new(), ThemeId::new()),
    };
    ctx.form_page(&page.form, &page)
}

/// Does one thing on a board. A refusal comes back as an error.
pub(super) async fn act(ctx: &Ctx, board: ChallengeId, id: Option<ActId>, what: Doing) -> Result<(), StoreError> {
    let asked = Asked { id: id.unwrap_or_default(), what };
    let became = ctx.app.store.arrange(&ctx.actor, board, &[asked], (ctx.today(), ctx.now)).await?;
    match became.into_iter().next() {
        Some(Became::Refused(why)) => Err(why),
        _ => Ok(()),
    }
}

/// Where the board shows a theme, or notes that are not placed.
pub(super) fn address(board: ChallengeId, theme: Option<ThemeId>) -> String {
    theme.map_or_else(|| format!("/challenges/{board}/board"), |t| format!("/challenges/{board}/board?theme={t}"))
}

pub(super) async fn place(ctx: Ctx, Path(id): Path<ChallengeId>, mut form: Form) -> Answer {
    let (act_id, theme) = (form.maybe_word("act"), form.maybe_word::<ThemeId>("theme"));
    let notes: Vec<NoteId> = form.many("note");
    if notes.is_empty() {
        form.wrong("note", "choose");
    }
    // A suggestion comes with a name for a theme of its own.
    let name = form.maybe_line("name");
    if form.has_errors() {
        return again(&ctx, id, form).await;
    }
    if let (Some(name), Some(theme)) = (name, theme) {
        let wording = VersionId(theme.0);
        act(&ctx, id, None, Doing::Name { theme, wording, follows: Vec::new(), name }).await?;
    }
    match act(&ctx, id, act_id, Doing::Place { notes, theme }).await {
        Ok(()) => ctx.done(&address(id, theme), "notes-placed"),
        Err(error) => {
            form.refuse(error)?;
            again(&ctx, id, form).await
        }
    }
}

/// Something that was done.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct PastRow {
    what: Done,
    by: Option<String>,
    on: Day,
    theme: Option<ThemeId>,
    /// What the theme is called now; where notes lie that are not placed.
    called: String,
    notes: i64,
}

/// `/challenges/{id}/board/history`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "insight/history.html")]
pub(super) struct History {
    #[serde(skip)]
    page: Chrome,
    id: ChallengeId,
    title: String,
    /// The last two weeks, newest first, by the day.
    past: Vec<PastRow>,
}

pub(super) async fn history(ctx: Ctx, Path(id): Path<ChallengeId>) -> Answer {
    let challenge = ctx.app.store.challenge(&ctx.actor, id).await?;
    let past = ctx.app.store.board_history(&ctx.actor, id, None).await?;
    let past = past
        .into_iter()
        .map(|p| {
            let (theme, called) = p.theme.unzip();
            let called = called.unwrap_or_else(|| ctx.t.board_not_placed().to_owned());
            PastRow { what: p.what, by: p.by, on: Day(p.on), theme, called, notes: p.notes }
        })
        .collect();
    ctx.page(&History { page: ctx.chrome(), id, title: challenge.title, past })
}
