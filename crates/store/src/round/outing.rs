//! Which outings are in a round, with the group below which each does not run. May use outings; promises that an outing is
//! in one round at most and takes its wishes there while that is open.

use freerange_domain::{
    id::{ChallengeId, OutingId, PersonId, RoundId},
    outing::Kind,
    placement::Stage as PlacementStage,
    round::{MOST_WISHES, suits_a_round},
    time,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Round, load, rule, to_run};
use crate::{
    About, Act, Actor, Page, Result, Store, StoreError, audit,
    db::{Ask as _, Row, Tx, vals},
    may,
    people::like,
};

/// An outing of a round.
#[derive(Debug, Clone)]
pub struct InRound {
    /// Which.
    pub id: OutingId,
    /// Kind.
    pub kind: Kind,
    /// In a few words.
    pub title: String,
    /// Neighbourhood.
    pub place: Option<String>,
    /// From.
    pub starts_at: Timestamp,
    /// Seats that are free.
    pub left: i64,
    /// Below so many it does not run.
    pub min_group: i64,
    /// Language spoken there.
    pub language: String,
}

/// An outing that could be in a round.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Which.
    pub id: OutingId,
    /// In a few words.
    pub title: String,
    /// From.
    pub starts_at: Timestamp,
    /// How many can go.
    pub seats: i64,
}

const IN_ROUND: &str = "SELECT o.id, o.kind, o.title, pl.name AS place, o.starts_at, o.seats, o.language, x.min_group,
        (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'closed')) AS taken
     FROM round_outing x JOIN outing o ON o.id = x.outing_id LEFT JOIN place pl ON pl.id = o.place_id
     WHERE x.round_id = $1 AND o.status = 'open' AND ($2 IS NULL OR o.challenge_id = $2)
       AND ($3 = '' OR lower(o.title) LIKE $3 ESCAPE '\\' OR lower(o.description) LIKE $3 ESCAPE '\\' OR lower(pl.name) LIKE $3 ESCAPE '\\')
     ORDER BY o.starts_at, o.id LIMIT $4 OFFSET $5";

const CANDIDATES: &str = "SELECT o.id, o.title, o.starts_at, o.ends_at, o.kind, o.seats FROM outing o
     WHERE o.status = 'open' AND o.starts_at >= $1 AND o.starts_at < $2 AND o.starts_at > $3
       AND o.kind NOT IN ('free-range-day', 'secondment', 'exchange-ring') AND ($4 IS NULL OR o.challenge_id = $4)
       AND NOT EXISTS (SELECT 1 FROM round_outing x WHERE x.outing_id = o.id) ORDER BY o.starts_at, o.id LIMIT 2000";

fn in_round(r: &Row) -> Result<InRound> {
    Ok(InRound {
        id: r.get("id")?,
        kind: r.get("kind")?,
        title: r.get("title")?,
        place: r.get("place")?,
        starts_at: r.get("starts_at")?,
        left: (r.get::<i64>("seats")? - r.get::<i64>("taken")?).max(0),
        min_group: r.get("min_group")?,
        language: r.get("language")?,
    })
}

/// The first and the last moment of a season.
fn span(round: &Round, zone: &TimeZone) -> Result<(Timestamp, Timestamp)> {
    let start = |day: jiff::civil::Date| day.to_zoned_datetime(zone.clone()).map(|z| z.timestamp());
    let after = round.season.ends_on.tomorrow().and_then(start).map_err(super::corrupt)?;
    Ok((start(round.season.starts_on).map_err(super::corrupt)?, after))
}

impl Store {
    /// The outings of a round, by date.
    pub async fn round_outings(
        &self,
        who: &Actor,
        id: RoundId,
        text: &str,
        challenge: Option<ChallengeId>,
        page: i64,
    ) -> Result<Page<InRound>> {
        may(who, Act::SeeRounds, &About::nothing())?;
        let (limit, offset) = Page::<InRound>::window(page);
        let text = text.trim().to_lowercase();
        let pattern = if text.is_empty() { text } else { like(&text) };
        let rows = (&self.db).rows(IN_ROUND, vals![id, challenge, pattern, limit, offset]).await?;
        Ok(Page::cut(rows.iter().map(in_round).collect::<Result<_>>()?, page))
    }

    /// The outings of a round by name, to choose from.
    pub async fn round_outing_names(&self, who: &Actor, id: RoundId) -> Result<Vec<(OutingId, String)>> {
        may(who, Act::RunRound, &About::nothing())?;
        let sql = "SELECT o.id, o.title FROM round_outing x JOIN outing o ON o.id = x.outing_id
             WHERE x.round_id = $1 AND o.status = 'open' ORDER BY o.title, o.id LIMIT 2000";
        (&self.db).rows(sql, vals![id]).await?.iter().map(|r| Ok((r.get("id")?, r.get("title")?))).collect()
    }

