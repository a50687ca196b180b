//! `/insights/{id}`: what we think is going on, why, on how much it rests and what speaks against it.

use askama::Template;
use axum::extract::{Path, Query};
use freerange_domain::{
    challenge::Status,
    id::{ChallengeId, InsightId, NoteId, ThemeId, VersionId},
    insight::{Side, Sure},
};
use freerange_store::insight::{Saying, Where};
use serde::{Deserialize, Serialize};

use super::{LyingRow, Row, ThemeRow, WordingRow};
use crate::{
    chrome::Chrome,
    form::Form,
    request::{Answer, Ctx},
};

/// `/challenges/{id}/insights/new` and `/insights/{id}/edit`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "insight/new.html")]
pub(super) struct New {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    challenge: ChallengeId,
    title: String,
    /// The insight whose words are changed; nothing when it is new.
    editing: Option<InsightId>,
    /// What stands beside it, because two people wrote at once.
    beside: Vec<WordingRow>,
    /// Themes that it can rest on.
    themes: Vec<(ThemeId, String)>,
    #[serde(skip)]
    follows: Vec<String>,
    #[serde(skip)]
    were: Vec<String>,
}

/// From where it is written.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct From {
    /// The theme it rests on.
    #[serde(default)]
    #[schemars(with = "ThemeId")]
    theme: String,
}

pub(super) async fn new(ctx: Ctx, Path(id): Path<ChallengeId>, Query(from): Query<From>) -> Answer {
    let form = Form::empty(ctx.t)
        .with("insight", InsightId::new())
        .with("wording", VersionId::new())
        .with("sure", Sure::Hunch)
        .with("themes", from.theme);
    new_page(&ctx, id, form, None).await
}

async fn new_page(ctx: &Ctx, challenge: ChallengeId, form: Form, editing: Option<InsightId>) -> Answer {
    let (store, who) = (&ctx.app.store, &ctx.actor);
    freerange_store::may(who, freerange_store::Act::WriteInsight, &freerange_store::About::nothing())?;
    let title = store.challenge(who, challenge).await?.title;
    let themes = store.themes(who, challenge).await?;
    let named = |theme| {
        let row = ThemeRow::of(ctx.t, theme);
        (row.id, row.name)
    };
    let beside = match editing {
        Some(id) => super::wordings(store.insight(who, id).await?.insight.wordings).split_off(1),
        None => Vec::new(),
    };
    let page = New {
        page: ctx.chrome(),
        challenge,
        title,
        editing,
        beside,
        themes: themes.into_iter().map(named).collect(),
        follows: form.all("follows"),
        were: form.all("were"),
        form,
    };
    ctx.form_page(&page.form, &page)
}

fn read(form: &mut Form) -> Option<(Saying, Vec<ThemeId>, Vec<ThemeId>)> {
    let id = form.maybe_word::<VersionId>("wording").unwrap_or_default();
    let (says, why, against) = (form.line("says"), form.prose("why"), form.maybe_prose("against"));
    let (sure, follows) = (form.word("sure"), form.many("follows"));
    let (themes, were) = (form.many("themes"), form.many("were"));
    if form.has_errors() {
        return None;
    }
    let against = against.map(|a| a.as_str().to_owned()).unwrap_or_default();
    Some((Saying { id, says: says?, why: why?, against, sure: sure?, follows }, were, themes))
}

pub(super) async fn write(ctx: Ctx, Path(challenge): Path<ChallengeId>, mut form: Form) -> Answer {
    let id = form.maybe_word::<InsightId>("insight").unwrap_or_default();
    let Some((saying, _, themes)) = read(&mut form) else { return new_page(&ctx, challenge, form, None).await };
    match ctx.app.store.write_insight(&ctx.actor, challenge, (id, &saying), &themes, ctx.now).await {
        Ok(id) => ctx.done(&format!("/insights/{id}"), "insight-written"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, challenge, form, None).await
        }
    }
}

pub(super) async fn edit(ctx: Ctx, Path(id): Path<InsightId>) -> Answer {
    let whole = ctx.app.store.insight(&ctx.actor, id).await?;
    let mut form = Form::empty(ctx.t).with("wording", VersionId::new());
    if let Some(w) = whole.insight.wordings.first() {
        form = form.with("says", &w.says).with("why", &w.why).with("against", &w.against);
        form = form.with("sure", w.sure.unwrap_or(Sure::Hunch));
    }
    for w in &whole.insight.wordings {
        form = form.with("follows", w.id);
    }
    for (theme, _) in &whole.themes {
        form = form.with("themes", theme).with("were", theme);
    }
    new_page(&ctx, whole.challenge.0, form, Some(id)).await
}

