//! Runs of the matcher: asked for by the programme lead, taken by one server at a time under a lease, told about while they
//! go, stopped with the best so far, and kept with their proof. A run whose server died is taken up again with the same
//! seed and effort, so that the answer is the same.

use freerange_domain::{
    id::{OutingId, PersonId, RoundId, RunId},
    round::{Because, Edit, Effort, RunStage, Week},
};
use jiff::{Timestamp, ToSpan as _};
use uuid::Uuid;

use super::{
    Figures, Shown,
    bulk::{self, bulk, hex},
    figures::gap,
    json, load, publish, scarce, to_run, written,
};
use crate::{
    About, Act, Actor, Result, Store, StoreError, audit,
    db::{Ask, Row, vals},
    may,
};

/// Seconds that a server holds a run without a sign of life.
const LEASE: i64 = 15;
/// Runs of one round that are listed.
const MOST: i64 = 50;

/// A run.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which.
    pub id: RunId,
    /// From 1, within its round.
    pub number: i64,
    /// How long it looks.
    pub effort: Effort,
    /// Where it stands.
    pub stage: RunStage,
    /// When it was asked for.
    pub asked_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What it is doing, as a word of the language files.
    pub phase: String,
    /// How far that is, in tenths of a per cent.
    pub permille: i64,
    /// By how much at most another plan could be better, in hundredths of a per cent; so far, while it goes on.
    pub gap: Option<i64>,
    /// Whether it is to stop with the best so far.
    pub stopping: bool,
    /// Whether the proof was checked and holds.
    pub verified: bool,
    /// Why it could not be done, as a word of the language files.
    pub problem: Option<String>,
    /// In figures, once it is done: what may be told of them.
    pub figures: Option<Shown>,
    /// Whether this is what everybody was told.
    pub published: bool,
    /// Whether something was said since it was asked for: a hint to match again. Looked at for a single run only.
    pub is_old: bool,
    /// How many decisions by hand it was made with. Whether each could be kept would tell a wish, and is not told.
    pub edits: i64,
}

/// A run that a server took.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which.
    pub id: RunId,
    /// Of which round.
    pub round: RoundId,
    /// How long to look.
    pub effort: Effort,
    /// Seed of the search.
    pub seed: u64,
    /// When it was asked for: the instance is that of this moment, as far as waiting goes.
    pub asked_at: Timestamp,
}

/// A sign of life.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// What it is doing.
    pub phase: String,
    /// How far that is.
    pub permille: i64,
    /// Points so far.
    pub objective: Option<i64>,
    /// The bound so far.
    pub bound: Option<i64>,
}

/// What a server hears back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Go on.
    GoOn,
    /// Stop with the best so far.
    Stop,
    /// It is somebody else's by now.
    Lost,
}

/// Somebody who would fit when a seat is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserve {
    /// Where.
    pub outing: OutingId,
    /// Who.
    pub person: PersonId,
    /// From 1.
    pub place_no: i64,
}

/// Why somebody got what they got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// Who.
    pub person: PersonId,
    /// Which kind.
    pub kind: Because,
    /// Of which wish.
    pub rank: Option<i64>,
    /// The outing it is about.
    pub outing: Option<OutingId>,
    /// The week it is about.
    pub week: Option<Week>,
    /// But for this they could have gone there, everybody else staying where they are.
    pub alone: bool,
}

/// What a run found.
#[derive(Debug, Clone, Default)]
pub struct Finished {
    /// Whether the proof was checked and holds.
    pub verified: bool,
    /// In figures.
    pub figures: Figures,
    /// Person, outing, rank (0 for what only serves a challenge).
    pub seats: Vec<(PersonId, OutingId, i64)>,
    /// Why, for everybody who wished.
    pub reasons: Vec<Why>,
    /// Who would move up.
    pub reserves: Vec<Reserve>,
    /// What was decided by hand, and whether it could be kept.
    pub edits: Vec<(PersonId, OutingId, Edit, bool)>,
    /// Instance, solution and certificate in one archive.
    pub proof: Vec<u8>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, effort, stage, asked_at, ended_at, phase, done_permille, objective, bound, stop, verified, problem,
                figures, published,
                (SELECT COUNT(*) FROM round_run_edit e WHERE e.run_id = round_run.id) AS edits FROM round_run ",
            $rest
        )
    };
}

