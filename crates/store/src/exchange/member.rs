//! Cities that take part: bringing one in, and the link of its contact.

use freerange_domain::{
    id::{CityId, ExchangeId, MemberId},
    people::Email,
    text::Line,
};
use jiff::Timestamp;

use super::{OfMember, hold, not_now};
use crate::{
    About, Act, Actor, News, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    link::{self, Purpose},
    may,
};

/// A city that is brought in.
#[derive(Debug, Clone)]
pub struct Joining {
    /// The city or organisation.
    pub city: Line,
    /// Whom we write to.
    pub contact_name: Line,
    /// Where.
    pub contact_email: Email,
    /// In which language.
    pub language: String,
    /// How many may leave at most.
    pub most_out: i64,
    /// By how many persons its ledger may be out of balance.
    pub tolerance: i64,
}

/// Whether a member is this city's own.
pub(crate) async fn is_home(ask: &mut impl crate::db::Ask, (exchange, id): OfMember) -> Result<bool> {
    let sql = "SELECT c.home FROM exchange_member m JOIN exchange_city c ON c.id = m.city_id
         WHERE m.id = $2 AND m.exchange_id = $1";
    ask.one(sql, vals![exchange, id]).await?.get("home")
}

/// A city by its name, known already or new.
pub(super) async fn city(tx: &mut Tx, name: &Line, home: bool, now: Timestamp) -> Result<CityId> {
    let key = name.as_str().to_lowercase();
    if home && let Some(row) = tx.maybe("SELECT id FROM exchange_city WHERE home", Vec::new()).await? {
        return row.get("id");
    }
    if let Some(row) = tx.maybe("SELECT id FROM exchange_city WHERE name_key = $1", vals![&key]).await? {
        return row.get("id");
    }
    let id = CityId::new();
    tx.run(
        "INSERT INTO exchange_city (id, name, name_key, home, carried_days, created_at) VALUES ($1, $2, $3, $4, 0, $5)",
        vals![id, name, key, home, now],
    )
    .await?;
    Ok(id)
}

impl Store {
    /// Brings a city in and writes to its contact.
    pub async fn add_member(&self, who: &Actor, id: ExchangeId, join: &Joining, now: Timestamp) -> Result<MemberId> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let head = hold(&mut tx, id).await?;
        head.state.may_enter().map_err(not_now)?;
        let city = city(&mut tx, &join.city, false, now).await?;
        let there = "SELECT id FROM exchange_member WHERE exchange_id = $1 AND city_id = $2";
        if tx.maybe(there, vals![id, city]).await?.is_some() {
            return Err(StoreError::rule("city", "exchange-city-twice"));
        }
        let member = MemberId::new();
        tx.run(
            "INSERT INTO exchange_member (id, exchange_id, city_id, contact_name, contact_email, language, most_out, tolerance, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            vals![
                member, id, city, &join.contact_name, join.contact_email.as_str(), &join.language, join.most_out,
                join.tolerance, now
            ],
        )
        .await?;
        self.tell_member(&mut tx, &head, member, &News::Invited { until: head.answers_until }, now).await?;
        audit::record(&mut tx, who, Act::RunExchange, &format!("member {member}"), now).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// Ends all links of a city and, when wanted, writes to its contact with a new one.
    pub async fn renew_member_link(&self, who: &Actor, of: OfMember, anew: bool, now: Timestamp) -> Result<()> {
        may(who, Act::RunExchange, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let (exchange, member) = of;
        if is_home(&mut tx, of).await? {
            return Err(StoreError::rule("form", "exchange-home-link"));
        }
        let head = hold(&mut tx, exchange).await?;
        link::end_all(&mut tx, Purpose::Member, member.0, now).await?;
        tx.run("UPDATE exchange_member SET link_off = $2 WHERE id = $1", vals![member, !anew]).await?;
        if anew {
            self.tell_member(&mut tx, &head, member, &News::Invited { until: head.answers_until }, now).await?;
        }
        audit::record(&mut tx, who, Act::RunExchange, &format!("link of member {member}"), now).await?;
        tx.commit().await
    }
}
