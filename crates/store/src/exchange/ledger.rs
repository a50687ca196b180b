//! The ledger: what each city gave and received over all exchanges, in person-days, counted from final legs. Nothing is
//! kept beside them that could differ, but for what was owed before.

use std::collections::BTreeMap;

use freerange_domain::id::{CityId, ExchangeId};
use jiff::Timestamp;

use super::{About, Act, Actor, Result, Store, StoreError, may};
use crate::{
    audit,
    db::{Ask as _, Row, vals},
};

/// A city's account over all exchanges.
#[derive(Debug, Clone)]
pub struct CityAccount {
    /// Which.
    pub id: CityId,
    /// Its name.
    pub name: String,
    /// Whether it is this city.
    pub home: bool,
    /// Exchanges in which it took part.
    pub exchanges: i64,
    /// What was owed before, in person-days received minus given.
    pub carried: i64,
    /// Person-days given.
    pub given: i64,
    /// Person-days received.
    pub received: i64,
}

impl CityAccount {
    /// Received minus given: above nothing, the city owes.
    pub const fn balance(&self) -> i64 {
        self.carried + self.received - self.given
    }
}

/// Legs that are final in the proposal that is out, of all exchanges but one.
macro_rules! days {
    ($side:literal) => {
        concat!(
            "COALESCE((SELECT SUM(l.days) FROM exchange_leg l JOIN exchange_member m ON m.id = l.",
            $side,
            " JOIN exchange_proposal r ON r.id = l.proposal_id
              WHERE m.city_id = c.id AND l.state = 'final' AND m.exchange_id <> $1
                AND r.number = (SELECT MAX(n.number) FROM exchange_proposal n WHERE n.exchange_id = r.exchange_id)), 0)"
        )
    };
}

const ACCOUNTS: &str = concat!(
    "SELECT c.id, c.name, c.home, c.carried_days, CAST(",
    days!("from_id"),
    " AS BIGINT) AS given, CAST(",
    days!("to_id"),
    " AS BIGINT) AS received, (SELECT COUNT(*) FROM exchange_member m WHERE m.city_id = c.id) AS exchanges
     FROM exchange_city c ORDER BY c.home DESC, c.name_key"
);

fn account(row: &Row) -> Result<CityAccount> {
    Ok(CityAccount {
        id: row.get("id")?,
        name: row.get("name")?,
        home: row.get("home")?,
        exchanges: row.get("exchanges")?,
        carried: row.get("carried_days")?,
        given: row.get("given")?,
        received: row.get("received")?,
    })
}

/// What each city owes without this exchange.
pub(super) async fn before(ask: &mut impl crate::db::Ask, but: ExchangeId) -> Result<BTreeMap<CityId, i64>> {
    let rows = ask.rows(ACCOUNTS, vals![but]).await?;
    rows.iter().map(|row| account(row).map(|a| (a.id, a.balance()))).collect()
}

impl Store {
    /// Says what a city owed before the first exchange that is counted here, in person-days received minus given. Without an
    /// amount nothing was owed.
    pub async fn carry_over(&self, who: &Actor, city: CityId, days: i64, now: Timestamp) -> Result<()> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        if tx.run("UPDATE exchange_city SET carried_days = $2 WHERE id = $1", vals![city, days]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        let subject = format!("ledger of city {city}: {days} person-days carried over");
        audit::record(&mut tx, who, Act::RunExchange, &subject, now).await?;
        tx.commit().await
    }

    /// Every city's account, this city first.
    pub async fn exchange_ledger(&self, who: &Actor) -> Result<Vec<CityAccount>> {
        may(who, Act::SeeExchanges, &About::nothing())?;
        // No exchange has the empty id, so none is left out.
        let rows = (&self.db).rows(ACCOUNTS, vals![ExchangeId(uuid::Uuid::nil())]).await?;
        rows.iter().map(account).collect()
    }
}
