//! Safe out there: who is out and until when, who is asked when they are not back. Asked by the server, in letters that
//! are written in the transaction that says so, once however many servers run. Promises that nobody but the person sees
//! anything before it is overdue, that links open nothing once it is settled, and that nothing stays: no history, no
//! entry in the audit log, not in a backup (`backup/table.rs` says why), and the sweep deletes it a day after it ended.

mod asking;

use freerange_domain::{
    id::{OutId, PersonId, PlacementId},
    safety::{DueProblem, GoingOut, Stage, check_due},
    text::Area,
};
use jiff::Timestamp;

use crate::{
    About, Act, Actor, Result, Store, StoreError,
    db::{Ask, Row, Tx, vals},
};

/// What somebody says who goes out.
#[derive(Debug, Clone)]
pub struct GoOut {
    /// Made where it is said, so that it is kept once however often it arrives.
    pub id: OutId,
    /// On which placement of theirs.
    pub placement: PlacementId,
    /// The planned area, in words.
    pub area: Area,
    /// With whom, in words.
    pub with: Option<Area>,
    /// The colleague who is asked first.
    pub buddy: PersonId,
    /// When they are back.
    pub due: Timestamp,
    /// When they said it, by the corrected clock of where they said it; now, on a page.
    pub said_at: Timestamp,
}

/// What became of a word that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// It is on the disk.
    Kept,
    /// It was there already, or says nothing new.
    Known,
    /// It is about a going out that has not arrived. Nothing was kept; it is sent again.
    Waits,
}

/// Where one's own going out stands.
#[derive(Debug, Clone)]
pub struct MyOut {
    /// Which.
    pub id: OutId,
    /// The planned area.
    pub area: String,
    /// With whom.
    pub with: Option<String>,
    /// Who is asked first.
    pub buddy: String,
    /// When they are back.
    pub due: Timestamp,
    /// Where it stands.
    pub stage: Stage,
}

/// What whoever was asked sees of somebody who is overdue.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Which.
    pub id: OutId,
    /// Who.
    pub person: String,
    /// The planned area.
    pub area: String,
    /// With whom.
    pub with: Option<String>,
    /// Since when they are overdue.
    pub due: Timestamp,
    /// Who was asked first.
    pub buddy: String,
    /// Where it stands.
    pub stage: Stage,
}

/// What whoever was asked answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// They have heard from them.
    Yes,
    /// They have not; the duty manager is to know at once.
    PassOn,
}

/// Why whoever was asked need not look any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relief {
    /// They are back.
    Back,
    /// They said that they will be later.
    Later(Timestamp),
    /// Somebody who was asked has heard from them.
    Heard,
}

struct Record {
    id: OutId,
    person: PersonId,
    name: String,
    area: String,
    with: Option<String>,
    buddy: PersonId,
    buddy_name: String,
    out: GoingOut,
}

const READ: &str = "SELECT g.*, p.name AS person, b.name AS buddy FROM going_out g
     JOIN person p ON p.id = g.person_id JOIN person b ON b.id = g.buddy_id WHERE g.id = $1";

fn record(r: &Row) -> Result<Record> {
    Ok(Record {
        id: r.get("id")?,
        person: r.get("person_id")?,
        name: r.get("person")?,
        area: r.get("area")?,
        with: r.get("with_whom")?,
        buddy: r.get("buddy_id")?,
        buddy_name: r.get("buddy")?,
        out: GoingOut { stage: r.get("stage")?, due: r.get("due_at")?, asks_at: r.get("asks_at")? },
    })
}

async fn find(ask: &mut impl Ask, id: OutId) -> Result<Option<Record>> {
    ask.maybe(READ, vals![id]).await?.as_ref().map(record).transpose()
}

/// Reads one to change it; whoever wants to change it meanwhile waits.
async fn find_to_change(tx: &mut Tx, id: OutId) -> Result<Option<Record>> {
    tx.hold("SELECT id FROM going_out WHERE id = $1 FOR NO KEY UPDATE", vals![id]).await?;
    find(tx, id).await
}

async fn save(tx: &mut Tx, r: &Record, now: Timestamp) -> Result<()> {
    let ended = r.out.stage.is_over().then_some(now);
    tx.run(
        "UPDATE going_out SET stage = $2, due_at = $3, asks_at = $4, ended_at = $5 WHERE id = $1",
        vals![r.id, r.out.stage, r.out.due, r.out.asks_at, ended],
    )
    .await?;
    Ok(())
}

fn about(r: &Record) -> About {
    About { person: Some(r.person), buddy: Some(r.buddy), out: Some(r.id), ..About::default() }
}

/// Whose own it is. Somebody else's is not there.
fn own(who: &Actor) -> Result<PersonId> {
    who.person().ok_or(StoreError::Refused(Act::GoOut))
}

async fn colleague_is_here(tx: &mut Tx, id: PersonId) -> Result<bool> {
    Ok(tx.maybe("SELECT id FROM person WHERE id = $1 AND active", vals![id]).await?.is_some())
}

