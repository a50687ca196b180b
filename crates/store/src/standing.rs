//! A manager's yes in advance: so many half-days a month on the ground, without approval of each trip.

use freerange_domain::{
    id::{OutingId, PersonId, PlaceId, PlacementId},
    outing::{Guests, Kind, Party, Photos, Publicity, Span},
    text::{Line, Prose},
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask as _, Tx, vals},
    may,
    outing::Offer,
    placement::Answers,
};

/// A standing yes and how much of this month's is used.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// Whose.
    pub person_id: PersonId,
    /// Their name.
    pub person: String,
    /// Half-days a month; none without a standing yes.
    pub half_days: Option<i64>,
    /// Until when it holds.
    pub until: Option<Date>,
    /// Used this month.
    pub used: i64,
}

/// A free-range day to be.
#[derive(Debug, Clone)]
pub struct Walk {
    /// The plan, in one line.
    pub plan: Line,
    /// Which neighbourhood.
    pub place: Option<PlaceId>,
    /// From when to when.
    pub span: Span,
    /// Time to think.
    pub reflection: Timestamp,
    /// Return talk.
    pub talk: Timestamp,
    /// The language of the writer.
    pub language: String,
}

/// The half-days that a stretch of time counts for: one for every five hours begun.
fn half_days(span: Span) -> i64 {
    ((span.ends().as_second() - span.starts().as_second()) + 5 * 3_600 - 1) / (5 * 3_600)
}

fn month(at: Timestamp, zone: &TimeZone) -> Result<(Timestamp, Timestamp)> {
    let bad = |e: jiff::Error| StoreError::Corrupt(e.to_string());
    let first = at.to_zoned_datetime(zone.clone()).date().first_of_month();
    let next = first.last_of_month().tomorrow().map_err(bad)?;
    let start = |d: Date| Ok::<_, StoreError>(d.to_zoned_datetime(zone.clone()).map_err(bad)?.timestamp());
    Ok((start(first)?, start(next)?))
}

const USED: &str = "SELECT o.starts_at, o.ends_at FROM placement p JOIN outing o ON o.id = p.outing_id
     WHERE p.person_id = $1 AND o.kind = 'free-range-day' AND o.starts_at >= $2 AND o.starts_at < $3
       AND (p.ending IS NULL OR (p.ending NOT LIKE 'cancelled%' AND p.ending <> 'not-placed'))";

async fn used(ask: &mut impl crate::db::Ask, person: PersonId, at: Timestamp, zone: &TimeZone) -> Result<i64> {
    let (from, until) = month(at, zone)?;
    let mut sum = 0;
    for row in ask.rows(USED, vals![person, from, until]).await? {
        let seconds = row.get::<Timestamp>("ends_at")?.as_second() - row.get::<Timestamp>("starts_at")?.as_second();
        sum += (seconds + 5 * 3_600 - 1) / (5 * 3_600);
    }
    Ok(sum)
}

/// Whether a standing yes holds on that day. It holds until its last day has ended everywhere on earth, so that no
/// city's evening is cut off by the clock of Greenwich.
pub(crate) async fn counts(tx: &mut Tx, person: PersonId, at: Timestamp) -> Result<bool> {
    let day = at.checked_sub(12.hours()).unwrap_or(at).to_zoned_datetime(TimeZone::UTC).date();
    let row = tx.maybe("SELECT until FROM standing_yes WHERE person_id = $1", vals![person]).await?;
    Ok(row.map(|r| r.get::<Date>("until")).transpose()?.is_some_and(|until| until >= day))
}

impl Store {
    /// The manager gives a standing yes, or takes it back with zero half-days.
    pub async fn give_standing_yes(
        &self,
        who: &Actor,
        person: PersonId,
        half_days: i64,
        until: Date,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let row = tx.one("SELECT manager_id FROM person WHERE id = $1 AND active", vals![person]).await?;
        let manager: Option<PersonId> = row.get("manager_id")?;
        let about = About { manager, person: Some(person), ..About::default() };
        may(who, Act::GiveStandingYes, &about)?;
        grant(&mut tx, who, person, manager, half_days, until, now).await?;
        tx.commit().await
    }

    /// The same by the link in a letter about one of the person's placements.
    pub async fn give_standing_yes_by_link(
        &self,
        who: &Actor,
        id: PlacementId,
        half_days: i64,
        until: Date,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let p = crate::placement::load(&mut tx, id).await?;
        may(who, Act::GiveStandingYes, &About { placement: Some(id), manager: p.manager_id, ..About::default() })?;
        if !matches!(who, Actor::Link { party: Party::Manager, .. } | Actor::Staff(_)) {
            return Err(StoreError::Refused(Act::GiveStandingYes));
        }
        grant(&mut tx, who, p.person_id, p.manager_id, half_days, until, now).await?;
        tx.commit().await
    }

