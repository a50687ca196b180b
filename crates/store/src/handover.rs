//! Handing over: a challenge, a change or an outing goes to a colleague, by whoever owns or organises it or by the
//! programme lead, for instance when somebody has left. The one who gets it is told.

use freerange_domain::{
    change,
    id::{ChallengeId, ChangeId, OutingId, PersonId},
    outing::Kind,
    people::Email,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    change::follow_up,
    db::{Ask as _, Tx, vals},
    mail::{self, Occasion, Reader},
    may,
};

/// What is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handed {
    /// A question.
    Challenge(ChallengeId),
    /// What is done differently.
    Change(ChangeId),
    /// An offer to go.
    Outing(OutingId),
}

impl std::fmt::Display for Handed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Challenge(id) => write!(f, "challenge {id}"),
            Self::Change(id) => write!(f, "change {id}"),
            Self::Outing(id) => write!(f, "outing {id}"),
        }
    }
}

/// What is handed over, in a few words, and whose it is.
#[derive(Debug, Clone)]
pub struct Holding {
    /// In a few words.
    pub title: String,
    /// Whose it is.
    pub holder: String,
}

impl Store {
    /// What it is and whose, for whoever may hand it over.
    pub async fn holding(&self, who: &Actor, what: Handed) -> Result<Holding> {
        may_hand_over(&mut &self.db, who, what).await
    }

    /// Gives it to a colleague, by work address.
    pub async fn hand_over(&self, who: &Actor, what: Handed, to: &Email, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let holding = may_hand_over(&mut tx, who, what).await?;
        let reader = tx
            .maybe("SELECT id, name, email, lang FROM person WHERE email = $1 AND active", vals![to.as_str()])
            .await?
            .ok_or(StoreError::rule("email", "nobody-here"))?;
        let person: PersonId = reader.get("id")?;
        give(&mut tx, what, person, now).await?;
        let occasion = Occasion::HandedOver { title: holding.title, what };
        let to = Reader { name: reader.get("name")?, email: reader.get("email")?, lang: reader.get("lang")? };
        mail::send(&mut tx, &*self.writer, to, &occasion, now).await?;
        audit::record(&mut tx, who, Act::HandOver, &what.to_string(), now).await?;
        tx.commit().await
    }
}

async fn give(tx: &mut Tx, what: Handed, to: PersonId, now: Timestamp) -> Result<()> {
    match what {
        Handed::Challenge(id) => tx.run("UPDATE challenge SET owner_id = $2 WHERE id = $1", vals![id, to]).await?,
        Handed::Change(id) => {
            follow_up::ask_anew(tx, id, now).await?;
            // It was somebody else's placement that led to it; that stays with whoever went.
            tx.run(
                "UPDATE change SET owner_id = $2, end_asked_at = NULL, updated_at = $3 WHERE id = $1",
                vals![id, to, now],
            )
            .await?
        }
        Handed::Outing(id) => tx.run("UPDATE outing SET organiser_id = $2 WHERE id = $1", vals![id, to]).await?,
    };
    Ok(())
}

async fn may_hand_over(ask: &mut impl crate::db::Ask, who: &Actor, what: Handed) -> Result<Holding> {
    let (row, about) = match what {
        Handed::Challenge(id) => {
            let sql = "SELECT c.title, c.owner_id, w.name FROM challenge c JOIN person w ON w.id = c.owner_id WHERE c.id = $1";
            let row = ask.one(sql, vals![id]).await?;
            let about = About::owner(row.get("owner_id")?);
            (row, about)
        }
        Handed::Change(id) => {
            let sql = "SELECT c.title, c.owner_id, c.status, w.name FROM change c JOIN person w ON w.id = c.owner_id WHERE c.id = $1";
            let row = ask.one(sql, vals![id]).await?;
            let about = About::owner(row.get("owner_id")?);
            may(who, Act::HandOver, &about)?;
            if row.get::<change::Status>("status")? != change::Status::Running {
                return Err(StoreError::rule("form", "change-ended"));
            }
            (row, about)
        }
        Handed::Outing(id) => {
            let sql = "SELECT o.title, o.organiser_id, o.kind, w.name FROM outing o JOIN person w ON w.id = o.organiser_id WHERE o.id = $1";
            let row = ask.one(sql, vals![id]).await?;
            let about = About { organiser: Some(row.get("organiser_id")?), ..About::default() };
            // A free-range day is its walker's own.
            if row.get::<Kind>("kind")? == Kind::FreeRangeDay {
                return Err(StoreError::NotFound);
            }
            (row, about)
        }
    };
    may(who, Act::HandOver, &about)?;
    Ok(Holding { title: row.get("title")?, holder: row.get("name")? })
}