pub(super) async fn save(ctx: Ctx, Path(id): Path<InsightId>, mut form: Form) -> Answer {
    let challenge = ctx.app.store.board_of_insight(&ctx.actor, id).await?;
    let Some((saying, were, themes)) = read(&mut form) else {
        return new_page(&ctx, challenge, form, Some(id)).await;
    };
    match ctx.app.store.word_insight(&ctx.actor, id, &saying, (&were, &themes), ctx.now).await {
        Ok(()) => ctx.done(&format!("/insights/{id}"), "insight-written"),
        Err(error) => {
            form.refuse(error)?;
            new_page(&ctx, challenge, form, Some(id)).await
        }
    }
}

/// A note that was named one by one.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct NamedRow {
    id: NoteId,
    side: Side,
    seen: String,
    quotable: bool,
}

/// `/insights/{id}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "insight/show.html")]
pub(super) struct Show {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    insight: Row,
    challenge: ChallengeId,
    title: String,
    /// Whether it can still be changed.
    open: bool,
    /// What it said before.
    earlier: Vec<WordingRow>,
    themes: Vec<(ThemeId, String)>,
    /// Notes that were named one by one.
    named: Vec<NamedRow>,
    /// Notes to choose from: those of its first theme, or those that are not placed.
    notes: Vec<LyingRow>,
    number: i64,
    more: bool,
    #[serde(skip)]
    query: &'static str,
}

impl Show {
    fn on(&self, side: Side) -> Vec<&NamedRow> {
        self.named.iter().filter(|n| n.side == side).collect()
    }
}

/// Which notes to choose from.
#[derive(Debug, Default, Deserialize, schemars::JsonSchema)]
pub(super) struct Paged {
    /// From 1.
    #[serde(default)]
    page: i64,
}

pub(super) async fn show(ctx: Ctx, Path(id): Path<InsightId>, Query(paged): Query<Paged>) -> Answer {
    show_page(&ctx, id, paged.page, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: InsightId, number: i64, form: Form) -> Answer {
    let whole = ctx.app.store.insight(&ctx.actor, id).await?;
    let (challenge, title, status) = whole.challenge;
    let at = whole.themes.first().map_or(Where::NotPlaced, |(theme, _)| Where::Theme(*theme));
    let found = ctx.app.store.lying(&ctx.actor, challenge, at, number).await?;
    let page = Show {
        page: ctx.chrome(),
        form,
        insight: Row::of(ctx.t, whole.insight),
        challenge,
        title,
        open: status == Status::Open,
        earlier: super::wordings(whole.earlier),
        themes: whole.themes,
        named: whole
            .notes
            .into_iter()
            .map(|(id, side, seen, quotable)| NamedRow { id, side, seen, quotable })
            .collect(),
        notes: found.items.into_iter().map(LyingRow::from).collect(),
        number: found.number,
        more: found.more,
        query: "",
    };
    ctx.form_page(&page.form, &page)
}

pub(super) async fn rest(ctx: Ctx, Path(id): Path<InsightId>, mut form: Form) -> Answer {
    let notes: Vec<NoteId> = form.many("note");
    let side = match form.value("side") {
        "for" => Some(Side::For),
        "against" => Some(Side::Against),
        "neither" => None,
        _ => {
            form.wrong("side", "choose");
            None
        }
    };
    if notes.is_empty() {
        form.wrong("note", "choose");
    }
    if form.has_errors() {
        return show_page(&ctx, id, 1, form).await;
    }
    ctx.app.store.rest_insight(&ctx.actor, id, &notes, side).await?;
    ctx.done(&format!("/insights/{id}"), "insight-rests")
}

pub(super) async fn remove(ctx: Ctx, Path(id): Path<InsightId>, mut form: Form) -> Answer {
    let seen = form.many("seen");
    let challenge = ctx.app.store.drop_insight(&ctx.actor, id, &seen).await?;
    ctx.done(&format!("/challenges/{challenge}/board"), "insight-dropped")
}
