//! Communities: the group that speaks for a neighbourhood, without an account. With its code it says come, pause or not on
//! these days, sees every visit of whichever department or university, what came of them, and how much is asked of the
//! neighbourhood. Promises that nobody who visits is named, and that the city keeps to what was said: a visit that does not
//! suit is refused when it is offered or moved, and whoever planned one before is told.

use freerange_domain::{
    code::Code,
    community::{Days, Stance, Weekdays, Word},
    id::{CommunityId, OutingId, PlaceId},
    overview::Load,
    people::Email,
    text::Line,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask, Row, Tx, vals},
    mail::{self, Occasion, Reader},
    may,
    placement::came_back,
    secret, withdrawn,
};

mod visits;

pub use visits::{Became, Visit};

/// Who speaks for a neighbourhood.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which neighbourhood.
    pub place: PlaceId,
    /// The group's name.
    pub name: Line,
    /// Whom to talk to.
    pub contact_name: Line,
    /// Where letters go; without one they only have the code.
    pub contact_email: Option<Email>,
    /// Language of letters and notices, as a code.
    pub language: String,
}

/// A group in the list of those who keep it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Which.
    pub id: CommunityId,
    /// The neighbourhood.
    pub place: String,
    /// The group.
    pub name: String,
    /// The code, to read out when somebody rings who has lost it.
    pub code: String,
    /// What it says.
    pub word: Word,
}

/// What a community sees of itself.
#[derive(Debug, Clone)]
pub struct Community {
    /// Which.
    pub id: CommunityId,
    /// The neighbourhood.
    pub place_id: PlaceId,
    /// Its name.
    pub place: String,
    /// As people there write it.
    pub place_local: String,
    /// The group.
    pub name: String,
    /// Language of its notices.
    pub language: String,
    /// What it says.
    pub word: Word,
    /// Why, in its words.
    pub why: String,
    /// Days that do not suit, with why.
    pub away: Vec<(Days, String)>,
    /// How much was asked of the neighbourhood in the last 90 days, by all together.
    pub load: Load,
    /// Visits to come and past, the next first, then the latest.
    pub planned: Vec<Visit>,
    /// Past ones, the latest first.
    pub past: Vec<Visit>,
}

impl Community {
    /// Visits of which the city owes a word.
    pub fn owed(&self) -> usize {
        self.past.iter().filter(|visit| visit.owes()).count()
    }
}

/// Days a neighbourhood's load looks back.
const LOAD_DAYS: i64 = 90;

fn word(r: &Row, away: Vec<Days>) -> Result<Word> {
    Ok(Word {
        stance: r.get("stance")?,
        until: r.get("stance_until")?,
        never_on: Weekdays::from_bits(r.get("never_on")?),
        away,
    })
}

async fn days(ask: &mut impl Ask, id: CommunityId) -> Result<Vec<(Days, String)>> {
    ask.rows(
        "SELECT first_on, last_on, why FROM community_days WHERE community_id = $1 ORDER BY first_on, last_on",
        vals![id],
    )
    .await?
    .iter()
    .map(|r| {
        let days = Days::new(r.get("first_on")?, r.get("last_on")?);
        Ok((days.map_err(|e| StoreError::Corrupt(e.to_string()))?, r.get("why")?))
    })
    .collect()
}

/// What the neighbourhood of a place said; nothing where nobody speaks for it.
async fn said(ask: &mut impl Ask, place: PlaceId) -> Result<Option<Word>> {
    let found = "SELECT id, stance, stance_until, never_on FROM community WHERE place_id = $1";
    let Some(row) = ask.maybe(found, vals![place]).await? else { return Ok(None) };
    let away = days(ask, row.get("id")?).await?.into_iter().map(|(days, _)| days).collect();
    word(&row, away).map(Some)
}

/// Days of a visit in the city's time.
fn days_of(from: Timestamp, to: Timestamp, zone: &TimeZone) -> Option<Days> {
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    Days::new(day(from), day(to)).ok()
}

/// Whether a visit suits the neighbourhood; if not, the refusal says why. A visit longer than a year is agreed in a contract.
pub(crate) async fn must_suit(
    ask: &mut impl Ask,
    place: Option<PlaceId>,
    (from, to): (Timestamp, Timestamp),
    zone: &TimeZone,
) -> Result<()> {
    let (Some(place), Some(days)) = (place, days_of(from, to, zone)) else { return Ok(()) };
    let Some(word) = said(ask, place).await? else { return Ok(()) };
    word.suits(days).map_err(|why| StoreError::rule("place", why.as_str()))
}

