//! What somebody wishes for in a round: ranked outings, whatever serves a challenge, how many, which days not, which
//! access. Of everybody only their own; it can be changed until the last day for wishes.

use freerange_domain::{
    challenge::Status as Asked,
    id::{ChallengeId, OutingId, PersonId, RoundId},
    outing::Access,
    round::{MOST_SEATS, MOST_WISHES},
};
use jiff::{Timestamp, civil::Date};

use super::{instance::codes, json, load, load_to_change, oneself, rule, stretches, stretches_written, written};
use crate::{
    Actor, Result, Store, StoreError,
    db::{Ask, Tx, vals},
};

/// A wish.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which outing.
    pub outing: OutingId,
    /// In a few words.
    pub title: String,
    /// When it starts.
    pub starts_at: Timestamp,
    /// From 1.
    pub rank: i64,
}

/// What somebody needs and can.
#[derive(Debug, Clone, Default)]
pub struct Needs {
    /// How many outings, 1 to 3.
    pub wanted: i64,
    /// Days they cannot: from, to.
    pub away: Vec<(Date, Date)>,
    /// What they need to come along.
    pub access: Vec<Access>,
    /// Whatever serves these.
    pub serves: Vec<ChallengeId>,
}

/// Somebody's own wishes.
#[derive(Debug, Clone)]
pub struct MyWishes {
    /// By rank.
    pub wishes: Vec<Wish>,
    /// What they need; the usual when nothing was said.
    pub needs: Needs,
    /// Whether anything was stated.
    pub stated: bool,
    /// The languages they speak, as codes; nothing when that is not known.
    pub languages: Vec<String>,
}

/// Where a wish goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// Before the one above it.
    Up,
    /// Behind the one below it.
    Down,
    /// Away.
    Out,
}

async fn ranked(ask: &mut impl Ask, id: RoundId, me: PersonId) -> Result<Vec<OutingId>> {
    let sql = "SELECT outing_id FROM round_wish WHERE round_id = $1 AND person_id = $2 ORDER BY rank, outing_id";
    ask.rows(sql, vals![id, me]).await?.iter().map(|r| r.get("outing_id")).collect()
}

async fn rank(tx: &mut Tx, id: RoundId, me: PersonId, outings: &[OutingId], now: Timestamp) -> Result<()> {
    tx.run("DELETE FROM round_wish WHERE round_id = $1 AND person_id = $2", vals![id, me]).await?;
    for (rank, outing) in (1_i64..).zip(outings) {
        tx.run(
            "INSERT INTO round_wish (round_id, person_id, outing_id, rank) VALUES ($1, $2, $3, $4)",
            vals![id, me, *outing, rank],
        )
        .await?;
    }
    tx.run("UPDATE round_person SET updated_at = $3 WHERE round_id = $1 AND person_id = $2", vals![id, me, now])
        .await?;
    Ok(())
}

async fn be_in(tx: &mut Tx, id: RoundId, me: PersonId, now: Timestamp) -> Result<()> {
    tx.run(
        "INSERT INTO round_person (round_id, person_id, wanted, away, access, updated_at) VALUES ($1, $2, 1, '[]', '[]', $3)
         ON CONFLICT (round_id, person_id) DO NOTHING",
        vals![id, me, now],
    )
    .await?;
    Ok(())
}

impl Store {
    /// One's own wishes.
    pub async fn my_round_wishes(&self, who: &Actor, id: RoundId) -> Result<MyWishes> {
        let me = oneself(who)?;
        load(&mut &self.db, id).await?;
        let wishes = (&self.db)
            .rows(
                "SELECT x.outing_id, x.rank, o.title, o.starts_at FROM round_wish x JOIN outing o ON o.id = x.outing_id
                 WHERE x.round_id = $1 AND x.person_id = $2 ORDER BY x.rank",
                vals![id, me],
            )
            .await?
            .iter()
            .map(|r| {
                let (outing, title) = (r.get("outing_id")?, r.get("title")?);
                Ok(Wish { outing, title, starts_at: r.get("starts_at")?, rank: r.get("rank")? })
            })
            .collect::<Result<Vec<_>>>()?;
        let said = (&self.db)
            .maybe(
                "SELECT wanted, away, access FROM round_person WHERE round_id = $1 AND person_id = $2",
                vals![id, me],
            )
            .await?;
        let stated = said.is_some();
        let mut needs = Needs { wanted: 1, ..Needs::default() };
        if let Some(r) = said {
            needs.wanted = r.get("wanted")?;
            needs.away = stretches(&r.get::<String>("away")?)?;
            needs.access = json(&r.get::<String>("access")?)?;
            needs.serves = (&self.db)
                .rows("SELECT challenge_id FROM round_serves WHERE round_id = $1 AND person_id = $2", vals![id, me])
                .await?
                .iter()
                .map(|r| r.get("challenge_id"))
                .collect::<Result<_>>()?;
        }
        let speaks = (&self.db).one("SELECT languages FROM person WHERE id = $1", vals![me]).await?;
        Ok(MyWishes { wishes, needs, stated, languages: codes(&speaks.get::<String>("languages")?) })
    }

