//! After publishing: the manager's list of who goes when, and the programme lead's page for seats that were given back.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::id::{OutingId, RoundId};
use freerange_store::round::GivenBack;
use serde::Serialize;

use super::{Row, SeatRow, must_lead};
use crate::{
    chrome::Chrome,
    form::Form,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::When,
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Seats>("/rounds/{id}/seats", get(show)),
        routes::act("/rounds/{id}/seats/{outing}/reserve", &[], post(move_up)),
        routes::page::<Team>("/rounds/{id}/team", get(team)),
    ]
}

/// An outing from which a seat was given back.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct GivenBackRow {
    outing: OutingId,
    title: String,
    starts_at: When,
    planned: i64,
    going: i64,
    min_group: i64,
    /// The first of the reserves who fits every limit.
    next: Option<String>,
    /// Whether the group is smaller than it must be.
    is_short: bool,
}

impl From<GivenBack> for GivenBackRow {
    fn from(g: GivenBack) -> Self {
        Self {
            is_short: g.going < g.min_group,
            outing: g.outing,
            title: g.title,
            starts_at: When(g.starts_at),
            planned: g.planned,
            going: g.going,
            min_group: g.min_group,
            next: g.next,
        }
    }
}

/// `/rounds/{id}/seats`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/seats.html")]
pub struct Seats {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    given_back: Vec<GivenBackRow>,
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: RoundId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let repair = store.round_repair(&ctx.actor, id, &ctx.app.zone, ctx.now).await?;
    let round = store.round(&ctx.actor, id).await?;
    let given_back = repair.outings.into_iter().map(GivenBackRow::from).collect();
    let page = Seats { page: ctx.chrome(), form, round: Row::of(ctx, &round), given_back };
    ctx.form_page(&page.form, &page)
}

async fn move_up(ctx: Ctx, Path((id, outing)): Path<(RoundId, OutingId)>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    match ctx.app.store.move_up_reserve(&ctx.actor, id, outing, &ctx.app.zone, ctx.now).await {
        Ok(_) => ctx.done(&format!("/rounds/{id}/seats"), "moved-up"),
        Err(error) => {
            form.refuse(error)?;
            show_page(&ctx, id, form).await
        }
    }
}

/// `/rounds/{id}/team`: the manager's people.
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/team.html")]
pub struct Team {
    #[serde(skip)]
    page: Chrome,
    round: Row,
    seats: Vec<SeatRow>,
}

async fn team(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    let store = &ctx.app.store;
    let seats = store.round_team(&ctx.actor, id).await?;
    let round = store.round(&ctx.actor, id).await?;
    ctx.page(&Team {
        page: ctx.chrome(),
        round: Row::of(&ctx, &round),
        seats: seats.into_iter().map(SeatRow::from).collect(),
    })
}
