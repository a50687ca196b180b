//! The record of a consent, for the resident and for whoever watches over data: what was allowed, when, in which language, on
//! which basis, and when it was taken back. The code is not in it, because whoever holds the code can take things back; and
//! nothing of the resident, because nothing of them is kept.

use freerange_domain::{consent::Uses, id::ConsentId};
use jiff::Timestamp;

use super::uses;
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Row, vals},
    may,
};

/// A consent, told without anybody in it.
#[derive(Debug, Clone)]
pub struct Record {
    /// Which.
    pub id: ConsentId,
    /// What was allowed.
    pub uses: Uses,
    /// The language of the card, as a tag.
    pub language: String,
    /// Why the city may keep it.
    pub basis: String,
    /// What for.
    pub purpose: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
}

/// One, or all when none is named.
const SELECT: &str = "SELECT id, use_it, quote, picture, contact, language, basis, purpose, given_at, withdrawn_at
     FROM consent WHERE ($1 IS NULL OR id = $1) ORDER BY given_at, id";

fn record(r: &Row) -> Result<Record> {
    Ok(Record {
        id: r.get("id")?,
        uses: uses(r)?,
        language: r.get("language")?,
        basis: r.get("basis")?,
        purpose: r.get("purpose")?,
        given_at: r.get("given_at")?,
        withdrawn_at: r.get("withdrawn_at")?,
    })
}

impl Store {
    /// A resident's own.
    pub async fn consent_record(&self, who: &Actor) -> Result<Record> {
        let Actor::Resident(id) = who else { return Err(StoreError::Refused(Act::SeeConsentRecord)) };
        may(who, Act::SeeConsentRecord, &About { consent: Some(*id), ..About::default() })?;
        record(&(&self.db).one(SELECT, vals![Some(*id)]).await?)
    }

    /// All of them, oldest first. That somebody took them is written to the audit log.
    pub async fn consent_records(&self, who: &Actor, now: Timestamp) -> Result<Vec<Record>> {
        may(who, Act::SeeConsentRecord, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let rows = tx.rows(SELECT, vals![None::<ConsentId>]).await?;
        audit::record(&mut tx, who, Act::SeeConsentRecord, "all consents", now).await?;
        tx.commit().await?;
        rows.iter().map(record).collect()
    }
}