fn read(r: &Row) -> Result<Run> {
    let stage: RunStage = r.get("stage")?;
    let edits: i64 = r.get("edits")?;
    let figures: Option<Figures> =
        if stage == RunStage::Done { Some(json(&r.get::<String>("figures")?)?) } else { None };
    let reached: Option<(i64, i64)> = r.get::<Option<i64>>("objective")?.zip(r.get("bound")?);
    Ok(Run {
        id: r.get("id")?,
        number: r.get("number")?,
        effort: r.get("effort")?,
        stage,
        asked_at: r.get("asked_at")?,
        ended_at: r.get("ended_at")?,
        phase: r.get("phase")?,
        permille: r.get("done_permille")?,
        // Which decisions by hand a run has is known when it is done.
        gap: reached.map(|(objective, bound)| gap(objective, bound, figures.is_some() && edits == 0)),
        stopping: r.get("stop")?,
        verified: r.get("verified")?,
        problem: r.get("problem")?,
        figures: figures.map(|f| f.shown(edits > 0)),
        published: r.get("published")?,
        is_old: false,
        edits,
    })
}

impl Store {
    /// "Match now." A server takes it within seconds.
    pub async fn ask_round_run(&self, who: &Actor, id: RoundId, effort: Effort, now: Timestamp) -> Result<i64> {
        let mut tx = self.db.begin().await?;
        to_run(&mut tx, who, id).await?;
        let me = who.person().ok_or(StoreError::Refused(Act::RunRound))?;
        let waiting = tx
            .count("SELECT COUNT(*) FROM round_run WHERE round_id = $1 AND stage IN ('queued', 'running')", vals![id])
            .await?;
        if waiting > 0 {
            return Err(StoreError::rule("effort", "run-under-way"));
        }
        let wishes = tx
            .count(
                "SELECT COUNT(*) FROM (SELECT 1 FROM round_person WHERE round_id = $1 LIMIT 1) AS first_one",
                vals![id],
            )
            .await?;
        if wishes == 0 {
            return Err(StoreError::rule("effort", "no-wishes-yet"));
        }
        let number =
            tx.count("SELECT COALESCE(MAX(number), 0) + 1 FROM round_run WHERE round_id = $1", vals![id]).await?;
        tx.run(
            "INSERT INTO round_run (id, round_id, number, effort, seed, stage, asked_by, asked_at, stop, phase, done_permille,
                verified, figures, published) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, FALSE, 'queued', 0, FALSE, '{}', FALSE)",
            vals![RunId::new(), id, number, effort, number, RunStage::Queued, me, now],
        )
        .await?;
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: run {number}"), now).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The runs of a round, newest first.
    pub async fn round_runs(&self, who: &Actor, id: RoundId) -> Result<Vec<Run>> {
        may(who, Act::SeeRoundProof, &About::nothing())?;
        load(&mut &self.db, id).await?;
        let rows =
            (&self.db).rows(select!("WHERE round_id = $1 ORDER BY number DESC LIMIT $2"), vals![id, MOST]).await?;
        rows.iter().map(read).collect()
    }

    /// One run.
    pub async fn round_run(&self, who: &Actor, id: RoundId, number: i64) -> Result<Run> {
        may(who, Act::SeeRoundProof, &About::nothing())?;
        let mut run = read(&(&self.db).one(select!("WHERE round_id = $1 AND number = $2"), vals![id, number]).await?)?;
        if run.stage == RunStage::Done && !run.published {
            run.is_old = publish::is_old(&mut &self.db, id, run.asked_at).await?;
        }
        if let Some(figures) = &mut run.figures {
            scarce::name(&mut &self.db, &mut figures.scarce).await?;
        }
        Ok(run)
    }

    /// Instance, solution and certificate of a run, in one archive without names.
    pub async fn round_proof(&self, who: &Actor, id: RoundId, number: i64) -> Result<Vec<u8>> {
        may(who, Act::TakeRoundProof, &About::nothing())?;
        let sql = "SELECT f.bytes FROM round_proof f JOIN round_run n ON n.id = f.run_id WHERE n.round_id = $1 AND n.number = $2";
        (&self.db).one(sql, vals![id, number]).await?.get("bytes")
    }

    /// Stops a run with the best so far.
    pub async fn stop_round_run(&self, who: &Actor, id: RoundId, number: i64, now: Timestamp) -> Result<()> {
        may(who, Act::RunRound, &About::nothing())?;
        let mut tx = self.db.begin().await?;
        let sql =
            "UPDATE round_run SET stop = TRUE WHERE round_id = $1 AND number = $2 AND stage IN ('queued', 'running')";
        if tx.run(sql, vals![id, number]).await? == 0 {
            return Err(StoreError::rule("form", "run-ended"));
        }
        audit::record(&mut tx, who, Act::RunRound, &format!("round {id}: run {number} stopped"), now).await?;
        tx.commit().await
    }

    /// Takes a run that waits, or whose server has shown no sign of life. Of several servers one gets it. For jobs.
    pub async fn claim_round_run(&self, worker: Uuid, now: Timestamp) -> Result<Option<Job>> {
        let waiting = "SELECT id, round_id, effort, seed, asked_at FROM round_run WHERE stage = 'queued' OR (stage = 'running' AND lease_until < $1)
             ORDER BY asked_at, id LIMIT 1";
        let Some(r) = (&self.db).maybe(waiting, vals![now]).await? else { return Ok(None) };
        let job = Job {
            id: r.get("id")?,
            round: r.get("round_id")?,
            effort: r.get("effort")?,
            seed: u64::try_from(r.get::<i64>("seed")?).unwrap_or(1),
            asked_at: r.get("asked_at")?,
        };
        let mut tx = self.db.begin().await?;
        let taken = tx
            .run(
                "UPDATE round_run SET stage = 'running', worker = $2, lease_until = $3
                 WHERE id = $1 AND (stage = 'queued' OR (stage = 'running' AND lease_until < $4))",
                vals![job.id, worker, leased(now), now],
            )
            .await?;
        tx.commit().await?;
        Ok((taken == 1).then_some(job))
    }

    /// A sign of life of a run, and what its server hears back. For jobs.
    pub async fn hear_round_run(&self, id: RunId, worker: Uuid, said: &Said, now: Timestamp) -> Result<Heard> {
        let mut tx = self.db.begin().await?;
        let held = tx
            .run(
                "UPDATE round_run SET lease_until = $3, phase = $4, done_permille = $5, objective = $6, bound = $7
                 WHERE id = $1 AND worker = $2 AND stage = 'running'",
                vals![id, worker, leased(now), &said.phase, said.permille, said.objective, said.bound],
            )
            .await?;
        if held == 0 {
            return Ok(Heard::Lost);
        }
        let stop: bool = tx.one("SELECT stop FROM round_run WHERE id = $1", vals![id]).await?.get("stop")?;
        tx.commit().await?;
        Ok(if stop { Heard::Stop } else { Heard::GoOn })
    }

    /// Keeps what a run found, all of it or nothing; nothing when it is somebody else's by now. For jobs.
    pub async fn finish_round_run(&self, id: RunId, worker: Uuid, found: &Finished, now: Timestamp) -> Result<bool> {
        let mut tx = self.db.begin().await?;
        let f = &found.figures;
        let held = tx
            .run(
                "UPDATE round_run SET stage = 'done', ended_at = $3, lease_until = NULL, phase = 'done', done_permille = 1000,
                    objective = $4, bound = $5, verified = $6, figures = $7 WHERE id = $1 AND worker = $2 AND stage = 'running'",
                vals![id, worker, now, f.objective, f.bound, found.verified, written(f)?],
            )
            .await?;
        if held == 0 {
            return Ok(false);
        }
        let run = hex(id.0);
        let seats: Vec<_> = found.seats.iter().map(|(p, o, rank)| (&run, hex(p.0), hex(o.0), rank)).collect();
        let into = bulk!("round_seat (run_id, person_id, outing_id, rank)", id 0, id 1, id 2, int 3);
        bulk::write(&mut tx, self.engine(), into, &seats).await?;
        let reasons: Vec<_> = found
            .reasons
            .iter()
            .map(|w| {
                let (outing, week) = (w.outing.map(|o| hex(o.0)), w.week.map(|w| w.to_string()));
                (&run, hex(w.person.0), w.kind.as_str(), w.rank, outing, week, w.alone)
            })
            .collect();
        let into = bulk!("round_reason (run_id, person_id, kind, rank, outing_id, week, alone)", id 0, id 1, text 2, int 3, id 4, text 5, flag 6);
        bulk::write(&mut tx, self.engine(), into, &reasons).await?;
        let reserves: Vec<_> =
            found.reserves.iter().map(|r| (&run, hex(r.outing.0), hex(r.person.0), r.place_no)).collect();
        let into = bulk!("round_reserve (run_id, outing_id, person_id, place_no)", id 0, id 1, id 2, int 3);
        bulk::write(&mut tx, self.engine(), into, &reserves).await?;
        let edits: Vec<_> =
            found.edits.iter().map(|(p, o, e, kept)| (&run, hex(p.0), hex(o.0), e.as_str(), *kept)).collect();
        let into = bulk!("round_run_edit (run_id, person_id, outing_id, what, kept)", id 0, id 1, id 2, text 3, flag 4);
        bulk::write(&mut tx, self.engine(), into, &edits).await?;
        tx.run("INSERT INTO round_proof (run_id, bytes) VALUES ($1, $2)", vals![id, found.proof.clone()]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// A run could not be done. For jobs.
    pub async fn fail_round_run(&self, id: RunId, worker: Uuid, problem: &str, now: Timestamp) -> Result<()> {
        let mut tx = self.db.begin().await?;
        tx.run(
            "UPDATE round_run SET stage = 'failed', ended_at = $3, lease_until = NULL, phase = 'failed', problem = $4
             WHERE id = $1 AND worker = $2 AND stage = 'running'",
            vals![id, worker, now, problem],
        )
        .await?;
        tx.commit().await
    }
}

fn leased(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE.seconds()).unwrap_or(Timestamp::MAX)
}
