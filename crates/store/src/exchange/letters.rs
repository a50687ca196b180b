//! Letters about an exchange: to the contacts of cities, to those who take part, to whoever runs it. Each has a link of
//! its own; a colleague signs in.

use freerange_domain::id::{GoerId, MemberId};
use jiff::Timestamp;

use super::{Head, Invitee, Purpose, link};
use crate::{
    ExchangeDoor, News, Occasion, Result, Store,
    db::{Ask as _, Tx, vals},
    mail::{self, Reader},
};

impl Store {
    async fn tell(
        &self,
        tx: &mut Tx,
        head: &Head,
        to: Reader,
        news: &News,
        door: ExchangeDoor,
        now: Timestamp,
    ) -> Result<()> {
        let occasion = Occasion::Exchange { title: head.title.clone(), news: news.clone(), door };
        mail::send(tx, &*self.writer, to, &occasion, now).await
    }

    /// Writes to whoever runs it.
    pub(super) async fn tell_lead(&self, tx: &mut Tx, head: &Head, news: &News, now: Timestamp) -> Result<()> {
        let row = tx.one("SELECT name, email, lang FROM person WHERE id = $1", vals![head.lead]).await?;
        let to = Reader { name: row.get("name")?, email: row.get("email")?, lang: row.get("lang")? };
        self.tell(tx, head, to, news, ExchangeDoor::Lead(head.id), now).await
    }

    /// Writes to the contact of a city, with a link. This city's own contact is whoever runs the exchange.
    pub(super) async fn tell_member(
        &self,
        tx: &mut Tx,
        head: &Head,
        member: MemberId,
        news: &News,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "SELECT m.contact_name, m.contact_email, m.language, m.link_off, c.home FROM exchange_member m
             JOIN exchange_city c ON c.id = m.city_id WHERE m.id = $1";
        let row = tx.one(sql, vals![member]).await?;
        if row.get::<bool>("home")? {
            return self.tell_lead(tx, head, news, now).await;
        }
        let (name, email): (String, String) = (row.get("contact_name")?, row.get("contact_email")?);
        // A link that was ended does not come back with the next letter.
        if email.is_empty() || row.get::<bool>("link_off")? {
            return Ok(());
        }
        let to = Invitee { purpose: Purpose::Member, subject: member.0, party: None, name: &name, email: &email };
        let token = link::issue(tx, &to, now).await?;
        let to = Reader { name, email, lang: Some(row.get("language")?) };
        self.tell(tx, head, to, news, ExchangeDoor::Member(token), now).await
    }

    /// Writes to somebody who takes part, if they gave an address.
    pub(super) async fn tell_goer(
        &self,
        tx: &mut Tx,
        head: &Head,
        goer: GoerId,
        news: &News,
        now: Timestamp,
    ) -> Result<()> {
        let sql = "SELECT g.label, g.email, g.language, g.gone, w.name, w.email AS work, w.lang FROM exchange_goer g
             LEFT JOIN person w ON w.id = g.person_id WHERE g.id = $1";
        let row = tx.one(sql, vals![goer]).await?;
        if row.get::<bool>("gone")? {
            return Ok(());
        }
        if let Some(email) = row.get::<Option<String>>("work")? {
            let to =
                Reader { name: row.get::<Option<String>>("name")?.unwrap_or_default(), email, lang: row.get("lang")? };
            return self.tell(tx, head, to, news, ExchangeDoor::Colleague(head.id), now).await;
        }
        let (name, email): (String, String) = (row.get("label")?, row.get("email")?);
        if email.is_empty() {
            return Ok(());
        }
        let to = Invitee { purpose: Purpose::Goer, subject: goer.0, party: None, name: &name, email: &email };
        let token = link::issue(tx, &to, now).await?;
        let to = Reader { name, email, lang: Some(row.get("language")?) };
        self.tell(tx, head, to, news, ExchangeDoor::Goer(token), now).await
    }

    /// Writes to all cities and to all who take part.
    pub(super) async fn tell_all(&self, tx: &mut Tx, head: &Head, news: &News, now: Timestamp) -> Result<()> {
        let members = "SELECT id FROM exchange_member WHERE exchange_id = $1 ORDER BY created_at, id";
        for row in tx.rows(members, vals![head.id]).await? {
            self.tell_member(tx, head, row.get("id")?, news, now).await?;
        }
        let goers = "SELECT g.id FROM exchange_goer g JOIN exchange_member m ON m.id = g.member_id
             WHERE m.exchange_id = $1 AND NOT g.gone ORDER BY g.created_at, g.id";
        for row in tx.rows(goers, vals![head.id]).await? {
            self.tell_goer(tx, head, row.get("id")?, news, now).await?;
        }
        Ok(())
    }
}
