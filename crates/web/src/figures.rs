//! Figures for everybody: `/figures` as page and JSON, `/figures.csv` as a table. The programme lead publishes an edition or takes
//! one down.

use askama::Template;
use axum::{
    extract::Path,
    http::header,
    response::IntoResponse,
    routing::{get, post},
};
use freerange_domain::{
    id::{ChallengeId, EditionId},
    note::Kind,
};
use freerange_store::{
    Act, StoreError,
    figures::{Edition, last_day},
};
use serde::Serialize;

use crate::{
    chrome::Chrome,
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::{Day, When},
};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Figures>("/figures", get(show)),
        routes::act("/figures", &[], post(publish)),
        routes::file("/figures.csv", get(table)),
        routes::act("/figures/{id}/removal", &[], post(take_down)),
    ]
}

/// A cell. Nothing means: not told apart.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct CellRow {
    challenge: ChallengeId,
    title: String,
    place: Option<String>,
    /// `neighbourhood`, `district` or `city`.
    level: Option<String>,
    kind: Option<Kind>,
    /// The first day of the month.
    month: Option<Day>,
    /// There are at least so many notes: a multiple of the edition's `k`.
    at_least: i64,
}

/// An edition.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct EditionRow {
    id: EditionId,
    from: Day,
    /// Its last day.
    until: Day,
    /// Each cell rests on notes of at least so many people, and says a multiple of it.
    k: i64,
    made_at: When,
    /// When it was taken down; then it has no cells.
    down_at: Option<When>,
    cells: Vec<CellRow>,
}

impl From<Edition> for EditionRow {
    fn from(e: Edition) -> Self {
        let cell = |c: freerange_store::figures::Cell| {
            let (place, level) = c.place.unzip();
            CellRow {
                challenge: c.challenge,
                title: c.title,
                place,
                level,
                kind: c.kind,
                month: c.month.map(Day),
                at_least: c.at_least,
            }
        };
        Self {
            id: e.id,
            from: Day(e.from),
            until: Day(last_day(e.until)),
            k: e.k,
            made_at: When(e.made_at),
            down_at: e.down_at.map(When),
            cells: e.cells.into_iter().map(cell).collect(),
        }
    }
}

/// `/figures`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "overview/figures.html")]
pub struct Figures {
    #[serde(skip)]
    page: Chrome,
    /// How the numbers are to be read, in words.
    rules: String,
    /// The newest first.
    editions: Vec<EditionRow>,
    /// Whether the reader may publish.
    can_publish: bool,
    /// Why an edition could not be published.
    #[serde(skip)]
    refused: Option<String>,
}

async fn page(ctx: &Ctx, refused: Option<String>) -> Answer {
    let editions = ctx.app.store.figures(&ctx.actor).await?;
    let about = freerange_store::About::nothing();
    ctx.page(&Figures {
        page: ctx.chrome(),
        rules: ctx.t.figures_rules().to_owned(),
        editions: editions.into_iter().map(EditionRow::from).collect(),
        can_publish: freerange_store::may(&ctx.actor, Act::PublishFigures, &about).is_ok(),
        refused,
    })
}

async fn show(ctx: Ctx) -> Answer {
    page(&ctx, None).await
}

async fn publish(ctx: Ctx) -> Answer {
    match ctx.app.store.publish_figures(&ctx.actor, &ctx.app.zone, ctx.now).await {
        Ok(_) => ctx.done("/figures", "figures-published"),
        Err(StoreError::Rule { key, .. }) if !ctx.api => page(&ctx, Some(ctx.t.of("error", key))).await,
        Err(error) => Err(Problem::from(error)),
    }
}

async fn take_down(ctx: Ctx, Path(id): Path<EditionId>) -> Answer {
    ctx.app.store.take_figures_down(&ctx.actor, id, ctx.now).await?;
    ctx.done("/figures", "figures-down")
}

async fn table(ctx: Ctx) -> Answer {
    let columns =
        ["edition", "from", "until", "k", "challenge", "title", "place", "level", "kind", "month", "at_least"];
    let editions = ctx.app.store.figures(&ctx.actor).await?;
    let rows = editions.into_iter().map(EditionRow::from).flat_map(|e| {
        let (id, from, until, k) = (e.id.to_string(), e.from.0.to_string(), e.until.0.to_string(), e.k.to_string());
        e.cells.into_iter().map(move |c| {
            vec![
                id.clone(),
                from.clone(),
                until.clone(),
                k.clone(),
                c.challenge.to_string(),
                c.title,
                c.place.unwrap_or_default(),
                c.level.unwrap_or_default(),
                c.kind.map(|k| k.as_str().to_owned()).unwrap_or_default(),
                c.month.map(|m| m.0.to_string().chars().take(7).collect()).unwrap_or_default(),
                c.at_least.to_string(),
            ]
        })
    });
    let bytes = freerange_export::rows(&columns, rows);
    let disposition = "attachment; filename=\"figures.csv\"";
    let mime = "text/csv; charset=utf-8; header=present";
    Ok(([(header::CONTENT_TYPE, mime), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}
