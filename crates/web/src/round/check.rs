//! Check first: what makes a round impossible or poor, in plain words, each with where to mend it.

use askama::Template;
use axum::{extract::Path, routing::get};
use freerange_domain::{
    id::{OutingId, RoundId},
    overview::Count,
    round::Unfit,
};
use serde::Serialize;

use super::Row;
use crate::{
    chrome::Chrome,
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

pub(super) fn routes() -> Vec<Route> {
    vec![routes::page::<Check>("/rounds/{id}/check", get(show))]
}

/// `/rounds/{id}/check`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/check.html")]
pub struct Check {
    #[serde(skip)]
    page: Chrome,
    round: Row,
    people: Count,
    /// Share of what is wanted for which there are seats, in tens of per cent.
    seats_share: Option<i64>,
    seats: i64,
    wanted: Count,
    unwished: Vec<(OutingId, String)>,
    all_unwished: i64,
    thin: Vec<(OutingId, String, i64)>,
    all_thin: i64,
    nothing: Count,
    why: Vec<(Unfit, Count)>,
    closed_teams: Vec<String>,
    all_closed_teams: i64,
    crowded: Vec<(String, Day, i64)>,
    all_crowded: i64,
    crowded_hosts: Vec<(String, i64)>,
    all_crowded_hosts: i64,
    silent: Vec<String>,
    all_silent: i64,
    /// Whether managers were asked at all.
    asked: bool,
    is_fine: bool,
    #[serde(skip)]
    some_nothing: bool,
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    let store = &ctx.app.store;
    let found = store.check_round(&ctx.actor, id, &ctx.app.zone, ctx.now).await?;
    let round = store.round(&ctx.actor, id).await?;
    ctx.page(&Check {
        page: ctx.chrome(),
        round: Row::of(&ctx, &round),
        is_fine: found.is_fine(),
        seats_share: found.share,
        people: found.people,
        seats: found.seats,
        wanted: found.wanted,
        all_unwished: found.unwished.all,
        unwished: found.unwished.some,
        all_thin: found.thin.all,
        thin: found.thin.some,
        some_nothing: found.nothing != Count::Exactly(0),
        nothing: found.nothing,
        why: found.why,
        all_closed_teams: found.closed_teams.all,
        closed_teams: found.closed_teams.some,
        all_crowded: found.crowded.all,
        crowded: found.crowded.some.into_iter().map(|(name, week, cap)| (name, Day(week.monday()), cap)).collect(),
        all_crowded_hosts: found.crowded_hosts.all,
        crowded_hosts: found.crowded_hosts.some,
        all_silent: found.silent.all,
        silent: found.silent.some,
        asked: found.asked,
    })
}
