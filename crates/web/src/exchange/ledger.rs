//! The ledger: what each city gave and received over all exchanges, for everybody who works here.

use askama::Template;
use freerange_store::exchange::CityAccount;
use serde::Serialize;

use crate::{
    chrome::Chrome,
    request::{Answer, Ctx},
};

/// `/exchanges/ledger`
#[derive(Debug, Template, Serialize, schemars::JsonSchema)]
#[template(path = "exchange/ledger.html")]
pub struct Ledger {
    #[serde(skip)]
    page: Chrome,
    cities: Vec<Balance>,
}

/// A city's account over all exchanges, in person-days.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Balance {
    name: String,
    home: bool,
    exchanges: i64,
    given: i64,
    received: i64,
    /// Received minus given, with what was carried.
    balance: i64,
}

impl From<CityAccount> for Balance {
    fn from(a: CityAccount) -> Self {
        Self {
            balance: a.balance(),
            name: a.name,
            home: a.home,
            exchanges: a.exchanges,
            given: a.given,
            received: a.received,
        }
    }
}

pub(crate) async fn show(ctx: Ctx) -> Answer {
    let cities = ctx.app.store.exchange_ledger(&ctx.actor).await?.into_iter().map(Balance::from).collect();
    ctx.page(&Ledger { page: ctx.chrome(), cities })
}
