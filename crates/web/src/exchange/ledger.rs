//! The ledger: what each city gave and received over all exchanges, for everybody who works here; and what was owed before,
//! for whoever runs exchanges.

use askama::Template;
use axum::{
    extract::Path,
    routing::{get, post},
};
use freerange_domain::{exchange::Side, id::CityId};
use freerange_store::exchange::CityAccount;
use serde::Serialize;

use super::runs;
use crate::{
    chrome::Chrome,
    form::{Field, Form, Kind, must},
    problem::Problem,
    request::{Answer, Ctx},
    routes::{self, Route},
};

const CARRY: &[Field] = &[must("days", Kind::Number), must("side", Kind::Word(&["gave", "received"]))];
/// The most person-days that can be carried over.
const MOST: i64 = 100_000;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        routes::page::<Ledger>("/exchanges/ledger", get(show)),
        routes::page::<Carried>("/exchanges/ledger/{city}", get(carried)),
        routes::act("/exchanges/ledger/{city}", CARRY, post(carry)),
    ]
}

/// `/exchanges/ledger`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/ledger.html")]
pub struct Ledger {
    #[serde(skip)]
    page: Chrome,
    cities: Vec<Balance>,
    /// Whether the reader may say what was owed before.
    can_run: bool,
}

/// A city's account over all exchanges, in person-days.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Balance {
    id: CityId,
    name: String,
    home: bool,
    exchanges: i64,
    given: i64,
    received: i64,
    /// Received minus given before the first exchange that is counted here.
    carried: i64,
    /// Received minus given, with what was carried.
    balance: i64,
}

impl From<CityAccount> for Balance {
    fn from(a: CityAccount) -> Self {
        Self {
            balance: a.balance(),
            id: a.id,
            carried: a.carried,
            name: a.name,
            home: a.home,
            exchanges: a.exchanges,
            given: a.given,
            received: a.received,
        }
    }
}

async fn show(ctx: Ctx) -> Answer {
    let cities = ctx.app.store.exchange_ledger(&ctx.actor).await?.into_iter().map(Balance::from).collect();
    ctx.page(&Ledger { page: ctx.chrome(), cities, can_run: runs(&ctx) })
}

/// `/exchanges/ledger/{city}`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/carried.html")]
pub struct Carried {
    #[serde(skip)]
    page: Chrome,
    #[serde(skip)]
    form: Form,
    city: Balance,
}

async fn carried(ctx: Ctx, Path(city): Path<CityId>) -> Answer {
    carried_page(&ctx, city, None).await
}

async fn carried_page(ctx: &Ctx, city: CityId, form: Option<Form>) -> Answer {
    freerange_store::may(&ctx.actor, freerange_store::Act::RunExchange, &freerange_store::About::nothing())?;
    let cities = ctx.app.store.exchange_ledger(&ctx.actor).await?;
    let city = cities.into_iter().find(|c| c.id == city).map(Balance::from).ok_or_else(Problem::not_found)?;
    let side = if city.carried > 0 { Side::Received } else { Side::Gave };
    let known = || Form::empty(ctx.t).with("days", city.carried.abs()).with("side", side);
    let page = Carried { page: ctx.chrome(), form: form.unwrap_or_else(known), city };
    ctx.form_page(&page.form, &page)
}

async fn carry(ctx: Ctx, Path(city): Path<CityId>, mut form: Form) -> Answer {
    let (days, side) = (form.number("days", 0, MOST), form.word::<Side>("side"));
    let (Some(days), Some(side)) = (days, side) else { return carried_page(&ctx, city, Some(form)).await };
    match ctx.app.store.carry_over(&ctx.actor, city, side.owed(days), ctx.now).await {
        Ok(()) => ctx.done("/exchanges/ledger", "exchange-carried-over"),
        Err(error) => {
            form.refuse(error)?;
            carried_page(&ctx, city, Some(form)).await
        }
    }
}
