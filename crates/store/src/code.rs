//! Whose code somebody typed: a resident's, an inviter's, or that of a group that speaks for a neighbourhood. May use the
//! limit on tries; promises that guessing is limited by address, once for each code typed, whatever it could have been.

use freerange_domain::code::Code;
use jiff::Timestamp;

use crate::{
    Actor, Result, Store, StoreError,
    db::{Ask as _, Row, vals},
};

/// Failed tries from one address in a quarter of an hour.
const TRIES: i64 = 30;

/// What codes are given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    Consent,
    Invitation,
    Community,
}

impl Given {
    const ALL: &'static [Self] = &[Self::Consent, Self::Invitation, Self::Community];

    const fn sql(self) -> &'static str {
        match self {
            Self::Consent => "SELECT id FROM consent WHERE code = $1",
            Self::Invitation => "SELECT id FROM invitation WHERE code = $1",
            Self::Community => "SELECT id FROM community WHERE code = $1",
        }
    }

    fn actor(self, row: &Row) -> Result<Actor> {
        Ok(match self {
            Self::Consent => Actor::Resident(row.get("id")?),
            Self::Invitation => Actor::Inviter(row.get("id")?),
            Self::Community => Actor::Neighbours(row.get("id")?),
        })
    }
}

impl Store {
    /// Whose code this is, of all codes there are.
    pub async fn holder(&self, code: &Code, from: &str, now: Timestamp) -> Result<Actor> {
        self.held(Given::ALL, code, from, now).await
    }

    /// Whose consent this is.
    pub async fn resident(&self, code: &Code, from: &str, now: Timestamp) -> Result<Actor> {
        self.held(&[Given::Consent], code, from, now).await
    }

    /// Whose invitation this is.
    pub async fn inviter(&self, code: &Code, from: &str, now: Timestamp) -> Result<Actor> {
        self.held(&[Given::Invitation], code, from, now).await
    }

    /// Which neighbourhood's group this is.
    pub async fn neighbours(&self, code: &Code, from: &str, now: Timestamp) -> Result<Actor> {
        self.held(&[Given::Community], code, from, now).await
    }

    async fn held(&self, given: &[Given], code: &Code, from: &str, now: Timestamp) -> Result<Actor> {
        let subject = format!("code from {from}");
        self.not_too_often(&subject, TRIES, now).await?;
        for one in given {
            if let Some(row) = (&self.db).maybe(one.sql(), vals![code.as_str()]).await? {
                return one.actor(&row);
            }
        }
        self.failed_try(&[&subject], now).await?;
        Err(StoreError::NotFound)
    }
}
