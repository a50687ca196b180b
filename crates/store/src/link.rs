//! Secret addresses for people without an account: to say yes or no, to follow a visit, to take
//! part in an exchange, to set a password, to read a calendar. And for one question that a letter asks, so that an answer
//! takes no signing in.
//! The store keeps a hash; the address itself is in the letter only. A link ends by date, by use or by hand.

use freerange_domain::{
    id::{PersonId, PlacementId},
    outing::Party,
};
use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use crate::{
    Actor, Result, Store, StoreError, Token,
    db::{Ask as _, Tx, vals},
};

/// What a link is for. The word is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Answer,
    SetPassword,
    Calendar,
    Visit,
    Cover,
    Member,
    Goer,
    Watch,
    FollowUp,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::SetPassword => "set-password",
            Self::Calendar => "calendar",
            Self::Visit => "visit",
            Self::Cover => "cover",
            Self::Member => "exchange-member",
            Self::Goer => "exchange-goer",
            Self::Watch => "watch",
            Self::FollowUp => "follow-up",
        }
    }

    /// Days it opens.
    const fn days(self) -> i64 {
        match self {
            Self::Answer | Self::Cover | Self::FollowUp => 60,
            Self::SetPassword => 3,
            Self::Calendar => crate::policy::LINK_DAYS,
            // Long enough to hear what became of a visit a year later.
            Self::Visit => 730,
            // It ends when it is settled; this is for one that nobody settles.
            Self::Watch => crate::policy::OUT_DAYS,
            Self::Member | Self::Goer => crate::policy::EXCHANGE_LINK_DAYS,
        }
    }
}

/// For whom and about what.
pub(crate) struct Invitee<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) subject: Uuid,
    pub(crate) party: Option<Party>,
    pub(crate) name: &'a str,
    pub(crate) email: &'a str,
}

/// Makes a link and returns its secret, which is not stored.
pub(crate) async fn issue(tx: &mut Tx, to: &Invitee<'_>, now: Timestamp) -> Result<Token> {
    let token = Token::new()?;
    let expires = now.checked_add((to.purpose.days() * 24).hours()).unwrap_or(Timestamp::MAX);
    tx.run(
        "INSERT INTO link (token_hash, purpose, subject_id, party, name, email, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![token.hash(), to.purpose.as_str(), to.subject, to.party, to.name, to.email, now, expires],
    )
    .await?;
    Ok(token)
}

/// Ends all links of a purpose for a subject, so that an old letter opens nothing.
pub(crate) async fn end_all(tx: &mut Tx, purpose: Purpose, subject: Uuid, now: Timestamp) -> Result<()> {
    tx.run(
        "UPDATE link SET ended_at = $3 WHERE purpose = $1 AND subject_id = $2 AND ended_at IS NULL",
        vals![purpose.as_str(), subject, now],
    )
    .await?;
    Ok(())
}

/// Ends the links by which one party of a placement was asked.
pub(crate) async fn end_of_party(tx: &mut Tx, placement: Uuid, party: Party, now: Timestamp) -> Result<()> {
    tx.run(
        "UPDATE link SET ended_at = $4 WHERE purpose = $1 AND subject_id = $2 AND party = $3 AND ended_at IS NULL",
        vals![Purpose::Answer.as_str(), placement, party, now],
    )
    .await?;
    Ok(())
}

/// Ends a link by using it. Of two who use it at the same moment, one is told that there is no such link.
pub(crate) async fn use_up(tx: &mut Tx, purpose: Purpose, token: &Token, now: Timestamp) -> Result<()> {
    let used = tx
        .run(
            "UPDATE link SET ended_at = $3 WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND ended_at IS NULL",
            vals![token.hash(), purpose.as_str(), now],
        )
        .await?;
    if used == 1 { Ok(()) } else { Err(StoreError::NotFound) }
}

/// What a link opens: subject, party, name.
pub(crate) struct Opened {
    pub(crate) subject: Uuid,
    pub(crate) party: Option<Party>,
    pub(crate) name: String,
}

pub(crate) async fn open(
    ask: &mut impl crate::db::Ask,
    purpose: Purpose,
    token: &Token,
    now: Timestamp,
) -> Result<Opened> {
    let row = ask
        .maybe(
            "SELECT subject_id, party, name FROM link
             WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND ended_at IS NULL",
            vals![token.hash(), purpose.as_str(), now],
        )
        .await?
        .ok_or(StoreError::NotFound)?;
    Ok(Opened { subject: row.get("subject_id")?, party: row.get("party")?, name: row.get("name")? })
}

impl Store {
    /// Who is behind the link of a letter that asks for a yes or no.
    pub async fn link_actor(&self, token: &Token, now: Timestamp) -> Result<Actor> {
        let opened = open(&mut &self.db, Purpose::Answer, token, now).await?;
        let party = opened.party.ok_or(StoreError::NotFound)?;
        Ok(Actor::Link { placement: PlacementId(opened.subject), party, name: opened.name })
    }

    /// Whose calendar a feed address opens.
    pub async fn calendar_owner(&self, token: &Token, now: Timestamp) -> Result<PersonId> {
        let opened = open(&mut &self.db, Purpose::Calendar, token, now).await?;
        let id = PersonId(opened.subject);
        let active = (&self.db).maybe("SELECT id FROM person WHERE id = $1 AND active", vals![id]).await?;
        active.map(|_| id).ok_or(StoreError::NotFound)
    }
}
