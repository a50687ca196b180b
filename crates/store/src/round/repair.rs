//! After publishing: somebody gives a seat back. The smallest change keeps everybody else where they are: the first of the
//! reserves who still fits every limit moves up. Where a group falls below its minimum, that is said.

use freerange_domain::{
    id::{OutingId, PersonId, PlacementId, RoundId},
    outing::Party,
    placement::Stage as PlacementStage,
    round::Stage,
};
use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use super::{Instance, load, load_to_change};
use crate::{
    About, Act, Actor, Occasion, Result, Store, StoreError, audit,
    db::{Ask, Tx, vals},
    mail::{self, Reader},
    may, placement,
};

/// An outing from which a seat was given back.
#[derive(Debug, Clone)]
pub struct GivenBack {
    /// Which.
    pub outing: OutingId,
    /// In a few words.
    pub title: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// Seats given at publishing.
    pub planned: i64,
    /// Who goes now.
    pub going: i64,
    /// Smallest group.
    pub min_group: i64,
    /// The first of the reserves who fits every limit now.
    pub next: Option<String>,
}

/// What there is to repair in a published round.
#[derive(Debug, Clone)]
pub struct Repair {
    /// Outings with seats given back, the next first.
    pub outings: Vec<GivenBack>,
}

const GIVEN_BACK: &str = "SELECT g.outing_id, o.title, o.starts_at, x.min_group, g.planned,
        (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'closed')) AS going
     FROM (SELECT s.outing_id, COUNT(*) AS planned FROM round_seat s JOIN round_run n ON n.id = s.run_id
            WHERE n.round_id = $1 AND n.published GROUP BY s.outing_id) g
     JOIN outing o ON o.id = g.outing_id JOIN round_outing x ON x.outing_id = o.id
     WHERE o.status = 'open' AND o.starts_at > $2 AND g.planned >
        (SELECT COUNT(*) FROM placement p WHERE p.outing_id = o.id AND p.stage NOT IN ('wished', 'closed'))
     ORDER BY o.starts_at, o.id LIMIT 200";

/// Reserves of an outing, in order, with how many outings of the round they have already.
const RESERVES: &str = "SELECT s.run_id, s.person_id, w.name, (SELECT COUNT(*) FROM placement p JOIN round_outing x ON x.outing_id = p.outing_id
            WHERE p.person_id = s.person_id AND x.round_id = $1 AND p.stage NOT IN ('wished', 'closed')) AS has
     FROM round_reserve s JOIN round_run n ON n.id = s.run_id JOIN person w ON w.id = s.person_id
     WHERE n.round_id = $1 AND n.published AND s.outing_id = $2 AND s.moved_up_at IS NULL AND w.active ORDER BY s.place_no";

/// The first reserve of an outing who fits every limit as it is now: run, person, name.
async fn next_reserve(
    ask: &mut impl Ask,
    instance: &Instance,
    outing: OutingId,
) -> Result<Option<(Uuid, PersonId, String)>> {
    let Some(at) = instance.outings.iter().position(|o| o.id == outing) else { return Ok(None) };
    let going = &instance.outings[at];
    if going.max == 0 || instance.place_weeks[going.place_week].2 == 0 || instance.hosts[going.host].1 == 0 {
        return Ok(None);
    }
    for r in ask.rows(RESERVES, vals![instance.round.id, outing]).await? {
        let (person, has): (PersonId, i64) = (r.get("person_id")?, r.get("has")?);
        let fits = instance.edges.iter().any(|e| {
            e.outing == at && instance.people[e.person].id == person && instance.people[e.person].wanted > has
        });
        if fits {
            return Ok(Some((r.get("run_id")?, person, r.get("name")?)));
        }
    }
    Ok(None)
}

impl Store {
    /// What there is to repair.
    pub async fn round_repair(&self, who: &Actor, id: RoundId, zone: &TimeZone, now: Timestamp) -> Result<Repair> {
        may(who, Act::RunRound, &About::nothing())?;
        let mut view = self.db.snapshot().await?;
        let mut repair = Repair { outings: Vec::new() };
        if load(&mut view, id).await?.stage != Stage::Published {
            return Ok(repair);
        }
        let rows = view.rows(GIVEN_BACK, vals![id, now]).await?;
        if rows.is_empty() {
            return Ok(repair);
        }
        let instance = Instance::build(&mut view, id, zone, now).await?;
        for r in &rows {
            let outing: OutingId = r.get("outing_id")?;
            let next = next_reserve(&mut view, &instance, outing).await?;
            repair.outings.push(GivenBack {
                outing,
                title: r.get("title")?,
                starts_at: r.get("starts_at")?,
                planned: r.get("planned")?,
                going: r.get("going")?,
                min_group: r.get("min_group")?,
                next: next.map(|n| n.2),
            });
        }
        Ok(repair)
    }

    /// The first reserve who fits moves up: offered, with the manager's yes by number, and a letter.
    pub async fn move_up_reserve(
        &self,
        who: &Actor,
        id: RoundId,
        outing: OutingId,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<PlacementId> {
        may(who, Act::RunRound, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let round = load_to_change(&mut tx, id).await?;
        if round.stage != Stage::Published {
            return Err(StoreError::rule("form", "round-not-published"));
        }
        tx.hold("SELECT id FROM outing WHERE id = $1 FOR NO KEY UPDATE", vals![outing]).await?;
        let instance = Instance::build(&mut tx, id, zone, now).await?;
        let (run, person, _) =
            next_reserve(&mut tx, &instance, outing).await?.ok_or(StoreError::rule("form", "no-reserve-fits"))?;
        tx.run(
            "UPDATE round_reserve SET moved_up_at = $4 WHERE run_id = $1 AND outing_id = $2 AND person_id = $3",
            vals![run, outing, person, now],
        )
        .await?;
        let placement = self.seat_reserve(&mut tx, who, person, outing, now).await?;
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: placement {placement} moved up"), now).await?;
        tx.commit().await?;
        Ok(placement)
    }

    async fn seat_reserve(
        &self,
        tx: &mut Tx,
        who: &Actor,
        person: PersonId,
        outing: OutingId,
        now: Timestamp,
    ) -> Result<PlacementId> {
        let waiting = tx
            .maybe(
                "SELECT id FROM placement WHERE outing_id = $1 AND person_id = $2 AND stage = $3",
                vals![outing, person, PlacementStage::Wished],
            )
            .await?;
        let placement = if let Some(r) = waiting {
            r.get("id")?
        } else {
            let placement = PlacementId::new();
            tx.run(
                    "INSERT INTO placement (id, outing_id, person_id, stage, answers, done, checkin, created_at, updated_at)
                     VALUES ($1, $2, $3, $4, '{}', '[]', '', $5, $5)",
                    vals![placement, outing, person, PlacementStage::Wished, now],
                )
                .await?;
            placement
        };
        self.offer_under_cover(tx, who, placement, now).await?;
        let p = placement::load(tx, placement).await?;
        let to = Reader { name: p.person.clone(), email: p.person_email.clone(), lang: p.person_lang.clone() };
        let occasion = Occasion::RoundReserve { outing: p.outing.clone(), starts_at: p.starts_at, placement };
        mail::send(tx, &*self.writer, to, &occasion, now).await?;
        debug_assert!(p.kind.template().agrees.contains(&Party::Manager), "a manager's number stands for their yes");
        Ok(placement)
    }
}