    /// Adds an outing as the last wish.
    pub async fn add_round_wish(
        &self,
        who: &Actor,
        id: RoundId,
        outing: OutingId,
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let me = oneself(who)?;
        let mut tx = self.db.begin().await?;
        let round = load_to_change_own(&mut tx, id, me).await?;
        round.stage.takes_wishes(round.season.wishes_until, today).map_err(rule("outing"))?;
        let there = "SELECT x.outing_id FROM round_outing x JOIN outing o ON o.id = x.outing_id
             WHERE x.round_id = $1 AND x.outing_id = $2 AND o.status = 'open'";
        tx.one(there, vals![id, outing]).await?;
        let mut wishes = ranked(&mut tx, id, me).await?;
        if wishes.contains(&outing) {
            return tx.commit().await;
        }
        wishes.push(outing);
        if i64::try_from(wishes.len()).unwrap_or(i64::MAX) > MOST_WISHES {
            return Err(StoreError::rule("outing", "most-wishes"));
        }
        be_in(&mut tx, id, me, now).await?;
        rank(&mut tx, id, me, &wishes, now).await?;
        tx.commit().await
    }

    /// Moves a wish, or takes it away.
    pub async fn move_round_wish(
        &self,
        who: &Actor,
        id: RoundId,
        outing: OutingId,
        to: Move,
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let me = oneself(who)?;
        let mut tx = self.db.begin().await?;
        let round = load_to_change_own(&mut tx, id, me).await?;
        round.stage.takes_wishes(round.season.wishes_until, today).map_err(rule("outing"))?;
        let mut wishes = ranked(&mut tx, id, me).await?;
        let at = wishes.iter().position(|w| *w == outing).ok_or(StoreError::NotFound)?;
        match to {
            Move::Up if at > 0 => wishes.swap(at, at - 1),
            Move::Down if at + 1 < wishes.len() => wishes.swap(at, at + 1),
            Move::Out => {
                wishes.remove(at);
            }
            Move::Up | Move::Down => {}
        }
        rank(&mut tx, id, me, &wishes, now).await?;
        tx.commit().await
    }

    /// Says how many, which days not, which access and which challenges.
    pub async fn say_round_needs(
        &self,
        who: &Actor,
        id: RoundId,
        needs: &Needs,
        today: Date,
        now: Timestamp,
    ) -> Result<()> {
        let me = oneself(who)?;
        let mut tx = self.db.begin().await?;
        let round = load_to_change_own(&mut tx, id, me).await?;
        round.stage.takes_wishes(round.season.wishes_until, today).map_err(rule("wanted"))?;
        be_in(&mut tx, id, me, now).await?;
        tx.run(
            "UPDATE round_person SET wanted = $3, away = $4, access = $5, updated_at = $6 WHERE round_id = $1 AND person_id = $2",
            vals![id, me, needs.wanted.clamp(1, MOST_SEATS), stretches_written(&needs.away)?, written(&needs.access)?, now],
        )
        .await?;
        tx.run("DELETE FROM round_serves WHERE round_id = $1 AND person_id = $2", vals![id, me]).await?;
        for challenge in &needs.serves {
            // Only what may be chosen: an open challenge that an outing of this round serves.
            let served = "SELECT c.id FROM challenge c WHERE c.id = $2 AND c.status = $3 AND EXISTS (SELECT 1 FROM round_outing x
                 JOIN outing o ON o.id = x.outing_id WHERE x.round_id = $1 AND o.challenge_id = c.id)";
            if tx.maybe(served, vals![id, *challenge, Asked::Open]).await?.is_none() {
                return Err(StoreError::rule("serves", "choose"));
            }
            tx.run(
                "INSERT INTO round_serves (round_id, person_id, challenge_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                vals![id, me, *challenge],
            )
            .await?;
        }
        tx.commit().await
    }

    /// Takes all of one's wishes back.
    pub async fn leave_round(&self, who: &Actor, id: RoundId, today: Date) -> Result<()> {
        let me = oneself(who)?;
        let mut tx = self.db.begin().await?;
        let round = load_to_change(&mut tx, id).await?;
        round.stage.takes_wishes(round.season.wishes_until, today).map_err(rule("form"))?;
        for sql in [
            "DELETE FROM round_wish WHERE round_id = $1 AND person_id = $2",
            "DELETE FROM round_serves WHERE round_id = $1 AND person_id = $2",
            "DELETE FROM round_person WHERE round_id = $1 AND person_id = $2",
        ] {
            tx.run(sql, vals![id, me]).await?;
        }
        tx.commit().await
    }
}

/// Loads a round while somebody changes their own wishes: two devices of one person take turns, others do not wait.
async fn load_to_change_own(tx: &mut Tx, id: RoundId, me: PersonId) -> Result<super::Round> {
    tx.hold("SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE", vals![me]).await?;
    load(tx, id).await
}