impl Store {
    /// Somebody goes out, in a transaction of the caller. Idempotent by its id.
    pub(crate) async fn go_out_in(&self, tx: &mut Tx, me: PersonId, go: &GoOut, now: Timestamp) -> Result<Arrived> {
        if let Some(known) = find(tx, go.id).await? {
            return if known.person == me { Ok(Arrived::Known) } else { Err(StoreError::NotFound) };
        }
        // No clock is believed that is ahead of the server's.
        check_due(go.due, go.said_at.min(now)).map_err(|p| StoreError::rule("due_time", p.as_str()))?;
        if go.buddy == me {
            return Err(StoreError::rule("buddy", "buddy-oneself"));
        }
        if !colleague_is_here(tx, go.buddy).await? {
            return Err(StoreError::rule("buddy", "buddy-gone"));
        }
        let mine = "SELECT id FROM placement WHERE id = $1 AND person_id = $2";
        tx.maybe(mine, vals![go.placement, me]).await?.ok_or(StoreError::NotFound)?;
        let out = GoingOut::heard_of(go.due, now);
        let kept = tx
            .run(
                "INSERT INTO going_out (id, person_id, placement_id, area, with_whom, buddy_id, due_at, stage, asks_at, ended_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
                vals![
                    go.id,
                    me,
                    go.placement,
                    go.area.as_str(),
                    go.with.as_ref().map(Area::as_str),
                    go.buddy,
                    out.due,
                    out.stage,
                    out.asks_at,
                    out.stage.is_over().then_some(now)
                ],
            )
            .await?;
        Ok(if kept == 1 { Arrived::Kept } else { Arrived::Known })
    }

    /// Somebody will be later, in a transaction of the caller.
    pub(crate) async fn later_in(
        &self,
        tx: &mut Tx,
        me: PersonId,
        out: OutId,
        due: Timestamp,
        now: Timestamp,
    ) -> Result<Arrived> {
        let Some(mut r) = find_to_change(tx, out).await? else { return Ok(Arrived::Waits) };
        may_be_mine(&r, me)?;
        // A time that is past when it arrives was not when it was said; one that is far off never is a time to wait for.
        if let Err(problem @ DueProblem::TooFar) = check_due(due, now) {
            return Err(StoreError::rule("due_time", problem.as_str()));
        }
        let were_asked = r.out.stage.is_overdue();
        if !r.out.later(due, now) {
            return Ok(Arrived::Known);
        }
        save(tx, &r, now).await?;
        if were_asked && !r.out.stage.is_overdue() {
            self.relieve(tx, &r, Relief::Later(due), now).await?;
        }
        Ok(Arrived::Kept)
    }

    /// Somebody is back, in a transaction of the caller.
    pub(crate) async fn back_in(&self, tx: &mut Tx, me: PersonId, out: OutId, now: Timestamp) -> Result<Arrived> {
        let Some(mut r) = find_to_change(tx, out).await? else { return Ok(Arrived::Waits) };
        may_be_mine(&r, me)?;
        if !r.out.back() {
            return Ok(Arrived::Known);
        }
        save(tx, &r, now).await?;
        self.relieve(tx, &r, Relief::Back, now).await?;
        Ok(Arrived::Kept)
    }

    /// Somebody goes out.
    pub async fn go_out(&self, who: &Actor, go: &GoOut, now: Timestamp) -> Result<Arrived> {
        let mut tx = self.db.begin().await?;
        let arrived = self.go_out_in(&mut tx, own(who)?, go, now).await?;
        tx.commit().await?;
        Ok(arrived)
    }

    /// Somebody will be later than they said.
    pub async fn out_later(&self, who: &Actor, out: OutId, due: Timestamp, now: Timestamp) -> Result<()> {
        check_due(due, now).map_err(|p| StoreError::rule("due_time", p.as_str()))?;
        let mut tx = self.db.begin().await?;
        let arrived = self.later_in(&mut tx, own(who)?, out, due, now).await?;
        tx.commit().await?;
        match arrived {
            Arrived::Kept => Ok(()),
            Arrived::Known => Err(StoreError::rule("due_time", "due-not-later")),
            Arrived::Waits => Err(StoreError::NotFound),
        }
    }

    /// Somebody is back. Saying it twice is saying it once.
    pub async fn out_back(&self, who: &Actor, out: OutId, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        let arrived = self.back_in(&mut tx, own(who)?, out, now).await?;
        tx.commit().await?;
        if arrived == Arrived::Waits { Err(StoreError::NotFound) } else { Ok(()) }
    }

    /// Where one's own stand that are not over.
    pub async fn my_outs(&self, who: &Actor) -> Result<Vec<MyOut>> {
        let rows = (&self.db)
            .rows(
                "SELECT g.id, g.area, g.with_whom, b.name AS buddy, g.due_at, g.stage FROM going_out g
                 JOIN person b ON b.id = g.buddy_id
                 WHERE g.person_id = $1 AND g.ended_at IS NULL ORDER BY g.due_at, g.id",
                vals![own(who)?],
            )
            .await?;
        let read = |r: &Row| {
            Ok(MyOut {
                id: r.get("id")?,
                area: r.get("area")?,
                with: r.get("with_whom")?,
                buddy: r.get("buddy")?,
                due: r.get("due_at")?,
                stage: r.get("stage")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Whom one can name as buddy on the page: the own team, whom one reports to and who reports to one, and who goes on
    /// the same outings.
    pub async fn buddies(&self, who: &Actor) -> Result<Vec<(PersonId, String)>> {
        let rows = (&self.db)
            .rows(
                "SELECT DISTINCT b.id, b.name FROM person me JOIN person b ON b.id <> me.id AND b.active
                    AND (b.team_id = me.team_id OR b.id = me.manager_id OR b.manager_id = me.id OR EXISTS (
                        SELECT 1 FROM placement mine JOIN placement other ON other.outing_id = mine.outing_id
                        WHERE mine.person_id = me.id AND other.person_id = b.id
                            AND mine.stage IN ('agreed', 'preparing', 'out') AND other.stage IN ('agreed', 'preparing', 'out')))
                 WHERE me.id = $1 ORDER BY b.name, b.id LIMIT 300",
                vals![own(who)?],
            )
            .await?;
        rows.iter().map(|r| Ok((r.get("id")?, r.get("name")?))).collect()
    }
}

fn may_be_mine(r: &Record, me: PersonId) -> Result<()> {
    if r.person == me { Ok(()) } else { Err(StoreError::NotFound) }
}