    /// The allowances of one's team.
    pub async fn team_allowances(&self, who: &Actor, now: Timestamp, zone: &TimeZone) -> Result<Vec<Allowance>> {
        let me = who.person().ok_or(StoreError::Refused(Act::SeeStandingYes))?;
        may(who, Act::SeeStandingYes, &About { manager: Some(me), ..About::default() })?;
        let rows = (&self.db)
            .rows(
                "SELECT p.id, p.name, s.half_days_a_month, s.until FROM person p LEFT JOIN standing_yes s ON s.person_id = p.id
                 WHERE p.manager_id = $1 AND p.active ORDER BY p.name, p.id LIMIT 200",
                vals![me],
            )
            .await?;
        let mut team = Vec::with_capacity(rows.len());
        for r in rows {
            let person_id: PersonId = r.get("id")?;
            team.push(Allowance {
                person_id,
                person: r.get("name")?,
                half_days: r.get("half_days_a_month")?,
                until: r.get("until")?,
                used: used(&mut &self.db, person_id, now, zone).await?,
            });
        }
        Ok(team)
    }

    /// One's own allowance.
    pub async fn my_allowance(&self, who: &Actor, now: Timestamp, zone: &TimeZone) -> Result<Allowance> {
        let me = who.staff().ok_or(StoreError::Refused(Act::SeeStandingYes))?;
        may(who, Act::SeeStandingYes, &About::person(me.id))?;
        let row = (&self.db)
            .maybe("SELECT half_days_a_month, until FROM standing_yes WHERE person_id = $1", vals![me.id])
            .await?;
        Ok(Allowance {
            person_id: me.id,
            person: me.name.clone(),
            half_days: row.as_ref().map(|r| r.get("half_days_a_month")).transpose()?,
            until: row.as_ref().map(|r| r.get("until")).transpose()?,
            used: used(&mut &self.db, me.id, now, zone).await?,
        })
    }

    /// Plans a free-range day under one's standing yes. It is agreed at once; there is no approval of the trip.
    pub async fn plan_walk(
        &self,
        who: &Actor,
        walk: &Walk,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<(OutingId, PlacementId)> {
        may(who, Act::Wish, &About::nothing())?;
        let me = who.person().ok_or(StoreError::Refused(Act::Wish))?;
        let mut tx = self.db.begin().await?;
        // Two walks planned at the same moment must not use the same half-day.
        tx.hold("SELECT person_id FROM standing_yes WHERE person_id = $1 FOR NO KEY UPDATE", vals![me]).await?;
        let day = walk.span.starts().to_zoned_datetime(zone.clone()).date();
        let row = tx.maybe("SELECT half_days_a_month, until FROM standing_yes WHERE person_id = $1", vals![me]).await?;
        let Some(row) = row.filter(|r| r.get::<Date>("until").is_ok_and(|until| until >= day)) else {
            return Err(StoreError::rule("form", "no-standing-yes"));
        };
        if used(&mut tx, me, walk.span.starts(), zone).await? + half_days(walk.span)
            > row.get::<i64>("half_days_a_month")?
        {
            return Err(StoreError::rule("form", "allowance-used"));
        }
        crate::community::must_suit(&mut tx, walk.place, (walk.span.starts(), walk.span.ends()), zone).await?;
        let plan = Prose::parse(walk.plan.as_str()).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let offer = Offer {
            kind: Kind::FreeRangeDay,
            title: walk.plan.clone(),
            description: plan,
            challenge: None,
            invitation: None,
            place: walk.place,
            meeting_point: String::new(),
            host_name: String::new(),
            host_wants: String::new(),
            host_gets: String::new(),
            safety_plan: String::new(),
            access_notes: String::new(),
            access: Vec::new(),
            language: walk.language.clone(),
            span: walk.span,
            seats: 1,
            photos: Photos::Ask,
            notes_allowed: true,
            publicity: Publicity::None,
            guests: Guests::Anyone,
            parties: Vec::new(),
        };
        let outing = crate::outing::insert_outing(&mut tx, me, &offer, now).await?;
        let answers = Answers::from([("theme".to_owned(), walk.plan.as_str().to_owned())]);
        let dates = Some((walk.reflection, walk.talk));
        let placement = self.wish_in(&mut tx, who, me, outing, &answers, dates, now).await?;
        tx.commit().await?;
        Ok((outing, placement))
    }
}

async fn grant(
    tx: &mut Tx,
    who: &Actor,
    person: PersonId,
    manager: Option<PersonId>,
    half_days: i64,
    until: Date,
    now: Timestamp,
) -> Result<()> {
    if half_days <= 0 {
        tx.run("DELETE FROM standing_yes WHERE person_id = $1", vals![person]).await?;
    } else {
        let by = who.person().or(manager).ok_or(StoreError::Refused(Act::GiveStandingYes))?;
        tx.run(
            "INSERT INTO standing_yes (person_id, half_days_a_month, granted_by, granted_at, until) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (person_id) DO UPDATE SET half_days_a_month = excluded.half_days_a_month, granted_by = excluded.granted_by,
                granted_at = excluded.granted_at, until = excluded.until",
            vals![person, half_days, by, now, until],
        )
        .await?;
    }
    audit::record(tx, who, Act::GiveStandingYes, &format!("person {person}"), now).await
}