impl Store {
    /// Enters the group that speaks for a neighbourhood, or another in its place: the code of the one before opens nothing any
    /// more. Returns the code.
    pub async fn enter_community(&self, who: &Actor, group: &Group, now: Timestamp) -> Result<Code> {
        may(who, Act::EnterCommunity, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::EnterCommunity))?;
        let code = Code::from_random(secret::random()?);
        let mut tx = self.db.begin().await?;
        let email = group.contact_email.as_ref().map_or("", Email::as_str);
        tx.run(
            "INSERT INTO community (id, place_id, code, name, contact_name, contact_email, language, stance, stance_why, never_on,
                entered_by, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, $9, $10, $10)
             ON CONFLICT (place_id) DO UPDATE SET code = excluded.code, name = excluded.name, contact_name = excluded.contact_name,
                contact_email = excluded.contact_email, language = excluded.language, entered_by = excluded.entered_by,
                updated_at = excluded.updated_at",
            vals![
                CommunityId::new(), group.place, code.as_str(), &group.name, &group.contact_name, email, &group.language,
                Stance::Come, me, now
            ],
        )
        .await?;
        let to = Reader {
            name: group.contact_name.as_str().to_owned(),
            email: email.to_owned(),
            lang: Some(group.language.clone()),
        };
        let place = tx.one("SELECT name FROM place WHERE id = $1", vals![group.place]).await?.get("name")?;
        mail::send(&mut tx, &*self.writer, to, &Occasion::Speaks { place, code: code.clone() }, now).await?;
        audit::record(&mut tx, who, Act::EnterCommunity, &format!("place {}", group.place), now).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// Every group, by neighbourhood.
    pub async fn communities(&self, who: &Actor) -> Result<Vec<Listed>> {
        may(who, Act::EnterCommunity, &About::nothing())?;
        (&self.db)
            .rows(
                "SELECT c.id, c.name, c.code, c.stance, c.stance_until, c.never_on, pl.name AS place FROM community c
                 JOIN place pl ON pl.id = c.place_id ORDER BY pl.name, c.id",
                Vec::new(),
            )
            .await?
            .iter()
            .map(|r| {
                let (id, place, name) = (r.get("id")?, r.get("place")?, r.get("name")?);
                Ok(Listed { id, place, name, code: r.get("code")?, word: word(r, Vec::new())? })
            })
            .collect()
    }

    /// What a neighbourhood said, what comes, what was, and what came of it.
    pub async fn community(&self, who: &Actor, id: CommunityId, now: Timestamp) -> Result<Community> {
        may(who, Act::SeeCommunity, &About { community: Some(id), ..About::default() })?;
        let mut db = &self.db;
        let r = db
            .one(
                "SELECT c.*, pl.name AS place, pl.name_local AS place_local FROM community c JOIN place pl ON pl.id = c.place_id
                 WHERE c.id = $1",
                vals![id],
            )
            .await?;
        let place: PlaceId = r.get("place_id")?;
        let since = now.checked_sub((LOAD_DAYS * 24).hours()).unwrap_or(Timestamp::MIN);
        // Free-range days weigh on a neighbourhood too, and are shown nowhere: only the load counts them.
        let outings = db
            .count(
                concat!(
                    "SELECT COUNT(DISTINCT o.id) FROM placement p JOIN outing o ON o.id = p.outing_id
                     WHERE o.place_id = $1 AND o.starts_at >= $2 AND ",
                    came_back!("p")
                ),
                vals![place, since],
            )
            .await?;
        let away = days(&mut db, id).await?;
        let (planned, past) = visits::of_place(&mut db, place, now).await?;
        Ok(Community {
            id,
            place_id: place,
            place: r.get("place")?,
            place_local: r.get("place_local")?,
            name: r.get("name")?,
            language: r.get("language")?,
            word: word(&r, away.iter().map(|(days, _)| *days).collect())?,
            why: r.get("stance_why")?,
            away,
            load: Load::of(outings),
            planned,
            past,
        })
    }

    /// Says come, or pause until a day or until further notice. Whoever planned a visit in the pause is told.
    pub async fn say_stance(
        &self,
        who: &Actor,
        id: CommunityId,
        stance: Stance,
        until: Option<Date>,
        why: &str,
        (zone, now): (&TimeZone, Timestamp),
    ) -> Result<()> {
        let mut tx = self.speaking(who, id, &[("why", why)]).await?;
        let until = until.filter(|_| stance == Stance::Pause);
        tx.run(
            "UPDATE community SET stance = $2, stance_until = $3, stance_why = $4, updated_at = $5 WHERE id = $1",
            vals![id, stance, until, why, now],
        )
        .await?;
        self.heard_from(tx, who, id, (zone, now)).await
    }

    /// Says on which days of the week visits never suit.
    pub async fn say_weekdays(
        &self,
        who: &Actor,
        id: CommunityId,
        never_on: Weekdays,
        (zone, now): (&TimeZone, Timestamp),
    ) -> Result<()> {
        let mut tx = self.speaking(who, id, &[]).await?;
        if never_on.is_all() {
            return Err(StoreError::rule("never_on", "pause-instead"));
        }
        let vals = vals![id, never_on.bits(), now];
        tx.run("UPDATE community SET never_on = $2, updated_at = $3 WHERE id = $1", vals).await?;
        self.heard_from(tx, who, id, (zone, now)).await
    }

    /// Says that some days do not suit.
    pub async fn say_days(
        &self,
        who: &Actor,
        id: CommunityId,
        away: Days,
        why: &str,
        (zone, now): (&TimeZone, Timestamp),
    ) -> Result<()> {
        let mut tx = self.speaking(who, id, &[("days_why", why)]).await?;
        tx.run(
            "INSERT INTO community_days (community_id, first_on, last_on, why) VALUES ($1, $2, $3, $4)
             ON CONFLICT (community_id, first_on, last_on) DO UPDATE SET why = excluded.why",
            vals![id, away.first(), away.last(), why],
        )
        .await?;
        self.heard_from(tx, who, id, (zone, now)).await
    }

    /// Says that those days suit after all.
    pub async fn free_days(&self, who: &Actor, id: CommunityId, away: Days, now: Timestamp) -> Result<()> {
        let mut tx = self.speaking(who, id, &[]).await?;
        tx.run(
            "DELETE FROM community_days WHERE community_id = $1 AND first_on = $2 AND last_on = $3",
            vals![id, away.first(), away.last()],
        )
        .await?;
        audit::record(&mut tx, who, Act::SayWelcome, &format!("community {id}"), now).await?;
        tx.commit().await
    }

    /// Whoever speaks may, and says nothing that was taken back.
    async fn speaking(&self, who: &Actor, id: CommunityId, texts: &[(&'static str, &str)]) -> Result<Tx> {
        may(who, Act::SayWelcome, &About { community: Some(id), ..About::default() })?;
        let mut tx = self.db.begin().await?;
        withdrawn::refuse(&mut tx, texts).await?;
        tx.one("SELECT id FROM community WHERE id = $1", vals![id]).await?;
        Ok(tx)
    }

    /// Tells whoever planned a visit that does not suit any more, and ends the transaction.
    async fn heard_from(
        &self,
        mut tx: Tx,
        who: &Actor,
        id: CommunityId,
        (zone, now): (&TimeZone, Timestamp),
    ) -> Result<()> {
        let place: PlaceId =
            tx.one("SELECT place_id FROM community WHERE id = $1", vals![id]).await?.get("place_id")?;
        let word = said(&mut tx, place).await?.unwrap_or_default();
        let planned = tx
            .rows(
                "SELECT o.id, o.title, o.starts_at, o.ends_at, w.name, w.email, w.lang, pl.name AS place FROM outing o
                 JOIN person w ON w.id = o.organiser_id JOIN place pl ON pl.id = o.place_id
                 WHERE o.place_id = $1 AND o.status = 'open' AND o.starts_at > $2 AND o.invitation_id IS NULL AND w.active
                 ORDER BY o.starts_at, o.id",
                vals![place, now],
            )
            .await?;
        for r in &planned {
            let suits =
                days_of(r.get("starts_at")?, r.get("ends_at")?, zone).is_none_or(|days| word.suits(days).is_ok());
            let outing: OutingId = r.get("id")?;
            let told = vals![id, outing];
            let known = tx
                .maybe("SELECT outing_id FROM community_told WHERE community_id = $1 AND outing_id = $2", told)
                .await?;
            if suits || known.is_some() {
                continue;
            }
            tx.run("INSERT INTO community_told (community_id, outing_id) VALUES ($1, $2)", vals![id, outing]).await?;
            let to = Reader { name: r.get("name")?, email: r.get("email")?, lang: r.get("lang")? };
            let unwelcome = Occasion::Unwelcome { outing: r.get("title")?, id: outing, place: r.get("place")? };
            mail::send(&mut tx, &*self.writer, to, &unwelcome, now).await?;
        }
        audit::record(&mut tx, who, Act::SayWelcome, &format!("community {id}"), now).await?;
        tx.commit().await
    }
}