    /// Outings of the season that are in no round yet and could be in this one.
    pub async fn round_candidates(
        &self,
        who: &Actor,
        id: RoundId,
        challenge: Option<ChallengeId>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<Vec<Candidate>> {
        may(who, Act::RunRound, &About::nothing())?;
        let round = load(&mut &self.db, id).await?;
        let (from, until) = span(&round, zone)?;
        let mut found = Vec::new();
        for r in (&self.db).rows(CANDIDATES, vals![from, until, now, challenge]).await? {
            let (starts_at, ends_at): (Timestamp, Timestamp) = (r.get("starts_at")?, r.get("ends_at")?);
            if suits_a_round(r.get("kind")?, time::day_of(starts_at, zone), time::day_of(ends_at, zone)).is_ok() {
                found.push(Candidate { id: r.get("id")?, title: r.get("title")?, starts_at, seats: r.get("seats")? });
            }
        }
        Ok(found)
    }

    /// Puts outings into a round, each with the same smallest group. Who waits for a seat there already has that as a wish.
    pub async fn put_in_round(
        &self,
        who: &Actor,
        id: RoundId,
        outings: &[OutingId],
        min_group: i64,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let round = to_run(&mut tx, who, id).await?;
        let (from, until) = span(&round, zone)?;
        for outing in outings {
            tx.hold("SELECT id FROM outing WHERE id = $1 FOR NO KEY UPDATE", vals![*outing]).await?;
            let o = tx
                .one(
                    "SELECT kind, starts_at, ends_at, seats, status,
                        EXISTS (SELECT 1 FROM round_outing x WHERE x.outing_id = outing.id) AS taken FROM outing WHERE id = $1",
                    vals![*outing],
                )
                .await?;
            let (starts, ends): (Timestamp, Timestamp) = (o.get("starts_at")?, o.get("ends_at")?);
            suits_a_round(o.get("kind")?, time::day_of(starts, zone), time::day_of(ends, zone))
                .map_err(rule("outing"))?;
            let open = o.get::<String>("status")? == "open";
            if o.get::<bool>("taken")? || !open || starts < from || starts >= until || starts <= now {
                return Err(StoreError::rule("outing", "round-unsuited"));
            }
            let least = min_group.clamp(1, o.get::<i64>("seats")?.max(1));
            tx.run(
                "INSERT INTO round_outing (round_id, outing_id, min_group) VALUES ($1, $2, $3)",
                vals![id, *outing, least],
            )
            .await?;
            carry_over(&mut tx, id, *outing, now).await?;
        }
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: {} outings put in", outings.len()), now)
            .await?;
        tx.commit().await
    }

    /// Sets the group below which an outing does not run.
    pub async fn set_min_group(&self, who: &Actor, id: RoundId, outing: OutingId, min_group: i64) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        let seats: i64 = tx.one("SELECT seats FROM outing WHERE id = $1", vals![outing]).await?.get("seats")?;
        if min_group > seats {
            return Err(StoreError::rule("min_group", "min-above-seats"));
        }
        let set = "UPDATE round_outing SET min_group = $3 WHERE round_id = $1 AND outing_id = $2";
        if tx.run(set, vals![id, outing, min_group]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        tx.commit().await
    }

    /// Takes an outing out again, with the wishes for it.
    pub async fn take_out_of_round(&self, who: &Actor, id: RoundId, outing: OutingId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        for sql in [
            "DELETE FROM round_wish WHERE round_id = $1 AND outing_id = $2",
            "DELETE FROM round_edit WHERE round_id = $1 AND outing_id = $2",
            "DELETE FROM round_outing WHERE round_id = $1 AND outing_id = $2",
        ] {
            tx.run(sql, vals![id, outing]).await?;
        }
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: outing {outing} taken out"), now).await?;
        tx.commit().await
    }
}

/// Those who wait for a seat on an outing keep their wish, in the round.
async fn carry_over(tx: &mut Tx, id: RoundId, outing: OutingId, now: Timestamp) -> Result<()> {
    let sql = "SELECT person_id FROM placement WHERE outing_id = $1 AND stage = $2 ORDER BY created_at";
    for r in tx.rows(sql, vals![outing, PlacementStage::Wished]).await? {
        let person: PersonId = r.get("person_id")?;
        tx.run(
            "INSERT INTO round_person (round_id, person_id, wanted, away, access, updated_at) VALUES ($1, $2, 1, '[]', '[]', $3)
             ON CONFLICT (round_id, person_id) DO NOTHING",
            vals![id, person, now],
        )
        .await?;
        let rank = tx
            .count(
                "SELECT COALESCE(MAX(rank), 0) + 1 FROM round_wish WHERE round_id = $1 AND person_id = $2",
                vals![id, person],
            )
            .await?;
        if rank <= MOST_WISHES {
            tx.run(
                "INSERT INTO round_wish (round_id, person_id, outing_id, rank) VALUES ($1, $2, $3, $4)",
                vals![id, person, outing, rank],
            )
            .await?;
        }
    }
    Ok(())
}
