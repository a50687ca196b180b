//! Ceilings of a round: visits a week for each neighbourhood, a season for each host, weeks of rest.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{
    id::{PlaceId, RoundId},
    place::Level,
    round::Week,
};
use serde::Serialize;

use super::{Row, maybe_number, must_lead};
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, may, must},
    request::{Answer, Ctx},
    routes::{self, Route},
    values::Day,
};

const USUAL: &[Field] = &[must("place_cap", Kind::Number), may("host_cap", Kind::Number)];
const PLACE: &[Field] = &[must("place", Kind::Id), may("week", Kind::Date), may("place_number", Kind::Number)];
const HOST: &[Field] = &[must("host", Kind::Line), may("host_number", Kind::Number)];

pub(super) fn routes() -> Vec<Route> {
    vec![
        routes::page::<LimitsPage>("/rounds/{id}/limits", get(show)),
        routes::act("/rounds/{id}/limits", USUAL, post(usual)),
        routes::act("/rounds/{id}/place-limits", PLACE, post(place)),
        routes::act("/rounds/{id}/host-limits", HOST, post(host)),
    ]
}

/// Another number for a neighbourhood.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct PlaceRow {
    place: PlaceId,
    name: String,
    /// The week, by its Monday; every week when none.
    week: Option<Day>,
    cap: i64,
}

/// `/rounds/{id}/limits`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "round/limits.html")]
pub struct LimitsPage {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    round: Row,
    place_limits: Vec<PlaceRow>,
    host_limits: Vec<(String, i64)>,
    #[serde(skip)]
    places: Vec<(PlaceId, String)>,
    #[serde(skip)]
    hosts: Vec<(String, String)>,
}

async fn show(ctx: Ctx, Path(id): Path<RoundId>) -> Answer {
    show_page(&ctx, id, Form::empty(ctx.t)).await
}

async fn show_page(ctx: &Ctx, id: RoundId, form: Form) -> Answer {
    let store = &ctx.app.store;
    let limits = store.round_limits(&ctx.actor, id).await?;
    let form = if form.value("place_cap").is_empty() && form.error("place_cap").is_none() {
        let host = limits.round.host_cap.map(|n| n.to_string()).unwrap_or_default();
        form.with("place_cap", limits.round.place_cap).with("host_cap", host)
    } else {
        form
    };
    let page = LimitsPage {
        page: ctx.chrome(),
        form,
        round: Row::of(ctx, &limits.round),
        place_limits: limits
            .places
            .into_iter()
            .map(|(place, name, week, cap)| PlaceRow { place, name, week: week.map(|w| Day(w.monday())), cap })
            .collect(),
        host_limits: limits.hosts,
        places: store.places(Level::Neighbourhood).await?.into_iter().map(|p| (p.id, p.name)).collect(),
        hosts: limits.known_hosts.into_iter().map(|h| (h.clone(), h)).collect(),
    };
    ctx.form_page(&page.form, &page)
}

async fn after(ctx: &Ctx, id: RoundId, mut form: Form, outcome: freerange_store::Result<()>) -> Answer {
    match outcome {
        Ok(()) => ctx.done(&format!("/rounds/{id}/limits"), "saved"),
        Err(error) => {
            form.refuse(error)?;
            show_page(ctx, id, form).await
        }
    }
}

async fn usual(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let (place, host) = (form.number("place_cap", 0, 10_000), maybe_number(&mut form, "host_cap", 100_000));
    let (false, Some(place)) = (form.has_errors(), place) else { return show_page(&ctx, id, form).await };
    let outcome = ctx.app.store.set_round_limits(&ctx.actor, id, place, host, ctx.now).await;
    after(&ctx, id, form, outcome).await
}

async fn place(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let place = form.word::<PlaceId>("place");
    let week = if form.value("week").trim().is_empty() { None } else { form.date("week", ctx.today()).map(Week::of) };
    let number = maybe_number(&mut form, "place_number", 10_000);
    let (false, Some(place)) = (form.has_errors(), place) else { return show_page(&ctx, id, form).await };
    let outcome = ctx.app.store.set_round_place(&ctx.actor, id, place, week, number, ctx.now).await;
    after(&ctx, id, form, outcome).await
}

async fn host(ctx: Ctx, Path(id): Path<RoundId>, mut form: Form) -> Answer {
    must_lead(&ctx)?;
    let host = form.line("host");
    let number = maybe_number(&mut form, "host_number", 100_000);
    let (false, Some(host)) = (form.has_errors(), host) else { return show_page(&ctx, id, form).await };
    let outcome = ctx.app.store.set_round_host(&ctx.actor, id, host.as_str(), number, ctx.now).await;
    after(&ctx, id, form, outcome).await
}
